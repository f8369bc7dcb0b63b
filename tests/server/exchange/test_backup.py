"""A backup comes back on either database, and what was erased or withdrawn since does not."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from mpex_server.audit import repository as log
from mpex_server.audit import sequencer
from mpex_server.cli import app
from mpex_server.disclosures.work import OwnWork
from mpex_server.domain.checkpoint import open_checkpoint
from mpex_server.domain.merkle import verify_consistency
from mpex_server.keys import FileKeys
from mpex_server.kit.clock import instant
from mpex_server.oauth import clients
from mpex_server.recalls import recalls
from mpex_server.setup import folder
from mpex_server.storage import tables as t
from mpex_server.storage.engine import make_engine, snapshot, transaction
from mpex_server.upkeep import backup
from mpex_server.upkeep.check import findings
from mpex_server.upkeep.restore import Restored, restore
from sqlalchemy import Engine, inspect, select
from typer.testing import CliRunner

from tests.server.exchange.town import Town, made, node_id, permit, record, released
from tests.server.records import samples
from tests.server.world import World, create_schema


@dataclass
class Kept:
    """A backup, the journal, and what happened to the node meanwhile."""

    world: World
    file: Path
    journal: Path
    erased: str
    withdrawn: str
    last_seen: str
    ended: list[str]

    def work(self, engine: Engine, conn: Any) -> OwnWork:
        node = self.world.node
        settings = node.settings.model_copy(
            update={"database_url": engine.url.render_as_string(hide_password=False)}
        )
        return OwnWork(conn, node.keys, self.world.clock, settings)

    def restore(self, engine: Engine, *, journal: bool = True) -> Restored:
        with transaction(engine) as conn:
            return restore(self.work(engine, conn), self.file, self.journal if journal else None)


@pytest.fixture
def kept(
    tmp_path: Path, database_url: str, databases: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Kept]:
    """A node that had released a record, was backed up, and then erased it and took a withdrawal."""
    town, other, journal = Town(), databases.fresh("sqlite", create_schema), tmp_path / "journal"
    town.add("alpha", other, tmp_path)
    town.add("beta", database_url, tmp_path, recipient_class="forensic", journal_file=journal)
    town.introduce(beta={"recipientClass": "forensic"})
    released(town)
    beta = town.nodes["beta"]
    monkeypatch.setattr(backup, "_PIECE", 4096)
    (person,) = (item["recordId"] for item in beta.call("registrar", "GET", "/v1/persons").json()["items"])
    withdrawn = permit(beta, sets=["identity"])
    record(beta, withdrawn)
    beta.sequence()
    beta.call("registrar", "GET", f"/v1/persons/{person}")
    with snapshot(beta.node.engine) as conn:
        backup.write(OwnWork(conn, beta.node.keys, beta.clock, beta.node.settings), tmp_path / "backup")
    officer = beta.identities["releaseOfficer"].client_id
    at, alpha = instant(town.clock.now()), node_id(town, "alpha")
    made(beta.call("registrar", "POST", f"/v1/directives/{withdrawn}/withdrawals", {}))
    samples.made(beta, "registrar", "/v1/persons", samples.person())
    samples.erase(beta, person)
    with transaction(beta.node.engine) as conn:
        assert clients.suspend_partner(conn, alpha, at=at)
        assert clients.end_staff(conn, officer, at=at)
    beta.sequence()
    last_seen = beta.call("auditor", "GET", "/v1/log/checkpoint").text
    beta.sequence()
    yield Kept(beta, tmp_path / "backup", journal, person, withdrawn, last_seen, sorted((alpha, officer)))
    town.close()
    databases.drop(other)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, kept: Kept, databases: Any) -> Iterator[Engine]:
    """A database without rows, of the kind that was backed up or of the other; PostgreSQL has tables."""
    url = databases.fresh(request.param, None if request.param == "sqlite" else create_schema)
    engine = make_engine(url, kept.world.node.settings.node_id)
    yield engine
    engine.dispose()
    databases.drop(url)


def test_a_restored_node_is_sound_and_erases_again(kept: Kept, empty: Engine) -> None:
    restored = kept.restore(empty)
    assert (restored.erased, restored.restricted) == ([kept.erased], [kept.withdrawn])
    assert restored.lost["consentChange"] == 1
    assert restored.lost["write"] == 1
    with transaction(empty) as conn:
        work = kept.work(empty, conn)
        _carry_on(work)
        assert [check.name for check, _ in findings(work)] == []
        _is_the_log_that_was_seen(work, kept.last_seen)
        (recall,) = work.documents.listing(recalls.KIND, limit=9, type="erasure")
        assert recall.body["record"] == kept.erased
        document = work.documents.get(kept.withdrawn)
        assert document is not None
        assert document.status == "restricted"
        assert restored.shut_out == kept.ended
        assert [clients.find(conn, name, work.now()) for name in kept.ended] == [None, None]
        (stays,) = conn.execute(
            select(t.partner.c.status).where(t.partner.c.node_id.in_(kept.ended))
        ).scalars()
        assert stays == "keptOut"
        tombstone = work.documents.get(kept.erased)
        assert tombstone is not None
        assert tombstone.content == b""


def _carry_on(work: OwnWork) -> None:
    """Merge what waits, as the first worker of the restored node does."""
    row = t.audit_leaf.c
    waiting = work.conn.execute(
        select(row.serial, row.body).where(row.position.is_(None)).order_by(row.serial)
    )
    sequencer.merge(work, [(found.serial, bytes(found.body)) for found in waiting])


def _is_the_log_that_was_seen(work: OwnWork, note: str) -> None:
    verifier = log.verifier(work.settings, work.keys)
    seen, head = open_checkpoint(note, verifier), log.head(work.conn)
    assert head is not None
    now, tree = open_checkpoint(head.note, verifier), log.tree(work.conn)
    proof = tree.consistency_proof(seen.size, now.size)
    assert now.size > seen.size
    assert verify_consistency(seen.size, now.size, seen.root, now.root, proof)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_wrong_with_a_backup_or_journal_restores_nothing(
    kept: Kept, databases: Any, tmp_path: Path
) -> None:
    url = databases.fresh("sqlite", None)
    empty, whole, journal = make_engine(url, "node:empty"), kept.file.read_bytes(), kept.journal.read_bytes()
    pieces = _pieces(whole)
    assert len(pieces) > 3
    for content, why in (
        (whole[:-20], "torn"),
        (b"anything", "no backup"),
        (whole[:-1] + bytes([whole[-1] ^ 1]), "altered"),
        (b"".join(pieces[:-1]), "torn"),
        (b"".join((*pieces[:2], *pieces[3:])), "altered"),
        (b"".join((pieces[0], pieces[2], pieces[1], *pieces[3:])), "altered"),
    ):
        kept.file.write_bytes(content)
        with pytest.raises(backup.BackupError, match=why):
            kept.restore(empty)
    kept.file.write_bytes(whole)
    entry = [line for line in journal.splitlines(keepends=True) if b'"log"' in line][-3]
    kept.journal.write_bytes(journal.replace(entry, b""))
    with pytest.raises(backup.BackupError, match="lacks entries"):
        kept.restore(empty)
    kept.journal.write_bytes(journal)
    node = kept.world.node
    strange = FileKeys.create(tmp_path / "strange")
    with pytest.raises(backup.BackupError, match="keys"), transaction(empty) as conn:
        restore(OwnWork(conn, strange, kept.world.clock, node.settings), kept.file, None)
    with pytest.raises(backup.BackupError, match="not empty"):
        kept.restore(node.engine)
    with snapshot(empty) as conn:
        assert inspect(conn).get_table_names() == []
    kept.journal.write_bytes(journal + b"torn")
    assert kept.restore(empty).unreadable_lines == 1
    empty.dispose()
    databases.drop(url)


def _pieces(whole: bytes) -> list[bytes]:
    """Return the beginning of a backup, and each sealed piece with its length."""
    start = len(backup.MAGIC) + 32
    found = [whole[:start]]
    while start < len(whole):
        end = start + 4 + int.from_bytes(whole[start : start + 4])
        found.append(whole[start:end])
        start = end
    return found


def test_the_commands_back_up_and_restore_a_folder(tmp_path: Path) -> None:
    home, file = tmp_path / "node", tmp_path / "backup"
    folder.create(
        home, environment="sandbox", public_url="http://node.example", name="Node", purposes=("searchLiving",)
    )
    assert _run("clients", "add", "--dir", home, "--role", "auditor", "--key-file", tmp_path / "key")[0] == 0
    shown = _run("clients", "list", "--dir", home)[1].splitlines()
    client = shown[-1].split()[0]
    assert shown[-1] == f"{client}  auditor"
    end = ("clients", "end", "--dir", home, client)
    assert _run(*end, "--dry-run") == (0, f"{client} would be without access.\n")
    assert _run("clients", "list", "--dir", home)[1].splitlines() == shown
    assert _run(*end) == (0, f"{client} is without access.\n")
    assert _run("clients", "list", "--dir", home)[1].splitlines()[-1] == f"{client}  auditor  ended"
    assert _run("clients", "end", "--dir", home, "client:none")[0] == 2
    add = (
        "clients",
        "add",
        "--dir",
        home,
        "--role",
        "auditor",
        "--key-file",
        tmp_path / "new",
        "--same-person",
    )
    assert [_run(*add, name)[0] for name in ("client:none", client)] == [2, 0]
    assert _run("backup", "--dir", home, file)[0] == 0
    assert file.stat().st_mode & 0o077 == 0
    assert _run("backup", "--dir", home, file)[0] == 2
    assert _run("restore", "--dir", home, file)[0] == 1
    assert _run("restore", "--dir", home, "--without-journal", tmp_path / "none")[0] == 1
    (home / "node.db").unlink()
    status, said = _run("restore", "--dir", home, file)
    assert (status, "--without-journal" in said) == (1, True)
    (home / "node.db").unlink()
    assert _run("restore", "--dir", home, "--without-journal", file)[0] == 0
    assert _run("check", "--dir", home) == (0, "No damage found.\n")


def _run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return result.exit_code, result.output
