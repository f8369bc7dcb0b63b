"""Obligation of every release: its data are erased when its validity ends."""

from mpex_server.audit import leaves
from mpex_server.disclosures.work import OwnWork
from mpex_server.kit.clock import instant
from mpex_server.node import Node
from mpex_server.received_releases import service
from mpex_server.storage.engine import transaction


def erase_expired(node: Node) -> int:
    """Shred some of what has expired, with one log entry, and return how many releases there were."""
    with transaction(node.engine) as conn:
        work = OwnWork(conn, node.keys, node.clock, node.settings)
        erased = service.erase_expired(work)
        if erased:
            leaves.write(
                conn,
                node.keys,
                at=instant(work.now()),
                event="erasure",
                outcome="expired",
                actor=node.settings.node_id,
            )
    return erased
