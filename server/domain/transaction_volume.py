"""Transaction volume 客户交易量 of a set of outlets, this month and last (RULEBOOK §10, §11)."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from server.domain.months import Month
from server.domain.new_customers import Transfer
from server.domain.wage_facts import NOTHING, Evidence, Volume


def month_volume(outlet_ids: Iterable[str], transfers: Mapping[str, Iterable[Transfer]], month: Month, until: date | None = None) -> Volume:
    """Both months' volume of the same outlets. With `until` in a running month: the month to that day against the same days of
    the last one, an estimate 估算; no days against no days when the month has not begun. Of an outlet whose last month came as one total
    nobody knows the same days, so that it is left out of an estimate."""
    last = month.previous()
    is_estimate = until is not None and until < month.last_day
    this_end = until if until is not None and is_estimate else month.last_day
    last_end = same_days_end(this_end, month) if is_estimate else last.last_day
    this_yuan = last_yuan = NOTHING
    evidence = []
    for outlet_id in outlet_ids:
        if last_end < last.last_day and _came_as_total(transfers.get(outlet_id, ()), last):
            continue
        now, before = (_between(transfers.get(outlet_id, ()), first, end) for first, end in ((month.first_day, this_end), (last.first_day, last_end)))
        this_yuan, last_yuan = this_yuan + now, last_yuan + before
        if now or before:
            evidence.append(Evidence("outlet_volume", f"{outlet_id}:{month}"))
    return Volume(this_yuan, last_yuan, is_estimate, tuple(evidence))


def same_days_end(day: date, month: Month) -> date:
    """The last of the same days in the month before: as many days from its start, at most all of it."""
    last = month.previous()
    return min(last.first_day + (day - month.first_day), last.last_day)


def _came_as_total(transfers: Iterable[Transfer], month: Month) -> bool:
    return any(one.is_month_total and Month.of_date(one.on) == month for one in transfers)


def _between(transfers: Iterable[Transfer], first: date, last: date) -> Decimal:
    return sum((one.amount_yuan for one in transfers if first <= one.on <= last), NOTHING)
