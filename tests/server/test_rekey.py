"""A new key-encryption key takes the place of the old one, batch by batch, while the node goes on."""

import json
import stat
from pathlib import Path

import pytest
from mpex_server.cli import app
from mpex_server.disclosures.work import OwnWork
from mpex_server.keys import FileKeys
from mpex_server.keys.files import add_key
from mpex_server.kit import aead
from mpex_server.settings import Settings
from mpex_server.setup import folder
from mpex_server.storage import wrapping
from mpex_server.storage.engine import snapshot, transaction
from mpex_server.upkeep.check import findings
from typer.testing import CliRunner

from tests.server.records import samples
from tests.server.world import World

PERSONS = "/v1/persons"


def test_record_keys_are_wrapped_anew_while_the_node_serves(world: World, settings: Settings) -> None:
    made = [samples.made(world, "registrar", PERSONS, samples.person())["recordId"] for _ in range(5)]
    name = add_key(settings.key_dir, "kek")
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
    add_key(settings.key_dir, "kek")
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
    assert "0 record keys" in _run("rekey", "--dir", home, "--new-key", "--dry-run")
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


def _run(*arguments: str | Path) -> str:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return result.output
