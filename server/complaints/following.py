"""Findings of complaints about a rep follow whose the outlet was when they were received, when that is put right later (RULEBOOK §11)."""

from datetime import datetime

from server.complaints.models import Complaint
from server.complaints.proposals import ABOUT_REP, WITHDRAWN, complaint_proposal, with_rep
from server.db import db, take_turn
from server.findings.following import follow_records, followed_from
from server.outlets.models import Assignment
from server.policy.queries import policies


def follow_complaints(now: datetime) -> int:
    """Look again at whom the founded complaints of the last year are about; returns how many findings are proposed.

    Safe to repeat and in parallel; the caller commits.
    """
    take_turn("complaints about reps")
    policy_in = policies()
    query = with_rep(Complaint, Assignment.person_id, is_outer=True)
    query = query.where(Complaint.is_about_rep, Complaint.verdict == "founded", Complaint.voided_at.is_(None))
    query = query.where(Complaint.due_on >= followed_from(now)).order_by(Complaint.id)
    wanted = {}
    for complaint, rep_id in db.session.execute(query).all():
        wanted[f"{ABOUT_REP}:{complaint.id}"] = complaint_proposal(ABOUT_REP, complaint, rep_id, policy_in) if rep_id is not None else None
    nobodys = {key for key, proposal in wanted.items() if proposal is None}
    return follow_records(wanted, nobodys, WITHDRAWN, now)
