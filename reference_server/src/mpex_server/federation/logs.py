"""Reads on in the log of an anchor or intermediate: it shows everybody one history (TRUST-025)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from mpex_server.domain.checkpoint import Checkpoint, NoteError, Verifier, open_checkpoint
from mpex_server.domain.merkle import MemoryNodes, MerkleTree, leaf_hash
from mpex_server.federation.faults import Reason, TrustError
from mpex_server.federation.statements import Fetch, Statement
from mpex_server.kit import strict_json

_PLACE = "/federation/log"
_PAGE = 500
_MOST = 100_000
_MOST_BYTES = 16 * 1024 * 1024
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Followed:
    """How far a log was read: its key, the newest checkpoint, and the subtrees of which its tree consists.

    `answers` is when it was read, as an instant; None when it gave no answer since.
    """

    key: str
    size: int = 0
    note: str = ""
    subtrees: tuple[bytes, ...] = ()
    answers: str | None = None


Subject = tuple[str, str]
"""What a decision is about: an `entity` by its address, or a `mark` by its identifier."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What a superior decided and a partner rests on: an enrolment, or a mark.

    `shows` is what its log must show of that: the thumbprints of the keys, or the entity with the mark.
    `role` is what the entry must make of it: an intermediate (`BETWEEN`), or the type of the mark; "" for no
    matter what.
    """

    superior: str
    about: Subject
    shows: frozenset[str]
    role: str = ""


Shown = tuple[str, frozenset[str]]
"""What a log shows of a subject: role and names, as `Ground` asks for them."""
Standing = dict[Subject, Shown]
"""What a log shows to stand."""
BETWEEN = "intermediateEnrolled"
_TEXTS = ("at", "reason", "entity", "markType", "mark")
_LONGEST_TEXT = 300
_MOST_KEYS = 10
_THUMBPRINT = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Reading:
    """A log as far as it was read now, and by position what was decided since it was read before.

    `length` is how many bytes that has.
    """

    followed: Followed
    entries: dict[int, Json]
    length: int = 0


def read_on(superior: Statement, before: Followed | None, fetch: Fetch) -> Reading:
    """Read the log of a superior from where it was read before.

    Raises TrustError: `logForked` when it does not continue what was read, another when nothing is learnt.
    """
    verifier = _verifier(superior)
    known = before or Followed(str(verifier))
    if known.key != str(verifier):
        raise TrustError("logForked", superior.subject, "it names another log than the one that was read")
    note = fetch(f"{superior.subject}{_PLACE}/checkpoint")
    shown = _opened(note, verifier, superior.subject)
    if shown.size < known.size:
        raise TrustError("logForked", superior.subject, "its log is shorter than it was")
    if shown.size - known.size > _MOST:
        raise TrustError("malformed", superior.subject, f"more than {_MOST} entries of its log are new")
    tree = MerkleTree(MemoryNodes(known.size, known.subtrees), known.size)
    entries, kept = dict[int, Json](), 0
    while tree.size < shown.size:
        for entry in _page(superior.subject, tree.size, fetch)[: shown.size - tree.size]:
            text = strict_json.canonical(entry)
            position = tree.append(leaf_hash(text))
            if (decided := decision(entry)) is not None:
                entries[position], kept = decided, kept + len(strict_json.dumps(decided))
        if kept > _MOST_BYTES:
            raise TrustError("malformed", superior.subject, "its log has more new decisions than are read")
    if tree.root() != shown.root:
        reason: Reason = "logForked" if known.size else "malformed"
        raise TrustError(reason, superior.subject, "its log does not continue what was read of it")
    return Reading(Followed(known.key, tree.size, note, tree.subtrees()), entries, kept)


def decision(entry: Json) -> Json | None:
    """Return what an entry says of an entity, as much of it as anybody can rest on; None for nothing."""
    found = {name: entry[name] for name in _TEXTS if isinstance(entry.get(name), str)}
    if "entity" not in found or any(len(text) > _LONGEST_TEXT for text in found.values()):
        return None
    keys = _thumbprints(entry.get("keys"))[:_MOST_KEYS]
    return {**found, "keys": keys} if keys else found


def effect(entry: Json) -> tuple[Subject, Shown | None] | None:
    """Return what stands of a subject after an entry, with None for nothing; None when it changes nothing."""
    entity, mark, kind = (entry.get(name) for name in ("entity", "mark", "markType"))
    match entry.get("reason"):
        case ("entityEnrolled" | "intermediateEnrolled") as role if isinstance(entity, str):
            return ("entity", entity), (str(role), frozenset(_thumbprints(entry.get("keys"))))
        case "entityWithdrawn" if isinstance(entity, str):
            return ("entity", entity), None
        case "markGiven" if isinstance(mark, str) and isinstance(kind, str) and isinstance(entity, str):
            return ("mark", mark), (kind, frozenset((entity,)))
        case "markRevoked" if isinstance(mark, str):
            return ("mark", mark), None
    return None


def stand(standing: Standing, entries: Iterable[Json]) -> None:
    """Let entries of a log, in their order, change what stands."""
    for about, shown in filter(None, map(effect, entries)):
        if shown is None:
            standing.pop(about, None)
        else:
            standing[about] = shown


def _thumbprints(keys: Any) -> list[str]:
    listed = keys if isinstance(keys, list) else ()
    return [key for key in listed if isinstance(key, str) and _THUMBPRINT.fullmatch(key)]


def check(ground: Ground, standing: Standing | None) -> None:
    """Raise TrustError unless a log shows what a superior decided; None is for one that was never read."""
    role, names = (standing or {}).get(ground.about, ("", frozenset[str]()))
    if not (ground.shows and ground.shows <= names and ground.role in ("", role)):
        raise TrustError("notLogged", ground.superior, "its log does not show what it says")


def _verifier(superior: Statement) -> Verifier:
    named = superior.metadata("federation_entity").get("mpex_log")
    try:
        return Verifier.from_text(str(named["key"] if isinstance(named, dict) else None))
    except (KeyError, NoteError) as error:
        raise TrustError("malformed", superior.subject, "it names no log") from error


def _opened(note: str, verifier: Verifier, name: str) -> Checkpoint:
    try:
        return open_checkpoint(note, verifier)
    except NoteError as error:
        raise TrustError("badSignature", name, f"the checkpoint of its log: {error}") from error


def _page(name: str, start: int, fetch: Fetch) -> list[Json]:
    """Return entries from an index on, at least one."""
    text = fetch(f"{name}{_PLACE}/entries?start={start}&limit={_PAGE}")
    try:
        page = strict_json.loads(text.encode())
    except ValueError as error:
        raise TrustError("malformed", name, "the entries of its log are not JSON") from error
    found = page.get("items") if isinstance(page, dict) else None
    if not isinstance(found, list) or not found or not all(isinstance(entry, dict) for entry in found):
        raise TrustError("malformed", name, "its log has fewer entries than its checkpoint says")
    return found
