"""Consent directives and the grants in them, as the decision sees them (wire: consent-directive.json)."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal, Self

from .purposes import OF_CHILDREN, PROTECTIVE, RANKS
from .release_sets import expand

Onward = Literal["none", "ask", "samePurpose"]
Names = frozenset[str]
_NONE: Names = frozenset()
_NATURAL_PERSONS = frozenset({"self", "guardian", "parent", "enquirer"})
_OF_THE_PERSON = frozenset({"soughtPerson", "livingPerson", "remains"})


@dataclass(frozen=True, slots=True)
class Exclusion:
    """One entry of `doNotShareWith`: a member of the wire object and its value."""

    member: str
    value: str


@dataclass(frozen=True, slots=True)
class Requester:
    """Who asks: a node as the anchors vouch for it.

    `authority_of` names the countries whose authority it is; `mandates` are its published mandates.
    """

    node_id: str
    recipient_class: str
    territories: Names = _NONE
    purposes: Names = _NONE
    mandates: Names = _NONE
    parent_ministry: str | None = None
    unit: str | None = None
    nationality_authority_of: Names = _NONE

    @classmethod
    def from_document(cls, entry: Mapping[str, Any]) -> Self:
        """Read a partner entry (partner.json)."""
        country = entry.get("nationalAuthorityOf")
        return cls(
            node_id=entry["nodeId"],
            recipient_class=entry["recipientClass"],
            territories=frozenset(entry.get("territories", ())),
            purposes=frozenset(entry["purposes"]),
            mandates=frozenset(entry.get("mandates", ())),
            parent_ministry=entry.get("parentMinistry"),
            unit=entry.get("unit"),
            nationality_authority_of=frozenset([country] if country else ()),
        )

    def is_excluded_by(self, exclusions: frozenset[Exclusion]) -> bool:
        """Tell whether an exclusion names the node, its class, ministry, unit or any of its mandates."""
        if not exclusions:
            return False
        own = {("nodeId", self.node_id), ("recipientClass", self.recipient_class)}
        own |= {("mandate", _folded(mandate)) for mandate in self.mandates}
        own |= {("parentMinistry", _folded(self.parent_ministry or "")), ("unit", _folded(self.unit or ""))}
        exact = {"nodeId", "recipientClass"}
        return any(
            (entry.member, entry.value if entry.member in exact else _folded(entry.value)) in own
            for entry in exclusions
        )


@dataclass(frozen=True, slots=True)
class Grant:
    """One permission or denial. A permit covers what it names; a denial naming nothing covers all."""

    purposes: Names
    effect: Literal["permit", "deny"] = "permit"
    categories: Names = _NONE
    release_sets: Names = _NONE
    recipient_classes: Names = _NONE
    recipient_ids: Names = _NONE
    territories: Names = _NONE
    onward: Onward = "none"
    not_before: datetime | None = None
    expires: datetime | None = None

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Read one member of `grants`."""
        return cls(
            purposes=frozenset(document["purposes"]),
            effect=document["effect"],
            categories=frozenset(document.get("categories", ())),
            release_sets=frozenset(document.get("releaseSets", ())),
            recipient_classes=frozenset(document.get("recipientClasses", ())),
            recipient_ids=frozenset(document.get("recipientIds", ())),
            territories=frozenset(document.get("territories", ())),
            onward=document.get("onward", "none"),
            not_before=_instant(document.get("notBefore")),
            expires=_instant(document.get("expires")),
        )

    @property
    def covered(self) -> Names | None:
        """Return the categories named directly or by release sets; None for a denial of all categories."""
        if self.effect == "deny" and not (self.categories or self.release_sets):
            return None
        return self.categories | expand(self.release_sets)

    def names(self, requester: Requester) -> bool:
        """Tell whether the requester is named, by identifier or by class."""
        return requester.node_id in self.recipient_ids or requester.recipient_class in self.recipient_classes

    def applies(self, requester: Requester, purpose: str, at: datetime) -> bool:
        """Tell whether the grant speaks of this request; doubt keeps a denial and drops a permit."""
        if (self.not_before and at < self.not_before) or (self.expires and at >= self.expires):
            return False
        return (
            self._permits(requester, purpose) if self.effect == "permit" else self._denies(requester, purpose)
        )

    def _permits(self, requester: Requester, purpose: str) -> bool:
        known = bool(requester.territories)
        within = not self.territories or (known and requester.territories <= self.territories)
        return purpose in self.purposes and self.names(requester) and within

    def _denies(self, requester: Requester, purpose: str) -> bool:
        everybody = not (self.recipient_classes or self.recipient_ids)
        anywhere = not (self.territories and requester.territories)
        return (
            (not self.purposes or purpose in self.purposes)
            and (everybody or self.names(requester))
            and (anywhere or not self.territories.isdisjoint(requester.territories))
        )


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A withdrawal of the permits for some purposes, or for all when none is named."""

    at: datetime
    purposes: Names = _NONE


@dataclass(frozen=True, slots=True)
class Directive:
    """What one authority laid down for the contributions made under it.

    `scope_purposes` and `scope_categories` bound what its authority can permit; none named means no bound.
    """

    directive_id: str
    authority: str
    data_subject: str
    grants: tuple[Grant, ...] = ()
    do_not_share_with: frozenset[Exclusion] = frozenset()
    withdrawals: tuple[Withdrawal, ...] = ()
    valid_until: datetime | None = None
    given_on: date | None = None
    scope_purposes: Names = _NONE
    scope_categories: Names = _NONE
    frozen_at: datetime | None = None
    succeeded_by: str | None = None

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Read a wire document that its schema has accepted."""
        entries: Sequence[Mapping[str, str]] = document.get("doNotShareWith", ())
        given_by = document["givenBy"]
        scope = given_by.get("scope", {})
        return cls(
            directive_id=document["directiveId"],
            authority=given_by["authority"],
            data_subject=document["dataSubject"],
            grants=tuple(Grant.from_document(grant) for grant in document["grants"]),
            do_not_share_with=frozenset(Exclusion(*item) for entry in entries for item in entry.items()),
            withdrawals=tuple(
                Withdrawal(_required(entry["at"]), frozenset(entry.get("purposes", ())))
                for entry in document.get("withdrawals", ())
            ),
            valid_until=_instant(given_by.get("validUntil")),
            given_on=_required(document["givenAt"]).date(),
            scope_purposes=frozenset(scope.get("purposes", ())),
            scope_categories=frozenset(scope.get("categories", ())),
            frozen_at=_instant(document.get("frozenAt")),
            succeeded_by=document.get("succeededBy"),
        )

    @property
    def of_the_person(self) -> bool:
        """Tell whether it speaks for the person whom the record is about."""
        return self.data_subject in _OF_THE_PERSON

    @property
    def binds_whole_record(self) -> bool:
        """Tell whether its denials reach every contribution: by the person or a protective authority."""
        return self.authority in PROTECTIVE and self.of_the_person

    @property
    def rank(self) -> int:
        """Return its rank; whoever speaks for anybody else than the person ranks at most as an enquirer."""
        rank = RANKS.get(self.authority, 0)
        return rank if self.of_the_person else min(rank, RANKS["enquirer"])

    @property
    def giver_may_die(self) -> bool:
        """Tell whether it can be frozen: not what a person said of itself, nor what an office said."""
        of_itself = self.authority == "self" and self.of_the_person
        return self.authority in _NATURAL_PERSONS and not of_itself

    def ends_by_majority(self, of_age_on: date | None) -> bool:
        """Tell whether its permits were given for a child, and end on the day on which it is of age."""
        return self.authority in OF_CHILDREN and self.of_the_person and self.was_given_before(of_age_on)

    def was_given_before(self, day: date | None) -> bool:
        """Tell whether it was given before a day; what is not known is not before."""
        return day is not None and self.given_on is not None and self.given_on < day

    def covers(self, grant: Grant, purpose: str) -> Names:
        """Return what a permit of it opens: nothing beyond the scope of the authority (CONS-010)."""
        if self.scope_purposes and purpose not in self.scope_purposes:
            return _NONE
        covered = grant.covered or _NONE
        return covered & self.scope_categories if self.scope_categories else covered

    def is_lapsed(self, at: datetime) -> bool:
        """Tell whether its permits are past `valid_until` (CONS-009)."""
        return self.valid_until is not None and at >= self.valid_until

    def is_frozen(self, at: datetime) -> bool:
        """Tell whether whoever gave it is dead, so that it permits nothing (CONS-012)."""
        return self.frozen_at is not None and at >= self.frozen_at

    def is_withdrawn(self, purpose: str, at: datetime) -> bool:
        """Tell whether a withdrawal up to `at` covers the purpose."""
        return any(
            entry.at <= at and (not entry.purposes or purpose in entry.purposes) for entry in self.withdrawals
        )


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _instant(text: str | None) -> datetime | None:
    return None if text is None else _required(text)


def _required(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
