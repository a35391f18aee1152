"""Policy by date, and its copy on the phone."""

from datetime import date

import pytest

from server.domain.months import Month
from server.domain.policy import POLICY_KEYS, Policy, UnknownPolicyKey, is_policy_value, policy_on
from server.policy_export import TARGET, policy_defaults_js

ROWS = [
    ("wage.missed_visit_yuan", date(2026, 11, 1), "25"),
    ("wage.missed_visit_yuan", date(2026, 12, 1), "30"),
    ("wage.base_yuan", date(2026, 11, 1), "1200"),
    ("wage.base_yuan", date(2026, 11, 1), "1300"),
]


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
    ],
)
def test_a_value_must_be_of_the_keys_kind(key, value, is_fine):
    assert is_policy_value(key, value) is is_fine


def test_the_phone_has_the_same_defaults():
    assert TARGET.read_text("utf-8") == policy_defaults_js()


def test_months_run_over_the_year():
    assert (str(Month(2026, 12).next()), str(Month(2027, 1).previous())) == ("2027-01", "2026-12")
    assert (Month(2028, 2).last_day, Month(2026, 2).last_day) == (date(2028, 2, 29), date(2026, 2, 28))


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "2026-1", "26-01", "2026/01", "２０２６-01", ""])
def test_what_is_no_month_is_refused(text):
    with pytest.raises(ValueError):
        Month.parse(text)
