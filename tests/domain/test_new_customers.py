"""New customers 新增客户 (RULEBOOK §10, §11)."""

from datetime import date
from decimal import Decimal

import pytest

from server.domain.months import Month
from server.domain.new_customers import FILE_FIELDS, NewCustomerFacts, Transfer, new_customer_verdict, transferred_yuan
from server.domain.policy import Policy

NOVEMBER = Month(2026, 11)
ONE_MONTH = Policy({"customer.window": "one_month"})


def transfers(**amounts):
    return tuple(Transfer(date(2026, int(day[1:3]), int(day[3:])), Decimal(amount)) for day, amount in amounts.items())


def verdict_of(made_on=date(2026, 11, 5), moved=None, policy=Policy({}), **changes):  # noqa: B008
    moved = transfers(d1106="300") if moved is None else moved
    return new_customer_verdict(NewCustomerFacts(made_on, moved, **changes), NOVEMBER, policy)


def test_an_account_made_with_300_yuan_and_a_complete_file_counts():
    verdict = verdict_of()
    assert (verdict.counts, verdict.reasons, str(verdict.transferred_yuan)) == (True, (), "300.00")


@pytest.mark.parametrize(
    ("made_on", "counts"),
    [(date(2026, 10, 31), False), (date(2026, 11, 1), True), (date(2026, 11, 30), True), (date(2026, 12, 1), False), (None, False)],
)
def test_the_month_is_that_of_the_account(made_on, counts):
    verdict = verdict_of(made_on)
    assert verdict.counts is counts
    assert verdict.reasons == (() if counts else ("no_account_this_month",))
    assert str(verdict.transferred_yuan) == ("300.00" if counts else "0.00")


@pytest.mark.parametrize(("refund", "counts"), [("-50.00", True), ("-50.01", False)])
def test_300_yuan_are_needed_net_of_refunds(refund, counts):
    verdict = verdict_of(moved=transfers(d1106="350", d1107=refund))
    assert verdict.counts is counts
    assert verdict.reasons == (() if counts else ("not_enough_transferred",))


def test_policy_sets_the_least_transfer():
    assert not verdict_of(policy=Policy({"customer.least_transfer_yuan": "300.01"})).counts


@pytest.mark.parametrize("field", FILE_FIELDS)
def test_each_field_of_the_file_is_needed(field):
    verdict = verdict_of(missing_fields=(field,))
    assert (verdict.counts, verdict.reasons) == (False, (f"missing_{field}",))


def test_the_fields_are_those_of_the_rule():
    assert FILE_FIELDS == ("name", "person_in_charge", "address", "phone", "id_number", "photo")


def test_a_struck_out_customer_does_not_count_and_every_reason_is_said():
    verdict = verdict_of(moved=(), missing_fields=("phone", "photo"), is_struck_out=True)
    assert verdict.reasons == ("not_enough_transferred", "missing_phone", "missing_photo", "struck_out")
    assert verdict_of(is_struck_out=True).reasons == ("struck_out",)


def test_the_calendar_month_is_the_window_by_default():
    moved = transfers(d1031="1", d1101="10", d1130="100", d1201="1000")
    assert str(transferred_yuan(moved, date(2026, 11, 20), Policy({}))) == "110.00"


def test_one_month_from_the_day_is_the_window_where_policy_says_so():
    moved = transfers(d1119="1", d1120="10", d1220="100", d1221="1000")
    assert str(transferred_yuan(moved, date(2026, 11, 20), ONE_MONTH)) == "110.00"


def test_a_customer_of_november_stays_novembers_with_the_other_window():
    assert verdict_of(date(2026, 11, 20), transfers(d1220="300"), ONE_MONTH).counts
    assert not new_customer_verdict(NewCustomerFacts(date(2026, 11, 20), transfers(d1220="300")), Month(2026, 12), ONE_MONTH).counts
