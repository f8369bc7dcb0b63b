"""The project speaks of itself only: no path of one machine, no address of a package host.

A path that exists on one desk breaks on the next, and an address in a lock ties every user to one host.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from tools.lint.findings import Finding, files

_TEXT = (
    ".cfg", ".css", ".csv", ".html", ".ini", ".js", ".json", ".lock", ".md", ".mjs", ".npmrc", ".py", ".sh",
    ".toml", ".ts", ".txt", ".yaml", ".yml", "LICENSE", "Makefile", "run",
)  # fmt: skip
_RULES = {
    "machine-path": (
        re.compile(r"""(?<![\w.~}*-])/(?:work|root|home|tmp|Users|opt|var/folders)(?=/|["'\s])"""),
        "a path of one machine; use a relative or a temporary one",
    ),
    "package-host": (
        re.compile(r"https?://[\w.-]*(?:pypi|pythonhosted|npmjs|yarnpkg|debian)\b[\w.-]*"),
        "an address of a package host; name the package instead",
    ),
}


def check(root: Path) -> Iterator[Finding]:
    """Yield each line of the project's text files that names a machine's path or a package host."""
    for path in files(root, *_TEXT):
        relative = path.relative_to(root).as_posix()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            for rule, (pattern, why) in _RULES.items():
                if found := pattern.search(line):
                    yield Finding(relative, number, rule, f"{found[0]!r}: {why}")
