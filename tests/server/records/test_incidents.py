"""Incidents: public facts with an identity of their own; in a batch every item has its own outcome."""

from typing import Any

import httpx2
from mpex_server.kit.ids import new_id
from mpex_server.storage.documents import Documents
from mpex_server.storage.engine import transaction

from tests.server.records import samples
from tests.server.records.samples import Body, incident
from tests.server.world import World

INCIDENTS, IMPORT = "/v1/incidents", "/v1/incidents/import"


def numbered(number: int, **members: Any) -> Body:
    return incident(source={"system": "inventedFile", "id": f"2026.INV{number:04}"}, **members)


def imported(world: World, *items: Body, **members: Any) -> list[Body]:
    response = world.call("administrator", "POST", IMPORT, {"incidents": list(items)} | members)
    assert response.status_code == 200, response.text
    return list(response.json()["outcomes"])


def outcomes(world: World, *items: Body) -> list[str]:
    return [entry["outcome"] for entry in imported(world, *items)]


def shown(world: World, identifier: str) -> Body:
    return dict(world.call("registrar", "GET", f"{INCIDENTS}/{identifier}").json())


def listed(world: World) -> list[Body]:
    return list(world.call("registrar", "GET", f"{INCIDENTS}?limit=100").json()["items"])


def test_an_incident_comes_back_as_it_was_given(world: World) -> None:
    given = incident(counts={"dead": -2, "missingMinimum": 0}, isCorrection=True, odd="kept")
    created = world.call("registrar", "POST", INCIDENTS, given)
    assert created.status_code == 201, created.text
    record = created.json()
    assert record["version"] == 1
    assert record.items() >= given.items()
    record["region"] = "Sea of Inventions"
    path, tag = created.headers["location"], created.headers["etag"]
    changed = world.call("registrar", "PUT", path, record, match=tag)
    assert changed.json() == record | {"version": 2}


def test_two_incidents_do_not_share_an_origin(world: World) -> None:
    samples.made(world, "registrar", INCIDENTS, incident())
    twin = world.call("registrar", "POST", INCIDENTS, incident())
    assert samples.refusal(twin) == (409, "alreadyExists")
    assert samples.pointers(twin) == ["/source/id"]
    assert len(listed(world)) == 1
    elsewhere = incident(source={"system": "otherFile", "id": "2026.INV0001"})
    assert samples.made(world, "registrar", INCIDENTS, elsewhere)["version"] == 1


def test_the_origin_of_an_incident_stays(world: World) -> None:
    created = world.call("registrar", "POST", INCIDENTS, incident())
    path, tag = created.headers["location"], created.headers["etag"]
    for body in (numbered(2), {"type": "incident", "counts": {}}):
        refused = world.call("registrar", "PUT", path, body, match=tag)
        assert (refused.status_code, samples.pointers(refused)) == (422, ["/source"])


def test_an_origin_that_becomes_known_is_bound(world: World) -> None:
    created = world.call("registrar", "POST", INCIDENTS, {"type": "incident", "counts": {}})
    path, tag = created.headers["location"], created.headers["etag"]
    assert world.call("registrar", "PUT", path, incident(), match=tag).status_code == 200
    assert imported(world, incident())[0]["incidentId"] == created.json()["incidentId"]


def test_a_directive_of_an_incident_must_exist(world: World) -> None:
    refused = world.call("registrar", "POST", INCIDENTS, incident(directive=new_id("directive")))
    assert (refused.status_code, samples.pointers(refused)) == (422, ["/directive"])


def test_every_item_of_a_batch_has_its_own_outcome(world: World) -> None:
    known = imported(world, numbered(1))[0]["incidentId"]
    results = imported(
        world,
        numbered(1),
        numbered(2, counts={"dead": "many"}),
        numbered(3, counts={"dead": -4}, isCorrection=True),
        {"type": "incident", "counts": {}},
        numbered(1, region="Sea of Inventions"),
        {"type": "shipwreck"},
    )
    assert [entry["outcome"] for entry in results] == [
        *("unchanged", "rejected", "created", "rejected", "updated", "rejected")
    ]
    assert [entry.get("incidentId") == known for entry in results] == [True, *[False] * 3, True, False]
    assert [[error["pointer"] for error in entry.get("errors", ())] for entry in results] == [
        *([], ["/counts/dead"], [], ["/source"], []),
        ["/counts", "/type"],
    ]
    assert "many" not in str(results)
    assert shown(world, results[2]["incidentId"])["counts"] == {"dead": -4}
    assert shown(world, known)["version"] == 2
    assert len(listed(world)) == 2


def test_the_same_batch_again_changes_nothing(world: World) -> None:
    batch = [numbered(number, counts={"dead": number}) for number in range(40)]
    assert outcomes(world, *batch) == ["created"] * 40
    before = listed(world)
    assert outcomes(world, *batch) == ["unchanged"] * 40
    shuffled = [dict(reversed(item.items())) for item in reversed(batch)]
    assert outcomes(world, *shuffled) == ["unchanged"] * 40
    assert listed(world) == before


def test_what_was_read_can_be_imported_again(world: World) -> None:
    imported(world, numbered(1))
    assert outcomes(world, listed(world)[0]) == ["unchanged"]


def test_one_origin_twice_in_a_batch_is_stored_then_compared(world: World) -> None:
    assert outcomes(world, numbered(1), numbered(1), numbered(1, region="A")) == [
        *("created", "unchanged", "updated")
    ]
    assert [item["version"] for item in listed(world)] == [2]


def test_a_new_version_keeps_the_one_before(world: World) -> None:
    known = imported(world, numbered(1))[0]["incidentId"]
    imported(world, numbered(1, region="A"))
    with transaction(world.node.engine) as conn:
        documents = Documents(conn, world.node.keys, world.clock)
        before = documents.earlier.body(known, 1)
        history = documents.earlier.history(known)
    assert before is not None
    assert "region" not in before
    assert [(version, reason) for version, reason, _, _ in history] == [(1, "imported")]


def test_a_client_may_mint_identifiers_of_a_batch(world: World) -> None:
    minted = new_id("incident")
    results = imported(
        world,
        numbered(1, incidentId=minted),
        numbered(2, incidentId=minted),
        numbered(1, incidentId=new_id("incident")),
        numbered(1, incidentId=minted),
    )
    assert [entry["outcome"] for entry in results] == ["created", "rejected", "rejected", "unchanged"]
    assert [error["pointer"] for entry in results[1:3] for error in entry["errors"]] == ["/incidentId"] * 2
    assert [item["incidentId"] for item in listed(world)] == [minted]


def test_the_identifier_of_another_document_is_not_taken_over(world: World) -> None:
    first = imported(world, numbered(1))[0]["incidentId"]
    results = imported(world, numbered(2, incidentId=first))
    assert results[0]["outcome"] == "rejected"
    samples.erase(world, first)
    assert imported(world, numbered(1, incidentId=first))[0]["outcome"] == "rejected"
    assert listed(world) == []


def test_a_directive_covers_the_items_that_name_none(world: World) -> None:
    whole = samples.made(world, "registrar", "/v1/directives", samples.directive(dataSubject="incident"))
    own = samples.made(world, "registrar", "/v1/directives", samples.directive(dataSubject="incident"))
    results = imported(
        world,
        numbered(1),
        numbered(2, directive=own["directiveId"]),
        numbered(3, directive=new_id("directive")),
        directive=whole["directiveId"],
    )
    assert [entry["outcome"] for entry in results] == ["created", "created", "rejected"]
    assert results[2]["errors"][0]["pointer"] == "/directive"
    assert samples.linked(world, whole["directiveId"], "directive") == [results[0]["incidentId"]]
    assert samples.linked(world, own["directiveId"], "directive") == [results[1]["incidentId"]]
    again = imported(world, numbered(1), directive=own["directiveId"])
    assert again[0]["outcome"] == "updated"
    assert samples.linked(world, whole["directiveId"], "directive") == []


def test_an_unknown_directive_refuses_the_whole_batch(world: World) -> None:
    body = {"incidents": [numbered(1)], "directive": new_id("directive")}
    refused = world.call("administrator", "POST", IMPORT, body)
    assert (refused.status_code, samples.pointers(refused)) == (422, ["/directive"])
    assert listed(world) == []


def test_a_batch_leaves_one_entry_in_the_log(world: World) -> None:
    imported(world, *(numbered(number) for number in range(5)))
    imported(world, *(numbered(number) for number in range(5)))
    assert samples.events(world) == ["write", "write"]


def test_a_message_member_that_is_not_known_is_refused(world: World) -> None:
    def send(body: Body) -> httpx2.Response:
        return world.call("administrator", "POST", IMPORT, body)

    assert samples.pointers(send({"incidents": [numbered(1)], "dryRun": True})) == ["/dryRun"]
    assert send({"incidents": []}).status_code == 422
    assert send({"incidents": [numbered(1)] * 501}).status_code == 422
    assert listed(world) == []
