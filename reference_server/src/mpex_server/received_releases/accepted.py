"""What of a received release is in a record of this node, and taking it out again (PROP-007)."""

from collections.abc import Iterable, Mapping, Set
from typing import Any

from mpex_server.disclosures.work import Work
from mpex_server.keys import KeyProvider
from mpex_server.kit import aead, strict_json
from mpex_server.kit.ids import derived_id
from mpex_server.records import candidate_index, child_protection, majority_review
from mpex_server.storage.documents import Document

MEMBER = "accepted"
"""Member of a received release: the record, and the contributions that came with it."""
Json = dict[str, Any]
_Gone = Mapping[str, Set[str] | None]
"""Contribution -> its categories that go; None for all of it."""


def note(work: Work, received: Document, record: str, told: list[Json]) -> None:
    """Remember what was taken into a record, and by a keyed digest what it said."""
    names = [entry["contributionId"] for entry in told]
    taken = {"record": record, "contributions": names, "digest": _digest(work.keys, told)}
    body = received.body | {MEMBER: taken}
    work.documents.replace(received, body, reason="accepted", actor=work.settings.node_id)


def record_of(received: Document) -> str | None:
    """Return the record into which a release was taken, or None."""
    taken: Json = received.body.get(MEMBER, {})
    return taken.get("record")


def says_the_same(work: Work, received: Document, told: list[Json]) -> bool:
    """Tell whether contributions say what was taken of a release before."""
    return bool(received.body[MEMBER]["digest"] == _digest(work.keys, told))


def identifier(keys: KeyProvider, sender: str, name: str) -> str:
    """Return what an account is called here, made of sender and name, so that nobody names another's."""
    return derived_id("contribution", aead.mac(keys.secret("identifiers"), "accepted", sender, name))


def take_out(work: Work, received: Document, *, actor: str, erase: bool) -> None:
    """Take out of the record what a release brought; `erase` takes it out of earlier versions, too."""
    taken: Json = received.body.get(MEMBER, {})
    _leave_out(work, received, dict.fromkeys(taken.get("contributions", ())), actor=actor, erase=erase)


def take_parts_out(work: Work, received: Document, gone: Iterable[tuple[str, str]], *, actor: str) -> None:
    """Take out of the record, and of its earlier versions, what parts of a release brought."""
    named: dict[str, set[str]] = {}
    for category, account in gone:
        named.setdefault(identifier(work.keys, received.body["from"], account), set()).add(category)
    _leave_out(work, received, named, actor=actor, erase=True)


def _leave_out(work: Work, received: Document, gone: _Gone, *, actor: str, erase: bool) -> None:
    name = record_of(received)
    record = None if name is None else work.documents.get(name)
    if record is None or record.erased_at is not None:
        return
    body = _without(record.body, gone)
    if body["contributions"] != record.body["contributions"]:
        record = work.documents.replace(record, body, reason="proposalEnded", actor=actor)
        candidate_index.update(work, record)
        majority_review.plan(work, record)
        child_protection.plan(work, record)
    if erase:
        work.documents.earlier.rewrite(record.id, lambda earlier: _without(earlier, gone))


def _without(body: Json, gone: _Gone) -> Json:
    left = [entry for each in body["contributions"] if (entry := _reduced(each, gone))]
    unknown = {"nameUnknown": True} if "names" not in {name for e in left for name in e["sections"]} else {}
    needs_name = any("names" in entry["sections"] for entry in body["contributions"])
    return body | {"contributions": left} | (unknown if needs_name else {})


def _digest(keys: KeyProvider, told: list[Json]) -> str:
    said = {entry["contributionId"]: entry["sections"] for entry in told}
    return aead.mac(keys.secret("identifiers"), "acceptedSaid", strict_json.canonical(said)).hex()


def _reduced(entry: Json, gone: _Gone) -> Json | None:
    """Return a contribution without what goes of it; None when nothing is left."""
    name = entry.get("contributionId", "")
    if name not in gone:
        return entry
    categories = gone[name]
    left = {} if categories is None else {c: v for c, v in entry["sections"].items() if c not in categories}
    return entry | {"sections": left} if left else None
