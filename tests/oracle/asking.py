"""What the staff of an asker do, and what the oracle says to each answer."""

from dataclasses import dataclass
from random import Random
from typing import Any

from tests.oracle import documents, drawing
from tests.oracle.ledger import QUERY, Asked, Holding, Query, Record, Request, set_of
from tests.oracle.scene import LeakError, Scene

Json = dict[str, Any]
FREEZING = 3
"""Queries of one partner after which a record may be frozen (SRCH-017)."""
SEARCHES, REQUESTS, RECEIVED = "/v1/partner-searches", "/v1/partner-release-requests", "/v1/received-releases"


@dataclass(frozen=True)
class Hit:
    """A hit that an asker was given."""

    asked: Asked
    holder: str
    search: str
    reference: str


class Asking:
    """The acts of askers."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.ledger = scene.ledger
        self.hits: list[Hit] = []
        self.searches: list[tuple[str, str]] = []
        self.chosen: set[tuple[str, str]] = set()
        self.tries: dict[tuple[str, str, str], int] = {}

    def search(self, draw: Random, record: Record) -> None:
        """Ask partners about a record; judge what was sent, and what was answered."""
        purpose, wanted = draw.choice(drawing.PURPOSES), draw.choice(drawing.SETS)
        others = sorted(self.ledger.parties.keys() - {record.node})
        asked = Asked(record.node, record.who, purpose, set_of(wanted))
        partners = draw.sample(others, draw.randint(1, len(others)))
        body = {
            "person": record.identifier,
            "purpose": purpose,
            "legalBasis": "consent",
            "caseReference": f"case-{draw.randint(1, 3)}",
            "releaseSet": wanted,
            "partners": [self._id(name) for name in partners],
        }
        at = self.scene.ground.now()
        may = {name: self.ledger.permitted(record.identifier, name, purpose, QUERY, at) for name in partners}
        found = self.scene.made(record.node, "caseWorker", "POST", SEARCHES, body, purpose=purpose)
        self.scene.overheard(
            {name: self.ledger.marks(record.identifier, parts) for name, parts in may.items()}
        )
        self.searches.append((record.node, found["partnerSearchId"]))
        self.scene.count("searched")
        for name, entry in zip(partners, found["results"], strict=True):
            permitted = {category for _, category in may[name]}
            if permitted:
                self.ledger.queries.append(Query(record.identifier, asked, name, may[name]))
            self._judge_query(entry, permitted, name)
            if entry["state"] == "answered":
                assert self.scene.ground.is_up(name)
                self._judge_answer(asked, name, entry["result"], at, permitted)
                self._keep(asked, name, found["partnerSearchId"], entry["result"])
            else:
                assert not permitted or not self.scene.ground.is_up(name), "a partner was not asked"

    def request(self, draw: Random, hit: Hit) -> None:
        """Ask for the release of a hit."""
        body: Json = {
            "partnerSearch": hit.search,
            "partner": self._id(hit.holder),
            "hitReference": hit.reference,
            "reason": "The description fits.",
        }
        wanted = set(hit.asked.wanted)
        if draw.random() < 0.3:
            wanted = set(draw.sample(sorted(wanted), draw.randint(1, len(wanted))))
            body["categories"] = sorted(wanted)
        else:
            body["releaseSet"] = next(name for name in drawing.SETS if set_of(name) == wanted)
        purpose = hit.asked.purpose
        answer = self.scene.call(hit.asked.asker, "caseWorker", "POST", REQUESTS, body, purpose=purpose)
        self.scene.overheard({})
        if not answer.is_success:
            return
        shown = answer.json()
        identifier = shown["status"]["releaseRequestId"]
        case = self.scene.made(hit.holder, "releaseOfficer", "GET", f"/v1/release-cases/{identifier}")
        assert self.ledger.records[case["record"]].who == hit.asked.who, "a hit stood for somebody else"
        self.ledger.requests[identifier] = Request(
            identifier,
            shown["partnerReleaseRequestId"],
            hit.asked.asker,
            hit.holder,
            case["record"],
            purpose,
            frozenset(case["requestedCategories"]),
        )
        assert set(case["requestedCategories"]) <= wanted
        self.scene.count("requested")

    def collect(self, request: Request) -> None:
        """Follow a request and try to collect it, approved or not."""
        path = f"{REQUESTS}/{request.own}"
        options = {"purpose": request.purpose}
        self.scene.call(request.asker, "caseWorker", "GET", path, **options)
        at = self.scene.ground.now()
        due = self.ledger.due(request, at)
        answer = self.scene.call(request.asker, "caseWorker", "POST", f"{path}/collection", **options)
        self.scene.overheard({request.asker: self.ledger.marks(request.record, due)})
        self.scene.knows(
            request.asker, answer.content, self.ledger.marks(request.record, due), "a collection"
        )
        if answer.status_code != 201:
            up = self.scene.ground.is_up(request.holder) and self.scene.ground.is_up(request.asker)
            assert not due or request.ended or not up, "what was permitted and approved did not arrive"
            return
        self._keep_release(request, answer.json(), due)

    def read(self, node: str) -> None:
        """Read all that a node holds of others."""
        at, known = self.scene.ground.now(), set[str]()
        for holding in self.ledger.holdings.values():
            if holding.request.asker == node:
                parts = self.ledger.readable(holding, at)
                known |= self.ledger.marks(holding.request.record, parts)
                self._read_one(holding, self.ledger.marks(holding.request.record, parts))
        for purpose in sorted(set(drawing.PURPOSES)):
            listed = self.scene.call(node, "caseWorker", "GET", RECEIVED, purpose=purpose)
            self.scene.knows(node, listed.content, known, "the list of received releases")

    def news(self, choices: list[tuple[str, str, str, str]]) -> None:
        """Read what living persons let the askers know: nothing but what they chose (CASE-004)."""
        for asker, search in self.searches:
            if not self.scene.ground.is_up(asker):
                continue
            shown = self.scene.made(asker, "caseWorker", "GET", f"{SEARCHES}/{search}")
            for entry in shown["news"]:
                told = (entry["choice"], entry.get("message", ""))
                if not any(
                    (self._id(node), partner, *said) == (entry["partner"], self._id(asker), *told)
                    for node, partner, *said in choices
                ):
                    raise LeakError(f"{asker} heard of a living person what nobody chose to tell")

    def try_prohibited(self, record: Record, purpose: str) -> None:
        """Ask for a prohibited purpose: nothing leaves, whatever it is about (PURP-001, PURP-002)."""
        node = record.node
        refused = self.scene.ground.nodes[node].token_response("caseWorker", purpose=purpose)
        assert refused.status_code == 400, "a token for a prohibited purpose"
        others = [self._id(name) for name in self.ledger.parties if name != node]
        body = {
            "person": record.identifier,
            "purpose": purpose,
            "legalBasis": "consent",
            "caseReference": "case-1",
            "releaseSet": "identity",
            "partners": others,
        }
        assert self.scene.call(node, "caseWorker", "POST", SEARCHES, body).status_code == 403
        if self.scene.ground.heard:
            raise LeakError("a prohibited query was sent")
        self.scene.count("prohibited")

    def _judge_query(self, entry: Json, permitted: set[str], partner: str) -> None:
        sent = set(entry.get("sentCategories", ()))
        if sent - permitted:
            raise LeakError(f"a query told {partner} of {sorted(sent - permitted)}")
        assert sent == permitted, f"a query to {partner} lacked {permitted - sent}"

    def _judge_answer(self, asked: Asked, holder: str, answer: Json, at: str, sent: set[str]) -> None:
        may = self.ledger.findable(asked, holder, at)
        told = [_told(hit) for hit in answer["hits"]]
        if len(told) > len(may):
            raise LeakError(f"{asked.asker} was told {len(told)} hits where {len(may)} may be told")
        for categories in told:
            if not any(categories <= known & asked.wanted for known in may):
                raise LeakError(f"a hit told {asked.asker} of {sorted(categories)}")
        tries = self.tries[asked.asker, holder, asked.who] = (
            self.tries.get((asked.asker, holder, asked.who), 0) + 1
        )
        if sent >= documents.ALWAYS and tries < FREEZING:
            assert len(told) >= self.ledger.certain(asked, holder, at), "a hit that may be told was not"
            self._judge_silent(asked, holder, at)

    def _judge_silent(self, asked: Asked, holder: str, at: str) -> None:
        """A living person whom the query fits is asked (SRCH-003); who has answered this asker was asked."""
        waiting = {task["subject"] for task in self.scene.waiting(holder, "silentHit")}
        asked_before = {record for record, partner in self.chosen if partner == asked.asker}
        assert self.ledger.silent_hits(asked, holder, at) <= waiting | asked_before, "nobody asks the living"

    def _keep(self, asked: Asked, holder: str, search: str, answer: Json) -> None:
        for hit in answer["hits"]:
            self.hits.append(Hit(asked, holder, search, hit["reference"]))
            self.scene.count("hit")

    def _keep_release(self, request: Request, received: Json, due: set[tuple[str, str]]) -> None:
        arrived = documents.marks(str(received["disclosures"]))
        if not request.granted:
            raise LeakError("a release that nobody approved")
        if set(received["disclosures"]) - {category for _, category in due}:
            raise LeakError("a release with categories that nobody may have")
        assert arrived == self.ledger.marks(request.record, due), (
            "less arrived than was permitted and approved"
        )
        obligations = received["obligations"]
        until = min(received["validUntil"], obligations.get("deleteBy", received["validUntil"]))
        name, duties = (
            received["receivedReleaseId"],
            self.ledger.duties(request, due, self.scene.ground.now()),
        )
        self.ledger.holdings[name] = Holding(name, request.holder, request, due, until, *duties)
        self.scene.count("collected")

    def _read_one(self, holding: Holding, known: set[str]) -> None:
        request, path = holding.request, f"{RECEIVED}/{holding.identifier}"
        shown = self.scene.call(request.asker, "caseWorker", "GET", path, purpose=request.purpose)
        self.scene.knows(request.asker, shown.content, known, "a received release")
        other = "familyReunification" if request.purpose != "familyReunification" else "searchLiving"
        elsewhere = self.scene.call(request.asker, "caseWorker", "GET", path, purpose=other)
        self.scene.knows(request.asker, elsewhere.content, set(), "a received release for another purpose")

    def _id(self, name: str) -> str:
        return str(self.ledger.parties[name]["nodeId"]) if name in self.ledger.parties else name


def _told(hit: Json) -> set[str]:
    """Return the categories of which a hit says something."""
    compared = {item["category"] for item in hit.get("evidence", ()) if item["agreement"] != "unknown"}
    return compared | ({"summary"} if "summary" in hit else set())
