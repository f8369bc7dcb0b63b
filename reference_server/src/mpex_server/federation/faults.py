"""Why an entity is not trusted, by codes that staff and partners can be told in plain words."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from mpex_spec import codelist

Reason = Literal[
    "unreachable",
    "notFound",
    "notEnrolled",
    "malformed",
    "wrongType",
    "wrongIssuer",
    "wrongSubject",
    "notYetValid",
    "expired",
    "livesTooLong",
    "badSignature",
    "unvouchedKey",
    "unknownCritical",
    "policyRefused",
    "constraintBroken",
    "tooDeep",
    "noAnchor",
    "markMissing",
    "markNotAccredited",
    "markNotActive",
    "mandateProhibited",
    "markSameIssuer",
    "logForked",
    "notLogged",
]
"""The codes; codelist `trustFaults` says what each means."""


_NOBODYS_WORD = frozenset(
    ("malformed", "wrongType", "wrongIssuer", "badSignature", "notYetValid", "expired", "livesTooLong")
)


class TrustError(Exception):
    """An entity is not trusted, for a reason that lies at one entity, its own or one above it."""

    def __init__(self, reason: Reason, entity: str, detail: str) -> None:
        super().__init__(f"{reason} at {entity}: {detail}")
        self.reason = reason
        self.entity = entity
        self.detail = detail

    @property
    def is_silence(self) -> bool:
        """Whether an entity said nothing, so that what it said before still counts."""
        return self.reason in ("unreachable", "notFound")

    @property
    def proves_nothing(self) -> bool:
        """Whether what came is nobody's word of today: a page of a proxy, a wrong clock, what no log shows.

        It makes no partner, and ends none before what was said last ends by itself.
        """
        return self.is_silence or self.reason in _NOBODYS_WORD or self.reason in ("logForked", "notLogged")


class RevokedError(TrustError):
    """Whoever gave a mark says, signed, that it was taken back."""


class OwnWordError(TrustError):
    """What an entity shows is no such mark by its own form: it signed that, so it shows none today."""

    @property
    def proves_nothing(self) -> bool:
        """Never: a mark that was taken back must not be hidden behind what only looks like an answer."""
        return False


@contextmanager
def own_word() -> Iterator[None]:
    """Let a fault that is found be the word of the entity that shows something."""
    try:
        yield
    except TrustError as error:
        raise OwnWordError(error.reason, error.entity, error.detail) from error


def told(error: TrustError) -> str:
    """Return a fault in words, with what to do."""
    meaning = codelist("trustFaults")[error.reason]
    return f"{meaning['title']} ({error.entity}): {error.detail}. {meaning['description']}"
