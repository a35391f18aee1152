"""Months and business days (RULEBOOK §11, time and place)."""

from datetime import UTC, date, datetime

import pytest

from server.domain.months import Month, business_date, months_until, same_day_later


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 9, 15), 2, date(2026, 11, 15)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 11, 30), 2, date(2027, 1, 30)),
        (date(2026, 1, 29), 1, date(2026, 2, 28)),
        (date(2026, 2, 28), 1, date(2026, 3, 28)),
        (date(2026, 12, 1), 12, date(2027, 12, 1)),
        (date(2026, 5, 31), 0, date(2026, 5, 31)),
    ],
)
def test_the_same_day_later_is_the_months_last_day_where_there_is_none(day, months, later):
    assert same_day_later(day, months) == later


@pytest.mark.parametrize(
    ("month", "following", "before"),
    [("2026-11", "2026-12", "2026-10"), ("2026-12", "2027-01", "2026-11"), ("2026-01", "2026-02", "2025-12"), ("2026-02", "2026-03", "2026-01")],
)
def test_months_follow_each_other(month, following, before):
    assert (str(Month.parse(month).next()), str(Month.parse(month).previous())) == (following, before)


def test_a_month_has_its_days():
    assert (Month(2026, 11).first_day, Month(2026, 11).last_day) == (date(2026, 11, 1), date(2026, 11, 30))
    assert Month.of_date(date(2026, 11, 30)) == Month(2026, 11)


def test_months_sort_by_time():
    assert sorted([Month(2027, 1), Month(2026, 12), Month(2026, 2)]) == [Month(2026, 2), Month(2026, 12), Month(2027, 1)]


@pytest.mark.parametrize(("year", "month"), [(0, 1), (10000, 1), (2026, 0), (2026, 13)])
def test_a_month_that_is_none_is_refused(year, month):
    with pytest.raises(ValueError, match="no such month"):
        Month(year, month)


def test_the_first_and_the_last_month_there_are_stand():
    assert (str(Month(1, 1)), str(Month(9999, 12))) == ("0001-01", "9999-12")


def test_the_date_turns_at_midnight_in_shanghai():
    assert business_date(datetime(2026, 11, 30, 15, 59, tzinfo=UTC)) == date(2026, 11, 30)
    assert business_date(datetime(2026, 11, 30, 16, 0, tzinfo=UTC)) == date(2026, 12, 1)


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        business_date(datetime(2026, 11, 30, 16, 0))


def test_months_until_come_oldest_first_over_the_turn_of_the_year():
    assert [str(month) for month in months_until(Month(2027, 1), 3)] == ["2026-11", "2026-12", "2027-01"]
    assert months_until(Month(2027, 1), 1) == [Month(2027, 1)]
