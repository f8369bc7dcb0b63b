"""Measure the CPU time of one call, which other work on the machine disturbs far less than wall time."""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """One call to measure."""

    name: str
    call: Callable[[], object]


@dataclass(frozen=True)
class Measure:
    """Microseconds of CPU for one call: the median and the best of several rounds."""

    case: Case
    median: float
    best: float


def measure(case: Case, *, rounds: int = 9, seconds: float = 0.05) -> Measure:
    """Call ``case`` in ``rounds`` of about ``seconds`` of CPU each and return microseconds for one call."""
    case.call()
    once = max(_seconds(case.call, 1), 1e-7)
    calls = max(1, int(seconds / once))
    gc.collect()
    times = [_seconds(case.call, calls) / calls * 1e6 for _ in range(rounds)]
    return Measure(case, statistics.median(times), min(times))


def _seconds(call: Callable[[], object], calls: int) -> float:
    start = time.process_time()
    for _ in range(calls):
        call()
    return time.process_time() - start
