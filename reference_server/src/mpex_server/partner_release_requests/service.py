"""Asking a partner for more: what is kept here, and the three calls to the partner."""

from dataclasses import dataclass
from typing import Any

from mpex_server.disclosures.work import Work
from mpex_server.errors import Fault, Problem, not_found
from mpex_server.events import repository as inbox
from mpex_server.http.spec import schema_validator
from mpex_server.kit import jws
from mpex_server.partner_searches import service as partner_searches
from mpex_server.peers import registry
from mpex_server.peers.client import Access, Partner, Peers
from mpex_server.peers.errors import PeerError, RefusedError, UnsoundAnswerError
from mpex_server.release_requests import proofs, sealing, statements
from mpex_server.storage.documents import Document

KIND = "partnerReleaseRequest"
Json = dict[str, Any]
_ASKED = ("hitReference", "releaseSet", "categories", "reason")
_STATUS = ("releaseRequestId", "state", "requestedAt", "dueAt", "grantedCategories", "question", "escalated")


@dataclass(frozen=True, slots=True)
class Message:
    """A release request ready to be sent."""

    partner: Partner
    search: str
    body: Json


def message(work: Work, asked: Json, *, purpose: str) -> Message:
    """Check what a case worker asks against the search it follows; raises Problem."""
    search = work.documents.get(asked["partnerSearch"], partner_searches.KIND)
    if search is None:
        raise not_found()
    if not partner_searches.hit_of(search, asked["partner"], asked["hitReference"]):
        fault = Fault("/hitReference", "was not given by that partner in answer to that search")
        raise Problem("ruleViolation", faults=[fault])
    if not ("releaseSet" in asked or "categories" in asked):
        raise Problem("ruleViolation", faults=[Fault("", "name a releaseSet or categories")])
    _same_purpose(search.body["purpose"], purpose)
    body: Json = {name: asked[name] for name in _ASKED if name in asked}
    body |= {name: search.body[name] for name in ("purpose", "legalBasis", "caseReference")}
    partner = registry.find(work.conn, asked["partner"], work.now())
    if partner is None:
        raise Problem("ruleViolation", faults=[Fault("/partner", "is no partner of the registry")])
    return Message(partner, search.id, body)


def ask(peers: Peers, request_id: str, sent: Message) -> Json:
    """Send the request; raises Problem: `notFound` as the partner says it, else `partnerFailed`."""
    access = _access(sent.body, "releaseRequests:create")
    key = request_id.partition(":")[2]
    return _status(
        _call(peers, sent.partner, "POST", "/v1/release-requests", access, body=sent.body, key=key)
    )


def store(work: Work, request_id: str, sent: Message, status: Json) -> Document:
    """Keep the request with the state that the partner gave; a repetition may have been quicker."""
    known = work.documents.get(request_id, KIND)
    if known is not None:
        return known
    body = {
        "partner": sent.partner.node_id,
        "partnerSearch": sent.search,
        "status": status,
        **{name: sent.body[name] for name in ("purpose", "legalBasis", "caseReference")},
    }
    return work.documents.create(request_id, body, kind=KIND, type=KIND, status=status["state"])


def find(work: Work, request_id: str) -> Document:
    """Return a request; raises Problem `notFound`."""
    document = work.documents.get(request_id, KIND)
    if document is None or document.erased_at is not None:
        raise not_found()
    return document


def partner_of(work: Work, document: Document, *, purpose: str) -> Partner:
    """Return the partner to call about a request.

    Raises Problem: when the token is for another purpose, `partnerFailed` when it is trusted no more.
    """
    _same_purpose(document.body["purpose"], purpose)
    partner = registry.find(work.conn, document.body["partner"], work.now())
    if partner is None:
        raise Problem("partnerFailed", "The node does not trust the partner at present, and does not ask it.")
    return partner


def ask_status(peers: Peers, partner: Partner, body: Json) -> Json:
    """Ask the partner for the state; raises Problem."""
    path = f"/v1/release-requests/{body['status']['releaseRequestId']}"
    return _status(_call(peers, partner, "GET", path, _access(body, "releaseRequests:read")))


def send_reply(peers: Peers, partner: Partner, body: Json, text: str, key: str) -> Json:
    """Reply to the partner's question, once for each `key`; raises Problem."""
    path = f"/v1/release-requests/{body['status']['releaseRequestId']}/replies"
    access = _access(body, "releaseRequests:create")
    return _status(_call(peers, partner, "POST", path, access, body={"reply": text}, key=key))


def fetch(peers: Peers, partner: Partner, body: Json) -> Json:
    """Fetch the release as it is sealed, unchecked; raises Problem."""
    path = f"/v1/release-requests/{body['status']['releaseRequestId']}/release"
    return _call(peers, partner, "GET", path, _access(body, "releases:collect"))


def opened(work: Work, partner: Partner, body: Json, package: Json) -> tuple[Json, Json]:
    """Return a release (release.json) of that partner for this node and case, with its claims; or Problem."""
    own, purpose = work.settings.node_id, body["purpose"]
    release = sealing.opened(work.keys, package, issuer=partner.node_id, audience=own, purpose=purpose)
    claims = _checked(work, partner, body, release)
    if claims["jti"] != package["release"]:
        raise Problem("partnerFailed", "The release is sealed under the name of another.")
    return release, claims


def _checked(work: Work, partner: Partner, body: Json, release: Json) -> Json:
    try:
        claims = statements.check(
            release,
            partner.jwks,
            issuer=partner.node_id,
            audience=work.settings.node_id,
            purpose=body["purpose"],
            now=work.now(),
        )
        proofs.check(release["proof"], claims, _keys_of_origin(work, claims))
    except jws.JwsError as error:
        raise Problem("partnerFailed", f"The release is not sound: {error}.") from error
    if claims["caseReference"] != body["caseReference"]:
        raise Problem("partnerFailed", "The release is for another case.")
    callers = {partner.node_id, claims["origin"]["custodian"]}
    if any(inbox.recalled(work.conn, caller, claims["jti"]) for caller in sorted(callers)):
        raise Problem("conflict", "The partner has recalled the release while it was on its way.")
    return claims


def _keys_of_origin(work: Work, claims: Json) -> Json:
    entry = registry.known(work.conn, claims["origin"]["custodian"])
    if not entry:
        raise jws.JwsError("its origin is no partner here, so that nothing proves it")
    return dict(entry["jwks"])


def update(work: Work, document: Document, **members: Any) -> Document:
    """Store a new state, or the release that was received."""
    body = document.body | members
    return work.documents.replace(
        document, body, reason="partner", actor=body["partner"], status=body["status"]["state"]
    )


def view(document: Document) -> Json:
    """Return the request with its status (partner-release-request-status.json)."""
    shown = ("partner", "partnerSearch", "status", "receivedRelease")
    body = document.body
    return {"partnerReleaseRequestId": document.id} | {name: body[name] for name in shown if name in body}


def _call(peers: Peers, partner: Partner, method: str, path: str, access: Access, **options: Any) -> Json:
    try:
        return peers.call(partner, method, path, access, **options).json()
    except RefusedError as refused:
        if refused.status == 404:
            raise not_found() from refused
        raise Problem("partnerFailed", f"The partner answered with status {refused.status}.") from refused
    except UnsoundAnswerError as unsound:
        raise Problem("partnerFailed", "The partner's answer does not keep to the standard.") from unsound
    except PeerError as failure:
        raise Problem("partnerFailed", "The partner cannot be reached.") from failure


def _status(answer: Json) -> Json:
    if not schema_validator("release-request-status").is_valid(answer):
        raise Problem("partnerFailed", "The partner's answer does not follow its schema.")
    return {name: answer[name] for name in _STATUS if name in answer}


def _access(body: Json, action: str) -> Access:
    return Access(body["purpose"], body["legalBasis"], (action,))


def _same_purpose(stored: str, purpose: str) -> None:
    if stored != purpose:
        raise Problem("purposeNotAllowed", "The token is for another purpose than the search.")
