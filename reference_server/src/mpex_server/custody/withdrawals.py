"""Withdrawals at a node that handed records over: they hold at the new custodian, too."""

from typing import Any

from mpex_server.disclosures.work import Work
from mpex_server.recalls import outbox
from mpex_server.storage import links

MOVED_WITH, CAME_WITH = "movedWith", "cameWith"
Json = dict[str, Any]


def forward(work: Work, directive: str, withdrawal: Json) -> None:
    """Tell each node that took over a record under a directive that it is withdrawn."""
    told = {"directive": directive} | {name: withdrawal[name] for name in ("purposes",) if name in withdrawal}
    for transfer in work.documents.many(links.linked_to(work.conn, directive, MOVED_WITH)):
        outbox.enqueue(
            work,
            partner=transfer.body["to"],
            event_type="custodyState",
            subject=transfer.id,
            purpose=transfer.body["purpose"],
            event={"transferId": transfer.id, "state": transfer.status, "withdrawn": told},
        )
