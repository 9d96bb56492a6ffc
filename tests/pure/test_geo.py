"""Distances: known ones, and what any distance must obey."""

from math import nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.ess_mutualisation.tools.geo import EARTH_RADIUS_KM, distance_km

PARIS = (48.8566, 2.3522)
LYON = (45.7640, 4.8357)
FORT_DE_FRANCE = (14.6161, -61.0588)

places = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@pytest.mark.parametrize(
    ("one", "other", "km"),
    [
        (PARIS, PARIS, 0),
        (PARIS, LYON, 391.5),
        (PARIS, FORT_DE_FRANCE, 6842),
        ((0, 179), (0, -179), 222.4),  # across the date line
        ((90, 0), (-90, 0), 20015),  # pole to pole
    ],
)
def test_known_distances(one, other, km):
    assert distance_km(*one, *other) == pytest.approx(km, rel=0.005)


@given(places, places)
def test_symmetric_and_bounded(one, other):
    distance = distance_km(*one, *other)
    assert distance == pytest.approx(distance_km(*other, *one), abs=1e-6)
    assert 0 <= distance <= EARTH_RADIUS_KM * 3.1416


@given(places, places, places)
def test_no_detour_is_shorter(one, other, third):
    direct = distance_km(*one, *other)
    assert direct <= distance_km(*one, *third) + distance_km(*third, *other) + 1e-3


@pytest.mark.parametrize(
    ("latitude", "longitude", "figure"),
    [(90.1, 0, "90.1"), (0, -181, "-181"), (nan, 0, "nan"), (0, nan, "nan")],
)
def test_bad_coordinates_are_refused(latitude, longitude, figure):
    with pytest.raises(ValueError, match=figure):
        distance_km(latitude, longitude, *PARIS)
