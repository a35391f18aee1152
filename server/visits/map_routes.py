"""巡检地图: outlets or visits on a map, a rep's day in order, tables that say the same, and the points as data."""

import gzip
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any

import msgspec
from flask import Blueprint, Response, render_template, request

from server.clock import today
from server.console.days import asked_day
from server.console.formats import time_span
from server.console.rendering import page
from server.domain.months import Month
from server.maps.pages import map_page
from server.maps.queries import Ground, ground
from server.people.access import current_person, requires
from server.people.choices import all_reps_in_reach
from server.people.models import Role
from server.visits import words
from server.visits.choices import filter_choices
from server.visits.day_replay import Day, Stop, first_and_last, replayed_day
from server.visits.day_strip import day_strip
from server.visits.filters import VisitFilter, read_filter
from server.visits.map_points import MARKS, MOST_POINTS, map_points, placed_visits, visit_marks
from server.visits.plan_days import working_days_left
from server.visits.queries_list import visit_table
from server.visits.queries_map import map_table

blueprint = Blueprint("visit_maps", __name__, template_folder="templates")
REFRESHED_EVERY_S = 60
PACKED_FROM_BYTES, PACKING = 1_000, 2  # ids do not pack, so that harder work gains little


@blueprint.get("/visits/map")
@requires()
def visit_map() -> Response:
    chosen, drawn_on = read_filter(request.args), ground()
    values = filter_choices(chosen) | _table(chosen) | _words() | {"drawn_on": drawn_on, "looks": looks(chosen)}
    values |= {"most_points": MOST_POINTS, "every_s": REFRESHED_EVERY_S} | _visit_counts(chosen)
    if chosen.look != "visits":
        values |= _planning(chosen)
    return map_page(page("visits/map.html", "visits/_map_result.html", **values), drawn_on)


def _visit_counts(chosen: VisitFilter) -> dict[str, Any]:
    """The visits that are drawn, by mark where the legend names them."""
    if chosen.look != "visits":
        return {"visit_count": placed_visits(current_person(), chosen, today())}
    marks = visit_marks(current_person(), chosen, today())
    return {"marks": marks, "visit_count": sum(marks.values())}


def _planning(chosen: VisitFilter) -> dict[str, Any]:
    """Whether the table's outlets can be ticked for the plan, and the day that is offered: the next one on which people work."""
    may_plan = current_person().holds(Role.SUPERVISOR) and chosen.month >= Month.of_date(today())
    first = max(chosen.month.first_day, today() + timedelta(days=1))
    days = working_days_left(None, first, Month.of_date(first)) if may_plan else []
    return {"may_plan": may_plan, "offered_day": days[0].isoformat() if days else ""}


def looks(chosen: VisitFilter) -> dict[str, dict[str, str | None]]:
    """The addresses of the other looks, with as much of the filter as they share."""
    shared = {"region": chosen.region_id or None, "rep": chosen.rep_id or None}
    days = {"from": str(chosen.first_day), "to": str(chosen.last_day)} if chosen.has_days else {}
    of_map = shared | {"month": str(chosen.month), "class": chosen.outlet_class or None, "flag": chosen.flag or None} | days
    return {"map": of_map, "day": {"rep": chosen.rep_id or None}}


def _words() -> dict[str, Any]:
    """What the marks of the map are called, as plain text for its script."""
    marks = {name: str(words.VERDICT_WORDS[name]) for name in MARKS}
    states = {name: str(said) for name, said in words.STATE_WORDS.items()}
    return {"mark_names": MARKS, "mark_pairs": marks, "state_pairs": states, "verdict_pairs": list(marks.items())}


def _table(chosen: VisitFilter) -> dict[str, Any]:
    """The outlets or the visits that are drawn, a page of them."""
    after = request.args.get("after", "")
    if chosen.look == "visits":
        in_days = replace(chosen, has_days=True)  # the list's queue of what waits goes beyond the month, the map does not
        return {"table": visit_table(current_person(), in_days, "", after, today())}
    return {"table": map_table(current_person(), chosen, after, today())}


@blueprint.get("/visits/map.json")
@requires()
def visit_map_points() -> Response:
    """What the map draws, by the same filter as the page; whoever has it already hears so (304)."""
    content = msgspec.json.encode(map_points(current_person(), read_filter(request.args), today(), ground()))
    is_packed = len(content) > PACKED_FROM_BYTES and "gzip" in request.accept_encodings
    answer = Response(gzip.compress(content, PACKING, mtime=0) if is_packed else content, content_type="application/json")
    if is_packed:
        answer.headers["Content-Encoding"] = "gzip"
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.vary.add("Accept-Encoding")
    answer.set_etag(sha256(content).hexdigest()[:32], weak=True)
    answer.make_conditional(request)
    return answer


@blueprint.get("/visits/day")
@requires()
def day() -> Response:
    """A rep's day in order, with times, gaps and distances."""
    drawn_on = ground()
    replayed = replayed_day(current_person(), request.args.get("rep", ""), asked_day(request.args.get("day", "")), today())
    values: dict[str, Any] = {"replayed": replayed, "reps": all_reps_in_reach(current_person()), "looks": {"map": {}, "day": {}}}
    if replayed and replayed.stops:
        first, last = first_and_last(replayed.stops)
        values |= {"strip": day_strip(replayed.stops), "drawing": _drawing(replayed, drawn_on), "first": first, "last": last}
    return map_page(render_template("visits/day.html", drawn_on=drawn_on, verdict_words=words.VERDICT_WORDS, **values), drawn_on)


def _drawing(replayed: Day, drawn_on: Ground) -> dict[str, Any]:
    """What the page's script draws, in the frame of the ground."""
    offices = [[name, *drawn_on.placed(lat, lon)] for name, lat, lon in replayed.offices]
    return {"offices": offices, "stops": [_drawn_stop(stop, drawn_on) for stop in replayed.stops]}


def _drawn_stop(stop: Stop, drawn_on: Ground) -> dict[str, Any]:
    return {
        "number": stop.number,
        "name": stop.visit.name,
        "at": drawn_on.placed(*stop.fix) if stop.fix else None,
        "outlet": drawn_on.placed(*stop.outlet) if stop.outlet else None,
        "gap": time_span(stop.gap) if stop.gap is not None and stop.gap >= timedelta() else "",
        "isMarked": stop.is_marked,
        "isFast": stop.is_fast,
    }
