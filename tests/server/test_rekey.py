"""New keys and secrets take the place of old ones, batch by batch, while the node goes on."""

import json
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from mpex_server.audit import journal
from mpex_server.cli import app
from mpex_server.disclosures.work import OwnWork
from mpex_server.keys import FileKeys, place_of
from mpex_server.kit import aead
from mpex_server.recalls import outbox
from mpex_server.records import candidate_index
from mpex_server.searches.candidates import scored
from mpex_server.settings import Settings
from mpex_server.setup import folder
from mpex_server.storage import wrapping
from mpex_server.storage.engine import snapshot, transaction
from mpex_server.tasks import repository as tasks
from mpex_server.upkeep import backup, resealing
from mpex_server.upkeep.check import findings
from typer.testing import CliRunner

from tests.server.records import samples
from tests.server.world import World

PERSONS = "/v1/persons"


def test_record_keys_are_wrapped_anew_while_the_node_serves(world: World, settings: Settings) -> None:
    made = [samples.made(world, "registrar", PERSONS, samples.person())["recordId"] for _ in range(5)]
    name = place_of(settings).add("kek")
    keys, engine = FileKeys(settings.key_dir), world.node.engine
    assert (name, keys.current()) == ("kek-0002", "kek-0002")
    with transaction(engine) as conn:
        assert wrapping.rewrap(conn, keys, 3) == 3
    # What was interrupted goes on, and the running node opens what it did not wrap itself.
    with snapshot(engine) as conn:
        assert wrapping.counts(conn) == {"kek-0001": 2, "kek-0002": 3}
    assert {world.call("registrar", "GET", f"{PERSONS}/{person}").status_code for person in made} == {200}
    late = samples.made(world, "registrar", PERSONS, samples.person())["recordId"]
    with transaction(engine) as conn:
        assert [wrapping.rewrap(conn, keys, 500) for _ in range(2)] == [3, 0]
    world.sequence()
    (settings.key_dir / "kek-0001.key").unlink()
    with snapshot(engine) as conn:
        work = OwnWork(conn, FileKeys(settings.key_dir), world.clock, settings)
        assert [*findings(work)] == []
        assert work.documents.get(late) is not None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_batch_with_a_key_that_does_not_open_changes_nothing(world: World, settings: Settings) -> None:
    samples.made(world, "registrar", PERSONS, samples.person())
    place_of(settings).add("kek")
    (settings.key_dir / "kek-0001.key").write_bytes(aead.new_key())
    with pytest.raises(aead.SealError), transaction(world.node.engine) as conn:
        wrapping.rewrap(conn, FileKeys(settings.key_dir), 500)
    with snapshot(world.node.engine) as conn:
        assert wrapping.counts(conn) == {"kek-0001": 1}


def test_the_command_counts_first_and_then_wraps(tmp_path: Path) -> None:
    home = tmp_path / "node"
    folder.create(
        home, environment="sandbox", public_url="http://node.example", name="Node", purposes=("searchLiving",)
    )
    would = _run("rekey", "--dir", home, "--new-key", "--dry-run")
    assert "kek-0002 would be added" in would
    assert "0 record keys" in would
    assert [path.name for path in (home / "keys").glob("kek-*")] == ["kek-0001.key"]
    assert "Added kek-0002" in _run("rekey", "--dir", home, "--new-key")


def test_a_new_key_stands_in_the_entry_for_partners_beside_the_old_one(tmp_path: Path) -> None:
    home = tmp_path / "node"
    folder.create(
        home, environment="sandbox", public_url="http://node.example", name="Node", purposes=("searchLiving",)
    )
    before = json.loads(_run("partners", "entry", "--dir", home))["jwks"]["keys"]
    assert "Added signing-0002" in _run("new-key", "--dir", home, "signing")
    assert "Added encryption-0002" in _run("new-key", "--dir", home, "encryption")
    after = json.loads(_run("partners", "entry", "--dir", home))["jwks"]["keys"]
    assert [key["use"] for key in after] == ["sig", "sig", "enc", "enc"]
    assert [after[0], after[-1]] == before
    assert FileKeys(home / "keys").signing_kid() == after[1]["kid"]
    assert stat.S_IMODE((home / "keys/signing-0002.jwk").stat().st_mode) == 0o600


def test_records_are_found_while_the_index_changes_its_secret_and_without_the_old_one(
    world: World, settings: Settings
) -> None:
    made = [samples.made(world, "registrar", PERSONS, samples.person())["recordId"] for _ in range(3)]
    changed = world.call("registrar", "GET", f"{PERSONS}/{made[0]}")
    world.call("registrar", "PUT", f"{PERSONS}/{made[0]}", changed.json(), match=changed.headers["etag"])
    unit = samples.made(world, "registrar", "/v1/remains", samples.remains_unit())["recordId"]
    seen = _candidates(world)
    assert seen >= {*made}
    assert place_of(settings).add("index") == "index-0002"
    # The running node looks under both, and stores under the new one.
    assert _candidates(world) == seen
    made.append(samples.made(world, "registrar", PERSONS, samples.person())["recordId"])
    with _work(world) as work:
        assert candidate_index.counts(work) == {1: 4, 2: 1}
        assert candidate_index.renew(work, 2) == 2
    assert _candidates(world) == seen | {made[-1]}
    with _work(world) as work:
        # What was interrupted is no damage, and goes on.
        assert [*findings(work)] == []
        assert [candidate_index.renew(work, 500) for _ in range(2)] == [2, 0]
        assert candidate_index.counts(work) == {2: 5}
    (settings.key_dir / "index-0001.secret").unlink()
    assert _candidates(world) == seen | {made[-1]}
    world.sequence()
    with _work(world) as work:
        assert [*findings(work)] == []
        assert work.documents.get(unit) is not None


def test_what_waits_and_what_is_kept_opens_while_the_audit_secret_changes(
    world: World, settings: Settings, tmp_path: Path
) -> None:
    record = samples.made(world, "registrar", PERSONS, samples.person())["recordId"]
    with _work(world) as work:
        task = tasks.add(work, kind="probedRecord", subject=record)
        news = {"partner": "node:x", "event_type": "news", "subject": record, "purpose": "searchLiving"}
        event = outbox.enqueue(work, event={}, **news)
        backup.write(work, tmp_path / "node.backup")
        journal.append(tmp_path / "journal", work.keys, [journal.entry(0, b"{}")])
    assert place_of(settings).add("audit") == "audit-0002"
    with _work(world) as work:
        later = tasks.add(work, kind="probedRecord", subject=record)
        journal.append(tmp_path / "journal", FileKeys(settings.key_dir), [journal.entry(1, b"{}")])
        for name in (task, later):
            assert tasks.find(work.conn, work.keys, name) is not None
        assert [line and line["log"] for line in journal.read(tmp_path / "journal", work.keys)] == [0, 1]
        assert next(backup.lines(tmp_path / "node.backup", work.keys))["mpexBackup"] == backup.FORMAT
        assert resealing.reseal(work, 500) == 1
        assert resealing.reseal(work, 500) == 1
        assert resealing.reseal(work, 500) == 0
    world.sequence()
    with _work(world) as work:
        assert [*findings(work)] == []
    # Only the log, the journal and backups still need the old secret.
    (settings.key_dir / "audit-0001.secret").unlink()
    with _work(world) as work:
        assert tasks.find(work.conn, work.keys, task) is not None
        assert outbox.find(work.conn, work.keys, event) is not None
        assert [line and line["log"] for line in journal.read(tmp_path / "journal", work.keys)] == [None, 1]
        with pytest.raises(backup.BackupError):
            next(backup.lines(tmp_path / "node.backup", work.keys))


@pytest.mark.parametrize("kind", ["index", "audit"])
def test_a_new_secret_is_added_by_command_and_rekey_brings_everything_under_it(
    tmp_path: Path, kind: str
) -> None:
    home = tmp_path / "node"
    folder.create(
        home, environment="sandbox", public_url="http://node.example", name="Node", purposes=("searchLiving",)
    )
    said = _run("new-key", "--dir", home, kind)
    assert f"Added {kind}-0002" in said
    assert "mpex-server rekey" in said
    assert stat.S_IMODE((home / f"keys/{kind}-0002.secret").stat().st_mode) == 0o600
    assert "0 records were indexed anew, 0 tasks and events sealed anew" in _run("rekey", "--dir", home)
    assert "No damage found." in _run("check", "--dir", home)


def _candidates(world: World) -> set[str]:
    """Return the records that a search finds among all, by what a person is called and looks like."""
    person = samples.person()["contributions"][0]["sections"]
    with _work(world) as work:
        return {*scored(work, {name: person[name] for name in person.keys() & {"names", "summary", "birth"}})}


@contextmanager
def _work(world: World) -> Iterator[OwnWork]:
    """Yield a unit of work of a process that has just begun."""
    node = world.node
    with transaction(node.engine) as conn:
        yield OwnWork(conn, FileKeys(node.settings.key_dir), node.clock, node.settings)


def _run(*arguments: str | Path) -> str:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return result.output
