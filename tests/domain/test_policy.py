"""Policy by date, and its copy on the phone."""

from datetime import date
from typing import get_args, get_type_hints

import pytest

from server.domain.months import Month
from server.domain.policy import PHOTO_SLOTS, Policy, UnknownPolicyKey, is_policy_value, policy_on, tidy_policy_value
from server.domain.policy_keys import POLICY_KEYS
from server.policy_export import TARGET, policy_defaults_js
from sync.visit_form import Photo

ROWS = [
    ("wage.missed_visit_yuan", date(2026, 11, 1), "25"),
    ("wage.missed_visit_yuan", date(2026, 12, 1), "30"),
    ("wage.base_yuan", date(2026, 11, 1), "1200"),
    ("wage.base_yuan", date(2026, 11, 1), "1300"),
]
RULEBOOK = {
    "class.a_chain_outlets": "10",
    "class.b_chain_outlets": "3",
    "class.a_area_m2": "200",
    "class.b_area_m2": "100",
    "class.a_fee_yuan": "80000",
    "class.b_fee_yuan": "20000",
    "file.fee_proposal_percent": "10",
    "visit.owed_a": "2",
    "visit.owed_b": "1",
    "visit.owed_c": "1",
    "visit.min_gap_days": "0",
    "visit.fence_radius_m": "200",
    "visit.fence_accuracy_cap_m": "100",
    "visit.position_accuracy_max_m": "100",
    "visit.required_photo_slots": "storefront,counter",
    "photo.gallery_allowed": "false",
    "photo.max_side_px": "1600",
    "training.months_a": "3",
    "training.months_b": "6",
    "training.months_c": "12",
    "training.plan_day": "28",
    "material.working_days": "3",
    "complaint.working_days": "3",
    "callback.profile_months": "2",
    "callback.training_days": "7",
    "churn.marketing_working_days": "6",
    "churn.needs_all_three": "false",
    "finding.objection_days": "7",
    "wage.base_yuan": "1100.00",
    "wage.base_mode": "whole",
    "bonus.tier1_most_customers": "10",
    "bonus.tier2_most_customers": "20",
    "bonus.tier1_yuan": "10.00",
    "bonus.tier2_yuan": "20.00",
    "bonus.tier3_yuan": "30.00",
    "bonus.tier_mode": "whole",
    "customer.least_transfer_yuan": "300.00",
    "customer.window": "calendar_month",
    "bonus.volume_rate": "0.003",
    "bonus.volume_floor_zero": "false",
    "wage.award_complaints_yuan": "100.00",
    "wage.award_trainings_yuan": "100.00",
    "wage.award_visits_yuan": "100.00",
    "wage.inadequate_training_yuan": "30.00",
    "wage.churned_yuan": "30.00",
    "wage.inaccurate_file_yuan": "30.00",
    "wage.missed_visit_yuan": "20.00",
    "wage.complaint_about_rep_yuan": "30.00",
    "wage.complaint_unhandled_yuan": "30.00",
    "wage.late_materials_yuan": "30.00",
    "wage.deduction_limit_share": "0.20",
    "wage.minimum_yuan": "0",
    "wage.cap_deductions": "false",
    "wage.carry_over": "false",
    "import.most_yuan_day": "5000000",
    "import.most_yuan_month": "100000000",
    "sync.acked_retention_days": "14",
    "sync.skew_flag_ms": "300000",
}


@pytest.mark.parametrize(
    ("day", "value"),
    [(date(2026, 10, 31), "20.00"), (date(2026, 11, 1), "25"), (date(2026, 11, 30), "25"), (date(2026, 12, 1), "30")],
)
def test_a_change_is_in_force_from_its_day_on(day, value):
    assert policy_on(day, ROWS).text("wage.missed_visit_yuan") == value


def test_of_two_values_for_the_same_day_the_last_holds():
    assert policy_on(date(2026, 11, 1), ROWS).text("wage.base_yuan") == "1300"


def test_rows_in_any_order_give_the_same_policy():
    assert policy_on(date(2026, 12, 1), reversed(ROWS[:2])).text("wage.missed_visit_yuan") == "30"


def test_equal_policies_have_equal_versions():
    assert Policy({}).version == Policy({"wage.base_yuan": "1100.00"}).version
    assert Policy({}).version != Policy({"wage.base_yuan": "1100.01"}).version


def test_an_unknown_key_is_an_error():
    with pytest.raises(UnknownPolicyKey):
        Policy({}).text("wage.made_up")


def test_every_default_is_a_value_of_its_kind():
    assert all(is_policy_value(key.key, key.default) for key in POLICY_KEYS.values())


@pytest.mark.parametrize(
    ("key", "value", "is_fine"),
    [
        ("wage.base_yuan", "1100.50", True),
        ("wage.base_yuan", "-1", False),
        ("wage.base_yuan", "NaN", False),
        ("wage.base_yuan", "much", False),
        ("visit.owed_a", "2", True),
        ("visit.owed_a", "2.5", False),
        ("wage.cap_deductions", "true", True),
        ("wage.cap_deductions", "yes", False),
        ("visit.required_photo_slots", " ", False),
        ("visit.required_photo_slots", "counter", True),
        ("visit.required_photo_slots", "storefront,counter,other", True),
        ("visit.required_photo_slots", "storefront, counter", False),
        ("visit.required_photo_slots", "storefront，counter", False),
        ("visit.required_photo_slots", "storefront,", False),
        ("visit.required_photo_slots", "counter,counter", False),
        ("visit.required_photo_slots", "storefront,till", False),
    ],
)
def test_a_value_must_be_of_the_keys_kind(key, value, is_fine):
    assert is_policy_value(key, value) is is_fine


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("storefront, counter", "storefront,counter"),
        ("storefront，counter", "storefront,counter"),
        (" storefront、 counter；other, ", "storefront,counter,other"),
        ("Storefront counter", "storefront,counter"),
        ("counter,counter", "counter"),
        ("storefront,till", "storefront,till"),
        ("", ""),
    ],
)
def test_a_list_of_photos_is_tidied_as_it_is_typed(typed, value):
    assert tidy_policy_value("visit.required_photo_slots", typed) == value


def test_other_values_stay_as_they_were_typed():
    assert tidy_policy_value("wage.base_yuan", " 1100, ") == " 1100, "


def test_photos_are_required_in_slots_that_a_visit_has():
    assert get_args(get_type_hints(Photo)["slot"]) == PHOTO_SLOTS


def test_the_phone_has_the_same_defaults():
    assert TARGET.read_text("utf-8") == policy_defaults_js()


def test_months_run_over_the_year():
    assert (str(Month(2026, 12).next()), str(Month(2027, 1).previous())) == ("2027-01", "2026-12")
    assert (Month(2028, 2).last_day, Month(2026, 2).last_day) == (date(2028, 2, 29), date(2026, 2, 28))


@pytest.mark.parametrize(
    "text", ["2026-13", "2026-00", "2026-1", "26-01", "2026/01", "２０２６-01", "2026-１1", "2026-x1", "202x-01", "2026-011", " 2026-1", ""]
)
def test_what_is_no_month_is_refused(text):
    with pytest.raises(ValueError):
        Month.parse(text)


def test_the_defaults_are_the_figures_of_the_rulebook():
    assert {key: POLICY_KEYS[key].default for key in RULEBOOK} == RULEBOOK


@pytest.mark.parametrize(
    ("key", "least", "most"),
    [
        ("visit.owed_a", "0", "28"),
        ("visit.owed_b", "0", "28"),
        ("visit.owed_c", "0", "28"),
        ("visit.min_gap_days", "0", "31"),
        ("training.months_a", "1", "12"),
        ("training.months_b", "1", "12"),
        ("training.months_c", "1", "12"),
        ("training.plan_day", "1", "28"),
        ("material.working_days", "0", "250"),
        ("complaint.working_days", "0", "250"),
        ("churn.marketing_working_days", "0", "250"),
        ("callback.profile_months", "0", "24"),
        ("callback.training_days", "0", "366"),
        ("bonus.volume_rate", "0", "1"),
        ("wage.deduction_limit_share", "0", "1"),
        ("photo.max_side_px", "640", "4000"),
        ("evidence.photo_early_max_s", "0", "86400"),
        ("evidence.fix_age_max_s", "0", "86400"),
        ("evidence.alike_max_bits", "0", "7"),
        *((key, "0", "100") for key in POLICY_KEYS if key.startswith("score.")),
        ("retention.unused_codes_days", "0", "3650"),
        ("retention.failures_days", "90", "3650"),
        ("retention.nights_days", "31", "3650"),
        ("privacy.wage_years", "2", "30"),
    ],
)
def test_a_number_stays_within_its_bounds(key, least, most):
    assert is_policy_value(key, least)
    assert is_policy_value(key, most)
    assert not is_policy_value(key, str(int(most) + 1))
    assert is_policy_value(key, str(int(least) - 1)) is False


@pytest.mark.parametrize("key", ["evidence.speed_max_kmh", "import.most_yuan_day", "import.most_yuan_month"])
def test_a_limit_that_would_let_nothing_pass_is_refused(key):
    assert is_policy_value(key, "1")
    assert not is_policy_value(key, "0.99")


def test_a_number_without_a_bound_may_be_large():
    assert is_policy_value("wage.base_yuan", "999999999999.999999")
    assert not is_policy_value("wage.base_yuan", "9999999999999")
    assert is_policy_value("class.a_chain_outlets", "999999999")
    assert not is_policy_value("class.a_chain_outlets", "9999999999")


@pytest.mark.parametrize(
    ("key", "value", "is_fine"),
    [("bonus.tier_mode", "marginal", True), ("bonus.tier_mode", "steps", False), ("bonus.volume_rate", "1.000001", False)],
)
def test_a_choice_is_one_of_its_values(key, value, is_fine):
    assert is_policy_value(key, value) is is_fine


def test_values_are_read_by_their_kind():
    policy = Policy({"wage.base_yuan": "1200.50", "visit.owed_a": "3", "wage.cap_deductions": "true"})
    assert (str(policy.decimal("wage.base_yuan")), policy.integer("visit.owed_a")) == ("1200.50", 3)
    assert (policy.flag("wage.cap_deductions"), policy.flag("wage.carry_over")) == (True, False)


def test_a_version_is_sixteen_characters():
    assert len(Policy({}).version) == 16


def test_unknown_keys_among_dated_values_are_passed_over():
    assert policy_on(date(2026, 11, 1), [("wage.gone", date(2026, 1, 1), "1")]).values == {}
