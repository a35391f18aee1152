"""The month to come: the supervisor's plan of visits, and the forecast of misses (RULEBOOK §4, §10)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from server.clock import now, today
from server.console.addresses import own_path
from server.console.form_answers import form_again
from server.console.form_checks import FormChecks
from server.console.months import chosen_month, month_in_path, month_strip
from server.console.rendering import page
from server.db import db
from server.domain.months import Month
from server.outlets.picking import outlet_choice
from server.outlets.queries import visible_outlet
from server.people.access import current_person, requires, sees_region
from server.people.choices import reps_in_reach
from server.people.models import Person, Role
from server.visits import forecast_views, plan_calendar, plan_views
from server.visits.plan_actions import move_visit, plan_missing_visits, plan_rep_month, plan_visit, unplan_visit
from server.visits.plan_checks import check_planned
from server.visits.plan_days import next_free_day
from server.visits.plan_missing import reps_without_plan
from sync.problems import Problem

blueprint = Blueprint("visit_plans", __name__, template_folder="templates")


@blueprint.get("/compliance/forecast")
@requires()
def forecast() -> Response:
    """The running month alone: one that is over has findings."""
    month, open_id = Month.of_date(today()), request.args.get("open", "")
    values: dict[str, Any] = {
        "month": month,
        "table": forecast_views.forecast_table(current_person(), month, open_id, today()),
        "open_id": open_id,
        "can_plan": current_person().holds(Role.SUPERVISOR),
        "outlook_words": forecast_views.OUTLOOK_WORDS,
        "outlook_marks": forecast_views.OUTLOOK_MARKS,
        "reason_words": forecast_views.REASON_WORDS,
    }
    return page("visits/forecast.html", "visits/_forecast.html", **values)


@blueprint.get("/visit-plans")
@requires()
def plan() -> Response:
    return page("visits/plan.html", "visits/_plan.html", **_plan_values({}))


@blueprint.get("/visit-plans/new")
@requires(Role.SUPERVISOR)
def new_planned() -> str:
    """The day that the form offers is the next on which the outlet's rep works, in the month in the address."""
    outlet_id, first = request.args.get("outlet", ""), Month.of_date(today())
    offered = next_free_day(outlet_id, max(chosen_month(request.args.get("month", "")), first), today()) if outlet_id else None
    return _new(outlet_id, offered.isoformat() if offered else "", {})


@blueprint.post("/visit-plans")
@requires(Role.SUPERVISOR)
def add_planned() -> AnyResponse:
    """A day for an outlet of an own region."""
    outlet_id, typed = request.form.get("outlet_id", ""), request.form.get("planned_on", "")
    outlet = visible_outlet(current_person(), outlet_id, today())
    _allow(outlet.region_id)
    try:
        planned_on = _typed_day(typed)
        check_planned(outlet.id, planned_on, _is_sure(), now())
        plan_visit(outlet.id, planned_on, current_person().id, now())
    except Problem as problem:
        warnings = problem.extras.get("warnings", [])
        return form_again(problem, lambda faults: _new(outlet_id, typed, faults, warnings))
    flash(gettext("%(outlet)s 排在 %(day)s。", outlet=outlet.name, day=planned_on))
    return redirect(own_path(request.args.get("back"), _in_plan(outlet.id, planned_on)))


@blueprint.post("/visit-plans/<outlet_id>/<day>/move")
@requires(Role.SUPERVISOR)
def move(outlet_id: str, day: str) -> AnyResponse:
    """Another day for a visit that is planned, from the calendar: dragged, or typed."""
    outlet, typed = visible_outlet(current_person(), outlet_id, today()), request.form.get("planned_on", "")
    _allow(outlet.region_id)
    planned_on = _day_in_path(day)
    try:
        moved_to = _typed_day(typed)
        check_planned(outlet.id, moved_to, _is_sure(), now(), planned_on)
        move_visit(outlet.id, planned_on, moved_to, current_person().id, now())
    except Problem as problem:
        asked = {"outlet": outlet.name, "moved_to": typed, "warnings": problem.extras.get("warnings", [])}
        return form_again(problem, lambda faults: render_template("visits/plan.html", **_plan_values(faults), asked=asked))
    flash(gettext("%(outlet)s 已移到 %(day)s。", outlet=outlet.name, day=moved_to))
    return redirect(_in_plan(outlet.id, moved_to))


@blueprint.post("/visit-plans/<outlet_id>/<day>/removal")
@requires(Role.SUPERVISOR)
def remove(outlet_id: str, day: str) -> AnyResponse:
    outlet = visible_outlet(current_person(), outlet_id, today())
    _allow(outlet.region_id)
    planned_on = _day_in_path(day)
    unplan_visit(outlet.id, planned_on, current_person().id, now())
    flash(gettext("这一天已从计划里拿掉。"))
    return redirect(url_for("visit_plans.plan", month=Month.of_date(planned_on), rep=request.args.get("rep") or None))


@blueprint.post("/visit-plans/<month>/proposal")
@requires(Role.SUPERVISOR)
def propose(month: str) -> AnyResponse:
    """The software's days for what a rep of an own region still owes."""
    chosen, rep_id = month_in_path(month), _own_rep()
    try:
        made = plan_rep_month(rep_id, chosen, current_person().id, now())
    except Problem as problem:
        return form_again(problem, lambda faults: render_template("visits/plan.html", **_plan_values(faults)))
    left = sum(made.unplaced.values())
    text = gettext("已按欠巡次数排好，工作日里均匀，相邻的同一天。")
    flash(text if not left else text + gettext("还有 %(count)s 次排不下。", count=left))
    return redirect(url_for("visit_plans.plan", month=chosen, rep=rep_id))


@blueprint.post("/visit-plans/<month>/missing")
@requires(Role.SUPERVISOR)
def plan_missing(month: str) -> AnyResponse:
    """Days for what a rep of an own region owes and has no day for; the days that are set stay."""
    chosen, rep_id = month_in_path(month), _own_rep()
    try:
        made = plan_missing_visits(rep_id, chosen, current_person().id, now())
    except Problem as problem:
        return form_again(problem, lambda faults: render_template("visits/plan.html", **_plan_values(faults)))
    placed, left = sum(len(day.outlet_ids) for day in made.days), sum(made.unplaced.values())
    text = gettext("排好了 %(count)s 次。", count=placed) if placed or left else gettext("应巡的都排了日子。")
    flash(text if not left else text + gettext("还有 %(count)s 次排不下。", count=left))
    return redirect(own_path(request.args.get("back"), url_for("visit_plans.plan", month=chosen, rep=rep_id)))


def _own_rep() -> str:
    """The rep that the form names; `not_found` for one out of reach."""
    rep_id = request.form.get("rep", "")
    if rep_id not in {rep.id for rep in reps_in_reach(current_person())}:
        raise Problem("not_found", f"rep {rep_id[:36]}")
    return rep_id


def _typed_day(text: str) -> date:
    checks = FormChecks()
    day = checks.day("planned_on", text, None, None)
    checks.done()
    return day


def _is_sure() -> bool:
    """Whether the supervisor was told what speaks against this very day, and wants it all the same."""
    return request.form.get("anyway") == request.form.get("planned_on")


def _in_plan(outlet_id: str, planned_on: date) -> str:
    """Where the plan has the visit: in the calendar, where that was left."""
    rep_id = request.args.get("rep") or None
    anchor = plan_calendar.anchor(outlet_id, planned_on) if rep_id else None
    return url_for("visit_plans.plan", month=Month.of_date(planned_on), rep=rep_id, _anchor=anchor)


def _day_in_path(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise Problem("not_found", "day") from fault


def _allow(region_id: str) -> None:
    if not sees_region(current_person(), region_id):
        raise Problem("forbidden")


def _plan_values(faults: dict[str, str]) -> dict[str, Any]:
    reader, month, rep_id = current_person(), chosen_month(request.args.get("month", "")), request.args.get("rep", "")
    reps = reps_in_reach(reader)
    is_calendar = rep_id in {rep.id for rep in reps} and request.args.get("view", "") != "list"
    return {
        "calendar": plan_calendar.rep_calendar(reader, month, rep_id, today()) if is_calendar else None,
        "anchor": plan_calendar.anchor,
        "month": month,
        "strip": month_strip(month, reaches_next=True),
        "rep_id": rep_id,
        "reps": reps,
        "table": plan_views.plan_table(reader, month, rep_id, request.args.get("after", ""), today(), not is_calendar),
        "today": today(),
        "this_month": Month.of_date(today()),
        "state_of": plan_views.state_of,
        "state_words": plan_views.STATE_WORDS,
        "without_plan": [] if rep_id else _without_plan(reader, month),
        "can_plan": reader.holds(Role.SUPERVISOR) and month >= Month.of_date(today()),
        "can_set_leave": reader.holds(Role.SUPERVISOR, Role.MANAGER),
        "faults": faults,
    }


def _without_plan(reader: Person, month: Month) -> list[Any]:
    """Named for a supervisor, of the month that is to be planned next."""
    if not reader.holds(Role.SUPERVISOR) or month != Month.of_date(today()).next():
        return []
    return list(db.session.execute(reps_without_plan(reader, month, today())))


def _new(outlet_id: str, planned_on: str, faults: dict[str, str], warnings: Sequence[tuple[str, str]] = ()) -> str:
    choice = outlet_choice(current_person(), outlet_id, request.args.get("q", "").strip()[:60], today())
    kept = {name: request.args.get(name) or None for name in ("month", "rep", "back")}
    return render_template("visits/new_planned.html", choice=choice, planned_on=planned_on, faults=faults, warnings=warnings, kept=kept)
