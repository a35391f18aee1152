"""Outlet files that wait for somebody: submitted ones for the manager, approved ones for customer service."""

from datetime import date

from flask import url_for
from flask_babel import gettext
from sqlalchemy import func, select

from server.console.tiles import Tile
from server.outlets.models import Outlet, OutletState
from server.outlets.queries import is_visible
from server.people.models import Person, Role


def file_tiles(person: Person, today: date) -> list[Tile]:
    tiles = [submitted_files(person, today)] if person.holds(Role.MANAGER) else []
    return [*tiles, _approved_files(person, today)] if person.holds(Role.SERVICE) else tiles


def submitted_files(reader: Person, today: date) -> Tile:
    """Files within the reader's reach that wait for the manager's word."""
    return _tile(gettext("待审批的资料"), gettext("批准或退回"), OutletState.SUBMITTED, reader, today)


def _approved_files(reader: Person, today: date) -> Tile:
    return _tile(gettext("待归档"), gettext("经理批准了的资料"), OutletState.APPROVED, reader, today)


def _tile(label: str, note: str, state: OutletState, reader: Person, today: date) -> Tile:
    query = select(func.count(Outlet.id)).where(Outlet.state == state, is_visible(reader, today))
    return Tile(label, query.scalar_subquery(), url_for("outlets.outlet_list", state=state.value), note, "warm", "outlets.outlet_list")
