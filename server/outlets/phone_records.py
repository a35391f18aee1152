"""Records of phones about an outlet, of whatever feature: whose outlet it is, and what the author is told."""

from server.audit.actions import record_audit
from server.db import db
from server.domain.months import business_date
from server.feed.scopes import ever_held_scope
from server.outlets.duplicates import kept_outlet_id
from server.outlets.models import Outlet
from server.outlets.queries import responsible_name
from sync.problems import OpProblem
from sync.receive import APPLIED, OUT_OF_SCOPE_ACCEPTED, Outcome, Sent


def own_outlet(sent: Sent, outlet_id: str) -> Outlet | None:
    """The outlet, or the one it was merged into; None when there is none, or it never was the author's."""
    outlet = db.session.get(Outlet, kept_outlet_id(outlet_id))
    return outlet if outlet is not None and is_or_was_theirs(sent, outlet_id, outlet.id) else None


def is_or_was_theirs(sent: Sent, outlet_id: str, kept_id: str) -> bool:
    """Only who keeps an outlet, or once did, may speak of it; `kept_id` is the one it was merged into, or itself."""
    return ever_held_scope(sent.author.person_id, {f"outlet:{outlet_id}", f"outlet:{kept_id}"})


def accepted_at(outlet: Outlet, sent: Sent) -> Outcome:
    """In force and credited to the author, who is told when the outlet is somebody else's by now (SYNC §4)."""
    if sent.holds_scope:
        return Outcome(APPLIED)
    kind, record_id = sent.op.entity.type, sent.op.entity.id
    record_audit(sent.received_at, sent.author.person_id, f"{kind}.out_of_scope", (kind, record_id), outlet_id=outlet.id)
    return Outcome(OUT_OF_SCOPE_ACCEPTED, OpProblem("outlet_reassigned", responsible_name(outlet.id, business_date(sent.received_at))))
