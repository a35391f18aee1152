"""Call-backs: the list of whom to call, a call by hand, the sheet of three questions and its outcome."""

from dataclasses import replace

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from server.callbacks import words
from server.callbacks.actions import correct_callback, list_callback, make_callback
from server.callbacks.forms import OutcomeForm, WishForm
from server.callbacks.models import CallBack
from server.callbacks.queries import visible_callback
from server.callbacks.views import callback_sheet, callback_table, next_due
from server.clock import now, today
from server.console.addresses import same_filter
from server.console.form_answers import form_again
from server.console.rendering import page
from server.domain.months import Month
from server.outlets.picking import outlet_choice
from server.outlets.queries import visible_outlet
from server.outlets.work_filter import WorkFilter, read_work_filter
from server.outlets.work_lists import list_values
from server.people.access import AT_OUTLETS, current_person, requires
from server.people.models import Role
from sync.problems import Problem

blueprint = Blueprint("callbacks", __name__, url_prefix="/callbacks", template_folder="templates")


@blueprint.get("")
@requires(*AT_OUTLETS)
def callback_list() -> Response:
    reader = current_person()
    chosen = read_work_filter(request.args, words.TABS, words.KINDS)
    table = callback_table(reader, chosen, request.args.get("after", ""), today())
    values = list_values(reader, chosen, table, today()) | {"words": words, "can_list": reader.holds(Role.OPS)}
    return page("callbacks/list.html", "callbacks/_table.html", **values)


@blueprint.get("/new")
@requires(Role.OPS)
def new_callback() -> str:
    form = WishForm(asked_on=today().isoformat(), about_month=str(Month.of_date(today()).previous()))
    return _new(form, request.args.get("outlet", ""), {})


@blueprint.post("")
@requires(Role.OPS)
def add_callback() -> AnyResponse:
    form, outlet_id = WishForm.read(request.form), request.form.get("outlet_id", "")
    outlet = visible_outlet(current_person(), outlet_id, today())
    try:
        callback = list_callback(form.wish(outlet.id, today()), current_person().id, now())
    except Problem as problem:
        return form_again(problem, lambda faults: _new(form, outlet_id, faults))
    return redirect(url_for("callbacks.callback", callback_id=callback.id))


def _new(form: WishForm, outlet_id: str, faults: dict[str, str]) -> str:
    choice = outlet_choice(current_person(), outlet_id, request.args.get("q", "").strip()[:60], today())
    return render_template("callbacks/new.html", choice=choice, form=form, faults=faults, words=words, today=today())


@blueprint.get("/<callback_id>")
@requires()
def callback(callback_id: str) -> str:
    return _page(callback_id, OutcomeForm(), {})


@blueprint.post("/<callback_id>/outcome")
@requires(Role.OPS)
def make(callback_id: str) -> AnyResponse:
    """What the call came to; then to the next one."""
    chosen = read_work_filter(request.args, words.TABS, words.KINDS)
    visible_callback(current_person(), callback_id, today())
    form = OutcomeForm.read(request.form)
    try:
        made = make_callback(callback_id, form.outcome, form.note, current_person().id, now(), form.kept())
    except Problem as problem:
        return form_again(problem, lambda faults: _page(callback_id, form, faults))
    flash(gettext("回访已登记。"))
    return _onwards(made, chosen)


def _onwards(made: CallBack, chosen: WorkFilter) -> AnyResponse:
    """To the next call of the list from which this one was opened; to the list after the last one, and to that of the calls that were made."""
    if chosen.state != "due":
        return redirect(same_filter(url_for("callbacks.callback_list")))
    next_id = next_due(current_person(), chosen, made, today())
    if next_id is None:
        flash(gettext("这里的都打完了。"))
        return redirect(same_filter(url_for("callbacks.callback_list")))
    flash(gettext("下面是下一件。"))
    return redirect(same_filter(url_for("callbacks.callback", callback_id=next_id)))


@blueprint.post("/<callback_id>/proposal")
@requires(Role.OPS)
def propose(callback_id: str) -> str:
    """The sheet again with the outcome that the answers point to; nothing is kept."""
    callback, _ = visible_callback(current_person(), callback_id, today())
    form = OutcomeForm.read(request.form)
    return _page(callback_id, replace(form, outcome=form.proposed(callback.kind)), {}, is_proposed=True)


@blueprint.post("/<callback_id>/correction")
@requires(Role.OPS)
def correct(callback_id: str) -> AnyResponse:
    """A call-back that was made never changes; another one takes its place."""
    visible_callback(current_person(), callback_id, today())
    try:
        correction = correct_callback(callback_id, current_person().id, now())
    except Problem as problem:
        return form_again(problem, lambda faults: _page(callback_id, OutcomeForm(), faults))
    flash(gettext("更正用的回访已列出，登记结果后代替原来那次。"))
    return redirect(same_filter(url_for("callbacks.callback", callback_id=correction.id)))


def _page(callback_id: str, form: OutcomeForm, faults: dict[str, str], is_proposed: bool = False) -> str:
    sheet = callback_sheet(current_person(), callback_id, today())
    values = {"sheet": sheet, "form": form, "faults": faults, "is_proposed": is_proposed}
    return render_template("callbacks/callback.html", words=words, today=today(), **values)
