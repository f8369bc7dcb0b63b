# Generated from _async by tools/generators/client_sync.py; never edited.
"""Sending what waits in an outbox."""

from typing import TYPE_CHECKING

from mpex_client._calls import Call
from mpex_client._errors import ProblemError, TokenRefusedError, TransportError
from mpex_client._generated.problems import AlreadyExists, InternalError, QuotaExceeded, Unavailable
from mpex_client.outbox import FlushReport, Outbox, Pending

if TYPE_CHECKING:
    from mpex_client._sync.client import Client

__all__ = ["flush"]


def flush(client: "Client", outbox: Outbox) -> FlushReport:
    """Send the entries of an outbox in order and return what became of them.

    Stops where the node is out of reach, overloaded or lets this client in no longer; those entries wait.
    An entry that the node refuses becomes dead, with the code of the problem as its reason.
    """
    before = sum(entry.state == "dead" for entry in outbox.entries())
    sent = 0
    for entry in outbox.pending():
        outbox.attempted(entry.id)
        try:
            _send(client, entry)
        except (TransportError, TokenRefusedError, Unavailable, QuotaExceeded, InternalError):
            break
        except AlreadyExists as error:
            if not entry.attempts:  # else: an earlier attempt arrived and its answer was lost
                outbox.dead(entry.id, error.code)
                continue
        except ProblemError as error:
            outbox.dead(entry.id, error.code or str(error.status))
            continue
        outbox.sent(entry.id)
        sent += 1
    after = outbox.entries()
    dead = sum(entry.state == "dead" for entry in after)
    return FlushReport(sent, dead - before, len(after) - dead)


def _send(client: "Client", entry: Pending) -> None:
    call = Call.of(entry.operation, path=entry.path, body=entry.body, idempotency_key=entry.idempotency_key)
    client.with_purpose(entry.purpose, legal_basis=entry.legal_basis).call(call)
