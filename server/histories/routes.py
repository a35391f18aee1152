"""An outlet's time line: a page of its own, and its newest rows on the outlet's page."""

from datetime import date
from typing import Any

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from server.clock import today
from server.console.addresses import same_filter
from server.console.paging import PAGE_ROWS
from server.console.rendering import is_fragment, page
from server.findings.views import READERS
from server.histories.queries import SOURCES, history_page
from server.histories.rows import before_in
from server.histories.steps import steps_by_month
from server.histories.words import KIND_WORDS
from server.outlets.duplicates import kept_outlet_id
from server.outlets.models import Outlet
from server.outlets.queries import visible_outlet
from server.outlets.sections import Section
from server.people.access import current_person, requires
from server.people.models import Person
from sync.problems import Problem

blueprint = Blueprint("histories", __name__, template_folder="templates")
LATEST = 10


@blueprint.get("/outlets/<outlet_id>/history")
@requires()
def history(outlet_id: str) -> AnyResponse:
    """Of an outlet that was merged, the way to the one that was kept: it took all records along."""
    reader, kind = current_person(), request.args.get("kind", "")
    if kind and kind not in SOURCES:
        raise Problem("invalid", f"kind {kind[:20]}")
    found = visible_outlet(reader, kept_outlet_id(outlet_id), today())
    if found.id != outlet_id:
        return redirect(same_filter(url_for("histories.history", outlet_id=found.id)))
    shown = history_page(found, reader, today(), kind, before_in(request.args.get("after", "")), PAGE_ROWS)
    kinds = [(name, words) for name, words in KIND_WORDS.items() if name != "finding" or reader.holds(*READERS)]
    values: dict[str, Any] = {"outlet": found, "months": steps_by_month(shown.rows, reader), "next_key": shown.next_key, "kind": kind, "kinds": kinds}
    return page("histories/history.html", "histories/_table.html", **values)


def history_section(outlet: Outlet, reader: Person, today: date) -> Section:
    """The newest rows; the panel beside the map has no room for them."""
    if is_fragment():
        return Section("", "", "", {})
    shown = history_page(outlet, reader, today, rows=LATEST)
    return Section("", "", "histories/_section.html", {"months": steps_by_month(shown.rows, reader), "has_more": shown.next_key is not None})
