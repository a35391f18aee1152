"""One outlet's transactions of a month and the one before, and who may look at them."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import null, or_, select

from server.db import db
from server.domain.months import Month
from server.outlets.models import Outlet
from server.outlets.queries import is_visible, own_outlet_ids
from server.payroll.queries import READERS
from server.people.models import Person
from server.transactions.models import OutletTransfer, TableImport
from server.transactions.routes import IMPORTERS
from sync.problems import Problem


@dataclass(frozen=True)
class TransferRow:
    """A day's or a month's total, with the import that brought it; `import_id` is empty for whoever may not open that."""

    on: date
    amount_yuan: Decimal
    is_month_total: bool
    count: int | None
    file_name: str | None
    imported_at: datetime | None
    import_id: str | None


@dataclass(frozen=True)
class VolumeView:
    outlet: Outlet
    months: tuple[tuple[Month, list[TransferRow], Decimal], ...]


def may_see_volume(outlet_ids: list[str], month: Month, reader: Person, today: date) -> set[str]:
    """Those of the outlets whose volume the reader may look at: within reach, or held on the month's last day."""
    query = select(Outlet.id).where(Outlet.id.in_(outlet_ids))
    if not reader.holds(*READERS):
        query = query.where(or_(is_visible(reader, today), Outlet.id.in_(own_outlet_ids(reader.id, min(month.last_day, today)))))
    return set(db.session.scalars(query))


def volume_view(outlet_id: str, month: Month, reader: Person, today: date) -> VolumeView:
    """The month's rows and those of the month before; `not_found` for whoever may not look."""
    if outlet_id not in may_see_volume([outlet_id], month, reader, today):
        raise Problem("not_found", f"outlet {outlet_id}")
    columns = (
        OutletTransfer.on,
        OutletTransfer.amount_yuan,
        OutletTransfer.is_month_total,
        OutletTransfer.count,
        TableImport.file_name,
        TableImport.at,
        TableImport.id if reader.holds(*IMPORTERS) else null(),
    )
    query = select(*columns).outerjoin(TableImport, TableImport.id == OutletTransfer.import_id).where(OutletTransfer.outlet_id == outlet_id)
    query = query.where(OutletTransfer.on.between(month.previous().first_day, month.last_day)).order_by(OutletTransfer.on)
    rows = [TransferRow(*row) for row in db.session.execute(query)]
    months = []
    for one in (month, month.previous()):
        own = [row for row in rows if Month.of_date(row.on) == one]
        months.append((one, own, sum((row.amount_yuan for row in own), Decimal("0.00"))))
    return VolumeView(db.session.get_one(Outlet, outlet_id), tuple(months))
