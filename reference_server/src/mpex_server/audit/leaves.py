"""Entries of the log (`schemas/log-entry.json`), written in the action's own transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert

from mpex_server.domain import commitments
from mpex_server.keys import KeyProvider
from mpex_server.kit import aead, base64url, strict_json
from mpex_server.kit.ids import new_id
from mpex_server.storage import floor
from mpex_server.storage import tables as t
from mpex_server.storage.documents import Document
from mpex_server.storage.prepared import Prepared

PROHIBITED_PURPOSE = "prohibitedPurpose"
_NEW = Prepared(insert(t.audit_leaf), "id", "at", "body")


@dataclass(frozen=True, slots=True)
class Vouched:
    """Of whom an anchor decided, by address, and about which type of marks or which mark (TRUST-014).

    `keys` are the thumbprints of those for which it vouches from then on.
    """

    entity: str
    kind: str | None = None
    mark_id: str | None = None
    keys: tuple[str, ...] = ()


def write(
    conn: Connection,
    keys: KeyProvider,
    *,
    at: str,
    event: str,
    outcome: str,
    actor: str,
    purpose: str | None = None,
    proof: str | None = None,
    subject: Document | None = None,
    candidates: Iterable[str] | None = None,
    case_reference: str | None = None,
    reason: str | None = None,
    vouched: Vouched | None = None,
) -> str:
    """Insert one entry, not yet in the tree, and return its leaf id.

    The subject is a pseudonym whose salt derives from the record's key: shredding the key unlinks it. The
    candidates of a search are one commitment whose salt the node can derive again from the leaf id. What the
    database hid is said to be so, whatever the program took it for (PURP-003).
    """
    leaf_id = new_id("leaf")
    entry: dict[str, Any] = {
        "v": 1,
        "leaf": leaf_id,
        "at": at,
        "event": event,
        "actor": actor,
        "subject": pseudonym(subject) if subject else None,
        "candidates": _committed(keys, leaf_id, candidates) if candidates is not None else None,
        "purpose": purpose,
        "caseReference": case_reference,
        "outcome": outcome,
        "reason": PROHIBITED_PURPOSE if floor.hides(conn, purpose) else reason,
        "proof": proof,
        "entity": vouched and vouched.entity,
        "keys": (vouched and list(vouched.keys)) or None,
        "markType": vouched and vouched.kind,
        "mark": vouched and vouched.mark_id,
    }
    body = strict_json.canonical({name: value for name, value in entry.items() if value is not None})
    _NEW.change(conn, id=leaf_id, at=at, body=body)
    return leaf_id


def pseudonym(document: Document) -> str:
    """Return the name that stands for a document in the log, 43 characters of base64url."""
    return base64url.encode(commitments.commit(document.salt, "subject", document.id.encode()))


def candidate_salt(keys: KeyProvider, leaf_id: str) -> bytes:
    """Return the salt that opens the candidates' commitment of an entry."""
    return aead.mac(keys.secret("audit"), "candidates", leaf_id)


def _committed(keys: KeyProvider, leaf_id: str, candidates: Iterable[str]) -> str:
    return base64url.encode(commitments.candidates(candidate_salt(keys, leaf_id), candidates))
