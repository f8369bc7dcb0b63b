"""Events at the receiver: only a partner's own, for this node, of a known form, and each once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey
from joserfc.jws import JWSRegistry
from mpex_server.kit.ids import new_id
from mpex_server.recalls import delivery
from mpex_server.recalls import outbox as queue
from mpex_server.storage import tables as t
from mpex_server.storage.engine import transaction
from sqlalchemy import select

from tests.server.exchange.town import made, permit, record, search
from tests.server.records import samples
from tests.server.world import World

PATH = "/v1/events"
MEDIA = {"Content-Type": "application/secevent+jwt"}
Body = dict[str, Any]
_REGISTRY = JWSRegistry(algorithms=["ES256"], strict_check_header=False)


def claims_of(world: World, **members: Any) -> Body:
    recall = {
        "recallId": new_id("recall"),
        "cause": "withdrawn",
        "purposes": [],
        "dueAt": "2026-11-23T10:00:00Z",
    }
    return {
        "iss": world.identities["one"].client_id,
        "aud": world.node.settings.node_id,
        "jti": new_id("event"),
        "iat": world.now(),
        "sub_id": {"format": "opaque", "id": new_id("release")},
        "sequence": 1,
        "events": {"urn:mpex:event:recall": recall},
    } | members


def signed(
    world: World, claims: Body, *, key: Any = None, typ: str = "secevent+jwt", partner: str = "one"
) -> str:
    identity = world.identities[partner]
    header = {"alg": "ES256", "typ": typ, "kid": identity.key.kid}
    return str(jwt.encode(header, claims, key or identity.key, registry=_REGISTRY))


def push(world: World, token: str, partner: str = "one") -> httpx2.Response:
    headers = MEDIA | world.headers(partner, "POST", PATH)
    return world.raw("POST", PATH, content=token.encode(), headers=headers)


def outbox(world: World) -> list[Any]:
    with transaction(world.node.engine) as conn:
        return list(conn.execute(select(t.outbox)).all())


def test_strangers_and_staff_push_nothing(world: World) -> None:
    assert world.raw("POST", PATH, content=b"x", headers=MEDIA).status_code == 401
    for role in ("registrar", "administrator"):
        assert push(world, signed(world, claims_of(world)), role).status_code == 403
    assert outbox(world) == []


def test_a_recall_is_accepted_once_and_answered_once(world: World) -> None:
    claims = claims_of(world)
    for _ in range(2):
        accepted = push(world, signed(world, claims))
        assert (accepted.status_code, accepted.content) == (202, b"")
    (row,) = outbox(world)
    assert (row.event_type, row.partner) == ("receipt", world.identities["one"].client_id)
    assert world.events()[-2:] == ["event", "event"]


def test_an_event_sent_late_is_accepted(world: World) -> None:
    assert push(world, signed(world, claims_of(world, iat=world.now() - 10 * 86400))).status_code == 202


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda world: {"iss": world.identities["two"].client_id}, "invalid_issuer"),
        (lambda _: {"aud": new_id("node")}, "invalid_audience"),
        (lambda world: {"iat": world.now() + 3600}, "invalid_request"),
        (lambda _: {"events": {}}, "invalid_request"),
        (lambda _: {"extra": 1}, "invalid_request"),
        (lambda _: {"sequence": 0}, "invalid_request"),
    ],
)
def test_claims_that_do_not_fit_are_refused(world: World, change: Callable[[World], Body], code: str) -> None:
    refused = push(world, signed(world, claims_of(world, **change(world))))
    assert (refused.status_code, refused.json()["err"]) == (400, code)
    assert refused.headers["content-type"] == "application/json"
    assert outbox(world) == []
    assert world.events()[-1] == "refusal"


@pytest.mark.parametrize("also_wrong", [{}, {"categories": "many"}], ids=["alone", "in a wrong form"])
def test_an_event_that_names_a_prohibited_purpose_is_refused_and_logged(
    world: World, also_wrong: Body
) -> None:
    question = {
        "onwardId": new_id("releaseRequest"),
        "recipient": new_id("node"),
        "categories": ["names"],
        "purpose": "immigrationEnforcement",
    } | also_wrong
    refused = push(world, signed(world, claims_of(world, events={"urn:mpex:event:onwardAsked": question})))
    assert samples.refusal(refused) == (403, "prohibitedPurpose")
    entry = world.leaves()[-1]
    assert (entry["event"], entry["reason"]) == ("refusal", "prohibitedPurpose")


def test_signatures_of_others_are_refused(world: World) -> None:
    claims = claims_of(world)
    stranger = ECKey.generate_key("P-256")
    tokens = [signed(world, claims, key=stranger), signed(world, claims, typ="JWT")]
    tokens.append(signed(world, claims)[:-4] + "AAAA")
    for token in tokens:
        refused = push(world, token)
        assert (refused.status_code, refused.json()["err"]) == (400, "invalid_key")
    assert push(world, signed(world, claims), "two").status_code == 400
    assert outbox(world) == []


@pytest.mark.parametrize("body", [b"no token", b"a.b.c", b"\xff\xfe", b""])
def test_what_is_no_token_is_refused(world: World, body: bytes) -> None:
    headers = MEDIA | world.headers("one", "POST", PATH)
    refused = world.raw("POST", PATH, content=body, headers=headers)
    assert (refused.status_code, refused.json()["err"]) == (400, "invalid_request")


def test_a_partner_recalls_only_what_it_sent(world: World) -> None:
    """A recall or receipt that concerns somebody else's things takes no effect and tells nothing."""
    receipt = {"recallId": new_id("recall"), "outcome": "erased", "leafHash": "A" * 43}
    news = {"searchId": new_id("search"), "choice": "aliveOnly"}
    for name, event in (("receipt", receipt), ("news", news)):
        claims = claims_of(world, events={f"urn:mpex:event:{name}": event})
        assert push(world, signed(world, claims)).status_code == 202
    assert outbox(world) == []


def test_events_wait_longer_after_each_failure(world: World) -> None:
    assert push(world, signed(world, claims_of(world))).status_code == 202
    assert delivery.deliver(world.node) == 1
    (row,) = outbox(world)
    assert (row.attempts, row.last_error, row.acked_at) == (1, "UnreachableError", None)
    assert delivery.deliver(world.node) == 0
    waits = [delivery.SANDBOX_PACE.wait(attempts).total_seconds() for attempts in range(5)]
    assert waits == [1, 2, 4, 5, 5]


def test_of_two_workers_one_sends_and_a_dead_one_is_relieved(world: World) -> None:
    assert push(world, signed(world, claims_of(world))).status_code == 202
    node, now = world.node, world.clock.now

    def claimed() -> int:
        with transaction(node.engine) as conn:
            partner = world.identities["one"].client_id
            return int(queue.claim(conn, node.keys, partner=partner, now=now()) is not None)

    assert [claimed(), claimed()] == [1, 0]
    world.clock.advance(timedelta(seconds=119))
    assert claimed() == 0
    world.clock.advance(timedelta(seconds=1))
    assert claimed() == 1


def test_a_query_that_comes_after_its_recall_is_not_kept(world: World) -> None:
    record(world, permit(world, sets=["identity"]), type="foundAlive")
    asked = search()
    overtaken = claims_of(world, sub_id={"format": "opaque", "id": asked["searchId"]})
    assert push(world, signed(world, overtaken)).status_code == 202
    assert made(world.call("one", "POST", "/v1/searches", asked), 200)["outcome"] == "noHit"
    assert made(world.call("caseWorker", "GET", "/v1/tasks"), 200)["items"] == []
    made(world.call("one", "POST", "/v1/searches", search()), 200)
    assert len(made(world.call("caseWorker", "GET", "/v1/tasks"), 200)["items"]) == 1
