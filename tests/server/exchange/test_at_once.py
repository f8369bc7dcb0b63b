"""What happens at the same time: nothing escapes a withdrawal, and one task is settled once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

import pytest
from mpex_server.disclosures import repository as disclosed
from mpex_server.disclosures.work import OwnWork
from mpex_server.domain.directives import Requester
from mpex_server.domain.parts import Part
from mpex_server.errors import Problem
from mpex_server.kit.clock import instant
from mpex_server.kit.ids import new_id
from mpex_server.oauth import clients
from mpex_server.partner_searches import service as partner_searches
from mpex_server.peers import budget
from mpex_server.recalls import causes
from mpex_server.release_requests import requests, service
from mpex_server.searches import service as searches
from mpex_server.storage import tables as t
from mpex_server.storage.engine import transaction
from sqlalchemy import select

from tests.server.exchange.test_releases import decide, requested
from tests.server.exchange.town import SECTIONS, Town, made, node_id, permit, record, search, silent_hit
from tests.server.records import samples
from tests.server.world import World

Body = dict[str, Any]
LEAF = "leaf:" + "a" * 26


@contextmanager
def underway(world: World, act: Callable[[OwnWork], None]) -> Iterator[None]:
    """Let `act` be done and its transaction be open for a while more; leave when it is committed."""
    node, acted = world.node, Event()

    def run() -> None:
        with transaction(node.engine) as conn:
            act(OwnWork(conn, node.keys, world.clock, node.settings))
            acted.set()
            Event().wait(0.4)

    thread = Thread(target=run)
    thread.start()
    assert acted.wait(60)
    yield
    thread.join()


def requester(work: OwnWork, partner: str) -> Requester:
    """Return what the registry says of a partner."""
    client = clients.find(work.conn, partner, work.now())
    assert client is not None
    assert client.entry is not None
    return Requester.from_document(client.entry)


def withdraw(world: World, _person: str, directive: str) -> None:
    made(world.call("registrar", "POST", f"/v1/directives/{directive}/withdrawals", {}))


def deny(world: World, person: str, _directive: str) -> None:
    """Let the person deny what a relative has permitted."""
    grant = {"effect": "deny", "purposes": ["searchLiving"]}
    body = samples.directive(grants=[grant], givenBy={"authority": "self"})
    denial = made(world.call("registrar", "POST", "/v1/directives", body))["directiveId"]
    path = f"/v1/persons/{person}"
    read = world.call("registrar", "GET", path)
    changed, tag = made(read, 200) | {"directives": [denial]}, {"If-Match": read.headers["etag"]}
    made(world.call("registrar", "PUT", path, changed, headers=tag), 200)


def suspend(world: World, _person: str, _directive: str) -> None:
    """Trust the partner no more that is being told something."""
    partner, node = world.identities["one"].client_id, world.node
    with transaction(node.engine) as conn:
        clients.suspend_partner(conn, partner, at=instant(world.clock.now()))
        causes.lose_trust(OwnWork(conn, node.keys, world.clock, node.settings), partner)


@pytest.mark.parametrize("meanwhile", [withdraw, deny, suspend])
def test_a_release_that_is_being_collected_does_not_escape(
    world: World, meanwhile: Callable[[World, str, str], None]
) -> None:
    directive = permit(world, sets=["identity"])
    person = record(world, directive)
    asked = requested(world)
    decide(world, asked, "approve")
    one = world.identities["one"].client_id

    def collect(work: OwnWork) -> None:
        request = requests.find(work.documents, asked["releaseRequestId"])
        assert request is not None
        service.collect(work, request, requester(work, one), LEAF)

    with underway(world, collect):
        meanwhile(world, person, directive)
    (recall,) = made(world.call("caseWorker", "GET", "/v1/recalls"), 200)["items"]
    assert [entry["partner"] for entry in recall["recipients"]] == [one]


@pytest.mark.parametrize("meanwhile", [withdraw, deny, suspend])
def test_a_query_that_is_being_sent_does_not_escape(
    world: World, meanwhile: Callable[[World, str, str], None]
) -> None:
    directive = permit(world, sets=["identity"])
    person = record(world, directive)
    one = world.identities["one"].client_id
    terms = {name: search()[name] for name in ("purpose", "legalBasis", "caseReference", "releaseSet")}
    asked = terms | {"person": person, "partners": [one]}

    def send(work: OwnWork) -> None:
        plans = partner_searches.plan(work, asked)
        partner_searches.open_search(work, new_id("partnerSearch"), asked, plans, LEAF)

    with underway(world, send):
        meanwhile(world, person, directive)
    (recall,) = made(world.call("caseWorker", "GET", "/v1/recalls"), 200)["items"]
    assert [(entry["partner"], entry["kind"]) for entry in recall["recipients"]] == [(one, "query")]


def test_what_is_collected_while_its_partner_is_suspended_is_not_handed_out(world: World) -> None:
    record(world, permit(world, sets=["identity"]))
    asked = requested(world)
    decide(world, asked, "approve")
    one, node, suspended = world.identities["one"].client_id, world.node, Event()

    def lose() -> None:
        with transaction(node.engine) as conn:
            clients.suspend_partner(conn, one, at=instant(world.clock.now()))
            causes.lose_trust(OwnWork(conn, node.keys, world.clock, node.settings), one)
            suspended.set()
            Event().wait(0.4)

    path = f"/v1/release-requests/{asked['releaseRequestId']}/release"
    token = world.token("one", actions=["releaseRequests:create"])
    head = world.headers("one", "GET", path, token=token)
    losing = Thread(target=lose)
    losing.start()
    assert suspended.wait(60)
    refused = world.raw("GET", path, headers=head)
    losing.join()
    assert refused.status_code in {401, 403, 404}
    assert made(world.call("caseWorker", "GET", "/v1/recalls"), 200)["items"] == []
    with transaction(node.engine, write=False) as conn:
        assert disclosed.to_partner(conn, one) == []


def test_of_several_choices_on_one_task_one_counts(town: Town) -> None:
    _, living, task = silent_hit(town)
    beta, path = town.nodes["beta"], f"/v1/persons/{living}/choice"
    token = beta.token("caseWorker")
    sent = []
    for number, choice in enumerate(["nothing", "contact", "aliveOnly", "nothing"]):
        head = beta.headers("caseWorker", "POST", path, token=token)
        head |= {"Idempotency-Key": f"a-choice-of-the-tests-{number}"}
        body = {"mayTell": choice, "decidedBy": "person", "task": task["taskId"]}
        sent.append(("POST", path, {"headers": head, "json": body}))
    assert sorted(answer.status_code for answer in beta.together(sent)) == [201, 409, 409, 409]


def test_a_query_that_joins_a_task_while_the_person_chooses_is_told_too(town: Town) -> None:
    _, living, task = silent_hit(town)
    beta = town.nodes["beta"]

    def join(work: OwnWork) -> None:
        asked = search(query={"names": SECTIONS["names"]})
        searches.for_partner(work, new_id("search"), requester(work, node_id(town, "alpha")), asked)

    with underway(beta, join):
        choice = {"mayTell": "aliveOnly", "decidedBy": "person", "task": task["taskId"]}
        made(beta.call("caseWorker", "POST", f"/v1/persons/{living}/choice", choice))
    with transaction(beta.node.engine) as conn:
        assert len(conn.execute(select(t.outbox).where(t.outbox.c.event_type == "news")).all()) == 2


def test_a_budget_is_exact_when_requests_come_at_the_same_time(world: World) -> None:
    answers: list[int] = []

    def spend() -> None:
        for _ in range(6):
            try:
                with transaction(world.node.engine) as conn:
                    budget.charge(conn, partner="node:one", kind="search", now=world.clock.now(), limit=10)
                answers.append(200)
            except Problem:
                answers.append(429)

    threads = [Thread(target=spend) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (answers.count(200), len(answers)) == (10, 24)


def test_of_two_recalls_at_the_same_time_neither_undoes_the_other(world: World) -> None:
    person, one = record(world), world.identities["one"].client_id
    first, second = (Part("names", f"contribution:{letter * 26}") for letter in "ab")
    terms: Body = {
        "directives": (),
        "purpose": "searchLiving",
        "categories": ["names"],
        "leaf": LEAF,
    }
    terms |= {"reference": new_id("release"), "at": instant(world.clock.now())}
    engine = world.node.engine
    with transaction(engine) as conn:
        disclosed.add(conn, kind="release", record=person, partner=one, parts={first, second}, **terms)
        (entry,) = disclosed.of_records(conn, [person])

    def recall(part: Part) -> None:
        with transaction(engine) as conn:
            disclosed.end_parts(conn, entry, {part})
            Event().wait(0.3)

    threads = [Thread(target=recall, args=[part]) for part in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with transaction(engine) as conn:
        (entry,) = disclosed.of_records(conn, [person])
    assert entry.gone == {first, second}
