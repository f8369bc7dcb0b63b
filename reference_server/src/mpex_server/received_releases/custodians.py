"""Who speaks for what was received: who released it, whose record it is, custodians since (CUST-008)."""

from typing import Any

from mpex_server.disclosures.work import Work
from mpex_server.events.tokens import early
from mpex_server.storage.documents import Document

Json = dict[str, Any]


def of(body: Json) -> set[str]:
    """Return every node that may call a received release back."""
    return {body["from"], body["origin"]["custodian"], *body.get("custodians", ())}


def present(body: Json) -> str:
    """Return the node that answers for the record now."""
    return str(body.get("custodian", body["origin"]["custodian"]))


def since(body: Json) -> int:
    """Return the version of the record from which on the node keeps it that answers for it now."""
    return int(body.get("since", body["origin"]["version"]))


def answering_for(body: Json, node: str) -> set[str]:
    """Return the nodes for which a node speaks: itself, and former custodians once it is the custodian."""
    followed = {body["origin"]["custodian"], *body.get("custodians", ())} if node == present(body) else ()
    return {node, *followed}


def note(work: Work, document: Document, custodian: str, *, since: int, actor: str) -> None:
    """Enter the custodian since a version; those before it still speak for what they released."""
    body = document.body
    noted = sorted({*body.get("custodians", ()), custodian})
    changed = body | {"custodian": custodian, "custodians": noted, "since": since}
    work.documents.replace(document, changed, reason="custodianChanged", actor=actor, status=document.status)


def require(held: list[Document], partner: str) -> None:
    """Refuse an event on what is held from others, so that it comes until its sender is known (CUST-009).

    To answer that all is done would let a recall go astray that has overtaken the news of the custodian. Only
    who had part in a release knows its identifier.
    """
    if held and all(partner not in of(document.body) for document in held):
        raise early("The sender is not known here as the custodian of what the event is about.")
