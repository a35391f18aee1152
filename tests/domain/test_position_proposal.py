"""Where visits say an outlet is: both sides of each edge (RULEBOOK §4, §11)."""

import pytest

from server.domain.policy import Policy
from server.domain.position_proposal import Fix, agreeing_fixes, proposed_position

SHOP = (30.0, 104.0)
DEGREE_M = 111_195.08


def fix(north_m: float, name: str = "", accuracy_m: float | None = 10.0) -> Fix:
    """So many metres north of the shop."""
    return Fix(name or str(north_m), 30.0 + north_m / DEGREE_M, 104.0, accuracy_m)


def proposed(*north_m: float, accuracy_m: float | None = 10.0, **values: str):
    found = proposed_position(SHOP, [fix(metres, accuracy_m=accuracy_m) for metres in north_m], Policy(values))
    return None if found is None else tuple(float(visit_id) for visit_id in found.visit_ids)


@pytest.mark.parametrize(
    ("fixes", "agreed"),
    [
        ((230, 255, 279.9), (230, 255, 279.9)),  # 50 m at most between two of them
        ((230, 255, 281), None),  # 51 m
        ((230, 240), None),  # two are not enough
        ((199, 220, 230), None),  # one within the fence
        ((201, 220, 230), (201, 220, 230)),
        ((230, 500, 240, 250), (230, 240, 250)),  # one elsewhere is left aside
        ((-230, 230, 240, -240), None),  # two here and two there
    ],
)
def test_enough_visits_agree_outside_the_fence(fixes, agreed):
    assert proposed(*fixes) == agreed


def test_the_proposal_is_the_middle_of_the_fixes():
    found = proposed_position(SHOP, [fix(230, "a", 8.0), fix(270, "b", 30.0), fix(240, "c", 20.0)], Policy({}))
    assert found is not None
    assert (round((found.lat - 30.0) * DEGREE_M, 3), found.lon, found.accuracy_m, found.visit_ids) == (240.0, 104.0, 20.0, ("a", "b", "c"))


@pytest.mark.parametrize(("accuracy_m", "is_heard"), [(100.0, True), (100.1, False), (None, False)])
def test_fixes_that_could_not_place_an_outlet_say_nothing(accuracy_m, is_heard):
    assert (proposed(230, 240, 250, accuracy_m=accuracy_m) is not None) == is_heard


def test_policy_sets_how_many_and_how_near():
    assert proposed(230, 240, **{"position.proposal_visits": "2"}) == (230, 240)
    assert proposed(230, 240, 250, **{"position.proposal_visits": "4"}) is None
    assert proposed(230, 240, 250, **{"position.proposal_spread_m": "19"}) is None
    assert proposed(150, 160, 170, **{"visit.fence_radius_m": "100"}) == (150, 160, 170)


def test_the_largest_group_is_found_whatever_comes_first():
    assert [one.visit_id for one in agreeing_fixes([fix(0), fix(61), fix(100), fix(105), fix(110)], 50)] == ["61", "100", "105", "110"]
    assert agreeing_fixes([], 50) == []
