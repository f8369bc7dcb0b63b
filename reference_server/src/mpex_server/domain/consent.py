"""The consent decision: a pure function of query and directives (spec.md, chapter 10).

It follows the steps of the chapter's "How a decision is computed" and names them in the order given there.
Each rule only ever removes, so the order in which directives are given does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Final

from .directives import Directive, Exclusion, Grant, Onward
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
from .voices import Line, Query, Voice

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
    "frozen",
    "cameOfAge",
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


def decide(query: Query, directives: Sequence[Directive], matrix: Matrix = MATRIX) -> Decision:
    """Decide a query for each of its contributions and categories; reads no clock and keeps no state.

    `directives` are all those of the record and their successors, once each: ValueError when one is given
    twice.
    """
    if len({directive.directive_id for directive in directives}) != len(directives):
        raise ValueError("a directive is given twice; only its newest version counts")
    barrier = _barrier(query, matrix)
    if barrier is not None:
        return Decision(
            {(name, category): barrier for name in query.contributions for category in query.categories}
        )
    voices = {directive.directive_id: Voice.of(directive, query) for directive in directives}
    # Contributions under one directive share their outcomes.
    by_directive = {
        name: {
            category: _outcome(query, line, category, voices.values(), matrix)
            for category in query.categories
        }
        for name in set(query.contributions.values())
        for line in [Line.of(name, voices, query)]
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
    query: Query, line: Line | None, category: str, voices: Iterable[Voice], matrix: Matrix
) -> Outcome:
    if category not in matrix[query.purpose]:
        return _no("categoryNotForPurpose")
    if line is None:
        return _no("noDirective")
    concern = _is_of_concern(query, category)
    asking = _asking(query, category, line.last, voices) if concern else frozenset()
    if concern and not asking:
        return _no("authorityOfConcern")
    permitting = [voice for voice in line.givers if voice.permitting(category)]
    denials = [(voice.directive, reason) for voice in line.heard for reason in voice.denying(category)]
    remaining = [
        voice
        for voice in permitting
        if not any(denying.rank >= _permit_rank(query, voice.directive) for denying, _ in denials)
    ]
    least = min((_permit_rank(query, voice.directive) for voice in permitting), default=0)
    against = [(denying, reason) for denying, reason in denials if denying.rank >= least]
    if against and not remaining:
        return _no(
            *(reason for _, reason in against), directives=[denying.directive_id for denying, _ in against]
        )
    names = {voice.directive.directive_id for voice in (*line.members, *remaining)}
    reason = _missing(query, line, remaining)
    if reason is not None:
        return _no(reason, directives=names)
    # It rests on the asking, too: when that is withdrawn, what was given is called back.
    rests_on = tuple(sorted(asking | names))
    return Outcome(True, ("permitted",), _obligations(query, remaining, category, line.heard), rests_on)


def _permit_rank(query: Query, directive: Directive) -> int:
    """Return the rank of its permits: a child cannot permit what a protective authority denies (CONS-016)."""
    child = query.minor and directive.authority == "self"
    return min(directive.rank, RANKS["guardian"]) if child else directive.rank


def _missing(query: Query, line: Line, remaining: Sequence[Voice]) -> str | None:
    """Return why nothing permits, None when something does."""
    purpose, at, last = query.purpose, query.at, line.last.directive
    if any(voice.directive.is_withdrawn(purpose, at) for voice in line.members):
        return "withdrawn"
    if remaining:
        return None
    if last.is_frozen(at):
        return "frozen"
    if query.has_outgrown(last):
        return "cameOfAge"
    if last.is_lapsed(at):
        return "lapsed"
    named = any(grant.effect == "permit" and purpose in grant.purposes for grant in last.grants)
    return "explicitGrantRequired" if purpose in EXPLICIT_GRANT and not named else "noPermit"


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


def _asking(query: Query, category: str, last: Voice, voices: Iterable[Voice]) -> frozenset[str]:
    """Return the directives by which the person concerned asks for this authority.

    A permit asks by naming the node, or consulates as a class; other classes leave open whose State.
    """
    own = last.directive
    if category in ABOUT_ENQUIRER and own.data_subject == "enquirer":
        asking = [last] if own.authority in {"self", "enquirer"} else []
    else:
        asking = [
            voice
            for voice in voices
            if voice.directive.authority == "self" and voice.directive.binds_whole_record
        ]
    requester = query.requester
    return frozenset(
        voice.directive.directive_id
        for voice in asking
        for grant in voice.permitting(category)
        if requester.node_id in grant.recipient_ids or requester.recipient_class == "consular"
    )


def _obligations(
    query: Query, remaining: Sequence[Voice], category: str, heard: Iterable[Voice]
) -> Obligations:
    grants = [grant for voice in remaining for grant in voice.permitting(category)]
    return Obligations(
        delete_by=min(_ends(query, remaining, grants), default=None),
        onward=min((grant.onward for grant in grants), key=_ONWARD.index),
        do_not_share_with=frozenset().union(*(voice.directive.do_not_share_with for voice in heard)),
    )


def _ends(query: Query, remaining: Iterable[Voice], grants: Iterable[Grant]) -> Iterator[datetime]:
    yield from (grant.expires for grant in grants if grant.expires is not None)
    for directive in (voice.directive for voice in remaining):
        if directive.valid_until is not None:
            yield directive.valid_until
        if query.living and query.of_age_on and directive.ends_by_majority(query.of_age_on):
            yield datetime.combine(query.of_age_on, time.min, UTC)
    if query.purpose == PROTECT_LIFE:
        yield query.at + timedelta(hours=PROTECT_LIFE_HOURS)


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
