"""Reads the normative files: from the installed package, or from the repository in an editable install."""

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from mpex_spec.access_table import Opening, read

SCHEMA_BASE = "https://mpex.example/schemas/1.0/"
"""Every schema has this address followed by its file name; it is a name and need not answer."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a refusal tells: the `error` of the token endpoint, the `problem` of another answer, or a `fault`.

    `status` is that of HTTP, and none for a fault of trust; `challenge` is the error that the header field
    `WWW-Authenticate` names beside a problem.
    """

    status: int | None
    error: str | None
    problem: str | None
    challenge: str | None
    fault: str | None

    def __str__(self) -> str:
        """Return it as the prose says it."""
        if self.fault is not None:
            return f"fault `{self.fault}`"
        beside = f" with the challenge `{self.challenge}`" if self.challenge else ""
        return f"{self.status} `{self.error or self.problem}`{beside}"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One sentence that binds an implementation; `excluded` says why no check can show it.

    `refusal` names each way in which a refusal that the sentence demands may be told.
    """

    id: str
    level: str
    conformance_class: str
    section: str
    text: str
    checks: tuple[str, ...] = ()
    excluded: str | None = None
    refusal: tuple[Refusal, ...] = ()

    @property
    def said(self) -> str:
        """The sentence as the prose has it, with what a refusal tells behind it."""
        faults = ", ".join(f"`{told.fault}`" for told in self.refusal if told.fault)
        others = [str(told) for told in self.refusal if not told.fault]
        told = ", or ".join(others + [f"fault {faults}"] * bool(faults))
        return f"{self.text} *Refusal: {told}.*" if told else self.text


@dataclass(frozen=True)
class Spec:
    """The normative files below one folder; a file is read when it is first asked for."""

    folder: Path

    @cached_property
    def schemas(self) -> Mapping[str, Any]:
        """Schemas by file name without `.json`."""
        return {path.stem: _json(path) for path in sorted((self.folder / "schemas").glob("*.json"))}

    @cached_property
    def metaschema(self) -> Any:
        """The metaschema that judges the schemas."""
        return _json(self.folder / "metaschema" / "mpex-metaschema.json")

    @cached_property
    def registry(self) -> Registry[Any]:
        """All schemas and the metaschema under their `$id`."""
        documents = [self.metaschema, *self.schemas.values()]
        pairs: list[tuple[str, Resource[Any]]] = [
            (document["$id"], DRAFT202012.create_resource(document)) for document in documents
        ]
        return Registry().with_resources(pairs).crawl()

    @cached_property
    def codelists(self) -> Mapping[str, Mapping[str, Mapping[str, str]]]:
        """Codelists by name; each maps a code to the columns of its row."""
        return {path.stem: _codes(path) for path in sorted((self.folder / "codelists").glob("*.csv"))}

    @cached_property
    def access(self) -> tuple[Opening, ...]:
        """The rows of the table of access."""
        lists = self.codelists
        return tuple(read(self.folder / "access.csv", lists["purposes"], lists["recipientClasses"]))

    @cached_property
    def listed_requirements(self) -> tuple[Requirement, ...]:
        """Every entry of the file; the linter sees to it that no id is used twice."""
        document = _yaml((self.folder / "requirements.yaml").read_text(encoding="utf-8"))
        return tuple(_requirement(entry) for entry in document["requirements"])

    @cached_property
    def requirements(self) -> Mapping[str, Requirement]:
        """Requirements by id, in the order of the file."""
        return {requirement.id: requirement for requirement in self.listed_requirements}

    @cached_property
    def openapi(self) -> Any:
        """The OpenAPI document; its references lead to `schemas/`."""
        return _yaml((self.folder / "openapi.yaml").read_text(encoding="utf-8"))

    def openapi_of(self, role: str) -> dict[str, Any]:
        """Return the OpenAPI document with only the operations of a role, `node` or `anchor`."""
        paths = {
            path: {
                method: item
                for method, item in methods.items()
                if role in item.get("x-mpex-roles", ("node",))
            }
            for path, methods in self.openapi["paths"].items()
        }
        return {**self.openapi, "paths": {path: methods for path, methods in paths.items() if methods}}

    @cached_property
    def prose(self) -> str:
        """The text of the standard, Markdown."""
        return (self.folder / "spec.md").read_text(encoding="utf-8")


def root() -> Path:
    """Return the folder of the normative files."""
    packaged = Path(__file__).parent / "_data"
    return packaged if packaged.is_dir() else Path(__file__).parents[2]


@cache
def _own() -> Spec:
    return Spec(root())


def registry() -> Registry[Any]:
    """Return every schema under its `$id`, ready for a validator."""
    return _own().registry


def schema(name: str) -> Any:
    """Return the schema in `schemas/<name>.json`; raises KeyError when there is none."""
    return _own().schemas[name]


def requirements() -> Mapping[str, Requirement]:
    """Return the requirements by id."""
    return _own().requirements


def codelist(name: str) -> Mapping[str, Mapping[str, str]]:
    """Return the codelist in `codelists/<name>.csv` by code; raises KeyError when there is none."""
    return _own().codelists[name]


def access() -> tuple[Opening, ...]:
    """Return the rows of the table of access: who may do what."""
    return _own().access


def openapi(role: str | None = None) -> Any:
    """Return the OpenAPI document as it is written, or with only the operations of a role."""
    return _own().openapi if role is None else _own().openapi_of(role)


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _yaml(text: str) -> Any:
    # libyaml is ten times faster, which every start of a node feels; its safe loader is the same safe loader.
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe


def _codes(path: Path) -> Mapping[str, Mapping[str, str]]:
    with path.open(encoding="utf-8", newline="") as rows:
        return {row["code"]: row for row in csv.DictReader(rows)}


def _requirement(entry: Mapping[str, Any]) -> Requirement:
    return Requirement(
        id=entry["id"],
        level=entry["level"],
        conformance_class=entry["class"],
        section=entry["section"],
        text=entry["text"],
        checks=tuple(entry.get("checks", ())),
        excluded=entry.get("excluded"),
        refusal=tuple(_refusal(told) for told in entry.get("refusal", ())),
    )


def _refusal(told: Mapping[str, Any]) -> Refusal:
    return Refusal(*(told.get(name) for name in ("status", "error", "problem", "challenge", "fault")))
