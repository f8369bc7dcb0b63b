"""How much waits in the database, read when asked for: numbers for the whole node, nothing of any case."""

from collections.abc import Iterator

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Connection, func, select
from sqlalchemy.exc import SQLAlchemyError

from mpex_server import __version__
from mpex_server.keys import probe
from mpex_server.kit.clock import instant, parse_instant
from mpex_server.node import Node
from mpex_server.storage import tables as t
from mpex_server.storage.engine import transaction

_WAITS = t.outbox.c.acked_at.is_(None)
_OUTBOX = select(
    func.count(), func.count(t.outbox.c.partner.distinct()), func.min(t.outbox.c.created_at)
).where(_WAITS)
_LOG = select(func.count(), func.min(t.audit_leaf.c.at)).where(t.audit_leaf.c.position.is_(None))
_OVERDUE = select(func.count()).select_from(t.task).where(t.task.c.state == "open")
_FIRST_END = select(func.min(t.partner.c.valid_until)).where(t.partner.c.status == "active")

_FIRST_MARK = select(func.min(t.own_mark.c.expires_at))


class State(Collector):
    """Collector of what waits; without the database it says only what is away."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def collect(self) -> Iterator[Metric]:
        """Yield the numbers of this moment."""
        build = GaugeMetricFamily("mpex_build_info", "Version of the software.", labels=["version"])
        build.add_metric([__version__], 1)
        yield build
        try:
            with transaction(self._node.engine, write=False) as conn:
                found = list(self._waiting(conn))
        except SQLAlchemyError:
            found = []
        yield GaugeMetricFamily("mpex_database_up", "Whether the database answers.", value=bool(found))
        keys = probe.answer(self._node.keys)
        yield GaugeMetricFamily("mpex_keys_up", "Whether the keys can be used.", value=keys)
        yield from found

    def _waiting(self, conn: Connection) -> Iterator[Metric]:
        events, partners, oldest = conn.execute(_OUTBOX).one()
        yield GaugeMetricFamily("mpex_outbox_events", "Events not yet taken by partners.", value=events)
        yield GaugeMetricFamily("mpex_outbox_partners", "Partners that have events to take.", value=partners)
        yield GaugeMetricFamily(
            "mpex_outbox_oldest_seconds", "Age of the oldest event that waits.", value=self._age(oldest)
        )
        entries, oldest = conn.execute(_LOG).one()
        yield GaugeMetricFamily("mpex_log_waiting_entries", "Entries not yet in the log.", value=entries)
        yield GaugeMetricFamily(
            "mpex_log_oldest_waiting_seconds", "Age of the oldest of them.", value=self._age(oldest)
        )
        overdue = conn.scalar(_OVERDUE.where(t.task.c.due_at <= instant(self._node.clock.now())))
        yield GaugeMetricFamily(
            "mpex_tasks_overdue", "Tasks of all kinds that are overdue.", value=overdue or 0
        )
        if (ends := conn.scalar(_FIRST_END)) is not None:
            yield GaugeMetricFamily(
                "mpex_partner_expiry_timestamp_seconds",
                "When the first partner ends unless its anchors are reached.",
                value=parse_instant(ends).timestamp(),
            )

        if (ends := conn.scalar(_FIRST_MARK)) is not None:
            yield GaugeMetricFamily(
                "mpex_mark_expiry_timestamp_seconds",
                "When the first of the marks ends that the node shows.",
                value=parse_instant(ends).timestamp(),
            )

    def _age(self, since: str | None) -> float:
        return 0.0 if since is None else (self._node.clock.now() - parse_instant(since)).total_seconds()
