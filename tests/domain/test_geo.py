"""Distances on the ground (RULEBOOK §11); more cases are in sync/vectors/distance.json."""

import pytest

from server.domain.geo import distance_m


@pytest.mark.parametrize(
    ("a", "b", "metres"),
    [
        ((30.0, 104.0), (30.0, 104.0), 0.0),
        ((0.0, 0.0), (0.0, 1.0), 111_195.08),
        ((0.0, 0.0), (1.0, 0.0), 111_195.08),
        ((60.0, 10.0), (60.0, 11.0), 55_597.01),
        ((0.0, 179.5), (0.0, -179.5), 111_195.08),
        ((0.0, 0.0), (0.0, 180.0), 20_015_114.44),
        ((90.0, 0.0), (-90.0, 77.0), 20_015_114.44),
    ],
)
def test_metres_run_along_the_sphere(a, b, metres):
    assert distance_m(*a, *b) == pytest.approx(metres, abs=0.5)
    assert distance_m(*b, *a) == pytest.approx(metres, abs=0.5)
