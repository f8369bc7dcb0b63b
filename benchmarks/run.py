"""Print what requests and rules cost, on SQLite and on PostgreSQL, beside the floors: ``make bench``."""

import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import harness, keys, messages, rules, serving
from benchmarks.serving import Counts, Row
from tools.embedded_postgres import cluster, new_database

_HEADS = ("CPU us", "(from-to)", "database", "ratio", "per second", "p50 ms")


def main() -> None:
    """Measure everything and print one table for each database and one for the rules."""
    with tempfile.TemporaryDirectory(prefix="mpex-bench-") as folder, cluster() as postgres:
        urls = {"SQLite": f"sqlite:///{folder}/SQLite/node.db", "PostgreSQL": new_database(postgres, "bench")}
        for name, url in urls.items():
            (Path(folder) / name).mkdir()
            print_serving(name, serving.measure(Path(folder) / name, url, Counts()))
    print_rules()


def print_serving(title: str, rows: list[Row]) -> None:
    """Print medians over the rounds; the ratio is to the nearest bare row above."""
    print(f"{title:34}" + "".join(f"{head:>14}" for head in _HEADS))
    for row in rows:
        extent = f"{min(row.cpu):.0f}-{max(row.cpu):.0f}"
        cpu, database, ratio = (statistics.median(part) for part in (row.cpu, row.database, row.ratio))
        rate, took = statistics.median(row.rate), statistics.median(row.milliseconds)
        print(
            f"{row.series.name:34}{cpu:14.0f}{extent:>14}{database:14.0f}{ratio:14.2f}{rate:14.0f}{took:14.1f}"
        )
    print()


def print_rules(rounds: int = 9, seconds: float = 0.05) -> None:
    """Print the median and the best of what one call of each rule costs, a signed message, and a key."""
    print(f"{'CPU us for one call':34}{'median':>10}{'best':>10}")
    with tempfile.TemporaryDirectory(prefix="mpex-bench-") as folder:
        for case in (*rules.cases(), *messages.cases(), *keys.cases(Path(folder))):
            found = harness.measure(case, rounds=rounds, seconds=seconds)
            print(f"{case.name:34}{found.median:10.1f}{found.best:10.1f}")


if __name__ == "__main__":
    main()
