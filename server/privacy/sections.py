"""The tables that speak of a person, and what of each goes into that person's copy.

Left out everywhere: hashes of passwords and tokens, and what belongs to others (an outlet's contact and resident ID, a complainant's name and phone).
Who signed for a visit, and the signature, stay in: they prove the person's own work, and its page on the console shows them to both readers anyway.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from server.audit.models import AuditRow
from server.callbacks.models import CallBack
from server.churn.models import ChurnWord
from server.complaints.models import Complaint, ComplaintStep
from server.devices.models import Device, SignInCode
from server.findings.models import Finding, FindingObjection, FindingStep
from server.followups.models import FollowUp, FollowUpStep
from server.intake.models import SyncClient, SyncOp
from server.leaves.models import Leave
from server.materials.models import MaterialRequest
from server.media.models import BlobRef
from server.outlets.models import Assignment, Outlet, OutletStep
from server.payroll.models import PayslipStep, WageLine, WageSheet
from server.people.models import Person, PersonBreak, PersonRegion, PersonRole, RepSpell
from server.training.models import Training
from server.visits.models import MonthSum, OutletMonth, Visit, VisitFlag, VisitPhoto, VisitReview
from server.visits.plan_models import MissForecast, PlanDay, PlannedVisit
from server.visits.position_models import PositionProposal
from server.visits.sample_models import VisitSample

Owned = Callable[[str], ColumnElement[bool]]


@dataclass(frozen=True)
class Section:
    """Rows of a table that are a person's: `name` is the file's, `zh` its title; `hidden` columns stay behind."""

    name: str
    zh: str
    model: Any
    is_own: Owned
    hidden: tuple[str, ...] = ()

    def query(self, person_id: str) -> Any:
        """The rows as mappings of column names, in the order of their key."""
        columns = [column for column in self.model.__table__.columns if column.name not in self.hidden]
        return select(*columns).where(self.is_own(person_id)).order_by(*self.model.__table__.primary_key.columns)


def _by(*columns: Any) -> Owned:
    return lambda person_id: or_(*(column == person_id for column in columns))


def _under(column: Any, parent: Any, owner: Any) -> Owned:
    """Rows that hang on rows of the person's."""
    return lambda person_id: column.in_(select(parent).where(owner == person_id))


def _about(person_id: str) -> ColumnElement[bool]:
    """Rows of the audit about the person, the phones, findings and wage sheets."""
    own = {"device": (Device.id, Device.person_id), "finding": (Finding.id, Finding.person_id), "wage_sheet": (WageSheet.id, WageSheet.person_id)}
    is_own = [(AuditRow.subject_type == kind) & AuditRow.subject_id.in_(select(key).where(owner == person_id)) for kind, (key, owner) in own.items()]
    return or_((AuditRow.subject_type == "person") & (AuditRow.subject_id == person_id), *is_own)


def _worked_at(person_id: str) -> ColumnElement[bool]:
    assigned = select(Assignment.outlet_id).where(Assignment.person_id == person_id)
    return Outlet.id.in_(assigned) | Outlet.id.in_(select(Visit.outlet_id).where(Visit.rep_id == person_id))


_OF_OUTLETS = tuple(column.name for column in Outlet.__table__.columns if column.name not in ("id", "code", "name", "region_id"))
SECTIONS = (
    Section("person", "人员资料", Person, _by(Person.id), ("password_hash",)),
    Section("roles", "角色", PersonRole, _by(PersonRole.person_id)),
    Section("regions", "区域", PersonRegion, _by(PersonRegion.person_id)),
    Section("rep_spells", "任片区负责人的日子", RepSpell, _by(RepSpell.person_id)),
    Section("breaks", "不在岗的日子", PersonBreak, _by(PersonBreak.person_id)),
    Section("leaves", "请假", Leave, _by(Leave.person_id)),
    Section("substitutions", "替人代巡", Leave, _by(Leave.substitute_id), ("note",)),
    Section("devices", "手机", Device, _by(Device.person_id), ("token_hash",)),
    Section("sign_in_codes", "登录码", SignInCode, _by(SignInCode.person_id), ("code_hash",)),
    Section("phone_installations", "手机上的软件", SyncClient, _by(SyncClient.person_id)),
    Section("phone_records", "手机送来的记录（目录）", SyncOp, _by(SyncOp.person_id), ("body", "blobs", "problem")),
    Section("assignments", "负责过的网点", Assignment, _by(Assignment.person_id)),
    Section("outlets", "网点名称", Outlet, _worked_at, _OF_OUTLETS),
    Section("visits", "巡检", Visit, _by(Visit.rep_id)),
    Section("visit_photos", "巡检照片", VisitPhoto, _under(VisitPhoto.visit_id, Visit.id, Visit.rep_id)),
    Section("visit_reviews", "巡检审核", VisitReview, _under(VisitReview.visit_id, Visit.id, Visit.rep_id)),
    Section("reviews_made", "本人做的巡检审核", VisitReview, _by(VisitReview.by_id)),
    Section("visit_samples", "巡检抽查", VisitSample, _under(VisitSample.visit_id, Visit.id, Visit.rep_id)),
    Section("samples_answered", "本人做的巡检抽查", VisitSample, _by(VisitSample.by_id)),
    Section("visit_flags", "巡检疑点", VisitFlag, _under(VisitFlag.visit_id, Visit.id, Visit.rep_id)),
    Section("outlet_months", "每月应巡与已巡", OutletMonth, _by(OutletMonth.rep_id)),
    Section("month_sums", "每月合计", MonthSum, _by(MonthSum.rep_id)),
    Section("planned_visits", "巡检计划", PlannedVisit, _by(PlannedVisit.rep_id)),
    Section("plan_days", "每天的计划", PlanDay, _by(PlanDay.rep_id)),
    Section("forecasts", "漏巡预测", MissForecast, _by(MissForecast.rep_id)),
    Section("positions_decided", "本人定的网点位置", PositionProposal, _by(PositionProposal.settled_by_id)),
    Section("file_steps", "资料提交与审核", OutletStep, _by(OutletStep.by_id), ("snapshot",)),
    Section(
        "complaints",
        "经手的投诉",
        Complaint,
        _by(Complaint.received_by_id, Complaint.assigned_to_id, Complaint.resolved_by_id),
        ("complainant", "phone"),
    ),
    Section("complaint_steps", "投诉处理", ComplaintStep, _by(ComplaintStep.by_id, ComplaintStep.to_id)),
    Section("follow_ups", "登记的备案问题", FollowUp, _by(FollowUp.registered_by_id, FollowUp.solved_by_id)),
    Section("follow_up_steps", "备案的跟进", FollowUpStep, _by(FollowUpStep.by_id)),
    Section("trainings", "做的培训", Training, _by(Training.trainer_id), ("attendees",)),
    Section("deliveries", "物料申请与送达", MaterialRequest, _by(MaterialRequest.requested_by_id, MaterialRequest.delivered_by_id)),
    Section("callbacks", "做的电话回访", CallBack, _by(CallBack.by_id)),
    Section("churn_words", "对离网说的话", ChurnWord, _by(ChurnWord.by_id)),
    Section("findings", "考核事项", Finding, _by(Finding.person_id)),
    Section("finding_steps", "考核事项的认定", FindingStep, _under(FindingStep.finding_id, Finding.id, Finding.person_id)),
    Section("objections", "异议", FindingObjection, _by(FindingObjection.by_id)),
    Section("wage_sheets", "工资单", WageSheet, _by(WageSheet.person_id)),
    Section("wage_lines", "工资单明细", WageLine, _under(WageLine.sheet_id, WageSheet.id, WageSheet.person_id)),
    Section("payslip_steps", "工资单的确认与异议", PayslipStep, _under(PayslipStep.sheet_id, WageSheet.id, WageSheet.person_id)),
    Section("files", "照片和签名的文件", BlobRef, _by(BlobRef.person_id)),
    Section("deeds_about", "关于本人的操作记录", AuditRow, _about),
    Section("deeds_by", "本人的操作记录", AuditRow, _by(AuditRow.actor_id), ("detail",)),
)
