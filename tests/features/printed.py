"""One filled-in record of every paper form, and what its sheet says."""

import html
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest

from server.complaints.actions import (
    Intake,
    Resolution,
    assign_complaint,
    investigate_complaint,
    receive_complaint,
    report_complaint,
    resolve_complaint,
)
from server.db import db
from server.domain.months import Month
from server.followups.actions import Registered, register_follow_up
from server.outlets.identity import take_identity
from server.outlets.models import Agent, Outlet, OutletState, OutletStep
from server.training.actions import Arrangement, Held, arrange_training, plan_outlet, record_training
from sync.ids import uuid7
from tests.features.browsing import console
from tests.features.conftest import noon, stored_file
from tests.features.staff import Staff
from tests.sync.conftest import CHECKLIST, Company

NOVEMBER_6, NOVEMBER_9 = date(2026, 11, 6), date(2026, 11, 9)
IDENTITY = "11010519491231002X"  # the example of GB 11643
FORMS = ("附表二", "附表三", "附表四", "附表五")


@dataclass(frozen=True)
class Records:
    """Ids of one filled-in record of every form."""

    outlet: str
    training: str
    visit: str
    complaint: str
    follow_up: str

    @property
    def pages(self) -> dict[str, str]:
        """By form the address of the record's page."""
        return {
            "附表二": f"/outlets/{self.outlet}",
            "附表三": f"/trainings/{self.training}",
            "附表四": f"/visits/{self.visit}",
            "附表五": f"/complaints/{self.complaint}",
        }


@pytest.fixture
def records(app, company: Company, staff: Staff, add_visit) -> Records:
    with app.app_context():
        _fill_file(company, staff)
        training_id = _train(company)
        visit_id = _visit(company, add_visit)
        follow_up_id = _register(company, NOVEMBER_6, "公示牌掉了")
        _register(company, NOVEMBER_9, "三天后才登记的")
        complaint_id = _complain(company, staff)
    return Records(company.outlet_id, training_id, visit_id, complaint_id, follow_up_id)


def _fill_file(company: Company, staff: Staff) -> None:
    outlet = db.session.get_one(Outlet, company.outlet_id)
    agent = Agent(id=uuid7(), name="蜀都代理商")
    db.session.add(agent)
    outlet.agent_id, outlet.address, outlet.position_text = agent.id, "桥头路 18 号", "桥头市场东门"
    outlet.person_in_charge, outlet.phone, outlet.account_no = "王秀兰", "13800000217", "YD-20417"
    outlet.households_nearby, outlet.monthly_payments, outlet.chain_outlets = 1200, 860, 1
    outlet.floor_area_m2, outlet.monthly_fee_yuan, outlet.is_franchised_or_own_hall = 45, 12_000, False
    outlet.outlet_class, outlet.class_reasons = "C", ["C.area"]
    outlet.cashiers = [{"name": "李敏", "is_certified": True}, {"name": "何芳", "is_certified": False}]
    outlet.are_materials_complete, outlet.is_tidy = True, False
    outlet.storefront_photo = stored_file("storefront")
    take_identity(outlet, "resident_id", IDENTITY)
    for state, by_id, day in ((OutletState.SUBMITTED, company.rep_id, 4), (OutletState.APPROVED, staff.ids["chief"], 5)):
        db.session.add(OutletStep(id=uuid7(), outlet_id=outlet.id, state=state, by_id=by_id, at=datetime(2026, 1, day, 2, 30, tzinfo=UTC)))
    db.session.commit()


def _train(company: Company) -> str:
    month = Month(2026, 11)
    plan_outlet(month, company.outlet_id, company.supervisor_id, noon(NOVEMBER_6))
    arrange_training(month, company.outlet_id, Arrangement(NOVEMBER_9, "店里", "补传怎么做"), company.supervisor_id, noon(NOVEMBER_6))
    files = (stored_file("lesson"), stored_file("training ink"))
    held = Held(uuid7(), company.outlet_id, company.rep_id, NOVEMBER_9, False, "店里柜台", "补传、对账", ("王秀兰", "李敏"), 3, *files, "王秀兰")
    return record_training(held, company.rep_id, noon(NOVEMBER_9)).id


def _visit(company: Company, add_visit) -> str:
    checklist = [{"key": key, "answer": answer, "note": ""} for key, answer in (CHECKLIST | {"notice_board": "no"}).items()]
    checklist[3]["note"] = "掉在地上"
    said = {
        "checklist": checklist,
        "has_complaint": True,
        "complaint_note": "到账慢",
        "condition": "柜台乱",
        "handling": "一起收拾了",
        "signer_role": "owner",
    }
    return add_visit(company.outlet_id, company.rep_id, "2026-11-06T10:12:00+08:00", **said)


def _register(company: Company, day: date, problem: str) -> str:
    return register_follow_up(Registered(uuid7(), company.outlet_id, problem, "ops", 3, noon(day)), company.rep_id, noon(day)).id


def _complain(company: Company, staff: Staff) -> str:
    facts = (uuid7(), company.outlet_id, "settlement", False, True, NOVEMBER_6, "刘女士", "028-8512", "交了 200 元没到账", "尽快到账")
    complaint_id = receive_complaint(Intake(*facts), staff.ids["ops"], noon(NOVEMBER_6)).id
    assign_complaint(complaint_id, company.supervisor_id, "", staff.ids["ops"], noon(NOVEMBER_6))
    investigate_complaint(complaint_id, "收费机断网", "founded", company.supervisor_id, noon(NOVEMBER_6))
    resolution = Resolution("当场补传", "satisfied", "fair", "下次快点", stored_file("complaint ink"))
    resolve_complaint(complaint_id, resolution, company.rep_id, noon(NOVEMBER_9))
    report_complaint(complaint_id, "", staff.ids["ops"], noon(NOVEMBER_9))
    return complaint_id


def paper(app, path: str, login: str = "boss", language: str = "zh") -> str:
    answer = console(app, login, language).get(f"{path}/print")
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.text


def words(page: str) -> str:
    """The sheet's texts in order, with single spaces; a ticked box is a ✓ before its words."""
    sheet = page.partition("<article")[2].partition("</article>")[0]
    text = html.unescape(re.sub(r"<[^>]*>", " ", sheet.partition(">")[2]))
    return " ".join(text.split())


def change(app, model: type, record_id: str, **values: Any) -> None:
    """Write columns of a record."""
    with app.app_context():
        record = db.session.get_one(model, record_id)
        for name, value in values.items():
            setattr(record, name, value)
        db.session.commit()
