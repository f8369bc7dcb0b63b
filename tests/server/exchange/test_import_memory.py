"""Memory of an import as processes show it: neither client nor node holds more of a file that is longer."""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.server.exchange.live import LiveNode
from tests.server.exchange.process_memory import forget, peak, peak_in

_MEBIBYTE = 2**20
_MAPPING = """
system: inventedList
id: id
asserted: 2026-11-21
source: register
fields:
- {to: names, field: name}
keep: [portrait]
"""
_ROW = 300_000
# What `wait4` tells of a child begins with the memory of whoever started it.
_STARTS = """
import atexit, pathlib
from mpex_client.cli import app
atexit.register(lambda: pathlib.Path("status").write_text(pathlib.Path("/proc/self/status").read_text()))
app()
"""


@pytest.mark.deep
def test_neither_client_nor_node_holds_more_of_a_longer_file(tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text(_MAPPING, "utf-8")
    node = LiveNode(tmp_path / "node", "node", "humanitarian")
    node.start()
    try:
        assert node.process is not None
        peaks = []
        for start, rows in ((0, 50), (50, 200)):
            _write(tmp_path / "rows.ndjson", start, rows)
            forget(int(node.process.pid or 0))
            client = _imported(tmp_path)
            peaks.append((client, peak(int(node.process.pid or 0))))
    finally:
        node.close()
    (client, server), (client_later, server_later) = peaks
    assert client_later - client < 16 * _MEBIBYTE
    assert server_later - server < 32 * _MEBIBYTE
    assert max(client_later, server_later) < 300 * _MEBIBYTE


def _write(path: Path, start: int, rows: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        for number in range(start, start + rows):
            portrait = base64.b64encode(os.urandom(_ROW * 3 // 4)).decode()
            row = {"id": str(number), "name": f"Fictia Examplová {number}", "portrait": portrait}
            file.write(json.dumps(row) + "\n")


def _imported(folder: Path) -> int:
    """Import the file as a process of its own, and return the most memory that it held."""
    arguments = ["import", "jsonl", "rows.ndjson", "--mapping", "map.yaml", "--basis", "publicInterest"]
    environment = os.environ | {"MPEX_PROFILE": str(folder / "node" / "profile.toml")}
    command = [sys.executable, "-c", _STARTS, *arguments, "--synthetic"]
    subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, check=True)
    return peak_in((folder / "status").read_text("utf-8"))
