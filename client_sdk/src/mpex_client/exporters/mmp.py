"""Incidents as a table like those of the Missing Migrants Project (25 columns), with a row of HXL tags.

What the importer reads it finds again: a file written here and imported anew changes nothing but what the
table has no column for.
"""

import csv
from collections.abc import Iterable, Mapping
from typing import Any, TextIO

from mpex_client.importers._mmp_codes import CAUSES, COUNTRIES, ROUTES, TYPES

__all__ = ["COLUMNS", "cell", "write_mmp"]

COLUMNS: Mapping[str, str] = {
    "Main ID": "#event+id+main",
    "Incident ID": "#event+id",
    "Incident Type": "#event+type",
    "Region of Incident": "#region+incident",
    "Incident Date": "#date+occurred",
    "Incident Year": "#date+year",
    "Month": "#date+month",
    "Number of Dead": "#affected+dead",
    "Minimum Estimated Number of Missing": "#affected+missing",
    "Total Number of Dead and Missing": "#affected+dead+missing",
    "Number of Survivors": "#affected+survivors",
    "Number of Females": "#affected+f",
    "Number of Males": "#affected+m",
    "Number of Children": "#affected+children",
    "Country of Origin": "#country+origin",
    "Region of Origin": "#region+origin",
    "Cause of Death": "#cause+type",
    "Country of Incident": "#country+incident",
    "Migration Route": "#event+route",
    "Location of Incident": "#loc+name",
    "Coordinates": "#geo+coord",
    "UNSD Geographical Grouping": "#region+unsd",
    "Information Source": "#meta+source+name",
    "URL": "#meta+url",
    "Source Quality": "#meta+source+reliability",
}
"""Column headers and their tags in the Humanitarian Exchange Language (hxlstandard.org)."""
_COUNTS = {
    "dead": "Number of Dead",
    "missingMinimum": "Minimum Estimated Number of Missing",
    "deadAndMissing": "Total Number of Dead and Missing",
    "survivors": "Number of Survivors",
    "female": "Number of Females",
    "male": "Number of Males",
    "minors": "Number of Children",
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_mmp(incidents: Iterable[Mapping[str, Any]], target: TextIO) -> int:
    """Write incidents to `target` (opened with `newline=""`), one a row, and return how many there were."""
    writer = csv.DictWriter(target, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerow(COLUMNS)
    written = 0
    for incident in incidents:
        writer.writerow(_row(incident))
        written += 1
    return written


def cell(value: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{value}" if value.startswith(_FORMULA) else value


def _row(incident: Mapping[str, Any]) -> dict[str, str | int]:
    source, place = incident.get("source", {}), incident.get("place", {})
    date = str(incident.get("date", ""))
    presumed = " (P)" if incident.get("originPresumed") else ""
    texts = {
        "Main ID": source.get("parentId", source.get("id", "")),
        "Incident ID": source.get("id") or incident["incidentId"],
        "Incident Type": _word(TYPES, incident["type"], "Incident,Split Incident"),
        "Region of Incident": incident.get("region", ""),
        "Incident Date": date or incident.get("dateAsGiven", ""),
        "Incident Year": date[:4],
        "Month": date[5:7],
        "Country of Origin": ",".join(incident.get("originCountries", ())),
        "Region of Origin": ",".join(f"{region}{presumed}" for region in incident.get("originRegions", ())),
        "Cause of Death": ",".join(_word(CAUSES, code) for code in incident.get("causes", ())),
        "Country of Incident": _word(COUNTRIES, place.get("country", "")),
        "Migration Route": ",".join(_word(ROUTES, code) for code in incident.get("routes", ())),
        "Location of Incident": place.get("name", ""),
        "UNSD Geographical Grouping": incident.get("unsdRegion", ""),
        "Information Source": ", ".join(incident.get("informationSources", ())),
        "URL": ", ".join(incident.get("links", ())),
        "Source Quality": "".join(str(grade) for grade in incident.get("sourceQuality", ())),
    }
    counts = incident.get("counts", {})
    numbers = {column: counts[name] for name, column in _COUNTS.items() if name in counts}
    return {column: cell(text) for column, text in texts.items()} | numbers | _position(place)


def _position(place: Mapping[str, Any]) -> dict[str, str]:
    # A position may begin with a minus and is still no formula: it is two numbers.
    at = place.get("coordinates")
    return {"Coordinates": f"{at['latitude']}, {at['longitude']}"} if at else {}


def _word(words: Mapping[str, str], code: str, otherwise: str | None = None) -> str:
    """Return the source's word for a code, the newest where it was renamed; an unknown code as it is."""
    found = [word for word, each in words.items() if each == code]
    return found[-1] if found else otherwise or code
