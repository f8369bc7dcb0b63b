"""Spans of requests, transactions and calls to partners, for who runs the node.

A span says operation, status and time. Nothing is taken from what a request claims of an outer trace, and
nothing of ours is passed on to partners. A transaction shows only inside a request that is not on the time
grid: it would tell whether something was found.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from types import ModuleType
from typing import ParamSpec, Protocol, TypeVar

from sqlalchemy import Engine

from mpex_server.settings import Settings

P = ParamSpec("P")
T = TypeVar("T")


class MissingExtraError(RuntimeError):
    """Traces are asked for, and what sends them is not installed."""


class Span(Protocol):
    """What is noted of one span."""

    def says(self, *, status: int, operation: str | None = None) -> None:
        """Note how it ended."""


class Traces(Protocol):
    """Makes spans; safe to use from several threads."""

    def span(self, name: str, /) -> AbstractContextManager[Span]:
        """Return a span around what runs inside; it belongs to the present one."""

    def root(self, name: str, /) -> AbstractContextManager[Span]:
        """Return a span that belongs to no other."""

    def carried(self, work: Callable[P, T]) -> Callable[P, T]:
        """Return work whose spans belong to the present one, though it runs in another thread."""

    def watch(self, engine: Engine) -> None:
        """Make a span of every transaction that belongs to another span."""

    def close(self) -> None:
        """Send what waits."""


class NoTraces:
    """Makes none."""

    def __init__(self) -> None:
        self._nothing = nullcontext[Span](_Unsaid())

    def span(self, _name: str, /) -> AbstractContextManager[Span]:
        """Return nothing to be seen."""
        return self._nothing

    def root(self, _name: str, /) -> AbstractContextManager[Span]:
        """Return nothing to be seen."""
        return self._nothing

    def carried(self, work: Callable[P, T]) -> Callable[P, T]:
        """Return the work."""
        return work

    def watch(self, engine: Engine) -> None:
        """Watch nothing."""

    def close(self) -> None:
        """Send nothing."""


class _Unsaid:
    def says(self, *, status: int, operation: str | None = None) -> None:
        """Note nothing."""


def of(settings: Settings) -> Traces:
    """Return what the settings ask for; raises MissingExtraError when it is not installed."""
    if not settings.traces:
        return NoTraces()
    made: Traces = extra().OpenTelemetry()
    return made


def extra() -> ModuleType:
    """Return the module that sends traces; raises MissingExtraError when it is not installed."""
    try:
        return import_module("mpex_server.observation.otel")
    except ImportError as error:
        raise MissingExtraError("MPEX_TRACES needs `pip install 'mpex-server[otel]'`.") from error
