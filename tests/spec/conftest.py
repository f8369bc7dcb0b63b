"""A copy of the standard that a test may spoil."""

import json
import os
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

    def rewrite(self, file: str, change: Callable[[str], str]) -> None:
        """Change the text of a file, which until then is a link to the one that all copies share."""
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        path.unlink()
        path.write_text(change(text), encoding="utf-8")

    def edit(self, file: str, change: Callable[[Any], object]) -> None:
        """Change a JSON document in place."""

        def changed(text: str) -> str:
            document = json.loads(text)
            change(document)
            return json.dumps(document)

        self.rewrite(file, changed)

    def replace(self, file: str, old: str, new: str) -> None:
        """Replace the first occurrence of a text."""

        def replaced(text: str) -> str:
            assert old in text, f"{file} does not hold {old!r}"
            return text.replace(old, new, 1)

        self.rewrite(file, replaced)


@pytest.fixture(scope="session")
def shared_copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the standard that nobody changes."""
    target = tmp_path_factory.mktemp("standard") / "spec"
    return shutil.copytree(
        root(), target, ignore=shutil.ignore_patterns("src", "__pycache__", ".*", "*.toml")
    )


@pytest.fixture
def copy(tmp_path: Path, shared_copy: Path) -> Copy:
    """Return a fresh copy of the standard; six hundred links are made sooner than six hundred files."""
    return Copy(shutil.copytree(shared_copy, tmp_path / "spec", copy_function=os.symlink))
