"""Folders on which commands are run: a node, a sandbox, an anchor."""

from pathlib import Path

import pytest
from mpex_server.setup import folder

from tests.server.commands.calls import run


@pytest.fixture
def node(tmp_path: Path) -> Path:
    folder = tmp_path / "node"
    run(
        "init",
        "--dir",
        folder,
        "--url",
        "https://node.example",
        "--name",
        "Node",
        "--purpose",
        "searchLiving",
    )
    return folder


@pytest.fixture
def trial(tmp_path: Path) -> Path:
    trial = tmp_path / "trial"
    folder.create(trial, environment="sandbox", public_url="http://127.0.0.1:9", name="Trial")
    return trial


@pytest.fixture
def above(tmp_path: Path) -> Path:
    above = tmp_path / "above"
    run("anchor", "init", "--dir", above, "--url", "https://above.example", "--name", "above")
    return above
