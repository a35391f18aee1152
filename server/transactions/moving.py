"""What happens to transactions when two outlet files become one."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import delete, select

from server.db import db
from server.domain.months import Month
from server.feed.clock import touch
from server.transactions.documents import volume_entry
from server.transactions.models import OutletTransfer
from server.transactions.totals import upsert_totals

NOTHING = Decimal("0.00")


class Total(NamedTuple):
    """What an outlet moved on a day, or in a month on its last day."""

    outlet_id: str
    on: date
    amount_yuan: Decimal
    payments: int | None
    is_month_total: bool
    import_id: str | None


def move_transfers(gone_id: str, kept_id: str, _now: datetime) -> None:
    """Give an outlet's totals to the one that is kept, which then holds what both moved. The caller commits.

    Where both have a total of the same day, or one has days and the other the month, they become one total. It is of no import: one
    that wrote a part of it can no longer be taken back.
    """
    months = _by_month(gone_id, kept_id)
    moved = [total for totals in months.values() if _has_of(totals, gone_id) for total in _joined(totals, kept_id)]
    db.session.execute(delete(OutletTransfer).where(OutletTransfer.outlet_id == gone_id).execution_options(synchronize_session=False))
    for month, totals in months.items():
        if _has_of(totals, gone_id):
            own = (OutletTransfer.outlet_id == kept_id) & OutletTransfer.on.between(month.first_day, month.last_day)
            db.session.execute(delete(OutletTransfer).where(own).execution_options(synchronize_session=False))
    upsert_totals(moved)
    if moved:
        touch(db.session, volume_entry(gone_id, is_deleted=True))


def _by_month(gone_id: str, kept_id: str) -> dict[Month, list[Total]]:
    """All totals of both, held until the commit: an import that writes them at this moment is waited for."""
    columns = (OutletTransfer.outlet_id, OutletTransfer.on, OutletTransfer.amount_yuan, OutletTransfer.count)
    query = select(*columns, OutletTransfer.is_month_total, OutletTransfer.import_id).where(OutletTransfer.outlet_id.in_([gone_id, kept_id]))
    found: defaultdict[Month, list[Total]] = defaultdict(list)
    for row in db.session.execute(query.order_by(OutletTransfer.on, OutletTransfer.outlet_id).with_for_update()):
        found[Month.of_date(row.on)].append(Total(*row))
    return found


def _has_of(totals: Iterable[Total], outlet_id: str) -> bool:
    return any(total.outlet_id == outlet_id for total in totals)


def _joined(totals: list[Total], kept_id: str) -> list[Total]:
    """The month's totals of both as totals of one outlet; days and a month's total never share a month (RULEBOOK §10)."""
    if len({total.is_month_total for total in totals}) > 1:
        return [_sum(totals, kept_id, Month.of_date(totals[0].on).last_day, is_month_total=True)]
    by_day: defaultdict[date, list[Total]] = defaultdict(list)
    for total in totals:
        by_day[total.on].append(total)
    return [_sum(same, kept_id, on, same[0].is_month_total) if len(same) > 1 else same[0]._replace(outlet_id=kept_id) for on, same in by_day.items()]


def _sum(totals: list[Total], kept_id: str, on: date, is_month_total: bool) -> Total:
    payments = [total.payments for total in totals if total.payments is not None]
    amount = sum((total.amount_yuan for total in totals), NOTHING)
    return Total(kept_id, on, amount, sum(payments) if payments else None, is_month_total, None)
