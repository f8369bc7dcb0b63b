"""The oracle of the exchange: from what was done it says what each node may know.

It knows the text of the standard and nothing of the server: who registered what, who laid down what, what was
approved, told and called back. Everything else follows by asking the naive decision again.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from mpex_spec import codelist

from tests.oracle.consent import decide

Json = dict[str, Any]
Part = tuple[str, str]
"""A contribution and one of its categories."""
LIVING = frozenset({"foundAlive", "unidentifiedLiving"})
OF_AGE_ON = "2015-01-01"
"""Everybody of the run is of age long since."""
QUERY = frozenset(
    {"summary", "identity", "names", "birth", "physical", "clothingEffects", "journey", "incident"}
)
"""What a query may say (search.json); `contact` and forensic facts never go into one."""
_WHOLE = frozenset({"existence", "summary", "names", "birth"})


@dataclass
class Account:
    """What one contributor said: its directive, and the mark of each category."""

    directive: str | None
    marks: dict[str, str]


@dataclass
class Record:
    """A record of one node."""

    identifier: str
    node: str
    kind: str
    who: str
    country: str
    accounts: dict[str, Account]
    named: list[str] = field(default_factory=list)
    identified: str = ""
    embargoed: bool = False
    dead: bool = False
    erasure: str = ""
    erased: bool = False
    lost: set[Part] = field(default_factory=set)

    @property
    def countries(self) -> list[str]:
        """The countries that any account names; none while no account speaks of identity."""
        told = [
            name
            for name, account in self.accounts.items()
            if "identity" in account.marks and (name, "identity") not in self.lost
        ]
        return [self.country] if told else []

    @property
    def given(self) -> list[str]:
        """The directives that accounts rest on of which something is still there."""
        there = {
            name
            for name, account in self.accounts.items()
            for category in account.marks
            if (name, category) not in self.lost
        }
        return sorted({self.accounts[name].directive or "" for name in there} - {""})

    @property
    def waits(self) -> bool:
        """Whether its erasure was asked for, so that nobody finds or uses it (ERA-001)."""
        return bool(self.erasure)

    @property
    def silent(self) -> bool:
        """Whether a partner hears nothing of it (SRCH-002). An embargo hides nothing that was open before."""
        return self.kind in LIVING


@dataclass(frozen=True)
class Asked:
    """A query: who asks about whom, for which purpose, and which categories are wanted."""

    asker: str
    who: str
    purpose: str
    wanted: frozenset[str]


@dataclass
class Query:
    """A query that was sent: what it said of which record, to whom; `gone` when any of it was called back."""

    record: str
    asked: Asked
    partner: str
    parts: set[Part]
    gone: bool = False


@dataclass
class Request:
    """A release request of one node at another: what was asked for, what a person approved."""

    identifier: str
    own: str
    asker: str
    holder: str
    record: str
    purpose: str
    requested: frozenset[str]
    granted: frozenset[str] = frozenset()
    refused: bool = False
    ended: bool = False


@dataclass
class Holding:
    """A release that a node holds: its parts, those that were called back, and of which it was told.

    `onward` and `excluded` are its obligations; `source` is the release that it was passed on from.
    """

    identifier: str
    holder: str
    request: Request
    parts: set[Part]
    until: str
    onward: str = "none"
    excluded: list[Json] = field(default_factory=list)
    source: "Holding | None" = None
    gone: set[Part] = field(default_factory=set)
    told: set[Part] = field(default_factory=set)


class Ledger:
    """Everything that was done so far."""

    def __init__(self, parties: dict[str, Json]) -> None:
        self.parties = parties
        self.records: dict[str, Record] = {}
        self.directives: dict[str, Json] = {}
        self.requests: dict[str, Request] = {}
        self.holdings: dict[str, Holding] = {}
        self.queries: list[Query] = []
        self.origin: dict[str, tuple[str, Part]] = {}
        self.told_at: dict[str, str] = {}

    def register(self, record: Record) -> None:
        """Enter a record, or more accounts of it."""
        self.records[record.identifier] = record
        for contribution, account in record.accounts.items():
            for category, mark in account.marks.items():
                if mark:
                    self.origin[mark] = (record.identifier, (contribution, category))

    def marks(self, record: str, parts: set[Part]) -> set[str]:
        """Return the marks of parts of a record; existence and summary have none."""
        accounts = self.records[record].accounts
        return {accounts[name].marks[category] for name, category in parts} - {""}

    def foreign(self, node: str, marks: set[str]) -> set[str]:
        """Return those marks that are not the node's own."""
        return {mark for mark in marks if self.owner(mark) != node}

    def describe(self, mark: str) -> str:
        """Return whose and what a mark is."""
        if mark in self.told_at:
            return f"what staff of {self.told_at[mark]} wrote"
        record, (_, category) = self.origin[mark]
        return f"{category} of a {self.records[record].kind} of {self.records[record].node}"

    def owner(self, mark: str) -> str | None:
        """Return the node at which a mark was written, None for one of another run."""
        if mark in self.origin:
            return self.records[self.origin[mark][0]].node
        return self.told_at.get(mark)

    def permitted(
        self, record: str, partner: str, purpose: str, categories: Iterable[str], at: str
    ) -> set[Part]:
        """Return the parts of a record that a partner may have now (CONS-001 to -008)."""
        entry = self.records[record]
        if entry.erased:
            return set()
        answers = self._answers(record, partner, purpose, categories, at)
        marks = {name: account.marks for name, account in entry.accounts.items()}
        return {
            (name, category)
            for (name, category), answer in answers.items()
            if answer["permit"] and category in marks[name] and (name, category) not in entry.lost
        }

    def duties(self, request: Request, parts: set[Part], at: str) -> tuple[str, list[Json]]:
        """Return the strictest rule on passing parts on, and to whom they never go (chapter 10).

        Nothing may be passed on of a release that brought nothing.
        """
        answers = self._answers(request.record, request.asker, request.purpose, request.granted, at)
        given = [answers[part]["obligations"] for part in sorted(parts)]
        rules = {duty["onward"] for duty in given}
        rule = next((rule for rule in ("none", "ask", "samePurpose") if rule in rules), "none")
        return rule, [entry for duty in given for entry in duty["doNotShareWith"]]

    def denied(self, holding: Holding, at: str) -> set[Part]:
        """Return the parts that the directives deny to their recipient (ONW-004)."""
        request = holding.request
        categories = {category for _, category in holding.parts}
        answers = self._answers(request.record, request.asker, request.purpose, categories, at)
        return {
            part for part in holding.parts if {"denied", "doNotShareWith"} & set(answers[part]["reasons"])
        }

    def _answers(
        self, record: str, partner: str, purpose: str, categories: Iterable[str], at: str
    ) -> dict[Part, Json]:
        entry = self.records[record]
        named = {account.directive or "" for account in entry.accounts.values()} | set(entry.named)
        query = {
            "requester": self.parties[partner],
            "purpose": purpose,
            "categories": sorted(set(categories)),
            "at": at,
            "living": entry.kind != "remainsUnit" and not entry.dead,
            "ofAgeOn": OF_AGE_ON,
            "countries": entry.countries,
            "contributions": {name: account.directive for name, account in entry.accounts.items()},
        }
        directives = [self.directives[name] for name in sorted(named - {""})]
        return decide({"query": query, "directives": directives})

    def due(self, request: Request, at: str) -> set[Part]:
        """Return what a request brings if it is collected now (REL-001, REL-006, CONS-002).

        Nothing comes of a node that gave the record up, or while its erasure was asked for.
        """
        record = self.records[request.record]
        if record.silent or record.waits or record.node != request.holder or request.refused:
            return set()
        return self.permitted(request.record, request.asker, request.purpose, request.granted, at)

    @contextmanager
    def change(self, at: str) -> Iterator[None]:
        """What was permitted before the body and is not after it is called back; empty requests end."""
        before = {name: self._left(holding, at) for name, holding in self.holdings.items()}
        said = [self._stands(query, at) for query in self.queries]
        yield
        for query, stood in zip(self.queries, said, strict=True):
            query.gone |= stood and not self._stands(query, at)
        for name, holding in self.holdings.items():
            holding.gone |= before[name] - self._left(holding, at)
        for request in self.requests.values():
            asked = request.granted or request.requested
            if not self.permitted(request.record, request.asker, request.purpose, asked, at):
                request.ended = True

    def move(self, record: Record, to: str, parts: set[Part]) -> None:
        """Let another node keep a record: what did not move is lost, and what was asked about it ends."""
        every = {(name, category) for name, account in record.accounts.items() for category in account.marks}
        moved = {name for name, category in parts if category != "existence"}
        record.lost |= {part for part in every if part not in parts or part[0] not in moved}
        record.node = to
        for query in self.queries:
            query.gone |= query.record == record.identifier
        for request in self.requests.values():
            request.ended |= request.record == record.identifier

    def asks(self, partner: str, holder: str, purpose: str, record: str) -> bool:
        """Tell whether a query of a partner that fits a record still stands (RECL-008)."""
        who = self.records[record].who
        return any(
            (query.asked.asker, query.partner, query.asked.purpose, query.asked.who)
            == (partner, holder, purpose, who)
            for query in self.queries
            if not query.gone
        )

    def delivered(self, at: str) -> None:
        """Every node has heard of every recall, by the origin or by whom it has data from (ONW-005, -007)."""
        for holding in self.holdings.values():
            holding.told |= holding.gone
            if holding.source is not None:
                holding.told |= holding.source.told & holding.parts | self.denied(holding, at)

    def readable(self, holding: Holding, at: str) -> set[Part]:
        """Return what the recipient may still read of a release (RECL-003, REL-003)."""
        return holding.parts - holding.told if at < holding.until else set()

    def findable(self, asked: Asked, holder: str, at: str) -> list[set[str]]:
        """Return for each record that may be told as a hit the categories that it may be told by.

        A hit says that there is a record, and that a permitted category of it fits (SRCH-010).
        """
        found = []
        for record in self._about(asked.who, holder):
            parts = self.permitted(record.identifier, asked.asker, asked.purpose, QUERY | asked.wanted, at)
            categories = {category for _, category in parts}
            if not record.silent and "existence" in categories and categories & QUERY:
                # An age tells the time of birth where no date does.
                found.append(categories | ({"birth"} if "summary" in categories else set()))
        return found

    def certain(self, asked: Asked, holder: str, at: str) -> int:
        """Return how many records must be told: one account permits all that was sent and fits."""
        return sum(not record.silent for record in self._fitting(asked, holder, at))

    def silent_hits(self, asked: Asked, holder: str, at: str) -> set[str]:
        """Return the living whom the holder's staff must be asked about (SRCH-003)."""
        fitting = self._fitting(asked, holder, at)
        return {record.identifier for record in fitting if record.silent}

    def _fitting(self, asked: Asked, holder: str, at: str) -> list[Record]:
        found = []
        for record in self._about(asked.who, holder):
            parts = self.permitted(record.identifier, asked.asker, asked.purpose, _WHOLE, at)
            if any(
                {category for name, category in parts if name == own} >= _WHOLE for own in record.accounts
            ):
                found.append(record)
        return found

    def _about(self, who: str, holder: str) -> list[Record]:
        return [
            record
            for record in self.records.values()
            if (record.who, record.node) == (who, holder) and not record.waits
        ]

    def _stands(self, query: Query, at: str) -> bool:
        asked = query.asked
        return query.parts <= self.permitted(query.record, query.partner, asked.purpose, QUERY, at)

    def _left(self, holding: Holding, at: str) -> set[Part]:
        request = holding.request
        categories = {category for _, category in holding.parts}
        return holding.parts & self.permitted(request.record, request.asker, request.purpose, categories, at)


def set_of(name: str) -> frozenset[str]:
    """Return the categories of a release set."""
    return frozenset(codelist("releaseSets")[name]["categories"].split())
