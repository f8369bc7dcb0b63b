"""One row of a Missing Migrants file as an incident document, with what had to be understood on the way.

Nothing is mended in silence: what cannot be carried over exactly is named by a warning and kept in the words
of the source (`asGiven`), and a row whose identity cannot be read is refused as a whole.
"""

import re
from collections.abc import Mapping
from typing import Any

from mpex_client.importers._mmp_codes import CAUSES, COUNTRIES, ROUTES, TYPES
from mpex_client.importers._mmp_dates import date_of
from mpex_client.importers._mmp_layouts import Sheet
from mpex_client.importers._mmp_places import position_of

__all__ = ["WARNINGS", "RowError", "incident_of"]

ATTRIBUTION = "IOM Missing Migrants Project, missingmigrants.iom.int, CC BY 4.0"
WARNINGS = {
    "joinedIds": "several entries of the source are joined in this row; their identifiers are kept apart",
    "joinedTypes": "several incident types are joined; the type is `mixed`",
    "joinedCauses": "several causes are joined; all are kept",
    "joinedRoutes": "several routes are joined; all are kept",
    "joinedQuality": "several grades of source quality are joined; all are kept",
    "joinedOrigins": "a known and an unknown origin are joined; both are kept as given",
    "correction": "a count is negative: it corrects an earlier entry",
    "countsDisagree": "the counts do not add up; they are kept as given",
    "countryUnclear": "the country is not a bare country name; it was read from its beginning or left out",
    "countUnclear": "a count is no whole number; it was left out and kept in the words of the source",
    "causeUnknown": "a cause is not on the list; it was left out and kept in the words of the source",
    "routeUnknown": "the route is not on the list; it was left out and kept in the words of the source",
    "dateUnclear": "the date cannot be read; it is kept in the words of the source",
    "positionRounded": "the position has more than twenty decimals; it was rounded to twenty",
    "positionUnclear": "the position is not one on the globe; it was kept in the words of the source only",
    "positionSwapped": "latitude and longitude seem swapped; they were kept in the words of the source only",
    "positionOutsideRegion": "the position lies far outside the region of the incident; it was kept",
    "qualityUnclear": "the source quality is not 1 to 5; it was kept in the words of the source only",
    "textShortened": "a text is longer than the standard allows; it was cut",
}
COUNTS = ("dead", "missingMinimum", "deadAndMissing", "survivors", "female", "male", "minors")
_PRECISIONS = {4: "year", 7: "month", 10: "day"}
_LINKS = re.compile(r"[,;\s]+(?=https?://)")
_CAUSES = re.compile("|".join(re.escape(text) for text in sorted(CAUSES, key=len, reverse=True)))
_BLANK = {"", "NA"}
_GIVEN_LIMIT = 500


class RowError(ValueError):
    """A row that cannot be taken; the text says which column and why, and never quotes it."""


def incident_of(sheet: Sheet, row: Mapping[str, str | None]) -> tuple[dict[str, Any], list[str]]:
    """Return the incident of a row and its warnings (codes of `WARNINGS`); raises RowError."""
    given = {name: value for name, value in sheet.cells(row).items() if value not in _BLANK}
    if given.get("place") == "Placeholder":
        raise RowError(f"{sheet.header('place')}: the row is a placeholder of the source, not an incident")
    warnings: set[str] = set()
    as_given: dict[str, str] = {}
    counts = _counts(given, warnings, as_given)
    incident: dict[str, Any] = {
        "type": _type(sheet, given, warnings),
        "source": _source(sheet, given, warnings),
        "counts": counts,
    }
    if any(value < 0 for value in counts.values()):
        incident["isCorrection"] = True
        warnings.add("correction")
    incident |= _date(sheet, given, warnings) | _origins(given, warnings)
    incident |= _provenance(given, warnings, as_given)
    parts = {
        "place": _place(given, warnings, as_given),
        "region": given.get("region"),
        "unsdRegion": given.get("unsdRegion"),
        "routes": _routes(given, warnings, as_given),
        "causes": _causes(given, warnings, as_given),
        "asGiven": {name: text[:_GIVEN_LIMIT] for name, text in as_given.items()},
    }
    incident |= {name: value for name, value in parts.items() if value}
    return incident | {"attribution": ATTRIBUTION}, sorted(warnings)


def _source(sheet: Sheet, given: Mapping[str, str], warnings: set[str]) -> dict[str, Any]:
    identifier = given.get("id")
    if not identifier:
        raise RowError(f"{sheet.header('id')}: it is blank, so the row could not be found again")
    source: dict[str, Any] = {"system": sheet.layout.system, "id": identifier}
    parts = identifier.split(",")
    if len(parts) > 1:
        source["parts"] = parts
        warnings.add("joinedIds")
    main = given.get("parentId")
    return source | ({"parentId": main} if main and main != identifier else {})


def _counts(given: Mapping[str, str], warnings: set[str], as_given: dict[str, str]) -> dict[str, int]:
    counts = {}
    for name in COUNTS:
        if name in given:
            if re.fullmatch(r"-?[0-9]{1,7}(\.0+)?", given[name]):
                counts[name] = int(given[name].partition(".")[0])
            else:
                warnings.add("countUnclear")
                as_given[f"counts.{name}"] = given[name]
    total = counts.get("deadAndMissing", 0)
    if (
        counts.get("female", 0) + counts.get("male", 0) > max(total, 0)
        and {"female", "male", "deadAndMissing"} <= counts.keys()
    ):
        warnings.add("countsDisagree")
    parts = [counts[name] for name in ("dead", "missingMinimum") if name in counts]
    if parts and "deadAndMissing" in counts and sum(parts) != total:
        warnings.add("countsDisagree")
    return counts


def _type(sheet: Sheet, given: Mapping[str, str], warnings: set[str]) -> str:
    text = given.get("type", "Incident")
    if text in TYPES:
        return TYPES[text]
    if all(part in TYPES for part in text.split(",")):
        warnings.add("joinedTypes")
        return "mixed"
    raise RowError(f"{sheet.header('type')}: it is none of the known types")


def _date(sheet: Sheet, given: Mapping[str, str], warnings: set[str]) -> dict[str, str]:
    text = given.get("date", "")
    found = date_of(text, day_first=sheet.layout.day_first)
    if found is None:
        warnings.add("dateUnclear")
        return {"datePrecision": "unknown"} | ({"dateAsGiven": text[:100]} if text else {})
    stated = given.get("datePrecision")
    known = stated is not None and stated in _PRECISIONS.values()
    return {"date": found, "datePrecision": stated if stated and known else _PRECISIONS[len(found)]}


def _origins(given: Mapping[str, str], warnings: set[str]) -> dict[str, Any]:
    countries = _listed(given.get("originCountry"), warnings)
    regions = _listed(given.get("originRegion"), warnings)
    bare = [region.removesuffix("(P)").strip() for region in regions]
    origins = {"originCountries": countries, "originRegions": bare, "originPresumed": bare != regions}
    return {name: value for name, value in origins.items() if value}


def _listed(text: str | None, warnings: set[str]) -> list[str]:
    parts = [part.strip() for part in (text or "").split(",") if part.strip()]
    if len(parts) > 1 and "Unknown" in parts:
        warnings.add("joinedOrigins")
    return [] if parts == ["Unknown"] else parts


def _causes(given: Mapping[str, str], warnings: set[str], as_given: dict[str, str]) -> list[str]:
    text = given.get("cause", "")
    found = _CAUSES.findall(text)
    if _CAUSES.sub("", text).strip(", "):
        warnings.add("causeUnknown")
        as_given["causes"] = text
    if len(found) > 1:
        warnings.add("joinedCauses")
    return [CAUSES[cause] for cause in found]


def _routes(given: Mapping[str, str], warnings: set[str], as_given: dict[str, str]) -> list[str]:
    text = given.get("route")
    if text is None or text in ROUTES:
        return [ROUTES[text]] if text else []
    parts = text.split(",")
    if any(part not in ROUTES for part in parts):
        warnings.add("routeUnknown")
        as_given["routes"] = text
        return []
    warnings.add("joinedRoutes")
    return [ROUTES[part] for part in parts]


def _place(given: Mapping[str, str], warnings: set[str], as_given: dict[str, str]) -> dict[str, Any]:
    coordinates, words = position_of(given, warnings)
    if words:
        as_given["place.coordinates"] = words
    parts = {
        "name": _shortened(given.get("place"), 1000, warnings),
        "country": _country(given.get("country"), warnings, as_given),
        "coordinates": coordinates,
    }
    return {name: value for name, value in parts.items() if value}


def _country(text: str | None, warnings: set[str], as_given: dict[str, str]) -> str | None:
    if text is None or text in COUNTRIES:
        return COUNTRIES.get(text or "")
    warnings.add("countryUnclear")
    as_given["place.country"] = text
    return COUNTRIES.get(re.split(r" - | \((?!Islamic)", text)[0])


def _provenance(given: Mapping[str, str], warnings: set[str], as_given: dict[str, str]) -> dict[str, Any]:
    source = _shortened(given.get("source"), 500, warnings)
    links = [_shortened(link, 1000, warnings) for link in _LINKS.split(given.get("link", "")) if link]
    found = {
        "informationSources": [source] if source else [],
        "links": links,
        "sourceQuality": _quality(given.get("quality", ""), warnings, as_given),
    }
    return {name: value for name, value in found.items() if value}


def _quality(text: str, warnings: set[str], as_given: dict[str, str]) -> list[int]:
    if not re.fullmatch(r"[1-5,]*", text):
        warnings.add("qualityUnclear")
        as_given["sourceQuality"] = text
        return []
    grades = [int(digit) for digit in text if digit != ","]
    if len(grades) > 1:
        warnings.add("joinedQuality")
    return grades


def _shortened(text: str | None, limit: int, warnings: set[str]) -> str | None:
    if text is not None and len(text) > limit:
        warnings.add("textShortened")
        return text[:limit]
    return text
