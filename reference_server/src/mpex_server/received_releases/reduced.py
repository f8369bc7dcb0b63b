"""What of a received release goes while the rest stays: the accounts that a recall names (RECL-024)."""

from collections.abc import Set

from mpex_server.disclosures.work import Work
from mpex_server.domain import parts
from mpex_server.kit.ids import new_id
from mpex_server.received_releases import accepted, service
from mpex_server.storage.documents import Document


def erase(work: Work, document: Document, gone: Set[tuple[str, str]], *, actor: str) -> bool:
    """Erase parts of a received release, by their names; False when nothing else is left of it.

    What stays is stored anew under a key of its own, so that erasing the old key erases what goes.
    """
    kept = service.kept_of(work, document)
    left = parts.without(kept["disclosures"], gone)
    if not left:
        return False
    if left == kept["disclosures"]:
        return True
    data_id = new_id("data")
    work.documents.create(
        data_id,
        kept | {"disclosures": left},
        kind=service.DATA,
        type=service.DATA,
        status=service.ACTIVE,
        owner=document.owner,
    )
    work.documents.erase(document.body["data"])
    accepted.take_parts_out(work, document, gone, actor=actor)
    body = document.body | {"data": data_id, "categories": sorted(left)}
    work.documents.replace(document, body, reason="reduced", actor=actor, status=document.status)
    return True
