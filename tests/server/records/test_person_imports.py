"""Imports of persons: an outcome for each item, repeatable, and never against what staff did since."""

from typing import Any

from mpex_server.kit.ids import new_id
from mpex_server.storage.documents import Documents
from mpex_server.storage.engine import transaction

from tests.server.records import samples
from tests.server.records.samples import Body, contribution, person
from tests.server.world import World

PERSONS, IMPORT = "/v1/persons", "/v1/persons/import"


def named(text: str, **members: Any) -> Body:
    return person(contributions=[contribution(sections={"names": {"names": [{"text": text}]}}, **members)])


def item(record: Body, number: int = 1) -> Body:
    return {"source": {"system": "inventedRegister", "id": f"INV-{number}"}, "record": record}


def imported(world: World, *items: Body, **members: Any) -> list[Body]:
    response = world.call("registrar", "POST", IMPORT, {"items": list(items)} | members)
    assert response.status_code == 200, response.text
    return list(response.json()["outcomes"])


def outcomes(world: World, *items: Body, **members: Any) -> list[str]:
    return [entry["outcome"] for entry in imported(world, *items, **members)]


def changed(world: World, record_id: str, **members: Any) -> Body:
    response = world.call("registrar", "GET", f"{PERSONS}/{record_id}")
    tag = response.headers["etag"]
    answer = world.call("registrar", "PUT", f"{PERSONS}/{record_id}", response.json() | members, match=tag)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_each_item_has_its_outcome_and_a_repetition_changes_nothing(world: World) -> None:
    wrong, unheld = named("Testa Ficta Muestra"), named("Fictia", directive=new_id("directive"))
    del wrong["status"]
    minted = item(named("Ficto Ejemplo") | {"recordId": new_id("person")}, 5)
    batch = [item(person()), item(wrong, 2), item(unheld, 3), item(named("تجربة مثالية"), 4), minted]
    first = imported(world, *batch)
    assert [each["outcome"] for each in first] == ["created", "rejected", "rejected", "created", "rejected"]
    places = [each["errors"][0]["pointer"] for each in first if "errors" in each]
    assert places == ["/record/status", "/record/contributions/0/directive", "/record/recordId"]
    assert outcomes(world, *batch) == ["unchanged", "rejected", "rejected", "unchanged", "rejected"]
    assert world.events()[-2:] == ["write", "write"]
    shown = world.call("registrar", "GET", f"{PERSONS}/{first[0]['recordId']}").json()
    assert shown["version"] == 1
    assert "imported" not in shown


def test_an_item_twice_in_a_batch_meets_itself(world: World) -> None:
    found = outcomes(world, item(person()), item(person()), item(named("Testa Ficta Muestra")))
    assert found == ["created", "unchanged", "updated"]


def test_what_staff_did_stays_when_the_origin_changes(world: World) -> None:
    record = imported(world, item(person()))[0]["recordId"]
    shown = world.call("registrar", "GET", f"{PERSONS}/{record}").json()
    own = contribution(contributor="desk-8", sections={"journey": {"companionsCount": 3}})
    changed(world, record, status="closed", contributions=[*shown["contributions"], own])
    assert outcomes(world, item(person())) == ["unchanged"]
    assert outcomes(world, item(named("Testa Ficta Muestra"))) == ["updated"]
    after = world.call("registrar", "GET", f"{PERSONS}/{record}").json()
    told = [sorted(entry["sections"]) for entry in after["contributions"]]
    assert (after["version"], after["status"], told) == (3, "closed", [["journey"], ["names"]])
    assert after["contributions"][1]["contributionId"] == shown["contributions"][0]["contributionId"]
    history = world.call("registrar", "GET", f"{PERSONS}/{record}/changes").json()["items"]
    assert [entry["reason"] for entry in history] == ["unstated", "imported"]


def test_an_item_names_no_contribution_that_did_not_come_by_it(world: World) -> None:
    record = imported(world, item(person()))[0]["recordId"]
    shown = world.call("registrar", "GET", f"{PERSONS}/{record}").json()
    own = contribution(contributor="desk-8", sections={"journey": {"companionsCount": 3}})
    kept = changed(world, record, contributions=[*shown["contributions"], own])["contributions"][1]
    answer = imported(world, item(named("Testa Ficta Muestra", contributionId=kept["contributionId"])))[0]
    places = [each["pointer"] for each in answer["errors"]]
    assert places == ["/record/contributions/0/contributionId"]
    assert kept in world.call("registrar", "GET", f"{PERSONS}/{record}").json()["contributions"]
    again = named("Testa Ficta Muestra", contributionId=shown["contributions"][0]["contributionId"])
    assert outcomes(world, item(again)) == ["updated"]


def test_a_contribution_that_was_removed_stays_away(world: World) -> None:
    record = imported(world, item(person()))[0]["recordId"]
    own = contribution(contributor="desk-8")
    changed(world, record, contributions=[own])
    answer = imported(world, item(named("Testa Ficta Muestra")))[0]
    assert answer["outcome"] == "updated"
    after = world.call("registrar", "GET", f"{PERSONS}/{record}").json()
    assert [entry["contributor"] for entry in after["contributions"]] == ["desk-8"]


def test_a_stale_copy_is_refused(world: World) -> None:
    outcomes(world, item(person()))
    stale = imported(world, item(named("Testa Ficta Muestra", assertedAt="2025-01-01T00:00:00Z")))[0]
    assert stale["errors"][0]["pointer"] == "/record/contributions/0/assertedAt"


def test_a_record_whose_origin_has_expired_is_nameless_and_keeps_no_earlier_version(world: World) -> None:
    record = imported(world, item(person()))[0]["recordId"]
    expired = person(nameUnknown=True, contributions=[contribution(sections={"x-mpex-pfif": {"fields": {}}})])
    assert outcomes(world, item(expired)) == ["updated"]
    assert world.call("registrar", "GET", f"{PERSONS}/{record}").json()["nameUnknown"] is True
    with transaction(world.node.engine, write=False) as conn:
        documents = Documents(conn, world.node.keys, world.clock)
        assert documents.earlier.body(record, 1) is None
        assert [entry[1] for entry in documents.earlier.history(record)] == ["imported"]


def test_an_erased_record_is_not_imported_again(world: World) -> None:
    record = imported(world, item(person()))[0]["recordId"]
    samples.erase(world, record)
    answer = imported(world, item(person()), item(named("Testa Ficta Muestra")))
    assert [(each["outcome"], each["errors"][0]["pointer"]) for each in answer] == [
        ("rejected", "/source")
    ] * 2


def test_the_directive_of_a_batch_is_that_of_what_names_none(world: World) -> None:
    directive = samples.made(world, "registrar", "/v1/directives", samples.directive())["directiveId"]
    record = imported(world, item(person()), directive=directive)[0]["recordId"]
    shown = world.call("registrar", "GET", f"{PERSONS}/{record}").json()
    assert shown["contributions"][0]["directive"] == directive
    refused = world.call(
        "registrar", "POST", IMPORT, {"items": [item(person())], "directive": new_id("directive")}
    )
    assert (refused.status_code, samples.pointers(refused)) == (422, ["/directive"])


def test_a_death_is_not_imported(world: World) -> None:
    fate = {"value": "deceased", "certaintyState": "confirmed", "assertedBy": "a register"}
    answer = imported(world, item(person(fate=fate)))[0]
    assert answer["outcome"] == "rejected"
    assert answer["errors"][0]["pointer"] == "/record/fate"
