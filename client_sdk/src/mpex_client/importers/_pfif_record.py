"""A person of a PFIF file as a record, and back.

What this standard has a field for goes there; what it has none for, or would not give back letter by letter,
stays in the extension `x-mpex-pfif` of the contribution (spec/extensions/mpex-pfif.md). Nothing is lost.
"""

import re
from collections.abc import Mapping
from typing import Any

from mpex_client.importers._people import Envelope

__all__ = ["EXTENSION", "PLACEHOLDERS", "fields_of", "is_expired", "notes_of", "record_of"]

EXTENSION = "x-mpex-pfif"
PLACEHOLDERS = ("person_record_id", "entry_date", "expiry_date", "source_date")
"""What an expired person is reduced to."""
_INSTANT = re.compile(r"[1-9]\d{3}-\d\d-\d\dT\d\d:\d\d:[0-5]\dZ")
_AGE = re.compile(r"(\d{1,3})(?:-(\d{1,3}))?")
_PARTIAL_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_SEXES = ("female", "male", "other")
_OLDEST = 130
_NAME, _PART = 300, 120
Fields = Mapping[str, str]


def is_expired(fields: Fields, as_of: str) -> bool:
    """Tell whether a person is to be forgotten at an instant."""
    return bool(_INSTANT.fullmatch(given := fields.get("expiry_date", ""))) and given <= as_of


def record_of(
    fields: Fields, notes: list[dict[str, str]], *, version: str, envelope: Envelope, as_of: str
) -> dict[str, Any] | None:
    """Return the record of a person; of an expired one only the placeholders. None without any date."""
    dates = (fields.get("source_date", ""), fields.get("entry_date", ""))
    asserted = next((date for date in dates if _INSTANT.fullmatch(date)), None)
    if asserted is None:
        return None
    expired = is_expired(fields, as_of)
    kept = {name: text for name, text in fields.items() if name in PLACEHOLDERS or not expired}
    contribution: dict[str, Any] = {
        "contributor": f"pfif:{fields['person_record_id'].partition('/')[0]}"[:100],
        "assertedAt": asserted,
        "source": "import",
        "sections": _sections(kept),
    }
    back = _core(contribution)
    extension: dict[str, Any] = {"version": version}
    extension["fields"] = {name: text for name, text in kept.items() if back.get(name) != text}
    extension["absent"] = sorted(back.keys() - kept.keys())
    extension["notes"] = [] if expired else notes
    contribution["sections"][EXTENSION] = {name: value for name, value in extension.items() if value}
    return envelope.around(contribution, status="closed" if expired else "open")


def fields_of(contribution: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields of a person as they were given, with what was changed in the record since."""
    extension = contribution["sections"][EXTENSION]
    core = {
        name: text for name, text in _core(contribution).items() if name not in extension.get("absent", ())
    }
    return core | dict(extension.get("fields", {}))


def notes_of(contribution: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the notes on a person."""
    return list(contribution["sections"][EXTENSION].get("notes", ()))


def _sections(fields: Fields) -> dict[str, Any]:
    sections: dict[str, Any] = {}
    if names := _names(fields):
        sections["names"] = {"names": names}
    summary = {"sex": fields["sex"]} if fields.get("sex") in _SEXES else {}
    if summary := summary | _age(fields):
        sections["summary"] = summary
    if _PARTIAL_DATE.fullmatch(fields.get("date_of_birth", "")):
        sections["birth"] = {"date": fields["date_of_birth"]}
    if place := _home(fields):
        sections["journey"] = {"points": [{"type": "origin", "place": place}]}
    return sections


def _names(fields: Fields) -> list[dict[str, Any]]:
    parts = [
        {"kind": kind, "value": fields[name]}
        for kind, name in (("given", "given_name"), ("family", "family_name"))
        if 0 < len(fields.get(name, "")) <= _PART
    ]
    whole = fields.get("full_name") or " ".join(part["value"] for part in parts)
    names: list[dict[str, Any]] = [{"text": line} for line in _lines(whole)]
    if names and parts:
        names[0]["parts"] = parts
    return names[:20] + [
        {"text": line, "type": "alias"} for line in _lines(fields.get("alternate_names", ""))[:10]
    ]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if 0 < len(line.strip()) <= _NAME]


def _age(fields: Fields) -> dict[str, Any]:
    found = _AGE.fullmatch(fields.get("age", ""))
    if not found or not _INSTANT.fullmatch(fields.get("source_date", "")):
        return {}
    low, high = int(found[1]), int(found[2] or found[1])
    if not low <= high <= _OLDEST:
        return {}
    return {"age": {"min": low, "max": high, "asOf": fields["source_date"][:10]}}


def _home(fields: Fields) -> dict[str, str]:
    limits = {"name": ("home_city", 1000), "admin": ("home_state", 200)}
    place = {
        member: fields[name]
        for member, (name, limit) in limits.items()
        if 0 < len(fields.get(name, "")) <= limit
    }
    country = fields.get("home_country", "")
    return place | ({"country": country} if re.fullmatch("[A-Z]{2}", country) else {})


def _core(contribution: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields that the members of this standard say."""
    sections = contribution["sections"]
    names = sections.get("names", {}).get("names", [])
    own = [name for name in names if name.get("type") != "alias"]
    parts = {part["kind"]: part["value"] for part in (own[0].get("parts", ()) if own else ())}
    summary = sections.get("summary", {})
    age, place = summary.get("age"), _origin(sections)
    found = {
        "source_date": contribution["assertedAt"],
        "full_name": "\n".join(name["text"] for name in own),
        "alternate_names": "\n".join(name["text"] for name in names if name not in own),
        "given_name": parts.get("given"),
        "family_name": parts.get("family"),
        "sex": summary.get("sex"),
        "age": _spelled(age) if age else None,
        "date_of_birth": sections.get("birth", {}).get("date"),
        "home_city": place.get("name"),
        "home_state": place.get("admin"),
        "home_country": place.get("country"),
    }
    return {name: text for name, text in found.items() if text}


def _spelled(age: Mapping[str, int]) -> str:
    return str(age["min"]) if age["min"] == age["max"] else f"{age['min']}-{age['max']}"


def _origin(sections: Mapping[str, Any]) -> Mapping[str, str]:
    points = sections.get("journey", {}).get("points", ())
    found: Mapping[str, str] = next((p.get("place", {}) for p in points if p["type"] == "origin"), {})
    return found
