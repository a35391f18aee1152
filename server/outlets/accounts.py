"""Numbers of accounts 工号: transactions are booked to the outlet that holds the number."""

from sqlalchemy import func, select

from server.db import db
from server.outlets.models import Outlet


def is_account_of_another(account_no: str, outlet_id: str) -> bool:
    """Whether another outlet that is there has this number, with or without zeros before it: spreadsheets take those away."""
    bare = func.lower(func.ltrim(Outlet.account_no, "0"))
    query = select(Outlet.id).where(bare == account_no.lower().lstrip("0"), Outlet.id != outlet_id, Outlet.removed_at.is_(None))
    return db.session.scalar(query.limit(1)) is not None
