"""What is passed on to a third node: offered, approved by the origin where it must be, and collected."""

from dataclasses import dataclass
from random import Random
from typing import Any

from tests.oracle import documents
from tests.oracle.asking import RECEIVED, REQUESTS
from tests.oracle.grants import excludes
from tests.oracle.ledger import Holding, Part, Request
from tests.oracle.scene import LeakError, Scene

Json = dict[str, Any]


@dataclass
class Offer:
    """A release that a recipient wishes to pass on, and the parts that may reach the third node."""

    source: Holding
    to: str
    categories: frozenset[str]
    approved: set[Part]


class Passing:
    """The acts of those who pass on, of origins and of third nodes."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.ledger = scene.ledger
        self.offers: list[Offer] = []

    def offer(self, draw: Random, held: Holding) -> None:
        """Offer a release to a third node; where that is forbidden it must be refused (ONW-001)."""
        to = draw.choice(sorted(self.ledger.parties.keys() - {held.request.asker}))
        wanted = frozenset(category for _, category in held.parts)
        if not wanted:  # it was itself passed on, with nothing but what bears no mark to follow
            return
        if draw.random() < 0.3:
            wanted = frozenset(draw.sample(sorted(wanted), draw.randint(1, len(wanted))))
        body = {"partner": self._id(to), "categories": sorted(wanted)}
        path = f"{RECEIVED}/{held.identifier}/onward"
        answer = self.scene.call(
            held.request.asker, "releaseOfficer", "POST", path, body, purpose=held.request.purpose
        )
        if not answer.is_success:
            return
        excluded = excludes({"doNotShareWith": held.excluded}, self.ledger.parties[to])
        if held.onward == "none" or excluded:
            raise LeakError(f"{held.request.asker} offered {to} what may not go there")
        parts = {part for part in held.parts if part[1] in wanted}
        party = self.ledger.parties[to]
        authority = "nationalAuthorityOf" in party or party["recipientClass"] == "consular"
        at_once = held.onward == "samePurpose" and not authority
        self.offers.append(Offer(held, to, wanted, parts if at_once else set()))
        self.scene.count("offered")

    def decide(self, draw: Random) -> None:
        """Let each origin that was asked decide, within what consent permits (ONW-003)."""
        for origin in self.ledger.parties:
            listed = self.scene.made(origin, "releaseOfficer", "GET", "/v1/onward-requests")["items"]
            for asked in listed:
                if asked["state"] == "pending" and asked["record"] in self.ledger.records:
                    self._decide(draw, origin, asked)

    def collect(self) -> None:
        """Let third nodes collect what they were offered."""
        for node in self.ledger.parties:
            for task in self.scene.waiting(node, "releaseOffered"):
                self._collect(node, task["subject"], task.get("purpose", "searchLiving"))

    def _decide(self, draw: Random, origin: str, asked: Json) -> None:
        decision = draw.choice(("approve", "approve", "refuse"))
        path = f"/v1/onward-requests/{asked['onwardRequestId']}/decision"
        answer = self.scene.call(origin, "releaseOfficer", "POST", path, {"decision": decision})
        if answer.is_success and decision == "approve":
            at, purpose = self.scene.ground.now(), asked["purpose"]
            for offer in self.offers:
                request = offer.source.request
                if (request.record, self._id(offer.to)) == (asked["record"], asked["recipient"]):
                    may = self.ledger.permitted(request.record, offer.to, purpose, offer.categories, at)
                    offer.approved |= may & offer.source.parts
            self.scene.count("onward approved")

    def _collect(self, node: str, name: str, purpose: str) -> None:
        at = self.scene.ground.now()
        may = {mark for offer in self.offers if offer.to == node for mark in self._marks(offer, at)}
        path = f"{REQUESTS}/{name}/collection"
        answer = self.scene.call(node, "caseWorker", "POST", path, purpose=purpose)
        self.scene.overheard({node: may})
        self.scene.knows(node, answer.content, may, "a release that was passed on")
        if answer.status_code == 201:
            self._keep(node, name, answer.json(), at)

    def _marks(self, offer: Offer, at: str) -> set[str]:
        parts = offer.approved & self.ledger.readable(offer.source, at)
        return self.ledger.marks(offer.source.request.record, parts)

    def _keep(self, node: str, name: str, received: Json, at: str) -> None:
        arrived = documents.marks(str(received["disclosures"]))
        # The same data may have been offered twice, after a renewal: any of the offers may bear what arrived.
        offered = [
            offer.source
            for offer in self.offers
            if offer.to == node
            and self._id(offer.source.request.asker) == received["from"]
            and arrived <= self._marks(offer, at)
        ]
        if not offered:
            raise LeakError(f"{node} was passed what nobody offered")
        source = max(offered, key=lambda each: each.until)
        deletion = received["obligations"].get("deleteBy", received["validUntil"])
        if min(received["validUntil"], deletion) > source.until:
            raise LeakError("what was passed on lasts longer than what it rests on")
        old = source.request
        parts = {self.ledger.origin[mark][1] for mark in arrived}
        granted = frozenset(category for _, category in parts)
        request = Request(name, name, node, old.asker, old.record, old.purpose, granted, granted)
        kept = Holding(received["receivedReleaseId"], old.asker, request, parts, source.until)
        kept.onward, kept.excluded, kept.source = source.onward, source.excluded, source
        self.ledger.holdings[kept.identifier] = kept
        self.scene.count("passed on")

    def _id(self, name: str) -> str:
        return str(self.ledger.parties[name]["nodeId"])
