"""Outlet class 网点类型 (RULEBOOK §3); more cases are in sync/vectors/outlet_class.json."""

from decimal import Decimal

import pytest

from server.domain.outlet_class import ClassInputs, outlet_class
from server.domain.policy import Policy


def class_of(policy=None, **inputs):
    verdict = outlet_class(ClassInputs(**inputs), Policy(policy or {}))
    return verdict.outlet_class, verdict.reasons


@pytest.mark.parametrize(("outlets", "letter"), [(10, "A"), (9, "B"), (3, "B"), (2, "C"), (0, "C")])
def test_the_chain_decides_at_10_and_3_outlets(outlets, letter):
    assert class_of(chain_outlets=outlets) == (letter, (f"{letter}.chain",))


@pytest.mark.parametrize(("area", "letter"), [("200.01", "A"), ("200", "B"), ("100", "B"), ("99.99", "C"), ("0", "C")])
def test_the_area_decides_above_200_and_from_100_square_metres(area, letter):
    assert class_of(floor_area_m2=Decimal(area)) == (letter, (f"{letter}.area",))


@pytest.mark.parametrize(("fee", "letter"), [("80000.01", "A"), ("80000", "B"), ("20000", "B"), ("19999.99", "C"), ("0", "C")])
def test_the_fees_decide_above_80000_and_from_20000_yuan(fee, letter):
    assert class_of(monthly_fee_yuan=Decimal(fee)) == (letter, (f"{letter}.fee",))


def test_an_own_hall_is_class_a_and_no_hall_says_nothing():
    assert class_of(is_franchised_or_own_hall=True) == ("A", ("A.own_hall",))
    assert class_of(is_franchised_or_own_hall=False) == ("C", ("C.unknown",))
    assert class_of() == ("C", ("C.unknown",))


def test_the_highest_class_met_wins_and_names_all_that_made_it():
    small = {"chain_outlets": 1, "floor_area_m2": Decimal(150), "monthly_fee_yuan": Decimal(30000)}
    assert class_of(**small) == ("B", ("B.area", "B.fee"))
    assert class_of(**small, is_franchised_or_own_hall=True) == ("A", ("A.own_hall",))


def test_policy_moves_each_edge():
    policy = {"class.a_chain_outlets": "5", "class.b_area_m2": "50", "class.a_fee_yuan": "100"}
    assert class_of(policy, chain_outlets=5)[0] == "A"
    assert class_of(policy, floor_area_m2=Decimal(50))[0] == "B"
    assert class_of(policy, monthly_fee_yuan=Decimal("100.01"))[0] == "A"
