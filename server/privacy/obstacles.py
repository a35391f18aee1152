"""What must be done before somebody's data may go: work that still needs it. Each has a stable code."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import ColumnElement, func, select

from server.callbacks.models import CallBack
from server.complaints.models import Complaint
from server.db import db
from server.devices.models import Device
from server.domain.months import Month
from server.findings.models import Finding, FindingObjection, FindingState
from server.intake.models import SyncOp
from server.intake.parked import waits
from server.materials.models import MaterialRequest
from server.materials.queries import is_open
from server.outlets.models import Assignment, Outlet
from server.outlets.responsible import is_in_force
from server.payroll.adjustments import newest_closed
from server.payroll.models import WageSheet
from server.payroll.queries import is_objected
from server.people.models import Person, Role
from sync.problems import Problem
from sync.receive import QUARANTINED

OBSTACLE_WORDS = {
    "works_here": lazy_gettext("还在岗，或者最后一天还没有过：先办离岗，第二天再来。"),
    "has_outlets": lazy_gettext("还负责着网点：先把网点交给别人。"),
    "has_phones": lazy_gettext("还有没停用的手机：先停用。"),
    "wages_open": lazy_gettext("工资没有结清：先由部门经理把他有工资的月份关账。"),
    "payslips_open": lazy_gettext("工资条的异议还没有答复：先由薪酬或部门经理答复。"),
    "findings_open": lazy_gettext("考核事项还没有认定：先由部门经理认定或不予认定。"),
    "objections_open": lazy_gettext("考核的异议还没有答复：先由部门经理答复。"),
    "complaints_open": lazy_gettext("有关的投诉还没有办完：先办完，或者分给别人。"),
    "records_waiting": lazy_gettext("手机送来的记录还有没处理的：先在待处理记录里处理。"),
    "still_customer": lazy_gettext("还是客户：离网认定以后，或者合并到别的网点以后，才能删除。"),
    "pay_open": lazy_gettext("建工号的月份还没有关账，新增客户要看这份资料：先由部门经理关账。"),
    "callbacks_open": lazy_gettext("还有没打的回访，打了才知道资料对不对：先由运维打完。"),
    "materials_open": lazy_gettext("物料还没有送达：先登记送达。"),
}


@dataclass(frozen=True)
class Obstacle:
    """`count` is how many of them there are; 0 where nothing is counted."""

    code: str
    count: int = 0

    @property
    def words(self) -> str:
        return str(OBSTACLE_WORDS[self.code])


def refuse(obstacles: list[Obstacle]) -> None:
    """Raises `invalid` with the code of every obstacle as a field at fault."""
    if obstacles:
        raise Problem("invalid", fields={one.code: "obstacle" for one in obstacles})


def person_obstacles(person: Person, today: date) -> list[Obstacle]:
    """In the order in which they are best seen to."""
    works = person.is_active or person.ends_on is None or person.ends_on >= today
    counts = {
        "has_outlets": select(Assignment.id).where(Assignment.person_id == person.id, Assignment.ends_on.is_(None) | (Assignment.ends_on >= today)),
        "has_phones": select(Device.id).where(Device.person_id == person.id, Device.revoked_at.is_(None)),
        "wages_open": select(WageSheet.id).where(WageSheet.person_id == person.id, WageSheet.month > str(newest_closed() or "")),
        "payslips_open": select(WageSheet.id).where(WageSheet.person_id == person.id, is_objected()),
        "findings_open": select(Finding.id).where(Finding.person_id == person.id, Finding.state == FindingState.PROPOSED),
        "objections_open": select(FindingObjection.id).where(FindingObjection.by_id == person.id, FindingObjection.answer == ""),
        "complaints_open": select(Complaint.id).where(_is_open_complaint(), _concerns(person.id)),
        "records_waiting": select(SyncOp.op_id).where(SyncOp.person_id == person.id, is_undecided()),
    }
    found = _counted(counts)
    if not found["wages_open"] and not works and _last_month_is_open(person):
        found["wages_open"] = 1
    return [Obstacle("works_here")] * works + [Obstacle(code, count) for code, count in found.items() if count]


def _is_open_complaint() -> ColumnElement[bool]:
    return Complaint.resolved_on.is_(None) & Complaint.voided_at.is_(None)


def _concerns(person_id: str) -> Any:
    """Complaints to see to, and those about the rep of that day, which may cost a deduction."""
    that_day = is_in_force(Complaint.received_on)
    rep = select(Assignment.id).where(Assignment.outlet_id == Complaint.outlet_id, Assignment.person_id == person_id, that_day)
    return (Complaint.assigned_to_id == person_id) | (Complaint.is_about_rep & rep.exists())


def is_undecided() -> ColumnElement[bool]:
    """The condition on `SyncOp` for those that somebody has to decide about; unknown, not false, for most others."""
    return waits() | ((SyncOp.code == QUARANTINED) & SyncOp.settled_at.is_(None))


def _last_month_is_open(person: Person) -> bool:
    """Whether wages of the last month of work may still come."""
    if person.ends_on is None or not (person.holds(Role.REP) or _has_sheets(person.id)):
        return False
    newest = newest_closed()
    return newest is None or newest < Month.of_date(person.ends_on)


def _has_sheets(person_id: str) -> bool:
    return db.session.scalar(select(WageSheet.id).where(WageSheet.person_id == person_id).limit(1)) is not None


def outlet_obstacles(outlet: Outlet) -> list[Obstacle]:
    """As `person_obstacles`, of the people of an outlet; one that was merged into another is no customer."""
    is_customer = outlet.removed_at is None and outlet.churned_on is None
    counts = {
        "complaints_open": select(Complaint.id).where(Complaint.outlet_id == outlet.id, _is_open_complaint()),
        "materials_open": select(MaterialRequest.id).where(MaterialRequest.outlet_id == outlet.id, is_open()),
        "callbacks_open": select(CallBack.id).where(CallBack.outlet_id == outlet.id, CallBack.called_on.is_(None)),
        "findings_open": select(Finding.id).where(Finding.outlet_id == outlet.id, Finding.state == FindingState.PROPOSED),
        "records_waiting": select(SyncOp.op_id).where(SyncOp.scope_id == f"outlet:{outlet.id}", is_undecided()),
    }
    found = [Obstacle("still_customer")] * is_customer + [Obstacle("pay_open")] * _account_month_is_open(outlet)
    return found + [Obstacle(code, count) for code, count in _counted(counts).items() if count]


def _account_month_is_open(outlet: Outlet) -> bool:
    """Whether the file still decides about a new customer's bonus; a merged outlet earns none."""
    if outlet.account_made_on is None or outlet.removed_at is not None:
        return False
    newest = newest_closed()
    return newest is None or newest < Month.of_date(outlet.account_made_on)


def _counted(queries: dict[str, Any]) -> dict[str, int]:
    """How many rows each query finds, in one query."""
    row = db.session.execute(select(*(select(func.count()).select_from(query.subquery()).scalar_subquery() for query in queries.values()))).one()
    return dict(zip(queries, row, strict=True))
