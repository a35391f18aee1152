"""What waits for the office: changes to decide on, values that lost, records that were not taken in (SYNC §4)."""

from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from server.clock import now
from server.console.addresses import own_path, same_filter
from server.console.filters import RegionAndRep, read_region_and_rep
from server.console.queues import counted_queues
from server.console.rendering import page
from server.db import db
from server.intake import waiting_words as words
from server.intake.rerun import run_again
from server.intake.settling import close_quarantined, settle_conflict, settle_parked, settle_reused
from server.intake.waiting_change import change_view
from server.intake.waiting_forms import MOST_LETTERS, ChangeForm
from server.intake.waiting_record import record_view, reused_view
from server.intake.waiting_views import (
    CHANGES,
    RECORD_READERS,
    RECORDS,
    REPAIRERS,
    VALUES,
    change_page,
    record_in_reach,
    record_page,
    reused_ids,
    reused_in_reach,
    value_in_reach,
    value_page,
)
from server.outlets.deciders import DECIDERS
from server.people.access import current_person, requires
from server.people.choices import regions_in_reach, reps_in_reach
from sync.problems import Problem

blueprint = Blueprint("waiting", __name__, url_prefix="/waiting", template_folder="templates")


@blueprint.get("")
@requires(*RECORD_READERS)
def start() -> AnyResponse:
    """The first queue in which something waits."""
    queues = counted_queues(current_person())
    first = next((queue for queue in queues if queue.count), queues[0])
    return redirect(url_for(first.endpoint))


@blueprint.get("/changes")
@requires(*DECIDERS)
def changes() -> Response:
    chosen = _filter()
    found = change_page(current_person(), chosen, request.args.get("after", ""))
    return page("waiting/changes.html", "waiting/_changes.html", found=found, **_list_values(chosen))


@blueprint.get("/values")
@requires(*DECIDERS)
def values() -> Response:
    chosen = _filter()
    found = value_page(current_person(), chosen, request.args.get("after", ""))
    return page("waiting/values.html", "waiting/_values.html", found=found, **_list_values(chosen))


@blueprint.get("/records")
@requires(*RECORD_READERS)
def records() -> Response:
    chosen, reader = _filter(), current_person()
    found = record_page(reader, chosen, request.args.get("after", ""))
    return page("waiting/records.html", "waiting/_records.html", found=found, reused=reused_ids(reader, chosen), **_list_values(chosen))


def _filter() -> RegionAndRep:
    return read_region_and_rep(request.args)


def _list_values(chosen: RegionAndRep) -> dict[str, Any]:
    reader = current_person()
    return {
        "chosen": chosen,
        "queues": counted_queues(reader),
        "regions": regions_in_reach(reader),
        "reps": reps_in_reach(reader, chosen.region_id),
        "words": words,
    }


@blueprint.get("/changes/<op_id>")
@requires(*DECIDERS)
def change(op_id: str) -> str:
    return _change(op_id, ChangeForm({}, {}, ""), {})


@blueprint.post("/changes/<op_id>/decision")
@requires(*DECIDERS)
def decide_change(op_id: str) -> AnyResponse:
    """Field by field: as sent, with another value, or not at all; the reason goes to the sender."""
    view = change_view(current_person(), op_id)
    form = ChangeForm.read(request.form, [field.name for field in view.fields if not field.outcome])
    try:
        values = form.values({field.name: field.sent_json for field in view.fields})
        op = settle_parked(op_id, values, form.reason, current_person().id, now())
    except Problem as problem:
        return _again(problem, lambda faults: _change(op_id, form, faults))
    flash(words.result_words(op.settled_code))
    return redirect(same_filter(url_for(CHANGES)))


def _change(op_id: str, form: ChangeForm, faults: dict[str, str]) -> str:
    view = change_view(current_person(), op_id)
    return render_template("waiting/change.html", view=view, form=form, faults=faults, words=words)


def _again(problem: Problem, shown: Any) -> Response:
    """The same page with the faults of what was sent, or with the news that somebody else decided; other problems go on."""
    if problem.refusal.code not in ("invalid", "stale"):
        raise problem
    db.session.rollback()
    faults = problem.extras.get("fields", {problem.refusal.code: "stale"})
    return make_response(shown(faults), problem.refusal.status)


@blueprint.post("/values/<conflict_id>/decision")
@requires(*DECIDERS)
def decide_value(conflict_id: str) -> AnyResponse:
    """Put a value that lost back, or leave things as they are; then back to the page where it was done."""
    value_in_reach(current_person(), conflict_id)
    decision = request.form.get("decision", "")
    if decision not in ("restore", "keep"):
        raise Problem("invalid", "decision")
    settle_conflict(conflict_id, decision == "restore", current_person().id, now())
    flash(gettext("旧值已恢复，手机下次同步就会看到。") if decision == "restore" else gettext("保持现在的值。"))
    return redirect(own_path(request.form.get("next"), same_filter(url_for(VALUES))))


@blueprint.get("/records/<op_id>")
@requires(*RECORD_READERS)
def record(op_id: str) -> str:
    return _record(op_id, "", {})


@blueprint.post("/records/<op_id>/retry")
@requires(*REPAIRERS)
def retry(op_id: str) -> AnyResponse:
    """Judge the record once more from the bytes that were kept."""
    record_in_reach(current_person(), op_id)
    try:
        code = run_again(op_id, current_person().id, now())
    except Problem as problem:
        return _again(problem, lambda faults: _record(op_id, "", faults))
    if code == "quarantined":
        flash(gettext("再试了一次，还是收不进来。原因见下面。"))
        return redirect(same_filter(url_for("waiting.record", op_id=op_id)))
    flash(words.result_words(code))
    return redirect(same_filter(url_for(RECORDS)))


@blueprint.post("/records/<op_id>/closing")
@requires(*REPAIRERS)
def close(op_id: str) -> AnyResponse:
    """Give a record up that cannot be taken in, with a reason that its author reads."""
    record_in_reach(current_person(), op_id)
    reason = request.form.get("reason", "").strip()[:MOST_LETTERS]
    try:
        close_quarantined(op_id, reason, current_person().id, now())
    except Problem as problem:
        return _again(problem, lambda faults: _record(op_id, reason, faults))
    flash(gettext("这条已关闭，原始内容留着。"))
    return redirect(same_filter(url_for(RECORDS)))


def _record(op_id: str, reason: str, faults: dict[str, str]) -> str:
    view = record_view(current_person(), op_id)
    can_repair = current_person().holds(*REPAIRERS)
    return render_template("waiting/record.html", view=view, reason=reason, faults=faults, words=words, can_repair=can_repair)


@blueprint.get("/reused/<conflict_id>")
@requires(*RECORD_READERS)
def reused(conflict_id: str) -> str:
    can_repair = current_person().holds(*REPAIRERS)
    return render_template("waiting/reused.html", view=reused_view(current_person(), conflict_id), words=words, can_repair=can_repair)


@blueprint.post("/reused/<conflict_id>/seen")
@requires(*REPAIRERS)
def see_reused(conflict_id: str) -> AnyResponse:
    reused_in_reach(current_person(), conflict_id)
    settle_reused(conflict_id, current_person().id, now())
    flash(gettext("已记下看过，两份内容都留着。"))
    return redirect(same_filter(url_for(RECORDS)))
