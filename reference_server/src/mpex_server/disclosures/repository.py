"""Rows of disclosures: one for each query sent, release or record handed out (the recipients list)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from mpex_server.domain import parts as text
from mpex_server.domain.parts import Part
from mpex_server.domain.recall import ACTIVE, weaker
from mpex_server.kit.ids import new_id
from mpex_server.storage import tables as t

Kind = Literal["query", "release", "transfer"]
_ROW = t.disclosure.c


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What one partner received of one record; `reference` is the identifier that both sides know.

    `parts` are empty where they are not known, and `gone` those of them that were called back.
    """

    id: str
    kind: Kind
    record: str
    directives: tuple[str, ...]
    partner: str
    purpose: str
    categories: tuple[str, ...]
    reference: str
    at: str
    state: str
    leaf: str
    parts: frozenset[Part]
    gone: frozenset[Part]

    @property
    def out(self) -> frozenset[Part]:
        """The parts that the partner may still hold."""
        return self.parts - self.gone


def add(
    conn: Connection,
    *,
    kind: Kind,
    record: str,
    directives: Iterable[str],
    partner: str,
    purpose: str,
    categories: Iterable[str],
    reference: str,
    at: str,
    leaf: str,
    parts: Iterable[Part] = (),
    state: str = ACTIVE,
    through: str | None = None,
) -> str:
    """Store a disclosure and the directives it rests on; return its identifier.

    `through` is the disclosure by which something came to a partner that another one passed it on to.
    """
    disclosure_id = new_id("disclosure")
    directives = sorted(set(directives))
    conn.execute(
        insert(t.disclosure).values(
            id=disclosure_id,
            kind=kind,
            document_id=record,
            directive_ids=" ".join(directives),
            partner=partner,
            purpose=purpose,
            categories=" ".join(sorted(categories)),
            reference_id=reference,
            at=at,
            state=state,
            leaf_id=leaf,
            through_id=through,
            parts=text.written(parts),
            parts_gone="",
        )
    )
    for directive in directives:
        conn.execute(
            insert(t.disclosure_directive).values(directive_id=directive, disclosure_id=disclosure_id)
        )
    return disclosure_id


def of_records(conn: Connection, records: Iterable[str]) -> list[Disclosure]:
    """Return every disclosure of the records, oldest first."""
    return _select(conn, _ROW.document_id.in_(list(records)))


def under_directive(conn: Connection, directive: str) -> list[Disclosure]:
    """Return every disclosure that rests on the directive, oldest first."""
    of_directive = select(t.disclosure_directive.c.disclosure_id).where(
        t.disclosure_directive.c.directive_id == directive
    )
    return _select(conn, _ROW.id.in_(of_directive))


def to_partner(conn: Connection, partner: str) -> list[Disclosure]:
    """Return every disclosure to a partner, oldest first."""
    return _select(conn, _ROW.partner == partner)


def under_reference(conn: Connection, partner: str, reference: str) -> list[Disclosure]:
    """Return what a partner received under a reference that both sides know."""
    return _select(conn, (_ROW.reference_id == reference) & (_ROW.partner == partner))


def of_reference(conn: Connection, reference: str) -> list[Disclosure]:
    """Return what was disclosed under a reference, whoever received it."""
    return _select(conn, _ROW.reference_id == reference)


def passed_on(conn: Connection, disclosure_id: str) -> int:
    """Return to how many partners a release went on by another partner."""
    return conn.scalar(select(func.count()).where(_ROW.through_id == disclosure_id)) or 0


def was_sent(conn: Connection, partner: str, reference: str) -> bool:
    """Tell whether a partner was sent a query under that reference."""
    sent = (_ROW.kind == "query") & (_ROW.partner == partner) & (_ROW.reference_id == reference)
    return conn.scalar(select(_ROW.id).where(sent)) is not None


def records_released(conn: Connection, partner: str, references: Iterable[str]) -> set[str]:
    """Return the records of which a partner holds, or held, releases of these names."""
    released = (_ROW.kind == "release") & (_ROW.partner == partner)
    found = select(_ROW.document_id).where(released, _ROW.reference_id.in_(list(references)))
    return set(conn.scalars(found))


def was_released(conn: Connection, partner: str, record: str) -> bool:
    """Tell whether a partner holds, or held, a release of a record."""
    released = (_ROW.kind == "release") & (_ROW.partner == partner) & (_ROW.document_id == record)
    return conn.scalar(select(_ROW.id).where(released).limit(1)) is not None


def settle(conn: Connection, partner: str, reference: str, state: str) -> None:
    """Record what became of what a partner received under a reference; a weaker state never returns."""
    conn.execute(
        update(t.disclosure)
        .where(_ROW.partner == partner, _ROW.reference_id == reference, _ROW.state.in_(weaker(state)))
        .values(state=state)
    )


def end_parts(conn: Connection, entry: Disclosure, gone: Iterable[Part]) -> None:
    """Record that parts of what a partner received were called back, besides what others call back now."""
    before = conn.scalar(select(_ROW.parts_gone).where(_ROW.id == entry.id).with_for_update())
    lost = text.written(text.read(before or "").union(gone))
    conn.execute(update(t.disclosure).where(_ROW.id == entry.id).values(parts_gone=lost))


def unmark(conn: Connection, record: str) -> None:
    """Record that a dispute on a record has ended, so that another one is told again."""
    marked = (_ROW.document_id == record) & (_ROW.state == "marked")
    conn.execute(update(t.disclosure).where(marked).values(state=ACTIVE))


def _select(conn: Connection, where: ColumnElement[bool]) -> list[Disclosure]:
    rows = conn.execute(select(t.disclosure).where(where).order_by(_ROW.at, _ROW.id))
    return [_disclosure(row) for row in rows]


def _disclosure(row: Any) -> Disclosure:
    return Disclosure(
        id=row.id,
        kind=row.kind,
        record=row.document_id,
        directives=tuple(row.directive_ids.split()),
        partner=row.partner,
        purpose=row.purpose,
        categories=tuple(row.categories.split()),
        reference=row.reference_id,
        at=row.at,
        state=row.state,
        leaf=row.leaf_id,
        parts=text.read(row.parts),
        gone=text.read(row.parts_gone),
    )
