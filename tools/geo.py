"""Distances on the globe, for "near me"."""

from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the earth (IUGG), in kilometres."""


def distance_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Return the distance as the crow flies between two places, in kilometres.

    Great-circle distance on a sphere (haversine): right to about 0.5 %.

    :param lat1: latitude of the first place, in degrees, -90 to 90
    :param lon1: longitude of the first place, in degrees, -180 to 180
    :param lat2: latitude of the second place
    :param lon2: longitude of the second place
    :raise ValueError: a coordinate out of its range, or not a number
    """
    for latitude in (lat1, lat2):
        _require_degrees(latitude, 90, "latitude")
    for longitude in (lon1, lon2):
        _require_degrees(longitude, 180, "longitude")
    half_lat = radians(lat2 - lat1) / 2
    half_lon = radians(lon2 - lon1) / 2
    chord = sin(half_lat) ** 2
    chord += cos(radians(lat1)) * cos(radians(lat2)) * sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(chord)))


def _require_degrees(value: float, bound: int, what: str) -> None:
    if not -bound <= value <= bound:  # also refuses NaN
        raise ValueError(f"A {what} lies between -{bound} and {bound}, not {value}.")
