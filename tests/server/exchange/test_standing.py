"""Standing searches: what they need, news once a day without data, and their end."""

from typing import Any

import pytest
from mpex_server.kit.ids import new_id
from mpex_server.partner_searches import standing as asked_standing
from mpex_server.searches import standing
from mpex_server.storage import tables as t
from mpex_server.storage.engine import transaction
from sqlalchemy import select

from tests.server.exchange.town import (
    SEARCHES,
    Town,
    asking,
    made,
    node_id,
    partner_search,
    permit,
    record,
    search,
    sought,
)
from tests.server.records import samples
from tests.server.world import World

Body = dict[str, Any]
UNTIL = "2027-05-21T10:00:00Z"


def stands(town: Town) -> tuple[str, str, str]:
    """Let alpha leave a query at beta; return search, request and directive."""
    alpha = town.nodes["alpha"]
    person, directive = sought(town)
    request = samples.search_request(person, directives=[directive])
    request_id = made(alpha.call("registrar", "POST", "/v1/search-requests", request))["requestId"]
    found = partner_search(town, person, searchRequest=request_id, standingUntil=UNTIL)
    assert found["results"][0]["result"]["outcome"] == "noHit"
    return found["partnerSearchId"], request_id, directive


def next_day(town: Town) -> None:
    town.wait(days=1)
    town.work()


def shown(town: Town, name: str) -> Body:
    return made(town.nodes["alpha"].call("caseWorker", "GET", f"{SEARCHES}/{name}"), 200)


def anew(town: Town) -> list[str]:
    items = made(town.nodes["alpha"].call("caseWorker", "GET", "/v1/tasks?kind=standingNews"), 200)["items"]
    return [item["subject"] for item in items]


def kept(town: Town) -> list[bytes]:
    with transaction(town.nodes["beta"].node.engine) as conn:
        kind = t.document.c.kind == "standingQuery"
        return [body for body in conn.scalars(select(t.document.c.body).where(kind)) if body]


def test_what_comes_later_is_news_once_and_without_data(town: Town) -> None:
    name, _, _ = stands(town)
    next_day(town)
    assert (anew(town), shown(town, name)["news"]) == ([], [])
    beta = town.nodes["beta"]
    record(beta, permit(beta, sets=["identity"]))
    next_day(town)
    assert anew(town) == [name]
    (news,) = shown(town, name)["news"]
    assert news == {"partner": node_id(town, "beta"), "at": "2026-11-23T10:00:00Z", "searchAnew": True}
    next_day(town)
    assert len(shown(town, name)["news"]) == 1


def test_a_record_counts_as_it_may_be_told_on_the_day(town: Town) -> None:
    name, _, _ = stands(town)
    beta = town.nodes["beta"]
    record(beta, permit(beta, sets=["identity"], purposes=["identifyDeceased"]))
    record(beta, permit(beta, sets=["identity"]), status="restricted")
    next_day(town)
    assert shown(town, name)["news"] == []


def test_a_living_person_is_asked_and_stays_silent(town: Town) -> None:
    name, _, _ = stands(town)
    beta = town.nodes["beta"]
    living = record(beta, permit(beta, sets=["identity"]), type="foundAlive")
    next_day(town)
    next_day(town)
    assert shown(town, name)["news"] == []
    (task,) = made(beta.call("caseWorker", "GET", "/v1/tasks?kind=silentHit"), 200)["items"]
    assert task["subject"] == living
    choice = {"mayTell": "aliveOnly", "decidedBy": "person", "task": task["taskId"]}
    made(beta.call("caseWorker", "POST", f"/v1/persons/{living}/choice", choice))
    town.work()
    assert [entry.get("choice") for entry in shown(town, name)["news"]] == ["aliveOnly"]


@pytest.mark.parametrize("found", [False, True])
def test_one_event_a_day_has_one_size(town: Town, found: bool) -> None:
    stands(town)
    beta = town.nodes["beta"]
    standing.tell_news(beta.node)
    town.wait(days=1)
    if found:
        record(beta, permit(beta, sets=["identity"]))
    assert [standing.tell_news(beta.node) for _ in range(3)] == [1, 0, 0]
    with transaction(beta.node.engine) as conn:
        events = select(t.outbox.c.body).where(t.outbox.c.event_type == "standingNews")
        assert len({len(body) for body in conn.scalars(events)}) == 1


@pytest.mark.parametrize("why", ["withdrawal", "closure", "term"])
def test_a_standing_query_ends(town: Town, why: str) -> None:
    alpha = town.nodes["alpha"]
    name, request, directive = stands(town)
    town.work()
    assert len(kept(town)) == 1
    if why == "withdrawal":
        made(alpha.call("registrar", "POST", f"/v1/directives/{directive}/withdrawals", {}))
    elif why == "closure":
        path = f"/v1/search-requests/{request}"
        current = alpha.call("registrar", "GET", path)
        closed = current.json() | {"status": "closed"}
        made(alpha.call("registrar", "PUT", path, closed, match=current.headers["etag"]), 200)
    else:
        town.wait(days=181)
    town.work()
    assert kept(town) == []
    assert ("endedAt" in shown(town, name)) is (why != "withdrawal")
    assert asked_standing.end_closed(alpha.node) == 0


def test_a_suspended_partner_hears_nothing(town: Town) -> None:
    name, _, _ = stands(town)
    beta = town.nodes["beta"]
    record(beta, permit(beta, sets=["identity"]))
    town.register(beta, town.entry("alpha", noImmigrationEnforcement=False))
    next_day(town)
    assert shown(town, name)["news"] == []


@pytest.mark.parametrize(
    ("members", "pointer"),
    [
        ({"standingUntil": "2027-11-22T10:00:00Z"}, "/standingUntil"),
        ({"standingUntil": "2026-11-21T10:00:00Z"}, "/standingUntil"),
        ({"searchRequest": new_id("request")}, "/searchRequest"),
    ],
)
def test_a_standing_search_needs_an_open_request_and_an_end(town: Town, members: Body, pointer: str) -> None:
    alpha = town.nodes["alpha"]
    person, directive = sought(town)
    request = samples.search_request(person, directives=[directive])
    request_id = made(alpha.call("registrar", "POST", "/v1/search-requests", request))["requestId"]
    body = asking(town, person, searchRequest=request_id, standingUntil=UNTIL)
    refused = alpha.call("caseWorker", "POST", SEARCHES, body | members)
    assert (refused.status_code, samples.pointers(refused)) == (422, [pointer])


def test_a_partner_has_room_for_so_many_standing_queries(world: World) -> None:
    object.__setattr__(world.node.settings, "standing_searches_per_partner", 1)
    terms = {"retention": "standing", "onward": "none", "deleteBy": UNTIL}
    made(world.call("one", "POST", "/v1/searches", search(terms=terms)), 200)
    refused = world.call("one", "POST", "/v1/searches", search(terms=terms))
    assert samples.refusal(refused) == (429, "quotaExceeded")
    assert world.call("two", "POST", "/v1/searches", search(terms=terms)).status_code == 200
    endless = search(terms=terms | {"deleteBy": "2027-11-23T10:00:00Z"})
    refused = world.call("two", "POST", "/v1/searches", endless)
    assert (refused.status_code, samples.pointers(refused)) == (422, ["/terms/deleteBy"])
