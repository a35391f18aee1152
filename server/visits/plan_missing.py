"""Reps without a plan of visits, which the office makes before the month begins."""

from datetime import date
from typing import Any

from sqlalchemy import exists, select

from server.domain.months import Month
from server.outlets.models import Assignment
from server.outlets.responsible import is_in_force
from server.people.models import Person, PersonRegion, PersonRole, Role
from server.visits.plan_models import PlannedVisit

ASKED_FROM_DAY = 28  # as next month's trainings are planned (RULEBOOK §5)


def reps_without_plan(supervisor: Person, month: Month, today: date) -> Any:
    """A select of the reps of the supervisor's regions who have outlets today, none of which has a single day planned in the month, by login.

    Whoever had an outlet when its day was planned does not matter: a plan item moves with its outlet (RULEBOOK §11).
    """
    in_regions = select(PersonRegion.person_id).where(PersonRegion.region_id.in_(supervisor.region_ids))
    reps = select(PersonRole.person_id).where(PersonRole.role == Role.REP)
    holds = (Assignment.person_id == Person.id) & is_in_force(today)
    is_planned = (PlannedVisit.outlet_id == Assignment.outlet_id) & PlannedVisit.planned_on.between(month.first_day, month.last_day)
    query = select(Person.id, Person.name).where(Person.is_active, Person.id.in_(reps), Person.id.in_(in_regions))
    return query.where(exists().where(holds), ~exists().where(holds, is_planned)).order_by(Person.login)


def is_asked_for(today: date) -> bool:
    """Whether next month's plan should be there."""
    return today.day >= ASKED_FROM_DAY
