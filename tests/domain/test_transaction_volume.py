"""Transaction volume 客户交易量 (RULEBOOK §10, §11)."""

from datetime import date
from decimal import Decimal

import pytest

from server.domain.months import Month
from server.domain.new_customers import Transfer
from server.domain.transaction_volume import month_volume, same_days_end
from server.domain.wage_facts import Evidence

NOVEMBER = Month(2026, 11)
DAYS = {"1001": "1", "1010": "10", "1011": "100", "1031": "1000", "0930": "7", "1101": "2", "1110": "20", "1111": "200", "1130": "2000", "1201": "9"}
TRANSFERS = {"s1": [Transfer(date(2026, int(day[:2]), int(day[2:])), Decimal(amount)) for day, amount in DAYS.items()]}


def sums(month, until=None):
    volume = month_volume(["s1"], TRANSFERS, month, until)
    return str(volume.this_yuan), str(volume.last_yuan), volume.is_estimate


def test_whole_months_are_compared_when_the_month_is_over():
    assert sums(NOVEMBER) == ("2222.00", "1111.00", False)
    assert sums(NOVEMBER, date(2026, 11, 30)) == ("2222.00", "1111.00", False)
    assert sums(NOVEMBER, date(2026, 12, 15)) == ("2222.00", "1111.00", False)


@pytest.mark.parametrize(
    ("until", "this_yuan", "last_yuan"),
    [
        (date(2026, 11, 29), "222.00", "111.00"),
        (date(2026, 11, 10), "22.00", "11.00"),
        (date(2026, 11, 9), "2.00", "1.00"),
        (date(2026, 11, 1), "2.00", "1.00"),
        (date(2026, 10, 31), "0.00", "0.00"),
        (date(2026, 9, 5), "0.00", "0.00"),
    ],
)
def test_a_running_month_is_an_estimate_of_the_same_days(until, this_yuan, last_yuan):
    assert sums(NOVEMBER, until) == (this_yuan, last_yuan, True)


def with_total(until):
    daily = [Transfer(date(2026, 10, 10), Decimal("5")), Transfer(date(2026, 11, 3), Decimal("8"))]
    total = [Transfer(date(2026, 10, 31), Decimal("1000"), is_month_total=True), Transfer(date(2026, 11, 3), Decimal("300"))]
    volume = month_volume(["s1", "s2"], {"s1": daily, "s2": total}, NOVEMBER, until)
    return str(volume.this_yuan), str(volume.last_yuan), [one.id for one in volume.evidence]


def test_an_outlet_whose_last_month_came_as_one_total_is_left_out_of_an_estimate():
    assert with_total(date(2026, 11, 29)) == ("8.00", "5.00", ["s1:2026-11"])
    assert with_total(None) == ("308.00", "1005.00", ["s1:2026-11", "s2:2026-11"])


def test_a_short_last_month_that_came_as_one_total_is_compared_whole_once_all_its_days_are():
    transfers = {"s1": [Transfer(date(2027, 2, 28), Decimal("1000"), is_month_total=True), Transfer(date(2027, 3, 3), Decimal("300"))]}
    found = [month_volume(["s1"], transfers, Month(2027, 3), date(2027, 3, day)) for day in (27, 28)]
    assert [(str(one.this_yuan), str(one.last_yuan)) for one in found] == [("0.00", "0.00"), ("300.00", "1000.00")]


@pytest.mark.parametrize(
    ("day", "month", "end"),
    [
        (date(2026, 11, 10), NOVEMBER, date(2026, 10, 10)),
        (date(2027, 3, 28), Month(2027, 3), date(2027, 2, 28)),
        (date(2027, 3, 30), Month(2027, 3), date(2027, 2, 28)),
        (date(2026, 10, 31), NOVEMBER, date(2026, 9, 30)),
    ],
)
def test_the_same_days_end_with_the_shorter_month(day, month, end):
    assert same_days_end(day, month) == end


def test_each_outlet_that_moved_money_is_evidence_and_sums_add_up():
    moved = {"a": [Transfer(date(2026, 11, 2), Decimal("5.50"))], "b": [Transfer(date(2026, 10, 2), Decimal("1.25"))], "c": []}
    volume = month_volume(["a", "b", "c", "d"], moved, NOVEMBER)
    assert (str(volume.this_yuan), str(volume.last_yuan)) == ("5.50", "1.25")
    assert volume.evidence == (Evidence("outlet_volume", "a:2026-11"), Evidence("outlet_volume", "b:2026-11"))


def test_only_the_outlets_asked_for_count():
    assert str(month_volume([], TRANSFERS, NOVEMBER).this_yuan) == "0.00"
