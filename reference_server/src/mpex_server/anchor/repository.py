"""Enrolments, marks and accreditations of an anchor."""

from dataclasses import asdict, dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, delete, insert, select, update

from mpex_server.storage import tables as t

Json = dict[str, Any]
_ENROLLED, _MARK, _ACCREDITED = t.enrolment.c, t.issued_mark.c, t.accreditation.c


@dataclass(frozen=True, slots=True)
class IssuedMark:
    """A mark that was given: who has it, of which type and by which key, until when, and when it ended."""

    mark_id: str
    entity: str
    kind: str
    kid: str
    issued_at: str
    expires_at: str
    revoked_at: str | None


def enrol(conn: Connection, entity: str, jwks: Json, *, issued: int, intermediate: bool, at: str) -> None:
    """Vouch for an entity with these keys, which it named in the second `issued`, not with those before."""
    withdraw(conn, entity)
    keys = orjson.dumps(jwks).decode()
    row = {"entity": entity, "jwks": keys, "issued": issued, "intermediate": intermediate, "at": at}
    conn.execute(insert(t.enrolment), row)


def withdraw(conn: Connection, entity: str) -> bool:
    """Vouch for an entity no more; return whether it was enrolled."""
    return conn.execute(delete(t.enrolment).where(_ENROLLED.entity == entity)).rowcount == 1


def keys_of(conn: Connection, entity: str) -> Json | None:
    """Return the keys for which the anchor vouches, or None when the entity is not enrolled."""
    text = conn.scalar(select(_ENROLLED.jwks).where(_ENROLLED.entity == entity))
    return None if text is None else dict(orjson.loads(text))


def issued(conn: Connection, entity: str) -> int:
    """Return the second in which an entity named the keys that it is enrolled with; 0 when it is not."""
    return conn.scalar(select(_ENROLLED.issued).where(_ENROLLED.entity == entity)) or 0


def enrolled(conn: Connection, *, intermediate: bool | None = None) -> list[str]:
    """Return who is enrolled, those that vouch for others or those that do not; None for all."""
    wanted = select(_ENROLLED.entity).order_by(_ENROLLED.entity)
    if intermediate is not None:
        wanted = wanted.where(_ENROLLED.intermediate == intermediate)
    return list(conn.scalars(wanted))


def is_intermediate(conn: Connection, entity: str) -> bool:
    """Tell whether an enrolled entity vouches for others."""
    return bool(conn.scalar(select(_ENROLLED.intermediate).where(_ENROLLED.entity == entity)))


def give(conn: Connection, mark: IssuedMark) -> None:
    """Keep a mark that is given."""
    conn.execute(insert(t.issued_mark), asdict(mark))


def mark(conn: Connection, mark_id: str) -> IssuedMark | None:
    """Return a mark, or None for one that was never given."""
    row = conn.execute(select(t.issued_mark).where(_MARK.mark_id == mark_id)).one_or_none()
    return None if row is None else IssuedMark(*row)


def marks(conn: Connection) -> list[IssuedMark]:
    """Return all marks, the oldest first."""
    rows = conn.execute(select(t.issued_mark).order_by(_MARK.issued_at, _MARK.mark_id))
    return [IssuedMark(*row) for row in rows]


def standing(conn: Connection, now: str, **which: str) -> list[IssuedMark]:
    """Return the marks that stand at `now`, the oldest first; `which` names columns and what is in them."""
    wanted = (_MARK[name] == value for name, value in which.items())
    stand = select(t.issued_mark).where(_MARK.revoked_at.is_(None), _MARK.expires_at > now, *wanted)
    return [IssuedMark(*row) for row in conn.execute(stand.order_by(_MARK.issued_at, _MARK.mark_id))]


def take_back(conn: Connection, entity: str, kind: str, *, at: str) -> int:
    """Take back the marks of a type that an entity has; return how many they were."""
    stands = (_MARK.entity == entity, _MARK.kind == kind, _MARK.revoked_at.is_(None))
    return conn.execute(update(t.issued_mark).where(*stands).values(revoked_at=at)).rowcount


def accredit(conn: Connection, kind: str, entity: str) -> None:
    """Let an entity give marks of a type, from now on."""
    unaccredit(conn, kind, entity)
    conn.execute(insert(t.accreditation), {"kind": kind, "entity": entity})


def unaccredit(conn: Connection, kind: str, entity: str) -> bool:
    """Let an entity give marks of a type no more; return whether it could."""
    which = (_ACCREDITED.kind == kind, _ACCREDITED.entity == entity)
    return conn.execute(delete(t.accreditation).where(*which)).rowcount == 1


def accredited(conn: Connection) -> dict[str, list[str]]:
    """Return who may give marks, by type."""
    found: dict[str, list[str]] = {}
    for kind, entity in conn.execute(select(_ACCREDITED.kind, _ACCREDITED.entity).order_by(*_ACCREDITED)):
        found.setdefault(kind, []).append(entity)
    return found
