"""The mapping of a file to records: one YAML document that people can read, checked before anything is read.

docs/guide/importing.md describes it by example.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from mpex_client._errors import ConfigurationError

__all__ = ["Mapping", "Rule", "load"]

_TEXT = {"type": "string", "minLength": 1, "maxLength": 300}
_CODES = {"type": "object", "additionalProperties": {"type": "string"}}
_FORMS = {
    "type": "array",
    "minItems": 1,
    "items": {"type": "string", "maxLength": 30, "pattern": "^[^a-z]*((yyyy|mm|dd)[^a-z]*){1,3}$"},
}
_FROM = {
    "type": "object",
    "properties": {"field": _TEXT, "forms": _FORMS, "codes": _CODES},
    "required": ["field"],
    "additionalProperties": False,
}
_RULE = {
    "type": "object",
    "properties": {
        "to": {"type": "string", "pattern": r"^[a-zA-Z]+(\.[a-zA-Z]+(\[[a-zA-Z]+\])?)*$"},
        "field": _TEXT,
        "value": _TEXT,
        "given": _TEXT,
        "family": _TEXT,
        "script": {"type": "string", "pattern": "^[A-Z][a-z]{3}$"},
        "language": _TEXT,
        "type": _TEXT,
        "codes": _CODES,
        "forms": _FORMS,
        "split": {"type": "string", "minLength": 1, "maxLength": 5},
        "asOf": {"anyOf": [{"type": "string"}, _FROM]},
        "basis": {"enum": ["claimed", "documented", "presumed"]},
    },
    "required": ["to"],
    "anyOf": [{"required": [name]} for name in ("field", "value", "given", "family")],
    "additionalProperties": False,
}
_SCHEMA = {
    "type": "object",
    "properties": {
        "system": {"type": "string", "minLength": 1, "maxLength": 60},
        "id": {"anyOf": [_TEXT, {"type": "array", "items": _TEXT, "minItems": 1}]},
        "asserted": {"anyOf": [{"type": "string"}, _FROM]},
        "directive": {**_FROM, "required": ["field", "codes"]},
        "contributor": _TEXT,
        "source": _TEXT,
        "certainty": _TEXT,
        "type": {"enum": ["soughtPerson", "foundAlive", "unidentifiedLiving"]},
        "delimiter": {"type": "string", "minLength": 1, "maxLength": 1},
        "encoding": {"type": "string", "maxLength": 30},
        "missing": {"type": "array", "items": {"type": "string"}},
        "fields": {"type": "array", "items": _RULE, "minItems": 1},
        "keep": {"type": "array", "items": _TEXT},
    },
    "required": ["system", "id", "asserted", "fields"],
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True)
class Rule:
    """Where one value of a record comes from."""

    to: str
    options: dict[str, Any] = field(repr=False)

    @property
    def columns(self) -> list[str]:
        """The columns that the rule reads."""
        as_of = self.options.get("asOf")
        more = [as_of["field"]] if isinstance(as_of, dict) else []
        return [self.options[name] for name in ("field", "given", "family") if name in self.options] + more


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping as it was read."""

    system: str
    identity: list[str]
    asserted: str | dict[str, Any]
    rules: list[Rule]
    options: dict[str, Any]

    @property
    def columns(self) -> set[str]:
        """Every column that the mapping names."""
        named = {column for rule in self.rules for column in rule.columns}
        named |= {*self.identity, *self.options.get("keep", ())}
        others = (self.asserted, self.options.get("directive"))
        return named | {each["field"] for each in others if isinstance(each, dict)}


def load(path: Path) -> Mapping:
    """Read a mapping; raises ConfigurationError with the place that is wrong."""
    try:
        # All scalars are text: a code `no` is no boolean, and a day no date.
        given = yaml.BaseLoader(path.read_text(encoding="utf-8")).get_single_data()
    except (OSError, UnicodeError, yaml.YAMLError) as error:
        raise ConfigurationError(f"{path.name} cannot be read as YAML") from error
    for fault in Draft202012Validator(_SCHEMA).iter_errors(given):
        place = "".join(f"/{part}" for part in fault.absolute_path) or "/"
        raise ConfigurationError(f"{path.name}, {place}: the rule `{fault.validator}` is not fulfilled")
    identity = [given["id"]] if isinstance(given["id"], str) else given["id"]
    rules = [
        Rule(each["to"], {name: value for name, value in each.items() if name != "to"})
        for each in given["fields"]
    ]
    asserted = given["asserted"]
    if isinstance(asserted, str) and not re.fullmatch(r"[1-9]\d{3}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?", asserted):
        raise ConfigurationError(f"{path.name}, /asserted: is a day, or names a field")
    return Mapping(given["system"], identity, asserted, rules, given)
