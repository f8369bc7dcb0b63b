"""An ordinary scanner, Schemathesis, run against a target through the signing proxy.

It is given the document of the standard and never the target's own, tries every operation with values at the
edge of its schema and beyond, takes identifiers of one answer into the next request, and judges each answer.
"""

import asyncio
import json
import re
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mpex_spec import Spec, root
from mpex_spec.bundle import bundle

from mpex_conformance import scenes
from mpex_conformance.lab import Lab
from mpex_conformance.outcomes import UntestableError
from mpex_conformance.partner.asgi import Server
from mpex_conformance.proxy import ANYONE, IDENTITY, Proxy

_SCHEME = {"type": "apiKey", "in": "header", "name": IDENTITY.decode()}
_CASES = re.compile(r"^\s*(\d+) generated", re.MULTILINE)
# A scanner waits as long as it computes, and its threads disturb one another on Python 3.11.
_AT_ONCE = 4
_SINGLE = ("--phases", "coverage,fuzzing", "--include-path-regex")
_CHAINED = ("--phases", "stateful", "--include-path-regex")
# What a scanner can make by itself, and then read and change.
_LINKED = "^/v1/(directives|groups|incidents|search-requests)(/{[a-zA-Z]+})?$"
# What a schema cannot say: a cursor that is none, an integer beyond 2^53-1, a rule between two members.
_CONFIGURATION = """
workers = 1
seed = {seed}
continue-on-failure = true
suppress-health-check = ["all"]
hooks = {hooks}
warnings = false
request-timeout = 60

[auth.openapi.mpex]
api_key = {identity}

[generation]
no-shrink = true
max-examples = {examples}
database = "none"
allow-x00 = false

[phases.examples]
enabled = false

[phases.coverage]
unexpected-methods = ["PATCH"]

[phases.stateful]
max-steps = 6
generation.max-examples = 12

# The same sections as in a new record, of which one round of all edges will do.
[[operations]]
include-operation-id = ["replacePerson", "createRemainsUnit", "replaceRemainsUnit"]
phases.coverage.enabled = false

[checks.positive_data_acceptance]
expected-statuses = ["2xx", 400, 401, 403, 404, 409, 412, 422, 428, 429, 502, 503]

[checks.negative_data_rejection]
expected-statuses = [400, 401, 403, 404, 405, 406, 409, 412, 413, 415, 422, 428, 429, 502, 503]
"""
_KNOWN = """
[dictionaries.{name}]
values = [{value}]

[parameters]
"path.{name}" = {{dictionary = "{name}", probability = 0.5}}
"""


@dataclass(frozen=True, slots=True)
class Scanned:
    """How many requests the scanner made up, and whether every answer was sound."""

    cases: int
    sound: bool


def scan(
    lab: Lab, folder: Path, say: Callable[[str], None], *, paths: str = "", examples: int = 2, seed: int = 1
) -> Scanned:
    """Scan the target of ``lab`` in ``folder`` and ``say`` what the scanners say of their shares.

    ``paths`` is a regular expression that chooses operations; ``examples`` says how many random requests each
    of them gets, besides those at the edges of its schema.
    """
    document = _document()
    (folder / "openapi.json").write_text(json.dumps(document), "utf-8")
    (folder / "schemathesis.toml").write_text(_configuration(lab, examples, seed), "utf-8")
    server = Server(Proxy(lab), "http://127.0.0.1:0", lifespan=True)
    try:
        command = [sys.executable, "-m", "schemathesis.cli", "--config-file", "schemathesis.toml", "run"]
        command += [
            "openapi.json",
            "--url",
            f"http://127.0.0.1:{server.port}",
            "--checks",
            "all",
            "--no-color",
        ]
        chosen = [path for path in document["paths"] if re.search(paths, path)]
        shares = [[*_SINGLE, _share(part)] for part in _parts(chosen)]
        if linked := [path for path in chosen if re.search(_LINKED, path)]:
            shares.append([*_CHAINED, _share(linked)])
        return asyncio.run(_scanned([command + share for share in shares], folder, say))
    finally:
        server.close()


def _parts(paths: Sequence[str]) -> list[list[str]]:
    """Return the paths of each scanner; those of one resource stay together."""
    resources = sorted({_resource(path) for path in paths})
    parts = [resources[start::_AT_ONCE] for start in range(_AT_ONCE)]
    return [[path for path in paths if _resource(path) in part] for part in parts if part]


def _resource(path: str) -> str:
    return "/".join(path.split("/")[:3])


def _share(paths: Sequence[str]) -> str:
    return f"^({'|'.join(map(re.escape, paths))})$"


async def _scanned(commands: Sequence[Sequence[str]], folder: Path, say: Callable[[str], None]) -> Scanned:
    cases, sound = 0, True
    for scanner in asyncio.as_completed([_run(command, folder) for command in commands]):
        code, text = await scanner
        say(text)
        cases += sum(map(int, _CASES.findall(text)))
        sound = sound and code == 0
    return Scanned(cases, sound)


async def _run(command: Sequence[str], folder: Path) -> tuple[int | None, str]:
    scanner = await asyncio.create_subprocess_exec(*command, cwd=folder, stdout=PIPE, stderr=STDOUT)
    text, _ = await scanner.communicate()
    return scanner.returncode, text.decode("utf-8", "replace")


def _document() -> dict[str, Any]:
    """Return the bundled document, in which the header of the proxy is what admits a caller."""
    document = bundle(Spec(root()), "node")
    document["components"]["securitySchemes"] = {"mpex": _SCHEME}
    for operations in document["paths"].values():
        for operation in operations.values():
            for needed in operation.get("security", ()):
                needed.update({scheme: [] for scheme in needed})
    return document


def _configuration(lab: Lab, examples: int, seed: int) -> str:
    hooks = Path(__file__).with_name("scan_hooks.py")
    made = _CONFIGURATION.format(
        seed=seed, hooks=json.dumps(str(hooks)), identity=json.dumps(ANYONE), examples=examples
    )
    with suppress(UntestableError):
        made += _KNOWN.format(name="releaseRequestId", value=json.dumps(scenes.requested(lab).id))
    return made
