"""People that came by PFIF files as such a file again: field by field what was given, less the expired."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TextIO
from xml.sax.saxutils import escape

from mpex_client.importers._pfif_record import EXTENSION, PLACEHOLDERS, fields_of, is_expired, notes_of

__all__ = ["VERSIONS", "write_pfif"]

VERSIONS = ("1.3", "1.4")
# fmt: off - in the order of the format
_PERSON = (
    "person_record_id",
    "entry_date",
    "expiry_date",
    "author_name",
    "author_email",
    "author_phone",
    "source_name",
    "source_date",
    "source_url",
    "full_name",
    "given_name",
    "family_name",
    "alternate_names",
    "description",
    "sex",
    "date_of_birth",
    "age",
    "home_street",
    "home_neighborhood",
    "home_city",
    "home_state",
    "home_postal_code",
    "home_country",
    "photo_url",
    "profile_urls",
)
_NOTE = (
    "note_record_id",
    "person_record_id",
    "linked_person_record_id",
    "entry_date",
    "author_name",
    "author_email",
    "author_phone",
    "source_date",
    "author_made_contact",
    "status",
    "email_of_found_person",
    "phone_of_found_person",
    "last_known_location",
    "text",
    "photo_url",
)
# fmt: on
_EARLIER = {
    "given_name": "first_name",
    "family_name": "last_name",
    "description": "other",
    "author_made_contact": "found",
}
_NEW = {"person": {"alternate_names", "profile_urls"}, "note": {"photo_url"}}
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_pfif(
    records: Iterable[Mapping[str, Any]], target: TextIO, *, version: str, as_of: str
) -> dict[str, int]:
    """Write the people among `records` that came by PFIF, as of an instant, and return what was written.

    `dropped` counts the values that the version has no field for; nobody else's record is written.
    """
    counts = Counter(people=0, notes=0, tombstones=0, dropped=0)
    target.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    target.write(f'<pfif:pfif xmlns:pfif="http://zesty.ca/pfif/{version}">\n')
    for contribution in _imported(records):
        fields, notes = fields_of(contribution), notes_of(contribution)
        if is_expired(fields, as_of):
            fields, notes = {name: fields[name] for name in PLACEHOLDERS if name in fields}, []
            counts.update(tombstones=1)
        counts.update(people=1, notes=len(notes))
        target.write("  <pfif:person>\n")
        _write(target, "person", fields, version, counts, 4)
        for note in notes:
            target.write("    <pfif:note>\n")
            _write(target, "note", note, version, counts, 6)
            target.write("    </pfif:note>\n")
        target.write("  </pfif:person>\n")
    target.write("</pfif:pfif>\n")
    return dict(counts)


def _imported(records: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for record in records:
        yield from (each for each in record["contributions"] if EXTENSION in each["sections"])


def _write(
    target: TextIO, kind: str, fields: Mapping[str, str], version: str, counts: Counter[str], indent: int
) -> None:
    known = _PERSON if kind == "person" else _NOTE
    late = _NEW[kind] if version == "1.3" else set()
    counts.update(dropped=sum(name not in known or name in late for name in fields))
    for name in known:
        if name in fields and name not in late:
            tag = _EARLIER.get(name, name) if version == "1.3" else name
            text = escape(_NOT_XML.sub("", fields[name]))
            target.write(f"{' ' * indent}<pfif:{tag}>{text}</pfif:{tag}>\n")
