"""What a decision makes of the records that it names: nothing under embargo, their fate afterwards."""

from mpex_server.kit.ids import new_id

from tests.server.records import samples
from tests.server.records.samples import Body
from tests.server.world import World

PATH = "/v1/identifications"
OFFICER = "releaseOfficer"


def sought(world: World) -> Body:
    """Return a new person record as the registrar sees it, with its tag."""
    return samples.made(world, "registrar", "/v1/persons", samples.person())


def seen(world: World, body: Body) -> tuple[Body, str]:
    """Return a record and its tag as they are now."""
    kind = "remains" if body["recordId"].startswith("remains") else "persons"
    found = world.call("registrar", "GET", f"/v1/{kind}/{body['recordId']}")
    return found.json(), found.headers["etag"]


def decide(world: World, **members: object) -> str:
    """Record an identification and return its address."""
    body = samples.identification(**members)
    return f"{PATH}/{samples.made(world, OFFICER, PATH, body)['identificationId']}"


def tell(world: World, path: str) -> None:
    samples.made(world, OFFICER, f"{path}/notification", samples.notification())


def change(world: World, path: str, **members: object) -> None:
    current = world.call(OFFICER, "GET", path)
    changed = world.call(OFFICER, "PUT", path, current.json() | members, match=current.headers["etag"])
    assert changed.status_code == 200, changed.text


def test_a_record_is_the_same_until_the_family_was_told(world: World) -> None:
    person = sought(world)
    before = seen(world, person)
    world.advance(minutes=5)
    path = decide(world, persons=[person["recordId"]], state="confirmed")
    change(world, path, evidence=["report 2 of the invented laboratory"])
    assert seen(world, person) == before
    change(world, path, state="revoked")
    assert seen(world, person) == before


def test_the_fate_is_told_with_its_method_state_and_asserter(world: World) -> None:
    person = sought(world)
    path = decide(world, persons=[person["recordId"]], methods=["dna", "dental"])
    tell(world, path)
    told, _ = seen(world, person)
    assert told["fate"] == {
        "value": "deceased",
        "certaintyState": "preliminary",
        "method": "dna dental",
        "assertedBy": "Invented Court No. 1",
    }
    assert (told["status"], told["version"]) == ("open", 2)
    assert "whereabouts" not in told
    change(world, path, state="confirmed")
    told, _ = seen(world, person)
    assert (told["fate"]["certaintyState"], told["status"]) == ("confirmed", "identified")


def test_a_revocation_opens_again_what_it_had_closed(world: World) -> None:
    person, unit = sought(world), samples.made(world, "registrar", "/v1/remains", samples.remains_unit())
    named = {"persons": [person["recordId"]], "remains": [unit["recordId"]]}
    path = decide(world, **named, whole=True, state="confirmed")
    tell(world, path)
    assert [seen(world, record)[0]["status"] for record in (person, unit)] == ["identified"] * 2
    change(world, path, state="revoked")
    assert [seen(world, record)[0]["status"] for record in (person, unit)] == ["open"] * 2
    fate = seen(world, person)[0]["fate"]
    assert (fate["value"], fate["certaintyState"]) == ("unknown", "revoked")


def test_remains_can_be_identified_several_times_and_stay_closed_while_one_stands(world: World) -> None:
    unit = samples.made(world, "registrar", "/v1/remains", samples.remains_unit())
    named = {"persons": [sought(world)["recordId"]], "remains": [unit["recordId"]]}
    first, second = (decide(world, **named, whole=True, state="confirmed") for _ in range(2))
    tell(world, first)
    tell(world, second)
    change(world, second, state="revoked")
    assert seen(world, unit)[0]["status"] == "identified"
    change(world, first, state="revoked")
    assert seen(world, unit)[0]["status"] == "open"


def test_a_part_does_not_close_the_unit(world: World) -> None:
    unit = samples.made(world, "registrar", "/v1/remains", samples.remains_unit())
    path = decide(world, remains=[unit["recordId"]], whole=False, state="confirmed")
    tell(world, path)
    assert seen(world, unit)[0]["status"] == "open"


def test_who_is_named_no_more_is_open_again(world: World) -> None:
    person, other = sought(world), sought(world)
    path = decide(world, persons=[person["recordId"]], state="confirmed")
    tell(world, path)
    change(world, path, persons=[other["recordId"]])
    assert seen(world, person)[0]["status"] == "open"
    assert seen(world, other)[0]["fate"]["value"] == "deceased"


def test_a_record_that_was_erased_meanwhile_stays_erased(world: World) -> None:
    person = sought(world)
    path = decide(world, persons=[person["recordId"]])
    samples.erase(world, person["recordId"])
    tell(world, path)
    assert world.call("registrar", "GET", f"/v1/persons/{person['recordId']}").status_code == 404


def test_a_stranger_to_deaths_changes_no_fate(world: World) -> None:
    person = sought(world)
    tell(world, decide(world, persons=[person["recordId"]], state="confirmed"))
    body, tag = seen(world, person)
    path = f"/v1/persons/{person['recordId']}"
    alive = {"value": "alive", "certaintyState": "confirmed", "assertedBy": "Invented Office"}
    for fate in (alive, body["fate"] | {"assertedBy": "Somebody else"}, None):
        changed = {name: value for name, value in body.items() if name != "fate"}
        changed |= {} if fate is None else {"fate": fate}
        refused = world.call("registrar", "PUT", path, changed, match=tag)
        assert (refused.status_code, samples.pointers(refused)) == (403, ["/fate"])
    assert world.call("registrar", "PUT", path, body | {"status": "closed"}, match=tag).status_code == 200


def test_an_unknown_identification_has_no_embargo_to_lift(world: World) -> None:
    lift = {"officer": "Head of the invented office", "reason": "Nobody is left."}
    path = f"{PATH}/{new_id('identification')}/embargo-lift"
    assert world.call(OFFICER, "POST", path, lift).status_code == 404
