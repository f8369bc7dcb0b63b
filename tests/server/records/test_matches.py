"""Match decisions: hypotheses by a person; `notSame` is remembered for the pair in either order."""

from mpex_server.kit.ids import new_id
from mpex_server.matches.service import not_same

from tests.server.records import samples
from tests.server.world import World

MATCHES = "/v1/matches"


def two(world: World) -> tuple[str, str]:
    """Return a person record and a remains unit."""
    person = samples.made(world, "registrar", "/v1/persons", samples.person())
    unit = samples.made(world, "registrar", "/v1/remains", samples.remains_unit())
    return person["recordId"], unit["recordId"]


def remembered(world: World, record_id: str) -> set[str]:
    with world.node.engine.connect() as conn:
        return not_same(conn, record_id)


def test_a_decision_says_who_decided_and_when(world: World) -> None:
    person, unit = two(world)
    shown = samples.made(world, "caseWorker", MATCHES, samples.match(person, unit))
    assert shown["decidedBy"] == world.identities["caseWorker"].client_id
    assert shown["decidedAt"] == "2026-11-21T10:00:00Z"
    assert world.call("caseWorker", "GET", f"{MATCHES}/{shown['matchId']}").json() == shown
    assert world.call("caseWorker", "GET", MATCHES).json() == {"items": [shown]}


def test_not_the_same_is_remembered_in_both_orders(world: World) -> None:
    person, unit = two(world)
    other, _ = two(world)
    samples.made(world, "caseWorker", MATCHES, samples.match(person, unit, "notSame"))
    samples.made(world, "caseWorker", MATCHES, samples.match(other, person, "notSame"))
    assert remembered(world, person) == {unit, other}
    assert remembered(world, unit) == {person}
    assert remembered(world, other) == {person}


def test_a_possible_match_is_not_remembered_as_a_difference(world: World) -> None:
    person, unit = two(world)
    samples.made(world, "caseWorker", MATCHES, samples.match(person, unit))
    assert remembered(world, person) == set()


def test_the_newest_decision_on_a_pair_counts(world: World) -> None:
    person, unit = two(world)
    other, _ = two(world)
    samples.made(world, "caseWorker", MATCHES, samples.match(person, unit, "notSame"))
    samples.made(world, "caseWorker", MATCHES, samples.match(person, other, "notSame"))
    samples.made(world, "caseWorker", MATCHES, samples.match(unit, person, "possible"))
    assert remembered(world, person) == {other}
    assert len(world.call("caseWorker", "GET", MATCHES).json()["items"]) == 3


def test_both_sides_must_be_here(world: World) -> None:
    person, _ = two(world)
    refused = world.call("caseWorker", "POST", MATCHES, samples.match(person, new_id("remains")))
    assert (refused.status_code, samples.pointers(refused)) == (422, ["/subjects/1/record"])
    received = samples.match(new_id("receivedRelease"), person)
    refused = world.call("caseWorker", "POST", MATCHES, received)
    assert (refused.status_code, samples.pointers(refused)) == (422, ["/subjects/0/receivedRelease"])


def test_a_received_release_may_be_a_side(world: World) -> None:
    person, _ = two(world)
    release = samples.received_release(world)
    samples.made(world, "caseWorker", MATCHES, samples.match(person, release, "notSame"))
    assert remembered(world, person) == {release}


def test_a_pair_has_two_sides(world: World) -> None:
    person, _ = two(world)
    refused = world.call("caseWorker", "POST", MATCHES, samples.match(person, person))
    assert (refused.status_code, samples.pointers(refused)) == (422, ["/subjects/1"])


def test_only_a_match_that_leads_to_an_identification_names_one(world: World) -> None:
    person, unit = two(world)
    decided = samples.identification(persons=[person], remains=[unit])
    identification = samples.made(world, "releaseOfficer", "/v1/identifications", decided)["identificationId"]
    wrong = samples.match(person, unit, identification=identification)
    refused = world.call("caseWorker", "POST", MATCHES, wrong)
    assert (refused.status_code, samples.pointers(refused)) == (422, ["/identification"])
    leads = samples.match(person, unit, "leadsTo", identification=identification)
    match = samples.made(world, "caseWorker", MATCHES, leads)
    assert samples.linked(world, identification, "leadsTo") == [match["matchId"]]


def test_a_client_cannot_sign_for_another(world: World) -> None:
    person, unit = two(world)
    forged = samples.match(person, unit, matchId=new_id("match"), decidedBy="somebody else")
    shown = samples.made(world, "caseWorker", MATCHES, forged)
    assert shown["matchId"] != forged["matchId"]
    assert shown["decidedBy"] == world.identities["caseWorker"].client_id
