"""The consent decision: a pure function of query and directives (requirements: exchange, consent decision).

Rules, in order:
1. A prohibited or unknown purpose, one outside the requester's mandate, or `protectLife` by a class other
   than health and rescue, denies everything before a directive is read.
2. The matrix says which categories a purpose may ever receive.
3. Permits speak for the contributions made under their directive, denials too; denials of the person and of
   protective authorities bind the whole record.
4. The higher rank prevails, within a rank the denial; without a permit the answer is no.
5. Withdrawal and lapse remove permits, never denials.
6. Authorities of a living person's countries, and consulates, receive something only if that person asks
   (CONS-008).
Each rule only ever removes, so the order in which directives are given does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Self

from .directives import Directive, Exclusion, Grant, Onward, Requester
from .purposes import (
    EXPLICIT_GRANT,
    MATRIX,
    PROHIBITED,
    PROTECT_LIFE,
    PROTECT_LIFE_CLASSES,
    PROTECT_LIFE_HOURS,
    RANKS,
    Matrix,
)

REASONS: Final = (
    "purposeProhibited",
    "purposeUnknown",
    "purposeNotMandated",
    "recipientClassNotAllowed",
    "categoryNotForPurpose",
    "authorityOfConcern",
    "doNotShareWith",
    "denied",
    "noDirective",
    "withdrawn",
    "lapsed",
    "explicitGrantRequired",
    "noPermit",
    "permitted",
)
"""Reason codes, the most fundamental first. They stay with the holder; partners see one neutral refusal."""

ABOUT_ENQUIRER: Final = frozenset({"informant", "contact"})
"""Categories that speak of an enquirer, who is a living person even where the record is of the dead."""

_ONWARD: Final[tuple[Onward, ...]] = ("none", "ask", "samePurpose")


@dataclass(frozen=True, slots=True)
class Query:
    """A request to decide on.

    `contributions` maps each contribution to its directive (None: held, not shared). `countries` are those of
    the person's nationality, origin or feared persecution. `minor` includes disputed or plausible minority.
    """

    requester: Requester
    purpose: str
    categories: frozenset[str]
    at: datetime
    living: bool
    contributions: Mapping[str, str | None]
    countries: frozenset[str] = frozenset()
    minor: bool = False


@dataclass(frozen=True, slots=True)
class Obligations:
    """Conditions that travel with a release; the strictest of all permits that it rests on."""

    delete_by: datetime | None = None
    onward: Onward = "none"
    do_not_share_with: frozenset[Exclusion] = frozenset()


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer for one contribution and category, why, and the directives that it rests on."""

    permit: bool
    reasons: tuple[str, ...]
    obligations: Obligations = Obligations()
    directives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """Outcomes by (contribution, category)."""

    per: Mapping[tuple[str, str], Outcome] = field(default_factory=dict)

    @property
    def permit(self) -> bool:
        """Tell whether anything is permitted."""
        return any(outcome.permit for outcome in self.per.values())

    @property
    def reason(self) -> str:
        """Return `permitted` when anything is, else the most fundamental reason of the refusals."""
        if self.permit:
            return "permitted"
        given = {reason for outcome in self.per.values() for reason in outcome.reasons}
        return next((reason for reason in REASONS if reason in given), "noPermit")

    @property
    def categories(self) -> frozenset[str]:
        """Return the categories permitted for at least one contribution."""
        return frozenset(category for (_, category), outcome in self.per.items() if outcome.permit)

    @property
    def directives(self) -> tuple[str, ...]:
        """Return the directives that the permits rest on, sorted; the leaf of the log names them."""
        return tuple(sorted({name for o in self.per.values() if o.permit for name in o.directives}))

    def permitted_categories(self, contribution_id: str) -> frozenset[str]:
        """Return the categories permitted for one contribution."""
        return frozenset(
            category
            for (name, category), outcome in self.per.items()
            if outcome.permit and name == contribution_id
        )

    def obligations(self) -> Obligations:
        """Return the obligations of a release of everything permitted: the strictest of each."""
        return _strictest(outcome.obligations for outcome in self.per.values() if outcome.permit)


@dataclass(frozen=True, slots=True)
class _Voice:
    """What a directive says to one query: the grants that apply, with the categories that each covers."""

    directive: Directive
    excludes: bool
    permits: tuple[tuple[frozenset[str], Grant], ...]
    denials: tuple[frozenset[str] | None, ...]

    @classmethod
    def of(cls, directive: Directive, query: Query) -> Self:
        applying = [g for g in directive.grants if g.applies(query.requester, query.purpose, query.at)]
        in_force = directive.permits(query.purpose, query.at)
        return cls(
            directive,
            query.requester.is_excluded_by(directive.do_not_share_with),
            tuple((g.covered or frozenset(), g) for g in applying if g.effect == "permit" and in_force),
            tuple(g.covered for g in applying if g.effect == "deny"),
        )

    def permitting(self, category: str) -> list[Grant]:
        return [grant for covered, grant in self.permits if category in covered]

    def denying(self, category: str) -> Iterator[str]:
        if self.excludes:
            yield "doNotShareWith"
        if any(covered is None or category in covered for covered in self.denials):
            yield "denied"


def decide(query: Query, directives: Sequence[Directive], matrix: Matrix = MATRIX) -> Decision:
    """Decide a query for each of its contributions and categories; reads no clock and keeps no state.

    `directives` are all those of the record, once each: ValueError when one is given twice.
    """
    if len({directive.directive_id for directive in directives}) != len(directives):
        raise ValueError("a directive is given twice; only its newest version counts")
    barrier = _barrier(query, matrix)
    if barrier is not None:
        return Decision(
            {(name, category): barrier for name in query.contributions for category in query.categories}
        )
    voices = {directive.directive_id: _Voice.of(directive, query) for directive in directives}
    binding = [voice for voice in voices.values() if voice.directive.binds_whole_record]
    # Contributions under one directive share their outcomes.
    by_directive = {
        name: {
            category: _outcome(query, voices.get(name or ""), binding, category, matrix)
            for category in query.categories
        }
        for name in set(query.contributions.values())
    }
    return Decision(
        {
            (contribution, category): outcome
            for contribution, name in query.contributions.items()
            for category, outcome in by_directive[name].items()
        }
    )


def _barrier(query: Query, matrix: Matrix) -> Outcome | None:
    purpose, requester = query.purpose, query.requester
    if purpose in PROHIBITED:
        return _no("purposeProhibited")
    if purpose not in matrix:
        return _no("purposeUnknown")
    if purpose not in requester.purposes:
        return _no("purposeNotMandated")
    if purpose == PROTECT_LIFE and requester.recipient_class not in PROTECT_LIFE_CLASSES:
        return _no("recipientClassNotAllowed")
    return None


def _outcome(
    query: Query, own: _Voice | None, binding: Sequence[_Voice], category: str, matrix: Matrix
) -> Outcome:
    if category not in matrix[query.purpose]:
        return _no("categoryNotForPurpose")
    if own is None:
        return _no("noDirective")
    concern = _is_of_concern(query, category)
    asking = _asking(query, category, own, binding) if concern else frozenset()
    if concern and not asking:
        return _no("authorityOfConcern")
    permits = own.permitting(category)
    voices = [own, *(voice for voice in binding if voice is not own)]
    least = _permit_rank(query, own.directive) if permits else 0
    denials = [
        (voice.directive.directive_id, reason)
        for voice in voices
        if voice.directive.rank >= least
        for reason in voice.denying(category)
    ]
    if denials:
        return _no(*(reason for _, reason in denials), directives=[name for name, _ in denials])
    name = own.directive.directive_id
    if not permits:
        return _no(_missing(query, own.directive), directives=(name,))
    # It rests on the asking, too: when that is withdrawn, what was given is called back.
    rests_on = tuple(sorted(asking | {name}))
    return Outcome(True, ("permitted",), _obligations(query, own.directive, permits, voices), rests_on)


def _permit_rank(query: Query, directive: Directive) -> int:
    """Return the rank of its permits: a child cannot permit what a protective authority denies."""
    return min(directive.rank, RANKS["guardian"]) if query.minor else directive.rank


def _missing(query: Query, directive: Directive) -> str:
    if directive.is_withdrawn(query.purpose, query.at):
        return "withdrawn"
    if directive.valid_until is not None and query.at >= directive.valid_until:
        return "lapsed"
    named = any(grant.effect == "permit" and query.purpose in grant.purposes for grant in directive.grants)
    return "explicitGrantRequired" if query.purpose in EXPLICIT_GRANT and not named else "noPermit"


def _is_of_concern(query: Query, category: str) -> bool:
    """Tell whether the requester speaks for a State that the person, if alive, may have fled.

    A consulate whose country is unknown counts as of concern, and so does every national authority while the
    person's countries are unknown.
    """
    if not (query.living or category in ABOUT_ENQUIRER):
        return False
    theirs = query.requester.nationality_authority_of
    national = bool(theirs) or query.requester.recipient_class == "consular"
    unknown = not (theirs and query.countries)
    return national and (unknown or not theirs.isdisjoint(query.countries))


def _asking(query: Query, category: str, own: _Voice, binding: Sequence[_Voice]) -> frozenset[str]:
    """Return the directives by which the person concerned asks for this authority.

    A permit asks by naming the node, or consulates as a class; other classes leave open whose State.
    """
    if category in ABOUT_ENQUIRER and own.directive.data_subject == "enquirer":
        voices = [own] if own.directive.authority in {"self", "enquirer"} else []
    else:
        voices = [voice for voice in binding if voice.directive.authority == "self"]
    requester = query.requester
    return frozenset(
        voice.directive.directive_id
        for voice in voices
        for grant in voice.permitting(category)
        if requester.node_id in grant.recipient_ids or requester.recipient_class == "consular"
    )


def _obligations(
    query: Query, own: Directive, permits: Iterable[Grant], voices: Iterable[_Voice]
) -> Obligations:
    ends = [end for end in (own.valid_until, *(grant.expires for grant in permits)) if end is not None]
    if query.purpose == PROTECT_LIFE:
        ends.append(query.at + timedelta(hours=PROTECT_LIFE_HOURS))
    return Obligations(
        delete_by=min(ends, default=None),
        onward=min((grant.onward for grant in permits), key=_ONWARD.index),
        do_not_share_with=frozenset().union(*(voice.directive.do_not_share_with for voice in voices)),
    )


def _strictest(obligations: Iterable[Obligations]) -> Obligations:
    every = list(obligations)
    ends = [entry.delete_by for entry in every if entry.delete_by is not None]
    return Obligations(
        delete_by=min(ends, default=None),
        onward=min((entry.onward for entry in every), key=_ONWARD.index, default="none"),
        do_not_share_with=frozenset().union(*(entry.do_not_share_with for entry in every)),
    )


def _no(*reasons: str, directives: Iterable[str] = ()) -> Outcome:
    return Outcome(
        False, tuple(sorted(set(reasons), key=REASONS.index)), directives=tuple(sorted(set(directives)))
    )
