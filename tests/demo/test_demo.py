"""The demo is the main job of the project: each story runs on both databases, as a newcomer runs it."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from demo.stories import STORIES
from tests.server.world import create_schema

ROOT = Path(__file__).resolve().parents[2]
# The shortest story runs on PostgreSQL every time, the others in the deep run.
PLAYS = [
    pytest.param(name, kind, marks=[pytest.mark.deep] if name != "boat" and kind != "sqlite" else [])
    for name in STORIES
    for kind in ("sqlite", "postgresql")
]


def _run(**environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "demo.run"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
        env={**os.environ, "PYTHONWARNINGS": "error", **environment},
    )


@pytest.mark.parametrize(("name", "kind"), PLAYS)
def test_every_step_of_a_story_is_as_the_standard_says(
    name: str, kind: str, databases: Any, tmp_path: Path
) -> None:
    story = STORIES[name]
    # On PostgreSQL the nodes share one database, and are strangers to one another in it.
    made = [databases.fresh(kind, create_schema) for _ in story.plans[: 1 if kind == "postgresql" else None]]
    urls = made * (len(story.plans) // len(made))
    try:
        run = _run(STORY=name, DATABASES=" ".join(urls), MPEX_SHARED_DATA=str(tmp_path))
    finally:
        for url in made:
            databases.drop(url)
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-3000:]
    steps = range(1, len(story.steps) + 1)
    assert [f"Step {number}" in run.stdout for number in steps] == [True] * len(story.steps)
    assert run.stdout.count("as the standard says\n") == len(story.steps)


def test_an_unknown_story_names_those_that_there_are() -> None:
    run = _run(STORY="unheard-of")
    assert run.returncode == 2
    assert all(f"make demo STORY={name}" in run.stdout for name in STORIES)
