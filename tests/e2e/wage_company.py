"""A company whose last month pays and deducts every kind of wage line: the first rep earned, the second has all that is deducted."""

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path

from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from server.callbacks.actions import Wish, list_callback, make_callback
from server.callbacks.models import CallBack
from server.churn.actions import Said, give_word
from server.churn.deciding import refresh_cases
from server.churn.listing import list_churn
from server.churn.models import ChurnCase
from server.clock import now
from server.complaints.actions import (
    Intake,
    Resolution,
    assign_complaint,
    investigate_complaint,
    receive_complaint,
    resolve_complaint,
)
from server.complaints.models import Complaint
from server.db import db
from server.demo import pictures
from server.demo.founding import DemoRep
from server.demo.identities import invented_id
from server.demo.visiting import Call, capture, transport_over
from server.domain.churn import Source
from server.domain.months import SHANGHAI, Month, business_date
from server.findings.actions import decide_finding
from server.findings.models import Finding
from server.jobs.nightly import run_nightly
from server.materials.actions import Delivery, Wanted, deliver_materials, request_materials
from server.materials.models import MaterialRequest
from server.media.pictures import keep_picture
from server.outlets.identity import take_identity
from server.outlets.models import Outlet
from server.payroll.actions import draft_month
from server.training.actions import Held, plan_outlet, record_training
from server.training.models import Training
from server.transactions.actions import check_upload, import_checked
from server.transactions.kinds import DAYS
from server.visits.models import Visit
from server.visits.verdicts import review_visit
from sync.client import SyncClient
from sync.ids import uuid7
from tests.e2e.company import CENTRE, PASSWORD, PEOPLE, Company, application, found_company

FILE_NAME = "交易.csv"


@dataclass
class Records:
    """What the second rep's lines rest on, by what it is: addresses of pages, and hashes of pictures."""

    company: Company
    month: str
    pages: dict[str, str] = field(default_factory=dict)
    pictures: list[str] = field(default_factory=list)


@dataclass
class Making:
    """The company while it is made; days are counted from the month's first."""

    app: Flask
    company: Company
    month: Month
    source: random.Random

    def at(self, number: int, hour: int = 10) -> datetime:
        return datetime.combine(self.month.first_day + timedelta(days=number - 1), time(hour), SHANGHAI).astimezone(UTC)

    def on(self, number: int) -> date:
        return self.month.first_day + timedelta(days=number - 1)

    def who(self, login: str) -> str:
        return self.company.people[login]

    def outlet(self, name: str) -> Outlet:
        return db.session.get_one(Outlet, self.company.outlets[name])

    def photo(self, name: str, day: int) -> str:
        content = pictures.photo("storefront", name, "赵广田", self.at(day), CENTRE, self.source)
        return keep_picture(FileStorage(BytesIO(content), filename="photo.jpg"), self.at(day))

    def signature(self, day: int) -> str:
        return keep_picture(FileStorage(BytesIO(pictures.signature(self.source)[0]), filename="signature.png"), self.at(day))


def found_wage_company(data: Path) -> Records:
    """Last month from its facts to its sheets, all findings of the second rep upheld."""
    company = found_company(data)
    with application(data, "") as app:
        month = Month.of_date(business_date(now())).previous()
        making = Making(app, company, month, random.Random(4))
        good, new, bad = company.due, company.new[0], company.others[0]
        _open_account(making, new)
        _import_transactions(making, good, new, bad)
        _visit(making, "rep1", [(good, ""), (new, "")])
        _visit(making, "rep2", [(bad, "outside")])
        _complaint(making, good, "unfounded", resolved=6)
        _train(making, good)
        _go_wrong(making, bad)
        _draw_up(making)
        return _records(making, bad)


def _open_account(making: Making, name: str) -> None:
    outlet = making.outlet(name)
    outlet.account_made_on, outlet.approved_on = making.on(3), making.on(4)
    take_identity(outlet, "resident_id", invented_id(making.source, making.on(1)))
    db.session.commit()


def _import_transactions(making: Making, good: str, new: str, bad: str) -> None:
    """The first rep's customers grow; the second's moved money in the month before last only, for the first time."""
    last, before = making.month.previous(), making.month.previous().previous()
    rows = [(good, last.first_day, 4000), (good, making.on(5), 9000), (new, making.on(6), 500), (bad, before.first_day + timedelta(days=19), 700)]
    lines = [f"{making.outlet(name).account_no},{day},{amount}" for name, day, amount in rows]
    table = BytesIO("\n".join(["工号,日期,金额", *lines]).encode())
    check = check_upload(DAYS, FILE_NAME, table, making.who("ops"), now())
    assert check.result.rows_refused == 0, check.result
    import_checked(check.id, False, making.who("ops"), now())


def _visit(making: Making, login: str, calls: list[tuple[str, str]]) -> None:
    """Sent by a phone through the real intake, with photos and signature; the supervisor rejects those outside the fence."""
    client = making.app.test_client()
    answer = client.post("/auth/v1/sign-in", json={"login": login, "password": PASSWORD, "device_label": "test"}).json
    assert answer is not None
    phone = SyncClient(transport_over(client), answer["token"], app="test")
    name = next(name for known, name, _ in PEOPLE if known == login)
    rep = DemoRep(making.who(login), login, name, making.company.region_id, CENTRE)
    for number, (outlet, trouble) in enumerate(calls):
        capture(phone, rep, Call(making.outlet(outlet), making.at(10 + number), trouble), making.source)
    db.session.rollback()
    phone.sync()
    assert [op.result["code"] for op in phone.ops if op.result] == ["applied"] * len(calls)
    for visit_id in db.session.scalars(select(Visit.id).where(Visit.needs_review)).all():
        review_visit(visit_id, "rejected", "照片里不是这个门店", making.who("zhoumin"), making.at(12))


def _complaint(making: Making, name: str, verdict: str, resolved: int, is_about_rep: bool = False) -> None:
    outlet, boss = making.outlet(name), making.who("zhoumin")
    facts = (uuid7(), outlet.id, "service", is_about_rep, True, making.on(5), "王秀兰", outlet.phone, "约好没有来", "改天再来")
    complaint_id = receive_complaint(Intake(*facts), making.who("ops"), making.at(5)).id
    assign_complaint(complaint_id, boss, "", making.who("ops"), making.at(5, 11))
    investigate_complaint(complaint_id, "看过记录", verdict, boss, making.at(resolved))
    resolution = Resolution("已说明", "satisfied", "satisfied", "", making.signature(resolved))
    resolve_complaint(complaint_id, resolution, boss, making.at(resolved, 11))


def _train(making: Making, name: str, day: int = 11) -> None:
    outlet, rep = making.outlet(name), making.who("rep1")
    plan_outlet(making.month, outlet.id, making.who("zhoumin"), making.at(1))
    held = (uuid7(), outlet.id, rep, making.on(day), False, "店内", "使用", ("王秀兰",), 1, making.photo(name, day), making.signature(day), "王秀兰")
    record_training(Held(*held), rep, making.at(day))


def _go_wrong(making: Making, name: str) -> None:
    """All that is deducted, at one outlet."""
    outlet, rep, ops = making.outlet(name), making.who("rep2"), making.who("ops")
    first_use = making.month.previous().previous().first_day + timedelta(days=19)
    held = (uuid7(), outlet.id, rep, first_use, True, "店内", "使用", ("王秀兰",), 1, making.photo(name, 1), making.signature(1), "王秀兰")
    record_training(Held(*held), rep, making.at(1))
    for wish, outcome in ((Wish("profile", outlet.id), "inaccurate"), (Wish("training", outlet.id, first_use + timedelta(days=2)), "inadequate")):
        callback = list_callback(wish, ops, making.at(5))
        make_callback(callback.id, outcome, "店主说没有讲过", ops, making.at(5, 15))
    list_churn(making.at(2), waits_for_month=False)
    db.session.commit()
    case_id = db.session.scalars(select(ChurnCase.id)).one()
    give_word(case_id, Said(Source.OPS, True, "已经不用了", making.on(4)), ops, making.at(4))
    refresh_cases(now())
    _complaint(making, name, "founded", resolved=6, is_about_rep=True)
    _complaint(making, name, "founded", resolved=25)
    request_id = request_materials(Wanted(uuid7(), outlet.id, "凭条纸", making.on(5)), rep, making.at(5)).id
    delivery = Delivery(making.on(25), making.photo(name, 25), making.signature(25), "王秀兰", "")
    deliver_materials(request_id, delivery, rep, making.at(25))


def _draw_up(making: Making) -> None:
    """The night proposes, the manager upholds, the sheets are drawn up anew."""
    run_nightly(business_date(now()), now())
    query = select(Finding.id).where(Finding.person_id == making.who("rep2"), Finding.month == str(making.month), Finding.state == "proposed")
    for finding_id in db.session.scalars(query.order_by(Finding.kind)).all():
        decide_finding(finding_id, "upheld", "核实属实", making.who("manager"), now())
    draft_month(making.month, now())
    db.session.commit()


def _records(making: Making, name: str) -> Records:
    outlet_id, records = making.company.outlets[name], Records(making.company, str(making.month))
    tables = {
        "complaints": Complaint,
        "materials": MaterialRequest,
        "trainings": Training,
        "callbacks": CallBack,
        "churn": ChurnCase,
        "visits": Visit,
    }
    for path, table in tables.items():
        found = db.session.scalars(select(table).where(table.outlet_id == outlet_id)).all()
        records.pages |= {f"{path} {number}": f"/{path}/{row.id}" for number, row in enumerate(found)}
        records.pictures += [row.signature_sha256 for row in found if getattr(row, "signature_sha256", None)]
    records.pages["outlet"] = f"/outlets/{outlet_id}"
    records.pages["volume"] = f"/outlets/{outlet_id}/volume/{making.month}"
    return records
