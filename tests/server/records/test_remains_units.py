"""Remains units at the node: numbers, sets, custody chains, and whom confirmed identifications name."""

from typing import Any

import httpx2
from mpex_server.kit.ids import new_id

from tests.server.records import samples
from tests.server.world import World

UNITS = "/v1/remains"
IDENTIFICATIONS = "/v1/identifications"


def made(world: World, **members: Any) -> str:
    return str(samples.made(world, "registrar", UNITS, samples.remains_unit(**members))["recordId"])


def changed(world: World, unit: str, **members: Any) -> httpx2.Response:
    read = world.call("registrar", "GET", f"{UNITS}/{unit}")
    body = read.json() | members
    return world.call("registrar", "PUT", f"{UNITS}/{unit}", body, match=read.headers["etag"])


def confirmed(world: World, units: list[str], **members: Any) -> httpx2.Response:
    person = samples.made(world, "registrar", "/v1/persons", samples.person())["recordId"]
    body = samples.identification(state="confirmed", persons=[person], remains=units)
    return world.call("releaseOfficer", "POST", IDENTIFICATIONS, body | members)


def places(response: httpx2.Response) -> list[str]:
    assert samples.refusal(response) == (422, "ruleViolation")
    return samples.pointers(response)


def test_a_number_that_the_inventory_belies_is_refused_at_its_place(world: World) -> None:
    hands = [{"region": "hand", "side": "left", "complete": True, "count": 2}]
    few = samples.remains_unit(parts=hands, commingled=True)
    assert places(world.call("registrar", "POST", UNITS, few)) == ["/minimumIndividuals"]
    unit = made(world, parts=hands, commingled=True, minimumIndividuals=2)
    assert places(changed(world, unit, commingled=False)) == ["/commingled"]


def test_a_set_that_lies_in_its_own_part_is_refused(world: World) -> None:
    outer = made(world)
    inner = made(world, parentSet=outer)
    assert places(changed(world, outer, parentSet=inner)) == ["/parentSet"]
    assert changed(world, inner, parentSet=made(world)).status_code == 200


def test_a_hand_over_of_the_future_is_refused(world: World) -> None:
    events = [{"at": "2031-01-01T00:00:00Z", "event": "buried"}]
    unit = samples.remains_unit(
        contributions=[samples.contribution(sections={"custody": {"events": events}})]
    )
    refused = world.call("registrar", "POST", UNITS, unit)
    assert places(refused) == ["/contributions/0/sections/custody/events/0/at"]


def test_what_only_splitting_and_merging_set_is_not_taken_from_a_client(world: World) -> None:
    stray = {
        "splitFrom": new_id("remains"),
        "mergedInto": new_id("remains"),
        "splitInto": [new_id("remains")],
    }
    unit = made(world, **stray)
    answer = changed(world, unit, **stray)
    assert answer.status_code == 200
    assert not stray.keys() & answer.json().keys()


def test_a_second_identity_is_refused_at_the_unit_that_has_one(world: World) -> None:
    single, other = made(world), made(world)
    assert confirmed(world, [single]).status_code == 201
    assert places(confirmed(world, [other, single])) == ["/remains/1"]


def test_an_identification_without_person_and_one_of_the_living_contradict_nobody(world: World) -> None:
    single = made(world)
    assert confirmed(world, [single]).status_code == 201
    assert confirmed(world, [single], persons=[]).status_code == 201
    assert confirmed(world, [single], conclusion="alive").status_code == 201


def test_parts_of_several_people_are_commingled_for_good_while_two_identities_stand(world: World) -> None:
    mixed = made(world, commingled=True, minimumIndividuals=2)
    first, second = confirmed(world, [mixed]), confirmed(world, [mixed])
    assert places(changed(world, mixed, commingled=False, minimumIndividuals=1)) == ["/commingled"]
    path = f"{IDENTIFICATIONS}/{second.json()['identificationId']}"
    revoked = second.json() | {"state": "revoked"}
    done = world.call("releaseOfficer", "PUT", path, revoked, match=second.headers["etag"])
    assert (first.status_code, done.status_code) == (201, 200)
    assert changed(world, mixed, commingled=False, minimumIndividuals=1).status_code == 200
