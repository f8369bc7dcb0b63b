"""Counts of one process for Prometheus; those of several processes are added up through files.

Labels are names of operations, jobs and problems, and never come from a request. Of an operation on the time
grid the duration is not measured: it would tell whether something was found.
"""

import os
from collections.abc import Callable
from typing import Any, TypeVar

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy import Engine, event

FILES = "PROMETHEUS_MULTIPROC_DIR"
"""Environment variable that names the folder in which several processes share their counts."""
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_NO_OPERATION = "none"
_UNTYPED_COLLECTOR: Any = MultiProcessCollector
V = TypeVar("V")


class Metrics:
    """What one process counts; safe to use from several threads."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = _each(
            Counter(
                "mpex_requests",
                "Answered requests by operation and class of status.",
                ("operation", "status"),
                registry=self.registry,
            ).labels
        )
        self._seconds = _each(
            Histogram(
                "mpex_request_seconds",
                "Time from the arrival of a request until its answer has left, off the time grid.",
                ("operation",),
                buckets=_BUCKETS,
                registry=self.registry,
            ).labels
        )
        self._refusals = Counter(
            "mpex_refusals", "Answers with a problem, by its code.", ("problem",), registry=self.registry
        )
        self._transactions = Counter(
            "mpex_transactions", "Ended transactions by outcome.", ("outcome",), registry=self.registry
        )
        self._connections = Gauge(
            "mpex_database_connections",
            "Connections to the database that are in use.",
            registry=self.registry,
            multiprocess_mode="livesum",
        )
        self._succeeded = Gauge(
            "mpex_job_last_success_timestamp_seconds",
            "When a job last came to its end, in any process.",
            ("job",),
            registry=self.registry,
            multiprocess_mode="max",
        )
        self._failures = Counter(
            "mpex_job_failures", "Runs of a job that failed.", ("job",), registry=self.registry
        )

    def request(self, operation: str | None, status: int, problem: str | None, seconds: float | None) -> None:
        """Count an answer; `seconds` is None for what leaves on the time grid."""
        name = operation or _NO_OPERATION
        self._requests(name, f"{status // 100}xx").inc()
        if seconds is not None:
            self._seconds(name).observe(seconds)
        if problem is not None:
            self._refusals.labels(problem).inc()

    def job_ended(self, job: str, at: float) -> None:
        """Note that a job came to its end at a moment, in seconds since 1970."""
        self._succeeded.labels(job).set(at)

    def job_failed(self, job: str) -> None:
        """Count a run that failed."""
        self._failures.labels(job).inc()

    def watch(self, engine: Engine) -> None:
        """Count transactions of a database, and the connections that are in use."""
        for outcome in ("commit", "rollback"):
            counted = self._transactions.labels(outcome)
            event.listen(engine, outcome, lambda _conn, counted=counted: counted.inc())
        event.listen(engine, "checkout", lambda *_: self._connections.inc())
        event.listen(engine, "checkin", lambda *_: self._connections.dec())

    def of_all_processes(self) -> CollectorRegistry:
        """Return what is counted in all processes of the node together."""
        if FILES not in os.environ:
            return self.registry
        together, collector = CollectorRegistry(), _UNTYPED_COLLECTOR(None)
        together.register(collector)
        return together


def _each(labelled: Callable[..., V]) -> Callable[..., V]:
    """Return the same metric for each set of labels without asking the library for it again."""
    known: dict[tuple[str, ...], V] = {}

    def of(*labels: str) -> V:
        found = known.get(labels)
        if found is None:
            found = known[labels] = labelled(*labels)
        return found

    return of
