"""Signs that an outlet may be leaving 离网: money that falls, and days without any. They inform; RULEBOOK §9 decides."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from server.domain.months import Month

MONTHS_BACK = 3


@dataclass(frozen=True)
class ChurnSigns:
    """`fall_percent` is None where a month to compare is missing, negative for growth; `quiet_days` None without any transaction."""

    fall_percent: int | None
    quiet_days: int | None


def churn_signs(volumes: dict[Month, Decimal], last_on: date | None, today: date) -> ChurnSigns:
    """The last whole month against the one three months before it, and the days since the last transaction."""
    newest = Month.of_date(today).previous()
    oldest = newest
    for _ in range(MONTHS_BACK):
        oldest = oldest.previous()
    return ChurnSigns(_fall_percent(volumes.get(oldest), volumes.get(newest)), None if last_on is None else (today - last_on).days)


def _fall_percent(before: Decimal | None, after: Decimal | None) -> int | None:
    if before is None or after is None or before <= 0:
        return None
    return round(100 * (before - after) / before)
