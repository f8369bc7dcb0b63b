"""Checks of whose a thing is: what another partner says of it, or asks for, is as if it were not there."""

from collections.abc import Callable
from typing import Any, Final

from mpex_server.kit.ids import new_id
from mpex_server.storage import links
from mpex_server.storage import tables as t
from mpex_server.storage.engine import transaction
from sqlalchemy import select

from tests.server.exchange.quarter import Node, change_proposed, pass_on, transferred
from tests.server.exchange.seen import Guard, Json, Seen, cell, event, not_of_staff
from tests.server.exchange.town import made
from tests.server.records import samples
from tests.server.world import START, Identity, partner_entry

_SERVER: Final = "mpex_server"
_AT: Final = f"{START:%Y-%m-%dT%H:%M:%SZ}"


def _dropped(kind: str, said: Callable[[Node], Json], subject: Callable[[Node], str] | None = None) -> Seen:
    """Return whether an event of a partner about what is another's is taken and changes nothing."""

    def seen(node: Node) -> bool:
        told, claims = said(node), dict[str, Any]()
        if subject is not None:
            claims["sub_id"] = {"format": "opaque", "id": subject(node)}
        before = _state(node)
        return event(kind, "other", 202, told, **claims)(node) and _state(node) == before

    return seen


def _state(node: Node) -> list[Any]:
    """Return which documents and tasks there are, and how far each is."""
    row = t.document.c
    with transaction(node.world.node.engine, write=False) as conn:
        documents = select(row.id, row.version, row.status, row.erased_at).order_by(row.id)
        tasks = select(t.task.c.id, t.task.c.state).order_by(t.task.c.id)
        return [conn.execute(query).all() for query in (documents, tasks)]


def _asked(node: Node) -> Json:
    body = samples.assistance(node.world.identities["one"].client_id)
    asked = samples.made(node.world, "caseWorker", "/v1/assistance-requests", body)
    return {"assistanceId": asked["assistanceId"], "state": "accepted"}


def _written(node: Node) -> Json:
    body = samples.message(node.world.identities["one"].client_id)
    return {"messageId": samples.made(node.world, "caseWorker", "/v1/case-messages", body)["messageId"]}


def _moving(node: Node) -> str:
    return transferred(node.world, node.world.identities["one"].client_id)


def _pending(node: Node) -> str:
    """Return an offer about which the origin was asked, for it is to an authority."""
    authority = Identity(new_id("node"))
    node.world.register(partner_entry(authority, recipientClass="consular"))
    return pass_on(node.world, node.holds["passableId"], authority.client_id)


def _query(node: Node) -> str:
    """Return the name of a query that was sent to somebody else."""
    with transaction(node.world.node.engine, write=False) as conn:
        return links.linked_from(conn, node.holds["partnerSearchId"], "search")[0]


def _release(node: Node) -> str:
    path = f"/v1/received-releases/{node.holds['passableId']}"
    return str(made(node.world.call("caseWorker", "GET", path), 200)["release"])


def _recall(_node: Node) -> Json:
    return {"recallId": new_id("recall"), "cause": "withdrawn", "purposes": [], "dueAt": _AT}


def _called_back_by_a_stranger(node: Node) -> bool:
    about = {"format": "opaque", "id": _release(node)}
    return event("recall", "other", 400, _recall(node), sub_id=about)(node)


def _refused(who: str, path: Callable[[Node], str], **body: str) -> Seen:
    """Return whether what only the other side of a thing does is a conflict here."""
    return lambda node: node.world.call(who, "POST", path(node), body).status_code == 409


def _received(node: Node) -> str:
    """Return a transfer that a partner offers."""
    offer = {"transferId": new_id("transfer"), "record": new_id("person"), "legalBasis": "consent"}
    assert event("custodyOffer", "own", 202, offer)(node)
    return offer["transferId"]


def _proposed(node: Node) -> str:
    return change_proposed(node.world, node.holds["passableId"])


_ANSWER = _dropped("assistanceAnswer", _asked)
_NEWS = _dropped("news", lambda node: {"searchId": _query(node), "choice": "aliveOnly"})
OWNERS: Final = {
    "answer of another": Guard(
        f"{_SERVER}.assistance.service:take_answer", "_asked_of(document, taken.partner)", True, _ANSWER
    ),
    "who was asked to help": Guard(
        f"{_SERVER}.assistance.service:_asked_of", "document.body['to'] == partner", True, _ANSWER
    ),
    "message of another": Guard(
        f"{_SERVER}.case_messages.service:take_recall",
        "message.owner == taken.partner",
        True,
        _dropped("messageRecall", _written),
    ),
    "transfer with another": Guard(
        f"{_SERVER}.custody.settling:take_state",
        "taken.partner not in (transfer.owner, transfer.body['to'])",
        False,
        _dropped("custodyState", lambda node: {"transferId": _moving(node), "state": "declined"}),
    ),
    "answer to an own offer": Guard(
        f"{_SERVER}.custody.routes:answer_custody_offer",
        "transfer.owner is None",
        False,
        _refused(
            "releaseOfficer", lambda node: f"/v1/custody-transfers/{_moving(node)}/answer", answer="decline"
        ),
    ),
    "end of a partner's offer": Guard(
        f"{_SERVER}.custody.service:_cancel",
        "transfer.owner is not None",
        False,
        _refused(
            "releaseOfficer",
            lambda node: f"/v1/custody-transfers/{_received(node)}/decision",
            decision="cancel",
        ),
    ),
    "recall of another's offer": Guard(
        f"{_SERVER}.custody.settling:take_recall",
        "transfer.owner == taken.partner",
        True,
        _dropped("recall", _recall, _moving),
    ),
    "to whom a record is offered": Guard(
        f"{_SERVER}.custody.handing_out:_offered_to",
        "transfer.body['to'] == partner",
        True,
        cell("other", "collectCustodyRecord"),
    ),
    "record for staff": Guard(
        f"{_SERVER}.custody.routes:collect_custody_record",
        "who.partner is None",
        False,
        not_of_staff("collectCustodyRecord", 404),
    ),
    "proposal to another": Guard(
        f"{_SERVER}.proposals.events:take_answer",
        "taken.partner != proposal.body['to']",
        False,
        _dropped("changeAnswered", lambda node: {"changeProposalId": _proposed(node), "state": "declined"}),
    ),
    "answer to an own proposal": Guard(
        f"{_SERVER}.proposals.service:answer",
        "proposal.owner is None",
        False,
        _refused(
            "caseWorker",
            lambda node: f"/v1/change-proposals/{_proposed(node)}/answer",
            answer="decline",
            reason="notSupported",
        ),
    ),
    "identification with another": Guard(
        f"{_SERVER}.identifications.joint_events:_known",
        "taken.partner == (proposal.owner or proposal.body['to'])",
        True,
        _dropped(
            "identificationChanged",
            lambda node: {"proposalId": node.holds["proposalId"], "change": "revoked", "at": _AT},
        ),
    ),
    "decision of another": Guard(
        f"{_SERVER}.onward.offers:take_decision",
        "taken.partner != custodians.present(received.body)",
        False,
        _dropped("onwardDecided", lambda node: {"onwardId": _pending(node), "decision": "refuse"}),
    ),
    "release offered to another": Guard(
        f"{_SERVER}.onward.offers:find",
        "offer.owner == partner",
        True,
        cell("other", "collectOfferedRelease"),
    ),
    "purpose of an offered release": Guard(
        f"{_SERVER}.release_requests.routes:_collect_offer",
        "ctx.principal.purpose != offer.body['purpose']",
        False,
        cell("purpose", "collectOfferedRelease"),
    ),
    "release for staff": Guard(
        f"{_SERVER}.release_requests.routes:_requester",
        "ctx.principal.partner is None",
        False,
        not_of_staff("getReleaseRequest"),
    ),
    "news of another": Guard(
        f"{_SERVER}.partner_searches.service:take_news",
        "disclosed.was_sent(work.conn, taken.partner, event['searchId'])",
        True,
        _NEWS,
    ),
    "standing news of another": Guard(
        f"{_SERVER}.partner_searches.standing:take_news",
        "disclosed.was_sent(work.conn, taken.partner, item['searchId'])",
        True,
        _dropped("standingNews", lambda node: {"items": [{"searchId": _query(node), "news": "some"}]}),
    ),
    "who was sent a query": Guard(
        f"{_SERVER}.disclosures.repository:was_sent", "_ROW.partner == partner", True, _NEWS
    ),
    "recall of another's release": Guard(
        f"{_SERVER}.received_releases.custodians:require",
        "partner not in of(document.body)",
        False,
        _called_back_by_a_stranger,
    ),
    "mandate of staff": Guard(
        f"{_SERVER}.oauth.principal:authorise",
        "principal.partner is not None",
        True,
        cell("reg", "listPersons"),
    ),
}
"""By name; more are in `apart` and `elsewhere`."""
