"""What a partner, a relative or a single member of staff may try, and does not get."""

from typing import Any

import pytest
from mpex_server.disclosures.work import OwnWork
from mpex_server.kit.ids import new_id
from mpex_server.recalls import outbox
from mpex_server.storage import tables as t
from mpex_server.storage.engine import transaction
from sqlalchemy import func, select

from tests.server.exchange.town import (
    PURPOSES,
    Town,
    made,
    node_id,
    partner_search,
    permit,
    record,
    released,
    sought,
)
from tests.server.records import samples
from tests.server.world import World

Body = dict[str, Any]


def push(town: Town, name: str, to: str, event_type: str, subject: str, event: Body) -> None:
    """Let a node send an event of its own invention, and let everybody do what follows."""
    node = town.nodes[name].node
    with transaction(node.engine) as conn:
        work = OwnWork(conn, node.keys, node.clock, node.settings)
        outbox.enqueue(
            work,
            partner=node_id(town, to),
            event_type=event_type,
            subject=subject,
            purpose="searchLiving",
            event=event,
        )
    town.work()


def tasks(world: World, kind: str) -> list[Body]:
    """Return the open tasks of a kind."""
    return list(made(world.call("caseWorker", "GET", f"/v1/tasks?kind={kind}"), 200)["items"])


def test_who_wishes_to_tell_nothing_is_asked_once_by_a_standing_query(town: Town) -> None:
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    person, directive = sought(town)
    request = samples.search_request(person, directives=[directive])
    request_id = made(alpha.call("registrar", "POST", "/v1/search-requests", request))["requestId"]
    living = record(beta, permit(beta, sets=["identity"]), type="foundAlive")
    partner_search(town, person, searchRequest=request_id, standingUntil="2027-05-21T10:00:00Z")
    town.wait(days=1)
    town.work()
    (task,) = tasks(beta, "silentHit")
    choice = {"mayTell": "nothing", "decidedBy": "person", "task": task["taskId"]}
    made(beta.call("registrar", "POST", f"/v1/persons/{living}/choice", choice))
    for _ in range(2):
        town.wait(days=1)
        town.work()
        assert tasks(beta, "silentHit") == []
    with transaction(beta.node.engine) as conn:
        kept = (t.document.c.kind == "keptQuery") & (t.document.c.body != b"")
        assert conn.scalar(select(func.count()).select_from(t.document).where(kept)) == 0


@pytest.mark.parametrize(
    ("outcome", "state"), [("marked", "open"), ("restricted", "open"), ("erased", "complete")]
)
def test_a_receipt_that_says_less_than_was_asked_settles_nothing(
    town: Town, outcome: str, state: str
) -> None:
    _, _, directive = released(town)
    beta = town.nodes["beta"]
    town.down.add("alpha")
    made(beta.call("registrar", "POST", f"/v1/directives/{directive}/withdrawals", {}))
    (recall,) = made(beta.call("caseWorker", "GET", "/v1/recalls"), 200)["items"]
    told = {"recallId": recall["recallId"], "outcome": outcome, "leafHash": "a" * 43}
    if outcome == "erased":
        told |= {"erasedAt": "2026-11-21T10:00:00Z"}
    push(town, "alpha", "beta", "receipt", recall["recipients"][0]["reference"], told)
    found = made(beta.call("caseWorker", "GET", f"/v1/recalls?state={state}"), 200)["items"]
    assert [entry["recallId"] for entry in found] == [recall["recallId"]]


def test_offering_a_record_does_not_tell_whether_the_partner_has_it(town: Town) -> None:
    beta = town.nodes["beta"]
    answers = []
    for name in (record(beta), new_id("person")):
        transfer = new_id("transfer")
        offer = {"transferId": transfer, "record": name, "legalBasis": "consent"}
        push(town, "alpha", "beta", "custodyOffer", transfer, offer)
        with transaction(town.nodes["alpha"].node.engine) as conn:
            came = select(func.count()).select_from(t.inbox).where(t.inbox.c.subject_id == transfer)
            answers.append(conn.scalar(came))
    assert answers == [0, 0]
    assert len(tasks(beta, "custodyOffer")) == 2


def test_custody_is_no_way_round_the_rules_on_emergencies(town: Town) -> None:
    alpha = town.nodes["alpha"]
    town.register(alpha, town.entry("beta", purposes=[*PURPOSES, "protectLife"], recipientClass="rescue"))
    grant = {
        "effect": "permit",
        "purposes": ["protectLife"],
        "releaseSets": ["summary"],
        "recipientClasses": ["rescue"],
    }
    given = made(alpha.call("registrar", "POST", "/v1/directives", samples.directive(grants=[grant])))
    person = record(alpha, given["directiveId"])
    body = samples.transfer(person, node_id(town, "beta"), purpose="protectLife")
    refused = alpha.call("releaseOfficer", "POST", "/v1/custody-transfers", body, purpose="protectLife")
    assert samples.refusal(refused) == (403, "actionNotAllowed")


def test_a_question_on_onward_sharing_stays_within_what_was_released(town: Town) -> None:
    """Neither a query that was sent, nor other categories, nor another purpose opens a question."""
    received, _, _ = released(town)
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    person, _ = sought(town)
    partner_search(town, person)
    with transaction(alpha.node.engine) as conn:
        query = conn.scalar(select(t.disclosure.c.reference_id).where(t.disclosure.c.document_id == person))
    asked = {
        "onwardId": new_id("releaseRequest"),
        "recipient": node_id(town, "alpha"),
        "categories": ["names"],
        "purpose": "searchLiving",
    }
    push(town, "beta", "alpha", "onwardAsked", str(query), asked)
    for members in ({"categories": ["medical"]}, {"purpose": "familyReunification"}):
        push(town, "alpha", "beta", "onwardAsked", received["release"], asked | members)
    for world in (alpha, beta):
        assert made(world.call("releaseOfficer", "GET", "/v1/onward-requests"), 200)["items"] == []
    push(town, "alpha", "beta", "onwardAsked", received["release"], asked)
    assert len(made(beta.call("releaseOfficer", "GET", "/v1/onward-requests"), 200)["items"]) == 1


def test_a_report_tells_nothing_of_another_enquirer_nor_of_what_that_one_asks(town: Town) -> None:
    """A relative who gave nothing registers a request, and looks again when somebody else has."""
    alpha = town.nodes["alpha"]
    person, directive = sought(town)
    own = permit(alpha, sets=["identity"], givenBy={"authority": "self"}, dataSubject="soughtPerson")
    partner_search(town, person)
    requests = "/v1/search-requests"
    request = made(alpha.call("registrar", "POST", requests, samples.search_request(person)))["requestId"]
    path = f"{requests}/{request}/access-report"
    seen = []
    for named in ([], [directive], [directive, own]):
        seen.append(made(alpha.call("registrar", "GET", path), 200)["entries"])
        body = samples.search_request(person, **({"directives": named} if named else {}))
        made(alpha.call("registrar", "POST", requests, body))
    assert seen == [[], [], []]


def test_a_partner_withdraws_no_directive_that_was_here_before_its_record(town: Town) -> None:
    """It puts the identifier of another's directive into a record that it offers, and withdraws it there."""
    alpha, beta = town.nodes["alpha"], town.nodes["beta"]
    person, directive = sought(town)
    record(beta, permit(beta, sets=["identity"], directiveId=directive), recordId=new_id("person"))
    (planted,) = made(beta.call("registrar", "GET", "/v1/persons"), 200)["items"]
    transfers = "/v1/custody-transfers"
    body = samples.transfer(planted["recordId"], node_id(town, "alpha"))
    transfer = made(beta.call("releaseOfficer", "POST", transfers, body))["transferId"]
    town.work()
    path = f"{transfers}/{transfer}/answer"
    made(alpha.call("releaseOfficer", "POST", path, samples.TAKE), 200)
    town.work()
    made(beta.call("registrar", "POST", f"/v1/directives/{directive}/withdrawals", {}))
    town.work()
    kept = made(alpha.call("registrar", "GET", f"/v1/directives/{directive}"), 200)
    assert "withdrawals" not in kept
    assert partner_search(town, person)["results"][0]["state"] == "answered"
