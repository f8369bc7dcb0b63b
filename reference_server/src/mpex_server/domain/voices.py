"""A query, what each directive says to it, and the line of directives that speak for a contribution."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Self

from .directives import Directive, Grant, Requester


@dataclass(frozen=True, slots=True)
class Query:
    """A request to decide on.

    `contributions` maps each contribution to its directive (None: held, not shared). `countries` are those of
    the person's nationality, origin or feared persecution. `of_age_on` is the day on which the person is of
    age by every account, None while no account tells.
    """

    requester: Requester
    purpose: str
    categories: frozenset[str]
    at: datetime
    living: bool
    contributions: Mapping[str, str | None]
    countries: frozenset[str] = frozenset()
    of_age_on: date | None = None

    @property
    def minor(self) -> bool:
        """Tell whether the person may be a child: an unknown or disputed age counts as one."""
        return self.of_age_on is None or self.of_age_on > self.at.astimezone(UTC).date()

    def has_outgrown(self, directive: Directive) -> bool:
        """Tell whether a directive that was given for a child has ended by majority (CONS-017)."""
        return self.living and not self.minor and directive.ends_by_majority(self.of_age_on)


@dataclass(frozen=True, slots=True)
class Voice:
    """What a directive says to one query: permits in effect with what each covers, and denials."""

    directive: Directive
    excludes: bool
    permits: tuple[tuple[frozenset[str], Grant], ...]
    denials: tuple[frozenset[str] | None, ...]

    @classmethod
    def of(cls, directive: Directive, query: Query) -> Self:
        """Hear a directive on a query."""
        applying = [g for g in directive.grants if g.applies(query.requester, query.purpose, query.at)]
        in_force = not (
            directive.is_withdrawn(query.purpose, query.at)
            or directive.is_frozen(query.at)
            or directive.is_lapsed(query.at)
            or query.has_outgrown(directive)
        )
        permits = [g for g in applying if g.effect == "permit" and in_force]
        return cls(
            directive,
            query.requester.is_excluded_by(directive.do_not_share_with),
            tuple((directive.covers(grant, query.purpose), grant) for grant in permits),
            tuple(g.covered for g in applying if g.effect == "deny"),
        )

    def permitting(self, category: str) -> list[Grant]:
        """Return its permits in effect that cover a category."""
        return [grant for covered, grant in self.permits if category in covered]

    def denying(self, category: str) -> Iterator[str]:
        """Yield the reasons for which it denies a category, if it does."""
        if self.excludes:
            yield "doNotShareWith"
        if any(covered is None or category in covered for covered in self.denials):
            yield "denied"


@dataclass(frozen=True, slots=True)
class Line:
    """Who speaks for a contribution: its directive and the successors, who permits, and who can deny."""

    members: tuple[Voice, ...]
    givers: tuple[Voice, ...]
    heard: tuple[Voice, ...]

    @classmethod
    def of(cls, name: str | None, voices: Mapping[str, Voice], query: Query) -> Self | None:
        """Return the line of contributions under the directive `name`; None when there is none."""
        members: dict[str, Voice] = {}
        while name is not None and name in voices and name not in members:
            members[name] = voices[name]
            directive = voices[name].directive
            name = directive.succeeded_by if directive.is_frozen(query.at) else None
        if not members:
            return None
        binding = {key: voice for key, voice in voices.items() if voice.directive.binds_whole_record}
        *_, last = members.values()
        givers = [last]
        if query.has_outgrown(last.directive):
            givers = [voice for voice in binding.values() if _speaks_for_the_grown(voice.directive, query)]
        return cls(tuple(members.values()), tuple(givers), tuple((binding | members).values()))

    @property
    def last(self) -> Voice:
        """Return who speaks last."""
        return self.members[-1]


def _speaks_for_the_grown(directive: Directive, query: Query) -> bool:
    """Tell whether it permits in the place of those who spoke for the child (CONS-018)."""
    if directive.authority == "self":
        return True
    confirms = directive.authority in {"guardian", "court"}
    return confirms and not directive.was_given_before(query.of_age_on)
