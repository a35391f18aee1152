"""What a night lists, proposes and plans; twice, in parallel, or killed between steps it ends like one clean night."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from server.callbacks.models import CallBack
from server.churn.actions import Said, give_word
from server.churn.models import ChurnCase
from server.complaints.actions import Intake, receive_complaint
from server.db import db
from server.domain.churn import Source
from server.feed.clock import current_number
from server.findings.models import Finding, FindingStep
from server.jobs import nightly
from server.jobs.models import NightlyRun
from server.jobs.nightly import run_nightly
from server.materials.actions import Wanted, request_materials
from server.outlets.models import Outlet
from server.training.models import PlannedTraining
from server.transactions.models import OutletTransfer
from server.visits.models import OutletMonth
from server.visits.verdicts import review_visit
from sync.ids import uuid7
from tests.features.conftest import noon
from tests.sync.conftest import Company, company  # noqa: F401

DECEMBER_1 = date(2026, 12, 1)
NOVEMBER_18 = date(2026, 11, 18)
FIRST, SECOND = "CD-1", "CD-2"
EVERYTHING = {
    "findings": [
        ("complaint_unhandled", FIRST, "2026-11", "proposed"),
        ("late_materials", SECOND, "2026-11", "proposed"),
        ("missed_visit", FIRST, "2026-10", "proposed"),
        ("missed_visit", FIRST, "2026-11", "proposed"),
        ("missed_visit", SECOND, "2026-10", "proposed"),
        ("missed_visit", SECOND, "2026-11", "proposed"),
    ],
    "steps": ["proposed"] * 6,
    "callbacks": [("new_customer", "CD-3", "2026-12-01", "2026-12-06")],
    "churn": [(FIRST, "2026-12", "open", "2026-12-09"), (SECOND, "2026-11", "ops_decides", "2026-11-10")],
    "trainings": [(FIRST, "2026-12", "-500.00"), (SECOND, "2026-12", "1.00")],
    "months": [
        *((FIRST, "2026-10", "overdue"), (FIRST, "2026-11", "overdue"), (FIRST, "2026-12", "due")),
        *((SECOND, "2026-10", "overdue"), (SECOND, "2026-11", "overdue"), (SECOND, "2026-12", "due")),
    ],
}


@pytest.fixture(autouse=True)
def in_app(app):
    with app.app_context():
        yield


@pytest.fixture
def busy(company: Company) -> Company:
    """A new account, a customer who stopped, an old churn case without a word, an unhandled complaint, an undelivered request."""
    add_new_account(company)
    for outlet_id, day, amount in (
        (company.outlet_id, date(2026, 9, 12), "1500"),
        (company.outlet_id, date(2026, 10, 12), "1000"),
        (company.second_outlet_id, date(2026, 10, 12), "1"),
        (company.second_outlet_id, date(2026, 11, 30), "1"),
    ):
        db.session.add(OutletTransfer(outlet_id=outlet_id, on=day, amount_yuan=Decimal(amount)))
    case = ChurnCase(id=uuid7(), outlet_id=company.second_outlet_id, month="2026-11", listed_on=date(2026, 11, 2), due_on=date(2026, 11, 10))
    case.state, case.made_at = "open", noon(date(2026, 11, 2))
    db.session.add(case)
    db.session.commit()
    facts = (uuid7(), company.outlet_id, "settlement", False, True, NOVEMBER_18, "王秀兰", "", "到账慢", "")
    receive_complaint(Intake(*facts), company.supervisor_id, noon(NOVEMBER_18))
    request_materials(Wanted(uuid7(), company.second_outlet_id, "凭条纸", NOVEMBER_18), company.supervisor_id, noon(NOVEMBER_18))
    return company


def add_new_account(company: Company) -> None:
    outlet = Outlet(id=uuid7(), code="CD-3", name="网点 CD-3", state="draft", region_id=company.region_id, outlet_class="C")
    outlet.account_made_on, outlet.created_at = date(2026, 11, 25), noon(date(2026, 11, 25))
    db.session.add(outlet)


def night(day: date = DECEMBER_1):
    return run_nightly(day, noon(day))


def everything() -> dict[str, list]:
    """All that a night makes, by what it is about."""
    db.session.expire_all()
    codes = {outlet.id: outlet.code for outlet in db.session.scalars(select(Outlet))}
    findings = db.session.scalars(select(Finding))
    calls, cases = db.session.scalars(select(CallBack)), db.session.scalars(select(ChurnCase))
    plan, months = db.session.scalars(select(PlannedTraining)), db.session.scalars(select(OutletMonth))
    return {
        "findings": sorted((one.kind, codes[one.outlet_id], one.month, one.state) for one in findings),
        "steps": sorted(db.session.scalars(select(FindingStep.state))),
        "callbacks": sorted((one.kind, codes[one.outlet_id], str(one.listed_on), str(one.due_on)) for one in calls),
        "churn": sorted((codes[one.outlet_id], one.month, one.state, str(one.due_on)) for one in cases),
        "trainings": sorted((codes[one.outlet_id], one.month, str(one.volume_change_yuan)) for one in plan),
        "months": sorted((codes[one.outlet_id], one.month, one.state) for one in months),
    }


def test_a_night_lists_proposes_and_plans(busy):
    night()
    assert everything() == EVERYTHING


def test_a_second_night_changes_nothing_and_stamps_nothing(busy):
    night()
    before = current_number(db.session)
    db.session.rollback()
    night()
    assert everything() == EVERYTHING
    assert current_number(db.session) == before


def test_nights_in_parallel_end_like_one(app, busy):
    db.session.remove()

    def another_night():
        with app.app_context():
            night()

    with ThreadPoolExecutor(3) as pool:
        for running in [pool.submit(another_night) for _ in range(3)]:
            running.result()
    assert everything() == EVERYTHING


class Killed(BaseException):
    """The process is gone."""


def night_killed(monkeypatch, at_step: int, is_before_commit: bool) -> None:
    """A night that ends in its step of this number, before its commit or right after it."""
    keep, seen = nightly._keep, []

    def kill(report, finished_at):
        seen.append(report)
        if len(seen) == at_step and is_before_commit:
            raise Killed
        keep(report, finished_at)
        if len(seen) == at_step:
            raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(nightly, "_keep", kill)
        with pytest.raises(Killed):
            night()
    db.session.rollback()
    db.session.remove()


@pytest.mark.parametrize(
    ("at_step", "is_before_commit"), [(1, True), (2, False), (3, True), (5, True), (6, True), (6, False), (10, True), (14, True)]
)
def test_a_night_that_is_killed_and_run_again_ends_like_one(busy, monkeypatch, at_step, is_before_commit):
    night_killed(monkeypatch, at_step, is_before_commit)
    night()
    assert everything() == EVERYTHING


def test_every_run_is_kept_with_its_steps_and_a_killed_one_has_no_end(busy, monkeypatch):
    steps_done = [name for name, _ in nightly.LISTS].index("late materials") + 1
    night_killed(monkeypatch, steps_done, is_before_commit=False)
    report = night()
    killed, whole = db.session.scalars(select(NightlyRun).order_by(NightlyRun.started_at, NightlyRun.id)).all()
    assert (killed.day, killed.finished_at, len(killed.steps)) == (DECEMBER_1, None, steps_done)
    assert whole.finished_at is not None and whole.finished_at >= whole.started_at
    assert [(one["step"], one["month"], one["count"]) for one in whole.steps] == report.steps
    counts = {step: count for step, month, count in report.steps if not month}
    assert (counts["deliveries due"], counts["complaints due"], counts["trainings due"]) == (1, 1, 2)
    assert (counts["late materials"], counts["unhandled complaints"]) == (0, 1)  # the killed night came as far as the materials


def test_a_picture_that_a_killed_server_left_is_purged_after_a_day(app, busy):
    folder = app.extensions["xundian"].upload_folder
    folder.mkdir(parents=True, exist_ok=True)
    old, fresh = folder / "old.form", folder / "fresh.form"
    for path, at in ((old, date(2026, 11, 29)), (fresh, DECEMBER_1)):
        path.write_bytes(b"half a picture")
        os.utime(path, (noon(at).timestamp(), noon(at).timestamp()))
    night()
    assert (old.exists(), fresh.exists()) == (False, True)


def test_the_days_after_add_only_what_is_new(busy):
    night()
    night(date(2026, 12, 2))
    night(date(2026, 12, 3))
    assert everything() == EVERYTHING
    night(date(2026, 12, 10))
    assert everything()["churn"][0] == (FIRST, "2026-12", "ops_decides", "2026-12-09")


def test_who_left_owes_no_visit_from_the_next_month_on(busy):
    night()
    case = db.session.scalars(select(ChurnCase).where(ChurnCase.month == "2026-12")).one()
    give_word(case.id, Said(Source.OPS, True, "不用了", date(2026, 12, 3)), busy.supervisor_id, noon(date(2026, 12, 3)))
    night(date(2027, 1, 2))
    months = {(code, month): state for code, month, state in everything()["months"]}
    assert (months[FIRST, "2026-12"], (FIRST, "2027-01") in months, months[SECOND, "2027-01"]) == ("overdue", False, "due")
    assert ("churned", FIRST, "2026-12", "proposed") in everything()["findings"]


def test_a_miss_that_a_visit_took_back_comes_up_again_when_the_visit_is_rejected(company, add_visit):
    night()
    visit_id = add_visit(company.outlet_id, company.rep_id, "2026-11-29T01:00:00+00:00", received=noon(DECEMBER_1))
    night()
    key = f"missed_visit:{company.outlet_id}:2026-11"
    assert db.session.scalar(select(Finding.state).where(Finding.source_key == key)) == "dismissed"
    review_visit(visit_id, "rejected", "照片不是这个店", company.supervisor_id, noon(date(2026, 12, 2)))
    night(date(2026, 12, 2))
    db.session.expire_all()
    assert db.session.scalar(select(Finding.state).where(Finding.source_key == key)) == "proposed"
    steps = select(FindingStep.state).join(Finding, Finding.id == FindingStep.finding_id).where(Finding.source_key == key)
    assert list(db.session.scalars(steps.order_by(FindingStep.id))) == ["proposed", "dismissed", "proposed"]
