"""The demo is the main job of the project: it runs on both databases, as a newcomer runs it."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
NODES = 3


def _run(**environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, str(ROOT / "demo" / "run.py")],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
        env={**os.environ, "PYTHONWARNINGS": "error", **environment},
    )


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_seven_steps_do_what_the_standard_says(kind: str, databases: Any, tmp_path: Path) -> None:
    urls = [databases.fresh(kind, None) for _ in range(NODES)]
    try:
        run = _run(DATABASES=" ".join(urls), MPEX_SHARED_DATA=str(tmp_path))
    finally:
        for url in urls:
            databases.drop(url)
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-3000:]
    assert [f"Step {number}" in run.stdout for number in range(1, 8)] == [True] * 7
    assert run.stdout.count("as the standard says\n") == 7


def test_an_unknown_story_names_those_that_there_are() -> None:
    run = _run(STORY="unheard-of")
    assert run.returncode == 2
    assert "make demo STORY=mother" in run.stdout
