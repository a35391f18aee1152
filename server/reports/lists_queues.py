"""Pairs of outlets that may be the same one, and positions that visits propose, as they are exported."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import lazy_gettext

from server.console.filters import read_region_and_rep
from server.outlets.deciders import DECIDERS
from server.outlets.duplicate_views import PAIR_ORDER, listed_duplicates
from server.people.models import Person
from server.reports.columns import SINCE, Column, Kind, instant, number, texts
from server.reports.listing import Asked, ExportedList, streamed
from server.visits.position_views import PROPOSAL_ORDER, listed_positions, moved_m

REGION = texts((lazy_gettext("区域"), "region"))


def duplicate_rows(reader: Person, asked: Asked, today: date) -> Iterable[Any]:
    """Pairs that nobody looked at, oldest first."""
    return streamed(listed_duplicates(reader, read_region_and_rep(asked), today).order_by(*PAIR_ORDER))


def position_rows(reader: Person, asked: Asked, _today: date) -> Iterable[Any]:
    """Proposals that wait, oldest first."""
    return streamed(listed_positions(reader, asked.get("region", "")).order_by(*PROPOSAL_ORDER))


DUPLICATES = ExportedList(
    "duplicates",
    lazy_gettext("可能重复的网点"),
    [
        instant(SINCE, "OutletDuplicate.found_at"),
        *texts((lazy_gettext("新的：编号"), "code"), (lazy_gettext("新的：网点"), "name")),
        *texts((lazy_gettext("原有的：编号"), "other_code"), (lazy_gettext("原有的：网点"), "other_name")),
        *[number(lazy_gettext("相距（m）"), "OutletDuplicate.distance_m"), *REGION],
    ],
    duplicate_rows,
    DECIDERS,
)
POSITIONS = ExportedList(
    "positions",
    lazy_gettext("位置建议"),
    [
        instant(SINCE, "PositionProposal.made_at"),
        *[*texts((lazy_gettext("编号"), "code"), (lazy_gettext("网点"), "name")), *REGION],
        Column(lazy_gettext("要移（m）"), lambda row: moved_m(row.PositionProposal), Kind.NUMBER),
        Column(lazy_gettext("这样说的巡检"), lambda row: len(row.PositionProposal.visit_ids), Kind.NUMBER),
        *[number(lazy_gettext("登记的纬度"), "PositionProposal.from_lat"), number(lazy_gettext("登记的经度"), "PositionProposal.from_lon")],
        *[number(lazy_gettext("建议的纬度"), "PositionProposal.lat"), number(lazy_gettext("建议的经度"), "PositionProposal.lon")],
        *texts((lazy_gettext("记录编号"), "PositionProposal.id")),
    ],
    position_rows,
    DECIDERS,
)
