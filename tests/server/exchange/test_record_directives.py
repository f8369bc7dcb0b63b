"""Directives that a record names itself: denials of the person and of protective authorities (CONS-007)."""

from typing import Any

import pytest
from mpex_server.disclosures.decision import decide_record
from mpex_server.disclosures.work import OwnWork
from mpex_server.domain.directives import Requester
from mpex_server.kit.clock import instant
from mpex_server.kit.ids import new_id
from mpex_server.oauth import clients
from mpex_server.storage.engine import transaction

from tests.server.exchange.town import SECTIONS, made, permit, record, search
from tests.server.records import samples
from tests.server.world import START, World, partner_entry

Body = dict[str, Any]
DENY = {"effect": "deny", "purposes": ["searchLiving"]}


def directive(world: World, authority: str, *grants: Body, **members: Any) -> str:
    body = samples.directive(givenBy={"authority": authority}, grants=list(grants), **members)
    return str(made(world.call("registrar", "POST", "/v1/directives", body))["directiveId"])


def outcome(world: World, partner: str = "one") -> str:
    return str(made(world.call(partner, "POST", "/v1/searches", search()), 200)["outcome"])


@pytest.mark.parametrize("authority", ["self", "court", "childProtection", "guardian"])
def test_a_denial_binds_the_record_without_a_contribution(world: World, authority: str) -> None:
    permitted = permit(world, sets=["identity"])
    record(world, permitted, directives=[directive(world, authority, DENY)])
    assert outcome(world) == "noHit"


def test_an_exclusion_of_the_record_excludes_that_partner_only(world: World) -> None:
    one = world.identities["one"].client_id
    own = directive(world, "self", doNotShareWith=[{"nodeId": one}])
    record(world, permit(world, sets=["identity"]), directives=[own])
    assert [outcome(world, partner) for partner in ("one", "two")] == ["noHit", "possibleHit"]


def test_a_directive_of_the_record_permits_nothing_by_itself(world: World) -> None:
    grant = {
        "effect": "permit",
        "purposes": ["searchLiving"],
        "releaseSets": ["identity"],
        "recipientClasses": ["humanitarian"],
    }
    record(world, directives=[directive(world, "self", grant)])
    assert outcome(world) == "noHit"


def test_a_denial_stays_when_its_directive_is_withdrawn_and_goes_with_it(world: World) -> None:
    denial = directive(world, "self", DENY)
    entry = samples.contribution(sections=SECTIONS, directive=permit(world, sets=["identity"]))
    body = samples.person(contributions=[entry], directives=[denial])
    created = world.call("registrar", "POST", "/v1/persons", body)
    made(world.call("registrar", "POST", f"/v1/directives/{denial}/withdrawals", {}))
    assert outcome(world) == "noHit"
    path, changed = created.headers["location"], created.json() | {"directives": []}
    made(world.call("registrar", "PUT", path, changed, match=created.headers["etag"]), 200)
    assert outcome(world) == "possibleHit"


def test_a_denial_that_comes_later_ends_what_was_approved(world: World) -> None:
    permitted = permit(world, sets=["identity"])
    entry = samples.contribution(sections=SECTIONS, directive=permitted)
    created = world.call("registrar", "POST", "/v1/persons", samples.person(contributions=[entry]))
    (hit,) = made(world.call("one", "POST", "/v1/searches", search()), 200)["hits"]
    asked = {
        **{name: search()[name] for name in ("purpose", "legalBasis", "caseReference", "releaseSet")},
        "hitReference": hit["reference"],
        "reason": "The description fits.",
    }
    request = made(world.call("one", "POST", "/v1/release-requests", asked), 202)["releaseRequestId"]
    path = f"/v1/release-cases/{request}/decision"
    made(world.call("releaseOfficer", "POST", path, {"decision": "approve"}), 200)
    body = created.json() | {"directives": [directive(world, "court", DENY)]}
    tag = created.headers["etag"]
    made(world.call("registrar", "PUT", created.headers["location"], body, match=tag), 200)
    assert world.call("one", "GET", f"/v1/release-requests/{request}/release").status_code == 404


@pytest.mark.parametrize(("kind", "path"), [("person", "/v1/persons"), ("remains_unit", "/v1/remains")])
def test_who_binds_nothing_or_is_unknown_is_refused_by_place(world: World, kind: str, path: str) -> None:
    enquirer = directive(world, "enquirer", DENY)
    about_enquirer = directive(world, "self", DENY, dataSubject="enquirer")
    made_of = getattr(samples, kind)
    for wrong in (enquirer, about_enquirer, new_id("directive")):
        body = made_of(directives=[directive(world, "court", DENY), wrong])
        refused = world.call("registrar", "POST", path, body)
        assert (refused.status_code, samples.pointers(refused)) == (422, ["/directives/1"])


@pytest.mark.parametrize(
    ("sections", "expected"),
    [
        ({"identity": {"nationalities": [{"country": "YY", "basis": "claimed"}]}}, "possibleHit"),
        ({"identity": {"nationalities": [{"country": "XX", "basis": "claimed"}]}}, "noHit"),
        ({"journey": {"points": [{"type": "origin", "place": {"country": "YY"}}]}}, "possibleHit"),
        ({"journey": {"points": [{"type": "origin", "place": {"country": "XX"}}]}}, "noHit"),
        ({"journey": {"points": [{"type": "transit", "place": {"country": "YY"}}]}}, "noHit"),
        ({}, "noHit"),
    ],
)
def test_a_national_authority_is_told_of_people_of_other_countries_only(
    world: World, sections: Body, expected: str
) -> None:
    entry = partner_entry(world.identities["two"], nationalAuthorityOf="XX")
    with transaction(world.node.engine) as conn:
        clients.register_partner(conn, entry, at=instant(START))
    record(world, permit(world, sets=["searchDetail"]), SECTIONS | sections)
    assert outcome(world, "two") == expected
    assert outcome(world, "one") == "possibleHit"


def test_what_rests_on_the_persons_asking_is_called_back_with_it(world: World) -> None:
    two = world.identities["two"]
    with transaction(world.node.engine) as conn:
        entry = partner_entry(two, nationalAuthorityOf="XX")
        clients.register_partner(conn, entry, at=instant(START))
    grant = {
        "effect": "permit",
        "purposes": ["searchLiving"],
        "releaseSets": ["identity"],
        "recipientIds": [two.client_id],
    }
    asking = directive(world, "self", grant)
    held = record(world, permit(world, sets=["identity"]), directives=[asking])
    assert outcome(world, "two") == "possibleHit"
    with transaction(world.node.engine) as conn:
        work = OwnWork(conn, world.node.keys, world.node.clock, world.node.settings)
        document = work.documents.get(held)
        assert document is not None
        decision = decide_record(
            work.documents,
            document,
            Requester.from_document(entry),
            purpose="searchLiving",
            categories={"names"},
            at=START,
        )
    assert asking in decision.directives
    made(world.call("registrar", "POST", f"/v1/directives/{asking}/withdrawals", {}))
    assert outcome(world, "two") == "noHit"


def test_what_one_account_loses_is_called_back_though_another_permits_the_same(world: World) -> None:
    entry = samples.contribution(sections=SECTIONS, directive=permit(world, sets=["identity"]))
    created = world.call("registrar", "POST", "/v1/persons", samples.person(contributions=[entry]))
    (hit,) = made(world.call("one", "POST", "/v1/searches", search()), 200)["hits"]
    asked = {name: search()[name] for name in ("purpose", "legalBasis", "caseReference", "releaseSet")}
    asked |= {"hitReference": hit["reference"], "reason": "The description fits."}
    request = made(world.call("one", "POST", "/v1/release-requests", asked), 202)["releaseRequestId"]
    path = f"/v1/release-cases/{request}/decision"
    made(world.call("releaseOfficer", "POST", path, {"decision": "approve"}), 200)
    made(world.call("one", "GET", f"/v1/release-requests/{request}/release"), 200)
    own = samples.contribution(
        sections=SECTIONS, directive=permit(world, sets=["identity"], givenBy={"authority": "self"})
    )
    now = made(world.call("registrar", "GET", created.headers["location"]), 200)
    body = now | {
        "contributions": [*now["contributions"], own],
        "directives": [directive(world, "court", DENY)],
    }
    made(
        world.call("registrar", "PUT", created.headers["location"], body, match=created.headers["etag"]), 200
    )
    assert outcome(world) == "possibleHit"
    recalls = made(world.call("caseWorker", "GET", "/v1/recalls"), 200)["items"]
    assert "release" in {entry["kind"] for recall in recalls for entry in recall["recipients"]}
