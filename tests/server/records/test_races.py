"""Requests at the same time: one takes effect, the others get the answer that fits what then is."""

from typing import Any

import httpx2
from mpex_server.kit.ids import new_id

from tests.server.records import samples
from tests.server.world import World

AT_ONCE = 4
_WRITERS = 8


def at_once(world: World, who: str, method: str, path: str, bodies: list[Any], **head: str) -> list[int]:
    """Send one request a body at the same time; return their sorted statuses."""
    token = world.token(who)
    requests = []
    for number, body in enumerate(bodies):
        headers = world.headers(who, method, path, token=token)
        headers |= {"Idempotency-Key": f"a-race-of-the-tests-{number}"} | head
        requests.append((method, path, {"headers": headers, "json": body}))
    return sorted(response.status_code for response in world.together(requests))


def test_no_change_of_eight_writers_is_lost(world: World) -> None:
    """All change the version that they have read; who was overtaken reads again, until all have written."""
    created = world.call("registrar", "POST", "/v1/persons", samples.person())
    path, tag = created.headers["location"], created.headers["etag"]
    left = [f"The change of writer {number}." for number in range(_WRITERS)]
    while left:
        bodies = [samples.person(changeReason=reason) for reason in left]
        statuses = at_once(world, "registrar", "PUT", path, bodies, **{"If-Match": tag})
        assert statuses == [200] + [412] * (len(left) - 1)
        read = world.call("registrar", "GET", path)
        tag = read.headers["etag"]
        left.remove(read.json()["changeReason"])
    assert read.json()["version"] == 1 + _WRITERS
    assert len(world.call("registrar", "GET", f"{path}/changes").json()["items"]) == _WRITERS


def test_of_several_records_with_one_identifier_one_is_made(world: World) -> None:
    bodies = [samples.person(recordId=new_id("person"))] * AT_ONCE
    assert at_once(world, "registrar", "POST", "/v1/persons", bodies) == [201] + [409] * (AT_ONCE - 1)


def test_of_several_incidents_with_one_origin_one_is_made(world: World) -> None:
    bodies = [samples.incident()] * AT_ONCE
    assert at_once(world, "registrar", "POST", "/v1/incidents", bodies) == [201] + [409] * (AT_ONCE - 1)


def test_several_imports_of_one_batch_store_it_once(world: World) -> None:
    items = [samples.incident(source={"system": "inventedFile", "id": str(n)}) for n in range(20)]
    bodies = [{"incidents": items}] * AT_ONCE
    assert at_once(world, "registrar", "POST", "/v1/incidents/import", bodies) == [200] * AT_ONCE
    listed: httpx2.Response = world.call("registrar", "GET", "/v1/incidents?limit=100")
    assert [item["version"] for item in listed.json()["items"]] == [1] * 20


def test_several_uses_of_one_key_make_one_record(world: World) -> None:
    key = {"Idempotency-Key": "one-key-of-the-tests"}
    bodies = [samples.person()] * AT_ONCE
    assert at_once(world, "registrar", "POST", "/v1/persons", bodies, **key) == [201] * AT_ONCE
    assert len(world.call("registrar", "GET", "/v1/persons").json()["items"]) == 1


def test_imports_that_disagree_take_turns(world: World) -> None:
    world.call("registrar", "POST", "/v1/incidents", samples.incident())
    bodies = [{"incidents": [samples.incident(region=f"Region {number}")]} for number in range(AT_ONCE)]
    assert at_once(world, "registrar", "POST", "/v1/incidents/import", bodies) == [200] * AT_ONCE
    listed = world.call("registrar", "GET", "/v1/incidents").json()["items"]
    assert [item["version"] for item in listed] == [1 + AT_ONCE]
