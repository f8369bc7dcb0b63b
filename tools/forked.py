"""Commands of mpex-server in processes of their own, forked from one that has imported it already.

Importing is most of what a command and the start of a node cost. Each process is as separate as one that was
started by itself: the one they are forked from has imported, and has opened and begun nothing.
"""

import multiprocessing
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["__main__", __name__, "mpex_server.cli", "mpex_server.app"])


def start(
    arguments: Sequence[str],
    *,
    output: str | Path = os.devnull,
    environment: Mapping[str, str] | None = None,
    code: str = "",
) -> BaseProcess:
    """Start mpex-server with `arguments`; what it prints goes to the file `output`.

    Its environment is this process's, or the given one instead; `code` runs in it before the command does.
    """
    given = (list(arguments), str(output), dict(environment or os.environ), code)
    process = _CONTEXT.Process(target=_serve, args=given)
    process.start()
    return process


def run(*arguments: str) -> bytes:
    """Return what the command prints; raises RuntimeError when it fails."""
    status, printed = tried(*arguments)
    if status:
        words = printed.decode(errors="replace")
        raise RuntimeError(f"mpex-server {arguments[0]} ended with {status}: {words}")
    return printed


def tried(*arguments: str) -> tuple[int | None, bytes]:
    """Return with which status the command ends, and what it prints."""
    with tempfile.NamedTemporaryFile() as output:
        process = start(arguments, output=output.name)
        process.join()
        return process.exitcode, output.read()


def _serve(arguments: list[str], output: str, environment: dict[str, str], code: str) -> None:
    os.environ.clear()
    os.environ.update(environment)
    with Path(output).open("ab") as file:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(file.fileno(), stream.fileno())
    exec(code, {})  # noqa: S102 - tests break a node with it
    from mpex_server.cli import app

    app(arguments, prog_name="mpex-server")
