"""Custody in the run: records that pass to another node, and what that node may have of them."""

from random import Random
from typing import Any

from tests.oracle import documents
from tests.oracle.holding import path_of
from tests.oracle.ledger import Part, Record
from tests.oracle.scene import LeakError, Scene

Json = dict[str, Any]
TRANSFERS = "/v1/custody-transfers"
_PURPOSE = "searchLiving"


class Moving:
    """The acts of those who hand over, and of those who take over."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.ledger = scene.ledger

    def offer(self, draw: Random, record: Record) -> tuple[str, str] | None:
        """Offer a record to another node; return the transfer and that node, or None when it is refused."""
        to = draw.choice(sorted(self.ledger.parties.keys() - {record.node}))
        node_id = self.ledger.parties[to]["nodeId"]
        body = {"record": record.identifier, "to": node_id, "purpose": _PURPOSE, "legalBasis": "consent"}
        answer = self.scene.call(record.node, "releaseOfficer", "POST", TRANSFERS, body)
        if not answer.is_success:
            return None
        if record.embargoed:
            raise LeakError("a record was offered that a death under embargo keeps")
        if not any(category != "existence" for _, category in self._may(record, to)):
            raise LeakError(f"a record was offered to {to}, which may have nothing of it")
        return str(answer.json()["transferId"]), to

    def answer(self, draw: Random, record: Record, transfer: str, to: str) -> set[Part]:
        """Let the other node answer, or the first one think better of it; return what may arrive."""
        may = self._may(record, to)
        if draw.random() < 0.15:
            body = {"decision": "cancel"}
            self.scene.made(record.node, "releaseOfficer", "POST", f"{TRANSFERS}/{transfer}/decision", body)
            may = set()
        taken = {"answer": draw.choice(("take", "take", "take", "decline")), "withheldAccepted": True}
        path = f"{TRANSFERS}/{transfer}/answer"
        answer = self.scene.call(to, "releaseOfficer", "POST", path, taken)
        if answer.is_success and taken["answer"] == "take" and not may:
            raise LeakError(f"{to} was handed a record of which it may have nothing")
        return may

    def settle(self, record: Record, transfer: str, to: str, may: set[Part]) -> None:
        """Judge where the record is, once both sides have heard of one another."""
        path = f"{TRANSFERS}/{transfer}"
        state = self.scene.made(record.node, "releaseOfficer", "GET", path)["state"]
        place = f"{path_of(record.kind)}/{record.identifier}"
        here, there = (self.scene.call(node, "registrar", "GET", place) for node in (record.node, to))
        if (here.is_success, there.is_success) != (state != "completed", state == "completed"):
            raise LeakError("a record has two custodians, or none")
        if state != "completed":
            return
        arrived, expected = documents.marks(there.content), self.ledger.marks(record.identifier, may)
        if arrived - expected:
            raise LeakError(f"{to} was handed {sorted(map(self.ledger.describe, arrived - expected))}")
        assert arrived == expected, "less of a record moved than was permitted"
        self.ledger.move(record, to, may)
        self.scene.count("moved")

    def _may(self, record: Record, to: str) -> set[Part]:
        categories = {category for account in record.accounts.values() for category in account.marks}
        at = self.scene.ground.now()
        return self.ledger.permitted(record.identifier, to, _PURPOSE, categories, at)
