"""A company with one filled-in record of every paper form, a wage sheet and a month to report, all of fixed ids and days so that their
sheets are the same on every run."""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path

from sqlalchemy import select
from werkzeug.datastructures import FileStorage

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
from server.demo import pictures
from server.domain.months import SHANGHAI, Month
from server.findings.actions import Proposal, decide_finding, propose_findings
from server.findings.models import Finding
from server.followups.actions import Registered, register_follow_up
from server.media.pictures import keep_picture
from server.outlets.identity import take_identity
from server.outlets.models import Agent, Assignment, Outlet, OutletClassChange, OutletState, OutletStep
from server.payroll.actions import draft_month
from server.training.actions import Held, record_training
from server.training.models import PlannedTraining
from server.visits.compliance import refresh_outlet_months
from server.visits.models import Visit, VisitPhoto
from server.visits.plan_models import PlannedVisit
from server.visits.verdicts import refresh_verdict, review_visit
from tests.e2e.company import CENTRE, Company, application, found_company
from tests.features.conftest import kept_record
from tests.sync.conftest import CHECKLIST

IDENTITY = "11010519491231002X"  # the example of GB 11643
NOVEMBER, DRAWN_ON = Month(2026, 11), date(2026, 12, 2)
VISITED_ON, TRAINED_ON, LONG_ON = date(2026, 11, 6), date(2026, 11, 9), date(2026, 11, 12)
NUMBERED = "01a1f000-0000-7000-8000-0000000000{:02x}"
MANY = 14
AGENT, PLACE, PLAN, LESSON = "蜀都代理商", "店里柜台", "断网以后怎么补传", "断网补传、日结对账、凭条补打"
CONDITION, HANDLING, REVIEW = "柜台上堆了杂物，公示牌掉在地上", "和店主一起收拾了柜台；公示牌没有备件", "位置看过，是这家店"
COMPLAINT, DEMAND, FOUND, DONE, THANKS = "交电费 200 元，两天没有到账", "尽快到账", "收费机断网，交易没有补传", "当场补传成功，已到账", "下次快一点"


@dataclass(frozen=True)
class Printed:
    """Addresses of the records' pages by form, and of a visit whose sheet takes more than one page."""

    company: Company
    pages: dict[str, str]
    long_page: str


def found_printed_company(data: Path) -> Printed:
    company = found_company(data)
    with application(data, ""):
        source = random.Random(6)
        _fill_file(company, source)
        training = _train(company, source)
        visit = _visit(company, source, VISITED_ON, 1)
        _register(company, VISITED_ON, "公示牌没有备件，要公司寄一块新的来", 2)
        complaint = _complain(company, source)
        long_visit = _long_visit(company, source)
        _plan_next(company)
        _draw_up(company)
    outlet_id = company.outlets[company.due]
    pages = {"outlet": f"/outlets/{outlet_id}", "training": f"/trainings/{training}", "visit": f"/visits/{visit}"}
    pages |= {"complaint": f"/complaints/{complaint}", "wages": f"/payroll/{NOVEMBER}/{company.people['rep1']}"}
    return Printed(company, pages | {"month": f"/reports/monthly/{NOVEMBER}"}, f"/visits/{long_visit}")


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """That time of the day in Shanghai."""
    return datetime.combine(day, time(hour, minute), SHANGHAI).astimezone(UTC)


def _fill_file(company: Company, source: random.Random) -> None:
    """The file, and days that do not move with the calendar."""
    outlet = db.session.get_one(Outlet, company.outlets[company.due])
    agent = Agent(id=NUMBERED.format(9), name=AGENT)
    db.session.add(agent)
    outlet.agent_id, outlet.position_text, outlet.households_nearby, outlet.monthly_payments = agent.id, "解放路菜市场东门旁", 1200, 860
    outlet.cashiers = [{"name": "李敏", "is_certified": True}, {"name": "何芳", "is_certified": False}]
    outlet.are_materials_complete, outlet.are_materials_placed_right, outlet.is_tidy = True, True, False
    outlet.storefront_photo = _photo("storefront", outlet.name, date(2026, 1, 4), source)
    outlet.counter_photo = _photo("counter", outlet.name, date(2026, 1, 4), source)
    take_identity(outlet, "resident_id", IDENTITY)
    for state, login, day in ((OutletState.SUBMITTED, "rep1", 4), (OutletState.APPROVED, "manager", 5)):
        step = OutletStep(id=NUMBERED.format(9 + day), outlet_id=outlet.id, state=state, by_id=company.people[login], at=at(date(2026, 1, day), 10))
        db.session.add(step)
    for row in db.session.scalars(select(Assignment)):
        row.starts_on = date(2026, 1, 1)
    for one in db.session.scalars(select(Outlet)):
        one.account_made_on = one.approved_on = date(2026, 1, 5)
    for change in db.session.scalars(select(OutletClassChange)):
        change.valid_from = date(2026, 1, 5)
    db.session.commit()


def _train(company: Company, source: random.Random) -> str:
    outlet = db.session.get_one(Outlet, company.outlets[company.due])
    planned = PlannedTraining(month="2026-11", outlet_id=outlet.id, outlet_class="C", content=PLAN, made_at=at(date(2026, 10, 28), 2))
    db.session.add(planned)
    files = (_photo("counter", outlet.name, TRAINED_ON, source), _ink(TRAINED_ON, source))
    names, rep = ("王秀兰", "李敏"), company.people["rep1"]
    held = Held(NUMBERED.format(3), outlet.id, rep, TRAINED_ON, False, PLACE, LESSON, names, 2, *files, "王秀兰")
    return record_training(held, rep, at(TRAINED_ON, 15)).id


def _visit(company: Company, source: random.Random, day: date, number: int, **changes: str) -> str:
    outlet = db.session.get_one(Outlet, company.outlets[company.due])
    visit = Visit(id=NUMBERED.format(number), op_id=NUMBERED.format(0x40 + number), form="visit.v1", outlet_id=outlet.id)
    visit.rep_id, visit.record_sha256 = company.people["rep1"], ""
    visit.record_sha256 = kept_record(visit)
    visit.checked_in_at, visit.checked_out_at, visit.visited_on = at(day, 10, 12), at(day, 10, 27), day
    visit.clock_offset_ms, visit.received_at = 0, at(day, 10, 30)
    visit.fix_lat, visit.fix_lon, visit.fix_accuracy_m, visit.distance_m = outlet.lat, outlet.lon, 12.0, 41.0
    visit.fix_taken_at, visit.fix_source = at(day, 10, 12), "gps"
    visit.has_complaint, visit.is_checklist_complete = False, True
    visit.checklist = [{"key": key, "answer": answer, "note": ""} for key, answer in (CHECKLIST | {"notice_board": "no"}).items()]
    visit.checklist[3]["note"] = "掉在地上"
    visit.condition, visit.handling = changes.get("condition", CONDITION), changes.get("handling", HANDLING)
    visit.signature_sha256, visit.signer_name, visit.signer_role = _ink(day, source), "王秀兰", "owner"
    db.session.add(visit)
    db.session.flush()
    for position, slot in enumerate(("storefront", "counter")):
        db.session.add(_visit_photo(visit, position, slot, _photo(slot, outlet.name, day, source)))
    db.session.flush()
    refresh_verdict(visit, outlet, at(day, 10, 30))
    db.session.commit()
    review_visit(visit.id, "accepted", REVIEW, company.people["zhoumin"], at(day, 18))
    return visit.id


def _visit_photo(visit: Visit, position: int, slot: str, sha256: str) -> VisitPhoto:
    photo = VisitPhoto(visit_id=visit.id, position=position, sha256=sha256, slot=slot, source="camera")
    photo.taken_at = visit.checked_in_at + timedelta(minutes=2 + position)
    photo.width, photo.height, photo.size = pictures.WIDTH, pictures.HEIGHT, 1
    return photo


def _long_visit(company: Company, source: random.Random) -> str:
    """Every follow-up begins and ends with its number, so that a row that is cut by a page's end is seen."""
    visit_id = _visit(company, source, LONG_ON, 4, condition=CONDITION * 6, handling=HANDLING * 6)
    for number in range(MANY):
        _register(company, LONG_ON, f"起{number:02d}，{CONDITION * 3}，止{number:02d}", 0x20 + number)
    return visit_id


def _register(company: Company, day: date, problem: str, number: int) -> None:
    registered = Registered(NUMBERED.format(number), company.outlets[company.due], problem, "ops", 3, at(day, 10, 20))
    register_follow_up(registered, company.people["rep1"], at(day, 10, 30))


def _complain(company: Company, source: random.Random) -> str:
    boss, ops = company.people["zhoumin"], company.people["ops"]
    facts = (NUMBERED.format(5), company.outlets[company.due], "settlement", False, True, VISITED_ON, "刘女士", "028-8512", COMPLAINT, DEMAND)
    complaint_id = receive_complaint(Intake(*facts), ops, at(VISITED_ON, 9)).id
    assign_complaint(complaint_id, boss, "", ops, at(VISITED_ON, 10))
    investigate_complaint(complaint_id, FOUND, "founded", boss, at(VISITED_ON, 16))
    resolution = Resolution(DONE, "satisfied", "fair", THANKS, _ink(TRAINED_ON, source))
    resolve_complaint(complaint_id, resolution, boss, at(TRAINED_ON, 9))
    report_complaint(complaint_id, "", ops, at(TRAINED_ON, 11))
    return complaint_id


def _plan_next(company: Company) -> None:
    """Visits of the month after, and a training."""
    boss, made_at = company.people["zhoumin"], at(date(2026, 11, 28), 3)
    for name, day in ((company.due, 1), (company.new[0], 4), (company.due, 15)):
        db.session.add(PlannedVisit(outlet_id=company.outlets[name], planned_on=date(2026, 12, day), made_by_id=boss, made_at=made_at))
    db.session.add(PlannedTraining(month="2026-12", outlet_id=company.outlets[company.due], outlet_class="C", made_at=made_at))
    db.session.commit()


def _draw_up(company: Company) -> None:
    """The month's compliance, one finding upheld, and the sheets."""
    rep, outlet_id, drawn_at = company.people["rep1"], company.outlets[company.new[0]], at(DRAWN_ON, 2)
    refresh_outlet_months(NOVEMBER, drawn_at)
    about = (("outlet", outlet_id),)
    propose_findings([Proposal("printed", "missed_visit", str(NOVEMBER), rep, outlet_id, Decimal("20"), "-", about)], drawn_at)
    db.session.commit()
    finding_id = db.session.scalars(select(Finding.id).where(Finding.source_key == "printed")).one()
    decide_finding(finding_id, "upheld", REVIEW, company.people["manager"], drawn_at)
    draft_month(NOVEMBER, drawn_at)


def _photo(slot: str, outlet_name: str, day: date, source: random.Random) -> str:
    content = pictures.photo(slot, outlet_name, "赵广田", at(day, 10, 14), CENTRE, source)
    return keep_picture(FileStorage(BytesIO(content), filename="photo.jpg"), at(day, 10, 30))


def _ink(day: date, source: random.Random) -> str:
    return keep_picture(FileStorage(BytesIO(pictures.signature(source)[0]), filename="signature.png"), at(day, 10, 30))
