"""The command line: a sandbox that runs as a process, and the registry of partners."""

import json
import os
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from hashlib import sha256
from ipaddress import IPv4Address
from pathlib import Path
from socket import socket
from typing import Any

import httpx2
import pytest
from icalendar import Calendar
from mpex_server.cli import app
from mpex_server.federation import own
from mpex_server.kit import jws
from mpex_server.kit.ids import new_id
from mpex_server.peers.client import Peers
from mpex_server.peers.wire import Answer
from mpex_server.settings import Settings
from mpex_server.setup import command, folder, serve
from mpex_server.tasks import repository as tasks
from typer.testing import CliRunner

from tests.server.commands.calls import administered, beside, decided, ended, reasons, refused, run, unlogged

MARK = "noImmigrationEnforcement"
Json = dict[str, Any]
PROHIBITED: tuple[Json, ...] = (
    {"purposes": ["searchLiving", "borderControl"]},
    {"recipientClass": "immigrationAuthority"},
)


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
    with httpx2.Client(transport=transport, base_url=profile["node"]["url"], timeout=60) as client:
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
    assert process.wait(60) == 0


def test_a_node_listens_where_others_reach_it_only_behind_a_proxy_that_ends_tls(
    node: Path, trial: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[str] = []
    everywhere = str(IPv4Address(0))

    def run_on(_settings: Settings, sock: socket, **_said: int) -> None:
        served.append(sock.getsockname()[0])
        sock.close()

    monkeypatch.setattr(serve, "run", run_on)
    there = ("--port", "0", "--host", everywhere)
    assert "nothing is encrypted" in ended("serve", "--dir", node, *there)
    assert served == []
    run("serve", "--dir", node, *there, "--tls-in-front")
    run("serve", "--dir", trial, *there)
    run("serve", "--dir", node, "--port", "0", "--host", "localhost")
    assert served == [everywhere, everywhere, "127.0.0.1"]


@pytest.fixture
def entry(tmp_path: Path) -> Path:
    """Make another node and take its entry."""
    other, file = tmp_path / "other", tmp_path / "other.json"
    said = ("--url", "https://one.example", "--name", "one", "--purpose", "searchLiving")
    run("init", "--dir", other, *said)
    file.write_text(run("partners", "entry", "--dir", other))
    assert MARK not in json.loads(file.read_text()), "a node does not vouch for itself"
    return file


def test_a_partner_is_added_by_hand_in_a_sandbox_only(node: Path, trial: Path, entry: Path) -> None:
    assert "sandbox only" in refused("partners", "add", "--dir", node, entry, "--marked")
    assert run("partners", "list", "--dir", node) == ""
    run("partners", "add", "--dir", trial, entry, "--marked")
    assert "https://one.example" in run("partners", "list", "--dir", trial)
    assert reasons(trial) == ["partnerAdded"]


def test_a_wrong_entry_says_where(trial: Path, entry: Path) -> None:
    entry.write_text(json.dumps(json.loads(entry.read_text()) | {"purposes": "all"}))
    assert "/purposes" in ended("partners", "add", "--dir", trial, entry)


@pytest.mark.parametrize("said", PROHIBITED, ids=str)
def test_nobody_is_added_by_hand_for_what_is_prohibited(trial: Path, entry: Path, said: Json) -> None:
    entry.write_text(json.dumps(json.loads(entry.read_text()) | said))
    assert "Mandate is prohibited" in ended("partners", "add", "--dir", trial, entry, "--marked")
    assert (run("partners", "list", "--dir", trial), reasons(trial)) == ("", [])


def test_what_is_administered_by_command_is_in_the_log(trial: Path, entry: Path, tmp_path: Path) -> None:
    partner = json.loads(entry.read_text())["nodeId"]
    run("partners", "add", "--dir", trial, entry, "--marked")
    for verb, said, *more in (
        ("suspend", "kept out, and what it holds called back"),
        ("admit", "kept out no longer"),
        ("move", "the node at https://two.example", "https://two.example"),
    ):
        command = ("partners", verb, "--dir", trial, partner, *more)
        before = reasons(trial), run("partners", "list", "--dir", trial)
        assert run(*command, "--dry-run") == f"{partner} would be {said}.\n"
        assert (reasons(trial), run("partners", "list", "--dir", trial)) == before
        assert run(*command) == f"{partner} is {said}.\n"
        assert run("partners", "list", "--dir", trial) == ""
    run("clients", "add", "--dir", trial, "--role", "auditor", "--key-file", tmp_path / "auditor.jwk")
    done = ["partnerAdded", "partnerSuspended", "partnerAdmitted", "partnerMoved", "clientAdded"]
    assert reasons(trial) == done
    unknown = "node:aaaaaaaaaaaaaaaaaaaaaaaaaa"
    for words in (("suspend", unknown), ("admit", unknown), ("move", unknown, "https://two.example")):
        refused("partners", words[0], "--dir", trial, *words[1:])
    assert reasons(trial) == done


def test_anchors_are_chosen_and_dropped(node: Path, tmp_path: Path) -> None:
    keys, world = tmp_path / "anchor.jwks", "https://world.example"
    keys.write_text(run("trust", "keys", "--dir", node))
    add, remove = (("trust", "anchors", verb, "--dir", node, world) for verb in ("add", "remove"))
    assert f"{world} would be an anchor" in run(*add, keys, "--dry-run")
    assert run("trust", "anchors", "list", "--dir", node) == ""
    assert f"{world} is an anchor" in run(*add, keys)
    kid = json.loads(keys.read_text())["keys"][0]["kid"]
    assert run("trust", "anchors", "list", "--dir", node) == f"{world}  {kid}\n"
    assert f"{world} would be no anchor" in run(*remove, "--dry-run")
    assert f"{world} is no anchor" in run(*remove)
    assert "no anchor" in refused("trust", "anchors", "remove", "--dir", node, world)
    keys.write_text(json.dumps({"keys": []}))
    assert "jwks has 1 to 10 keys" in ended("trust", "anchors", "add", "--dir", node, world, keys)
    assert reasons(node) == ["anchorChosen", "anchorDropped"]


def test_a_node_asks_a_partner_why_it_is_refused(node: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [
        Answer(400, b'{"error": "unauthorized_client", "trust_fault": "markNotActive"}'),
        Answer(200, b'{"access_token": "any"}'),
        Answer(200, b"not JSON"),
        Answer(404, b'{"title": "Not found"}'),
        Answer(503, b'{"title": "Overloaded"}'),
    ]
    monkeypatch.setattr(Peers, "ask_token", lambda _peers, _partner, _access: answers.pop(0))
    words = ended("trust", "try", "--dir", node, "https://other.example")
    assert "refuses: unauthorized_client" in words
    assert "Mark does not stand: Whoever gave the mark does not stand by it" in words
    assert "a token for searchLiving" in run("trust", "try", "--dir", node, "https://other.example")
    assert "not strict JSON" in ended("trust", "try", "--dir", node, "https://other.example")
    assert "is no node: it has no token endpoint." in ended(
        "trust", "try", "--dir", node, "https://a.example"
    )
    assert "answers 503 and says not why." in ended("trust", "try", "--dir", node, "https://a.example")


def test_a_node_shows_no_mark_of_another(node: Path, above: Path, tmp_path: Path) -> None:
    asked, shown = tmp_path / "mandate.json", tmp_path / "mark.jwt"
    asked.write_text(run("trust", "request", "--dir", node))
    own = folder.load(node).public_url
    for entity in ("https://another.example", own):
        mark = ("issue-mark", "--dir", above, "urn:mpex:mark:tracing-mandate", entity, "--mandate", asked)
        shown.write_text(run("anchor", *mark))
        if entity != own:
            assert "mark is of another entity" in ended("trust", "marks", "add", "--dir", node, shown)
    assert "would be shown until" in run("trust", "marks", "add", "--dir", node, shown, "--dry-run")
    assert run("trust", "marks", "list", "--dir", node) == ""
    assert "is shown until" in run("trust", "marks", "add", "--dir", node, shown)
    listed = run("trust", "marks", "list", "--dir", node)
    assert "https://above.example" in listed
    assert "ask for the next" not in listed
    assert reasons(node) == ["markShown"]
    assert reasons(above) == ["markGiven", "markGiven"]


def test_an_authority_of_a_state_asks_for_a_mandate_that_says_so(node: Path) -> None:
    state = (
        "--authority-of",
        "FR",
        "--ministry",
        "Ministry of Examples",
        "--unit",
        "Tracing",
        "--mandate",
        "Law 1",
    )
    said = json.loads(run("trust", "request", "--dir", node, *state))
    names = ("nationalAuthorityOf", "parentMinistry", "unit", "mandates")
    assert [said[name] for name in names] == ["FR", "Ministry of Examples", "Tracing", ["Law 1"]]
    assert not json.loads(run("trust", "request", "--dir", node)).keys() & set(names)
    assert "/nationalAuthorityOf" in refused("trust", "request", "--dir", node, "--authority-of", "France")


@pytest.mark.parametrize("said", PROHIBITED, ids=str)
def test_an_anchor_gives_no_mandate_for_what_is_prohibited(
    node: Path, above: Path, tmp_path: Path, said: Json
) -> None:
    asked = tmp_path / "mandate.json"
    asked.write_text(json.dumps(json.loads(run("trust", "request", "--dir", node)) | said))
    mark = ("urn:mpex:mark:tracing-mandate", "https://one.example", "--mandate", asked)
    for dry_run in ((), ("--dry-run",)):
        assert "Mandate is prohibited" in ended("anchor", "issue-mark", "--dir", above, *mark, *dry_run)
    assert reasons(above) == []


def test_an_anchor_changes_what_it_vouches_for_only_when_it_is_told_to(
    node: Path, above: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with command.work(node) as work:
        hints, entity = {"authority_hints": ["https://above.example"]}, work.settings.public_url
        published = own.configuration(work.settings, work.keys, hints, now=work.now())
    monkeypatch.setattr(Peers, "fetch", lambda _peers, _url: published)
    key = json.loads(run("trust", "keys", "--dir", node))["keys"][0]["kid"]
    enrol = ("anchor", "enrol", "--dir", above, entity)
    for dry_run in ((), ("--dry-run",)):
        assert "is needed for an entity that is not enrolled yet" in refused(*enrol, *dry_run)
        assert "is not the thumbprint of the key that signs" in refused(*enrol, "--key", "A", *dry_run)
    assert f"{entity} would be enrolled as a node" in run(*enrol, "--key", key, "--dry-run")
    assert f"{entity} is enrolled as a node" in run(*enrol, "--key", key)
    assert "would be enrolled as an intermediate, and was a node" in run(
        *enrol, "--intermediate", "--dry-run"
    )
    run(*enrol, "--intermediate")
    assert f"{entity} is enrolled as an intermediate\n" in run(*enrol)
    assert f"{entity}  intermediate" in run("anchor", "list", "--dir", above)
    assert "is enrolled as a node, and was an intermediate" in run(*enrol, "--node")
    assert f"{entity}  node" in run("anchor", "list", "--dir", above)
    run("anchor", "withdraw", "--dir", above, entity)
    done = ["entityEnrolled", *["intermediateEnrolled"] * 2, "entityEnrolled", "entityWithdrawn"]
    assert unlogged(above) == 0
    assert decided(above) == [(reason, entity) for reason in done]
    assert [entry.get("keys") for entry in administered(above)] == [*[[key]] * 4, None]


def test_a_key_that_is_given_is_the_only_new_one_of_an_entity_that_is_enrolled(
    node: Path, above: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who has stolen the old key signs with it for another; the officer was told the right new one."""

    def publish() -> list[str]:
        with command.work(node) as work:
            hints = {"authority_hints": ["https://above.example"]}
            text = own.configuration(work.settings, work.keys, hints, now=work.now())
            monkeypatch.setattr(Peers, "fetch", lambda _peers, _url: text)
            return [str(key["kid"]) for key in work.keys.federation_jwks()["keys"]]

    entity, (old,) = folder.load(node).public_url, publish()
    enrol = ("anchor", "enrol", "--dir", above, entity)
    run(*enrol, "--key", old)
    run(*enrol, "--key", old)
    run("new-key", "--dir", node, "federation")
    _, new = publish()
    for dry_run in ((), ("--dry-run",)):
        for other in (old, "A"):
            assert "or another of them is new" in refused(*enrol, "--key", other, *dry_run)
    assert reasons(above) == ["entityEnrolled"] * 2
    run(*enrol, "--key", new)
    run(*enrol, "--key", old)
    assert "or another of them is new" in refused(*enrol, "--key", "A")
    run("new-key", "--dir", node, "federation")
    publish()
    assert "or another of them is new" in refused(*enrol, "--key", new)
    run(*enrol)
    assert reasons(above) == ["entityEnrolled"] * 5


def test_an_anchor_takes_marks_back_once_and_says_which(above: Path) -> None:
    kind, entity = "urn:mpex:mark:no-immigration-enforcement", "https://one.example"
    first, second = (run("anchor", "issue-mark", "--dir", above, kind, entity) for _ in range(2))
    ids = [str(jws.parse(token.strip()).claims["jti"]) for token in (first, second)]
    revoke = ("anchor", "revoke", "--dir", above, kind, entity)
    at_once = "call back at once what the entity holds (RECL-018); `withdraw` leaves 12 hours"
    assert all(words in run(*revoke, "--dry-run") for words in ("would be taken back", at_once))
    assert "revoked" not in run("anchor", "list", "--dir", above)
    said = run(*revoke)
    assert ("is taken back" in said, at_once in said) == (True, True)
    assert "revoked" in run("anchor", "list", "--dir", above)
    assert "no such mark" in refused(*revoke)
    assert decided(above)[:2] == [("markGiven", entity, kind, mark) for mark in ids]
    assert {*decided(above)[2:]} == {("markRevoked", entity, kind, mark) for mark in ids}


def test_a_mark_that_ends_within_a_month_says_so(node: Path, above: Path, tmp_path: Path) -> None:
    own, shown = folder.load(node).public_url, tmp_path / "mark.jwt"
    mark = ("issue-mark", "--dir", above, "urn:mpex:mark:no-immigration-enforcement", own, "--days", "20")
    would = json.loads(run("anchor", *mark, "--dry-run"))
    assert (would["sub"], would["exp"] - would["iat"]) == (own, 20 * 86_400)
    assert reasons(above) == []
    shown.write_text(run("anchor", *mark))
    run("trust", "marks", "add", "--dir", node, shown)
    assert "ask for the next one" in run("trust", "marks", "list", "--dir", node)


def test_a_mark_of_conformance_names_the_report_that_was_passed(
    node: Path, above: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with command.work(node) as work:
        entity, node_id = work.settings.public_url, work.settings.node_id
        about = {"metadata": {"mpex_node": {"nodeId": node_id}}}
        published = own.configuration(work.settings, work.keys, about, now=work.now())
    monkeypatch.setattr(Peers, "fetch", lambda _peers, _url: published)
    file, shown = tmp_path / "results.json", tmp_path / "mark.jwt"
    mark = ("anchor", "issue-mark", "--dir", above, "urn:mpex:mark:conformance", entity)
    assert "goes with" in refused(*mark)
    report = {
        "format": "https://mpex.example/conformance/results/1.0",
        "suite": {"version": "1.0.0", "specVersion": "1.0-draft"},
        "run": {"conformanceClass": "exchange", "finishedAt": "2026-11-21T10:00:00Z"},
        "target": {"nodeId": node_id, "environment": "sandbox"},
        "verdict": {"conformant": True, "open": []},
    }
    for written, why in {
        "{": "results.json: ",
        "[]": "is no report",
        '{"verdict": {"conformant": true}}': "is no report",
        json.dumps(report | {"verdict": {"conformant": False, "open": []}}): "was not passed",
        json.dumps(report | {"verdict": {"conformant": True, "open": ["REC-001"]}}): "was not passed",
        json.dumps(report | {"format": "another"}): "of another form",
        json.dumps(report | {"target": {}}): "is no report",
    }.items():
        file.write_text(written)
        assert why in refused(*mark, "--report", file)
    for target, why in (
        ({"nodeId": new_id("node"), "environment": "sandbox"}, "the report is on another node"),
        ({"nodeId": "any", "environment": "sandbox"}, "/nodeId"),
        ({"nodeId": node_id, "environment": "attic"}, "/environment"),
    ):
        file.write_text(json.dumps(report | {"target": target}))
        assert why in ended(*mark, "--report", file)
    assert decided(above) == []
    file.write_text(json.dumps(report))
    shown.write_text(run(*mark, "--report", file))
    assert jws.parse(shown.read_text().strip()).claims["report"] == {
        "sha256": sha256(file.read_bytes()).hexdigest(),
        "nodeId": node_id,
        "environment": "sandbox",
        "conformanceClass": "exchange",
        "specVersion": "1.0-draft",
        "suiteVersion": "1.0.0",
        "finishedAt": "2026-11-21T10:00:00Z",
    }
    assert "is shown until" in run("trust", "marks", "add", "--dir", node, shown)
    assert len(decided(above)) == 1
    other = ("urn:mpex:mark:no-immigration-enforcement", entity, "--report", file)
    assert "goes with" in refused("anchor", "issue-mark", "--dir", above, *other)


def test_what_may_be_a_mistake_of_an_anchor_is_said_beside_the_mark(above: Path, tmp_path: Path) -> None:
    second, entity = "urn:mpex:mark:no-immigration-enforcement", "https://one.example"
    mandate = tmp_path / "mandate.json"
    said = {"nodeId": new_id("node"), "recipientClass": "humanitarian", "purposes": ["searchLiving"]}
    mandate.write_text(json.dumps(said))
    first = ("urn:mpex:mark:tracing-mandate", entity, "--mandate", mandate)
    issue, accredit = (("anchor", verb, "--dir", above) for verb in ("issue-mark", "accredit"))

    def doubts(*arguments: str | Path) -> list[str]:
        foretold = beside(*arguments, "--dry-run")
        assert beside(*arguments) == foretold
        return foretold

    nobody, strange = doubts(*issue, second, entity)
    assert "has not accredited anybody" in nobody
    assert f"{entity} is not enrolled here" in strange
    (stranger,) = doubts(*accredit, second, "https://watch.example")
    assert "https://watch.example is not enrolled here" in stranger
    itself, _, again = doubts(*issue, second, entity)
    assert "has not accredited itself" in itself
    assert "is not replaced; `revoke` takes all of them back" in again
    for kind in (second, "urn:mpex:mark:tracing-mandate"):
        assert doubts(*accredit, kind, "https://above.example") == []
    _, both = doubts(*issue, *first)
    assert "nodes do not count both by one (TRUST-008)" in both
    assert doubts(*accredit, second, "https://watch.example", "--end") == []
    mandate.write_text(json.dumps(said | {"recipientClass": "police"}))
    stateless, *others = doubts(*issue, *first)
    assert "does not say of which State it is an authority" in stateless
    mandate.write_text(json.dumps(said | {"recipientClass": "police", "nationalAuthorityOf": "FR"}))
    assert len(doubts(*issue, *first)) == len(others) + 1, "the one that stands by now, and no more"


def test_who_attests_beside_others_hears_no_doubt_for_that(tmp_path: Path) -> None:
    watch, second = tmp_path / "watch", "urn:mpex:mark:no-immigration-enforcement"
    place = ("--url", "https://watch.example", "--superior", "https://above.example", "--sandbox")
    run("anchor", "init", "--dir", watch, "--name", "watch", *place)
    assert beside("anchor", "issue-mark", "--dir", watch, second, "https://one.example") == []
    (doubt,) = beside("anchor", "accredit", "--dir", watch, second, "https://watch.example")
    assert "only nodes that chose it as an anchor count what it accredits" in doubt


def test_what_an_anchor_would_end_is_said_and_not_done(above: Path) -> None:
    kind, entity = "urn:mpex:mark:no-immigration-enforcement", "https://one.example"
    accredit = ("anchor", "accredit", "--dir", above, kind, entity)
    assert "would count" in run(*accredit, "--dry-run")
    assert "is not accredited" in refused(*accredit, "--end")
    run(*accredit)
    assert "would count no more" in run(*accredit, "--end", "--dry-run")
    assert entity in run("anchor", "list", "--dir", above)
    run(*accredit, "--end")
    assert decided(above) == [("accredited", entity, kind), ("accreditationEnded", entity, kind)]


def test_a_key_of_who_has_superiors_is_enrolled_by_them_and_not_handed_to_nodes(
    node: Path, tmp_path: Path
) -> None:
    region = tmp_path / "region"
    place = ("--url", "https://region.example", "--superior", "https://above.example")
    run("anchor", "init", "--dir", region, "--name", "region", *place)
    for home in (node, region):
        assert "let each superior enrol" in run("new-key", "--dir", home, "federation")
        assert "vouches for it no more" in run("keys", "remove", "--dir", home, "federation-0001")


def test_a_federation_key_stays_while_marks_are_by_it_alone(above: Path) -> None:
    mark = ("issue-mark", "--dir", above, "urn:mpex:mark:no-immigration-enforcement", "https://one.example")
    run("anchor", *mark)
    assert "to everybody who chose it, and give its marks anew" in run(
        "new-key", "--dir", above, "federation"
    )
    remove = ("keys", "remove", "--dir", above, "federation-0001")
    assert "1 marks" in ended(*remove)
    run("anchor", *mark)
    would = run(*remove, "--dry-run")
    assert ("can be removed" in would, "Restart" in would) == (True, False)
    assert "to everybody who chose it" in run(*remove)


def test_a_wrong_mark_of_an_anchor_is_not_given(above: Path, tmp_path: Path) -> None:
    entity = "https://one.example"
    issue = ("anchor", "issue-mark", "--dir", above)
    assert "one of urn:" in refused(*issue, "another", entity)
    assert "goes with" in refused(*issue, "urn:mpex:mark:tracing-mandate", entity)
    mandate = tmp_path / "mandate.json"
    mandate.write_text('{"purposes": "all"}')
    given = ended(*issue, "urn:mpex:mark:tracing-mandate", entity, "--mandate", mandate)
    assert "/purposes" in given
    assert reasons(above) == []


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
    assert "is a folder of a node or an anchor already" in ended(*again)
    (node / "keys").chmod(0o755)
    assert "chmod 700" in ended("check", "--dir", node)
    (node / "keys").chmod(0o700)
    (node / "node.db").write_bytes(b"no database, though it is as long as one has to be" * 20)
    assert ended("db", "upgrade", "--dir", node).startswith("The database refused: file is not a database.")
    assert "postgresql+psycopg" in refused(
        "db", "prepare", "--owner-url", f"sqlite:///{tmp_path}/owned.db", "--application", "node"
    )
    assert not (tmp_path / "owned.db").exists()
