"""Reviews of records: warned of in time, put off for a reason, and what a missed one does and does not do."""

import pytest
from mpex_server.records.review import restrict_missed

from tests.server.exchange.town import Body, Town, made, released
from tests.server.records import samples
from tests.server.world import World


def seen(world: World, path: str) -> tuple[Body, str]:
    read = world.call("registrar", "GET", path)
    return read.json(), read.headers["etag"]


def tasks(world: World) -> list[str]:
    listed = made(world.call("registrar", "GET", "/v1/tasks?kind=review"), 200)
    return [task["subject"] for task in listed["items"]]


def change(world: World, path: str, **members: object) -> int:
    body, tag = seen(world, path)
    return world.call("registrar", "PUT", path, body | members, match=tag).status_code


def test_staff_is_warned_thirty_days_before_and_not_earlier(world: World) -> None:
    person = samples.made(world, "registrar", "/v1/persons", samples.person(reviewDue="2027-01-31"))[
        "recordId"
    ]
    assert tasks(world) == []
    world.advance(days=41)
    assert tasks(world) == []
    world.advance(days=1)
    assert tasks(world) == [person]
    path = f"/v1/persons/{person}"
    assert change(world, path, reviewDue="2028") == 422
    assert change(world, path, reviewDue="2028", changeReason="The family goes on searching.") == 200
    assert tasks(world) == []
    # The reason of the last time is none for this time.
    assert change(world, path, reviewDue="2029") == 422
    world.advance(days=30)
    assert restrict_missed(world.node) == 0


@pytest.mark.parametrize("kind", ["persons", "remains"])
def test_a_missed_review_restricts_and_erases_nothing(world: World, kind: str) -> None:
    body = (samples.person() if kind == "persons" else samples.remains_unit()) | {"reviewDue": "2026-12"}
    path = f"/v1/{kind}/{samples.made(world, 'registrar', f'/v1/{kind}', body)['recordId']}"
    before, _ = seen(world, path)
    world.advance(days=41)
    assert restrict_missed(world.node) == 1
    after, _ = seen(world, path)
    assert after["status"] == "restricted"
    assert after["contributions"] == before["contributions"]
    assert restrict_missed(world.node) == 0
    assert tasks(world) == []
    assert change(world, path, status="open") == 422
    assert change(world, path, status="open", reviewDue="2030", changeReason="Asked again.") == 200
    history = made(world.call("registrar", "GET", f"{path}/changes"), 200)["items"]
    assert [entry["reason"] for entry in history] == ["missedReview", "unstated"]


def test_recipients_stop_using_what_was_not_reviewed(town: Town) -> None:
    received, _, _ = released(town)
    beta = town.nodes["beta"]
    (held,) = made(beta.call("registrar", "GET", "/v1/persons"), 200)["items"]
    assert change(beta, f"/v1/persons/{held['recordId']}", reviewDue="2026-12-01") == 200
    town.wait(days=11)
    town.work()
    (recall,) = made(beta.call("releaseOfficer", "GET", "/v1/recalls"), 200)["items"]
    assert recall["cause"] == "missedReview"
    path = f"/v1/received-releases/{received['receivedReleaseId']}"
    assert town.nodes["alpha"].call("caseWorker", "GET", path).json()["state"] == "restricted"


def test_a_search_request_that_nobody_reviewed_is_suspended(world: World) -> None:
    person = samples.made(world, "registrar", "/v1/persons", samples.person())["recordId"]
    asked = samples.search_request(person, reviewDue="2026-12")
    path = (
        f"/v1/search-requests/{samples.made(world, 'registrar', '/v1/search-requests', asked)['requestId']}"
    )
    world.advance(days=12)
    assert tasks(world) == [path.rpartition("/")[2]]
    assert change(world, path, reviewDue="2027-12") == 422
    world.advance(days=31)
    assert restrict_missed(world.node) == 1
    after, _ = seen(world, path)
    assert after["status"] == "suspended"
    assert tasks(world) == []
    assert change(world, path, status="open") == 422
    assert change(world, path, status="open", reviewDue="2030", changeReason="Asked again.") == 200
