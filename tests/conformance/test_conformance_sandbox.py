"""The suite against the reference server: it passes on both databases, and a broken one does not."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from mpex_conformance.mutants.bench import Bench
from mpex_conformance.mutants.catalogue import Entry, StaleMutantError, entries, in_place
from mpex_conformance.mutants.gates import self_test
from mpex_conformance.outcomes import Outcome
from mpex_conformance.registry import all_checks

# One of each kind and chapter; `make test-deep` adds the others.
FEW = (
    "lenientJson",
    "proofsReplayed",
    "recipientIgnored",
    "refusalsTold",
    "approvedByNobody",
    "embargoLifted",
)


@pytest.fixture
def bench(tmp_path: Path, database_url: str) -> Iterator[Bench]:
    made = Bench(tmp_path / "node", database_url)
    yield made
    made.close()


def test_the_reference_server_passes_everything_and_broken_ones_do_not(bench: Bench) -> None:
    results = bench.run(all_checks())
    assert {item.check.id: item.message for item in results if item.outcome is not Outcome.PASS} == {}
    survivors = [entry.id for entry in entries() if entry.id in FEW and not bench.kills(entry)]
    assert survivors == []
    healed = bench.run(check for check in all_checks() if check.id in ("wire-001", "srch-004", "rel-001"))
    assert {item.outcome for item in healed} == {Outcome.PASS}


def test_a_mutant_that_fits_no_more_is_an_error(tmp_path: Path) -> None:
    made = Bench(tmp_path / "node")
    gone = Entry("gone", "WIRE-001", "None.", None, ({"target": "mpex_server.app:nothing", "value": 1},))
    try:
        with pytest.raises(StaleMutantError), in_place(gone, made.switch):
            pytest.fail("the context was entered")
        broken = Entry(
            "broken", "WIRE-007", "None.", None, ({"target": "mpex_server.kit.etag:strong", "value": None},)
        )
        with pytest.raises(StaleMutantError, match="crashes"):
            made.kills(broken)
    finally:
        made.close()


@pytest.mark.deep
def test_every_gate_of_the_self_test_is_passed() -> None:
    report = self_test()
    assert report.passed, report
    assert len(report.kills) >= 80
