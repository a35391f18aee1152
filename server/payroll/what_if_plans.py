"""Visits of a month under another policy, in memory: which count, what outlets owe, whose plan is done. Nothing is written."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from server.db import db
from server.domain.months import Month
from server.domain.outlet_class import outlet_class
from server.domain.policy import Policy
from server.domain.visit_acceptance import VisitFacts, visit_verdict
from server.domain.visit_frequency import counted_dates, visits_owed, visits_planned
from server.domain.wage_facts import PlannedOutlet
from server.outlets.classes import inputs_of
from server.outlets.models import Assignment, Outlet, OutletClassChange
from server.outlets.responsible import is_in_force
from server.payroll.facts_plans import excused_outlets
from server.visits.models import Visit, VisitReview
from server.visits.plan_queries import plan_days

OUTLET = (Outlet.id, Outlet.outlet_class, Outlet.approved_on, Outlet.account_made_on, Outlet.churned_on)
INPUTS = (Outlet.chain_outlets, Outlet.is_franchised_or_own_hall, Outlet.floor_area_m2, Outlet.monthly_fee_yuan)
VISIT = (Visit.id, Visit.outlet_id, Visit.visited_on, Visit.is_checklist_complete, Visit.reasons, Visit.distance_m, Visit.fix_accuracy_m)


@dataclass(frozen=True)
class VisitMonth:
    """What a month's visits rest on, read once for both policies."""

    outlets: list[Any]
    classes: dict[str, str]
    visits: dict[str, list[tuple[str, date, VisitFacts]]]
    excused: set[str | None]
    plan_days: dict[str, int]


@dataclass
class Recount:
    """Plans by rep, visits that count, and missed outlets with their rep."""

    plans: dict[str, tuple[PlannedOutlet, ...]] = field(default_factory=dict)
    counted: int = 0
    missed: dict[str, str] = field(default_factory=dict)


def visit_month(month: Month, today: date) -> VisitMonth:
    day = min(month.last_day, today)
    holds = is_in_force(day)
    query = select(*OUTLET, *INPUTS, Assignment.person_id).join(Assignment, (Assignment.outlet_id == Outlet.id) & holds)
    outlets = list(db.session.execute(query.where(Outlet.removed_at.is_(None), Outlet.approved_on.is_not(None)).order_by(Outlet.id)))
    changes = select(OutletClassChange.outlet_id, OutletClassChange.outlet_class).where(OutletClassChange.valid_from <= month.first_day)
    classes = {row[0]: row[1] for row in db.session.execute(changes.order_by(OutletClassChange.valid_from, OutletClassChange.id))}
    return VisitMonth(outlets, classes, _visits(month), excused_outlets(month), plan_days(month))


def _visits(month: Month) -> dict[str, list[tuple[str, date, VisitFacts]]]:
    """By outlet, in the order they were made; replaced ones aside."""
    in_month = Visit.visited_on.between(month.first_day, month.last_day)
    reviews = select(VisitReview.visit_id, VisitReview.decision).join(Visit, Visit.id == VisitReview.visit_id).where(in_month)
    last = {row[0]: row[1] for row in db.session.execute(reviews.order_by(VisitReview.at, VisitReview.id))}
    columns = (*VISIT, Visit.signature_sha256.is_not(None).label("has_signature"), Visit.fix_lat.is_not(None).label("has_fix"))
    query = select(*columns, Outlet.lat.is_not(None).label("has_position")).join(Outlet, Outlet.id == Visit.outlet_id)
    found: defaultdict[str, list[tuple[str, date, VisitFacts]]] = defaultdict(list)
    for row in db.session.execute(query.where(in_month, Visit.is_replaced.is_(False)).order_by(Visit.checked_in_at, Visit.id)):
        found[row.outlet_id].append((row.id, row.visited_on, _facts(row, last.get(row.id))))
    return found


def _facts(row: Any, review: str | None) -> VisitFacts:
    """What the verdict of the visit rested on; what was missing stands in its reasons."""
    return VisitFacts(
        is_checklist_complete=row.is_checklist_complete,
        storefront_photos=int("storefront_photo_missing" not in row.reasons),
        has_signature=row.has_signature,
        are_photos_stored="photos_pending" not in row.reasons,
        distance_m=row.distance_m,
        accuracy_m=row.fix_accuracy_m,
        has_fix=row.has_fix,
        outlet_has_position=row.has_position,
        review=review,
    )


def recount(facts: VisitMonth, month: Month, policy: Policy, classes_by_inputs: bool) -> Recount:
    """The month under a policy; with `classes_by_inputs` every outlet's class is worked out anew from its file."""
    found = Recount()
    plans: defaultdict[str, list[PlannedOutlet]] = defaultdict(list)
    for outlet in facts.outlets:
        letter = _class(outlet, policy) if classes_by_inputs else facts.classes.get(outlet.id, outlet.outlet_class)
        owed = visits_owed(letter, outlet.approved_on, outlet.account_made_on, outlet.churned_on, month, policy)
        counting: dict[date, str] = {}
        for visit_id, on, visit in facts.visits.get(outlet.id, ()):
            if visit_verdict(visit, policy).counts:
                counting.setdefault(on, visit_id)
        ids = tuple(counting[day] for day in counted_dates(counting, policy))
        found.counted += len(ids)
        planned = visits_planned(owed, facts.plan_days.get(outlet.id, 0), outlet.churned_on, month)
        if planned:
            plans[outlet.person_id].append(PlannedOutlet(outlet.id, planned, len(ids), ids, outlet.id in facts.excused))
        if planned > len(ids) and outlet.id not in facts.excused:
            found.missed[outlet.id] = outlet.person_id
    found.plans = {rep: tuple(outlets) for rep, outlets in plans.items()}
    return found


def _class(outlet: Any, policy: Policy) -> str:
    return outlet_class(inputs_of(outlet), policy).outlet_class
