"""Run every house linter over the repository: ``python -m tools.lint``; exit 1 when a rule is broken."""

import sys
from pathlib import Path

from tools.lint import arrows, house, itself, licences, locks

LINTERS = (arrows, house, itself, licences, locks)


def main(root: Path) -> int:
    """Print every finding of every linter below ``root`` and return the exit code."""
    findings = sorted(finding for linter in LINTERS for finding in linter.check(root))
    for finding in findings:
        print(finding)
    print(f"house rules: {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parents[2]))
