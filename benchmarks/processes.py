"""Server processes to measure, and the CPU time that they have used (Linux: from /proc)."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

_TICKS = os.sysconf("SC_CLK_TCK")
_START_SECONDS = 60.0
_STOP_SECONDS = 15.0


@dataclass(frozen=True)
class Process:
    """A running server: its process id and its address."""

    pid: int
    url: str


@contextmanager
def running(
    arguments: list[str],
    log: Path,
    settings: Mapping[str, str] = MappingProxyType({}),
    *,
    python: Path = Path(sys.executable),
) -> Iterator[Process]:
    """Run ``python …`` until left; it prints its address first, and its log lines go to the file ``log``."""
    environment = {**os.environ, **settings, "PYTHONUNBUFFERED": "1"}
    with (
        log.open("wb") as lines,
        subprocess.Popen(
            [python, *arguments], stdout=subprocess.PIPE, stderr=lines, env=environment
        ) as process,
    ):
        try:
            yield Process(process.pid, _address(process, log))
        finally:
            process.terminate()
            process.wait(_STOP_SECONDS)


def cpu_seconds(pids: Iterable[int]) -> dict[int, float]:
    """Return seconds of CPU, in user and in system mode, that each process has used with all its threads."""
    used = {}
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):  # it ended before, or while its file was read
            continue
        used[pid] = (int(fields[11]) + int(fields[12])) / _TICKS
    return used


def _address(process: "subprocess.Popen[bytes]", log: Path) -> str:
    found = re.search(rb"http://\S+", process.stdout.readline() if process.stdout else b"")
    if found is None:
        raise RuntimeError(f"the server did not start: {log.read_text()[-2000:]}")
    url = found[0].decode()
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", urlsplit(url).port or 80)).close()
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            return url
    raise RuntimeError(f"the server does not answer: {log.read_text()[-2000:]}")
