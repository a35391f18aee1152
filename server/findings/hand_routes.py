"""Proposing a finding by hand: person, kind, month, outlet where there is one, and why."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from server.audit.actions import record_audit
from server.clock import now, today
from server.console.form_answers import form_again
from server.console.formats import short_month
from server.console.months import recent_months
from server.db import db
from server.domain.months import Month
from server.findings.actions import propose_by_hand
from server.findings.hand_form import HandForm
from server.findings.kinds import kinds_by_hand
from server.findings.models import Finding, FindingState, FindingStep
from server.language import chosen_language
from server.outlets.models import Outlet
from server.outlets.queries import is_visible
from server.people.access import current_person, requires
from server.people.choices import Choice, reps_of_days
from server.people.models import Role
from sync.ids import uuid7
from sync.problems import Problem

blueprint = Blueprint("hand_findings", __name__, template_folder="templates")
PROPOSERS = (Role.SUPERVISOR, Role.MANAGER)


@blueprint.get("/findings/new")
@requires(*PROPOSERS)
def new_finding() -> str:
    return _page(HandForm(uuid7(), month=str(Month.of_date(today()))), {})


@blueprint.post("/findings")
@requires(*PROPOSERS)
def propose() -> AnyResponse:
    """Propose it; the manager still decides. Sent twice it is proposed once."""
    form = HandForm.read(request.form)
    try:
        finding_id, is_new = _propose(form)
    except Problem as problem:
        return form_again(problem, lambda faults: _page(form, faults))
    flash(
        gettext("已提出，等经理认定；本人看得到。") if is_new else gettext("这个网点的这一件早已提出，没有再提。下面就是那一件，你写的理由没有存。")
    )
    return redirect(url_for("findings.finding", finding_id=finding_id))


def _propose(form: HandForm) -> tuple[str, bool]:
    """The finding's id, and whether it is the form's own; otherwise it was there before."""
    reader = current_person()
    proposal = form.proposal({rep.id for rep in _offered_reps(form)}, _outlet_id(form.outlet_code), today())
    month = Month.parse(proposal.month)
    if proposal.person_id not in {rep.id for rep in reps_of_days(reader, month.first_day, month.last_day)}:
        raise Problem("invalid", fields={"person_id": "no_rep_that_month"})
    is_new = propose_by_hand(proposal, reader.id, now())
    finding_id = db.session.scalars(select(Finding.id).where(Finding.source_key == proposal.source_key)).one()
    if is_new:
        record_audit(now(), reader.id, "finding.proposed", ("finding", finding_id), kind=proposal.kind, month=proposal.month)
    db.session.commit()
    return finding_id, is_new or _was_sent(finding_id, proposal.reason, reader.id)


def _was_sent(finding_id: str, reason: str, by_id: str) -> bool:
    """Whether the same person proposed it with the same words: the form came twice."""
    same = (FindingStep.finding_id == finding_id, FindingStep.by_id == by_id, FindingStep.reason == reason)
    return db.session.scalar(select(FindingStep.id).where(*same, FindingStep.state == FindingState.PROPOSED).limit(1)) is not None


def _outlet_id(code: str) -> str | None:
    """The outlet of this code within reach."""
    return db.session.scalar(select(Outlet.id).where(Outlet.code == code, is_visible(current_person(), today()))) if code else None


def _page(form: HandForm, faults: dict[str, str]) -> str:
    month = _month_of(form)
    kinds = [(kind.code, f"{getattr(kind, chosen_language())} · {kind.amount_yuan}") for kind in kinds_by_hand(month)]
    months = [(str(one), f"{one.year} {short_month(one)}") for one in recent_months(month)]
    return render_template("findings/new.html", form=form, faults=faults, kinds=kinds, months=months, reps=_offered_reps(form))


def _offered_reps(form: HandForm) -> list[Choice]:
    """Whoever was a rep in any month that the form offers, also those who have left since."""
    months = recent_months(_month_of(form))
    return reps_of_days(current_person(), months[-1].first_day, months[0].last_day)


def _month_of(form: HandForm) -> Month:
    try:
        return Month.parse(form.month)
    except ValueError:
        return Month.of_date(today())
