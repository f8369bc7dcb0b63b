"""Background work of a process: repeated jobs that start and stop with the application."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

import structlog

from mpex_server.audit.sequencer import BATCH, sequence
from mpex_server.federation import refresh as trust
from mpex_server.federation.recalling import recall_due
from mpex_server.holdings import service as holdings
from mpex_server.http.logs import place_of
from mpex_server.node import Node
from mpex_server.partner_searches import standing as standing_searches
from mpex_server.recalls.delivery import deliver
from mpex_server.received_releases.retention import erase_expired
from mpex_server.received_releases.service import SWEEP
from mpex_server.records import review
from mpex_server.searches import duplicates, standing
from mpex_server.storage.engine import truncate_log
from mpex_server.tasks import escalation, kept_queries

Job = Callable[[Node], int]
_log = structlog.get_logger("mpex.workers")


def shrink_log(node: Node) -> int:
    """Remove the bytes of erased keys from SQLite's write-ahead log."""
    truncate_log(node.engine)
    return 0


JOBS: list[tuple[Job, float | None, int]] = [
    (sequence, None, BATCH),
    (deliver, 1.0, 1),
    (erase_expired, 600.0, SWEEP),
    (escalation.escalate, 60.0, escalation.BATCH),
    (standing.tell_news, 60.0, 1),
    (standing_searches.end_closed, 300.0, 1),
    (duplicates.warn, 5.0, 1),
    (kept_queries.drop_ended, 5.0, kept_queries.SWEEP),
    (review.restrict_missed, 60.0, review.BATCH),
    (trust.refresh, 2.0, 1),
    (recall_due, 300.0, 1),
    (holdings.count, 600.0, 1),
    (holdings.fetch, 600.0, 1),
    (shrink_log, 60.0, 1),
]
"""(job, seconds between runs or None for the sequencer's setting, full batch after which to go on)."""
_URGENT = (sequence,)
"""What would fall behind at a busy node: entries are in the log within the seconds that the metadata say."""
_PATIENCE_SECONDS = 1.0


class Workers:
    """Runs every job of `JOBS` until left; a run that has begun is finished first.

    Requests and jobs share one interpreter: a job with more to do lets requests go first, but not for ever.
    """

    def __init__(self, node: Node) -> None:
        self._node = node
        self._stop = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        """Start the jobs."""
        for job, seconds, full in JOBS:
            pause = seconds or self._node.settings.sequencer_seconds
            self._tasks.append(asyncio.create_task(self._repeat(job, pause, full)))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the jobs and wait for them."""
        self._stop.set()
        await asyncio.gather(*self._tasks)

    async def _repeat(self, job: Job, pause: float, full: int) -> None:
        while not self._stop.is_set():
            more = await self._run(job) >= full
            if more and job in _URGENT:
                continue
            awaited, most = (self._node.load.calm, _PATIENCE_SECONDS) if more else (self._stop, pause)
            with suppress(TimeoutError):
                await asyncio.wait_for(awaited.wait(), most)

    async def _run(self, job: Job) -> int:
        try:
            done = await self._node.hop(job, self._node)
        except Exception as error:  # noqa: BLE001 - a job that ends would be missed by nobody
            self._node.metrics.job_failed(job.__name__)
            _log.error("job failed", job=job.__name__, error=type(error).__name__, place=place_of(error))
            return 0
        self._node.metrics.job_ended(job.__name__, self._node.clock.now().timestamp())
        return done
