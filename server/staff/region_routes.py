"""Regions in the console: which there are, adding one, another name or centre, and taking one away that was never used."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from server.clock import now
from server.console.form_answers import form_again
from server.db import db
from server.outlets.region_rows import region_rows
from server.people.access import current_person, requires
from server.people.models import Region, Role
from server.people.regions import change_region, open_region, remove_region
from server.staff.forms import RegionForm
from sync.problems import Problem

blueprint = Blueprint("regions", __name__, template_folder="templates")


@blueprint.get("/regions")
@requires(Role.ADMIN)
def region_list() -> str:
    return _list(RegionForm("", "", ""), {})


@blueprint.post("/regions")
@requires(Role.ADMIN)
def add() -> AnyResponse:
    form = RegionForm.read(request.form)
    try:
        open_region(form.file(), current_person().id, now())
        db.session.commit()
    except Problem as problem:
        return form_again(problem, lambda faults: _list(form, faults))
    flash(gettext("已加上。"))
    return redirect(url_for("regions.region_list"), 303)


@blueprint.get("/regions/<region_id>")
@requires(Role.ADMIN)
def region(region_id: str) -> str:
    return _page(region_id, RegionForm.of(_region(region_id)), {})


@blueprint.post("/regions/<region_id>")
@requires(Role.ADMIN)
def change(region_id: str) -> AnyResponse:
    form = RegionForm.read(request.form)
    try:
        change_region(region_id, form.file(), current_person().id, now())
        db.session.commit()
    except Problem as problem:
        return form_again(problem, lambda faults: _page(region_id, form, faults))
    flash(gettext("已改。"))
    return redirect(url_for("regions.region_list"), 303)


@blueprint.post("/regions/<region_id>/removal")
@requires(Role.ADMIN)
def remove(region_id: str) -> AnyResponse:
    try:
        remove_region(region_id, current_person().id, now())
        db.session.commit()
    except Problem as problem:
        return form_again(problem, lambda faults: _page(region_id, RegionForm.of(_region(region_id)), faults))
    flash(gettext("已删除。"))
    return redirect(url_for("regions.region_list"), 303)


def _region(region_id: str) -> Region:
    found = db.session.get(Region, region_id)
    if found is None:
        raise Problem("not_found", f"region {region_id}")
    return found


def _list(form: RegionForm, faults: dict[str, str]) -> str:
    return render_template("regions/list.html", rows=region_rows(), form=form, faults=faults)


def _page(region_id: str, form: RegionForm, faults: dict[str, str]) -> str:
    return render_template("regions/region.html", region=_region(region_id), form=form, faults=faults)
