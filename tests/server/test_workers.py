"""Background jobs: they go on after a failure of whatever kind, and say where it was."""

import asyncio
from collections.abc import Iterator

import pytest
from mpex_server import workers
from mpex_server.http import logs
from mpex_server.storage.documents import VersionConflictError

from tests.server.world import World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize("error", [VersionConflictError, ValueError, RuntimeError, KeyError])
def test_a_job_goes_on_after_a_failure(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: type[Exception]
) -> None:
    outcomes: Iterator[Exception | None] = iter([error("Fictia Examplová"), None])
    done = asyncio.Event()

    def job(_: object) -> int:
        outcome = next(outcomes, None)
        if outcome is not None:
            raise outcome
        loop.call_soon_threadsafe(done.set)
        return 0

    logs.configure("error")
    monkeypatch.setattr(workers, "JOBS", [(job, 0.01, 10)])

    async def run() -> None:
        async with workers.Workers(world.node):
            await asyncio.wait_for(done.wait(), 10)

    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        runner.run(run())
    said = capsys.readouterr().err
    assert error.__name__ in said
    assert "Fictia" not in said
