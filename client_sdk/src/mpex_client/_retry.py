"""When to try again: only what is safe to repeat, only for causes that pass, with growing random pauses."""

import secrets
from dataclasses import dataclass

from mpex_client._errors import MpexError, ProblemError, TransportError

__all__ = ["RetryPolicy"]

_PASSING = frozenset({429, 502, 503, 504})
_STEPS = 1 << 20


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how patiently to retry; all times in seconds."""

    retries: int = 2
    first_pause: float = 0.5
    longest_pause: float = 8.0
    longest_retry_after: float = 120.0

    def pause(self, attempt: int, error: MpexError, *, repeatable: bool) -> float | None:
        """Return how long to wait after failed `attempt` (from 0), or None when the error is final.

        `repeatable` says that the request may arrive twice: its method is idempotent or it carries an
        idempotency key. What certainly never arrived is always tried again.
        """
        if attempt >= self.retries:
            return None
        if isinstance(error, TransportError):
            return self._jittered(attempt) if repeatable or not error.sent else None
        if not (repeatable and isinstance(error, ProblemError) and error.status in _PASSING):
            return None
        if error.retry_after is None:
            return self._jittered(attempt)
        return error.retry_after if error.retry_after <= self.longest_retry_after else None

    def _jittered(self, attempt: int) -> float:
        full = min(self.longest_pause, self.first_pause * (1 << attempt))
        return full * (0.5 + secrets.randbelow(_STEPS) / _STEPS / 2)
