"""What of a received release is in a record of this node, and taking it out again (PROP-007)."""

from typing import Any

from mpex_server.disclosures.work import Work
from mpex_server.records import candidate_index, child_protection, majority_review
from mpex_server.storage.documents import Document

MEMBER = "accepted"
"""Member of a received release: the record, and the contributions that came with it."""
Json = dict[str, Any]


def note(work: Work, received: Document, record: str, contributions: list[str]) -> None:
    """Remember what was taken into a record."""
    body = received.body | {MEMBER: {"record": record, "contributions": contributions}}
    work.documents.replace(received, body, reason="accepted", actor=work.settings.node_id)


def record_of(received: Document) -> str | None:
    """Return the record into which a release was taken, or None."""
    taken: Json = received.body.get(MEMBER, {})
    return taken.get("record")


def take_out(work: Work, received: Document, *, actor: str, erase: bool) -> None:
    """Take out of the record what a release brought; `erase` takes it out of earlier versions, too."""
    taken = received.body.get(MEMBER)
    record = None if taken is None else work.documents.get(taken["record"])
    if taken is None or record is None or record.erased_at is not None:
        return
    names = frozenset(taken["contributions"])
    body = _without(record.body, names)
    if body["contributions"] != record.body["contributions"]:
        record = work.documents.replace(record, body, reason="proposalEnded", actor=actor)
        candidate_index.update(work, record)
        majority_review.plan(work, record)
        child_protection.plan(work, record)
    if erase:
        work.documents.earlier.rewrite(record.id, lambda earlier: _without(earlier, names))


def _without(body: Json, names: frozenset[str]) -> Json:
    left = [entry for entry in body["contributions"] if entry.get("contributionId") not in names]
    unknown = {"nameUnknown": True} if "names" not in {name for e in left for name in e["sections"]} else {}
    needs_name = any("names" in entry["sections"] for entry in body["contributions"])
    return body | {"contributions": left} | (unknown if needs_name else {})
