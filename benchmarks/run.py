"""Print the CPU time of what must be quick; exit 1 when something breaks its bound: ``make bench``."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.harness import measure
from benchmarks.rules import cases


def main() -> int:
    """Measure every case, print one line for each and return the exit code."""
    measures = [measure(case) for case in cases()]
    print(f"{'microseconds of CPU for one call':34}{'median':>10}{'best':>10}{'bound':>10}")
    for found in measures:
        mark = "" if found.within else "  TOO SLOW"
        print(f"{found.case.name:34}{found.median:10.1f}{found.best:10.1f}{found.case.bound:10.0f}{mark}")
    return 0 if all(found.within for found in measures) else 1


if __name__ == "__main__":
    sys.exit(main())
