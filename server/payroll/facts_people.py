"""Who was there in a month, and on how many of its working days (RULEBOOK §11: base for a month with any active day)."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import select

from server.db import db
from server.domain.company_facts import CompanyFacts, PersonRecord
from server.domain.company_month import active_days
from server.domain.months import Month, business_date
from server.domain.wage_facts import ActiveDays
from server.domain.working_days import WorkingYear
from server.outlets.models import Assignment
from server.people.models import Person, PersonBreak, PersonRole, Role
from server.people.rep_spells import days_not_rep
from server.policy.queries import working_years

ABSENT = ActiveDays(False)
Breaks = tuple[tuple[date, date], ...]
Span = tuple[date | None, date | None, Breaks]


def holders_of(month: Month) -> set[str]:
    """People responsible for any outlet on any day of the month."""
    meets = (Assignment.starts_on <= month.last_day) & (Assignment.ends_on.is_(None) | (Assignment.ends_on >= month.first_day))
    return set(db.session.scalars(select(Assignment.person_id).where(meets).distinct()))


def active_days_of(month: Month, with_facts: Iterable[str], with_findings: Iterable[str] = ()) -> dict[str, ActiveDays]:
    """The days of every rep who was there, and of whoever else has facts or findings in the month, by person id.

    Somebody added after the month, or who left before it, is absent; so is an account closed without a last day. Without facts only days
    as a rep matter: a finding may be about a month before.
    """
    at_outlets = set(with_facts)
    named = at_outlets.union(with_findings)
    reps = select(PersonRole.person_id).where(PersonRole.role == Role.REP)
    columns = (Person.id, Person.is_active, Person.created_at, Person.starts_on, Person.ends_on, Person.id.in_(reps).label("is_rep"))
    years, breaks, not_rep = working_years(), _breaks(), days_not_rep()
    counted: dict[Span, ActiveDays] = {}
    found: dict[str, ActiveDays] = {}
    for row in db.session.execute(select(*columns)):
        as_other = () if row.id in at_outlets else not_rep.get(row.id, ())
        span = (row.starts_on, row.ends_on, (*breaks[row.id], *as_other))
        days = _days(span, month, years, counted) if _may_be_there(row, month, named) else ABSENT
        if row.id in named or ((row.is_rep or row.id in not_rep) and days.has_any):
            found[row.id] = days
    return found


def _may_be_there(row: Any, month: Month, named: set[str]) -> bool:
    """Without a first or last day of work, the account's own and the outlets held speak."""
    was_made = row.starts_on is not None or business_date(row.created_at) <= month.last_day
    has_not_left = row.is_active or row.ends_on is not None
    return (was_made and has_not_left) or (row.starts_on is None and row.ends_on is None and row.id in named)


def _breaks() -> defaultdict[str, list[tuple[date, date]]]:
    found: defaultdict[str, list[tuple[date, date]]] = defaultdict(list)
    for away in db.session.scalars(select(PersonBreak).order_by(PersonBreak.person_id, PersonBreak.starts_on)):
        found[away.person_id].append((away.starts_on, away.ends_on))
    return found


def _days(span: Span, month: Month, years: dict[int, WorkingYear], counted: dict[Span, ActiveDays]) -> ActiveDays:
    """Counted once for all who came and left on the same days."""
    if span not in counted:
        counted[span] = active_days(PersonRecord("", *span), CompanyFacts(years=years), month)
    return counted[span]
