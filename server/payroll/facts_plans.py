"""Plans of visits and trainings, and what was done of them (RULEBOOK §10, §11)."""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter

from sqlalchemy import Text, cast, select

from server.db import db
from server.domain.months import Month
from server.domain.policy import Policy
from server.domain.wage_facts import PlannedOutlet
from server.findings.models import Finding, FindingState
from server.findings.overtaken import stands
from server.outlets.models import Assignment
from server.outlets.responsible import is_in_force
from server.training.counting import does_planned, is_planned_for
from server.training.models import PlannedTraining, Training
from server.visits.models import OutletMonth

Plan = Mapping[str, tuple[PlannedOutlet, ...]]


@dataclass(frozen=True)
class Plans:
    """By rep."""

    visits: Plan
    trainings: Plan


def plans_by_rep(month: Month, today: date, policy: Policy) -> Plans:
    """`policy` is that of the month, or another one that is tried out."""
    return Plans(_visit_plans(month), _training_plans(month, today, policy))


def _visit_plans(month: Month) -> Plan:
    """A month's plan always holds at least the visits owed (RULEBOOK §11); a dismissed miss excuses its outlet."""
    excused = excused_outlets(month)
    visits = cast(OutletMonth.visit_ids, Text)  # read as one JSON text per rep, which takes a third of the time
    query = select(OutletMonth.rep_id, OutletMonth.outlet_id, OutletMonth.planned, OutletMonth.counted, visits)
    query = query.where(OutletMonth.month == str(month), OutletMonth.planned > 0, OutletMonth.rep_id.is_not(None))
    rows = db.session.execute(query.order_by(OutletMonth.rep_id, OutletMonth.outlet_id)).all()
    found: dict[str, tuple[PlannedOutlet, ...]] = {}
    for rep_id, own in groupby(rows, key=itemgetter(0)):
        outlets = list(own)
        ids = json.loads(f"[{','.join(row[4] for row in outlets)}]")
        plan = (PlannedOutlet(row[1], row[2], row[3], tuple(visit_ids), row[1] in excused) for row, visit_ids in zip(outlets, ids, strict=True))
        found[rep_id] = tuple(plan)
    return found


def excused_outlets(month: Month) -> set[str | None]:
    """Outlets whose miss the manager dismissed; what the software took back itself excuses nothing, nor what is another rep's."""
    dismissed = (Finding.kind == "missed_visit", Finding.month == str(month), Finding.state == FindingState.DISMISSED, stands())
    return set(db.session.scalars(select(Finding.outlet_id).where(*dismissed)))


def _training_plans(month: Month, today: date, policy: Policy) -> Plan:
    """A plan item moves with its outlet; done by a training of its month, or of its period before."""
    day = min(month.last_day, today)
    holds = is_in_force(day)
    query = select(Assignment.person_id, PlannedTraining.outlet_id, Training.id)
    query = query.join(Assignment, (Assignment.outlet_id == PlannedTraining.outlet_id) & holds)
    query = query.outerjoin(Training, (Training.outlet_id == PlannedTraining.outlet_id) & does_planned(month, policy))
    query = query.where(is_planned_for(month)).order_by(PlannedTraining.outlet_id, Training.trained_on, Training.id)
    done: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for rep_id, outlet_id, training_id in db.session.execute(query):
        done[rep_id][outlet_id] += [training_id] if training_id is not None else []
    return {rep: tuple(PlannedOutlet(outlet, 1, len(ids), tuple(ids)) for outlet, ids in outlets.items()) for rep, outlets in done.items()}
