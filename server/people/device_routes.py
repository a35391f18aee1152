"""Phones: who has which, binding a new one by a one-use code, stopping one. They live with people, whose phones they are."""

from typing import Any

import segno
from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from server.clock import now, today
from server.console.rendering import page
from server.devices.actions import ask_resync, make_sign_in_code, revoke_device
from server.devices.tokens import CODE_LIFETIME
from server.media.store import settings
from server.people import device_words
from server.people.access import current_person, requires
from server.people.device_views import MANAGERS, manageable_device, manageable_people, manageable_person, open_codes, phone_page, read_phone_filter

blueprint = Blueprint("devices", __name__, template_folder="templates")


@blueprint.get("/devices")
@requires(*MANAGERS)
def device_list() -> Response:
    chosen = read_phone_filter(request.args)
    reader = current_person()
    values: dict[str, Any] = {
        "chosen": chosen,
        "phones": phone_page(reader, chosen, request.args.get("after", ""), today()),
        "people": manageable_people(reader),
        "codes": open_codes(reader),
        "words": device_words,
    }
    return page("devices/list.html", "devices/_table.html", **values)


@blueprint.get("/devices/new")
@requires(*MANAGERS)
def new_device() -> str:
    return render_template("devices/new.html", people=manageable_people(current_person()), chosen=request.args.get("person", ""))


@blueprint.post("/devices/codes")
@requires(*MANAGERS)
def make_code() -> Response:
    """The code is in this answer only; the server keeps a hash of it."""
    at = now()
    person = manageable_person(current_person(), request.form.get("person_id", ""))
    name, link = person.name, f"{_base_url()}/m/#/link/{make_sign_in_code(person.id, current_person().id, at)}"
    drawing = segno.make(link, error="m").svg_inline(border=2, omitsize=True, svgclass="qr", lineclass=None, title="")
    whole = render_template("devices/code.html", name=name, link=link, drawing=Markup(drawing), good_until=at + CODE_LIFETIME)  # noqa: S704 segno's own
    answer = make_response(whole, 201)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/devices/<device_id>/revocation")
@requires(*MANAGERS)
def revoke(device_id: str) -> AnyResponse:
    device = manageable_device(current_person(), device_id)
    revoke_device(device.id, current_person().id, now())
    flash(gettext("这部手机已停用，不能再送记录。"))
    return redirect(url_for("devices.device_list"))


@blueprint.post("/devices/<device_id>/resync")
@requires(*MANAGERS)
def resync(device_id: str) -> AnyResponse:
    device = manageable_device(current_person(), device_id)
    ask_resync(device.id, current_person().id, now())
    flash(gettext("手机下次联系时会把资料整个重取一遍。"))
    return redirect(url_for("devices.device_list"))


def _base_url() -> str:
    return settings().base_url.rstrip("/") or request.host_url.rstrip("/")
