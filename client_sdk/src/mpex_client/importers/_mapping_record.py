"""A row of a mapped file as a record, with what had to be left as it was given.

A value that does not fit what the mapping states of it is never mended: it stays in the words of the file in
the extension `x-mpex-given` of the contribution, and the row is warned.
"""

import re
from collections.abc import Callable
from collections.abc import Mapping as Values
from typing import Any

from mpex_client.importers._mapping import Mapping, Rule
from mpex_client.importers._mapping_values import age_of, date_of
from mpex_client.importers._people import Envelope, PersonRow
from mpex_client.importers._tables import Line, value_at
from mpex_client.importers._targets import Target, target_of

__all__ = ["GIVEN", "WARNINGS", "row_of"]

GIVEN = "x-mpex-given"
WARNINGS = {
    "codeUnknown": "the mapping has no code for the value; it is kept as given",
    "dateUnclear": "the value has none of the forms of date that the mapping states; it is kept as given",
    "ageUnclear": "the value is no age, or the day as of which it holds is unclear; it is kept as given",
    "numberUnclear": "the value is no whole number; it is kept as given",
    "tooLong": "the value is longer than the member may be; it is kept as given",
    "keptInPart": "the value is longer than what can be kept; its first 2,000 characters are kept",
}
_DAY = "yyyy-mm-dd"
_INSTANT = re.compile(r"[1-9]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_GIVEN_CHARACTERS = 2000


class _UnclearError(Exception):
    """A value does not fit its rule; the argument is the code of the warning."""


def row_of(mapping: Mapping, line: Line, envelope: Envelope) -> PersonRow:
    """Return the row of a line; without a record when its identity or its time is missing."""
    missing = frozenset(mapping.options.get("missing", ()))

    def read(column: str) -> str:
        text = value_at(line.values, column)
        return "" if text in missing else text

    identity = [read(column) for column in mapping.identity]
    identifier = "\x1f".join(identity)[:250]
    if line.fault or not all(identity):
        why = line.fault or "the identity is empty"
        return PersonRow(line.number, mapping.system, identifier, None, [why])
    asserted = _asserted(mapping, read)
    if asserted is None:
        return PersonRow(
            line.number, mapping.system, identifier, None, ["asserted: has none of the stated forms"]
        )
    builder = _Builder(read)
    for rule in mapping.rules:
        builder.apply(rule)
    for column in mapping.options.get("keep", ()):
        builder.keep(column)
    contribution = _contribution(mapping, builder, asserted)
    if not contribution["sections"]:
        return PersonRow(line.number, mapping.system, identifier, None, ["nothing of the row is mapped"])
    record = envelope.around(contribution) | {"type": mapping.options.get("type", "soughtPerson")}
    return PersonRow(line.number, mapping.system, identifier, record, sorted(builder.warnings))


def _asserted(mapping: Mapping, read: Callable[[str], str]) -> str | None:
    given = mapping.asserted
    if isinstance(given, str):
        return given if "T" in given else f"{given}T00:00:00Z"
    text = read(given["field"])
    if _INSTANT.fullmatch(text):
        return text
    day = date_of(text, given.get("forms", [_DAY]))
    return f"{(day + '-01-01')[:10]}T00:00:00Z" if day else None


def _contribution(mapping: Mapping, builder: "_Builder", asserted: str) -> dict[str, Any]:
    options = mapping.options
    contribution: dict[str, Any] = {
        "contributor": options.get("contributor", mapping.system),
        "assertedAt": asserted,
        "source": options.get("source", "import"),
    }
    if "certainty" in options:
        contribution["certainty"] = options["certainty"]
    if rule := options.get("directive"):
        directive = builder.code(rule["field"], rule["codes"])
        contribution |= {"directive": directive} if directive else {}
    return contribution | {"sections": builder.finished()}


class _Builder:
    """Sections that grow rule by rule; `warnings` say what could not be understood."""

    def __init__(self, read: Callable[[str], str]) -> None:
        self._read = read
        self._sections: dict[str, Any] = {}
        self._given: dict[str, str] = {}
        self.warnings: set[str] = set()

    def apply(self, rule: Rule) -> None:
        """Set the value of one rule, or keep what was given when it does not fit."""
        try:
            target = target_of(rule.to)
            value = self._name(rule) if rule.to == "names" else self._value(rule, target)
            if value is not None:
                target.put(self._sections, value)
        except _UnclearError as unclear:
            self.warnings.add(str(unclear))
            for column in rule.columns:
                self.keep(column)

    def keep(self, column: str) -> None:
        """Keep a value in the words of the file."""
        if text := self._read(column):
            self._given[column] = text[:_GIVEN_CHARACTERS]
            if len(text) > _GIVEN_CHARACTERS:
                self.warnings.add("keptInPart")

    def code(self, column: str, codes: Values[str, str]) -> str | None:
        """Return the code of a value, None when there is none; an unknown one is kept as given."""
        text = self._read(column)
        if text and text not in codes:
            self.warnings.add("codeUnknown")
            self.keep(column)
        return codes.get(text) or None

    def finished(self) -> dict[str, Any]:
        """Return the sections."""
        return self._sections | ({GIVEN: self._given} if self._given else {})

    def _name(self, rule: Rule) -> dict[str, Any] | None:
        options = rule.options
        parts = [
            {"kind": kind, "value": text}
            for kind in ("given", "family")
            if kind in options and (text := self._read(options[kind]))
        ]
        whole = self._read(options["field"]) if "field" in options else ""
        text = whole or " ".join(part["value"] for part in parts)
        if len(text) > 300 or any(len(part["value"]) > 120 for part in parts):
            raise _UnclearError("tooLong")
        kept = {name: options[name] for name in ("script", "language", "type") if name in options}
        return {"text": text} | ({"parts": parts} if parts else {}) | kept if text else None

    def _value(self, rule: Rule, target: Target) -> Any:
        options = rule.options
        if "value" in options:
            return self._shaped(options["value"], options, target)
        text = self._read(options["field"])
        if "codes" in options:
            codes: dict[str, str] = options["codes"]
            if text and text not in codes:
                raise _UnclearError("codeUnknown")
            text = codes.get(text, "")
        return self._shaped(text, options, target) if text else None

    def _shaped(self, text: str, options: dict[str, Any], target: Target) -> Any:
        if target.kind == "age":
            return self._age(text, options)
        if target.kind == "date":
            return _fitting("dateUnclear", date_of(text, options.get("forms", [_DAY])))
        if target.kind == "number":
            return int(_fitting("numberUnclear", text if re.fullmatch(r"\d{1,9}", text) else None))
        if target.kind == "boolean":
            return _fitting("codeUnknown", {"true": True, "false": False}.get(text))
        if target.kind == "nationalities":
            country = _fitting("codeUnknown", text if re.fullmatch("[A-Z]{2}", text) else None)
            return [{"country": country, "basis": options.get("basis", "claimed")}]
        if target.kind == "list":
            return [part.strip() for part in text.split(options.get("split", ",")) if part.strip()]
        return _fitting("tooLong", text if len(text) <= target.longest else None)

    def _age(self, text: str, options: dict[str, Any]) -> dict[str, Any]:
        found, given = age_of(text), options.get("asOf", "")
        if isinstance(given, dict):
            given = date_of(self._read(given["field"]), given.get("forms", [_DAY])) or ""
        low, high = _fitting("ageUnclear", found if given else None)
        return {"min": low, "max": high, "asOf": given}


def _fitting(warning: str, value: Any) -> Any:
    if value is None:
        raise _UnclearError(warning)
    return value
