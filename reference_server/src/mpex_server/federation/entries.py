"""Entries of the log for what the node learns of its partners by itself."""

from mpex_server.audit import leaves
from mpex_server.disclosures.work import OwnWork
from mpex_server.kit.clock import instant


def learnt(work: OwnWork, reason: str) -> None:
    """Write the entry for a change that follows from what others said."""
    leaves.write(
        work.conn,
        work.keys,
        at=instant(work.now()),
        event="administration",
        outcome="done",
        actor=work.settings.node_id,
        reason=reason,
    )
