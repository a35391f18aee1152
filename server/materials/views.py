"""Material requests as their list and page show them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext, lazy_gettext
from sqlalchemy import ColumnElement, func, select

from server.console.counting import counted_apart
from server.console.tiles import Tile
from server.db import db
from server.materials.models import MaterialRequest
from server.materials.queries import is_open, is_visible_request, may_deliver, may_void, visible_request
from server.media.pictures import ShownPictures, pictures_of, shown_pictures
from server.outlets.models import Outlet
from server.outlets.responsible import with_rep
from server.outlets.work_filter import WorkFilter, at_outlets
from server.outlets.work_lists import WorkTable, counted_tabs, day_page
from server.people.models import Person, Role

LIST = "materials.request_list"
WORKERS = (Role.REP, Role.SUPERVISOR, Role.MANAGER, Role.OPS, Role.ADMIN)
TAB_WORDS = {"open": lazy_gettext("待配送"), "delivered": lazy_gettext("已送达"), "voided": lazy_gettext("已作废")}
TABS = tuple(TAB_WORDS)


@dataclass(frozen=True)
class RequestView:
    request: MaterialRequest
    outlet: Outlet
    requested_by: str | None
    delivered_by: str | None
    pictures: ShownPictures
    can_deliver: bool
    can_void: bool
    voided_by: str | None


def request_table(reader: Person, chosen: WorkFilter, after: str, today: date) -> WorkTable:
    """A page of one tab, first due first (delivered and void ones newest first), with the counts of all tabs."""
    names = ("id", "contents", "requested_on", "due_on", "delivered_on", "signature_refusal", "voided_at")
    columns = [getattr(MaterialRequest, name) for name in names]
    query = listed_requests(reader, chosen, today).with_only_columns(*columns, Outlet.name.label("outlet"), Person.name.label("rep"))
    query = with_rep(query, today)
    query = query.where(is_in_tab(chosen.state))
    rows, next_key = day_page(query, (MaterialRequest.due_on, MaterialRequest.id), after, is_newest_first=chosen.state != "open")
    listed = listed_requests(reader, chosen, today)
    tabs = counted_tabs(TAB_WORDS, [listed.where(is_in_tab(tab)) for tab in TABS])
    return WorkTable(rows, tabs, next_key)


def is_in_tab(tab: str) -> ColumnElement[bool]:
    """The condition on `MaterialRequest`."""
    is_void = MaterialRequest.voided_at.is_not(None)
    return {"open": is_open(), "delivered": MaterialRequest.delivered_on.is_not(None) & ~is_void, "voided": is_void}[tab]


def listed_requests(reader: Person, chosen: WorkFilter, today: date) -> Any:
    """A select of the requests within reach that the filter names, in any state, joined with `Outlet`."""
    query = select(MaterialRequest).join(Outlet, Outlet.id == MaterialRequest.outlet_id)
    return at_outlets(query.where(is_visible_request(reader, today)), chosen, today)


def request_view(reader: Person, request_id: str, today: date) -> RequestView:
    request, outlet = visible_request(reader, request_id, today)
    wanted = [person_id for person_id in (request.requested_by_id, request.delivered_by_id, request.voided_by_id) if person_id]
    names = {person_id: name for person_id, name in db.session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted)))}
    is_void = request.voided_at is not None
    can_deliver = request.delivered_on is None and not is_void and may_deliver(reader, outlet, today)
    can_void = not is_void and may_void(reader, request, outlet)
    by = (names.get(request.requested_by_id), names.get(request.delivered_by_id or ""))
    return RequestView(request, outlet, *by, _pictures(request), can_deliver, can_void, names.get(request.voided_by_id or ""))


def _pictures(request: MaterialRequest) -> ShownPictures:
    """The first photo, then the others that a phone brought."""
    others = [sha256 for sha256 in pictures_of(request.delivery_op_id) if sha256 not in (request.photo_sha256, request.signature_sha256)]
    return shown_pictures([request.photo_sha256, *others], request.signature_sha256)


def material_tiles(person: Person, today: date) -> list[Tile]:
    """What is to be delivered within reach."""
    if not person.holds(*WORKERS):
        return []
    query = select(func.count(MaterialRequest.id)).where(is_open())
    waiting = counted_apart(query, is_visible_request(person, today))
    return [Tile(gettext("物料待配送"), waiting, url_for(LIST), gettext("先到期的在前"), "warm", LIST)]
