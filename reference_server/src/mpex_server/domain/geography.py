"""Distance on the Earth."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt
from typing import Final

_RADIUS_KM: Final = 6371.0


def kilometres(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Return the great-circle distance of two positions given in degrees."""
    north, other_north = radians(latitude), radians(other_latitude)
    half_north, half_east = (other_north - north) / 2, radians(other_longitude - longitude) / 2
    chord = sin(half_north) ** 2 + cos(north) * cos(other_north) * sin(half_east) ** 2
    return 2 * _RADIUS_KM * asin(min(1.0, sqrt(chord)))
