"""Reps without a plan of visits worth the name, which the office makes before the month begins."""

from datetime import date
from typing import Any

from sqlalchemy import case, exists, func, select

from server.domain.months import Month
from server.outlets.models import Assignment
from server.outlets.responsible import is_in_force
from server.people.models import Person, PersonRegion, PersonRole, Role
from server.visits.plan_models import PlannedVisit

ASKED_FROM_DAY = 28  # as next month's trainings are planned (RULEBOOK §5)


def reps_without_plan(supervisor: Person, month: Month, today: date) -> Any:
    """A select of the reps of the supervisor's regions who have outlets today, fewer than half of which have a day planned in the month, by login.

    Whoever had an outlet when its day was planned does not matter: a plan item moves with its outlet (RULEBOOK §11). A few inherited
    outlets make no plan, so a rep with half of them planned is the first who counts as planned.
    """
    in_regions = select(PersonRegion.person_id).where(PersonRegion.region_id.in_(supervisor.region_ids))
    reps = select(PersonRole.person_id).where(PersonRole.role == Role.REP)
    is_planned = exists().where(PlannedVisit.outlet_id == Assignment.outlet_id, PlannedVisit.planned_on.between(month.first_day, month.last_day))
    is_asked = (Assignment.person_id.in_(reps), Assignment.person_id.in_(in_regions), is_in_force(today))
    short = select(Assignment.person_id).where(*is_asked).group_by(Assignment.person_id)
    short = short.having(func.sum(case((is_planned, 1), else_=0)) * 2 < func.count())
    return select(Person.id, Person.name).where(Person.is_active, Person.id.in_(short)).order_by(Person.login)


def is_asked_for(today: date) -> bool:
    """Whether next month's plan should be there."""
    return today.day >= ASKED_FROM_DAY
