"""Every operation of the interface document gives every answer that the document lists, on both databases.

The story gives the successes; each refusal is a successful request changed in one place. Nothing here depends
on what other tests have produced.
"""

import json
import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import httpx2
import mpex_spec
import pytest
from mpex_server.disclosures.work import OwnWork
from mpex_server.domain import recovery_codes
from mpex_server.kit.ids import new_id
from mpex_server.storage.engine import make_engine, snapshot
from mpex_server.upkeep.check import findings

from tests.server import contract
from tests.server.contract import Described
from tests.server.exchange.town import Town
from tests.server.story import Asked, Story
from tests.server.world import World, create_schema, partner_entry
from tools.embedded_postgres import as_owner

OPERATIONS = contract.of_role("node")
PROBLEMS = mpex_spec.codelist("problemTypes")

EXCUSED: dict[str, dict[str, str]] = {}
"""Statuses that no test can produce, by operation, with the reason. A stale entry fails."""

# A member that may be changed without breaking schema or rules: the same key with another body.
ANOTHER = {
    "createSearchSurge": {"reason": "Two boats."},
    "decideOnwardRequest": {"decision": "refuse"},
    "decideCustodyOffer": {"decision": "refuse"},
    "createPerson": {"legalBasis": "publicInterest"},
    "createRemainsUnit": {"legalBasis": "consent"},
    "createReferenceSample": {"donor": "donor-18"},
    "createSearchRequest": {"status": "closed"},
    "createAssistanceRequest": {"caseReference": "case-2"},
    "createCustodyTransfer": {"legalBasis": "publicInterest"},
    "createCaseMessage": {"caseReference": "case-2"},
    "createGroup": {"type": "household"},
    "searchGroupMembers": {"releaseSet": "summary"},
    "clearContact": {"channel": "post"},
    "clearPersonContact": {"channel": "post"},
    "recoverSearchRequest": {"code": "x"},
    "createDirective": {"method": "written"},
    "createIncident": {"date": "2026-06"},
    "createIdentityError": {"reason": "Another reason."},
    "createErasureRequest": {"asker": "guardian"},
    "createMatch": {"decision": "leadsTo"},
    "createIdentification": {"state": "confirmed"},
    "createSearch": {"caseReference": "case-2"},
    "createPartnerSearch": {"caseReference": "case-2"},
    "createRecall": {"cause": "missedReview"},
    "createReleaseRequest": {"reason": "Another reason."},
    "createPartnerReleaseRequest": {"reason": "Another reason."},
}


@dataclass
class Played:
    """What came of the story and of every attempt to be refused."""

    answered: set[tuple[str, str]]
    refusals: list[tuple[str, str, str, str]] = field(default_factory=list)
    damage: list[str] = field(default_factory=list)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def played(
    request: pytest.FixtureRequest, databases: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Played]:
    """Play the story once for each kind of database, then try every refusal."""
    town, urls = Town(), []
    for name, members in (("alpha", {"erasure_wait_days": 0}), ("beta", {"recipient_class": "forensic"})):
        urls.append(databases.fresh(request.param, create_schema))
        town.add(name, urls[-1], tmp_path_factory.mktemp(name), **members)
    town.introduce(beta={"recipientClass": "forensic"})
    yield _play(town)
    town.close()
    for url in urls:
        databases.drop(url)


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=str)
def test_each_fault_gets_its_own_refusal(played: Played, operation: Described) -> None:
    wrong = [
        f"{fault}: {was} instead of {expected}"
        for name, fault, expected, was in played.refusals
        if name == operation.name and was != expected
    ]
    assert not wrong


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=str)
def test_every_documented_status_is_produced_or_excused(played: Played, operation: Described) -> None:
    produced = {status for name, status in played.answered if name == operation.name}
    assert operation.responses.keys() - produced == EXCUSED.get(operation.name, {}).keys()


def test_nothing_that_was_done_or_refused_leaves_damage(played: Played) -> None:
    assert played.damage == []


def test_excuses_have_operations_and_reasons() -> None:
    assert EXCUSED.keys() <= OPERATIONS.keys()
    assert all(reason for excuses in EXCUSED.values() for reason in excuses.values())


def test_the_standard_says_what_any_operation_may_answer() -> None:
    (sentence,) = re.findall(
        r"any operation may answer .*", (mpex_spec.root() / "spec.md").read_text(encoding="utf-8")
    )
    assert set(re.findall(r"\b\d{3}\b", sentence)) == contract.ANYWHERE | {"404", "405"}


@pytest.mark.parametrize(
    ("method", "path", "response"),
    [
        ("GET", "/v1/persons", httpx2.Response(404)),
        ("GET", "/v1/persons", httpx2.Response(401)),
        ("GET", "/v1/persons", httpx2.Response(200, json={"items": "none"})),
        ("GET", "/v1/persons/person:x", httpx2.Response(304)),
        ("GET", "/v1/nothing", httpx2.Response(200)),
    ],
)
def test_an_answer_that_is_not_described_is_caught(method: str, path: str, response: httpx2.Response) -> None:
    with pytest.raises(AssertionError):
        contract.judge(method, path, response)


def _play(town: Town) -> Played:
    story = Story(town)
    _before(story)
    story.play()
    played = Played(set())
    for asked in story.asked.values():
        for fault, expected, response in _refused(story, asked):
            played.refusals.append((asked.operation.name, fault, expected, _code(response)))
    played.damage += [*_damage(story.alpha), *_damage(story.beta)]
    for name, fault, expected, response in _special(story):
        played.refusals.append((name, fault, expected, _code(response)))
    played.answered |= story.alpha.answered | story.beta.answered
    return played


def _damage(world: World) -> list[str]:
    node = world.node
    while world.sequence():
        pass
    with snapshot(node.engine) as conn:
        work = OwnWork(conn, node.keys, world.clock, node.settings)
        return [f"{check.name}: {places}" for check, places in findings(work)]


def _before(story: Story) -> None:
    """Ask for what needs no token, and for a checkpoint before there is one."""
    for operation in OPERATIONS.values():
        if operation.action is None and operation.method == "GET":
            assert story.alpha.raw("GET", operation.path).status_code == 200
    assert story.alpha.call("auditor", "GET", "/v1/log/checkpoint").status_code == 503


def _refused(story: Story, asked: Asked) -> Iterator[tuple[str, str, httpx2.Response]]:
    for faults in (_stranger, _address, _body, _headers):
        for fault, expected, send in faults(story, asked):
            yield fault, expected, send()


Fault = tuple[str, str, Callable[[], httpx2.Response]]


def _stranger(story: Story, asked: Asked) -> Iterator[Fault]:
    operation, world = asked.operation, asked.world
    good = world.headers(asked.who, operation.method, asked.path)
    bearer = good | {"Authorization": good["Authorization"].replace("DPoP ", "Bearer ")}
    yield "no token", "unauthorized", lambda: world.raw(operation.method, asked.path)
    yield "Bearer", "unauthorized", lambda: world.raw(operation.method, asked.path, headers=bearer)
    other = next(a for a in world.details(asked.who)["actions"] if a != operation.action)
    yield "a token without the action", "actionNotAllowed", lambda: _again(story, asked, action=other)


def _address(story: Story, asked: Asked) -> Iterator[Fault]:
    path, mark = asked.path.partition("?")[0], "&" if "?" in asked.path else "?"
    malformed = re.sub(r"(\w+):[a-z2-7]{26}", "x", path)
    if malformed != path:
        unknown = re.sub(r"(\w+):[a-z2-7]{26}", r"\1:" + "a" * 26, path)
        yield "a malformed id", "invalidParameter", lambda: _again(story, asked, path=malformed)
        yield "an unknown id", "notFound", lambda: _again(story, asked, path=unknown)
    queries = {"unknown=1": "invalidParameter"}
    if "cursor" in asked.operation.parameters:
        queries |= {"limit=0": "invalidParameter", "cursor=" + "A" * 40: "invalidCursor"}
    for query, expected in queries.items():
        yield query, expected, partial(_again, story, asked, path=f"{asked.path}{mark}{query}")


def _body(story: Story, asked: Asked) -> Iterator[Fault]:
    if asked.operation.media is None:
        yield "a body", "invalidParameter", lambda: _again(story, asked, content=b"{}")
        return
    text = {"Content-Type": "text/plain"}
    yield "another media type", "unsupportedMediaType", lambda: _again(story, asked, headers=text)
    large = b" " * 1_048_577
    yield "a large body", "bodyTooLarge", lambda: _again(story, asked, content=large)
    if asked.operation.media.endswith("json"):
        yield "malformed JSON", "malformedJson", lambda: _again(story, asked, content=b"{")
        yield "a list", "schemaViolation", lambda: _again(story, asked, content=b"[]")
    else:
        yield "no token at all", "400 invalid_request", lambda: _again(story, asked, content=b"!")
        yield "not even text", "400 invalid_request", lambda: _again(story, asked, content=b"\xff")


def _headers(story: Story, asked: Asked) -> Iterator[Fault]:
    operation = asked.operation
    if "Idempotency-Key" in operation.parameters:
        path = re.sub(r"(\w+):[a-z2-7]{26}", r"\1:" + "a" * 26, asked.path)
        body = asked.content
        if operation.name in ANOTHER:
            body = json.dumps(json.loads(asked.content or b"") | ANOTHER[operation.name]).encode()
        reused = {"Idempotency-Key": asked.key}
        yield "no key", "idempotencyKeyMissing", lambda: _again(story, asked, headers={"Idempotency-Key": ""})
        yield (
            "a key of another request",
            "idempotencyKeyReused",
            lambda: _again(story, asked, path=path, content=body, headers=reused),
        )
    if "If-Match" in operation.parameters:
        yield "no If-Match", "preconditionRequired", lambda: _again(story, asked, headers={"If-Match": ""})
        yield "a stale If-Match", "preconditionFailed", lambda: _again(story, asked)
    if "304" in operation.responses:
        tag = {"If-None-Match": "*"}
        yield "If-None-Match", "304", lambda: _again(story, asked, headers=tag)
    if operation.method == "POST" and "409" in operation.responses and operation.name != "createRecall":
        yield "the same once more", *_once_more(story, asked)


def _once_more(story: Story, asked: Asked) -> tuple[str, Callable[[], httpx2.Response]]:
    if asked.operation.name == "collectPartnerRelease":
        path = f"/v1/partner-release-requests/{story.undecided}"
        shown = story.alpha.call("caseWorker", "GET", path)
        assert shown.json()["status"]["state"] == "withdrawn"
        return "conflict", lambda: _again(story, asked, path=f"{path}/collection")
    if asked.operation.name in {"clearContact", "clearPersonContact"}:
        return "unsafeContact", lambda: _again(story, asked, content=b'{"channel": "post"}')
    if "{" in asked.operation.path or asked.operation.name == "createCustodyTransfer":
        return "conflict", lambda: _again(story, asked)
    identifier = asked.answer.headers["location"].rpartition("/")[2]
    (member,) = [name for name, value in asked.answer.json().items() if value == identifier]
    body = json.dumps(json.loads(asked.content or b"") | {member: identifier}).encode()
    return "alreadyExists", lambda: _again(story, asked, content=body)


def _special(story: Story) -> Iterator[tuple[str, str, str, httpx2.Response]]:
    """Faults that only one operation knows."""
    yield from _token_refusals(story)
    ask = {"createReleaseRequest": {"hitReference": "A" * 60}}
    ask["createPartnerReleaseRequest"] = {"partnerSearch": "partnerSearch:" + "a" * 26}
    for name, change in ask.items():
        asked = story.asked[name]
        body = json.dumps(json.loads(asked.content or b"") | change).encode()
        yield name, "what is not there", "notFound", _again(story, asked, content=body)
    proofs = {"getInclusionProof": "leaf=leaf:" + "a" * 26, "getConsistencyProof": "from=1&to=1000000"}
    for name, query in proofs.items():
        asked = story.asked[name]
        path = f"{asked.operation.path}?{query}"
        yield name, "what is not there", "notFound", _again(story, asked, path=path)
    for number in range(11):
        code = recovery_codes.make(bytes([number]) * recovery_codes.RANDOM_BYTES)
        name, content = "recoverSearchRequest", json.dumps({"code": code}).encode()
        fault, expected = ("a wrong code", "notFound") if number < 10 else ("guessing", "quotaExceeded")
        yield name, fault, expected, _again(story, story.asked[name], content=content)
    for name in ("createRecall", "retainReceivedRelease", "eraseReceivedRelease"):
        yield name, "what is held no more", "conflict", _again(story, story.asked[name])
    to_sign = {"keys": [key for key in story.partner.jwks["keys"] if key.get("use") != "enc"]}
    for name in ("collectRelease", "collectCustodyRecord"):
        asked = story.asked[name]
        story.town.register(asked.world, partner_entry(story.partner, jwks=to_sign))
        yield name, "no key to seal to", "encryptionKeyMissing", _again(story, asked)
    story.town.down.add("beta")
    for name in ("createPartnerReleaseRequest", "getPartnerReleaseRequest", "collectPartnerRelease"):
        yield name, "a partner out of reach", "partnerFailed", _again(story, story.asked[name])
    asked = story.asked["replyToPartnerQuestion"]
    path = f"/v1/partner-release-requests/{story.questioned}/replies"
    failed = _again(story, asked, path=path)
    yield "replyToPartnerQuestion", "a partner out of reach", "partnerFailed", failed
    name, path = "answerCustodyOffer", f"/v1/custody-transfers/{story.unanswered}/answer"
    there = replace(story.asked[name], world=story.alpha)
    yield name, "a partner out of reach", "partnerFailed", _again(story, there, path=path)
    object.__setattr__(story.beta.node.settings, "partner_searches_per_day", 0)
    name = "createSearch"
    yield name, "a spent budget", "quotaExceeded", _again(story, story.asked[name])
    object.__setattr__(story.beta.node.settings, "release_requests_per_day", 0)
    name = "createReleaseRequest"
    yield name, "a spent budget", "quotaExceeded", _again(story, story.asked[name])
    object.__setattr__(story.beta.node.settings, "partner_asks_per_day", 0)
    name, message = "receiveEvent", new_id("message")
    written = {"messageId": message, "caseReference": "case-1", "language": "en", "text": "Testa."}
    token = story.event_token("caseMessage", message, written).encode()
    yield name, "too much asked", "quotaExceeded", _again(story, story.asked[name], content=token)
    settings = story.alpha.node.settings
    owner = make_engine(as_owner(settings.database_url), settings.node_id, threads=1)
    with owner.begin() as conn:
        conn.exec_driver_sql("ALTER TABLE document RENAME TO gone")
    owner.dispose()
    yield "getReadiness", "no tables", "unavailable", story.alpha.raw("GET", "/health/ready")


def _token_refusals(story: Story) -> Iterator[tuple[str, str, str, httpx2.Response]]:
    alpha, name = story.alpha, "createToken"
    password = alpha.token_response("auditor", {"grant_type": "password"})
    yield name, "another grant", "400 unsupported_grant_type", password
    forged = alpha.token_response("auditor", {"client_assertion": "a.b.c"})
    yield name, "a forged assertion", "401 invalid_client", forged
    large = alpha.token_response("auditor", {"scope": "x" * 1_048_577})
    yield name, "a large body", "413 invalid_request", large


def _again(story: Story, asked: Asked, *, action: str | None = None, **changes: Any) -> httpx2.Response:
    """Send the request with a fresh key, changed in one place; an empty header is left out."""
    given = {"Idempotency-Key": secrets.token_urlsafe(16), "If-Match": '"stale"'}
    headers = {name: value for name, value in (given | changes.pop("headers", {})).items() if value}
    one = replace(asked, **changes)
    return story.send(one.operation, one.world, one.who, one.path, one.content, headers, action=action)


def _code(response: httpx2.Response) -> str:
    """Return the problem code once the status is its own, else the status and the code of another RFC."""
    if not response.content:
        return str(response.status_code)
    body = response.json()
    code = str(body.get("type", "")).removeprefix("urn:mpex:problem:")
    if code in PROBLEMS and int(PROBLEMS[code]["httpStatus"]) == response.status_code:
        return code
    return f"{response.status_code} {body.get('error') or body.get('err') or code}"
