"""Invented documents in which every section holds a mark of its own: what arrives tells where it is from.

A mark stands in a member that no matcher compares. `summary` has no room for one.
"""

import re
import secrets
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
OFFICE = {"organisation": "Office of Invented Cases", "email": "office@example.org"}
CATEGORIES = (
    "summary",
    "identity",
    "names",
    "birth",
    "physical",
    "clothingEffects",
    "incident",
    "medical",
    "contact",
)
"""Categories of which a contribution of the run may speak."""
ALWAYS = frozenset({"summary", "names", "birth"})
"""Those of which each speaks, so that it fits."""
_MARK = re.compile(r"mark-[0-9a-f]{20}")
_TOKEN = re.compile(r"ey[\w-]+\.(ey[\w-]+)\.[\w-]+")
_ONSETS, _VOWELS = "bdfgklmnprstvz", "aeiou"


@dataclass(frozen=True)
class Character:
    """Somebody invented whom several records may be about; two of them are never alike."""

    name: str
    born: str
    sex: str
    country: str


def character(number: int) -> Character:
    """Return a person whose name exists only once; the number sets apart what names do not."""
    born = f"{1950 + 7 * (number % 7)}-{1 + number % 12:02d}-{1 + number % 28:02d}"
    return Character(f"{_word()} {_word()}", born, ("female", "male")[number % 2], ("ER", "NO")[number % 2])


def mark() -> str:
    """Return a text that stands nowhere else."""
    return f"mark-{secrets.token_hex(10)}"


def marks(content: bytes | str) -> set[str]:
    """Return the marks that stand anywhere in a message, within signed statements too."""
    text = content.decode(errors="replace") if isinstance(content, bytes) else content
    return set(_MARK.findall(text + _opened(text)))


def sections(who: Character, categories: set[str], marked: dict[str, str]) -> Json:
    """Return the sections of one account; `marked` gives the mark of each category."""
    year = int(who.born[:4])
    found: Json = {
        "summary": {"sex": who.sex, "age": {"min": 2025 - year, "max": 2026 - year, "asOf": "2026-01-01"}},
        "identity": {
            "nationalities": [{"country": who.country, "basis": "claimed"}],
            "occupation": marked["identity"],
        },
        "names": {"names": [{"text": who.name, "script": "Latn", "romanisationSystem": marked["names"]}]},
        "birth": {"date": who.born, "dateAsGiven": marked["birth"]},
        "physical": {"marks": [{"kind": "scar", "observed": True, "bodyLocation": marked["physical"]}]},
        "clothingEffects": {"items": [{"category": "bag", "inscription": marked["clothingEffects"]}]},
        "incident": {"circumstances": marked["incident"]},
        "medical": {"conditions": [marked["medical"]]},
        "contact": {"channel": "phone", "address": marked["contact"]},
    }
    return {category: found[category] for category in CATEGORIES if category in categories | ALWAYS}


def record(kind: str, contributions: list[Json]) -> Json:
    """Return a person record or a remains unit."""
    return {
        "type": kind,
        "status": "open",
        "legalBasis": "publicInterest",
        "contactOffice": OFFICE,
        "synthetic": True,
        "contributions": contributions,
    }


def contribution(content: Json, directive: str | None) -> Json:
    """Return one account."""
    said: Json = {"contributor": f"desk-{secrets.token_hex(3)}", "assertedAt": "2026-11-20T08:00:00Z"}
    return said | ({"directive": directive} if directive else {}) | {"sections": content}


def directive(authority: str, grants: list[Json], **members: Any) -> Json:
    """Return a consent directive."""
    return {
        "legalBasis": "consent",
        "dataSubject": "soughtPerson",
        "givenBy": {"authority": authority},
        "givenAt": "2026-11-20T08:00:00Z",
        "method": "oral",
        "grants": grants,
    } | members


def _word() -> str:
    return "".join(secrets.choice(_ONSETS) + secrets.choice(_VOWELS) for _ in range(6)).capitalize()


def _opened(text: str) -> str:
    """Return what stands in the payloads of the signed tokens of a text."""
    return "".join(
        urlsafe_b64decode(payload + "=" * (-len(payload) % 4)).decode(errors="replace")
        for payload in _TOKEN.findall(text)
    )
