"""SoftHSM, a PKCS#11 token in software, for tests: the one of the machine, or one beside the tools.

`python -m tools.softhsm` unpacks Debian's packages into the virtual environment where the machine has none.
That needs no administrator and changes nothing outside, but a Debian or what descends from it.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

_UNPACKED: Final = Path(sys.prefix) / "softhsm"
_ROOTS: Final = (Path("/"), Path("/usr/local"), _UNPACKED)
_PLACES: Final = ("usr/lib/softhsm", "usr/lib/*/softhsm", "usr/lib64/softhsm", "lib/softhsm")
_PACKAGES: Final = ("libsofthsm2", "softhsm2")
_SETTINGS: Final = "directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n"
CONF: Final = "SOFTHSM2_CONF"
_PATIENCE_SECONDS: Final = 120.0


@dataclass(frozen=True)
class SoftHsm:
    """An installed SoftHSM: its PKCS#11 module and its tool."""

    module: Path
    tool: Path

    def settle(self, folder: Path) -> None:
        """Keep the tokens of this process, and of those that it starts, in a new folder."""
        (folder / "tokens").mkdir()
        (folder / "softhsm2.conf").write_text(_SETTINGS.format(folder / "tokens"), "utf-8")
        os.environ[CONF] = str(folder / "softhsm2.conf")

    def make(self, label: str, pin: str) -> None:
        """Make a token."""
        tool = [str(self.tool), "--module", str(self.module)]
        command = [*tool, "--init-token", "--free", "--label", label, "--pin", pin, "--so-pin", pin]
        loaded = os.environ | {"LD_LIBRARY_PATH": str(self.module.parent)}
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL, capture_output=True, env=loaded)


def find() -> SoftHsm | None:
    """Return the SoftHSM of this machine, or the one beside the tools."""
    places = chain.from_iterable(root.glob(f"{place}/libsofthsm2.so") for root in _ROOTS for place in _PLACES)
    tool = shutil.which("softhsm2-util", path=f"{os.environ['PATH']}:{_UNPACKED / 'usr/bin'}")
    module = next(places, None)
    return SoftHsm(module, Path(tool)) if module and tool else None


def install() -> None:
    """Unpack Debian's packages beside the tools; raises OSError, subprocess.SubprocessError."""
    with tempfile.TemporaryDirectory(prefix="mpex-softhsm-") as name:
        folder = Path(name)
        for part in ("lists/partial", "cache/archives/partial"):
            (folder / part).mkdir(parents=True)
        options = [
            f"Dir::State::lists={folder / 'lists'}",
            f"Dir::Cache={folder / 'cache'}",
            "APT::Sandbox::User=",
            "Acquire::http::Timeout=20",
            "Acquire::https::Timeout=20",
            "Acquire::Retries=0",
        ]
        apt = ["apt-get", "-qq", *chain.from_iterable(("-o", option) for option in options)]
        for command in ([*apt, "update"], [*apt, "download", *_PACKAGES]):
            subprocess.run(command, check=True, cwd=folder, timeout=_PATIENCE_SECONDS)
        for package in folder.glob("*.deb"):
            command = ["dpkg-deb", "-x", str(package), str(_UNPACKED)]
            subprocess.run(command, check=True)


def main() -> int:
    """See to it that there is one; status 1 when there cannot be."""
    if find() is None:
        try:
            install()
        except (OSError, subprocess.SubprocessError) as error:
            print(f"No SoftHSM, and none could be unpacked ({error}).", file=sys.stderr)
    found = find()
    print(found.module if found else "Tests on a token will be skipped: install SoftHSM 2.6 (softhsm2).")
    return 0 if found else 1


if __name__ == "__main__":
    raise SystemExit(main())
