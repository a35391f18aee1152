"""Records that wages rest on and no other feature shows, as evidence cards: new customers, volumes, earlier sheets, people."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import gettext
from sqlalchemy import func, or_, select

from server.console.formats import full_day, yuan
from server.db import db
from server.domain.months import Month
from server.domain.new_customers import Transfer, transferred_yuan
from server.findings.evidence import Card
from server.outlets.duplicates import kept_ids
from server.outlets.models import Outlet
from server.outlets.queries import is_visible
from server.payroll.models import WageSheet
from server.payroll.queries import READERS
from server.payroll.volumes import may_see_volume
from server.people.models import Person
from server.policy.queries import policy_of
from server.transactions.models import OutletTransfer
from server.visits.models import Visit, VisitPhoto


def outlet_cards(ids: list[str], reader: Person, today: date) -> dict[str, Card]:
    """Outlets with their account and what they moved within its window; no link to one that the reader no longer sees."""
    columns = (Outlet.id, Outlet.name, Outlet.code, Outlet.account_no, Outlet.account_made_on, is_visible(reader, today).label("is_in_reach"))
    rows = list(db.session.execute(select(*columns, _photo().label("photo")).where(Outlet.id.in_(ids))))
    transfers = _transfers([row.id for row in rows if row.account_made_on is not None])
    return {row.id: _outlet_card(row, transfers.get(row.id, [])) for row in rows}


def _photo() -> Any:
    """The last storefront photo of the outlet's visits."""
    query = (
        select(VisitPhoto.sha256).join(Visit, Visit.id == VisitPhoto.visit_id).where(Visit.outlet_id == Outlet.id, VisitPhoto.slot == "storefront")
    )
    return query.order_by(Visit.checked_in_at.desc(), VisitPhoto.position).limit(1).scalar_subquery()


def _transfers(outlet_ids: list[str]) -> dict[str, list[Transfer]]:
    query = select(OutletTransfer.outlet_id, OutletTransfer.on, OutletTransfer.amount_yuan).where(OutletTransfer.outlet_id.in_(outlet_ids))
    found: dict[str, list[Transfer]] = {}
    for outlet_id, on, amount in db.session.execute(query):
        found.setdefault(outlet_id, []).append(Transfer(on, amount))
    return found


def _outlet_card(row: Any, transfers: Iterable[Transfer]) -> Card:
    text = row.code
    if row.account_made_on is not None:
        moved = transferred_yuan(transfers, row.account_made_on, policy_of(Month.of_date(row.account_made_on)))
        figures = {"account": row.account_no or "—", "day": full_day(row.account_made_on), "amount": yuan(moved)}
        text += " · " + gettext("工号 %(account)s，%(day)s 做好，转账 %(amount)s 元", **figures)
    href = url_for("outlets.outlet", outlet_id=row.id) if row.is_in_reach else ""
    return Card("outlet", row.id, "done", gettext("客户"), row.name, text, href, (row.photo or "") if row.is_in_reach else "")


def volume_cards(ids: list[str], reader: Person, today: date) -> dict[str, Card]:
    """Volumes by `<outlet id>:<month>`, this month and the one before; of an outlet that was merged since, those of the one that was kept."""
    keys = {key: (key.rpartition(":")[0], Month.parse(key.rpartition(":")[2])) for key in ids}
    names = {
        row.id: row.name for row in db.session.execute(select(Outlet.id, Outlet.name).where(Outlet.id.in_([outlet for outlet, _ in keys.values()])))
    }
    found: dict[str, Card] = {}
    kept = kept_ids()
    for month in {month for _, month in keys.values()}:
        outlets = {outlet: key for key, (outlet, of_month) in keys.items() if of_month == month and outlet in names}
        standing = {outlet_id: kept.get(outlet_id, outlet_id) for outlet_id in outlets}
        sums = _volumes(list(standing.values()), month)
        reachable = may_see_volume(list(standing.values()), month, reader, today)
        for gone_id, key in outlets.items():
            outlet_id = standing[gone_id]
            now, before = sums.get(outlet_id, (Decimal(0), Decimal(0)))
            text = gettext("%(month)s 交易 %(now)s 元，上月 %(before)s 元", month=str(month), now=yuan(now), before=yuan(before))
            href = url_for("volumes.volume", outlet_id=outlet_id, month=str(month)) if outlet_id in reachable else ""
            found[key] = Card("outlet_volume", key, "done" if now >= before else "due", gettext("交易量"), names[gone_id], text, href)
    return {key: found[key] for key in ids if key in found}


def _volumes(outlet_ids: list[str], month: Month) -> dict[str, tuple[Decimal, Decimal]]:
    """Both months' whole volume, by outlet."""
    now = OutletTransfer.on.between(month.first_day, month.last_day)
    before = OutletTransfer.on.between(month.previous().first_day, month.previous().last_day)
    sums = tuple(func.sum(OutletTransfer.amount_yuan).filter(span) for span in (now, before))
    query: Any = select(OutletTransfer.outlet_id, *sums).where(OutletTransfer.outlet_id.in_(outlet_ids), or_(now, before))
    rows = db.session.execute(query.group_by(OutletTransfer.outlet_id))
    return {outlet_id: (month_sum or Decimal(0), last_sum or Decimal(0)) for outlet_id, month_sum, last_sum in rows}


def sheet_cards(ids: list[str], reader: Person, _today: date) -> dict[str, Card]:
    """Wage sheets by `<person id>:<month>`; a rep's own only."""
    key = WageSheet.person_id + ":" + WageSheet.month
    query = select(WageSheet.person_id, WageSheet.month, WageSheet.shortfall_yuan, WageSheet.carried_yuan, Person.name).join(
        Person, Person.id == WageSheet.person_id
    )
    query = query.where(key.in_(ids))
    if not reader.holds(*READERS):
        query = query.where(WageSheet.person_id == reader.id)
    return {f"{row.person_id}:{row.month}": _sheet_card(row) for row in db.session.execute(query)}


def _sheet_card(row: Any) -> Card:
    text = gettext(
        "%(month)s 未扣 %(shortfall)s 元，结转 %(carried)s 元", month=row.month, shortfall=yuan(row.shortfall_yuan), carried=yuan(row.carried_yuan)
    )
    href = url_for("payroll.sheet", month=row.month, person_id=row.person_id)
    return Card("wage_sheet", f"{row.person_id}:{row.month}", "done", gettext("工资单"), row.name, text, href)
