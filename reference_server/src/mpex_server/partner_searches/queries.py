"""The query by example that a partner is sent: the permitted part of a record as one description."""

from collections.abc import Iterable
from typing import Any

from mpex_server.disclosures.shapes import section_members
from mpex_server.domain.consent import Decision
from mpex_server.domain.redaction import redact
from mpex_server.storage.documents import Document

CATEGORIES = frozenset(
    {"summary", "identity", "names", "birth", "physical", "clothingEffects", "journey", "incident"}
)
"""Categories that a search may carry (search.json)."""
Json = dict[str, Any]


def by_example(record: Document, decision: Decision) -> Json:
    """Return one section per category, contributions in their order; empty when nothing may be sent."""
    released = redact(record.body, decision, CATEGORIES, section_members())
    query: Json = {}
    for contribution in released.get("contributions", ()):
        for category, section in contribution["sections"].items():
            query[category] = merged(query.get(category, {}), section)
    return query


def merged(first: Json, second: Json) -> Json:
    """Return one section of two: keep what the first says, add what only the second says, and join lists."""
    merged = dict(first)
    for name, value in second.items():
        known = merged.get(name)
        if known is None:
            merged[name] = value
        elif isinstance(known, list) and isinstance(value, list):
            merged[name] = [*known, *_new(value, known)]
    return merged


def _new(values: Iterable[Any], known: list[Any]) -> list[Any]:
    return [value for value in values if value not in known]
