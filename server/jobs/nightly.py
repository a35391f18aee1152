"""The nightly check: compliance, proposed findings, wage drafts. Each step is a transaction of its own; a night that is
killed anywhere and run again ends like one clean run."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from server.db import db
from server.domain.months import SHANGHAI, Month, business_date
from server.feed.audit import audit_feed
from server.feed.floor import raise_floor
from server.intake.rerun import run_repairable
from server.media.uploads import purge_expired
from server.payroll.actions import draft_month
from server.visits.compliance import refresh_outlet_months
from server.visits.missed import propose_missed_visits

MONTHS_BACK = 2
DELETIONS_KNOWN = timedelta(days=90)
LAST_HOUR = time(23)
STEPS: tuple[tuple[str, Callable[[Month, datetime], int]], ...] = (
    ("outlet months changed", refresh_outlet_months),
    ("findings proposed", propose_missed_visits),
    ("wage sheets", draft_month),
)


@dataclass
class NightlyReport:
    """What a run did: (step, month or empty, how many)."""

    day: date
    steps: list[tuple[str, str, int]] = field(default_factory=list)

    def lines(self) -> list[str]:
        return [f"nightly {self.day}"] + [f"  {step:<24}{month:<9}{count:>7}" for step, month, count in self.steps]


def run_nightly(day: date, now: datetime) -> NightlyReport:
    """Check the month of `day` and the two before it as of that day; safe to run twice or in parallel."""
    report = NightlyReport(day)
    if day != business_date(now):
        now = datetime.combine(day, LAST_HOUR, SHANGHAI)
    for month in _months(day):
        for name, run in STEPS:
            count = run(month, now)
            db.session.commit()
            report.steps.append((name, str(month), count))
    for name, tidy in TIDYING:
        count = tidy(now)
        db.session.commit()
        report.steps.append((name, "", count))
    return report


def _audit_feed(_now: datetime) -> int:
    return audit_feed()


def _raise_floor(now: datetime) -> int:
    return raise_floor(now - DELETIONS_KNOWN)


TIDYING: tuple[tuple[str, Callable[[datetime], int]], ...] = (
    ("records taken in", run_repairable),
    ("feed rows mended", _audit_feed),
    ("deletions forgotten", _raise_floor),
    ("uploads purged", purge_expired),
)


def _months(day: date) -> list[Month]:
    months = [Month.of_date(day)]
    for _ in range(MONTHS_BACK):
        months.insert(0, months[0].previous())
    return months
