"""Import of files in the People Finder Interchange Format (PFIF) 1.2, 1.3 and 1.4: people and their notes.

Each person is known by its `person_record_id`. One that has expired becomes a tombstone without personal
data. The file is read once before anything is sent, so that one that breaks off changes nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mpex_client._sync.client import Client
from mpex_client.importers._people import Envelope, PersonRow, import_people
from mpex_client.importers._pfif_record import is_expired, record_of
from mpex_client.importers._pfif_xml import Entry, read
from mpex_client.importers._report import Report

__all__ = ["SYSTEM", "Contents", "import_pfif", "survey"]

SYSTEM = "pfif"
_NO_IDENTIFIER = "person_record_id: is missing, or is not of the form domain/local"
_NO_DATE = "source_date: there is none, nor an entry_date, in the form yyyy-mm-ddThh:mm:ssZ"
_STRAY = "a note on a person who is not in this file"


@dataclass
class Contents:
    """What a file holds: numbers of people and notes, and the notes that stand apart from their persons."""

    people: int = 0
    notes: int = 0
    version: str = ""
    apart: dict[str, list[Entry]] = field(default_factory=dict, repr=False)


def survey(path: Path) -> Contents:
    """Read a file to its end and count; raises ConfigurationError when it is not one of this format."""
    found = Contents()
    for entry in read(path):
        found.version = entry.version
        if entry.kind == "person":
            found.people += 1
            found.notes += len(entry.notes)
        else:
            found.notes += 1
            found.apart.setdefault(entry.fields.get("person_record_id", ""), []).append(entry)
    return found


def import_pfif(
    client: Client,
    path: Path,
    *,
    envelope: Envelope,
    as_of: str,
    directive: str | None = None,
    report_path: Path | None = None,
    on_rows: Callable[[int], None] | None = None,
) -> dict[str, Any]:
    """Import a file as it is to be read at the instant `as_of`, and return the report without its rows.

    `people`, `notes` and `tombstones` of the report count what went to the node. Raises ConfigurationError
    when the file is not one of this format.
    """
    contents = survey(path)
    counts = Counter(people=0, notes=0, tombstones=0)
    with Report(report_path) as report:
        report.facts = {"file": path.name, "version": contents.version, "asOf": as_of, "directive": directive}
        rows = _rows(path, contents, envelope, as_of, counts)
        import_people(client, rows, directive=directive, report=report, on_rows=on_rows)
        report.facts |= dict(counts)
        return report.summary()


def _rows(
    path: Path, contents: Contents, envelope: Envelope, as_of: str, counts: Counter[str]
) -> Iterator[PersonRow]:
    for entry in read(path):
        if entry.kind != "person":
            continue
        identifier = entry.fields.get("person_record_id", "")
        notes = entry.notes + [note.fields for note in contents.apart.pop(identifier, ())]
        row = _row(entry, identifier, notes, envelope, as_of)
        if row.record is not None:
            expired = is_expired(entry.fields, as_of)
            counts.update(people=1, notes=0 if expired else len(notes), tombstones=int(expired))
        yield row
    for identifier, strays in contents.apart.items():
        yield from (PersonRow(stray.line, SYSTEM, identifier, None, [_STRAY]) for stray in strays)


def _row(
    entry: Entry, identifier: str, notes: list[dict[str, str]], envelope: Envelope, as_of: str
) -> PersonRow:
    domain, _, local = identifier.partition("/")
    if not (domain and local):
        return PersonRow(entry.line, SYSTEM, identifier, None, [_NO_IDENTIFIER])
    record = record_of(entry.fields, notes, version=entry.version, envelope=envelope, as_of=as_of)
    return PersonRow(entry.line, SYSTEM, identifier, record, [] if record else [_NO_DATE])
