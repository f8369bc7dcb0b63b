"""`mpex doctor` with real nodes and anchors: each fault is caused, and its sentence read."""

import json
import socket
import ssl
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mpex_client import SigningKey
from mpex_client._auth import KEYS_PATH
from mpex_client._clock import utc_now
from mpex_client.cli import app
from mpex_client.cli._findings import of_answer, of_distrust
from mpex_client.errors import TokenRefusedError, TrustError
from mpex_client.ids import new_id
from mpex_server.anchor import repository as anchors
from mpex_server.federation import mandate
from mpex_server.kit.clock import ManualClock, instant
from mpex_server.oauth import clients
from mpex_server.peers.errors import UnreachableError
from mpex_spec import codelist
from typer.testing import CliRunner, Result

from tests.certificates import certify
from tests.server.exchange import town
from tests.server.federation.realm import ALPHA, BETA, NORTH, SOUTH, WATCH, WORLD, Realm
from tests.server.world import create_schema

Mpex = Callable[..., Result]


class Running(ManualClock):
    """The machine's clock, which the command line goes by as well; `advance` sets it wrong."""

    wrong = timedelta()

    def now(self) -> datetime:
        return utc_now() + self.wrong

    def advance(self, step: timedelta) -> None:
        self.wrong += step


@pytest.fixture(scope="module")
def standing_realm(tmp_path_factory: pytest.TempPathFactory, databases: Any) -> Iterator[Realm]:
    """Two nodes of two regions, which all tests share: six databases take a while."""
    urls: list[str] = []

    def fresh() -> str:
        urls.append(str(databases.fresh("sqlite", create_schema)))
        return urls[-1]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(town, "ManualClock", Running)
        patched.setattr(town, "START", utc_now().replace(microsecond=0))
        realm = Realm(fresh, tmp_path_factory.mktemp("realm"))
        realm.node("alpha", NORTH)
        realm.node("beta", SOUTH)
        realm.work()
    yield realm
    realm.close()
    for url in urls:
        databases.drop(url)


@pytest.fixture
def realm(standing_realm: Realm) -> Iterator[Realm]:
    """The realm with everything well; what a test breaks is mended after it."""
    look(standing_realm, "alpha", "beta")
    yield standing_realm
    standing_realm.down.clear()
    standing_realm.clock.advance(utc_now() - standing_realm.clock.now())
    standing_realm.enrol(NORTH, "alpha")
    alpha = standing_realm.nodes["alpha"].node.settings.node_id
    said = {"nodeId": alpha, "recipientClass": "humanitarian", "purposes": town.PURPOSES}
    for issuer, kind in ((NORTH, mandate.TRACING), (WATCH, mandate.NO_ENFORCEMENT)):
        with standing_realm.working(issuer) as work:
            anchors.take_back(work.conn, ALPHA, kind, at=instant(work.now()))
    standing_realm.show("alpha", NORTH, mandate.TRACING, mandate=said)
    standing_realm.show("alpha", WATCH, mandate.NO_ENFORCEMENT)
    with standing_realm.working("beta") as work:
        clients.let_in(work.conn, alpha, at=instant(work.now()))


def look(realm: Realm, *names: str) -> None:
    """Let nodes look at the anchor now."""
    for name in names:
        realm.choose(name, WORLD)
    realm.look(*names)


class Network(httpx2.BaseTransport):
    """Brings requests to the nodes of a realm, and lets answers be spoilt on the way."""

    def __init__(self, realm: Realm) -> None:
        self.wire = realm.nodes["alpha"].node.peers._wire
        self.spoil: Callable[[httpx2.Request, httpx2.Response], None] = lambda _request, _answer: None

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        content = request.read() or None
        try:
            got = self.wire.send(
                request.method, str(request.url), headers=dict(request.headers), content=content
            )
        except UnreachableError as error:
            raise httpx2.ConnectError("no route", request=request) from error
        answer = httpx2.Response(got.status, content=got.body, headers=dict(got.fields))
        self.spoil(request, answer)
        return answer


@pytest.fixture
def network(realm: Realm) -> Network:
    return Network(realm)


@pytest.fixture
def mpex(realm: Realm, network: Network, tmp_path: Path) -> Mpex:
    """The command line of alpha's operator, who has chosen the anchor and holds the node's key."""
    alpha = realm.nodes["alpha"]
    (tmp_path / "world.jwks").write_text(json.dumps(realm.nodes[WORLD].node.keys.federation_jwks()))
    staff = alpha.identities["caseWorker"]
    (signing,) = alpha.node.settings.key_dir.glob("signing-*.jwk")
    lines = [
        "default = 'caseWorker'",
        f"[node]\nurl = '{ALPHA}'",
        "[anchors]\n'https://world.example' = 'world.jwks'",
        f"[identity.caseWorker]\nclient_id = '{staff.client_id}'",
        f"key = '{json.dumps(staff.key.as_dict(private=True))}'",
        f"[partner.own]\nclient_id = '{alpha.node.settings.node_id}'",
        f"key = '{signing.read_text().strip()}'",
    ]
    (tmp_path / "profile.toml").write_text("\n".join(lines))

    def run(*arguments: str, transport: httpx2.BaseTransport = network) -> Result:
        asked = ["--profile", str(tmp_path / "profile.toml"), *arguments]
        return CliRunner().invoke(app, asked, obj=transport)

    return run


def findings(mpex: Mpex, *arguments: str) -> dict[str, dict[str, Any]]:
    """Return what is not well at beta, as its partner sees it, by what was looked at."""
    result = mpex("--json", "--as", "partner.own", *arguments, "doctor", BETA)
    found = json.loads(result.stdout)
    assert result.exit_code == (1 if any(not each["well"] for each in found) else 0)
    return {each["what"]: each for each in found if not each["well"]}


def told(mpex: Mpex, *arguments: str) -> dict[str, tuple[str, str]]:
    """Return code and who mends it, by what was looked at."""
    return {what: (each["code"], each["mend"]) for what, each in findings(mpex, *arguments).items()}


def test_a_partner_that_lets_one_in_is_well(mpex: Mpex) -> None:
    result = mpex("--as", "partner.own", "doctor", BETA)
    assert result.exit_code == 0
    until = "with both marks, until "
    assert f"ok  their node: {BETA} < https://south.example < https://world.example, {until}" in result.stdout
    assert f"ok  your node: {ALPHA} < https://north.example < https://world.example, {until}" in result.stdout
    assert "ok  purpose: searchLiving is served" in result.stdout
    assert "ok  access: as partner.own: a token was issued and accepted" in result.stdout
    assert "ok  access: not tried: caseWorker is known at your own node only" in mpex("doctor", BETA).stdout
    assert f"ok  your node: {ALPHA} < " in mpex("doctor").stdout


def test_a_name_is_enough_for_a_profile_that_works(realm: Realm, mpex: Mpex, tmp_path: Path) -> None:
    staff, written = realm.nodes["beta"].identities["caseWorker"], tmp_path / "beta.toml"
    (tmp_path / "beta.jwk").write_text(json.dumps(staff.key.as_dict(private=True)))
    told = json.loads(mpex("--json", "discover", BETA).stdout)
    assert told["trust"]["chain"] == [BETA, "https://south.example", "https://world.example"]
    given = ["--client-id", staff.client_id, "--key", str(tmp_path / "beta.jwk"), "--name", "caseWorker"]
    anchor = ["--anchor", f"https://world.example={tmp_path / 'world.jwks'}"]
    login = ["--profile", str(written), "login", BETA, *given, *anchor]
    assert f"Profile {written}" in mpex(*login).stdout
    assert "is there already: remove it, or name another" in mpex(*login).stderr, (
        "a profile that is there is kept"
    )
    assert written.stat().st_mode & 0o077 == 0
    assert mpex("--profile", str(written), "doctor").exit_code == 0
    stranger = mpex("discover", BETA, "--anchor", f"https://north.example={tmp_path / 'world.jwks'}")
    assert (stranger.exit_code, "(unvouchedKey)" in stranger.stderr) == (1, True)
    assert "Take the anchor's new keys" in stranger.stderr
    assert mpex("discover", BETA, "--anchor", "nonsense").exit_code == 2


def test_a_partner_asks_with_the_keys_for_which_its_anchors_vouch(
    network: Network, mpex: Mpex, tmp_path: Path
) -> None:
    profile, search = tmp_path / "profile.toml", tmp_path / "search.json"
    profile.write_text(profile.read_text().replace(f"url = '{ALPHA}'", f"url = '{BETA}'"))
    names = {"names": [{"text": "Nusquam Ignotová", "script": "Latn"}]}
    why = {"purpose": "searchLiving", "legalBasis": "consent", "caseReference": "case-1"}
    what = {"searchId": new_id("search"), "releaseSet": "summary", "query": {"names": names}}
    search.write_text(json.dumps({**why, **what}))
    given = ["--as", "partner.own", "search", str(search)]
    assert "No hit." in mpex(*given).stdout

    def gateway(request: httpx2.Request) -> httpx2.Response:
        if request.url.path == KEYS_PATH:
            return httpx2.Response(200, json={"keys": [SigningKey.generate().public_jwk]})
        return network.handle_request(request)

    refused = mpex(*given, transport=httpx2.MockTransport(gateway))
    assert (refused.exit_code, "superiors vouch for" in refused.stderr) == (1, True)


def test_a_mark_that_was_taken_back_is_named_here_and_by_the_partner(realm: Realm, mpex: Mpex) -> None:
    realm.revoke("alpha", WATCH, mandate.NO_ENFORCEMENT)
    assert told(mpex) == {"your node": ("markNotActive", "anchor")}, "the partner has not looked yet"
    taken_back = (
        f"who gave the mark has taken it back, mark {mandate.NO_ENFORCEMENT}, at https://watch.example"
    )
    assert f"{ALPHA} is not trusted: {taken_back} (" in findings(mpex)["your node"]["text"]
    look(realm, "beta")
    found = findings(mpex)
    assert found["access"]["code"] == found["your node"]["code"] == "markNotActive"
    assert found["access"]["remedy"] == codelist("trustFaults")["markNotActive"]["description"]


def test_a_mandate_that_was_taken_back_is_named_by_the_partner(realm: Realm, mpex: Mpex) -> None:
    realm.revoke("alpha", NORTH, mandate.TRACING)
    look(realm, "beta")
    assert told(mpex) == dict.fromkeys(("your node", "access"), ("markNotActive", "anchor"))


def test_who_never_had_a_mark_or_had_it_from_the_wrong_hands(realm: Realm, mpex: Mpex) -> None:
    with realm.working("alpha") as work:
        work.conn.exec_driver_sql("DELETE FROM own_mark WHERE kind LIKE '%enforcement'")
    look(realm, "beta")
    assert told(mpex) == dict.fromkeys(("your node", "access"), ("markMissing", "operator"))
    realm.show("alpha", SOUTH, mandate.NO_ENFORCEMENT)
    assert told(mpex)["your node"] == ("markNotAccredited", "operator")
    realm.accredit(mandate.NO_ENFORCEMENT, NORTH)
    realm.show("alpha", NORTH, mandate.NO_ENFORCEMENT)
    assert told(mpex)["your node"] == ("markSameIssuer", "operator")
    with realm.working(WORLD) as work:
        assert anchors.unaccredit(work.conn, mandate.NO_ENFORCEMENT, "https://north.example")


def test_who_is_not_enrolled_is_known_to_nobody(realm: Realm, mpex: Mpex) -> None:
    with realm.working(NORTH) as work:
        assert anchors.withdraw(work.conn, ALPHA)
    look(realm, "beta")
    assert told(mpex) == dict.fromkeys(("your node", "access"), ("notEnrolled", "anchor"))


def test_of_each_fault_somebody_is_named_who_can_mend_it() -> None:
    """Another node that refuses one's own says which fault it found, and not where."""
    menders = {
        code: of_answer(
            "access", "as partner", TokenRefusedError("any", "", status=400, trust_fault=code)
        ).mend
        for code in codelist("trustFaults")
    }
    above = ("notEnrolled", "markNotActive", "mandateProhibited", "logForked", "notLogged")
    others = dict.fromkeys(above, "anchor") | {"noAnchor": "partner"}
    assert menders == dict.fromkeys(menders, "operator") | others
    name = TrustError("malformed", f"{ALPHA}.example", "another entity, whose name only begins so")
    assert of_distrust("your node", name, ALPHA, own=True).mend == "anchor"


def test_a_key_that_nobody_vouches_for(realm: Realm, mpex: Mpex) -> None:
    object.__setattr__(realm.nodes["alpha"].node, "keys", realm.nodes["beta"].node.keys)
    assert told(mpex)["your node"] == ("unvouchedKey", "operator")
    realm.restart("alpha")


def test_an_anchor_is_no_node(mpex: Mpex) -> None:
    said = "https://world.example is an anchor or an intermediate, not a node"
    for command in ("discover", "doctor"):
        assert said in " ".join(mpex(command, "https://world.example").output.split())


def test_an_anchor_with_other_keys_than_those_that_one_has(realm: Realm, mpex: Mpex, tmp_path: Path) -> None:
    others = realm.nodes[NORTH].node.keys.federation_jwks()
    (tmp_path / "world.jwks").write_text(json.dumps(others))
    found = findings(mpex)
    assert told(mpex) == dict.fromkeys(("their node", "your node"), ("unvouchedKey", "you"))
    assert found["their node"]["remedy"].startswith("Take the anchor's new keys")
    assert f"{BETA} is not trusted: " in found["their node"]["text"]


def test_a_mark_whose_term_is_over(realm: Realm, mpex: Mpex) -> None:
    realm.clock.advance(timedelta(days=-200))
    realm.show("alpha", WATCH, mandate.NO_ENFORCEMENT)
    realm.clock.advance(timedelta(days=200))
    assert told(mpex) == {"your node": ("expired", "anchor")}


def test_one_whom_staff_keep_out_is_told_no_more_than_that(realm: Realm, mpex: Mpex) -> None:
    with realm.working("beta") as work:
        alpha = realm.nodes["alpha"].node.settings.node_id
        assert clients.suspend_partner(work.conn, alpha, at=instant(work.now()), kept_out=True)
    found = findings(mpex)["access"]
    assert (found["code"], found["mend"]) == ("invalid_client", "operator")
    assert "The client is not registered any more." in found["text"]


def test_a_key_of_the_client_that_the_partner_does_not_know(realm: Realm, mpex: Mpex) -> None:
    with realm.working("beta") as work:
        (entry,) = clients.partners(work.conn, work.now())
        entry["jwks"] = realm.nodes["beta"].node.keys.public_jwks()
        clients.register_partner(work.conn, entry, at=instant(work.now()))
    found = findings(mpex)["access"]
    assert "the signature is by no registered key of the client" in found["text"]
    assert "compare client_id and key" in found["remedy"]


@pytest.mark.parametrize(
    ("purpose", "code"), [("statistics", "purposeOutsideMandate"), ("repatriation", "purposeOutsideMandate")]
)
def test_a_purpose_outside_the_mandate(mpex: Mpex, purpose: str, code: str) -> None:
    found = told(mpex, "--purpose", purpose, "--legal-basis", "consent")
    assert found["purpose"] == (code, "anchor")
    assert found["access"][0] == "invalid_authorization_details"


def test_a_purpose_that_nobody_serves(mpex: Mpex) -> None:
    found = told(mpex, "--purpose", "returnProcedure", "--legal-basis", "consent")
    assert found["purpose"] == ("purposeNotServed", "you")


@pytest.mark.parametrize("date", ["yesterday", "Wed, 21 Oct 2015 07:28:00 -0000"])
def test_a_node_that_does_not_tell_its_time(network: Network, mpex: Mpex, date: str) -> None:
    def vague(_request: httpx2.Request, answer: httpx2.Response) -> None:
        answer.headers["Date"] = date

    network.spoil = vague
    assert "ok  clock: the node does not tell its time" in mpex("--as", "partner.own", "doctor", BETA).stdout


def test_a_clock_that_is_wrong(realm: Realm, network: Network, mpex: Mpex) -> None:
    def late(_request: httpx2.Request, answer: httpx2.Response) -> None:
        answer.headers["Date"] = "Wed, 21 Oct 2015 07:28:00 GMT"

    network.spoil = late
    assert told(mpex) == {"clock": ("clockSkew", "you")}
    realm.clock.advance(timedelta(minutes=5))
    found = findings(mpex)
    assert "exp is missing or past" in found["access"]["text"]
    assert found["your node"]["code"] == "notYetValid"


def test_a_partner_out_of_reach(realm: Realm, mpex: Mpex) -> None:
    realm.down.add("beta")
    result = mpex("doctor", BETA)
    assert result.exit_code == 4
    assert "NO  node: the node cannot be reached.\n      the operator of that node: " in result.stdout


def test_a_certificate_by_nobody_whom_one_knows(tmp_path: Path) -> None:
    certify(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "node.pem", tmp_path / "node.key")
    with socket.create_server(("127.0.0.1", 0)) as listening, ThreadPoolExecutor(1) as pool:
        shaken = pool.submit(shake_hands, listening, context)
        profile = tmp_path / "profile.toml"
        key = SigningKey.generate().private_text()
        profile.write_text(
            f"[node]\nurl = 'https://127.0.0.1:{listening.getsockname()[1]}'\n"
            f"[identity.caseWorker]\nclient_id = 'client:any'\nkey = '{key}'\n"
        )
        result = CliRunner().invoke(app, ["--profile", str(profile), "--json", "doctor"])
        shaken.result(60)
    (found,) = json.loads(result.stdout)
    assert (result.exit_code, found["code"], found["mend"]) == (4, "certificate", "operator")
    assert "certificate is refused: unable to get local issuer certificate" in found["text"]


def shake_hands(listening: socket.socket, context: ssl.SSLContext) -> None:
    """Begin one secured connection, which the other side breaks off."""
    connection, _ = listening.accept()
    with connection, suppress(OSError):
        context.wrap_socket(connection, server_side=True).close()


def answer_of(status: int, **body: Any) -> Callable[[httpx2.Request, httpx2.Response], None]:
    """Put another answer in the place of those of a resource or of the node's own description."""

    def spoil(request: httpx2.Request, answer: httpx2.Response) -> None:
        if request.url.path == "/.well-known/mpex-node" and "specVersion" in body:
            answer._content = json.dumps(answer.json() | body).encode()
        elif request.url.path.startswith("/v1/"):
            answer.status_code, answer._content = status, json.dumps(body).encode()
            answer.headers["Retry-After"] = "3600"

    return spoil


def test_a_budget_used_up_another_version_and_an_answer_that_nobody_signed(
    network: Network, mpex: Mpex
) -> None:
    network.spoil = answer_of(429, type="urn:mpex:problem:quotaExceeded")
    assert told(mpex) == {"access": ("quotaExceeded", "partner")}
    network.spoil = answer_of(200, specVersion="2.0")
    found = told(mpex)
    assert found["version"] == ("otherVersion", "partner")
    assert found["access"] == ("unsoundAnswer", "partner"), "the answer was altered on its way"
