"""Terms of a query, what an asker rules out, the order of hits, and choices that change later."""

from typing import Any

import pytest
from mpex_server.kit.ids import new_id
from mpex_server.searches.answers import in_order
from mpex_server.storage import tables as t
from mpex_server.storage.engine import transaction
from mpex_server.tasks import kept_queries
from sqlalchemy import select

from tests.server.exchange.town import (
    SEARCHES,
    SECTIONS,
    Town,
    made,
    partner_search,
    permit,
    record,
    released,
    search,
    sought,
)
from tests.server.records import samples
from tests.server.world import World

PATH = "/v1/searches"
Body = dict[str, Any]


def tasks(world: World) -> list[Body]:
    return list(made(world.call("caseWorker", "GET", "/v1/tasks"), 200)["items"])


def choose(town: Town, living: str, status: int = 201, **choice: Any) -> Body:
    body = {"decidedBy": "person"} | choice
    return made(town.nodes["beta"].call("caseWorker", "POST", f"/v1/persons/{living}/choice", body), status)


def waiting(town: Town, **members: Any) -> tuple[str, str, str]:
    """Let alpha's search meet a living person at beta; return search, person and task."""
    beta = town.nodes["beta"]
    living = record(beta, permit(beta, sets=["identity"]), type="foundAlive", **members)
    person, _ = sought(town)
    found = partner_search(town, person)
    (task,) = tasks(beta)
    return found["partnerSearchId"], living, task["taskId"]


def news(town: Town, name: str) -> list[Body]:
    town.work()
    shown = made(town.nodes["alpha"].call("caseWorker", "GET", f"{SEARCHES}/{name}"), 200)
    return [
        {key: value for key, value in entry.items() if key not in {"partner", "at"}}
        for entry in shown["news"]
    ]


def test_hits_stand_in_the_order_of_their_bands_and_else_of_chance() -> None:
    given = [("weak", "c"), ("strong", "d"), (None, "a"), ("strong", "b"), ("moderate", "e")]
    hits = [{"reference": name} | ({"band": band} if band else {}) for band, name in given]
    assert [hit["reference"] for hit in in_order(hits)] == ["b", "d", "e", "c", "a"]


def test_what_the_asker_ruled_out_is_not_offered_to_it_again(town: Town) -> None:
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    received, _, _ = released(town)
    (person,) = [
        item["recordId"] for item in made(alpha.call("caseWorker", "GET", "/v1/persons"), 200)["items"]
    ]
    again = partner_search(town, person)
    assert again["results"][0]["result"]["outcome"] == "possibleHit"
    match = samples.match(person, person, "notSame")
    match["subjects"][1] = {"receivedRelease": received["receivedReleaseId"]}
    made(alpha.call("caseWorker", "POST", "/v1/matches", match))
    assert partner_search(town, person)["results"][0]["result"]["outcome"] == "noHit"
    record(beta, permit(beta, sets=["identity"]))
    assert partner_search(town, person)["results"][0]["result"]["outcome"] == "possibleHit"


def test_nobody_rules_out_by_the_release_of_another_or_by_none(world: World) -> None:
    record(world, permit(world, sets=["identity"]))
    strange = search(notSame=[new_id("release")])
    assert made(world.call("one", "POST", PATH, strange), 200)["outcome"] == "possibleHit"
    refused = world.call("caseWorker", "POST", PATH, strange)
    assert (refused.status_code, samples.pointers(refused)) == (422, ["/notSame"])


def test_a_query_goes_at_its_time_and_takes_its_task_along(town: Town) -> None:
    beta = town.nodes["beta"]
    waiting(town)
    town.wait(days=90, seconds=-1)
    town.work()
    assert len(tasks(beta)) == 1
    town.wait(seconds=1)
    town.work()
    assert tasks(beta) == []
    with transaction(beta.node.engine) as conn:
        bodies = conn.scalars(select(t.document.c.body).where(t.document.c.kind == kept_queries.KIND)).all()
        assert bodies == [b""]
        assert conn.scalars(select(t.document_end.c.document_id)).all() == []
    assert kept_queries.drop_ended(beta.node) == 0


def test_a_query_may_not_have_to_be_gone_before_it_comes(world: World) -> None:
    terms = {"retention": "deleteAfterAnswer", "onward": "none", "deleteBy": "2026-11-21T09:59:59Z"}
    refused = world.call("one", "POST", PATH, search(terms=terms))
    assert (refused.status_code, samples.pointers(refused)) == (422, ["/terms/deleteBy"])


def test_a_query_is_sent_with_its_terms(town: Town) -> None:
    beta = town.nodes["beta"]
    waiting(town)
    with transaction(beta.node.engine) as conn:
        assert conn.scalars(select(t.document_end.c.at)).all() == ["2027-02-19T10:00:00Z"]


def test_a_person_can_change_their_mind_and_what_was_told_is_retracted(town: Town) -> None:
    name, living, task = waiting(town)
    choose(town, living, 409, mayTell="contact")
    choose(town, living, mayTell="contact", message="Call the invented office.", task=task)
    assert news(town, name) == [{"choice": "contact", "message": "Call the invented office."}]
    choose(town, living, mayTell="aliveOnly")
    assert news(town, name) == [{"choice": "aliveOnly"}]
    choose(town, living, mayTell="nothing")
    assert news(town, name) == [{"retracted": True}]
    sent = len(town.sent)
    choose(town, living, mayTell="nothing")
    town.work()
    assert len(town.sent) == sent
    choose(town, living, mayTell="aliveOnly")
    assert news(town, name) == [{"choice": "aliveOnly"}]


def test_who_was_told_nothing_may_be_told_later(town: Town) -> None:
    name, living, task = waiting(town)
    choose(town, living, mayTell="nothing", task=task)
    assert news(town, name) == []
    choose(town, living, mayTell="messageOnly", message="I am well.")
    assert news(town, name) == [{"choice": "messageOnly", "message": "I am well."}]


def test_a_recalled_query_hears_of_no_later_choice(town: Town) -> None:
    _, living, task = waiting(town)
    choose(town, living, mayTell="aliveOnly", task=task)
    alpha = town.nodes["alpha"]
    (directive,) = made(alpha.call("registrar", "GET", "/v1/directives"), 200)["items"]
    made(alpha.call("registrar", "POST", f"/v1/directives/{directive['directiveId']}/withdrawals", {}))
    town.work()
    choose(town, living, 409, mayTell="nothing")


@pytest.mark.parametrize(
    ("born", "status"), [({"date": "2010-01"}, 422), ({"date": "2003-04-05"}, 201), ({"date": "2008"}, 422)]
)
def test_whoever_may_be_a_child_does_not_choose_alone(town: Town, born: Body, status: int) -> None:
    beta = town.nodes["beta"]
    sections = {"names": SECTIONS["names"], "physical": SECTIONS["physical"], "birth": born}
    living = record(beta, permit(beta, sets=["identity"]), sections, type="foundAlive")
    asked = search(query={name: sections[name] for name in ("names", "birth")})
    person = record(town.nodes["alpha"], permit(town.nodes["alpha"], sets=["identity"]), asked["query"])
    partner_search(town, person)
    (task,) = (each for each in tasks(beta) if each["kind"] == "silentHit")
    choose(town, living, status, mayTell="nothing", task=task["taskId"])
    if status == 422:
        given: Body = {"ground": "child", "decider": "Invented guardians", "reason": "Afraid of somebody."}
        choose(town, living, decidedBy="bestInterests", mayTell="nothing", task=task["taskId"], **given)
