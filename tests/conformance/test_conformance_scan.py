"""An ordinary scanner against the reference server: it finds nothing, and it finds what is broken."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from mpex_conformance import cli, scanning
from mpex_conformance.config import Config
from mpex_conformance.mutants.bench import Bench
from mpex_conformance.mutants.catalogue import entries, in_place
from mpex_conformance.scanning import Scanned
from mpex_server.disclosures.work import OwnWork
from mpex_server.release_requests import requests, service
from mpex_server.storage.documents import Document
from typer.testing import CliRunner

from tests.databases import Databases
from tests.server.world import create_schema
from tools import forked

_FEW = "^/v1/release-requests"


def test_one_command_scans_a_node(reference: Bench, tmp_path: Path) -> None:
    arguments = ["scan", "--profile", str(reference.profile), "--paths", _FEW, "--results", str(tmp_path)]
    done = CliRunner().invoke(cli.app, arguments)
    assert done.exit_code == cli.CONFORMANT, done.output
    counted = re.search(r"^(\d+) requests made up, all answers sound$", done.output, re.MULTILINE)
    assert counted
    assert int(counted[1]) > 100


@pytest.mark.deep
def test_a_door_that_is_open_and_a_request_that_all_may_read_are_found(
    reference: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (door,) = (entry for entry in entries() if entry.id == "openDoor")
    with in_place(door, reference.switch):
        scanned, said = _scanned(reference, tmp_path / "door", "^/v1/persons$")
    assert not scanned.sound
    assert "API accepts requests without authentication" in said
    monkeypatch.setattr(service, "own", _anybodys)
    scanned, said = _scanned(reference, tmp_path / "own", _FEW)
    assert not scanned.sound
    assert "another partner is answered with 200 and not refused" in said


@pytest.fixture(params=["sqlite", "postgresql"])
def bench(request: pytest.FixtureRequest, tmp_path: Path, databases: Databases) -> Iterator[Bench]:
    """A sound node on each kind of database."""
    url = databases.fresh(request.param, create_schema)
    made = Bench(tmp_path / "node", url)
    yield made
    made.close()
    databases.drop(url)


@pytest.mark.deep
def test_ten_thousand_requests_find_nothing_and_leave_the_node_sound(bench: Bench, tmp_path: Path) -> None:
    scanned, said = _scanned(bench, tmp_path / "scan")
    assert scanned.sound, said[-20_000:]
    assert scanned.cases >= 10_000
    assert b"No damage found." in forked.run("check", "--dir", str(bench.profile.parent))


def _scanned(bench: Bench, folder: Path, paths: str = "") -> tuple[Scanned, str]:
    said: list[str] = []
    lab = bench.lab(Config())
    folder.mkdir()
    try:
        return scanning.scan(lab, folder, said.append, paths=paths), "\n".join(said)
    finally:
        lab.wire.close()


def _anybodys(work: OwnWork, request_id: str, _partner: str) -> Document:
    found = requests.find(work.documents, request_id)
    assert found
    return found
