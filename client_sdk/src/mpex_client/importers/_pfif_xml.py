"""Reading of PFIF files (People Finder Interchange Format 1.2, 1.3, 1.4) person by person.

Expat reads in pieces, so that memory does not grow with the file. A document type declaration is refused
before anything in it is read: without one there are no entities that could expand or fetch.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

from mpex_client._errors import ConfigurationError

__all__ = ["VERSIONS", "Entry", "read"]

VERSIONS = ("1.2", "1.3", "1.4")
_NAMESPACES = {f"http://zesty.ca/pfif/{version}": version for version in VERSIONS}
_RENAMED = {
    "first_name": "given_name",
    "last_name": "family_name",
    "other": "description",
    "found": "author_made_contact",
}
_PIECE = 65_536
_DEPTH = 12
_FIELD_CHARACTERS = 50_000
_NOTES = 900


@dataclass
class Entry:
    """A person or a note: its fields by the names of version 1.4, and the notes of a person."""

    kind: str
    line: int
    version: str
    fields: dict[str, str] = field(default_factory=dict, repr=False)
    notes: list[dict[str, str]] = field(default_factory=list, repr=False)


def read(path: Path) -> Iterator[Entry]:
    """Yield persons with their notes, and notes that stand alone; raises ConfigurationError."""
    try:
        with path.open("rb") as file:
            yield from _Reader(path.name).entries(file)
    except OSError as error:
        raise ConfigurationError(f"{path.name} cannot be read") from error


class _Reader:
    def __init__(self, name: str) -> None:
        self._name = name
        self._open: list[Entry] = []
        self._done: list[Entry] = []
        self._text: list[str] | None = None
        self._length = self._depth = 0
        self._known = False
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartDoctypeDeclHandler = self._declaration
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters

    def entries(self, file: BinaryIO) -> Iterator[Entry]:
        last = False
        while not last:
            piece = file.read(_PIECE)
            last = not piece
            try:
                self._parser.Parse(piece, last)
            except (expat.ExpatError, ValueError) as error:
                raise self._refused("is not well-formed XML") from error
            yield from self._done
            self._done = []
        if not self._known:
            raise ConfigurationError(f"{self._name} is no PFIF file of version {', '.join(VERSIONS)}")

    def _refused(self, why: str) -> ConfigurationError:
        return ConfigurationError(f"{self._name}, line {self._parser.CurrentLineNumber}: {why}")

    def _declaration(self, *_: object) -> None:
        raise self._refused("declares a document type, which could hide entities; remove the declaration")

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEPTH:
            raise self._refused("is nested deeper than the format knows")
        namespace, _, tag = name.rpartition(" ")
        version = _NAMESPACES.get(namespace)
        if version is None:
            return
        self._known = True
        if tag in {"person", "note"}:
            self._open.append(Entry(tag, self._parser.CurrentLineNumber, version))
        elif self._open:
            self._text, self._length = [], 0

    def _characters(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)
            self._length += len(text)
            if self._length > _FIELD_CHARACTERS:
                raise self._refused("has a field that is too long")

    def _end(self, name: str) -> None:
        self._depth -= 1
        namespace, _, tag = name.rpartition(" ")
        if namespace not in _NAMESPACES or not self._open:
            return
        if tag == self._open[-1].kind:
            self._close(self._open.pop())
        elif self._text is not None:
            text = "".join(self._text).strip()
            if text:
                self._open[-1].fields[_RENAMED.get(tag, tag)] = text
            self._text = None

    def _close(self, entry: Entry) -> None:
        if entry.kind == "note" and self._open:
            if len(self._open[-1].notes) >= _NOTES:
                raise self._refused(f"a person has more than {_NOTES} notes")
            self._open[-1].notes.append(entry.fields)
        else:
            self._done.append(entry)
