"""Where on the globe a row says it was: in two columns, as `lat, lon` or as `POINT (lon lat)`.

Files have had the two headers swapped, signs lost and errors of spreadsheets in place of numbers. A position
is never mended: it is taken as it stands, or left out and kept in the words of the source.
"""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

__all__ = ["position_of"]

_PLACES = 20
_PAIR = re.compile(r"\s*([^,\s]+)\s*,\s*([^,\s]+)\s*")
_POINT = re.compile(r"\s*POINT\s*\(\s*(\S+)\s+([^\s)]+)\s*\)\s*", re.IGNORECASE)
_MARGIN = 3
# Southern, northern, western and eastern bound in whole degrees; wide, since regions of the source are.
_REGIONS: Mapping[str, tuple[int, int, int, int]] = {
    "North America": (7, 84, -170, -50),
    "Mediterranean": (29, 46, -7, 37),
    "Northern Africa": (8, 38, -18, 39),
    "Southern Asia": (-1, 40, 43, 98),
    "Central America": (6, 33, -119, -76),
    "Western Africa": (3, 30, -32, 17),
    "Europe": (27, 82, -32, 70),
    "Eastern Africa": (-27, 19, 21, 60),
    "Western Asia": (11, 44, 25, 61),
    "South-eastern Asia": (-12, 30, 90, 142),
    "South America": (-57, 14, -93, -33),
    "Caribbean": (9, 29, -90, -58),
    "Middle Africa": (-19, 24, 5, 32),
    "Southern Africa": (-36, -16, 11, 34),
    "Eastern Asia": (17, 55, 72, 147),
    "Central Asia": (34, 56, 45, 88),
}


def position_of(cells: Mapping[str, str], warnings: set[str]) -> tuple[dict[str, str] | None, str | None]:
    """Return the coordinates of a row, or what its cells say where they are no position to rely on."""
    texts = _texts(cells)
    if texts is None:
        return None, None
    latitude, longitude = (_decimal(text) for text in texts)
    as_given = cells.get("position") or f"latitude {texts[0]}, longitude {texts[1]}"
    if latitude is None or longitude is None or abs(longitude) > 180:
        warnings.add("positionUnclear")
        return None, as_given
    here, swapped = _fits(cells, latitude, longitude), _fits(cells, longitude, latitude)
    if abs(latitude) > 90 or (not here and swapped):
        warnings.add("positionSwapped" if swapped and abs(longitude) <= 90 else "positionUnclear")
        return None, as_given
    if not here:
        warnings.add("positionOutsideRegion")
    return {"latitude": _text(latitude, warnings), "longitude": _text(longitude, warnings)}, None


def _texts(cells: Mapping[str, str]) -> tuple[str, str] | None:
    """Return latitude and longitude as the row has them; None when it has neither."""
    if "position" in cells:
        point, pair = _POINT.fullmatch(cells["position"]), _PAIR.fullmatch(cells["position"])
        if point:
            return point[2], point[1]
        return (pair[1], pair[2]) if pair else ("", "")
    if not cells.keys() & {"latitude", "longitude"}:
        return None
    return cells.get("latitude", ""), cells.get("longitude", "")


def _fits(cells: Mapping[str, str], latitude: Decimal, longitude: Decimal) -> bool:
    """Tell whether a position lies in the region of the row, or near it; unknown regions hold everything."""
    bounds = _REGIONS.get(cells.get("region", ""))
    if bounds is None:
        return abs(latitude) <= 90
    south, north, west, east = bounds
    return south - _MARGIN <= latitude <= north + _MARGIN and west - _MARGIN <= longitude <= east + _MARGIN


def _decimal(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) <= 180 else None


def _text(number: Decimal, warnings: set[str]) -> str:
    if -int(number.as_tuple().exponent) > _PLACES:
        warnings.add("positionRounded")
        number = round(number, _PLACES)
    return f"{number:f}"
