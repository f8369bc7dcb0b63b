"""The command line: a sandbox that runs as a process, and the registry of partners."""

import json
import os
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
from icalendar import Calendar
from joserfc.jwk import ECKey
from mpex_server.cli import app
from mpex_server.keys.files import new_signing_jwk, public_jwk, sign_es256
from mpex_server.kit.clock import SystemClock
from mpex_server.kit.ids import new_id
from mpex_server.oauth import clients
from mpex_server.partners import registry
from mpex_server.peers import registry as peers
from mpex_server.setup import command, folder
from mpex_server.storage import tables as t
from mpex_server.storage.engine import make_engine, transaction
from mpex_server.tasks import repository as tasks
from sqlalchemy import Engine, select
from typer.testing import CliRunner

MARK = "noImmigrationEnforcement"


def run(*arguments: str | Path) -> str:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def node(tmp_path: Path) -> Path:
    folder = tmp_path / "node"
    run(
        "init",
        "--dir",
        folder,
        "--url",
        "https://node.example",
        "--name",
        "Node",
        "--purpose",
        "searchLiving",
    )
    return folder


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """A sandbox as a process of its own, ready to answer."""
    command = [sys.executable, "-m", "mpex_server", "sandbox", "--dir", str(tmp_path / "node")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=dict(os.environ)) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("Profile"):
                break
        yield process, tmp_path / "node"
        process.kill()


def test_a_sandbox_serves_says_so_and_stops_cleanly(sandbox: tuple[subprocess.Popen[str], Path]) -> None:
    process, home = sandbox
    profile = tomllib.loads((home / "profile.toml").read_text("utf-8"))
    transport = httpx2.HTTPTransport(retries=20)
    with httpx2.Client(transport=transport, base_url=profile["node"]["url"], timeout=20) as client:
        metadata = client.get("/.well-known/mpex-node").json()
    assert metadata["environment"] == "sandbox"
    assert metadata["nodeId"] == profile["node"]["node_id"]
    assert set(profile["identity"]) == {
        "registrar",
        "caseWorker",
        "releaseOfficer",
        "supervisor",
        "auditor",
        "administrator",
    }
    assert json.loads(profile["partner"]["two"]["key"])["kty"] == "EC"
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0


class Anchor:
    """An anchor with its key, and the nodes whose entries it has."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.entries: dict[str, Path] = {}
        self.ids: dict[str, str] = {}
        key = new_signing_jwk()
        self._key, self.public = folder / "anchor.jwk", folder / "anchor.public.jwk"
        self._key.write_text(json.dumps(key))
        self.public.write_text(json.dumps(public_jwk(key)))

    def enter(self, name: str) -> Path:
        """Make a node and take its entry."""
        other = self._folder / name
        run(
            "init",
            "--dir",
            other,
            "--url",
            f"https://{name}.example",
            "--name",
            name,
            "--purpose",
            "searchLiving",
        )
        entry = json.loads(run("partners", "entry", "--dir", other))
        assert entry["purposes"] == ["searchLiving"]
        assert "noImmigrationEnforcement" not in entry, "a node does not vouch for itself"
        self.ids[name] = entry["nodeId"]
        self.entries[name] = self._folder / f"{name}.json"
        self.entries[name].write_text(json.dumps(entry))
        return self.entries[name]

    def sign(self, *names: str, age: int = 0, options: tuple[str, ...] = ("--mark-all",)) -> Path:
        """Return a registry of the named nodes, signed so many seconds ago."""
        file = self._folder / f"{'-'.join(names)}.{age}.jws"
        key = ECKey.import_key(json.loads(self._key.read_text()))
        entries = [{**json.loads(self.entries[name].read_text()), MARK: True} for name in names]
        if age == 0:
            file.write_text(
                run("partners", "sign", self._key, *(self.entries[name] for name in names), *options)
            )
        else:
            file.write_text(
                registry.signed(
                    entries,
                    issuer="anchor",
                    kid=str(key.thumbprint()),
                    signer=lambda data: sign_es256(key, data),
                    now=SystemClock().now() - timedelta(seconds=age),
                    days=1,
                )
            )
        return file


def refused(*arguments: str | Path) -> str:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == 2, result.output
    return " ".join(result.output.replace("│", " ").split())


def ended(*arguments: str | Path) -> str:
    """Return what a command says that ends with status 1."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert (result.exit_code, "Traceback" in result.output) == (1, False), result.output
    return result.output


def engine_of(node: Path) -> Engine:
    settings = folder.load(node)
    return make_engine(settings.database_url, settings.node_id)


def reasons(node: Path) -> list[str]:
    """Return why each entry of the log was written, in order."""
    engine = engine_of(node)
    with transaction(engine, write=False) as conn:
        bodies = [json.loads(body) for body in conn.scalars(select(t.audit_leaf.c.body))]
    engine.dispose()
    assert {body["actor"] for body in bodies} <= {"operator"}
    return [body["reason"] for body in bodies if body["event"] == "administration"]


@pytest.fixture
def anchor(tmp_path: Path) -> Anchor:
    (tmp_path / "registry").mkdir()
    return Anchor(tmp_path / "registry")


def test_a_signed_registry_is_the_whole_truth(node: Path, anchor: Anchor) -> None:
    for name in ("one", "two"):
        anchor.enter(name)
    run("partners", "import", "--dir", node, anchor.sign("one", age=60), anchor.public)
    assert "https://one.example" in run("partners", "list", "--dir", node)
    run("partners", "import", "--dir", node, anchor.sign("two"), anchor.public)
    listed = run("partners", "list", "--dir", node)
    assert "https://two.example" in listed
    assert "https://one.example" not in listed


def test_an_older_registry_does_not_undo_a_suspension(node: Path, anchor: Anchor) -> None:
    for name in ("one", "two"):
        anchor.enter(name)
    older, newer = anchor.sign("one", "two", age=60), anchor.sign("two")
    run("partners", "import", "--dir", node, newer, anchor.public)
    for late in (older, newer):
        assert "not newer" in refused("partners", "import", "--dir", node, late, anchor.public)
    assert "https://one.example" not in run("partners", "list", "--dir", node)


def test_a_registry_holds_until_it_expires(node: Path, anchor: Anchor) -> None:
    anchor.enter("one")
    run("partners", "import", "--dir", node, anchor.sign("one", age=86_398), anchor.public)
    engine = engine_of(node)
    now = SystemClock().now()
    with transaction(engine, write=False) as conn:
        assert peers.find(conn, anchor.ids["one"], now) is not None
        for later in (timedelta(seconds=3), timedelta(days=300)):
            assert peers.find(conn, anchor.ids["one"], now + later) is None
            assert clients.find(conn, anchor.ids["one"], now + later) is None
            assert clients.partners(conn, now + later) == []
    engine.dispose()
    late = anchor.sign("one", age=86_401)
    assert "expired" in refused("partners", "import", "--dir", node, late, anchor.public)


def test_a_registry_of_the_future_is_refused(node: Path, anchor: Anchor) -> None:
    anchor.enter("one")
    early = anchor.sign("one", age=-120)
    assert "to come" in refused("partners", "import", "--dir", node, early, anchor.public)


def test_the_anchor_gives_the_mark_and_not_the_node(node: Path, anchor: Anchor) -> None:
    for name in ("one", "two"):
        anchor.enter(name)
        entry = json.loads(anchor.entries[name].read_text())
        anchor.entries[name].write_text(json.dumps({**entry, MARK: True}))
    signed = anchor.sign("one", "two", options=("--marked", anchor.ids["one"]))
    run("partners", "import", "--dir", node, signed, anchor.public)
    engine, now = engine_of(node), SystemClock().now()
    with transaction(engine, write=False) as conn:
        assert peers.find(conn, anchor.ids["one"], now) is not None
        assert peers.find(conn, anchor.ids["two"], now) is None
    engine.dispose()
    stranger = ("--marked", "node:aaaaaaaaaaaaaaaaaaaaaaaaaa")
    assert "without an entry" in refused(
        "partners", "sign", anchor.public.with_name("anchor.jwk"), anchor.entries["one"], *stranger
    )


def test_an_unsigned_entry_is_taken_in_a_sandbox_only(node: Path, anchor: Anchor, tmp_path: Path) -> None:
    entry = anchor.enter("one")
    assert "sandbox only" in refused("partners", "add", "--dir", node, entry, "--marked")
    assert run("partners", "list", "--dir", node) == ""
    trial = tmp_path / "trial"
    folder.create(trial, environment="sandbox", public_url="http://127.0.0.1:9", name="Trial")
    run("partners", "add", "--dir", trial, entry, "--marked")
    assert "https://one.example" in run("partners", "list", "--dir", trial)
    assert reasons(trial) == ["partnerAdded"]


def test_what_is_administered_by_command_is_in_the_log(node: Path, anchor: Anchor, tmp_path: Path) -> None:
    anchor.enter("one")
    run("partners", "import", "--dir", node, anchor.sign("one"), anchor.public)
    run("partners", "suspend", "--dir", node, anchor.ids["one"])
    run("clients", "add", "--dir", node, "--role", "auditor", "--key-file", tmp_path / "auditor.jwk")
    assert reasons(node) == ["registryImported", "partnerSuspended", "clientAdded"]
    refused("partners", "suspend", "--dir", node, "node:aaaaaaaaaaaaaaaaaaaaaaaaaa")
    assert len(reasons(node)) == 3


def test_a_registry_by_a_stranger_is_refused(node: Path, anchor: Anchor, tmp_path: Path) -> None:
    anchor.enter("one")
    stranger = tmp_path / "stranger.jwk"
    stranger.write_text(json.dumps(public_jwk(new_signing_jwk())))
    assert "is refused" in refused("partners", "import", "--dir", node, anchor.sign("one"), stranger)
    assert run("partners", "list", "--dir", node) == ""


def test_outside_a_sandbox_a_release_decision_names_a_release_officer(node: Path, tmp_path: Path) -> None:
    decide = (
        "release-requests",
        "decide",
        "--dir",
        node,
        f"releaseRequest:{'a' * 26}",
        "--decision",
        "approve",
    )
    assert "who decides" in refused(*decide)
    for role, answer in (("auditor", 2), ("releaseOfficer", 1)):
        added = run("clients", "add", "--dir", node, "--role", role, "--key-file", tmp_path / f"{role}.jwk")
        arguments = [str(word) for word in (*decide, "--as", added.split()[-1])]
        assert CliRunner().invoke(app, arguments).exit_code == answer
    assert "may decide" in refused(*decide, "--as", "client:unknown")


def test_the_operator_sees_what_waits_and_nothing_about_anybody(node: Path, tmp_path: Path) -> None:
    with command.work(node) as work:
        person = work.documents.create(
            new_id("person"), {}, kind="person", type="foundAlive", status="active"
        )
        soon = tasks.add(work, kind="silentHit", subject=person.id, partner=new_id("node"))
        late = tasks.add(work, kind="silentHit", subject=person.id, due_at="2020-01-01T00:00:00Z")
        tasks.add(work, kind="overdueRecall", subject=person.id, due_at="2120-01-01T00:00:00Z")
    calendar = tmp_path / "due.ics"
    counted, first, second = run("tasks", "--dir", node, "--ics", calendar).splitlines()
    assert counted == "silentHit: 2 waiting, 1 overdue"
    assert first == f"! 2020-01-01T00:00:00Z  silentHit  {late}"
    assert second.endswith(f"  silentHit  {soon}")
    assert [late, soon] == [event["uid"] for event in Calendar.from_ical(calendar.read_bytes()).events]
    assert late in run("tasks", "--dir", node, "--overdue", "--role", "caseWorker")
    assert run("tasks", "--dir", node, "--role", "releaseOfficer") == ""
    assert "taskKinds" in refused("tasks", "--dir", node, "--kind", "dishes")
    assert "silentHit" not in calendar.read_text().replace("CATEGORIES:silentHit", "")
    assert person.id not in calendar.read_text()


def test_a_client_is_added_with_a_key_that_only_its_owner_reads(node: Path, tmp_path: Path) -> None:
    file = tmp_path / "auditor.jwk"
    output = run("clients", "add", "--dir", node, "--role", "auditor", "--key-file", file)
    assert output.startswith("Client client:")
    assert json.loads(file.read_text())["d"]
    assert file.stat().st_mode & 0o077 == 0
    refused("clients", "add", "--dir", node, "--role", "x", "--key-file", "y")


def test_a_node_that_holds_nothing_can_be_switched_off(node: Path) -> None:
    assert "0  records\n" in run("shutdown", "plan", "--dir", node)
    assert "Erased 0." in run("shutdown", "run", "--dir", node, "--erase-rest", "--yes")
    asked = CliRunner().invoke(app, ["shutdown", "run", "--dir", str(node), "--erase-rest"], input="n\n")
    assert (asked.exit_code, "Erased" in asked.output) == (1, False)
    unsaid = CliRunner().invoke(app, ["shutdown", "run", "--dir", str(node)])
    assert unsaid.exit_code == 2


def test_a_command_says_in_one_line_what_folder_and_database_refuse(node: Path, tmp_path: Path) -> None:
    assert "mpex-server init" in ended("check", "--dir", tmp_path / "none")
    again = ("init", "--dir", node, "--url", "https://n.example", "--name", "N", "--purpose", "searchLiving")
    assert "a node already" in ended(*again)
    (node / "keys").chmod(0o755)
    assert "chmod 700" in ended("check", "--dir", node)
    (node / "keys").chmod(0o700)
    (node / "node.db").write_bytes(b"no database, though it is as long as one has to be" * 20)
    assert ended("db", "upgrade", "--dir", node).startswith("The database refused: file is not a database.")
    assert "postgresql+psycopg" in refused(
        "db", "prepare", "--owner-url", f"sqlite:///{tmp_path}/owned.db", "--application", "node"
    )
    assert not (tmp_path / "owned.db").exists()
