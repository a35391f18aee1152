"""Findings of churn follow the rep of the day the customer was listed, when that is put right later (RULEBOOK §9, §11)."""

from datetime import datetime

from sqlalchemy import select

from server.churn.deciding import WITHDRAWN, churn_proposal, finding_key
from server.churn.models import ChurnCase
from server.db import db, take_turn
from server.domain.churn import ChurnState, is_charged
from server.findings.actions import Proposal
from server.findings.following import follow_records, followed_from
from server.outlets.models import Assignment
from server.outlets.responsible import is_held_on
from server.policy.queries import policies


def follow_churn(now: datetime) -> int:
    """Look again at whom the churn decided in the last year is charged to; returns how many findings are proposed.

    Safe to repeat and in parallel; the caller commits.
    """
    take_turn("churn cases")
    policy_in = policies()
    query = select(ChurnCase, Assignment.person_id).outerjoin(Assignment, is_held_on(ChurnCase.outlet_id, ChurnCase.listed_on))
    query = query.where(ChurnCase.state == ChurnState.CHURNED, ChurnCase.decided_on >= followed_from(now)).order_by(ChurnCase.id)
    wanted: dict[str, Proposal | None] = {}
    nobodys: set[str] = set()
    for case, rep_id in db.session.execute(query).all():
        key, charges = finding_key(case.id), is_charged(ChurnState(case.state), case.reason)
        wanted[key] = churn_proposal(case, rep_id, policy_in) if charges and rep_id is not None else None
        if charges and rep_id is None:
            nobodys.add(key)
    return follow_records(wanted, nobodys, WITHDRAWN, now)
