"""`mpex-server check` finds every damage that is planted, and none where there is none."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from mpex_server.cli import app
from mpex_server.disclosures.work import OwnWork
from mpex_server.kit.ids import new_id
from mpex_server.setup import folder
from mpex_server.storage import tables as t
from mpex_server.storage.engine import make_engine, snapshot, transaction
from mpex_server.upkeep import check
from mpex_server.upkeep.check import CHECKS, findings
from sqlalchemy import Connection, delete, insert, text, update
from typer.testing import CliRunner

from tests.server.exchange.town import Town, made, released
from tests.server.records import samples
from tests.server.world import World
from tools.embedded_postgres import as_superuser

# Planted damage: the check that must find it, and how it is done.
_SEALED = update(t.document).where(t.document.c.kind == "person", t.document.c.erased_at.is_(None))
_ERASED = update(t.document).where(t.document.c.erased_at.is_not(None))


class UndoneError(Exception):
    """Ends a transaction whose damage is not to stay."""


def found_in(work: Any) -> set[str]:
    return {check.name for check, places in findings(work) if places}


@contextmanager
def damaged(world: World) -> Iterator[OwnWork]:
    """Yield work in a transaction in which the database keeps no watch, and that is rolled back."""
    node, engine = world.node, world.node.engine
    if engine.dialect.name == "postgresql":
        engine = make_engine(as_superuser(node.settings.database_url), node.settings.node_id, threads=1)
    with suppress(UndoneError), transaction(engine) as conn:
        _disarm(conn)
        yield OwnWork(conn, node.keys, world.clock, node.settings)
        raise UndoneError
    if engine is not node.engine:
        engine.dispose()


def _disarm(conn: Connection) -> None:
    if conn.dialect.name == "sqlite":
        conn.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        for table in ("audit_leaf", "log_node", "checkpoint"):
            for act in ("update", "delete"):
                conn.exec_driver_sql(f"DROP TRIGGER {table}_no_{act}")
    else:
        conn.exec_driver_sql("SET LOCAL session_replication_role = replica")


DAMAGE: list[tuple[str, Any]] = [
    ("schema", text("DROP TABLE wrong_code")),
    ("reference", update(t.task).values(document_id="person:nobody")),
    ("documentKey", delete(t.document_key)),
    ("documentKey", update(t.document_key).values(kek_id="kek-0009")),
    ("documentKey", update(t.document_key).values(wrapped=b"w" * 60)),
    ("document", _SEALED.values(body=b"b" * 60)),
    ("document", _SEALED.values(version=t.document.c.version + 1)),
    ("document", _SEALED.values(content_mac=b"m")),
    ("earlierVersion", update(t.document_version).values(body=b"b" * 60)),
    ("earlierVersion", update(t.document_version).values(version=t.document_version.c.version + 7)),
    ("erased", _ERASED.values(body=b"b")),
    ("index", delete(t.index_token)),
    ("index", delete(t.index_feature)),
    ("index", update(t.index_feature).values(mask=0)),
    ("index", update(t.index_feature).values(blob=b"b" * 60)),
    ("logEntry", update(t.audit_leaf).where(t.audit_leaf.c.position == 3).values(at="2026-01-01T00:00:00Z")),
    ("logEntry", update(t.audit_leaf).where(t.audit_leaf.c.position == 3).values(body=b"{}")),
    ("logTree", update(t.audit_leaf).where(t.audit_leaf.c.position == 3).values(body=b"{}")),
    ("logTree", delete(t.audit_leaf).where(t.audit_leaf.c.position == 3)),
    ("logTree", update(t.audit_leaf).where(t.audit_leaf.c.position == 3).values(position=None)),
    ("logTree", update(t.log_node).where(t.log_node.c.level == 1).values(hash=b"h" * 32)),
    ("logTree", insert(t.log_node).values(level=0, idx=99_999, hash=b"h" * 32)),
    ("logTree", update(t.checkpoint).values(root=b"r" * 32)),
    ("logTree", update(t.checkpoint).values(note="another")),
    ("logTree", delete(t.checkpoint)),
    ("disclosure", update(t.disclosure).values(leaf_id="leaf:none")),
    ("disclosure", delete(t.disclosure_directive)),
    ("event", update(t.outbox).values(body=b"b" * 60, acked_at=None)),
    ("event", update(t.outbox).values(body=b"b" * 60, acked_at="2026-11-21T10:00:00Z")),
    ("event", update(t.outbox).values(sequence=7)),
    ("task", update(t.task).values(body=b"b" * 60)),
    (
        "request",
        insert(t.idempotency).values(client_id="c", operation="o", key="k", body_mac=b"", expires="9"),
    ),
]


def test_every_damage_is_found_and_none_where_there_is_none(town: Town) -> None:
    _, _, betas = released(town)
    beta = town.nodes["beta"]
    made(beta.call("registrar", "POST", f"/v1/directives/{betas}/withdrawals", {}))
    listed = samples.made(beta, "registrar", "/v1/persons", samples.person())
    samples.erase(beta, listed["recordId"])
    unit = samples.made(beta, "registrar", "/v1/remains", samples.remains_unit())["recordId"]
    changed = beta.call("registrar", "GET", f"/v1/remains/{unit}")
    beta.call(
        "registrar",
        "PUT",
        f"/v1/remains/{unit}",
        samples.remains_unit(changeReason="It was weighed."),
        match=changed.headers["etag"],
    )
    beta.sequence()
    with damaged(beta) as work:
        assert found_in(work) == set()
    missed = [name for name, damage in DAMAGE if not _is_found(beta, name, damage)]
    assert missed == []
    surplus = insert(t.index_feature).values(document_id=betas, blob=b"", mask=0)
    assert _is_found(beta, "indexSurplus", surplus)


def _is_found(world: World, name: str, damage: Any) -> bool:
    (check,) = (check for check in CHECKS if check.name == name)
    with damaged(world) as work:
        work.conn.execute(damage)
        return any(True for _ in check.find(work))
    raise AssertionError


def test_the_tests_plant_damage_for_every_check() -> None:
    assert {name for name, _ in DAMAGE} | {"file", "floor", "indexSurplus"} == {
        check.name for check in CHECKS
    }


def test_the_command_names_place_and_remedy_and_ends_with_1(tmp_path: Path) -> None:
    home = tmp_path / "node"
    settings = folder.create(
        home, environment="sandbox", public_url="http://node.example", name="Node", purposes=("searchLiving",)
    )
    assert _checked(home) == (0, "No damage found.\n")
    engine = make_engine(settings.database_url, settings.node_id)
    with transaction(engine) as conn:
        name = new_id("person")
        row = dict.fromkeys(("kind", "type", "status", "created_at", "updated_at"), "x")
        conn.execute(
            insert(t.document).values(id=name, version=1, sealed=True, body=b"", content_mac=b"", **row)
        )
    with snapshot(engine) as conn:
        pages = conn.exec_driver_sql("PRAGMA page_count").scalar_one()
    status, said = _checked(home)
    assert (status, name in said, "key folder" in said) == (1, True, True)
    engine.dispose()
    with (home / "node.db").open("r+b") as file:
        file.seek(4096 * (pages // 2))
        file.write(b"\xff" * 4096 * 3)
    status, said = _checked(home)
    assert (status, said.startswith("file: ") or "\nfile: " in said) == (1, True)


def _checked(home: Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["check", "--dir", str(home)])
    return result.exit_code, result.output


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_what_is_written_meanwhile_does_not_disturb_a_check(database_url: str) -> None:
    engine = make_engine(database_url, new_id("node"))
    with snapshot(engine) as before:
        assert before.scalar(text("SELECT count(*) FROM wrong_code")) == 0
        with transaction(engine) as conn:
            conn.execute(insert(t.wrong_code).values(id="w", client_id="c", at="2026-11-21T10:00:00Z"))
        assert before.scalar(text("SELECT count(*) FROM wrong_code")) == 0
    engine.dispose()


def test_what_cannot_be_read_ends_the_check_without_an_error(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    unreadable = replace(CHECKS[0], find=lambda work: iter(work.conn.scalars(text("SELECT id FROM nowhere"))))
    monkeypatch.setattr(check, "CHECKS", (unreadable, CHECKS[1]))
    node = world.node
    with snapshot(node.engine) as conn:
        found = list(findings(OwnWork(conn, node.keys, node.clock, node.settings)))
    assert [(row.name, places[0].partition(";")[0]) for row, places in found] == [
        (CHECKS[0].name, "the database cannot be read")
    ]
