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
    # What nobody has been told of yet is no reason that anybody may be given.
    assert changed(world, mixed, commingled=False, minimumIndividuals=1).status_code == 200
    assert changed(world, mixed, commingled=True, minimumIndividuals=2).status_code == 200
    lift = {"officer": "Head of the invented office", "reason": "Nobody is left to be told."}
    for decided in (first, second):
        path = f"{IDENTIFICATIONS}/{decided.json()['identificationId']}/embargo-lift"
        assert world.call("releaseOfficer", "POST", path, lift).status_code == 201
    assert places(changed(world, mixed, commingled=False, minimumIndividuals=1)) == ["/commingled"]
    path = f"{IDENTIFICATIONS}/{second.json()['identificationId']}"
    revoked = second.json() | {"state": "revoked"}
    tag = world.call("releaseOfficer", "GET", path).headers["etag"]
    done = world.call("releaseOfficer", "PUT", path, revoked, match=tag)
    assert (first.status_code, done.status_code) == (201, 200)
    assert changed(world, mixed, commingled=False, minimumIndividuals=1).status_code == 200


PARTS = [{"region": "hand", "side": side, "complete": True} for side in ("left", "right")]


def reorganised(world: World, unit: str, act: str, **body: Any) -> httpx2.Response:
    return world.call("registrar", "POST", f"{UNITS}/{unit}/{act}", body)


def read(world: World, unit: str) -> dict[str, Any]:
    return dict(world.call("registrar", "GET", f"{UNITS}/{unit}").json())


def test_a_piece_begins_with_the_place_and_the_custody_and_not_with_the_body(world: World) -> None:
    directive = samples.made(world, "registrar", "/v1/directives", samples.directive())["directiveId"]
    told = {
        "physical": {"build": "slim"},
        "custody": {"events": [{"at": "2026-11-20T08:00:00Z", "event": "recovered"}]},
        "remainsLocation": {"situation": "inFacility", "facility": "Invented Morgue"},
    }
    unit = made(world, parts=PARTS, contributions=[samples.contribution(directive=directive, sections=told)])
    asked = {"reason": "sampling", "note": "For the laboratory.", "units": [{"parts": PARTS[:1]}]}
    left = reorganised(world, unit, "splits", **asked)
    assert left.status_code == 201, left.text
    assert left.json()["parts"] == PARTS[1:]
    assert samples.linked(world, unit, "splitFrom") == left.json()["splitInto"]
    piece = read(world, left.json()["splitInto"][0])
    inherited, own = piece["contributions"]
    assert inherited["directive"] == directive
    assert inherited["sections"].keys() == {"custody", "remainsLocation"}
    assert inherited["contributionId"] != read(world, unit)["contributions"][0]["contributionId"]
    assert own["sections"]["custody"]["events"][0]["event"] == "separated"
    assert (piece["changeReason"], piece["contactOffice"]) == ("For the laboratory.", samples.OFFICE)


def test_a_unit_of_which_nothing_stays_is_closed(world: World) -> None:
    unit = made(world, parts=PARTS)
    pieces = [{"parts": [part]} for part in PARTS]
    left = reorganised(world, unit, "splits", reason="severalIndividuals", units=pieces).json()
    assert (left["status"], left["parts"], len(left["splitInto"])) == ("closed", [], 2)


def test_a_piece_whose_numbers_do_not_fit_stops_the_whole_division(world: World) -> None:
    both = [{**PARTS[0], "count": 2}]
    unit = made(world, parts=both, commingled=True, minimumIndividuals=2)
    refused = reorganised(world, unit, "splits", reason="sampling", units=[{"parts": both}])
    assert places(refused) == ["/minimumIndividuals"]
    assert read(world, unit)["version"] == 1


def test_a_taken_identifier_stops_the_whole_division(world: World) -> None:
    unit = made(world, parts=PARTS)
    pieces = [{"parts": PARTS[:1]}, {"parts": PARTS[1:], "recordId": unit}]
    refused = reorganised(world, unit, "splits", reason="sampling", units=pieces)
    assert samples.refusal(refused) == (409, "alreadyExists")
    assert samples.linked(world, unit, "splitFrom") == []


def test_a_division_is_repeated_without_a_second_effect(world: World) -> None:
    unit = made(world, parts=PARTS)
    path, body = f"{UNITS}/{unit}/splits", {"reason": "sampling", "units": [{"parts": PARTS[:1]}]}
    first = world.call("registrar", "POST", path, body, key="once-and-only-once")
    second = world.call("registrar", "POST", path, body, key="once-and-only-once")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()


def test_a_merged_unit_is_found_no_more_and_its_accounts_go_with_it(world: World) -> None:
    directive = samples.made(world, "registrar", "/v1/directives", samples.directive())["directiveId"]
    paper = {"names": {"names": [{"text": "Fictia Examplová"}]}, "birth": {"date": "1990-02-03"}}
    other = made(world, contributions=[samples.contribution(directive=directive, sections=paper)])
    unit = made(world, parts=PARTS)
    merged = reorganised(world, unit, "merges", reason="genetic", units=[other]).json()
    assert merged["contributions"][-1].items() >= {"directive": directive, "sections": paper}.items()
    assert read(world, other).items() >= {"status": "closed", "mergedInto": unit, "version": 2}.items()
    query = {"searchId": new_id("search"), "query": paper, "releaseSet": "identity"}
    query |= {"purpose": "searchLiving", "legalBasis": "consent", "caseReference": "case-1"}
    hits = world.call("registrar", "POST", "/v1/searches", query).json()["hits"]
    assert [hit["record"] for hit in hits] == [unit]


def test_units_that_are_not_there_or_the_unit_itself_are_refused_at_their_place(world: World) -> None:
    unit = made(world)
    strange = reorganised(world, unit, "merges", reason="genetic", units=[new_id("remains")])
    itself = reorganised(world, unit, "merges", reason="genetic", units=[unit])
    assert places(strange) == places(itself) == ["/units/0"]


def test_an_identification_names_the_unit_that_took_another_up(world: World) -> None:
    unit, other = made(world), made(world)
    assert confirmed(world, [other], conclusion="alive").status_code == 201
    assert reorganised(world, unit, "merges", reason="genetic", units=[other]).status_code == 201
    assert places(confirmed(world, [unit, other])) == ["/remains/1"]


def found(world: World, **lookup: str) -> list[str]:
    answer = world.call("caseWorker", "POST", "/v1/remains-lookups", lookup)
    assert answer.status_code == 200, answer.text
    return [unit["recordId"] for unit in answer.json()["items"]]


def test_a_unit_is_found_where_it_lies_now_whatever_the_case_and_the_spaces(world: World) -> None:
    location = {"remainsLocation": {"facility": "Depósito  Inventado", "storageReference": "Shelf 7"}}
    unit = made(world, contributions=[samples.contribution(sections=location)])
    assert found(world, facility="depósito inventado") == [unit]
    assert found(world, facility="depósito inventado", storageReference="shelf 8") == []
    buried = {"remainsLocation": {"situation": "buried", "burialPlace": {"name": "مقبرة مثالية"}}}
    entry = read(world, unit)["contributions"][0] | {"sections": buried}
    assert changed(world, unit, contributions=[entry]).status_code == 200
    assert found(world, burialPlace="مقبرة مثالية") == [unit]
    assert found(world, facility="depósito inventado") == []


def test_a_lookup_finds_no_person(world: World) -> None:
    event = {"at": "2026-11-20T08:00:00Z", "event": "received", "party": "Office"}
    told = samples.contribution()["sections"] | {"custody": {"events": [event]}}
    person = samples.person(contributions=[samples.contribution(sections=told)])
    samples.made(world, "registrar", "/v1/persons", person)
    assert found(world, party="Office") == []
