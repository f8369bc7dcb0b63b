"""An event as its handler sees it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mpex_server.disclosures.work import Work

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Taken:
    """An event that was read: its sender, what it is about, and the token itself."""

    partner: str
    subject: str
    type: str
    event: Json
    token: str


Handler = Callable[[Work, Taken, str, str], None]
"""Lets an event take effect: unit of work, event, audit entry of its receipt here, purpose of the token."""
