"""Imports point one way: towards the standard, and inside the server towards tables and pure rules.

A suite built on our client would share its bugs, a rule that knows the wire cannot be tested alone, and
SQL in a route escapes the authorisation that a repository puts into its queries. See ARCHITECTURE.md.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.lint.findings import SOURCES, Finding, Module, modules


@dataclass(frozen=True)
class Arrow:
    """Modules like ``source`` must not import names like ``forbidden``, save those like ``save``."""

    source: str
    forbidden: str
    why: str
    save: str = r"(?!)"

    def breaks(self, importer: str, imported: str) -> bool:
        """Whether ``importer`` may not import ``imported``."""
        return bool(
            re.match(self.source, importer)
            and re.match(self.forbidden, imported)
            and not re.match(self.save, imported)
        )


_WIRE = r"(uvicorn|mpex_server\.http\.(answers|asgi|connection|edge|endpoint|runner))(\.|$)"
_OUTSIDE = r"(uvicorn|sqlalchemy|psycopg|sqlite3|httpx2|structlog|typer)(\.|$)"

ARROWS = (
    Arrow(r"mpex_spec\b", r"mpex_(server|client|conformance)\b", "the standard depends on no implementation"),
    Arrow(r"mpex_server\b", r"mpex_(client|conformance)\b", "the server depends on the standard only"),
    Arrow(r"mpex_client\b", r"mpex_(server|conformance)\b", "the client depends on the standard only"),
    Arrow(r"mpex_conformance\b", r"mpex_(server|client)\b", "a suite built on our own code shares its bugs"),
    Arrow(r"mpex_server\.kit\b", r"mpex_server\b", "kit holds generic helpers", save=r"mpex_server\.kit\b"),
    Arrow(
        r"mpex_server\.domain\b", r"mpex_server\b", "domain holds pure rules", save=r"mpex_server\.domain\b"
    ),
    Arrow(r"mpex_server\.domain\b", _OUTSIDE, "domain knows no server, database or network"),
    Arrow(
        r"mpex_server\..*repository$", r"mpex_server\..*\b(service|routes)\b", "a repository serves services"
    ),
    Arrow(r"mpex_server\..*repository$", _WIRE, "a repository knows no HTTP"),
    Arrow(r"mpex_server\..*service$", r"mpex_server\..*\broutes\b", "a service is called by routes"),
    Arrow(r"mpex_server\..*service$", _WIRE, "a service knows nothing of the wire"),
    Arrow(
        r"mpex_server\..*(service|routes)$",
        r"sqlalchemy\b|mpex_server\.storage\.tables\b",
        "SQL lives in repositories, where authorisation is part of the query",
        save=r"sqlalchemy\.Connection$",
    ),
)


def check(root: Path) -> Iterator[Finding]:
    """Yield each import in the four packages that points the wrong way."""
    for module in modules(root, *SOURCES):
        for line, imported in imports(module):
            for arrow in ARROWS:
                if arrow.breaks(module.name, imported):
                    yield Finding(module.path, line, "arrow", f"imports {imported}: {arrow.why}")


def imports(module: Module) -> Iterator[tuple[int, str]]:
    """Yield line and dotted name of each import; ``from a import b`` is ``a.b``, whatever b is."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(module, node)
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def _absolute(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = module.name.split(".")
    drop = node.level - module.path.endswith("__init__.py")
    return ".".join(package[: len(package) - drop] + ([node.module] if node.module else []))
