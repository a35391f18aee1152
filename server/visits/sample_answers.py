"""What somebody says of a drawn visit before they know what the machine found."""

from datetime import datetime

from sqlalchemy import select

from server.audit.actions import record_audit
from server.console.answer_form import AnswerForm
from server.db import db
from server.feed.clock import touch
from server.outlets.models import Outlet
from server.outlets.queries import hold_outlets
from server.visits.models import Visit
from server.visits.sample_models import AGREES, DOUBTS, VisitSample
from server.visits.sample_queries import waits_for_answer
from server.visits.verdicts import refresh_verdict
from sync.problems import Problem

ANSWERS = (AGREES, DOUBTS)


def answer_sample(visit_id: str, form: AnswerForm, by_id: str, now: datetime) -> None:
    """Keep the answer; a doubt sends the visit to the ordinary review, in which it counts until somebody rejects it. Commits.

    Whoever reviews the visit reads the reason. Raises `invalid` for an unknown answer or a doubt without a reason, `stale` when it was answered,
    or the visit reviewed or replaced.
    """
    if form.answer not in ANSWERS:
        raise Problem("invalid", fields={"answer": "unknown"})
    if form.answer == DOUBTS and not form.reason:
        raise Problem("invalid", fields={"reason": "required"})
    visit = db.session.get_one(Visit, visit_id)
    hold_outlets({visit.outlet_id})
    db.session.refresh(visit)
    sample = db.session.get_one(VisitSample, visit_id, populate_existing=True)
    waits = select(VisitSample.visit_id).join(Visit, Visit.id == VisitSample.visit_id).where(Visit.id == visit_id, waits_for_answer())
    if db.session.scalar(waits) is None:
        raise Problem("stale", f"sample {visit_id}")
    sample.answer, sample.reason, sample.by_id, sample.answered_at = form.answer, form.reason, by_id, now
    sample.machine_score = visit.score
    db.session.flush()
    if form.answer == DOUBTS:
        refresh_verdict(visit, db.session.get_one(Outlet, visit.outlet_id), now)
        touch(db.session, *visit.feed_entries())
    record_audit(now, by_id, "visit.sample_doubted" if form.answer == DOUBTS else "visit.sample_agreed", ("visit", visit_id), reason=form.reason)
    db.session.commit()
