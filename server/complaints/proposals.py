"""Findings that complaints propose: a verified one about the rep, one left unhandled (RULEBOOK §10, §11)."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, select

from server.complaints.due_holders import Holder, due_holders
from server.complaints.models import Complaint, ComplaintStep
from server.db import db, take_turn
from server.domain.complaints import ComplaintFacts, complaint_findings
from server.domain.deadlines import complaint_due_on
from server.domain.months import Month, business_date
from server.domain.policy import Policy
from server.findings.actions import Proposal, propose_findings, withdraw_findings
from server.findings.following import followed_from
from server.findings.models import Finding
from server.findings.overtaken import note_overtaken, note_standing, stands
from server.findings.queries import is_by_hand, records_behind
from server.findings.words import ANOTHERS
from server.outlets.models import Assignment, OutletAlias
from server.outlets.responsible import is_held_on
from server.policy.queries import policies, policy_of, working_years

PolicyIn = Callable[[Month], Policy]
ABOUT_REP, UNHANDLED = "complaint_about_rep", "complaint_unhandled"
KINDS = (ABOUT_REP, UNHANDLED)
DAYS_BACK, ONE_DAY = timedelta(days=60), timedelta(days=1)
WITHDRAWN = "投诉的记录有变，自动撤回。"


def refresh_findings(complaint: Complaint, by_id: str | None, now: datetime) -> None:
    """Propose what the complaint proposes now, and take back what it no longer does. The caller commits."""
    holder = due_holders(Complaint.id == complaint.id, policy_of).get(complaint.id)
    wanted = () if complaint.voided_at else complaint_findings(_facts(complaint, holder), business_date(now))
    rep_id = db.session.scalar(with_rep(Assignment.person_id).where(Complaint.id == complaint.id))
    if rep_id is not None:
        propose_findings([complaint_proposal(kind, complaint, rep_id, policy_of, holder) for kind in wanted], now, by_id)
    gone = [f"{kind}:{complaint.id}" for kind in KINDS if kind not in wanted]
    withdraw_findings(Finding.source_key.in_(gone), WITHDRAWN, now)
    note_overtaken(Finding.source_key.in_(gone), now)


def propose_unhandled(now: datetime) -> int:
    """Propose a finding for each complaint that was not resolved by its due day, and take back those that facts have overtaken.

    The rep of the day it was received is charged, in the month of the due day; those due more than a year ago are left as they are.
    Returns how many are new; safe to repeat and in parallel. The caller commits.
    """
    take_turn("unhandled complaints")
    today, policy_in = business_date(now), policies()
    _refresh_due_days(today, policy_in)
    key, since = literal(f"{UNHANDLED}:") + Complaint.id, followed_from(now)
    is_late = Complaint.is_about_rep.is_(False) & Complaint.due_on.between(since, today - ONE_DAY) & _is_open_behind(Complaint.due_on)
    is_late &= Complaint.voided_at.is_(None)
    is_followed = (Finding.kind == UNHANDLED) & (Finding.month >= str(Month.of_date(since)))
    holders = due_holders(is_late, policy_in)
    is_late &= Complaint.id.not_in([complaint_id for complaint_id, holder in holders.items() if holder.is_excused])
    still_late = with_rep(Complaint.id).where(key == Finding.source_key, is_late, Assignment.person_id == Finding.person_id)
    withdraw_findings(is_followed & ~is_by_hand() & ~still_late.exists(), WITHDRAWN, now)
    behind = records_behind("complaint", Complaint)
    is_theirs = is_held_on(_received_at(), Complaint.received_on) & (Assignment.person_id == Finding.person_id)
    rests_on_late = behind.where(is_late)
    rests_on_own = rests_on_late.join(Assignment, is_theirs).exists()
    note_overtaken(is_followed & behind.exists() & ~rests_on_late.exists(), now)
    note_overtaken(is_followed & rests_on_late.exists() & ~rests_on_own, now, ANOTHERS)
    note_standing(is_followed & rests_on_own, now)
    is_charged = select(Finding.id).where(Finding.source_key == key, stands()).exists()
    query = with_rep(Complaint, Assignment.person_id).where(is_late, ~is_charged).order_by(Complaint.id)
    rows = db.session.execute(query).all()
    return propose_findings((complaint_proposal(UNHANDLED, one, rep_id, policy_in, holders.get(one.id)) for one, rep_id in rows), now)


def with_rep(*columns: Any, is_outer: bool = False) -> Any:
    """The complaints whose outlet was somebody's on the day they were received (all, if `is_outer`), with the `Assignment` of that day."""
    return select(*columns).select_from(Complaint).join(Assignment, is_held_on(_received_at(), Complaint.received_on), isouter=is_outer)


def _received_at() -> ColumnElement[str]:
    """The outlet that a complaint was received for: merging moves complaints, and says so, but leaves assignments where they were."""
    moved = (ComplaintStep.complaint_id == Complaint.id, ComplaintStep.action == "moved", ComplaintStep.at == OutletAlias.made_at)
    gone = select(OutletAlias.outlet_id).join(ComplaintStep, and_(*moved)).where(OutletAlias.kept_id == Complaint.outlet_id)
    first = gone.order_by(OutletAlias.made_at).limit(1).correlate(Complaint).scalar_subquery()
    return func.coalesce(first, Complaint.outlet_id)


def due_complaints(now: datetime) -> int:
    """How many complaints are to be resolved by today, or should have been."""
    is_due = Complaint.resolved_on.is_(None) & Complaint.voided_at.is_(None) & (Complaint.due_on <= business_date(now))
    return db.session.scalar(select(func.count(Complaint.id)).where(is_due)) or 0


def _is_open_behind(due_on: Any) -> ColumnElement[bool]:
    return Complaint.resolved_on.is_(None) | (Complaint.resolved_on > due_on)


def _refresh_due_days(today: date, policy_in: PolicyIn) -> None:
    """Due days follow the calendar and the policy when those were changed."""
    recent = Complaint.resolved_on.is_(None) | (Complaint.received_on >= today - DAYS_BACK)
    years = working_years()
    for complaint in db.session.scalars(select(Complaint).where(recent, Complaint.voided_at.is_(None)).order_by(Complaint.id)).all():
        due_on = complaint_due_on(complaint.received_on, years, policy_in(Month.of_date(complaint.received_on)))
        if due_on != complaint.due_on:
            complaint.due_on = due_on
    db.session.flush()


def _facts(complaint: Complaint, holder: Holder | None) -> ComplaintFacts:
    verdict, is_offices = complaint.verdict or None, holder is not None and holder.is_excused
    return ComplaintFacts(complaint.received_on, complaint.due_on, complaint.is_about_rep, complaint.resolved_on, verdict, is_offices)


def complaint_proposal(kind: str, complaint: Complaint, rep_id: str, policy_in: PolicyIn, holder: Holder | None = None) -> Proposal:
    """`holder` is who had it on its due day, of which the reason speaks without a name: names are forgotten, reasons stay."""
    month = Month.of_date(complaint.due_on)
    reason = complaint.investigation if kind == ABOUT_REP else _unhandled_words(complaint, rep_id, holder)
    return Proposal(
        source_key=f"{kind}:{complaint.id}",
        kind=kind,
        month=str(month),
        person_id=rep_id,
        outlet_id=complaint.outlet_id,
        amount_yuan=policy_in(month).decimal(f"wage.{kind}_yuan"),
        reason=reason,
        evidence=(("complaint", complaint.id),),
    )


def _unhandled_words(complaint: Complaint, rep_id: str, holder: Holder | None) -> str:
    had = "没有分派" if holder is None else f"在{_whose(holder, rep_id)}手里"
    return f"应在 {complaint.due_on} 前处理完，到期时{had}"


def _whose(holder: Holder, rep_id: str) -> str:
    if holder.person_id is None:
        return "别人"
    if holder.person_id == rep_id:
        return "本人"
    return "运维部" if holder.is_of_office else "市场部同事"
