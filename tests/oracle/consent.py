"""A second consent decision, written from the text of the standard (chapter 10) and its codelists alone.

It is naive on purpose: it asks one question for one contribution and one category, walks over everything that
anybody laid down, and shares no line with the server. Cases have the form of the published vectors
(`spec/vectors/consent`).
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from mpex_spec import codelist

from tests.oracle.grants import applying, covers, excludes, names

Json = Mapping[str, Any]
Answer = dict[str, Any]
_OF_PERSON = ("soughtPerson", "livingPerson", "remains")
_PARENTAL = ("parent", "guardian", "childProtection")
_OF_ENQUIRERS = ("informant", "contact")


def decide(case: Json) -> dict[tuple[str, str], Answer]:
    """Return for each contribution and category `permit`, `reasons`, and `obligations` of a permit."""
    return {
        (contribution, category): _Question(case, contribution, category).answer()
        for contribution in case["query"]["contributions"]
        for category in case["query"]["categories"]
    }


class _Question:
    """One contribution and one category; the methods follow the text in its order."""

    def __init__(self, case: Json, contribution: str, category: str) -> None:
        self.query: Json = {name: value for name, value in case["query"].items() if value is not None}
        self.category = category
        self.all: list[Json] = list(case["directives"])
        self.line = self._line(self.query["contributions"][contribution])

    def answer(self) -> Answer:
        """The answer: the first of the seven that holds decides."""
        refusal = self._barrier() or self._of_concern()
        if refusal:
            return _no({refusal})
        permits, denials = list(self._permits()), list(self._denials())
        remaining = [entry for entry in permits if not self._counting(entry[0], denials)]
        if not remaining:
            against = [item for giver, _ in permits for item in self._counting(giver, denials)]
            reasons = {reason for _, reason in (against if permits else denials)}
            if reasons:
                return _no(reasons)
        if remaining and not any(self._withdrawn(item) for item in self.line):
            return {"permit": True, "reasons": ["permitted"], "obligations": self._obligations(remaining)}
        return _no({self._missing()})

    def _barrier(self) -> str | None:
        """Numbers 1 to 3: purpose, class, category, and that there is a directive at all."""
        purpose, requester = self.query["purpose"], self.query["requester"]
        entry = codelist("purposes").get(purpose)
        if entry is not None and entry["prohibited"] == "true":
            return "purposeProhibited"
        if entry is None:
            return "purposeUnknown"
        if purpose not in requester.get("purposes", ()):
            return "purposeNotMandated"
        if purpose == "protectLife" and requester["recipientClass"] not in ("health", "rescue"):
            return "recipientClassNotAllowed"
        if self.category not in entry["categories"].split():
            return "categoryNotForPurpose"
        return None if self.line else "noDirective"

    def _of_concern(self) -> str | None:
        """Number 4: authorities of a State, unless the person asks for them (CONS-008)."""
        requester, countries = self.query["requester"], self.query.get("countries", ())
        state, consulate = requester.get("nationalAuthorityOf"), requester["recipientClass"] == "consular"
        concerned = self.query["living"] or self.category in _OF_ENQUIRERS
        feared = state is None or not countries or state in countries
        if not (concerned and (state is not None or consulate) and feared):
            return None
        return None if any(map(self._asks, self._askers())) else "authorityOfConcern"

    def _askers(self) -> list[Json]:
        last = self.line[-1]
        if self.category in _OF_ENQUIRERS and last["dataSubject"] == "enquirer":
            return [last] if last["givenBy"]["authority"] in ("self", "enquirer") else []
        return [item for item in self.all if item["givenBy"]["authority"] == "self" and self._binds(item)]

    def _asks(self, directive: Json) -> bool:
        requester = self.query["requester"]
        return self._in_effect(directive) and any(
            requester["nodeId"] in grant.get("recipientIds", ())
            or (requester["recipientClass"] == "consular" and names(grant, requester))
            for grant in applying(directive, "permit", self.query)
            if covers(directive, grant, self.category)
        )

    def _line(self, name: str | None) -> list[Json]:
        """The directive of a contribution and its successors, as long as each is frozen."""
        line: list[Json] = []
        following = self._find(name)
        while following is not None and following not in line:
            line.append(following)
            following = self._find(following.get("succeededBy")) if self._frozen(following) else None
        return line

    def _find(self, name: str | None) -> Json | None:
        return next((item for item in self.all if item["directiveId"] == name), None)

    def _givers(self) -> list[Json]:
        last = self.line[-1]
        return [item for item in self.all if self._takes_over(item)] if self._outgrown(last) else [last]

    def _takes_over(self, directive: Json) -> bool:
        authority = directive["givenBy"]["authority"]
        confirmed = authority in ("guardian", "court") and directive["givenAt"][:10] >= self.query["ofAgeOn"]
        return self._binds(directive) and (authority == "self" or confirmed)

    def _permits(self) -> Iterator[tuple[Json, Json]]:
        for directive in self._givers():
            if self._in_effect(directive):
                for grant in applying(directive, "permit", self.query):
                    if covers(directive, grant, self.category):
                        yield directive, grant

    def _speakers(self) -> list[Json]:
        """All that can deny: the line, those that give the permits, those that bind the record."""
        heard = [*self.line, *self._givers()]
        return [item for item in self.all if item in heard or self._binds(item)]

    def _denials(self) -> Iterator[tuple[Json, str]]:
        for directive in self._speakers():
            grants = applying(directive, "deny", self.query)
            if any(covers(directive, grant, self.category) for grant in grants):
                yield directive, "denied"
            if excludes(directive, self.query["requester"]):
                yield directive, "doNotShareWith"

    def _counting(self, giver: Json, denials: list[tuple[Json, str]]) -> list[tuple[Json, str]]:
        """The denials that count against the permits of a directive."""
        strength = self._rank(giver)
        if self._child() and giver["givenBy"]["authority"] == "self":
            strength = min(strength, int(codelist("authorities")["guardian"]["rank"]))
        return [entry for entry in denials if self._rank(entry[0]) >= strength]

    def _missing(self) -> str:
        """Number 7: why no permit is left."""
        last, purpose = self.line[-1], self.query["purpose"]
        if any(self._withdrawn(item) for item in self.line):
            return "withdrawn"
        for holds, reason in (
            (self._frozen(last), "frozen"),
            (self._outgrown(last), "cameOfAge"),
            (self._lapsed(last), "lapsed"),
        ):
            if holds:
                return reason
        granted = [grant for grant in last["grants"] if grant["effect"] == "permit"]
        explicit = codelist("purposes")[purpose]["explicitGrant"] == "true"
        named = any(purpose in grant.get("purposes", ()) for grant in granted)
        return "explicitGrantRequired" if explicit and not named else "noPermit"

    def _obligations(self, remaining: list[tuple[Json, Json]]) -> Answer:
        ends = [grant["expires"] for _, grant in remaining if "expires" in grant]
        for giver, _ in remaining:
            ends += [giver["givenBy"][name] for name in ("validUntil",) if name in giver["givenBy"]]
            if self._parental(giver) and self.query["at"][:10] < self.query["ofAgeOn"]:
                ends.append(f"{self.query['ofAgeOn']}T00:00:00Z")
        if self.query["purpose"] == "protectLife":
            ends.append(_later(self.query["at"], hours=72))
        rules = {grant.get("onward", "none") for _, grant in remaining}
        onward = next(rule for rule in ("none", "ask", "samePurpose") if rule in rules)
        heard = [entry for item in self._speakers() for entry in item.get("doNotShareWith", ())]
        return {"onward": onward, "doNotShareWith": heard} | ({"deleteBy": min(ends)} if ends else {})

    def _binds(self, directive: Json) -> bool:
        authority = codelist("authorities")[directive["givenBy"]["authority"]]
        return _of_person(directive) and authority["protective"] == "true"

    def _rank(self, directive: Json) -> int:
        ranks = {code: int(row["rank"]) for code, row in codelist("authorities").items()}
        rank = ranks[directive["givenBy"]["authority"]]
        return rank if _of_person(directive) else min(rank, ranks["enquirer"])

    def _child(self) -> bool:
        return "ofAgeOn" not in self.query or bool(self.query["at"][:10] < self.query["ofAgeOn"])

    def _in_effect(self, directive: Json) -> bool:
        return not (
            self._withdrawn(directive)
            or self._frozen(directive)
            or self._lapsed(directive)
            or self._outgrown(directive)
        )

    def _withdrawn(self, directive: Json) -> bool:
        return any(
            entry["at"] <= self.query["at"]
            and (not entry.get("purposes") or self.query["purpose"] in entry["purposes"])
            for entry in directive.get("withdrawals", ())
        )

    def _frozen(self, directive: Json) -> bool:
        return "frozenAt" in directive and bool(directive["frozenAt"] <= self.query["at"])

    def _lapsed(self, directive: Json) -> bool:
        given_by = directive["givenBy"]
        return "validUntil" in given_by and bool(given_by["validUntil"] <= self.query["at"])

    def _outgrown(self, directive: Json) -> bool:
        return self._parental(directive) and not self._child()

    def _parental(self, directive: Json) -> bool:
        """Whether its permits end on the day of age."""
        return (
            _of_person(directive)
            and directive["givenBy"]["authority"] in _PARENTAL
            and self.query["living"]
            and "ofAgeOn" in self.query
            and directive["givenAt"][:10] < self.query["ofAgeOn"]
        )


def _of_person(directive: Json) -> bool:
    return directive["dataSubject"] in _OF_PERSON


def _later(instant: str, **span: float) -> str:
    return (datetime.fromisoformat(instant) + timedelta(**span)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _no(reasons: set[str]) -> Answer:
    return {"permit": False, "reasons": [code for code in codelist("decisionReasons") if code in reasons]}
