"""Deeds on call-backs (RULEBOOK §8): listed by hand, made with an outcome and its consequences, corrected by a new one."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from server.audit.actions import record_audit
from server.callbacks.listing import new_customer_key, profile_key, week_end
from server.callbacks.models import CallBack
from server.callbacks.proposals import propose_from, take_back
from server.db import db, held, take_turn
from server.domain.callbacks import GOOD, OUTCOMES, is_struck_out
from server.domain.months import business_date
from server.outlets.actions import end_ownership
from sync.ids import uuid7
from sync.problems import Problem

CORRECTION = "correction:"
Answers = list[dict[str, str]]


@dataclass(frozen=True)
class Wish:
    """A call to make: `asked_on` for a training (the day of the customer's question), `about_month` for an inspection, else empty."""

    kind: str
    outlet_id: str
    asked_on: date | None = None
    about_month: str = ""


def list_callback(wish: Wish, by_id: str, now: datetime) -> CallBack:
    """List a call by hand. Commits; one that is listed already, or made, is returned as it is."""
    take_turn("call-backs")
    today = business_date(now)
    keys = {
        "new_customer": new_customer_key(wish.outlet_id),
        "profile": profile_key(wish.outlet_id, today),
        "inspection": f"inspection:{wish.outlet_id}:{wish.about_month}",
        "training": f"training:{wish.outlet_id}:{wish.asked_on}",
    }
    return _listed(keys[wish.kind], wish, by_id, now)


def _listed(source_key: str, wish: Wish, by_id: str, now: datetime) -> CallBack:
    known = db.session.scalar(select(CallBack).where(CallBack.source_key == source_key))
    if known is not None:
        return known
    today = business_date(now)
    callback = CallBack(id=uuid7(), source_key=source_key, kind=wish.kind, outlet_id=wish.outlet_id, listed_on=today, due_on=week_end(today))
    callback.asked_on, callback.about_month, callback.at = wish.asked_on, wish.about_month, now
    db.session.add(callback)
    record_audit(now, by_id, "callback.listed", ("callback", callback.id))
    db.session.commit()
    return callback


def make_callback(callback_id: str, outcome: str, note: str, by_id: str, now: datetime, answers: Answers | None = None) -> CallBack:
    """Record what a call came to, with the three answers (none when nothing was asked). Commits; `stale` when it was made already.

    A new customer who was struck out does not count as new, and the rep loses the outlet today; the other bad outcomes propose a
    finding. A call-back that corrects another takes its place.
    """
    callback = _held(callback_id)
    if callback.called_on is not None:
        raise Problem("stale")
    if outcome not in OUTCOMES[callback.kind]:
        raise Problem("invalid", fields={"outcome": "choose"})
    if outcome != GOOD and not note:
        raise Problem("invalid", fields={"note": "required"})
    callback.outcome, callback.note, callback.by_id, callback.at = outcome, note, by_id, now
    callback.called_on = business_date(now)
    callback.answers = answers
    db.session.flush()
    _replace_corrected(callback, now)
    if is_struck_out(outcome):
        end_ownership(callback.outlet_id, callback.called_on, None, by_id, now)
    propose_from(callback, by_id, now)
    record_audit(now, by_id, "callback.made", ("callback", callback.id), outcome=outcome)
    db.session.commit()
    return callback


def correct_callback(callback_id: str, by_id: str, now: datetime) -> CallBack:
    """List the call that corrects one that was made; until it is made the old one stands. Commits; twice is the same call.

    An outlet that was lost by the old one is not given back: the supervisor assigns it.
    """
    made = _held(callback_id)
    if made.called_on is None or made.corrected_by_id is not None:
        raise Problem("stale")
    return _listed(CORRECTION + made.id, Wish(made.kind, made.outlet_id, made.asked_on, made.about_month), by_id, now)


def _replace_corrected(callback: CallBack, now: datetime) -> None:
    if callback.source_key.startswith(CORRECTION):
        corrected = _held(callback.source_key.removeprefix(CORRECTION))
        corrected.corrected_by_id = callback.id
        db.session.flush()
        take_back(corrected, now)


def _held(callback_id: str) -> CallBack:
    callback = held(CallBack, callback_id)
    if callback is None:
        raise Problem("not_found", f"call-back {callback_id}")
    return callback
