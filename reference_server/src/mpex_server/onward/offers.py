"""Passing a received release on: an offer to a third node, which collects it like any other release."""

from typing import Any

from mpex_server.disclosures import repository as disclosed
from mpex_server.disclosures.work import Work
from mpex_server.domain import onward as rules
from mpex_server.domain import parts
from mpex_server.domain.directives import Requester
from mpex_server.errors import Fault, Problem, not_found
from mpex_server.events.taken import Taken
from mpex_server.kit.clock import instant
from mpex_server.kit.ids import new_id
from mpex_server.peers import registry, signatures
from mpex_server.recalls import outbox
from mpex_server.received_releases import custodians
from mpex_server.received_releases import service as received_releases
from mpex_server.release_requests import statements
from mpex_server.storage import links
from mpex_server.storage.documents import Document

KIND = "onwardOffer"
ASKED, OFFERED, REFUSED, WITHDRAWN = "pending", "approved", "refused", "withdrawn"
_PASSED_ON = "passedOn"
Json = dict[str, Any]


def pass_on(work: Work, received: Document, asked: Json, *, purpose: str, actor: str) -> Document:
    """Offer a received release to a partner, or ask the origin first where it must be asked (ONW-001).

    Raises Problem: `purposeNotAllowed` for a token of another purpose, `conflict` when the data may not be
    used, `ruleViolation` for a partner or categories to which the conditions do not reach.
    """
    body = received.body
    received_releases.require_usable(work, received, purpose)
    partner = registry.find(work.conn, asked["partner"], work.now())
    if partner is None:
        raise _broken("/partner", "is no partner of the registry")
    requester = registry.requester(partner.entry)
    why = rules.barrier(
        body["obligations"], requester, purpose=body["purpose"], chain=body["origin"]["chain"]
    )
    if why is not None:
        raise _broken("/partner", why)
    if not registry.known(work.conn, custodians.present(body)):
        raise _broken("/partner", "cannot be reported to the origin, which is no partner here")
    categories = sorted(asked.get("categories", body["categories"]))
    if not set(categories) <= set(body["categories"]):
        raise _broken("/categories", "names a category that was not received")
    return _offer(work, received, requester, categories, actor)


def _offer(
    work: Work, received: Document, requester: Requester, categories: list[str], actor: str
) -> Document:
    now, body, partner = instant(work.now()), received.body, requester.node_id
    must_ask = rules.must_ask(body["obligations"], requester, purpose=body["purpose"])
    offer_id = new_id("releaseRequest")
    content = {
        "partner": partner,
        "received": received.id,
        "categories": categories,
        "purpose": body["purpose"],
        "caseReference": body["caseReference"],
        "at": now,
        "by": actor,
    }
    state = ASKED if must_ask else OFFERED
    offer = work.documents.create(offer_id, content, kind=KIND, type=KIND, status=state, owner=partner)
    links.link(work.conn, offer_id, _PASSED_ON, received.id)
    if must_ask:
        _tell_origin(work, received, "onwardAsked", _terms(offer))
    else:
        _tell_partner(work, offer)
    return offer


def take_decision(work: Work, taken: Taken, _leaf: str, _purpose: str) -> None:
    """Offer, or do not, as the origin has decided (ONW-003)."""
    offer = work.documents.get(taken.event["onwardId"], KIND)
    if offer is None or offer.status != ASKED:
        return
    received = received_releases.find(work, offer.body["received"])
    if taken.partner != custodians.present(received.body):
        return
    approved = taken.event["decision"] == "approve"
    state = OFFERED if approved else REFUSED
    offer = work.documents.replace(offer, offer.body, reason=state, actor=taken.partner, status=state)
    if approved:
        _tell_partner(work, offer)


def find(work: Work, offer_id: str, partner: str) -> Document | None:
    """Return an offer to that partner, or None."""
    offer = work.documents.get(offer_id, KIND)
    return offer if offer is not None and offer.owner == partner else None


def listed(work: Work, received: Document) -> list[Document]:
    """Return the offers of a received release."""
    return work.documents.many(links.linked_to(work.conn, received.id, _PASSED_ON))


def end(work: Work, received: Document, *, actor: str) -> None:
    """Withdraw the offers of a release that may not be used any more."""
    for offer in listed(work, received):
        if offer.status in {ASKED, OFFERED}:
            work.documents.replace(offer, offer.body, reason=WITHDRAWN, actor=actor, status=WITHDRAWN)


def renew(work: Work, old: Document, new: Document) -> None:
    """Let the offers of a release stand for the newer one that took its place."""
    for offer in listed(work, old):
        work.documents.replace(
            offer, offer.body | {"received": new.id}, reason="corrected", actor=work.settings.node_id
        )
        links.unlink(work.conn, offer.id, _PASSED_ON, old.id)
        links.link(work.conn, offer.id, _PASSED_ON, new.id)


def status(work: Work, offer: Document, requester: Requester) -> Json:
    """Return what the partner may know of an offer (release-request-status.json).

    One that cannot be collected any more shows as withdrawn, whatever the reason (REL-012).
    """
    body, state = offer.body, offer.status
    if state == OFFERED and not _is_collectable(work, offer, requester):
        state = WITHDRAWN
    shown = {"releaseRequestId": offer.id, "state": state, "escalated": False}
    if state == OFFERED:
        shown["grantedCategories"] = body["categories"]
    return shown | {"requestedAt": body["at"], "dueAt": body["at"]}


def view(offer: Document) -> Json:
    """Return an offer as its own staff see it (onward.json)."""
    body = offer.body
    return {
        "onwardId": offer.id,
        "receivedRelease": body["received"],
        "partner": body["partner"],
        "categories": body["categories"],
        "state": offer.status,
        "at": body["at"],
    }


def collectable(work: Work, offer: Document, requester: Requester) -> Document:
    """Return the received release behind an offer, if the partner may have it now; raises `notFound`."""
    received = work.documents.get(offer.body["received"], received_releases.KIND)
    if received is None or offer.status != OFFERED:
        raise not_found()
    if not received_releases.is_usable(work, received):
        raise not_found()
    body = received.body
    if rules.barrier(body["obligations"], requester, purpose=body["purpose"], chain=body["origin"]["chain"]):
        raise not_found()
    if set(offer.body["categories"]).isdisjoint(body["categories"]):
        raise not_found()
    return received


def _is_collectable(work: Work, offer: Document, requester: Requester) -> bool:
    try:
        collectable(work, offer, requester)
    except Problem:
        return False
    return True


def collect(work: Work, offer: Document, requester: Requester, leaf: str) -> Json:
    """Return a release of this node under the conditions of the one it rests on, and report it (ONW-004)."""
    received = collectable(work, offer, requester)
    registry.require_to_tell(work.conn, requester.node_id, work.now())
    kept = received_releases.kept_of(work, received)
    values = kept["disclosures"]
    disclosures = {name: values[name] for name in offer.body["categories"] if name in values}
    claims = _claims(work, offer, received, disclosures)
    disclosed.add(
        work.conn,
        kind="release",
        record=received.id,
        directives=(),
        partner=requester.node_id,
        purpose=claims["purpose"],
        categories=disclosures,
        parts=parts.of(disclosures),
        reference=claims["jti"],
        at=instant(work.now()),
        leaf=leaf,
    )
    told = {"reference": claims["jti"], "at": instant(work.now())}
    _tell_origin(work, received, "onwardReported", _terms(offer) | told)
    statement = signatures.sign(work.keys, statements.TYPE, claims)
    return {"statement": statement, "proof": kept["proof"], "disclosures": disclosures}


def _claims(work: Work, offer: Document, received: Document, disclosures: Json) -> Json:
    body = received.body
    origin = body["origin"] | {"chain": [*body["origin"]["chain"], work.settings.node_id]}
    return {
        "iss": work.settings.node_id,
        "aud": offer.body["partner"],
        "jti": new_id("release"),
        "iat": int(work.now().timestamp()),
        "purpose": body["purpose"],
        "caseReference": body["caseReference"],
        "validUntil": body["validUntil"],
        "obligations": body["obligations"],
        "origin": origin,
        "digests": statements.digests(disclosures),
    }


def _terms(offer: Document) -> Json:
    body = offer.body
    return {"onwardId": offer.id, "recipient": body["partner"], "categories": body["categories"]}


def _tell_partner(work: Work, offer: Document) -> None:
    body = offer.body
    told = {"releaseRequestId": offer.id} | {name: body[name] for name in ("caseReference", "categories")}
    _send(work, body["partner"], "releaseOffered", offer.id, body["purpose"], told)


def _tell_origin(work: Work, received: Document, kind: str, event: Json) -> None:
    release, purpose = received.body["origin"]["release"], received.body["purpose"]
    custodian = custodians.present(received.body)
    _send(work, custodian, kind, release, purpose, event | {"purpose": purpose})


def _send(work: Work, partner: str, kind: str, subject: str, purpose: str, event: Json) -> None:
    outbox.enqueue(
        work,
        partner=partner,
        event_type=kind,
        subject=subject,
        purpose=purpose,
        event=event,
    )


def _broken(pointer: str, text: str) -> Problem:
    return Problem("ruleViolation", faults=[Fault(pointer, text)])
