"""Kinds of wage lines as data (RULEBOOK §10)."""

from decimal import Decimal

import pytest

from server.domain.policy import Policy
from server.domain.policy_keys import POLICY_KEYS
from server.domain.wage_kinds import WAGE_KINDS, WageKind
from server.domain.wage_lines import MEASURES

RULES = {
    "base": (1, "wage.base_yuan"),
    "new_customers": (1, "bonus.tier1_yuan"),
    "volume": (1, "bonus.volume_rate"),
    "award_complaints": (1, "wage.award_complaints_yuan"),
    "award_trainings": (1, "wage.award_trainings_yuan"),
    "award_visits": (1, "wage.award_visits_yuan"),
    "deduct_inadequate_training": (-1, "wage.inadequate_training_yuan"),
    "deduct_churned": (-1, "wage.churned_yuan"),
    "deduct_inaccurate_file": (-1, "wage.inaccurate_file_yuan"),
    "deduct_missed_visit": (-1, "wage.missed_visit_yuan"),
    "deduct_complaint_about_rep": (-1, "wage.complaint_about_rep_yuan"),
    "deduct_complaint_unhandled": (-1, "wage.complaint_unhandled_yuan"),
    "deduct_late_materials": (-1, "wage.late_materials_yuan"),
}


def test_the_kinds_are_those_of_the_rulebook():
    assert {kind.code: (kind.sign, kind.policy_key) for kind in WAGE_KINDS} == RULES


@pytest.mark.parametrize("kind", WAGE_KINDS, ids=lambda kind: kind.code)
def test_every_kind_can_be_measured_priced_and_read(kind):
    assert kind.paid_by in MEASURES or kind.paid_by == f"finding:{kind.code.removeprefix('deduct_')}"
    assert kind.policy_key in POLICY_KEYS
    assert kind.zh and kind.en and kind.rule_zh and kind.rule_en and kind.source == "RULEBOOK §10"


def test_a_kind_is_priced_by_policy_unless_it_carries_its_price():
    kind = WageKind("deduct_x", -1, "finding:x", "wage.missed_visit_yuan", "", "", "", "")
    assert kind.price_yuan(Policy({"wage.missed_visit_yuan": "25"})) == Decimal(25)
    own = WageKind("deduct_x", -1, "finding:x", "", "", "", "", "", unit_yuan=Decimal("7.50"))
    assert own.price_yuan(Policy({})) == Decimal("7.50")
    assert WageKind("deduct_x", -1, "finding:x", "wage.missed_visit_yuan", "", "", "", "", unit_yuan=Decimal(0)).price_yuan(Policy({})) == 0
