"""The header sets of Missing Migrants files since 2015, told apart by their headers.

The project has changed its columns, its identifiers, its way to write dates and the order of coordinates
several times. A file is of the first layout all of whose marks it has; its name tells what a column holds.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

__all__ = ["HEADERS", "LAYOUTS", "Layout", "Sheet", "sheet_of"]


@dataclass(frozen=True, slots=True)
class Layout:
    """One header set. `system` is whose identifiers the rows bear; early ones were given anew later."""

    name: str
    marks: frozenset[str]
    system: str = "iomMissingMigrants"
    day_first: bool = False


LAYOUTS = (
    Layout("compiled, 31 columns", frozenset({"incident id", "incident date", "no. dead", "latitude"})),
    Layout("site, 2026", frozenset({"incident id", "incident date", "number dead", "coordinates"})),
    Layout(
        "site, 2023 to 2025", frozenset({"incident id", "incident date", "number of dead", "coordinates"})
    ),
    Layout(
        "site, 2021 and 2022", frozenset({"incident id", "website date", "number of dead", "coordinates"})
    ),
    Layout(
        "site, 2019 and 2020",
        frozenset({"web id", "reported date", "number dead", "location coordinates"}),
        system="iomMissingMigrantsWebId",
    ),
    Layout(
        "HDX, 2015 and 2016",
        frozenset({"id", "cause_of_death", "incident_region", "date", "lat", "lon"}),
        system="iomMissingMigrants2015",
        day_first=True,
    ),
)

HEADERS: Mapping[str, tuple[str, ...]] = {
    "id": ("incident id", "web id", "id"),
    "parentId": ("main id",),
    "type": ("incident type",),
    "region": ("region of incident", "incident_region", "region"),
    "date": ("incident date", "website date", "reported date", "date"),
    "datePrecision": ("incident_date_precision",),
    "dead": ("no. dead", "number dead", "number of dead", "dead"),
    "missingMinimum": ("no. missing", "minimum estimated number of missing", "missing"),
    "deadAndMissing": ("no. dead/missing", "total dead and missing", "total number of dead and missing"),
    "survivors": ("no. survivors", "number of survivors"),
    "female": ("no. female", "number of females"),
    "male": ("no. male", "number of males"),
    "minors": ("no. minors", "number of children"),
    "originCountry": ("country of origin", "affected_nationality"),
    "originRegion": ("region of origin", "region_origin"),
    "cause": ("cause of death (category)", "cause of death", "cause_of_death"),
    "route": ("route", "migration route"),
    "country": ("country of incident",),
    "place": ("location of death", "location of incident", "location description"),
    "unsdRegion": ("unsd region", "unsd geographical grouping"),
    "source": ("source", "information source"),
    "link": ("link", "url"),
    "quality": ("source quality", "reliability"),
    "latitude": ("latitude", "lat"),
    "longitude": ("longitude", "lon"),
    "position": ("coordinates", "location coordinates"),
}
"""What we call a cell, and the names that its column has had."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file's layout, and the column of each cell that the file has."""

    layout: Layout
    columns: Mapping[str, str]

    def cells(self, row: Mapping[str, str | None]) -> dict[str, str]:
        """Return the cells of a row by our names, without surrounding blanks; absent columns are blank."""
        return {name: (row.get(column) or "").strip() for name, column in self.columns.items()}

    def header(self, cell: str) -> str:
        """Return the name that the file gives to a cell's column."""
        return self.columns.get(cell, cell)


def sheet_of(headers: Iterable[str]) -> Sheet | None:
    """Return how to read a file with these headers, or None when it is of no known layout."""
    given = {" ".join(header.split()).casefold(): header for header in headers}
    layout = next((each for each in LAYOUTS if each.marks <= given.keys()), None)
    if layout is None:
        return None
    found = {
        cell: next((given[name] for name in names if name in given), None) for cell, names in HEADERS.items()
    }
    return Sheet(layout, {cell: column for cell, column in found.items() if column is not None})
