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
from server.findings.actions import Proposal, propose_findings
from server.findings.hand_form import HandForm
from server.findings.kinds import kinds_by_hand
from server.findings.models import Finding
from server.language import chosen_language
from server.outlets.models import Outlet
from server.outlets.queries import is_visible
from server.people.access import current_person, requires
from server.people.choices import reps_in_reach
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
        finding_id = _propose(form)
    except Problem as problem:
        return form_again(problem, lambda faults: _page(form, faults))
    flash(gettext("已提出，等经理认定；本人看得到。"))
    return redirect(url_for("findings.finding", finding_id=finding_id))


def _propose(form: HandForm) -> str:
    reader = current_person()
    proposal = form.proposal({rep.id for rep in reps_in_reach(reader)}, _outlet_id(form.outlet_code), today())
    if propose_findings([proposal], now(), reader.id):
        record_audit(now(), reader.id, "finding.proposed", ("finding", proposal.source_key), kind=proposal.kind, month=proposal.month)
    finding_id = _known(proposal)
    db.session.commit()
    return finding_id


def _known(proposal: Proposal) -> str:
    return db.session.scalars(select(Finding.id).where(Finding.source_key == proposal.source_key)).one()


def _outlet_id(code: str) -> str | None:
    """The outlet of this code within reach."""
    return db.session.scalar(select(Outlet.id).where(Outlet.code == code, is_visible(current_person(), today()))) if code else None


def _page(form: HandForm, faults: dict[str, str]) -> str:
    month = _month_of(form)
    kinds = [(kind.code, f"{getattr(kind, chosen_language())} · {kind.amount_yuan}") for kind in kinds_by_hand(month)]
    months = [(str(one), f"{one.year} {short_month(one)}") for one in recent_months(month)]
    reps = reps_in_reach(current_person())
    return render_template("findings/new.html", form=form, faults=faults, kinds=kinds, months=months, reps=reps)


def _month_of(form: HandForm) -> Month:
    try:
        return Month.parse(form.month)
    except ValueError:
        return Month.of_date(today())
