"""What we build on may be used by everybody: permissive licences, LGPL and MPL; no GPL and no AGPL.

Read from the metadata of the locked packages that are installed here; a package whose licence we do not know
is a finding too, since somebody has to look.
"""

import re
from collections.abc import Iterator
from email.message import Message
from importlib import metadata
from pathlib import Path

from tools.lint.findings import Finding
from tools.lint.locks import pins

_REFUSED = re.compile(r"(?<!L)A?GPL|(?<!Lesser )General Public License|Affero")
_KNOWN = re.compile(r"0BSD|Apache|BSD|ISC|LGPL|MIT|MPL|PSF|Python Software Foundation|Unlicense|Zlib")


def check(root: Path) -> Iterator[Finding]:
    """Yield each locked and installed package whose licence is refused or unknown."""
    for name in sorted(pins(root)):
        try:
            stated = licence(metadata.metadata(name))  # type: ignore[arg-type]  # it is a Message at run time
        except metadata.PackageNotFoundError:
            continue  # its marker excludes this platform
        if refused(stated):
            yield Finding("requirements.lock", 1, "licence", f"{name}: {stated or 'states none'}")


def licence(package: Message) -> str:
    """Return what the metadata says: the expression, else classifiers, else the first words of free text."""
    classifiers = [line for line in package.get_all("Classifier", []) if line.startswith("License ::")]
    free = " ".join(package.get("License", "").split()[:8])
    return package.get("License-Expression") or "; ".join(classifiers) or free


def refused(stated: str) -> bool:
    """Whether we do not build on a package with this licence."""
    return bool(_REFUSED.search(stated)) or not _KNOWN.search(stated)
