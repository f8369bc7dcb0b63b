"""Requests without any token: public documents, and what a stranger tries."""

from mpex_conformance.wire import contract
from mpex_conformance.wire.client import Request, Wire
from mpex_conformance.wire.exchange import Answer

_ANY = "a" * 26


def get_public(wire: Wire, operation_id: str) -> Answer:
    """Fetch a public document."""
    operation = contract.operations()[operation_id]
    return wire.send(Request(operation, operation.path, {"Accept": "*/*"}))


def knock(wire: Wire, operation: contract.Operation, headers: dict[str, str] | None = None) -> Answer:
    """Call ``operation`` as a stranger, with made-up identifiers and an empty object where a body goes."""
    path = operation.path
    while "{" in path:
        name = path[path.index("{") + 1 : path.index("}")]
        path = path.replace("{" + name + "}", f"{_KINDS.get(name, 'person')}:{_ANY}")
    sent = {"Accept": "*/*", **(headers or {})}
    body = b""
    if operation.method != "GET":
        sent.setdefault("Content-Type", operation.media_type)
        sent.setdefault("Idempotency-Key", "stranger-0123456789")
        body = b"{}"
    return wire.send(Request(operation, path, sent, body))


_KINDS = {
    "recordId": "person",
    "requestId": "request",
    "directiveId": "directive",
    "incidentId": "incident",
    "partnerSearchId": "partnerSearch",
    "releaseRequestId": "releaseRequest",
    "partnerReleaseRequestId": "partnerReleaseRequest",
    "receivedReleaseId": "receivedRelease",
    "recallId": "recall",
    "matchId": "match",
    "identityErrorId": "identityError",
    "erasureId": "erasure",
    "identificationId": "identification",
    "proposalId": "jointProposal",
    "changeProposalId": "changeProposal",
}
