"""What an outlet moved by month, as phones receive it."""

from typing import Any

from sqlalchemy import Select, literal, select

from server.clock import today
from server.domain.months import Month, months_until
from server.feed.clock import FeedEntry
from server.outlets.models import Outlet
from server.transactions.models import OutletTransfer
from server.transactions.queries import volumes_of

MONTHS = 13  # the month under way and the year before it


def outlet_volume_documents(ids: list[str]) -> dict[str, dict[str, Any]]:
    """By outlet: yuan of each of the last 13 months that has transactions, as text with two digits, oldest first."""
    months = months_until(Month.of_date(today()), MONTHS)
    volumes = volumes_of(ids, months)
    return {outlet_id: {"id": outlet_id, "months": _amounts(volumes.get(outlet_id, {}))} for outlet_id in ids}


def _amounts(volume: dict[Month, Any]) -> list[dict[str, str]]:
    return [{"month": str(month), "yuan": f"{volume[month]:.2f}"} for month in sorted(volume)]


def live_outlet_volumes() -> Select[str, str]:
    """Those with transactions in the months that phones show."""
    first = months_until(Month.of_date(today()), MONTHS)[0].first_day
    moved = select(OutletTransfer.outlet_id).where(OutletTransfer.outlet_id == Outlet.id, OutletTransfer.on >= first).exists()
    return select(Outlet.id, literal("outlet:") + Outlet.id).where(Outlet.removed_at.is_(None), moved)


def volume_entry(outlet_id: str, is_deleted: bool = False) -> FeedEntry:
    return FeedEntry("outlet_volume", outlet_id, f"outlet:{outlet_id}", is_deleted)
