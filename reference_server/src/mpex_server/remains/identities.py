"""Whom the remains of a unit are of, as confirmed identifications say it (REM-005, REM-006)."""

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection

from mpex_server.records.resource import Body
from mpex_server.storage import links
from mpex_server.storage.documents import Document, Documents

_KIND = "identification"
_NAMES = "identifies"
MERGED = "mergedInto"


def current(conn: Connection, documents: Documents, units: Iterable[str]) -> list[Document]:
    """Return the confirmed identifications of a death that name the units, or what they took up."""
    within = [*units]
    for unit in within:
        within += [name for name in links.linked_to(conn, unit, MERGED) if name not in within]
    names = {name for unit in within for name in links.linked_to(conn, unit, _NAMES)}
    found = documents.many(sorted(names))
    return [document for document in found if document.kind == _KIND and _is_confirmed(document.body)]


def contradict(documents: Documents, bodies: Iterable[Body]) -> bool:
    """Tell whether two identifications name persons, by record or by release, and none in common."""
    named = [_persons(documents, body) for body in bodies]
    named = [persons for persons in named if persons]
    return any(one.isdisjoint(other) for place, one in enumerate(named) for other in named[:place])


def _persons(documents: Documents, body: Body) -> set[str]:
    releases = documents.many(sorted(body.get("receivedReleases", ())))
    released = {str(release.body.get("record", "")) for release in releases}
    return {*body.get("persons", ()), *(record for record in released if record.startswith("person:"))}


def contradicted_units(
    conn: Connection, documents: Documents, identification_id: str, body: Body
) -> Iterator[int]:
    """Yield the place of each unit of one individual that is confirmed to be somebody else."""
    if not _is_confirmed(body):
        return
    for number, unit_id in enumerate(body.get("remains", ())):
        unit = documents.get(_last(conn, unit_id))
        if unit is None or unit.body.get("commingled"):
            continue
        others = [
            entry.body for entry in current(conn, documents, [unit.id]) if entry.id != identification_id
        ]
        if any(contradict(documents, [body, other]) for other in others):
            yield number


def _last(conn: Connection, unit_id: str) -> str:
    """Return the unit that took up this one, and those that took it up in turn."""
    while above := links.linked_from(conn, unit_id, MERGED):
        (unit_id,) = above
    return unit_id


def merged_units(conn: Connection, body: Body, before: Body) -> Iterator[int]:
    """Yield the place of each unit that an identification newly names although another took it up."""
    for number, unit_id in enumerate(body.get("remains", ())):
        if unit_id not in before.get("remains", ()) and links.linked_from(conn, unit_id, MERGED):
            yield number


def _is_confirmed(body: Body) -> bool:
    return bool(body["state"] == "confirmed" and body["conclusion"] == "deceased")
