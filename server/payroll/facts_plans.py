"""Plans of visits and trainings, and what was done of them (RULEBOOK §10, §11)."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from server.db import db
from server.domain.months import Month
from server.domain.wage_facts import PlannedOutlet
from server.findings.models import Finding, FindingState
from server.findings.queries import was_decided
from server.outlets.models import Assignment
from server.training.models import PlannedTraining, Training
from server.visits.models import OutletMonth

Plan = Mapping[str, tuple[PlannedOutlet, ...]]


@dataclass(frozen=True)
class Plans:
    """By rep."""

    visits: Plan
    trainings: Plan


def plans_by_rep(month: Month, today: date) -> Plans:
    return Plans(_visit_plans(month), _training_plans(month, today))


def _visit_plans(month: Month) -> Plan:
    """A month's plan always holds at least the visits owed (RULEBOOK §11); a dismissed miss excuses its outlet."""
    excused = excused_outlets(month)
    query = select(OutletMonth.rep_id, OutletMonth.outlet_id, OutletMonth.owed, OutletMonth.counted, OutletMonth.visit_ids)
    query = query.where(OutletMonth.month == str(month), OutletMonth.owed > 0, OutletMonth.rep_id.is_not(None))
    found: defaultdict[str, list[PlannedOutlet]] = defaultdict(list)
    for rep_id, outlet_id, owed, counted, visit_ids in db.session.execute(query.order_by(OutletMonth.outlet_id)):
        found[rep_id or ""].append(PlannedOutlet(outlet_id, owed, counted, tuple(visit_ids), outlet_id in excused))
    return _frozen(found)


def excused_outlets(month: Month) -> set[str | None]:
    """Outlets whose miss the manager dismissed; what the software took back itself excuses nothing."""
    dismissed = (Finding.kind == "missed_visit", Finding.month == str(month), Finding.state == FindingState.DISMISSED, was_decided())
    return set(db.session.scalars(select(Finding.outlet_id).where(*dismissed)))


def _training_plans(month: Month, today: date) -> Plan:
    """A plan item moves with its outlet; done by a training in the month, that of a new customer aside."""
    day = min(month.last_day, today)
    holds = (Assignment.starts_on <= day) & (Assignment.ends_on.is_(None) | (Assignment.ends_on >= day))
    in_month = Training.trained_on.between(month.first_day, month.last_day) & Training.is_new_customer.is_(False)
    query = select(Assignment.person_id, PlannedTraining.outlet_id, Training.id)
    query = query.join(Assignment, (Assignment.outlet_id == PlannedTraining.outlet_id) & holds)
    query = query.outerjoin(Training, (Training.outlet_id == PlannedTraining.outlet_id) & in_month)
    query = query.where(PlannedTraining.month == str(month)).order_by(PlannedTraining.outlet_id, Training.trained_on, Training.id)
    done: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for rep_id, outlet_id, training_id in db.session.execute(query):
        done[rep_id][outlet_id] += [training_id] if training_id is not None else []
    return _frozen({rep: [PlannedOutlet(outlet, 1, len(ids), tuple(ids)) for outlet, ids in outlets.items()] for rep, outlets in done.items()})


def _frozen(found: Mapping[str, list[PlannedOutlet]]) -> Plan:
    return {rep: tuple(outlets) for rep, outlets in found.items()}
