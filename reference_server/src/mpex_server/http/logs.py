"""Structured logs as JSON lines: identifiers of requests and operations, never paths, queries or bodies."""

import logging
import sys
from datetime import datetime
from typing import Any

import orjson
import structlog


class AccessLog:
    """A line for each request, without the chain of steps that other lines go through: it would cost most."""

    def __init__(self, level: str) -> None:
        self._wanted = level in {"debug", "info"}

    def note(self, at: datetime, **said: Any) -> None:
        """Write what is said of a request that ended at a moment."""
        if self._wanted:
            stamp = {"event": "request", "level": "info", "timestamp": f"{at:%Y-%m-%dT%H:%M:%S.%fZ}"}
            sys.stderr.write(orjson.dumps(said | stamp).decode() + "\n")
            sys.stderr.flush()


def configure(level: str) -> None:
    """Send the node's log lines to standard error; the servers' own access log stays off."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(serializer=_text),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _text(said: Any, **_options: Any) -> str:
    return orjson.dumps(said, default=repr).decode()


def place_of(error: Exception) -> str | None:
    """Return module and line where an exception was raised; its text may hold personal data."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    return f"{place.tb_frame.f_globals.get('__name__')}:{place.tb_lineno}" if place else None
