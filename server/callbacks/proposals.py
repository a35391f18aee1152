"""Findings that call-backs propose (RULEBOOK §8, §11), by the keys of server/domain/proposed_findings.py."""

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import ColumnElement, false, or_, select

from server.callbacks.models import CallBack
from server.db import db
from server.domain.callbacks import FINDINGS, finding_kind
from server.domain.months import Month
from server.domain.policy import Policy
from server.domain.proposed_findings import outlet_key
from server.domain.wage_kinds import ONCE_PER_OUTLET
from server.findings.actions import Proposal, add_evidence, drop_evidence, propose_findings, withdraw_findings
from server.findings.models import Finding, FindingEvidence
from server.findings.overtaken import note_overtaken
from server.findings.queries import is_by_hand
from server.outlets.responsible import responsible_id
from server.policy.queries import policy_of
from server.transactions.queries import first_use_on

Shown = Callable[[], ColumnElement[bool]]
shown_by_records: list[Shown] = []  # conditions on `Finding`: other records show it too, whatever customers say
WITHDRAWN = "回访已更正，自动撤回。"


def propose_from(callback: CallBack, by_id: str | None, now: datetime) -> None:
    """Propose what a call-back that was made found, if it stands and found anything. The caller commits."""
    proposal = proposal_of(callback)
    if proposal is not None:
        propose_findings([proposal], now, by_id)
        add_evidence([proposal])


def take_back(callback: CallBack, now: datetime) -> None:
    """A corrected call-back proposes nothing any more. What other calls found stands, and so does what a person proposed or other
    records show. The caller commits.

    A miss that rested on the call alone is taken back even so: the night proposes it anew with its records.
    """
    drop_evidence("callback", callback.id)
    gone = proposal_of(callback)
    if gone is not None and gone.source_key not in _standing_keys(callback):
        rests_on_any = select(FindingEvidence.ref_id).where(FindingEvidence.finding_id == Finding.id).exists()
        is_shown = or_(false(), *(shows() for shows in shown_by_records)) & rests_on_any
        rested_on_it = (Finding.source_key == gone.source_key) & ~is_by_hand() & ~is_shown
        withdraw_findings(rested_on_it, WITHDRAWN, now)
        note_overtaken(rested_on_it, now)


def proposal_of(callback: CallBack) -> Proposal | None:
    """The finding of a call-back: for a visit not made in the month asked about, for the others in that of the call."""
    assert callback.called_on is not None
    called_in = Month.of_date(callback.called_on)
    asked_on = callback.asked_on or callback.called_on
    kind = finding_kind(callback.kind, callback.outcome, first_use_on(callback.outlet_id), asked_on, policy_of(called_in))
    if kind is None:
        return None
    is_missed = kind == "missed_visit"
    month = Month.parse(callback.about_month) if is_missed and callback.about_month else called_in
    rep_id = responsible_id(callback.outlet_id, month.last_day if is_missed else callback.called_on)
    return call_proposal(callback, kind, month, rep_id, policy_of) if rep_id is not None else None


def call_key(callback: CallBack, kind: str, month: Month) -> str:
    return outlet_key(kind, callback.outlet_id, month) if kind in ONCE_PER_OUTLET else f"{kind}:{callback.id}"


def call_proposal(callback: CallBack, kind: str, month: Month, rep_id: str, policy_in: Callable[[Month], Policy]) -> Proposal:
    """The finding of that kind and month, about that rep."""
    return Proposal(
        source_key=call_key(callback, kind, month),
        kind=kind,
        month=str(month),
        person_id=rep_id,
        outlet_id=callback.outlet_id,
        amount_yuan=policy_in(month).decimal(f"wage.{kind}_yuan"),
        reason=callback.note,
        evidence=(("callback", callback.id),),
    )


def _standing_keys(callback: CallBack) -> set[str]:
    """What the other call-backs to the outlet propose."""
    found = (CallBack.outlet_id == callback.outlet_id, CallBack.id != callback.id, CallBack.corrected_by_id.is_(None))
    query = select(CallBack).where(*found, CallBack.called_on.is_not(None), CallBack.outcome.in_(tuple(FINDINGS)))
    proposals = [proposal_of(other) for other in db.session.scalars(query).all()]
    return {proposal.source_key for proposal in proposals if proposal is not None}


def is_in_window(callback: CallBack, first_use: date | None, day: date) -> bool:
    """Whether a bad outcome on that day would propose a finding."""
    worst = next((outcome for outcome in FINDINGS if finding_kind(callback.kind, outcome, first_use, day, policy_of(Month.of_date(day)))), None)
    return worst is not None
