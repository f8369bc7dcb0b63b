"""Who takes what is sent a little at a time is waited for no longer than anybody else."""

from datetime import UTC, datetime, timedelta

import httpcore2
import pytest
from mpex_server.kit.clock import ManualClock
from mpex_server.peers.patience import Patience, PatientStream, within


class Reluctant(httpcore2.NetworkStream):
    """A connection on which each piece takes a second."""

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock
        self.taken = b""
        self.times: list[float | None] = []

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Take something, in its time."""
        self._clock.advance(timedelta(seconds=1))
        self.taken += buffer
        self.times.append(timeout)


def test_what_is_sent_is_bounded_as_a_whole() -> None:
    clock = ManualClock(datetime(2026, 11, 22, tzinfo=UTC))
    patience, below = Patience(clock, 2.5), Reluctant(clock)
    body = bytes(range(256)) * 1024
    with patience.exchange(), pytest.raises(httpcore2.ReadTimeout):
        PatientStream(below, patience.left).write(body, 10.0)
    assert below.times == [2.5, 1.5, 0.5]
    below.taken = b""
    with Patience(clock, 100).exchange():
        PatientStream(below, Patience(clock, 100).left).write(body)
    assert below.taken == body


def test_an_exchange_ends_with_what_it_is_part_of() -> None:
    clock = ManualClock(datetime(2026, 11, 22, tzinfo=UTC))
    patience = Patience(clock, 30)
    with within(clock, 5), patience.exchange():
        assert (patience.left(None), patience.left(1.0)) == (5, 1)
    with within(clock, 50), patience.exchange():
        assert patience.left(None) == 30
