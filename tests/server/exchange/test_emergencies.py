"""Releases for `protectLife`: to rescuers, by two persons, for three days, reviewed and told."""

from datetime import timedelta
from typing import Any

import pytest
from mpex_server.kit.clock import instant
from mpex_server.kit.ids import new_id
from mpex_server.kit.jws import parse
from mpex_server.oauth import clients
from mpex_server.storage.engine import transaction

from tests.server.exchange.town import made, record
from tests.server.records import samples
from tests.server.world import START, Identity, World, partner_entry

Body = dict[str, Any]
PURPOSE = "protectLife"
MARKS = [{"kind": "scar", "bodyLocation": word, "observed": True} for word in ("ficta", "inventada", "nulla")]
SECTIONS: Body = {
    "summary": {"sex": "female", "age": {"min": 30, "max": 32, "asOf": "2026-01-01"}},
    "identity": {"nationalities": [{"country": "XX", "basis": "claimed"}]},
    "physical": {"heightCm": {"min": 171, "max": 172}, "marks": MARKS},
}


@pytest.fixture
def rescued(world: World) -> str:
    """A record that rescuers may see; partner `one` is a rescue service, `two` is not."""
    for name, recipient_class in (("one", "rescue"), ("two", "humanitarian")):
        entry = partner_entry(world.identities[name], recipientClass=recipient_class, purposes=[PURPOSE])
        with transaction(world.node.engine) as conn:
            clients.register_partner(conn, entry, at=instant(START))
    grant = {
        "effect": "permit",
        "purposes": [PURPOSE],
        "releaseSets": ["summary"],
        "categories": ["identity", "physical", "names"],
        "recipientClasses": ["rescue", "humanitarian"],
    }
    given = made(world.call("registrar", "POST", "/v1/directives", samples.directive(grants=[grant])))
    return record(world, given["directiveId"], SECTIONS, nameUnknown=True)


def asked(world: World, partner: str) -> list[Body]:
    body = {
        "searchId": "search:" + "a" * 26,
        "purpose": PURPOSE,
        "legalBasis": "vitalInterest",
        "caseReference": "case-1",
        "releaseSet": "summary",
        "query": SECTIONS,
    }
    hits: list[Body] = made(world.call(partner, "POST", "/v1/searches", body, purpose=PURPOSE), 200)["hits"]
    return hits


def client(world: World, name: str, role: str, person: str | None = None) -> None:
    """Register another client, perhaps of somebody who has one."""
    identity = Identity(new_id("client"))
    with transaction(world.node.engine) as conn:
        clients.register_staff(
            conn, identity.client_id, roles=(role,), jwks=identity.jwks, at=instant(START), person=person
        )
    world.identities[name] = identity


def approve(world: World, who: str, request: str) -> int:
    path = f"/v1/release-cases/{request}/decision"
    actions = ["releaseCases:decide"]
    return world.call(who, "POST", path, {"decision": "approve"}, actions=actions).status_code


def tasks(world: World, kind: str) -> list[Body]:
    items: list[Body] = made(world.call("supervisor", "GET", f"/v1/tasks?kind={kind}"), 200)["items"]
    return items


def test_only_rescuers_find_whom_everybody_may_see(world: World, rescued: str) -> None:
    assert len(asked(world, "one")) == 1
    for action in ("searches:create", "releaseRequests:create", "releaseRequests:read", "releases:collect"):
        refused = world.token_response("two", purpose=PURPOSE, actions=[action])
        assert (refused.status_code, refused.json()["error"]) == (400, "invalid_authorization_details")
    assert rescued


def test_two_persons_release_for_three_days_and_a_third_reviews(world: World, rescued: str) -> None:
    (hit,) = asked(world, "one")
    body = {
        "hitReference": hit["reference"],
        "caseReference": "case-1",
        "purpose": PURPOSE,
        "legalBasis": "vitalInterest",
        "categories": ["physical", "names"],
        "reason": "Taken from the water.",
    }
    taken = world.call("one", "POST", "/v1/release-requests", body, purpose=PURPOSE)
    request = made(taken, 202)["releaseRequestId"]
    release = f"/v1/release-requests/{request}/release"
    client(world, "again", "releaseOfficer", person=world.identities["releaseOfficer"].client_id)
    approvals = [approve(world, who, request) for who in ("releaseOfficer", "releaseOfficer", "again")]
    assert approvals == [200, 409, 409]
    assert world.call("one", "GET", release, purpose=PURPOSE).status_code == 404
    assert tasks(world, "emergencyReview") == []
    assert approve(world, "supervisor", request) == 200
    given = made(world.call("one", "GET", release, purpose=PURPOSE), 200)
    assert given["disclosures"].keys() == {"physical"}
    assert parse(given["statement"]).claims["validUntil"] == "2026-11-24T10:00:00Z"
    (review,), (told,) = tasks(world, "emergencyReview"), tasks(world, "informPerson")
    assert (review["subject"], told["subject"]) == (request, rescued)
    path = f"/v1/tasks/{review['taskId']}/completion"
    client(world, "same", "supervisor", person=world.identities["supervisor"].client_id)
    client(world, "third", "supervisor")
    closed = [
        world.call(who, "POST", path, {}, actions=["tasks:write"]).status_code
        for who in ("releaseOfficer", "supervisor", "same", "registrar", "third")
    ]
    assert closed == [409, 409, 409, 404, 200]


def test_an_emergency_does_not_go_on_by_collecting_again(world: World, rescued: str) -> None:
    assert rescued
    (hit,) = asked(world, "one")
    body = {
        "hitReference": hit["reference"],
        "caseReference": "case-1",
        "purpose": PURPOSE,
        "legalBasis": "vitalInterest",
        "categories": ["physical"],
        "reason": "Taken from the water.",
    }
    taken = world.call("one", "POST", "/v1/release-requests", body, purpose=PURPOSE)
    request = made(taken, 202)["releaseRequestId"]
    assert [approve(world, who, request) for who in ("releaseOfficer", "supervisor")] == [200, 200]
    path = f"/v1/release-requests/{request}"
    world.clock.advance(timedelta(hours=71))
    assert world.call("one", "GET", f"{path}/release", purpose=PURPOSE).status_code == 200
    world.clock.advance(timedelta(hours=1))
    assert world.call("one", "GET", f"{path}/release", purpose=PURPOSE).status_code == 404
    assert made(world.call("one", "GET", path, purpose=PURPOSE), 200)["state"] == "withdrawn"
