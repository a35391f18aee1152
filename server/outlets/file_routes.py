"""Outlet files in the console: a supervisor submits one, the manager approves it or returns it, customer service archives an approved one."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from server.clock import now, today
from server.console.addresses import same_filter
from server.console.form_answers import form_again
from server.console.form_checks import text_of, ticked_ids
from server.db import db
from server.outlets import words
from server.outlets.file_review import file_review
from server.outlets.file_steps import MOST_LETTERS, SUBMITTABLE, FileDecision, archive_file, decide_file, steps_of, submit_in_office
from server.outlets.models import Outlet, OutletState
from server.outlets.queries import visible_outlet
from server.outlets.sections import Section
from server.outlets.snapshots import file_digest
from server.outlets.views import next_listed, read_outlet_filter
from server.people.access import current_person, requires
from server.people.models import Person, Role
from sync.problems import Problem

blueprint = Blueprint("outlet_files", __name__, template_folder="templates")


@blueprint.get("/outlets/<outlet_id>/file")
@requires()
def outlet_file(outlet_id: str) -> str:
    return _page(visible_outlet(current_person(), outlet_id, today()), {"reason": ""}, {})


@blueprint.post("/outlets/<outlet_id>/file/submission")
@requires(Role.SUPERVISOR)
def submit(outlet_id: str) -> AnyResponse:
    """Where no rep does it from the phone: supervisors of the outlet's region."""
    found = visible_outlet(current_person(), outlet_id, today())
    if not _is_supervised(found, current_person()):
        raise Problem("forbidden")
    try:
        submit_in_office(found.id, current_person().id, now())
    except Problem as problem:
        return form_again(problem, lambda faults: _page(visible_outlet(current_person(), outlet_id, today()), {"reason": ""}, faults))
    flash(gettext("已送审，等经理审核。"))
    return redirect(url_for("outlet_files.outlet_file", outlet_id=outlet_id))


@blueprint.post("/outlets/<outlet_id>/file/decision")
@requires(Role.MANAGER)
def decide(outlet_id: str) -> AnyResponse:
    """`decision` is approved or returned; a return says why. Of a file that changed meanwhile the new one is shown first."""
    found = visible_outlet(current_person(), outlet_id, today())
    form = {"reason": text_of(request.form, "reason", MOST_LETTERS)}
    decision = FileDecision(text_of(request.form, "decision", 12), form["reason"], text_of(request.form, "seen"))
    try:
        decide_file(found.id, decision, current_person().id, now())
    except Problem as problem:
        return form_again(problem, lambda faults: _page(visible_outlet(current_person(), outlet_id, today()), form, faults))
    flash(gettext("资料已批准。") if decision.state == OutletState.APPROVED else gettext("已退回，片区负责人下次同步就会看到原因。"))
    return _onwards(found, url_for("outlet_files.outlet_file", outlet_id=outlet_id))


@blueprint.post("/outlets/<outlet_id>/file/archive")
@requires(Role.SERVICE)
def archive(outlet_id: str) -> AnyResponse:
    """Then back to those that still wait for it."""
    found = visible_outlet(current_person(), outlet_id, today())
    try:
        archive_file(found.id, text_of(request.form, "seen"), current_person().id, now())
    except Problem as problem:
        return form_again(problem, lambda faults: _page(visible_outlet(current_person(), outlet_id, today()), {"reason": ""}, faults))
    flash(gettext("%(name)s 的资料已归档。", name=found.name))
    return _onwards(found, url_for("outlets.outlet_list", state=OutletState.APPROVED.value))


@blueprint.post("/outlets/archives")
@requires(Role.SERVICE)
def archive_many() -> AnyResponse:
    """Archive the files that were ticked, each as if alone; says how many were not."""
    ids = ticked_ids(request.form, "outlet")
    archived = sum(_is_archived_now(outlet_id) for outlet_id in ids)
    flash(gettext("归档了 %(count)s 份资料。", count=archived) if ids else gettext("没有勾选网点。"))
    if archived < len(ids):
        flash(gettext("%(count)s 份没有动：已经有人处理过，刚有变化，或者看不到。", count=len(ids) - archived))
    return redirect(same_filter(url_for("outlets.outlet_list")))


def _is_archived_now(outlet_id: str) -> bool:
    try:
        found = visible_outlet(current_person(), outlet_id, today())
        archive_file(found.id, text_of(request.form, f"seen.{outlet_id}"), current_person().id, now())
    except Problem as problem:
        if problem.refusal.code not in ("stale", "not_found"):
            raise
        db.session.rollback()
        return False
    return True


def _onwards(outlet: Outlet, otherwise: str) -> AnyResponse:
    """To the next file of the list from which this one was opened, to the list after the last one."""
    if not request.args.get("state"):
        return redirect(otherwise)
    next_id = next_listed(current_person(), read_outlet_filter(request.args), outlet, today())
    if next_id is None:
        flash(gettext("这里的都看完了。"))
        return redirect(same_filter(url_for("outlets.outlet_list")))
    flash(gettext("下面是下一件。"))
    return redirect(same_filter(url_for("outlet_files.outlet_file", outlet_id=next_id)))


def file_section(outlet: Outlet, reader: Person, _today: date) -> Section:
    """On the outlet's page: where the file is, and the way to its photos and steps."""
    is_shown = outlet.state != OutletState.DRAFT or outlet.storefront_photo or outlet.counter_photo or _can_submit(outlet, reader)
    return Section("", "", "outlets/_file_way.html", {"is_shown": is_shown, "state": words.state_words(outlet.state), "way": _way(outlet, reader)})


def _way(outlet: Outlet, reader: Person) -> str:
    """What the reader may do on the file's page, else to look at it."""
    if outlet.state == OutletState.SUBMITTED and reader.holds(Role.MANAGER):
        return gettext("去审核")
    if _can_submit(outlet, reader):
        return gettext("去送审")
    return gettext("去归档") if _can_archive(outlet, reader) else gettext("看资料")


def _can_submit(outlet: Outlet, reader: Person) -> bool:
    return outlet.state in SUBMITTABLE and _is_supervised(outlet, reader)


def _is_supervised(outlet: Outlet, reader: Person) -> bool:
    return reader.holds(Role.SUPERVISOR) and outlet.region_id in reader.region_ids


def _can_archive(outlet: Outlet, reader: Person) -> bool:
    return reader.holds(Role.SERVICE) and outlet.state == OutletState.APPROVED


def _page(outlet: Outlet, form: dict[str, str], faults: dict[str, str]) -> str:
    return render_template(
        "outlets/file.html",
        outlet=outlet,
        steps=steps_of(outlet.id),
        words=words,
        review=file_review(outlet),
        missing=words.missing_words(outlet),
        lacking=words.lacking_words(outlet),
        can_submit=_can_submit(outlet, current_person()),
        can_decide=current_person().holds(Role.MANAGER) and outlet.state == OutletState.SUBMITTED,
        can_archive=_can_archive(outlet, current_person()),
        seen=file_digest(outlet),
        form=form,
        faults=faults,
    )
