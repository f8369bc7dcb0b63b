"""A copy of the standard that a test may spoil."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from mpex_spec import root
from mpex_spec.files import Spec


class Copy:
    """The normative files in a folder of their own, with small ways to change them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def spec(self) -> Spec:
        """Read the files as they are now."""
        return Spec(self.folder)

    def edit(self, file: str, change: Callable[[Any], object]) -> None:
        """Change a JSON document in place."""
        path = self.folder / file
        document = json.loads(path.read_text(encoding="utf-8"))
        change(document)
        path.write_text(json.dumps(document), encoding="utf-8")

    def replace(self, file: str, old: str, new: str) -> None:
        """Replace the first occurrence of a text."""
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} does not hold {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    """Return a fresh copy of the standard."""
    target = tmp_path / "spec"
    shutil.copytree(root(), target, ignore=shutil.ignore_patterns("src", "__pycache__", ".*", "*.toml"))
    return Copy(target)
