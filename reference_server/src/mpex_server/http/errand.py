"""Slow work outside any transaction: what a handler returns that must call a partner before it can answer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mpex_server.http.call import Reply
from mpex_server.http.context import Context
from mpex_server.oauth.principal import Principal


@dataclass(frozen=True, slots=True)
class Errand:
    """Two units of work with a call between them (design 05).

    The first unit, which returned this, is committed with its audit entry before `run` starts, so that what
    leaves the node is on record whatever happens. `run` holds no transaction and may raise Problem. `finish`
    gets its result in a second unit of work and makes the reply. `status` and `document_id` are kept for a
    repetition with the same Idempotency-Key, whose replay renderer may return an errand again.
    """

    run: Callable[[], Any]
    finish: Callable[[Context, Any], Reply]
    status: int = 200
    document_id: str | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """An errand and the principal on whose behalf it runs."""

    errand: Errand
    principal: Principal
