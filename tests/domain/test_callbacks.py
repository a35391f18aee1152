"""Call-backs 电话回访 (RULEBOOK §8, §11): windows and what a bad outcome brings."""

from datetime import date

import pytest

from server.domain.callbacks import finding_kind, is_profile_window, is_struck_out, is_training_window, proposed_outcome, week_before
from server.domain.policy import Policy

FIRST_USE = date(2026, 11, 3)


@pytest.mark.parametrize(
    ("day", "monday", "sunday"),
    [
        (date(2026, 11, 9), date(2026, 11, 2), date(2026, 11, 8)),
        (date(2026, 11, 15), date(2026, 11, 2), date(2026, 11, 8)),
        (date(2026, 11, 16), date(2026, 11, 9), date(2026, 11, 15)),
        (date(2027, 1, 1), date(2026, 12, 21), date(2026, 12, 27)),
    ],
)
def test_last_week_runs_from_monday_to_sunday(day, monday, sunday):
    assert week_before(day) == (monday, sunday)


@pytest.mark.parametrize(
    ("first_use_on", "day", "is_in"),
    [
        (date(2026, 9, 15), date(2026, 9, 14), False),
        (date(2026, 9, 15), date(2026, 9, 15), True),
        (date(2026, 9, 15), date(2026, 11, 15), True),
        (date(2026, 9, 15), date(2026, 11, 16), False),
        (date(2026, 12, 31), date(2027, 2, 28), True),
        (date(2026, 12, 31), date(2027, 3, 1), False),
        (date(2027, 12, 31), date(2028, 2, 29), True),
        (date(2027, 12, 31), date(2028, 3, 1), False),
    ],
)
def test_a_profile_call_is_due_within_two_months_of_first_use(first_use_on, day, is_in):
    assert is_profile_window(first_use_on, day, Policy({})) is is_in


@pytest.mark.parametrize(
    ("asked_on", "is_in"),
    [(date(2026, 11, 2), False), (date(2026, 11, 3), True), (date(2026, 11, 10), True), (date(2026, 11, 11), False)],
)
def test_a_question_shows_the_training_within_seven_days_of_first_use(asked_on, is_in):
    assert is_training_window(FIRST_USE, asked_on, Policy({})) is is_in


def test_policy_sets_both_windows():
    policy = Policy({"callback.profile_months": "1", "callback.training_days": "2"})
    assert is_profile_window(FIRST_USE, date(2026, 12, 3), policy)
    assert not is_profile_window(FIRST_USE, date(2026, 12, 4), policy)
    assert is_training_window(FIRST_USE, date(2026, 11, 5), policy)
    assert not is_training_window(FIRST_USE, date(2026, 11, 6), policy)


@pytest.mark.parametrize(
    ("outcome", "is_out"), [("wrong_phone", True), ("wrong_address", True), ("unreachable", True), ("good", False), ("unreached", False)]
)
def test_a_wrong_phone_or_address_or_nobody_reached_strikes_out(outcome, is_out):
    assert is_struck_out(outcome) is is_out


@pytest.mark.parametrize(
    ("kind", "outcome", "first_use_on", "day", "finding"),
    [
        ("profile", "inaccurate", FIRST_USE, date(2027, 1, 3), "inaccurate_file"),
        ("profile", "inaccurate", FIRST_USE, date(2027, 1, 4), None),
        ("profile", "inaccurate", None, date(2026, 11, 5), None),
        ("profile", "good", FIRST_USE, date(2026, 11, 5), None),
        ("training", "inadequate", FIRST_USE, date(2026, 11, 10), "inadequate_training"),
        ("training", "inadequate", FIRST_USE, date(2026, 11, 11), None),
        ("training", "inadequate", None, date(2026, 11, 5), None),
        ("inspection", "not_visited", None, date(2027, 11, 5), "missed_visit"),
        ("inspection", "unreached", FIRST_USE, date(2026, 11, 5), None),
        ("new_customer", "wrong_phone", FIRST_USE, date(2026, 11, 5), None),
    ],
)
def test_a_bad_outcome_in_its_window_proposes_a_finding(kind, outcome, first_use_on, day, finding):
    assert finding_kind(kind, outcome, first_use_on, day, Policy({})) == finding


@pytest.mark.parametrize(
    ("kind", "answers", "outcome"),
    [
        ("new_customer", ("yes", "yes", "yes"), "good"),
        ("new_customer", ("yes", "yes", ""), ""),
        ("new_customer", ("yes", "yes", "no"), ""),
        ("new_customer", ("no", "no", "yes"), "wrong_phone"),
        ("new_customer", ("", "no", "no"), "wrong_address"),
        ("new_customer", ("", "", ""), ""),
        ("profile", ("yes", "yes", "no"), "good"),
        ("profile", ("yes", "no", ""), "inaccurate"),
        ("inspection", ("yes", "no", "no"), "good"),
        ("inspection", ("no", "", ""), "not_visited"),
        ("training", ("no", "yes", "yes"), "good"),
        ("training", ("yes", "yes", "no"), "inadequate"),
        ("training", ("yes", "", "yes"), ""),
    ],
)
def test_the_first_no_that_counts_is_proposed_and_good_only_when_all_were_asked(kind, answers, outcome):
    assert proposed_outcome(kind, answers) == outcome
