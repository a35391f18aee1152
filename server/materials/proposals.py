"""Findings for materials that came late, or not at all (RULEBOOK §6, §10, §11): once per outlet and month."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, cast, func, literal, select
from sqlalchemy.orm import aliased

from server.db import db, take_turn
from server.domain.deadlines import delivery_due_on
from server.domain.months import Month, business_date
from server.domain.policy import Policy
from server.domain.proposed_findings import outlet_key
from server.findings.actions import Proposal, add_evidence, propose_findings, withdraw_findings
from server.findings.models import Finding, FindingEvidence
from server.findings.overtaken import note_overtaken, note_standing, stands
from server.findings.queries import is_by_hand, records_behind
from server.findings.words import ANOTHERS
from server.materials.models import MaterialRequest
from server.materials.queries import is_open
from server.outlets.models import Assignment, OutletAlias
from server.outlets.responsible import is_held_on, is_in_force
from server.policy.queries import policies, working_years

LATE = "late_materials"
DAYS_BACK = timedelta(days=60)
WITHDRAWN = "送达的记录补到了，或者需求作废了，没有逾期，自动撤回。"


def propose_late_materials(now: datetime) -> int:
    """Propose a finding per outlet and month of the deadline, and take back those that late records have overtaken.

    The rep of the first deadline missed is charged; later ones of the month are evidence too. Returns how many are new; safe to
    repeat and in parallel. The caller commits.
    """
    take_turn("late materials")
    today, policy_in = business_date(now), policies()
    _refresh_due_days(today, policy_in)
    is_late = _is_late(today, policy_in)
    withdraw_findings(_is_settled(is_late), WITHDRAWN, now)
    behind = records_behind("material_request", MaterialRequest)
    rests_on_late = behind.where(is_late)
    rests_on_own = rests_on_late.outerjoin(OutletAlias, OutletAlias.kept_id == MaterialRequest.outlet_id).join(Assignment, _was_theirs())
    rests_on_own = rests_on_own.where(Assignment.person_id == Finding.person_id).exists()
    note_overtaken((Finding.kind == LATE) & behind.exists() & ~rests_on_late.exists(), now)
    note_overtaken((Finding.kind == LATE) & rests_on_late.exists() & ~rests_on_own, now, ANOTHERS)
    note_standing((Finding.kind == LATE) & rests_on_own, now)
    proposals: dict[str, Proposal] = {}
    for request, rep_id in db.session.execute(_not_charged(is_late)).all():
        one = _proposal(request, rep_id, policy_in)
        first = proposals.setdefault(one.source_key, one)
        if first is not one:
            proposals[one.source_key] = _resting_on_both(first, one)
    made = propose_findings(proposals.values(), now)
    add_evidence(proposals.values())
    return made


def withdraw_settled(outlet_id: str, now: datetime) -> None:
    """Take back what was proposed at an outlet for what is late no more, before the night does. The caller commits."""
    db.session.flush()
    withdraw_findings(_is_settled(_is_late(business_date(now), policies())) & (Finding.outlet_id == outlet_id), WITHDRAWN, now)


def due_deliveries(now: datetime) -> int:
    """How many requests are to be delivered by today, or should have been."""
    is_due = is_open() & (MaterialRequest.due_on <= business_date(now))
    return db.session.scalar(select(func.count(MaterialRequest.id)).where(is_due)) or 0


def _key() -> ColumnElement[str]:
    month = func.substr(cast(MaterialRequest.due_on, String), 1, 7)
    return literal(f"{LATE}:") + MaterialRequest.outlet_id + ":" + month


def _is_late(today: date, policy_in: Callable[[Month], Policy]) -> ColumnElement[bool]:
    came_late = MaterialRequest.delivered_on.is_(None) | (MaterialRequest.delivered_on > MaterialRequest.due_on)
    return (MaterialRequest.due_on < today) & MaterialRequest.voided_at.is_(None) & (came_late | _is_uncounted(policy_in))


def _is_uncounted(policy_in: Callable[[Month], Policy]) -> ColumnElement[bool]:
    """Nobody signed for it, and the policy of its deadline's month wants that."""
    month, is_unsigned = func.substr(cast(MaterialRequest.due_on, String), 1, 7), MaterialRequest.signature_refusal.is_not(None)
    months = db.session.scalars(select(month).where(is_unsigned).distinct()).all()
    return is_unsigned & month.in_([one for one in months if not policy_in(Month.parse(one)).flag("material.unsigned_counts")])


def _is_settled(is_late: ColumnElement[bool]) -> ColumnElement[bool]:
    """The condition on `Finding` that no late request of its outlet, month and rep is left."""
    late = select(MaterialRequest.id).outerjoin(OutletAlias, OutletAlias.kept_id == MaterialRequest.outlet_id).join(Assignment, _was_theirs())
    late = late.where(_key() == Finding.source_key, is_late, Assignment.person_id == Finding.person_id)
    return (Finding.kind == LATE) & ~is_by_hand() & ~late.exists()


def _not_charged(is_late: ColumnElement[bool]) -> Any:
    """Late requests with the rep of their deadline, behind which no finding stands yet, first deadline first."""
    rests_on = (FindingEvidence.kind == "material_request") & (FindingEvidence.ref_id == MaterialRequest.id)
    charged = select(Finding.id).join(FindingEvidence, FindingEvidence.finding_id == Finding.id).where(rests_on, stands())
    query = select(MaterialRequest, Assignment.person_id).join(Assignment, _is_theirs())
    return query.where(is_late, ~charged.exists(), ~_may_be_anothers()).order_by(MaterialRequest.due_on, MaterialRequest.id)


def _is_theirs() -> ColumnElement[bool]:
    """The condition on `Assignment` for the one of the deadline."""
    return is_held_on(MaterialRequest.outlet_id, MaterialRequest.due_on)


def _was_theirs() -> ColumnElement[bool]:
    """The condition on `Assignment`, beside the outlet's `OutletAlias`, for those of the deadline at the outlet or at one merged into it."""
    return _is_theirs() | is_held_on(OutletAlias.outlet_id, MaterialRequest.due_on)


def _may_be_anothers() -> ColumnElement[bool]:
    """Whether a file merged into the outlet since was another rep's on the deadline. Merging moves requests and does not say which.

    Kinder to the rep: who may not have had it is not charged; who was charged before the merge stays so.
    """
    other = aliased(Assignment)
    merged = select(other.id).join(OutletAlias, OutletAlias.outlet_id == other.outlet_id).where(OutletAlias.kept_id == MaterialRequest.outlet_id)
    is_since = OutletAlias.made_at > MaterialRequest.made_at
    return (
        merged.where(is_since, is_in_force(MaterialRequest.due_on, other), other.person_id != Assignment.person_id)
        .correlate(MaterialRequest, Assignment)
        .exists()
    )


def _refresh_due_days(today: date, policy_in: Callable[[Month], Policy]) -> None:
    """Due days follow the calendar and the policy when those were changed."""
    recent = MaterialRequest.delivered_on.is_(None) | (MaterialRequest.requested_on >= today - DAYS_BACK)
    years = working_years()
    for request in db.session.scalars(select(MaterialRequest).where(recent, MaterialRequest.voided_at.is_(None)).order_by(MaterialRequest.id)).all():
        due_on = delivery_due_on(request.requested_on, years, policy_in(Month.of_date(request.requested_on)))
        if due_on != request.due_on:
            request.due_on = due_on
    db.session.flush()


def _proposal(request: MaterialRequest, rep_id: str, policy_in: Callable[[Month], Policy]) -> Proposal:
    month = Month.of_date(request.due_on)
    return Proposal(
        source_key=outlet_key(LATE, request.outlet_id, month),
        kind=LATE,
        month=str(month),
        person_id=rep_id,
        outlet_id=request.outlet_id,
        amount_yuan=policy_in(month).decimal("wage.late_materials_yuan"),
        reason=_reason(request),
        evidence=(("material_request", request.id),),
    )


def _reason(request: MaterialRequest) -> str:
    is_in_time = request.delivered_on is not None and request.delivered_on <= request.due_on
    return f"应在 {request.due_on} 前送到" + ("，送到了，没有签字" if is_in_time else "")


def _resting_on_both(first: Proposal, later: Proposal) -> Proposal:
    return Proposal(**(vars(first) | {"evidence": (*first.evidence, *later.evidence)}))
