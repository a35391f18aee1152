"""Drafts of wage sheets (RULEBOOK §10)."""

from datetime import datetime

from sqlalchemy import func, select

from server.db import db, take_turn
from server.domain.months import Month, business_date
from server.payroll.drawing import draw_month
from server.payroll.models import WageMonth, WageSheet
from server.payroll.writing import write_drafts

TURN = "wage sheets"


def draft_month(month: Month, now: datetime) -> int:
    """Draw up everybody's sheet of a month from what is known now; returns how many there are. Commits.

    A draft is rewritten only when its content changed; a closed month never is. Safe to repeat and in parallel.
    """
    take_turn(TURN)
    if db.session.get(WageMonth, str(month)) is None:
        write_drafts(draw_month(month, business_date(now)), now)
    count = db.session.scalar(select(func.count()).select_from(WageSheet).where(WageSheet.month == str(month)))
    db.session.commit()
    return count or 0
