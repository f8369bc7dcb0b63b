"""Rules of remains units (chapter 7 of the standard)."""

from collections.abc import Iterable, Iterator

from mpex_server.domain import remains
from mpex_server.http.context import Context
from mpex_server.kit.clock import instant
from mpex_server.records import contributed
from mpex_server.records.resource import Body, Path, Reference, Relation, Resource, broken_rule
from mpex_server.remains import identities
from mpex_server.storage import links
from mpex_server.storage.documents import Document

_PARENT: Relation = "parentSet"
_RELATIONS: tuple[Relation, ...] = (_PARENT, "splitFrom", "mergedInto")
KEPT = ("splitFrom", "splitInto", "mergedFrom", "mergedInto")
"""What only splitting and merging set; a change of the record keeps it."""


def check(ctx: Context, body: Body, others: Iterable[str] = ()) -> None:
    """Refuse numbers that the inventory belies, and confirmed identities that one individual cannot have.

    `others` are units that this one is about to take up.
    """
    _check_individuals(body)
    confirmed = identities.current(ctx.conn, ctx.documents, [body.get("recordId", ""), *others])
    # A refusal for a death of which nobody has been told would tell of it (CASE-002).
    told = [entry.body for entry in confirmed if not entry.body["embargoed"]]
    if not body.get("commingled") and identities.contradict(ctx.documents, told):
        raise broken_rule((("commingled",), "is needed: confirmed identifications name different persons"))


def _prepare(ctx: Context, body: Body, current: Document | None) -> Body:
    before = current.body if current else {}
    if "mergedInto" in before:
        raise broken_rule(((), "was merged into another unit; change that one"))
    _check_parents(ctx, body)
    check(ctx, body)
    prepared = contributed.prepare(ctx, body, current)
    _check_chain(ctx, prepared, current)
    return prepared | {name: before[name] for name in KEPT if name in before}


def _check_individuals(body: Body) -> None:
    """Refuse a number of individuals that is too low (REM-001), or above one in a unit of one (REM-002)."""
    stated = body.get("minimumIndividuals", 1)
    if stated < remains.least_individuals(body.get("parts", ())):
        raise broken_rule((("minimumIndividuals",), "is lower than the complete parts of the inventory show"))
    if stated > 1 and not body.get("commingled"):
        raise broken_rule((("commingled",), "is needed for remains of more than one individual"))


def _check_parents(ctx: Context, body: Body) -> None:
    """Refuse a set that is the unit itself or lies within it (REM-003)."""
    own, above, seen = body.get("recordId"), body.get(_PARENT), set[str]()
    while above is not None and above not in seen:
        if above == own:
            raise broken_rule(((_PARENT,), "is the unit itself, or a part of it"))
        seen.add(above)
        above = next(iter(links.linked_from(ctx.conn, above, _PARENT)), None)


def _check_chain(ctx: Context, body: Body, current: Document | None) -> None:
    """Refuse to alter what a custody chain says (REM-004), and entries of the future."""
    if current is not None and remains.broken_chain(current.body, body):
        place: Path = ("contributions",)
        raise broken_rule(
            (place, "alters or drops an entry of a custody chain; add an entry that corrects it")
        )
    now = instant(ctx.now())
    for number, contribution in enumerate(body["contributions"]):
        for position, entry in enumerate(contribution["sections"].get("custody", {}).get("events", ())):
            if entry["at"] > now:
                place = ("contributions", number, "sections", "custody", "events", position, "at")
                raise broken_rule((place, "lies in the future; record it afterwards"))


def references(body: Body) -> Iterator[Reference]:
    """Yield what a unit refers to: directives, incidents, its set, and the units it came from and went to."""
    yield from contributed.references(body)
    for relation in _RELATIONS:
        if relation in body:
            yield Reference((relation,), relation, body[relation])


REMAINS = Resource(
    kind="remains",
    id_member="recordId",
    schema="remains-unit",
    type_of=lambda body: str(body["type"]),
    status_of=lambda body: str(body["status"]),
    prepare=_prepare,
    references=references,
    stored=contributed.stored,
)
