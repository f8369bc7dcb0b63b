"""Locks pin everything the project needs by hash, name no host, and agree with what the project declares.

Checked without a resolver, so that the check neither needs a network nor changes with the day.
"""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tools.lint.findings import Finding

LOCKS = ("requirements.lock", "bootstrap.lock", "benchmarks/peers/requirements.lock")
MEMBERS = ("spec", "reference_server", "client_sdk", "conformance")
_PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;\\]+)")
_REMEDY = "run `make lock`"


def check(root: Path) -> Iterator[Finding]:
    """Yield what is wrong with the Python and npm locks and with the versions of the four distributions."""
    for name in LOCKS:
        yield from _python_lock(root, name)
    yield from _declared(root)
    yield from _one_version(root)
    yield from _npm_lock(root)


def _python_lock(root: Path, name: str) -> Iterator[Finding]:
    text = (root / name).read_text(encoding="utf-8")
    for number, entry in _entries(text):
        if re.search(r"https?://|file:|path = | @ |^-", entry):
            yield Finding(name, number, "lock", f"names an address: {_REMEDY}")
        elif not _PIN.match(entry) or "--hash=sha256:" not in entry:
            yield Finding(name, number, "lock", f"is not pinned by version and hash: {_REMEDY}")


def _entries(text: str) -> Iterator[tuple[int, str]]:
    number = 1
    for entry in re.split(r"(?<!\\)\n", text):
        if entry.strip() and not entry.lstrip().startswith("#"):
            yield number, entry
        number += entry.count("\n") + 1


def pins(root: Path) -> dict[str, str]:
    """Return name and version of every package that ``requirements.lock`` pins."""
    text = (root / "requirements.lock").read_text(encoding="utf-8")
    found = (_PIN.match(entry) for _, entry in _entries(text))
    return {canonicalize_name(pin["name"]): pin["version"] for pin in found if pin}


def _declared(root: Path) -> Iterator[Finding]:
    pinned = pins(root)
    for file in ("pyproject.toml", *(f"{member}/pyproject.toml" for member in MEMBERS)):
        for requirement in _requirements(tomllib.loads((root / file).read_text(encoding="utf-8"))):
            name = canonicalize_name(requirement.name)
            if name.startswith("mpex-"):
                continue
            if name not in pinned or not requirement.specifier.contains(
                Version(pinned[name]), prereleases=True
            ):
                yield Finding(file, 1, "lock", f"{requirement} is not what requirements.lock pins: {_REMEDY}")


def _requirements(project: dict[str, Any]) -> Iterator[Requirement]:
    metadata = project["project"]
    groups = [
        project.get("build-system", {}).get("requires", []),
        metadata.get("dependencies", []),
        *metadata.get("optional-dependencies", {}).values(),
        *project.get("dependency-groups", {}).values(),
    ]
    return (Requirement(line) for group in groups for line in group if isinstance(line, str))


def _one_version(root: Path) -> Iterator[Finding]:
    versions = {}
    for file in (f"{member}/pyproject.toml" for member in MEMBERS):
        versions[file] = tomllib.loads((root / file).read_text(encoding="utf-8"))["project"]["version"]
    for file, version in versions.items():
        if version != versions["spec/pyproject.toml"]:
            yield Finding(file, 1, "one-version", f"{version} is not the version of the other distributions")


def _npm_lock(root: Path) -> Iterator[Finding]:
    name = "package-lock.json"
    lock = json.loads((root / name).read_text(encoding="utf-8"))["packages"]
    wanted = json.loads((root / "package.json").read_text(encoding="utf-8")).get("devDependencies", {})
    for place, entry in lock.items():
        if "resolved" in entry:
            yield Finding(name, 1, "lock", f"{place} names an address: {_REMEDY}")
        if place and "integrity" not in entry:
            yield Finding(name, 1, "lock", f"{place} has no integrity hash: {_REMEDY}")
    for package, version in wanted.items():
        if lock.get(f"node_modules/{package}", {}).get("version") != version:
            yield Finding(name, 1, "lock", f"{package} is not at {version} as package.json says: {_REMEDY}")
