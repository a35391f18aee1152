"""Findings of call-backs follow first uses and responsible reps that became known after the call (RULEBOOK §8, §11)."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import exists, select

from server.callbacks.models import CallBack
from server.callbacks.proposals import call_key, call_proposal
from server.db import db, take_turn
from server.domain.callbacks import FINDINGS, STRIKE_OUTS, finding_kind
from server.domain.months import Month
from server.findings.actions import Proposal, add_evidence
from server.findings.following import follow_records, followed_from
from server.outlets.models import Assignment, OutletAlias
from server.outlets.responsible import is_held_on
from server.policy.queries import policies
from server.transactions.queries import first_uses

KINDS = ("profile", "training")  # the night looks at missed visits by themselves
WITHDRAWN = "首次使用的日子有变，自动撤回。"


def follow_calls(now: datetime) -> int:
    """Judge the bad calls of the last year again by the transactions and reps known now; returns how many findings are proposed.

    Calls to an outlet that another file was merged into since are left as they are: nothing says which of the two was called. So are
    those of the day on which another call took the outlet from its rep: it was still theirs when the call was made.
    Safe to repeat and in parallel; the caller commits.
    """
    take_turn("call-backs")
    policy_in = policies()
    wanted: dict[str, Proposal | None] = {}
    nobodys: set[str] = set()
    settled: set[str] = set()
    for call, first_use_on, rep_id in db.session.execute(_bad_calls(now)).all():
        month, key = Month.of_date(call.called_on), call_key(call, FINDINGS[call.outcome], Month.of_date(call.called_on))
        kind = finding_kind(call.kind, call.outcome, first_use_on, call.asked_on or call.called_on, policy_in(month))
        if kind is not None and rep_id is None:
            (settled if _lost_that_day(call.outlet_id, call.called_on) else nobodys).add(key)
        found = call_proposal(call, kind, month, rep_id, policy_in) if kind is not None and rep_id is not None else None
        first = wanted.get(key)
        wanted[key] = replace(first, evidence=(*first.evidence, *found.evidence)) if first and found else first or found
    wanted = {key: proposal for key, proposal in wanted.items() if key not in settled}
    made = follow_records(wanted, nobodys, WITHDRAWN, now)
    add_evidence(proposal for proposal in wanted.values() if proposal is not None)
    return made


def _lost_that_day(outlet_id: str, day: date) -> bool:
    """Whether nobody has the outlet that day only since a call of that day struck the customer out."""
    struck_out = (CallBack.outlet_id == outlet_id, CallBack.called_on == day, CallBack.outcome.in_(STRIKE_OUTS))
    lost = (Assignment.outlet_id == outlet_id, Assignment.ends_on == day - timedelta(days=1))
    return bool(db.session.scalar(select(exists().where(*struck_out) & exists().where(*lost))))


def _bad_calls(now: datetime) -> Any:
    """With the outlet's first use and the rep of the day of the call, first calls first."""
    merged = select(OutletAlias.outlet_id).where(OutletAlias.kept_id == CallBack.outlet_id, OutletAlias.made_at > CallBack.at)
    is_bad = (CallBack.kind.in_(KINDS), CallBack.outcome.in_(tuple(FINDINGS)), CallBack.corrected_by_id.is_(None))
    is_looked_at = (*is_bad, CallBack.called_on >= followed_from(now), ~merged.exists())
    uses = first_uses().where(first_uses().selected_columns.outlet_id.in_(select(CallBack.outlet_id).where(*is_looked_at))).subquery()
    query = select(CallBack, uses.c.first_use_on, Assignment.person_id).outerjoin(uses, uses.c.outlet_id == CallBack.outlet_id)
    query = query.outerjoin(Assignment, is_held_on(CallBack.outlet_id, CallBack.called_on))
    return query.where(*is_looked_at).order_by(CallBack.called_on, CallBack.id)
