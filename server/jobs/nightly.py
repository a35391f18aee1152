"""The nightly check: lists, compliance, proposed findings, wage drafts. Each step is a transaction of its own; a night that is
killed anywhere and run again ends like one clean run."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial

from sqlalchemy import bindparam, update

from server.callbacks.following import follow_calls
from server.callbacks.listing import list_callbacks
from server.churn.deciding import refresh_cases
from server.churn.following import follow_churn
from server.churn.listing import list_churn
from server.clock import now as clock_now
from server.complaints.following import follow_complaints
from server.complaints.proposals import due_complaints, propose_unhandled
from server.db import db
from server.domain.months import MONTHS_CHECKED, SHANGHAI, Month, business_date, months_until, oldest_corrected
from server.feed.audit import audit_feed
from server.feed.floor import raise_floor
from server.intake.rerun import run_repairable
from server.jobs.models import NightlyRun
from server.jobs.retention import purge_attempts, purge_codes, purge_notices, purge_parts, purge_runs
from server.leaves.substitutes import refresh_substitutes
from server.materials.proposals import due_deliveries, propose_late_materials
from server.media.pictures import purge_leftovers
from server.media.uploads import purge_expired
from server.outlets.class_nights import refresh_classes
from server.payroll.actions import draft_month
from server.payroll.adjustments import newest_closed, oldest_open
from server.people.sessions import purge_ended_sessions
from server.policy.calendar import seed_calendar
from server.privacy.erasure_list import list_erasures
from server.privacy.outlets import empty_late_files, forget_outlet_people
from server.privacy.people import forget_people
from server.staff.leaving import end_due_employments
from server.training.planning import due_trainings, plan_trainings
from server.transactions.spool import purge_checks
from server.visits.adherence import refresh_plan_days, visits_made_as_planned, visits_planned
from server.visits.compliance import refresh_moved_outlets, refresh_outlet_months
from server.visits.flagging import flag_overlooked_visits
from server.visits.forecasting import forecast_misses
from server.visits.late_fences import judge_by_late_fences
from server.visits.missed import propose_missed_visits
from server.visits.month_sums import sum_months
from server.visits.position_proposals import propose_positions
from server.visits.sampling import draw_samples
from sync.ids import uuid7

DELETIONS_KNOWN = timedelta(days=90)
LAST_HOUR = time(23)
OfDay = Callable[[datetime], int]
OfMonth = Callable[[Month, datetime], int]

# Said after every step, so built once.
_KEEP = (
    update(NightlyRun)
    .where(NightlyRun.id == bindparam("run_id"))
    .values(steps=bindparam("steps"), finished_at=bindparam("finished_at"))
    .execution_options(synchronize_session=False)
)


def _audit_feed(_now: datetime) -> int:
    return audit_feed()


def _refresh_substitutes(now: datetime) -> int:
    """As of the day that it is, when a day that is over is checked again: phones are of today."""
    return refresh_substitutes(max(now, clock_now()))


def _refresh_classes(now: datetime) -> int:
    """As of the day that it is, too: a class that a later night has dated must not go back to what it was."""
    return refresh_classes(max(now, clock_now()))


def _raise_floor(now: datetime) -> int:
    return raise_floor(now - DELETIONS_KNOWN)


# first the calendar in which deadlines are counted, and which people have left; then what waits for a newer server, and what new thresholds and
# fences make of classes and visits, since all below counts them; then whom the office has to ask today, before the months, since a customer who
# has left owes no visit from the next month on
LISTS: tuple[tuple[str, OfDay], ...] = (
    ("calendar years", seed_calendar),
    ("people left", end_due_employments),
    ("substitutes changed", _refresh_substitutes),
    ("records taken in", run_repairable),
    ("classes changed", _refresh_classes),
    ("visits judged anew", judge_by_late_fences),
    ("visits flagged", flag_overlooked_visits),
    ("samples drawn", draw_samples),
    ("positions proposed", propose_positions),
    ("call-backs listed", list_callbacks),
    ("churn cases listed", list_churn),
    ("churn cases changed", refresh_cases),
    ("findings of churn", follow_churn),
    ("findings of calls", follow_calls),
    ("late materials", propose_late_materials),
    ("unhandled complaints", propose_unhandled),
    ("findings about reps", follow_complaints),
    ("trainings planned", plan_trainings),
    ("deliveries due", due_deliveries),
    ("complaints due", due_complaints),
    ("trainings due", due_trainings),
)
STEPS: tuple[tuple[str, OfMonth], ...] = (
    ("outlet months changed", refresh_outlet_months),
    ("plan days changed", refresh_plan_days),
    ("visits planned", visits_planned),
    ("visits made as planned", visits_made_as_planned),
    ("forecasts changed", forecast_misses),
    ("findings proposed", propose_missed_visits),
    ("wage sheets", draft_month),
)
# of closed months nothing is written but what somebody was put in charge of later, and what late visits say of findings
STEPS_OF_CLOSED: tuple[tuple[str, OfMonth], ...] = (
    ("outlet months changed", refresh_moved_outlets),
    ("findings proposed", propose_missed_visits),
)
TIDYING: tuple[tuple[str, OfDay], ...] = (
    ("feed rows mended", _audit_feed),
    ("deletions forgotten", _raise_floor),
    ("uploads purged", purge_expired),
    ("pictures left over", purge_leftovers),
    ("checked tables purged", purge_checks),
    ("half files left over", purge_parts),
    ("sign-in codes purged", purge_codes),
    ("ended sessions forgotten", purge_ended_sessions),
    ("failures forgotten", purge_attempts),
    ("notices forgotten", purge_notices),
    ("nights forgotten", purge_runs),
    ("people forgotten", forget_people),
    ("outlets' people forgotten", forget_outlet_people),
    ("late files emptied", empty_late_files),
    ("erasures listed", list_erasures),
)


@dataclass
class NightlyReport:
    """What a run did: (step, month or empty, how many). It is kept as it grows, so that a night that was killed shows how far it came."""

    day: date
    id: str = field(default_factory=uuid7)
    steps: list[tuple[str, str, int]] = field(default_factory=list)

    def lines(self) -> list[str]:
        return [f"nightly {self.day}"] + [f"  {step:<24}{month:<9}{count:>7}" for step, month, count in self.steps]


def run_nightly(day: date, now: datetime) -> NightlyReport:
    """Make the day's lists, check its month, the two before it and older ones that are open as of that day, and put closed ones right; safe
    to run twice or in parallel."""
    report = NightlyReport(day)
    if day != business_date(now):
        now = datetime.combine(day, LAST_HOUR, SHANGHAI)
    db.session.add(NightlyRun(id=report.id, day=day, started_at=clock_now(), steps=[]))
    db.session.commit()
    for name, month, run in _steps(day, now):
        report.steps.append((name, month, run()))
        _keep(report, None)
    _keep(report, clock_now())
    return report


def _steps(day: date, now: datetime) -> Iterator[tuple[str, str, Callable[[], int]]]:
    for name, make in LISTS:
        yield name, "", partial(make, now)
    checked = _checked(Month.of_date(day))
    for month in _put_right(checked[0]):
        for name, check in STEPS_OF_CLOSED:
            yield name, str(month), partial(check, month, now)
    for month in checked:
        for name, check in STEPS:
            yield name, str(month), partial(check, month, now)
    yield "months to come changed", str(checked[-1].next()), partial(refresh_moved_outlets, checked[-1].next(), now)
    yield "months added up", "", partial(sum_months, now)
    for name, tidy in TIDYING:
        yield name, "", partial(tidy, now)


def _checked(running: Month) -> list[Month]:
    """The running month and the two before it, and older ones that are still open, a year back at most; the oldest first."""
    months = months_until(running, MONTHS_CHECKED)
    oldest = max(oldest_open() or months[0], oldest_corrected(running))
    while months[0] > oldest:
        months.insert(0, months[0].previous())
    return months


def _put_right(first_checked: Month) -> list[Month]:
    """The closed months before those that adjustments still put right, the oldest first."""
    closed, months = newest_closed(), []
    month = oldest_corrected(closed.next()) if closed else first_checked
    while month < first_checked:
        months.append(month)
        month = month.next()
    return months


def _keep(report: NightlyReport, finished_at: datetime | None) -> None:
    """Commit a step together with the report of it."""
    steps = [{"step": step, "month": month, "count": count} for step, month, count in report.steps]
    db.session.execute(_KEEP, {"run_id": report.id, "steps": steps, "finished_at": finished_at})
    db.session.commit()
