"""Good examples validate; each bad example fails for exactly the reason that it states."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from mpex_spec.files import SCHEMA_BASE, Spec
from mpex_spec.lint.finding import Finding, pointer

SIZES = ("min", "max")
PARTS = frozenset({"common", "sections"})
"""Schemas that hold definitions only."""


def check_examples(spec: Spec) -> Iterator[Finding]:
    """Validate `examples/<type>.min.json`, `<type>.max.json` and each step of `examples/story/`."""
    folder = spec.folder / "examples"
    for name in sorted(set(spec.schemas) - PARTS):
        for size in SIZES:
            if not (folder / f"{name}.{size}.json").is_file():
                yield Finding(f"examples/{name}.{size}.json", "", "is missing")
    for path in sorted(folder.glob("*.json")):
        name, _, size = path.stem.partition(".")
        if name not in spec.schemas or size not in SIZES:
            yield Finding(f"examples/{path.name}", "", "must be named <schema>.min.json or <schema>.max.json")
            continue
        yield from _valid(spec, folder, path, name, _read(path))
    for path in sorted((folder / "story").glob("*.json")):
        step = _read(path)
        yield from _valid(spec, folder, path, step["schema"], step["instance"])


def check_invalid_examples(spec: Spec) -> Iterator[Finding]:
    """Compare the faults of each `examples/invalid/*.json` with its `reason`: one pointer, one keyword."""
    folder = spec.folder / "examples"
    for path in sorted((folder / "invalid").glob("*.json")):
        example = _read(path)
        stated = (example["reason"]["pointer"], example["reason"]["keyword"])
        found = sorted(
            {
                (pointer(fault.absolute_path), fault.validator or "false")
                for fault in _faults(spec, example["schema"], example["instance"])
            }
        )
        if found != [stated]:
            shown = ", ".join(f"{place or '(root)'} {keyword}" for place, keyword in found) or "nothing"
            yield Finding(_name(folder, path), "", f"states {stated[0]} {stated[1]}, but fails for {shown}")


def _valid(spec: Spec, folder: Path, path: Path, schema: str, instance: Any) -> Iterator[Finding]:
    for fault in _faults(spec, schema, instance):
        yield Finding(_name(folder, path), pointer(fault.absolute_path), fault.message)


def _faults(spec: Spec, schema: str, instance: Any) -> Iterator[Any]:
    validator = Draft202012Validator(
        {"$ref": f"{SCHEMA_BASE}{schema}.json"},
        registry=spec.registry,
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )
    return iter(validator.iter_errors(instance))


def _name(folder: Path, path: Path) -> str:
    return f"examples/{path.relative_to(folder).as_posix()}"


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
