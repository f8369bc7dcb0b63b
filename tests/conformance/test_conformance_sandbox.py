"""The suite against the reference server: it passes on both databases, and a broken one does not."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path

import pytest
from mpex_conformance.mutants.bench import Bench
from mpex_conformance.mutants.catalogue import Entry, StaleMutantError, entries, in_place
from mpex_conformance.outcomes import Outcome
from mpex_conformance.registry import all_checks

from tests.databases import Databases
from tests.server.world import create_schema

# One of each kind and chapter; `make test-deep` adds the others.
FEW = (
    "lenientJson",
    "proofsReplayed",
    "recipientIgnored",
    "refusalsTold",
    "approvedByNobody",
    "embargoLifted",
)


# A check waits more than it computes: nodes share the checks. The self-test runs all of them on one node.
NODES = 3


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.deep)])
def benches(request: pytest.FixtureRequest, tmp_path: Path, databases: Databases) -> Iterator[list[Bench]]:
    """Sound nodes of one kind of database."""
    urls = [databases.fresh(request.param, create_schema) for _ in range(NODES)]
    made = [Bench(tmp_path / str(number), url) for number, url in enumerate(urls)]
    yield made
    for bench, url in zip(made, urls, strict=True):
        bench.close()
        databases.drop(url)


def test_the_reference_server_passes_everything_and_broken_ones_do_not(benches: list[Bench]) -> None:
    shares = [all_checks()[start::NODES] for start in range(NODES)]
    with ThreadPoolExecutor(NODES) as pool:
        results = list(chain.from_iterable(pool.map(Bench.run, benches, shares)))
    assert len(results) == len(all_checks())
    assert {item.check.id: item.message for item in results if item.outcome is not Outcome.PASS} == {}
    bench = benches[0]
    survivors = [entry.id for entry in entries() if entry.id in FEW and not bench.kills(entry)]
    assert survivors == []
    healed = bench.run(check for check in all_checks() if check.id in ("wire-001", "srch-004", "rel-001"))
    assert {item.outcome for item in healed} == {Outcome.PASS}


def test_every_mutant_stands_for_something_that_is_there(tmp_path: Path) -> None:
    made = Bench(tmp_path / "node")
    try:
        for entry in entries():
            with in_place(entry, made.switch):
                pass
    finally:
        made.close()


def test_a_mutant_that_fits_no_more_is_an_error(tmp_path: Path) -> None:
    made = Bench(tmp_path / "node")
    try:
        for target in ("mpex_server.app:nothing", "mpex_server.keys.files:FileKeys.public_jwks"):
            gone = Entry("gone", "WIRE-001", "None.", None, ({"target": target, "value": 1},))
            with pytest.raises(StaleMutantError), in_place(gone, made.switch):
                pytest.fail("the context was entered")
        broken = Entry(
            "broken", "WIRE-007", "None.", None, ({"target": "mpex_server.kit.etag:strong", "value": None},)
        )
        with pytest.raises(StaleMutantError, match="crashes"):
            made.kills(broken)
    finally:
        made.close()
