"""Traces by OpenTelemetry, an extra of the distribution; its own `OTEL_…` variables say where they go."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import copy_context
from typing import Any, ParamSpec, TypeVar

from opentelemetry import context, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from sqlalchemy import Connection, Engine, event

from mpex_server.observation.traces import Span

P = ParamSpec("P")
T = TypeVar("T")
_SPAN = "mpex_span"


class OpenTelemetry:
    """Traces (`traces.Traces`) that go through `processor`, by default to an OTLP collector in batches."""

    def __init__(self, processor: SpanProcessor | None = None) -> None:
        self._provider = TracerProvider()
        self._provider.add_span_processor(processor or BatchSpanProcessor(OTLPSpanExporter()))
        self._tracer = self._provider.get_tracer("mpex_server")

    def span(self, name: str, /) -> AbstractContextManager[Span]:
        """Return a span that belongs to the present one."""
        return self._around(name, None)

    def root(self, name: str, /) -> AbstractContextManager[Span]:
        """Return a span that belongs to no other."""
        return self._around(name, context.Context())

    def carried(self, work: Callable[P, T]) -> Callable[P, T]:
        """Return the work, to run in a copy of the present context."""
        here = copy_context()

        def run(*args: P.args, **kwargs: P.kwargs) -> T:
            return here.run(work, *args, **kwargs)

        return run

    def watch(self, engine: Engine) -> None:
        """Make a span of every transaction that begins inside a span."""
        event.listen(engine, "begin", self._begun)
        for end in ("commit", "rollback"):
            event.listen(engine, end, _ended)

    def close(self) -> None:
        """Send what waits."""
        self._provider.shutdown()

    @contextmanager
    def _around(self, name: str, outer: context.Context | None) -> Iterator[Span]:
        """Yield a span; an exception that passes is not noted, since its text may hold personal data."""
        with self._tracer.start_as_current_span(
            name, outer, record_exception=False, set_status_on_exception=False
        ) as span:
            yield _Said(span)

    def _begun(self, conn: Connection) -> None:
        if trace.get_current_span(context.get_current()).is_recording():
            conn.info[_SPAN] = self._tracer.start_span("transaction")


def _ended(conn: Connection) -> None:
    span: Any = conn.info.pop(_SPAN, None)
    if span is not None:
        span.end()


class _Said:
    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def says(self, *, status: int, operation: str | None = None) -> None:
        """Note status and operation as attributes."""
        self._span.set_attribute("http.response.status_code", status)
        if operation is not None:
            self._span.set_attribute("mpex.operation", operation)
