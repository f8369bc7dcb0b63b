"""Identifications: a right of their own, a state machine, and the embargo until the family was told."""

import pytest
from mpex_server.identifications.repository import is_embargoed
from mpex_server.kit.ids import new_id

from tests.server.records import samples
from tests.server.records.samples import Body
from tests.server.world import World

PATH = "/v1/identifications"
OFFICER = "releaseOfficer"


def decided(world: World, **members: object) -> Body:
    """Return a body that names a person record and a remains unit of the node."""
    person = samples.made(world, "registrar", "/v1/persons", samples.person())["recordId"]
    unit = samples.made(world, "registrar", "/v1/remains", samples.remains_unit())["recordId"]
    return samples.identification(persons=[person], remains=[unit], **members)


def embargoed(world: World, body: Body) -> set[str]:
    """Return which of the records that a body names are under embargo."""
    with world.node.engine.connect() as conn:
        assert not is_embargoed(conn, new_id("person"))
        return {name for name in (*body["persons"], *body["remains"]) if is_embargoed(conn, name)}


def change(world: World, path: str, **members: object) -> tuple[int, list[str]]:
    """Replace the newest version with some members changed; return status and refused places."""
    current = world.call(OFFICER, "GET", path)
    body = current.json() | members
    response = world.call(OFFICER, "PUT", path, body, match=current.headers["etag"])
    return response.status_code, [] if response.status_code == 200 else samples.pointers(response)


def test_a_case_worker_cannot_assert_an_identity(world: World) -> None:
    refused = world.call("caseWorker", "POST", PATH, decided(world))
    assert samples.refusal(refused) == (403, "actionNotAllowed")


def test_a_death_is_under_embargo_from_its_first_version(world: World) -> None:
    body = decided(world)
    shown = samples.made(world, OFFICER, PATH, body | {"embargoed": False})
    assert shown["embargoed"] is True
    assert "notification" not in shown
    assert embargoed(world, body) == {*body["persons"], *body["remains"]}
    assert world.call("caseWorker", "GET", f"{PATH}/{shown['identificationId']}").json() == shown


def test_who_has_not_the_right_asserts_no_death(world: World) -> None:
    actions = ["identifications:read", "identifications:write"]
    refused = world.call(OFFICER, "POST", PATH, decided(world), actions=actions)
    assert samples.refusal(refused) == (403, "actionNotAllowed")
    alive = world.call(OFFICER, "POST", PATH, decided(world, conclusion="alive"), actions=actions)
    assert alive.status_code == 201, alive.text
    path = f"{PATH}/{samples.made(world, OFFICER, PATH, decided(world))['identificationId']}"
    current = world.call(OFFICER, "GET", path)
    for state in ("confirmed", "revoked"):
        body = current.json() | {"state": state}
        refused = world.call(OFFICER, "PUT", path, body, match=current.headers["etag"], actions=actions)
        assert samples.refusal(refused) == (403, "actionNotAllowed")


def test_a_family_is_told_in_person_unless_it_refused(world: World) -> None:
    path = f"{PATH}/{samples.made(world, OFFICER, PATH, decided(world))['identificationId']}/notification"
    apart = samples.notification(inPerson=False)
    assert world.call(OFFICER, "POST", path, apart).status_code == 422
    assert world.call(OFFICER, "POST", path, apart | {"refusedInPerson": True}).status_code == 201


def test_a_named_officer_lifts_an_embargo_with_a_reason(world: World) -> None:
    body = decided(world)
    path = f"{PATH}/{samples.made(world, OFFICER, PATH, body)['identificationId']}"
    lift = {"officer": "Head of the invented office", "reason": "Nobody is left to be told."}
    assert samples.refusal(world.call("caseWorker", "POST", f"{path}/embargo-lift", lift)) == (
        403,
        "actionNotAllowed",
    )
    assert world.call(OFFICER, "POST", f"{path}/embargo-lift", {"officer": "x"}).status_code == 422
    lifted = world.call(OFFICER, "POST", f"{path}/embargo-lift", lift, key="l" * 16)
    assert lifted.json()["lift"] == lift | {"at": "2026-11-21T10:00:00Z"}
    assert embargoed(world, body) == set()
    assert world.call(OFFICER, "POST", f"{path}/embargo-lift", lift, key="l" * 16).json() == lifted.json()
    assert samples.refusal(world.call(OFFICER, "POST", f"{path}/embargo-lift", lift)) == (409, "conflict")


def test_somebody_found_alive_is_under_no_embargo(world: World) -> None:
    shown = samples.made(world, OFFICER, PATH, decided(world, conclusion="alive"))
    assert shown["embargoed"] is False
    assert embargoed(world, shown) == set()


def test_the_notification_lifts_the_embargo_once(world: World) -> None:
    shown = samples.made(world, OFFICER, PATH, decided(world, state="confirmed"))
    path = f"{PATH}/{shown['identificationId']}"
    told = world.call("caseWorker", "POST", f"{path}/notification", samples.notification(), key="n" * 16)
    assert told.status_code == 201, told.text
    assert told.json() == shown | {
        "version": 2,
        "embargoed": False,
        "notification": samples.notification(),
    }
    assert embargoed(world, shown) == set()
    replayed = world.call("caseWorker", "POST", f"{path}/notification", samples.notification(), key="n" * 16)
    assert (replayed.status_code, replayed.json()) == (201, told.json())
    twice = world.call("caseWorker", "POST", f"{path}/notification", samples.notification())
    assert samples.refusal(twice) == (409, "conflict")


def test_a_notification_cannot_lie_in_the_future(world: World) -> None:
    shown = samples.made(world, OFFICER, PATH, decided(world))
    later = samples.notification(at="2026-11-21T10:00:01Z")
    refused = world.call("caseWorker", "POST", f"{PATH}/{shown['identificationId']}/notification", later)
    assert (refused.status_code, samples.pointers(refused)) == (422, ["/at"])
    assert embargoed(world, shown) != set()


def test_there_is_nothing_to_notify_of_somebody_alive(world: World) -> None:
    shown = samples.made(world, OFFICER, PATH, decided(world, conclusion="alive"))
    path = f"{PATH}/{shown['identificationId']}/notification"
    assert world.call("caseWorker", "POST", path, samples.notification()).status_code == 409


def test_states_go_forward_and_revoked_is_final(world: World) -> None:
    shown = samples.made(world, OFFICER, PATH, decided(world))
    path = f"{PATH}/{shown['identificationId']}"
    assert change(world, path, state="confirmed") == (200, [])
    assert change(world, path, state="preliminary") == (422, ["/state"])
    assert embargoed(world, shown) != set()
    assert change(world, path, state="revoked") == (200, [])
    assert change(world, path, state="confirmed") == (422, ["/state"])
    # Nobody died as far as this node asserts, so that nothing is left to be told.
    assert embargoed(world, shown) == set()


def test_an_identification_does_not_begin_revoked(world: World) -> None:
    refused = world.call(OFFICER, "POST", PATH, decided(world, state="revoked"))
    assert (refused.status_code, samples.pointers(refused)) == (422, ["/state"])


def test_the_conclusion_does_not_change(world: World) -> None:
    path = f"{PATH}/{samples.made(world, OFFICER, PATH, decided(world))['identificationId']}"
    assert change(world, path, conclusion="alive") == (422, ["/conclusion"])


def test_a_change_keeps_the_notification_and_brings_no_new_embargo(world: World) -> None:
    path = f"{PATH}/{samples.made(world, OFFICER, PATH, decided(world))['identificationId']}"
    world.call("caseWorker", "POST", f"{path}/notification", samples.notification())
    assert change(world, path, state="confirmed", notification=samples.notification(personTold="cousin")) == (
        200,
        [],
    )
    shown = world.call(OFFICER, "GET", path).json()
    assert shown["notification"] == samples.notification()
    assert shown["embargoed"] is False
    assert shown["version"] == 3


def test_the_embargo_follows_the_records_named(world: World) -> None:
    body = decided(world)
    path = f"{PATH}/{samples.made(world, OFFICER, PATH, body)['identificationId']}"
    assert change(world, path, persons=[]) == (200, [])
    assert embargoed(world, body) == set(body["remains"])


@pytest.mark.parametrize(
    ("members", "place"),
    [
        ({"persons": [new_id("person")]}, "/persons/0"),
        ({"remains": [new_id("remains")]}, "/remains/0"),
        ({"receivedReleases": [new_id("receivedRelease")]}, "/receivedReleases/0"),
        ({"persons": [], "remains": []}, "/persons"),
    ],
    ids=["person", "remains", "received release", "nobody"],
)
def test_what_it_names_must_be_here(world: World, members: Body, place: str) -> None:
    refused = world.call(OFFICER, "POST", PATH, decided(world) | members)
    assert (refused.status_code, samples.pointers(refused)) == (422, [place])


def test_it_may_rely_on_received_releases(world: World) -> None:
    release = samples.received_release(world)
    shown = samples.made(world, OFFICER, PATH, decided(world, receivedReleases=[release]))
    assert samples.linked(world, release, "reliesOn") == [shown["identificationId"]]


def test_the_log_names_the_decision_for_what_it_is(world: World) -> None:
    shown = samples.made(world, OFFICER, PATH, decided(world))
    path = f"{PATH}/{shown['identificationId']}/notification"
    world.call("caseWorker", "POST", path, samples.notification())
    assert samples.events(world) == ["write", "write", "identification", "identification"]
