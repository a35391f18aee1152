"""Churn 离网 (RULEBOOK §9, §11): the list, and what the words decide."""

from datetime import date
from decimal import Decimal

import pytest

from server.domain.churn import ChurnState, Source, Word, churn_decided_on, churn_state, is_charged, is_listed
from server.domain.months import Month
from server.domain.policy import Policy

LISTED_ON = date(2026, 11, 2)  # a Monday; marketing's six working days end on Tuesday the 10th
TODAY = date(2026, 12, 1)
ALL_THREE = Policy({"churn.needs_all_three": "true"})
MARKETING, OPS, ON_SITE = Source.MARKETING, Source.OPS, Source.ON_SITE


def word(source, day, is_gone=True):
    return Word(source, date(2026, 11, day), is_gone)


def state_of(*words, today=TODAY, policy=Policy({})):  # noqa: B008
    return churn_state(LISTED_ON, words, today, {}, policy)


def decided_on(*words, policy=Policy({})):  # noqa: B008
    return churn_decided_on(LISTED_ON, words, TODAY, {}, policy)


@pytest.mark.parametrize(
    ("july", "august", "is_on"), [("100", "0", True), ("0.01", "0", True), ("100", "0.01", False), ("0", "0", False), ("0", "100", False)]
)
def test_in_september_customers_active_in_july_and_not_in_august_are_listed(july, august, is_on):
    volumes = {Month(2026, 7): Decimal(july), Month(2026, 8): Decimal(august), Month(2026, 9): Decimal(500)}
    assert is_listed(volumes, Month(2026, 9)) is is_on


def test_a_month_without_a_figure_is_inactive():
    assert is_listed({Month(2026, 12): Decimal(1)}, Month(2027, 2))
    assert not is_listed({}, Month(2026, 9))


@pytest.mark.parametrize("source", list(Source))
def test_one_confirmation_churns_and_one_denial_keeps(source):
    assert state_of(word(source, 5)) == ChurnState.CHURNED
    assert state_of(word(source, 5, False)) == ChurnState.KEPT


@pytest.mark.parametrize(("day", "state"), [(10, ChurnState.CHURNED), (11, ChurnState.OPS_DECIDES)])
def test_marketings_word_counts_on_its_sixth_working_day_and_not_later(day, state):
    assert state_of(word(MARKETING, day)) == state


def test_the_words_of_ops_and_on_site_have_no_deadline():
    assert state_of(word(OPS, 30)) == ChurnState.CHURNED
    assert state_of(word(ON_SITE, 30)) == ChurnState.CHURNED


@pytest.mark.parametrize(("today", "state"), [(date(2026, 11, 10), ChurnState.OPEN), (date(2026, 11, 11), ChurnState.OPS_DECIDES)])
@pytest.mark.parametrize("policy", [Policy({}), ALL_THREE])
def test_nothing_by_the_deadline_leaves_it_to_ops(today, state, policy):
    assert state_of(today=today, policy=policy) == state


def test_words_that_disagree_are_disputed_until_the_on_site_visit_decides():
    words = (word(MARKETING, 5), word(OPS, 6, False))
    assert state_of(*words) == ChurnState.DISPUTED
    assert state_of(*words, word(ON_SITE, 12)) == ChurnState.CHURNED
    assert state_of(*words, word(ON_SITE, 12, False)) == ChurnState.KEPT
    assert state_of(word(ON_SITE, 3, False), word(MARKETING, 5), word(OPS, 6)) == ChurnState.KEPT


def test_two_confirmations_churn_and_two_denials_keep():
    assert state_of(word(MARKETING, 5), word(OPS, 6)) == ChurnState.CHURNED
    assert state_of(word(MARKETING, 5, False), word(OPS, 6, False)) == ChurnState.KEPT


def test_of_two_words_by_the_same_source_the_later_holds_in_any_order():
    assert state_of(word(OPS, 9), word(OPS, 5, False)) == ChurnState.CHURNED
    assert state_of(word(OPS, 5), word(OPS, 9, False)) == ChurnState.KEPT


def test_all_three_are_needed_where_policy_says_so():
    assert state_of(word(MARKETING, 5), word(OPS, 6), word(ON_SITE, 7), policy=ALL_THREE) == ChurnState.CHURNED
    assert state_of(word(MARKETING, 5), word(OPS, 6), policy=ALL_THREE) == ChurnState.OPEN
    assert state_of(word(MARKETING, 11), word(OPS, 6), word(ON_SITE, 7), policy=ALL_THREE) == ChurnState.OPEN
    assert state_of(word(MARKETING, 5, False), word(OPS, 6), word(ON_SITE, 7), policy=ALL_THREE) == ChurnState.KEPT
    assert state_of(word(OPS, 6, False), policy=ALL_THREE) == ChurnState.KEPT


def test_churn_is_decided_by_the_first_word_that_no_later_one_overturned():
    assert decided_on(word(MARKETING, 5), word(OPS, 20)) == date(2026, 11, 5)
    assert decided_on(word(MARKETING, 11), word(OPS, 20)) == date(2026, 11, 20)
    assert decided_on(word(OPS, 6), word(MARKETING, 11, False)) == date(2026, 11, 6)
    assert decided_on(word(MARKETING, 5), word(OPS, 6, False), word(ON_SITE, 12)) == date(2026, 11, 12)
    assert decided_on(word(MARKETING, 5), word(OPS, 6, False), word(OPS, 9)) == date(2026, 11, 9)
    assert decided_on(word(MARKETING, 5), word(OPS, 6), word(ON_SITE, 12), policy=ALL_THREE) == date(2026, 11, 12)


def test_a_kept_customer_has_its_day_too_and_an_undecided_case_none():
    assert decided_on(word(OPS, 6, False)) == date(2026, 11, 6)
    assert decided_on() is None
    assert decided_on(word(MARKETING, 5), word(OPS, 6, False)) is None


@pytest.mark.parametrize(
    ("state", "reason", "is_so"),
    [
        (ChurnState.CHURNED, "", True),
        (ChurnState.CHURNED, "closed_down", False),
        (ChurnState.CHURNED, "moved", False),
        (ChurnState.CHURNED, "merged", False),
        (ChurnState.KEPT, "", False),
        (ChurnState.DISPUTED, "", False),
        (ChurnState.OPEN, "", False),
        (ChurnState.OPS_DECIDES, "", False),
    ],
)
def test_only_abnormal_churn_is_charged(state, reason, is_so):
    assert is_charged(state, reason) is is_so
