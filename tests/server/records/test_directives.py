"""Consent directives: recorded once, never changed, and never more than anybody may permit."""

import pytest
from mpex_server.kit.ids import new_id

from tests.server.records import samples
from tests.server.world import World

DIRECTIVES = "/v1/directives"


def test_a_directive_comes_back_as_it_was_given(world: World) -> None:
    given = samples.directive(doNotShareWith=[{"recipientClass": "police"}], language="ar")
    created = world.call("registrar", "POST", DIRECTIVES, given)
    assert created.status_code == 201, created.text
    record = created.json()
    assert record["version"] == 1
    assert record["createdAt"] == "2026-11-21T10:00:00Z"
    server_set = ("directiveId", "version", "createdAt")
    assert {name: value for name, value in record.items() if name not in server_set} == given
    assert world.call("registrar", "GET", created.headers["location"]).json() == record
    assert world.call("registrar", "GET", DIRECTIVES).json() == {"items": [record]}
    assert samples.events(world) == ["consentChange", "read", "read"]


def test_an_empty_grant_list_is_held_and_not_shared(world: World) -> None:
    assert world.call("registrar", "POST", DIRECTIVES, samples.directive(grants=[])).status_code == 201


def test_withdrawals_do_not_come_in_with_a_directive(world: World) -> None:
    body = samples.directive(withdrawals=[{"at": "2026-11-21T09:00:00Z"}])
    assert "withdrawals" not in world.call("registrar", "POST", DIRECTIVES, body).json()


def test_an_identifier_is_given_once(world: World) -> None:
    body = samples.directive(directiveId=new_id("directive"))
    assert world.call("registrar", "POST", DIRECTIVES, body).json()["directiveId"] == body["directiveId"]
    again = world.call("registrar", "POST", DIRECTIVES, body)
    assert samples.refusal(again) == (409, "alreadyExists")


@pytest.mark.parametrize(
    "purpose", ["immigrationEnforcement", "borderControl", "returnProcedure", "commercial"]
)
def test_nobody_can_permit_a_prohibited_purpose(world: World, purpose: str) -> None:
    grants = [samples.directive()["grants"][0], {"effect": "permit", "purposes": ["searchLiving", purpose]}]
    refused = world.call("registrar", "POST", DIRECTIVES, samples.directive(grants=grants))
    assert samples.refusal(refused) == (403, "prohibitedPurpose")
    assert samples.pointers(refused) == ["/grants/1/purposes/1"]
    assert samples.events(world) == ["refusal"]


def test_a_prohibited_purpose_may_be_denied_in_so_many_words(world: World) -> None:
    grants = [{"effect": "deny", "purposes": ["borderControl"]}]
    assert world.call("registrar", "POST", DIRECTIVES, samples.directive(grants=grants)).status_code == 201


def test_a_contribution_rests_on_its_directive(world: World) -> None:
    directive = world.call("registrar", "POST", DIRECTIVES, samples.directive()).json()["directiveId"]
    body = samples.person(contributions=[samples.contribution(directive=directive)])
    person = world.call("registrar", "POST", "/v1/persons", body)
    assert person.json()["contributions"][0]["directive"] == directive
    assert samples.linked(world, directive, "directive") == [person.json()["recordId"]]
    freed = samples.person()
    world.call("registrar", "PUT", person.headers["location"], freed, match=person.headers["etag"])
    assert samples.linked(world, directive, "directive") == []


def test_a_directive_does_not_change(world: World) -> None:
    created = world.call("registrar", "POST", DIRECTIVES, samples.directive())
    path, tag = created.headers["location"], created.headers["etag"]
    assert world.call("registrar", "PUT", path, samples.directive(), match=tag).status_code == 405
