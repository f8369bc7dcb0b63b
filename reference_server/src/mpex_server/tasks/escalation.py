"""Overdue tasks go to the superior role, each once; nothing lapses because nobody answered (TASK-002)."""

from mpex_server.audit import leaves
from mpex_server.kit.clock import instant
from mpex_server.node import Node
from mpex_server.storage.engine import transaction
from mpex_server.tasks import repository

BATCH = 100
"""Tasks escalated in one transaction."""


def escalate(node: Node) -> int:
    """Escalate some of what is overdue, with one log entry, and return how many tasks there were."""
    now = instant(node.clock.now())
    with transaction(node.engine) as conn:
        late = repository.escalate(conn, now, limit=BATCH)
        if late:
            leaves.write(
                conn,
                node.keys,
                at=now,
                event="escalation",
                outcome="done",
                actor=node.settings.node_id,
                candidates=late,
            )
    return len(late)
