"""Background jobs: they go on after a failure, say where it was, and let requests go first."""

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


@pytest.mark.parametrize(("patience", "urgent"), [(0.01, False), (30.0, False), (30.0, True)])
def test_a_job_with_more_to_do_lets_requests_go_first_unless_it_is_urgent_but_not_for_ever(
    world: World, monkeypatch: pytest.MonkeyPatch, patience: float, urgent: bool
) -> None:
    load, runs = world.node.load, list[int]()

    def job(_: object) -> int:
        runs.append(load.requests)
        loop.call_soon_threadsafe(began.set)
        return 1

    async def run() -> None:
        async with workers.Workers(world.node):
            with load.request():
                await asyncio.wait_for(began.wait(), 10)
                await asyncio.sleep(0.1)
            while len(runs) < 3:
                await asyncio.sleep(0.001)

    monkeypatch.setattr(workers, "JOBS", [(job, 30.0, 1)])
    monkeypatch.setattr(workers, "_PATIENCE_SECONDS", patience)
    monkeypatch.setattr(workers, "_URGENT", (job,) if urgent else ())
    began = asyncio.Event()
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        runner.run(run())
    assert (runs.count(1) > 1) == (urgent or patience < 1)
