"""Calls back what partners hold that have lost trust for good, whether anybody looks or not (RECL-018)."""

from mpex_server.disclosures.work import OwnWork
from mpex_server.federation.findings import GRACE
from mpex_server.kit.clock import instant
from mpex_server.node import Node
from mpex_server.oauth import lost
from mpex_server.recalls import causes
from mpex_server.storage.engine import transaction


def recall_due(node: Node) -> int:
    """Recall all that is due, so that nothing is left for another run; return 0."""
    with transaction(node.engine) as conn:
        recall(OwnWork(conn, node.keys, node.clock, node.settings))
    return 0


def recall(work: OwnWork) -> None:
    """Recall what is due in a unit of work."""
    now = work.now()
    for node_id in lost.to_recall(work.conn, since=instant(now - GRACE), now=instant(now)):
        causes.lose_trust(work, node_id)
