"""One row of a Missing Migrants file as an incident document, with what had to be understood on the way.

Nothing is mended in silence: what cannot be carried over exactly is named by a warning, and a row whose
identity or counts cannot be read is refused as a whole.
"""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from mpex_client.importers._mmp_codes import CAUSES, COUNTRIES, ROUTES, TYPES

__all__ = ["COLUMNS", "SYSTEM", "WARNINGS", "RowError", "incident_of"]

SYSTEM = "iomMissingMigrants"
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
    "causeUnknown": "a cause is not on the list; it was left out",
    "routeUnknown": "the route is not on the list; it was left out",
    "dateUnclear": "the date cannot be read; it is kept in the words of the source",
    "positionRounded": "the position has more than twenty decimals; it was rounded to twenty",
    "positionUnclear": "the position is not one on the globe; it was left out",
    "qualityUnclear": "the source quality is not 1 to 5; it was left out",
    "textShortened": "a text is longer than the standard allows; it was cut",
}
COUNTS = {
    "dead": "No. dead",
    "missingMinimum": "No. missing",
    "deadAndMissing": "No. dead/missing",
    "survivors": "No. survivors",
    "female": "No. Female",
    "male": "No. Male",
    "minors": "No. minors",
}
COLUMNS = (
    "Main ID",
    "Incident ID",
    "Incident Type",
    "Region of Incident",
    "Incident date",
    *COUNTS.values(),
    "Country of Origin",
    "Region of Origin",
    "Cause of death (category)",
    "Route",
    "Country of Incident",
    "Location of death",
    "UNSD region",
    "Source",
    "Link",
    "Source Quality",
    "Latitude",
    "Longitude",
)
_DATE = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?")
_PRECISIONS = {4: "year", 7: "month", 10: "day"}
_LINKS = re.compile(r"[,;\s]+(?=https?://)")
_CAUSES = re.compile("|".join(re.escape(text) for text in sorted(CAUSES, key=len, reverse=True)))
_PLACES = 20
_BLANK = {"", "NA"}


class RowError(ValueError):
    """A row that cannot be taken; the text says which column and why, and never quotes it."""


def incident_of(row: Mapping[str, str | None]) -> tuple[dict[str, Any], list[str]]:
    """Return the incident of a row and its warnings (codes of `WARNINGS`); raises RowError."""
    cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
    given = {name: value for name, value in cells.items() if value not in _BLANK}
    warnings: set[str] = set()
    source = _source(given, warnings)
    counts = _counts(given, warnings)
    incident: dict[str, Any] = {"type": _type(given, warnings), "source": source, "counts": counts}
    if any(value < 0 for value in counts.values()):
        incident["isCorrection"] = True
        warnings.add("correction")
    incident |= _date(given, row, warnings) | _origins(given, warnings) | _provenance(given, warnings)
    parts = {
        "place": _place(given, warnings),
        "region": given.get("Region of Incident"),
        "unsdRegion": given.get("UNSD region"),
        "routes": _routes(given, warnings),
        "causes": _causes(given, warnings),
    }
    incident |= {name: value for name, value in parts.items() if value}
    return incident | {"attribution": ATTRIBUTION}, sorted(warnings)


def _source(given: Mapping[str, str], warnings: set[str]) -> dict[str, Any]:
    identifier = given.get("Incident ID")
    if not identifier:
        raise RowError("Incident ID: it is blank, so the row could not be found again")
    source: dict[str, Any] = {"system": SYSTEM, "id": identifier}
    parts = identifier.split(",")
    if len(parts) > 1:
        source["parts"] = parts
        warnings.add("joinedIds")
    main = given.get("Main ID")
    return source | ({"parentId": main} if main and main != identifier else {})


def _counts(given: Mapping[str, str], warnings: set[str]) -> dict[str, int]:
    counts = {}
    for name, column in COUNTS.items():
        if column in given:
            if not re.fullmatch(r"-?[0-9]{1,7}", given[column]):
                raise RowError(f"{column}: it is not a whole number")
            counts[name] = int(given[column])
    total = counts.get("deadAndMissing", 0)
    if (
        counts.get("female", 0) + counts.get("male", 0) > max(total, 0)
        and {"female", "male"} <= counts.keys()
    ):
        warnings.add("countsDisagree")
    parts = [counts[name] for name in ("dead", "missingMinimum") if name in counts]
    if parts and "deadAndMissing" in counts and sum(parts) != total:
        warnings.add("countsDisagree")
    return counts


def _type(given: Mapping[str, str], warnings: set[str]) -> str:
    text = given.get("Incident Type", "Incident")
    if text in TYPES:
        return TYPES[text]
    if all(part in TYPES for part in text.split(",")):
        warnings.add("joinedTypes")
        return "mixed"
    raise RowError("Incident Type: it is none of the known types")


def _date(given: Mapping[str, str], row: Mapping[str, str | None], warnings: set[str]) -> dict[str, str]:
    text = given.get("Incident date", "")
    if not _DATE.fullmatch(text):
        warnings.add("dateUnclear")
        return {"datePrecision": "unknown"} | ({"dateAsGiven": text[:100]} if text else {})
    stated = row.get("incident_date_precision")
    known = stated is not None and stated in _PRECISIONS.values()
    return {"date": text, "datePrecision": stated if stated and known else _PRECISIONS[len(text)]}


def _origins(given: Mapping[str, str], warnings: set[str]) -> dict[str, Any]:
    countries = _listed(given.get("Country of Origin"), warnings)
    regions = _listed(given.get("Region of Origin"), warnings)
    bare = [region.removesuffix("(P)").strip() for region in regions]
    origins = {"originCountries": countries, "originRegions": bare, "originPresumed": bare != regions}
    return {name: value for name, value in origins.items() if value}


def _listed(text: str | None, warnings: set[str]) -> list[str]:
    parts = [part.strip() for part in (text or "").split(",") if part.strip()]
    if len(parts) > 1 and "Unknown" in parts:
        warnings.add("joinedOrigins")
    return [] if parts == ["Unknown"] else parts


def _causes(given: Mapping[str, str], warnings: set[str]) -> list[str]:
    text = given.get("Cause of death (category)", "")
    found = _CAUSES.findall(text)
    if _CAUSES.sub("", text).strip(", "):
        warnings.add("causeUnknown")
    if len(found) > 1:
        warnings.add("joinedCauses")
    return [CAUSES[cause] for cause in found]


def _routes(given: Mapping[str, str], warnings: set[str]) -> list[str]:
    text = given.get("Route")
    if text is None or text in ROUTES:
        return [ROUTES[text]] if text else []
    parts = text.split(",")
    if any(part not in ROUTES for part in parts):
        warnings.add("routeUnknown")
        return []
    warnings.add("joinedRoutes")
    return [ROUTES[part] for part in parts]


def _place(given: Mapping[str, str], warnings: set[str]) -> dict[str, Any]:
    parts = {
        "name": _shortened(given.get("Location of death"), 1000, warnings),
        "country": _country(given.get("Country of Incident"), warnings),
        "coordinates": _position(given, warnings),
    }
    return {name: value for name, value in parts.items() if value}


def _country(text: str | None, warnings: set[str]) -> str | None:
    if text is None or text in COUNTRIES:
        return COUNTRIES.get(text or "")
    warnings.add("countryUnclear")
    return COUNTRIES.get(re.split(r" - | \((?!Islamic)", text)[0])


def _position(given: Mapping[str, str], warnings: set[str]) -> dict[str, str] | None:
    texts = {"latitude": given.get("Latitude"), "longitude": given.get("Longitude")}
    if not any(texts.values()):
        return None
    position = {}
    for (name, text), bound in zip(texts.items(), (90, 180), strict=True):
        number = _decimal(text)
        if number is None or abs(number) > bound:
            warnings.add("positionUnclear")
            return None
        if -int(number.as_tuple().exponent) > _PLACES:
            warnings.add("positionRounded")
            number = round(number, _PLACES)
        position[name] = f"{number:f}"
    return position


def _decimal(text: str | None) -> Decimal | None:
    try:
        number = Decimal(text or "")
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _provenance(given: Mapping[str, str], warnings: set[str]) -> dict[str, Any]:
    source = _shortened(given.get("Source"), 500, warnings)
    links = [_shortened(link, 1000, warnings) for link in _LINKS.split(given.get("Link", "")) if link]
    found = {
        "informationSources": [source] if source else [],
        "links": links,
        "sourceQuality": _quality(given.get("Source Quality", ""), warnings),
    }
    return {name: value for name, value in found.items() if value}


def _quality(text: str, warnings: set[str]) -> list[int]:
    if not re.fullmatch(r"[1-5,]*", text):
        warnings.add("qualityUnclear")
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
