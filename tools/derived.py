"""Write derived files anew, or check that each is what its generator makes (``--check``).

A generator is a module in ``tools/generators`` with one function, ``generate() -> dict[str, str]``: the text
of each derived file by its path in the repository. It must give the same text every time it runs.
"""

import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REMEDY = "run `make derived` and commit the result"


def generated(root: Path = ROOT) -> dict[str, str]:
    """Return path and text of every derived file."""
    names = sorted(path.stem for path in (root / "tools" / "generators").glob("[!_]*.py"))
    texts: dict[str, str] = {}
    for name in names:
        texts |= importlib.import_module(f"tools.generators.{name}").generate()
    return texts


def stale(texts: dict[str, str], root: Path = ROOT) -> list[str]:
    """Return the paths whose file is missing or differs from its derived text."""
    return [path for path, text in sorted(texts.items()) if _read(root / path) != text]


def main(arguments: Sequence[str]) -> int:
    """Check or write all derived files and return the exit code."""
    texts = generated()
    changed = stale(texts)
    if arguments == ["--check"]:
        for path in changed:
            print(f"{path}: differs from what its generator makes; {REMEDY}")
        return 1 if changed else 0
    for path in changed:
        target = ROOT / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(texts[path], encoding="utf-8")
        print(f"wrote {path}")
    return 0


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
