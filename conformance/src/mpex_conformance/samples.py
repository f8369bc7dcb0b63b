"""Synthetic documents of one run: evidently fictional, marked `synthetic`, with names that exist only once.

Names are made of random syllables, so that a search for one of them can match nothing else on the target.
"""

import base64
import hashlib
import secrets
import zlib
from datetime import UTC, datetime, timedelta
from typing import Any

from mpex_conformance import clock

_ONSETS = ["b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z"]
_VOWELS = ["a", "e", "i", "o", "u"]
OFFICE = {"organisation": "Fictia Tracing Office", "email": "office@fictia.example"}


def word(syllables: int = 6) -> str:
    """Return an invented word."""
    made = "".join(secrets.choice(_ONSETS) + secrets.choice(_VOWELS) for _ in range(syllables))
    return made.capitalize()


def identifier(kind: str) -> str:
    """Return a fresh identifier of ``kind``."""
    alphabet = "abcdefghijklmnopqrstuvwxyz234567"
    return f"{kind}:{''.join(secrets.choice(alphabet) for _ in range(26))}"


def instant(offset: timedelta = timedelta()) -> str:
    """Return now plus ``offset`` as an instant of the wire."""
    return (clock.utc() + offset).strftime("%Y-%m-%dT%H:%M:%SZ")


def parsed(instant: str) -> datetime:
    """Return the moment of an instant of the wire."""
    return datetime.strptime(instant, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def case_reference() -> str:
    """Return a fresh opaque case reference."""
    return f"CONF-{secrets.token_hex(8)}"


def sections(name: str, **others: dict[str, Any]) -> dict[str, Any]:
    """Return sections that a matcher can work with; the date of birth follows from the name."""
    year = 1930 + zlib.crc32(name.encode()) % 75
    month, date = divmod(zlib.crc32(name[::-1].encode()) % (12 * 28), 28)
    day = f"{year}-{1 + month:02d}-{1 + date:02d}"
    return {
        "names": {"names": [{"text": name, "script": "Latn", "type": "legal"}]},
        "birth": {"date": day},
        "summary": {"sex": "female", "age": {"min": 2025 - year, "max": 2026 - year, "asOf": "2026-01-01"}},
        "identity": {"nationalities": [{"country": "XK", "basis": "claimed"}], "languages": ["fr"]},
        **others,
    }


def query(name: str) -> dict[str, Any]:
    """Return the query by example that fits `sections` of the same name."""
    given = sections(name)
    return {category: given[category] for category in ("names", "birth", "summary", "identity")}


def contribution(content: dict[str, Any], directive: str | None = None, **members: Any) -> dict[str, Any]:
    """Return a contribution with ``content`` as its sections."""
    return {
        "contributor": f"contributor-{secrets.token_hex(6)}",
        "assertedAt": instant(timedelta(minutes=-5)),
        "source": "family",
        "certainty": "stated",
        **({"directive": directive} if directive else {}),
        "sections": content,
        **members,
    }


def person(contributions: list[dict[str, Any]], kind: str = "soughtPerson", **members: Any) -> dict[str, Any]:
    """Return a person record."""
    return {
        "type": kind,
        "status": "open",
        "legalBasis": "vitalInterest",
        "contactOffice": OFFICE,
        "synthetic": True,
        "contributions": contributions,
        **members,
    }


def grant(purposes: list[str], **members: Any) -> dict[str, Any]:
    """Return a permit for everything that an identity search shows, to most classes."""
    return {
        "effect": "permit",
        "purposes": purposes,
        "releaseSets": ["identity", "searchDetail"],
        "recipientClasses": ["humanitarian", "forensic", "health", "police", "judicial", "other"],
        "onward": "none",
        **members,
    }


def directive(grants: list[dict[str, Any]], authority: str = "enquirer", **members: Any) -> dict[str, Any]:
    """Return a consent directive."""
    subject = "enquirer" if authority == "enquirer" else "soughtPerson"
    return {
        "legalBasis": "consent",
        "dataSubject": subject,
        "givenBy": {"authority": authority},
        "givenAt": instant(timedelta(minutes=-10)),
        "method": "written",
        "language": "fr",
        "grants": grants,
        **members,
    }


def search_request(person: str, **members: Any) -> dict[str, Any]:
    """Return the search request of a relative."""
    return {
        "person": person,
        "status": "open",
        "enquirer": {"role": "family", "relationship": "sibling"},
        "collectionPoint": {"type": "fixed", "name": "Fictia Office"},
        "language": "fr",
        **members,
    }


def recovery_code() -> str:
    """Return a recovery code that nobody was given, with a right checksum."""
    random = base64.b32encode(secrets.token_bytes(15)).decode()[:23]
    checksum = base64.b32encode(hashlib.sha256(random.encode()).digest()).decode()[:2]
    characters = random + checksum
    return "-".join(characters[at : at + 5] for at in range(0, 25, 5))


def search(
    content: dict[str, Any], purpose: str, release_set: str = "summary", **members: Any
) -> dict[str, Any]:
    """Return a search, named by the asker."""
    return {
        "searchId": identifier("search"),
        "purpose": purpose,
        "legalBasis": "vitalInterest",
        "caseReference": case_reference(),
        "releaseSet": release_set,
        "query": content,
        **members,
    }


def incident(source_id: str, **members: Any) -> dict[str, Any]:
    """Return an incident that is evidently invented."""
    return {
        "type": "incident",
        "source": {"system": "mpexConformance", "id": source_id},
        "date": "2026-01-15",
        "datePrecision": "day",
        "place": {"name": "Fictia Bay"},
        "counts": {"dead": 1, "missingMinimum": 2, "deadAndMissing": 3},
        **members,
    }
