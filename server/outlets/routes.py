"""Outlets: the list, one outlet's page or panel, and who is responsible for it."""

from typing import Any

import segno
from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from server.clock import now, today
from server.console.rendering import page
from server.db import db
from server.domain.months import Month
from server.outlets.actions import assign_outlets
from server.outlets.agent_names import agent_name
from server.outlets.cards import card_code, card_text
from server.outlets.deciders import may_decide
from server.outlets.duplicates import kept_outlet_id
from server.outlets.forms import POOL, AssignmentForm
from server.outlets.holders import reps_for
from server.outlets.identity import may_enter, may_view
from server.outlets.models import OutletState
from server.outlets.move_routes import MOVERS
from server.outlets.queries import visible_outlet
from server.outlets.responsible import free_from
from server.outlets.sections import sections_of
from server.outlets.snapshots import file_digests
from server.outlets.views import (
    STATES,
    class_history,
    may_assign,
    may_plan,
    office_distance_m,
    outlet_page,
    outlet_with_region,
    owner_history,
    read_outlet_filter,
)
from server.outlets.words import DOCUMENT_WORDS, class_reason, state_words
from server.people.access import current_person, requires
from server.people.choices import regions_in_reach, reps_in_reach
from server.people.models import Role
from server.policy.queries import policy_of
from sync.problems import Problem

blueprint = Blueprint("outlets", __name__, template_folder="templates")
CARD_MAKERS = (Role.SUPERVISOR, Role.MANAGER, Role.OPS, Role.ADMIN)


@blueprint.get("/outlets")
@requires()
def outlet_list() -> Response:
    chosen, reader = read_outlet_filter(request.args), current_person()
    may_archive = chosen.state == OutletState.APPROVED and reader.holds(Role.SERVICE)
    outlets = outlet_page(reader, chosen, request.args.get("after", ""), today())
    values: dict[str, Any] = {
        "chosen": chosen,
        "outlets": outlets,
        "regions": regions_in_reach(reader),
        "reps": reps_in_reach(reader, chosen.region_id),
        "agent": agent_name(reader, chosen.agent_id, today()),
        "pool": POOL,
        "state_pairs": [(state, state_words(state)) for state in STATES],
        "state_words": state_words,
        "opens_files": chosen.state == OutletState.SUBMITTED and reader.holds(Role.MANAGER),
        "may_archive": may_archive,
        "seen": file_digests([row.id for row in outlets.rows]) if may_archive else {},
    }
    return page("outlets/list.html", "outlets/_table.html", **values)


@blueprint.get("/outlets/<outlet_id>")
@requires()
def outlet(outlet_id: str) -> AnyResponse:
    """The whole page, or for htmx the panel that stands beside the map; one that was merged leads to the one that was kept."""
    try:
        return page("outlets/outlet.html", "outlets/_panel.html", **_values(outlet_id))
    except Problem:
        kept_id = kept_outlet_id(outlet_id)
        if kept_id == outlet_id:
            raise
    return redirect(url_for("outlets.outlet", outlet_id=visible_outlet(current_person(), kept_id, today()).id))


def shown_outlet(outlet_id: str) -> str:
    """The page as it is now, for whoever's form came to nothing."""
    return render_template("outlets/outlet.html", **_values(outlet_id))


@blueprint.post("/outlets/<outlet_id>/assignment")
@requires(Role.SUPERVISOR, Role.MANAGER)
def assign(outlet_id: str) -> AnyResponse:
    found = visible_outlet(current_person(), outlet_id, today())
    if not may_assign(current_person(), found):
        raise Problem("forbidden")
    form = AssignmentForm.read(request.form)
    try:
        rep_id = form.rep_id()
        is_changed = assign_outlets([found.id], rep_id, form.first_day(), current_person().id, now()) > 0
    except Problem as problem:
        if problem.refusal.code != "invalid":
            raise
        return _with_faults(outlet_id, form, problem.extras.get("fields", {}))
    flash(_assigned_words(is_changed, rep_id))
    return redirect(url_for("outlets.outlet", outlet_id=outlet_id))


def _assigned_words(is_changed: bool, rep_id: str | None) -> str:
    if is_changed:
        return gettext("负责人已改，手机下次同步就会看到。")
    return gettext("这个网点本来就归他，什么也没改。") if rep_id else gettext("这个网点本来就没有人管，什么也没改。")


def _with_faults(outlet_id: str, form: AssignmentForm, faults: dict[str, str]) -> Response:
    db.session.rollback()
    return make_response(render_template("outlets/outlet.html", **_values(outlet_id, form, faults)), 422)


@blueprint.get("/outlets/<outlet_id>/card")
@requires(*CARD_MAKERS)
def card(outlet_id: str) -> str:
    """The card to hang up there. Whoever visits the outlet may not make it: then it would say nothing."""
    found = visible_outlet(current_person(), outlet_id, today())
    drawing = segno.make(card_text(found.id), error="m").svg_inline(border=2, omitsize=True, svgclass="qr", lineclass=None, title="")
    return render_template("outlets/card.html", outlet=found, code=card_code(found.id), drawing=Markup(drawing))  # noqa: S704 segno's own


def _values(outlet_id: str, form: AssignmentForm | None = None, faults: dict[str, str] | None = None) -> dict[str, Any]:
    reader = current_person()
    found, region, agent = outlet_with_region(reader, outlet_id, today())
    policy = policy_of(Month.of_date(today()))
    can_assign = may_assign(reader, found)
    return {
        "outlet": found,
        "region": region,
        "agent": agent,
        "owners": owner_history(found.id),
        "classes": class_history(found.id),
        "class_reasons": [class_reason(code, found, policy) for code in found.class_reasons],
        "state_text": state_words(found.state),
        "office_m": office_distance_m(found, region),
        "sections": sections_of(found, reader, today()),
        "document_words": DOCUMENT_WORDS,
        "makes_card": reader.holds(*CARD_MAKERS),
        "opens_identity": may_view(reader, found) or may_enter(reader, found, today()),
        "can_assign": can_assign,
        "can_plan": may_plan(reader, found, today()),
        "can_move": reader.holds(*MOVERS),
        "can_edit": may_decide(reader, found),
        "reps": reps_for(reader, [found.region_id]) if can_assign else [],
        "pool": POOL,
        "form": form or AssignmentForm("", today().isoformat()),
        "faults": faults or {},
        "free_from": free_from(found.id) if faults else None,
        "today": today(),
    }
