"""What a house linter reports, and the files it reads."""

import ast
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SOURCES = ("spec/src", "reference_server/src", "client_sdk/src", "conformance/src")
_NOT_OURS = {"node_modules", "dist", "build", "site", "results", "__pycache__"}
_DERIVED = {"_generated", "_sync"}


@dataclass(frozen=True, order=True)
class Finding:
    """One broken rule at one place; ``message`` says what to do instead."""

    path: str
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: [{self.rule}] {self.message}"


@dataclass(frozen=True)
class Module:
    """A parsed Python file; ``path`` is relative to the repository, with forward slashes."""

    path: str
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        """Dotted name, such as ``mpex_server.kit.clock``; a package is named like its folder."""
        relative = next(
            (self.path[len(root) + 1 :] for root in SOURCES if self.path.startswith(root)), self.path
        )
        return relative.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def files(root: Path, *suffixes: str) -> Iterator[Path]:
    """Yield the project's own files below ``root``, all of them or those with one of ``suffixes``."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(
            name for name in folders if name not in _NOT_OURS and (name == ".ci" or name[0] != ".")
        )
        yield from (Path(folder, name) for name in sorted(names) if not suffixes or name.endswith(suffixes))


def modules(root: Path, *folders: str) -> Iterator[Module]:
    """Yield every hand-written Python file below ``folders`` of ``root``, parsed."""
    for folder in folders or (".",):
        for path in files(root / folder, ".py"):
            relative = path.relative_to(root)
            if not _DERIVED.intersection(relative.parts):
                text = path.read_text(encoding="utf-8")
                yield Module(relative.as_posix(), text, ast.parse(text))
