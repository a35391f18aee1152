"""Tours through outlets (RULEBOOK §4: neighbours together)."""

from server.domain.tours import tour

VILLAGE = {"a": (30.00, 104.00), "c": (30.00, 104.02), "b": (30.00, 104.01)}


def test_a_tour_starts_in_the_west_and_goes_to_the_nearest_left():
    assert tour(VILLAGE) == ("a", "b", "c")


def test_neighbours_stand_together():
    far = {"x": (30.50, 104.005), "y": (30.50, 104.015)}
    assert tour({**far, **VILLAGE}) == ("a", "b", "c", "y", "x")


def test_of_two_equally_west_the_southern_is_first_and_of_two_at_one_place_the_smaller_id():
    assert tour({"n": (31.0, 104.0), "s": (30.0, 104.0)}) == ("s", "n")
    assert tour({"2": (30.0, 104.0), "1": (30.0, 104.0), "3": (30.0, 104.0)}) == ("1", "2", "3")


def test_of_two_equally_near_the_smaller_id_is_next():
    assert tour({"w": (0.0, 100.0), "z": (1.0, 101.0), "y": (-1.0, 101.0)}) == ("w", "y", "z")


def test_outlets_without_a_position_come_last_by_id():
    assert tour({"z": None, "b": (30.0, 104.0), "m": None}) == ("b", "m", "z")
    assert tour({"z": None, "m": None}) == ("m", "z")
    assert tour({}) == ()
