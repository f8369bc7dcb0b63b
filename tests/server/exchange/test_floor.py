"""The floor below the application on PostgreSQL holds when the application's own checks are switched off."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from mpex_server.app import create_app
from mpex_server.cli import app
from mpex_server.disclosures.work import OwnWork
from mpex_server.kit.clock import instant
from mpex_server.kit.ids import new_id
from mpex_server.oauth import clients, token
from mpex_server.setup import folder, serve
from mpex_server.storage import tables as t
from mpex_server.storage.engine import OWN_WORK, UNSTATED, make_engine, snapshot, transaction
from mpex_server.storage.floor import PERSONAL, faults
from mpex_server.storage.hosting import number_of
from mpex_server.upkeep import backup
from mpex_server.upkeep.check import findings
from mpex_server.upkeep.restore import restore
from sqlalchemy import Connection, column, func, insert, make_url, select, text, true
from sqlalchemy.exc import DBAPIError
from typer.testing import CliRunner

from tests.server.exchange import town as towns
from tests.server.exchange.town import Town
from tests.server.levels import LEVELS, switch_off
from tests.server.records import samples
from tests.server.world import START, World, create_schema
from tools.embedded_postgres import NODE, OWNER, as_role, as_superuser
from tools.embedded_postgres import command as as_admin

PERSONS = "/v1/persons"
PROHIBITED = ("immigrationEnforcement", "borderControl", "returnProcedure", "commercial")
NOW = instant(START)


@pytest.fixture(scope="module")
def street(databases: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Two nodes in one database, after a release from beta to alpha."""
    url, town = databases.fresh("postgresql", create_schema), Town()
    for name in ("alpha", "beta"):
        town.add(name, url, tmp_path_factory.mktemp("street"))
    town.introduce()
    towns.released(town)
    yield town
    town.close()
    databases.drop(url)


@contextmanager
def connected(url: str, node_id: str = "") -> Iterator[Connection]:
    engine = make_engine(url, node_id, threads=1)
    try:
        with engine.connect() as conn:
            yield conn
    finally:
        engine.dispose()


def first(world: World) -> str:
    """Return a record of the node."""
    return str(world.call("registrar", "GET", PERSONS).json()["items"][0]["recordId"])


def counted(conn: Connection, of: str | None = None) -> dict[str, int]:
    """Return the tables in which there is something to see, of one node if the role sees several."""
    own = true() if of is None else column("tenant") == number_of(of)
    numbers = {
        table.name: conn.scalar(select(func.count()).select_from(table).where(own)) or 0
        for table in t.metadata.sorted_tables
    }
    return {name: number for name, number in numbers.items() if number}


def seen(world: World, purpose: str = OWN_WORK) -> dict[str, int]:
    with transaction(world.node.engine, purpose, write=False) as conn:
        return counted(conn)


def test_two_nodes_in_one_database_neither_see_nor_count_one_another(street: Town) -> None:
    alpha, beta = street.nodes["alpha"], street.nodes["beta"]
    street.work()
    listed = [world.call("registrar", "GET", PERSONS).json()["items"] for world in (alpha, beta)]
    assert [len(records) for records in listed] == [1, 1]
    # What both have under one name is two things.
    again = samples.person(recordId=listed[0][0]["recordId"])
    assert beta.call("registrar", "POST", PERSONS, again).status_code == 201
    for world, other in ((alpha, beta), (beta, alpha)):
        heads = [
            each.call("auditor", "GET", "/v1/log/checkpoint").text.splitlines() for each in (world, other)
        ]
        assert heads[0][0] == f"mpex/{world.node.settings.node_id}" != heads[1][0]
        with snapshot(world.node.engine) as conn:
            work = OwnWork(conn, world.node.keys, world.clock, world.node.settings)
            assert [check.name for check, _ in findings(work)] == []
    with connected(as_superuser(alpha.node.settings.database_url)) as conn:
        for world in (alpha, beta):
            assert counted(conn, of=world.node.settings.node_id) == seen(world)
        assert {"document", "document_key", "index_token", "index_feature", "disclosure"} <= counted(
            conn
        ).keys()


def test_a_backup_holds_one_node_and_is_restored_beside_the_others(
    street: Town, databases: Any, tmp_path: Path
) -> None:
    alpha, beta = street.nodes["alpha"], street.nodes["beta"]
    for world, name in ((alpha, "alpha"), (beta, "beta")):
        with snapshot(world.node.engine) as conn:
            work = OwnWork(conn, world.node.keys, world.clock, world.node.settings)
            assert backup.write(work, tmp_path / f"{name}.backup") == sum(seen(world).values())
    url = databases.fresh("postgresql", create_schema)
    for world, name in ((beta, "beta"), (alpha, "alpha")):
        with connected(url, world.node.settings.node_id) as conn:
            work = OwnWork(conn, world.node.keys, world.clock, world.node.settings)
            restore(work, tmp_path / f"{name}.backup", None)
            # The entry that says so goes on behind the others.
            before = seen(world)
            assert counted(conn) == before | {"audit_leaf": before["audit_leaf"] + 1}
            assert entries(conn)[:-1] == world.leaves()
            assert [check.name for check, _ in findings(work)] == []
            with pytest.raises(backup.BackupError, match="not empty"):
                restore(work, tmp_path / f"{name}.backup", None)
            conn.commit()
    databases.drop(url)


def entries(conn: Connection) -> list[Any]:
    """Return the entries of the log in the order in which they were written."""
    return [
        json.loads(body) for body in conn.scalars(select(t.audit_leaf.c.body).order_by(t.audit_leaf.c.serial))
    ]


@pytest.fixture
def broken(street: Town, monkeypatch: pytest.MonkeyPatch) -> Town:
    """Both nodes give tokens for every purpose, let everybody do everything, and decide for every release."""
    switch_off(monkeypatch, *LEVELS)
    monkeypatch.setattr(token, "_check_grant", lambda *_: None)
    monkeypatch.setattr("mpex_server.oauth.principal.authorise", lambda *_: None)
    return street


def reading(record: str) -> list[tuple[str, str, str, Any]]:
    """Return requests that show something at beta to those who may see it."""
    return [
        ("registrar", "GET", f"{PERSONS}/{record}", None),
        ("registrar", "GET", PERSONS, None),
        ("caseWorker", "POST", "/v1/searches", towns.search()),
        ("releaseOfficer", "GET", "/v1/release-cases", None),
    ]


def test_a_prohibited_purpose_reads_nothing_through_a_broken_application(broken: Town) -> None:
    beta = broken.nodes["beta"]
    ways = reading(first(beta))
    for who, method, path, body in ways:
        assert found(beta, who, method, path, body, "searchLiving"), path
        for purpose in PROHIBITED:
            assert not found(beta, who, method, path, body, purpose), (path, purpose)


def found(world: World, who: str, method: str, path: str, body: Any, purpose: str) -> bool:
    """Tell whether an endpoint, asked for a purpose, shows anything."""
    asked = body and body | {"searchId": new_id("search"), "purpose": purpose}
    answer = world.call(who, method, path, asked, purpose=purpose)
    if answer.status_code == 404:
        return False
    assert answer.is_success, answer.text
    shown = answer.json()
    return bool(shown.get("items", shown.get("hits", shown)))


def test_a_wrong_tenant_reads_nothing_through_a_broken_application(broken: Town) -> None:
    beta = broken.nodes["beta"]
    ways = reading(first(beta))
    # The same node in everything, its keys and clients too, but for the tenant that it says it is.
    settings = beta.node.settings.model_copy(update={"node_id": new_id("node")})
    other = World(create_app(settings, clock=beta.clock), beta.clock, beta.identities, beta.url)
    with transaction(other.node.engine) as conn:
        for role, identity in other.identities.items():
            clients.register_staff(conn, identity.client_id, roles=(role,), jwks=identity.jwks, at=NOW)
    for who, method, path, body in ways:
        assert found(beta, who, method, path, body, "searchLiving"), path
        assert not found(other, who, method, path, body, "searchLiving"), path
    other.close()


def test_the_role_of_a_node_reads_no_other_tenants_rows_and_none_about_persons_without_a_purpose(
    street: Town,
) -> None:
    alpha = street.nodes["alpha"]
    everything, tenant = seen(alpha), number_of(alpha.node.settings.node_id)
    for purpose in (*PROHIBITED, UNSTATED, "anything"):
        assert seen(alpha, purpose) == {
            name: number for name, number in everything.items() if name not in PERSONAL
        }
    with connected(alpha.node.settings.database_url, "node:nobody") as conn:
        assert counted(conn) == {}
        for statement in (
            f"SET LOCAL mpex.tenant = '{tenant}'",
            "SET LOCAL mpex.tenant = ''",
            "RESET mpex.tenant",
        ):
            conn.execute(text(statement))
            assert counted(conn) == (everything if str(tenant) in statement else {})
        # Nor can it write what would be another's.
        row = insert(t.wrong_code).values(id="w", client_id="c", at=NOW)
        for change in (text("UPDATE partner SET tenant = 1"), row):
            conn.execute(text(f"SET LOCAL mpex.tenant = '{tenant if change is not row else ''}'"))
            with pytest.raises(DBAPIError, match=r"row-level security|null value"), conn.begin_nested():
                conn.execute(change)


FORBIDDEN = [
    "DELETE FROM audit_leaf",
    "DELETE FROM log_node",
    "DELETE FROM checkpoint",
    "DELETE FROM document",
    "DELETE FROM disclosure",
    "TRUNCATE audit_leaf",
    "TRUNCATE log_node",
    "TRUNCATE checkpoint",
    "UPDATE audit_leaf SET body = ''",
    "UPDATE audit_leaf SET id = ''",
    "UPDATE log_node SET hash = ''",
    "UPDATE checkpoint SET note = ''",
    "ALTER TABLE audit_leaf DISABLE TRIGGER no_update",
    "ALTER TABLE document NO FORCE ROW LEVEL SECURITY",
    "DROP POLICY purpose ON document",
    "SET LOCAL session_replication_role = replica",
    "SET LOCAL ROLE mpex_owner",
    "CREATE TABLE mine (n integer)",
]


def test_the_role_of_a_node_may_neither_change_the_log_nor_lift_the_floor(street: Town) -> None:
    node = street.nodes["alpha"].node
    for statement in FORBIDDEN:
        with (
            pytest.raises(DBAPIError, match=r"permission denied|must be owner"),
            transaction(node.engine) as conn,
        ):
            conn.execute(text(statement))


@pytest.fixture
def database_url(databases: Any) -> Iterator[str]:
    url = databases.fresh("postgresql", create_schema)
    yield str(url)
    databases.drop(url)


@pytest.fixture
def home(tmp_path: Path, database_url: str) -> Path:
    """A production node."""
    values: dict[str, Any] = {"public_url": "https://node.example", "name": "Node"}
    folder.create(
        tmp_path / "node",
        environment="production",
        purposes=("searchLiving",),
        database_url=database_url,
        **values,
    )
    return tmp_path / "node"


def ran(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return result.exit_code, result.output


def under(home: Path, url: str) -> None:
    file = home / "settings.env"
    lines = [line for line in file.read_text().splitlines() if not line.startswith("MPEX_DATABASE_URL")]
    file.write_text("\n".join([*lines, f"MPEX_DATABASE_URL='{url}'"]))


def test_a_production_node_serves_under_no_role_that_could_lift_the_floor(
    home: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "run", lambda *_, **__: None)
    monkeypatch.setattr(serve, "bind", lambda *_, **__: None)
    assert ran("serve", "--dir", home) == (0, "")
    assert ran("check", "--dir", home) == (0, "No damage found.\n")
    admin = as_superuser(database_url)
    password = make_url(admin).password
    as_admin(admin, f"CREATE ROLE mpex_bypass LOGIN BYPASSRLS PASSWORD '{password}' IN ROLE {NODE}")
    cases = {
        as_role(database_url, OWNER): "owns the tables",
        admin: "superuser",
        as_role(database_url, "mpex_bypass"): "BYPASSRLS",
    }
    try:
        for url, why in cases.items():
            under(home, url)
            status, said = ran("serve", "--dir", home)
            assert (status, why in said, "db prepare" in said) == (1, True, True), said
            status, said = ran("check", "--dir", home)
            assert (status, why in said) == (1, True), said
    finally:
        as_admin(admin, "DROP ROLE mpex_bypass")


HOLES = [
    ("ALTER TABLE task NO FORCE ROW LEVEL SECURITY", "not forced"),
    ("ALTER TABLE task DISABLE ROW LEVEL SECURITY", "not forced"),
    ("DROP POLICY purpose ON document_key", "policies are missing"),
    ("DROP POLICY tenant ON partner", "policies are missing"),
    (f"GRANT DELETE ON audit_leaf TO {NODE}", "change the log"),
    (f"GRANT UPDATE ON checkpoint TO {NODE}", "change the log"),
]


def test_what_the_floor_lacks_is_seen_and_laid_again_by_the_owner(database_url: str) -> None:
    def lacking(conn: Connection) -> list[str]:
        conn.execute(text(f"SET LOCAL ROLE {NODE}"))
        return [*faults(conn)]

    for hole, why in HOLES:
        with connected(as_superuser(database_url)) as conn:
            conn.execute(text(hole))
            assert [why in fault for fault in lacking(conn)] == [True]
    owner = as_role(database_url, OWNER)
    for hole, _ in HOLES:
        as_admin(owner, hole)
    status, said = ran("db", "prepare", "--owner-url", owner, "--application", NODE)
    assert (status, NODE in said) == (0, True), said
    with connected(as_superuser(database_url)) as conn:
        assert lacking(conn) == []


def test_what_a_database_refused_is_said_and_can_be_asked_again(databases: Any, tmp_path: Path) -> None:
    url = databases.fresh("postgresql", None)
    init = (
        "init",
        "--dir",
        tmp_path / "node",
        "--url",
        "https://n.example",
        "--name",
        "Node",
        "--purpose",
        "searchLiving",
        "--database-url",
        url,
    )
    prepare = ("db", "prepare", "--owner-url", as_role(url, OWNER), "--application")
    status, said = ran(*init)
    assert (status, "db prepare" in said, "Traceback" in said) == (1, True, False), said
    assert ran(*prepare, "nobody") == (1, 'The database refused: role "nobody" does not exist.\n')
    assert ran(*prepare, NODE)[0] == 0
    assert ran(*init)[0] == 0
    databases.drop(url)


def test_the_metadata_say_which_floor_there_is(street: Town, tmp_path: Path) -> None:
    beta = street.nodes["beta"]
    said = {"engine": "postgresql", "rowLevelSecurity": True}
    assert beta.raw("GET", "/.well-known/mpex-node").json()["storage"] == said
    town = Town()
    owned = town.add("owned", as_role(beta.node.settings.database_url, OWNER), tmp_path)
    assert owned.raw("GET", "/.well-known/mpex-node").json()["storage"] == said | {"rowLevelSecurity": False}
    town.close()
