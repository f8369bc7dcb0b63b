"""Structured logs as JSON lines: identifiers of requests and operations, never paths, queries or bodies."""

import logging
import sys

import structlog


def configure(level: str) -> None:
    """Send the node's log lines to standard error; the servers' own access log stays off."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def place_of(error: Exception) -> str | None:
    """Return module and line where an exception was raised; its text may hold personal data."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    return f"{place.tb_frame.f_globals.get('__name__')}:{place.tb_lineno}" if place else None
