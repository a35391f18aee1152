"""A week of each role of the office, in a browser: what it has to do, from its first page to what comes of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Download, Page, expect
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from server.churn.models import ChurnCase
from server.clock import now
from server.complaints.actions import Intake, receive_complaint
from server.complaints.models import Complaint
from server.db import db
from server.devices.models import Device
from server.domain.churn import ChurnState
from server.domain.months import Month, business_date
from server.findings.actions import Proposal, propose_findings
from server.findings.models import Finding
from server.outlets.models import Outlet
from server.payroll.models import WageMonth
from server.people.actions import add_person
from server.people.models import Person, Role
from server.transactions.models import OutletTransfer
from server.visits.models import Visit
from server.visits.plan_days import working_days_left
from server.visits.plan_models import PlannedVisit
from sync.ids import uuid7
from tests.e2e import console
from tests.e2e.company import PASSWORD, application
from tests.e2e.history import earlier_visit
from tests.e2e.server_process import ServerProcess
from tests.e2e.wage_company import Records, found_wage_company

WHY = "核对过照片和记录"


@dataclass
class Office:
    server: ServerProcess
    records: Records

    @property
    def url(self) -> str:
        return self.server.url

    def outlet(self, name: str) -> str:
        return self.records.company.outlets[name]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Last month is drawn up and open; this month an outlet's file waits, and a finding."""
    folder: Path = tmp_path_factory.mktemp("weeks")
    records = found_wage_company(folder)
    company, today = records.company, business_date(now())
    with application(folder, ""):
        file = db.session.get_one(Outlet, company.outlets[company.new[1]])
        file.state = "submitted"
        for number in range(2):
            kind, key = ("missed_visit", f"missed_visit:{company.outlets[company.due]}:{number}")
            proposal = Proposal(key, kind, str(Month.of_date(today)), company.people["rep1"], company.outlets[company.due], Decimal("20"), WHY, ())
            propose_findings([proposal], now())
        add_person("service", "黄莉", PASSWORD, [Role.SERVICE], [], now())
        db.session.add(ChurnCase(**open_case(company.outlets[company.new[0]], records.month)))
        db.session.commit()
    with ServerProcess(folder) as server:
        yield Office(server, records)


def open_case(outlet_id: str, month: str) -> dict[str, object]:
    """A customer who moved nothing last month, for whom nobody has said a word yet."""
    due_on = business_date(now()) + timedelta(days=6)
    return {
        "id": uuid7(),
        "outlet_id": outlet_id,
        "month": month,
        "listed_on": business_date(now()),
        "due_on": due_on,
        "state": ChurnState.OPEN,
        "made_at": now(),
    }


def submit(page: Page, action: str, value: str = "") -> None:
    """Press the button of a form, or the one of several with this value."""
    button = f"button[value={value}]" if value else "button[type=submit]"
    page.locator(f"main form:is([action$='{action}'], [action*='{action}?']) {button}").first.click()


def choose_outlet(page: Page, office: Office, path: str) -> None:
    """By its name, as somebody on the phone says it."""
    page.goto(f"{office.url}{path}")
    page.locator("#pick-q").fill(office.records.company.due)
    page.locator("#pick-q").press("Enter")
    page.locator("main tbody a").first.click()
    expect(page.locator("main form [name=outlet_id]")).to_be_attached()


def downloaded(page: Page, link: str) -> bytes:
    with page.expect_download() as waiting:
        page.locator(f"main a[href*='{link}']").first.click()
    download: Download = waiting.value
    return Path(download.path()).read_bytes()


def rows_of(content: bytes) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()


def test_the_supervisor_plans_reviews_handles_a_complaint_and_reports(office: Office, desk: Browser) -> None:
    company = office.records.company
    lat, lon = company.place(company.due)
    far = {"lat": lat + 0.02, "lon": lon, "accuracy_m": 20.0, "taken_at": now().isoformat(), "source": "gps"}
    visit_id = earlier_visit(office.server, company, "rep1", company.due, days_ago=0, fix=far, presence_reason="moved")
    with application(office.server.data, ""):
        facts = (uuid7(), office.outlet(company.due), "service", False, True, business_date(now()), "王秀兰", "", "约好没有来", "")
        complaint_id = receive_complaint(Intake(*facts), company.people["ops"], now()).id
    with console.signed_in(desk, office.url, "zhoumin") as page:
        plan(page, office)
        review(page, office, visit_id)
        settle(page, office, complaint_id)
        page.goto(f"{office.url}/reports/monthly/{office.records.month}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert len(rows_of(downloaded(page, ".xlsx"))) > 1
    with application(office.server.data, ""):
        assert db.session.get_one(Visit, visit_id).counts
        assert db.session.get_one(Complaint, complaint_id).state == "reported"
        assert db.session.scalars(select(PlannedVisit.outlet_id).where(PlannedVisit.outlet_id == office.outlet(company.due))).all()


def plan(page: Page, office: Office) -> None:
    """The software's proposal for a rep's next month, and a day added by hand."""
    company = office.records.company
    following = Month.of_date(business_date(now())).next()
    page.goto(f"{office.url}/visit-plans?month={following}&rep={company.people['rep1']}")
    submit(page, f"/{following}/proposal")
    expect(page.get_by_text(company.due).first).to_be_visible()
    choose_outlet(page, office, "/visit-plans/new")
    with application(office.server.data, ""):
        day = working_days_left(None, following.first_day + timedelta(days=20), following)[0]
    page.locator("#f-planned_on").fill(day.isoformat())
    submit(page, "/visit-plans")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def review(page: Page, office: Office, visit_id: str) -> None:
    page.goto(f"{office.url}/visits?verdict=waiting")
    page.locator(f"main a[href*='/visits/{visit_id}']").first.click()
    page.locator("main form [name=reason]").first.fill(WHY)
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.locator("#review button[value=accepted]").click()
    page.goto(f"{office.url}/visits/{visit_id}")
    expect(page.get_by_text(WHY).first).to_be_visible()


def settle(page: Page, office: Office, complaint_id: str) -> None:
    page.goto(f"{office.url}/complaints/{complaint_id}")
    page.locator("#f-person_id").select_option(office.records.company.people["zhoumin"])
    submit(page, "/assignment")
    page.locator("#f-investigation").fill(WHY)
    page.locator("[name=verdict][value=unfounded]").check()
    submit(page, "/investigation")
    page.locator("#f-handling").fill(WHY)
    submit(page, "/resolution")
    submit(page, "/report")
    expect(page.locator("main form")).to_have_count(0)


def test_ops_calls_takes_a_complaint_imports_and_gives_a_word_on_churn(office: Office, desk: Browser, tmp_path: Path) -> None:
    company = office.records.company
    with application(office.server.data, ""):
        account = db.session.get_one(Outlet, office.outlet(company.due)).account_no
    table = tmp_path / "transactions.csv"
    table.write_text(f"工号,日期,金额\n{account},{business_date(now())},1234.50\n", encoding="utf-8")
    with console.signed_in(desk, office.url, "ops") as page:
        call(page, office)
        choose_outlet(page, office, "/complaints/new")
        page.locator("#f-kind").select_option("settlement")
        page.locator("#f-complainant").fill("王秀兰")
        page.locator("#f-account").fill(WHY)
        submit(page, "/complaints")
        page.locator("#f-person_id").select_option(company.people["zhoumin"])
        submit(page, "/assignment")
        complaint_id = page.url.rpartition("/")[2]
        bring_in(page, office, table, "days")
        page.goto(f"{office.url}/churn")
        page.locator("main tbody a").first.click()
        case_id = page.url.rpartition("/")[2]
        page.locator("[name=said][value=here]").check()
        page.locator("#f-note").fill(WHY)
        submit(page, "/words")
        expect(page.get_by_text(WHY).first).to_be_visible()
    with application(office.server.data, ""):
        assert db.session.get_one(Complaint, complaint_id).assigned_to_id == company.people["zhoumin"]
        transfers = select(OutletTransfer.amount_yuan).where(OutletTransfer.outlet_id == office.outlet(company.due))
        assert Decimal("1234.50") in db.session.scalars(transfers).all()
        assert db.session.get_one(ChurnCase, case_id).state != "open"


def call(page: Page, office: Office) -> None:
    choose_outlet(page, office, "/callbacks/new")
    page.locator("[name=kind][value=inspection]").check()
    submit(page, "/callbacks")
    page.locator("[name=outcome][value=good]").check()
    submit(page, "/outcome")
    page.goto(f"{office.url}/callbacks?state=made")
    expect(page.locator("main tbody tr").first).to_be_visible()


def bring_in(page: Page, office: Office, table: Path, kind: str) -> None:
    """Check a table, and import it."""
    page.goto(f"{office.url}/imports")
    page.locator(f"[name=kind][value={kind}]").check()
    page.locator("[name=file]").set_input_files(table)
    submit(page, "/checks")
    submit(page, "/import")
    expect(page).to_have_url(re.compile("/imports/[0-9a-f-]{36}"))


def test_the_manager_approves_upholds_tries_a_policy_and_closes_the_month(office: Office, desk: Browser) -> None:
    company, month = office.records.company, office.records.month
    with application(office.server.data, ""):
        finding_id = db.session.scalars(select(Finding.id).where(Finding.state == "proposed").order_by(Finding.id)).first()
    with console.signed_in(desk, office.url, "manager") as page:
        page.goto(f"{office.url}/outlets/{office.outlet(company.new[1])}/file")
        submit(page, "/file/decision", "approved")
        page.goto(f"{office.url}/findings/{finding_id}")
        page.locator("main form [name=reason]").first.fill(WHY)
        submit(page, "/decision", "upheld")
        page.goto(f"{office.url}/findings/{finding_id}")
        expect(page.get_by_text(WHY).first).to_be_visible()
        page.goto(f"{office.url}/policy?open=wage.base_yuan")
        page.locator("#f-value").fill("1200")
        page.locator("#f-valid_from").fill(Month.of_date(business_date(now())).next().first_day.isoformat())
        submit(page, "/policy/wage.base_yuan", "try")
        expect(page.get_by_text("100.00").first).to_be_visible()
        page.goto(f"{office.url}/payroll/{month}/closing")
        if page.locator("#f-reason").count():
            page.locator("#f-reason").fill(WHY)
        submit(page, "/closing")
        expect(page.locator("main form[action$='/closing']")).to_have_count(0)
    with application(office.server.data, ""):
        assert db.session.get_one(Outlet, office.outlet(company.new[1])).state == "approved"
        assert db.session.get_one(Finding, finding_id).state == "upheld"
        assert db.session.get_one(WageMonth, month).closed_by_id == company.people["manager"]


def test_customer_service_archives_an_approved_file(office: Office, desk: Browser) -> None:
    outlet_id = office.outlet(office.records.company.due)
    with console.signed_in(desk, office.url, "service") as page:
        page.locator("main a[href*='state=approved']").first.click()
        page.locator(f"main a[href$='/outlets/{outlet_id}/file'], main a[href*='/outlets/{outlet_id}/file?']").first.click()
        submit(page, "/file/archive")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    with application(office.server.data, ""):
        assert db.session.get_one(Outlet, outlet_id).state == "archived"


def test_payroll_reads_prints_and_exports(office: Office, desk: Browser) -> None:
    company, month = office.records.company, office.records.month
    with console.signed_in(desk, office.url, "payroll") as page:
        page.goto(f"{office.url}/payroll?month={month}")
        names = [row[0] for row in rows_of(downloaded(page, "/table.xlsx"))]
        assert names
        assert rows_of(downloaded(page, "/strips.xlsx"))
        page.goto(f"{office.url}/payroll/{month}/{company.people['rep1']}")
        page.locator("main a[href$='/print']").first.click()
        expect(page.get_by_text("赵广田").first).to_be_visible()


def test_the_administrator_adds_somebody_imports_people_and_revokes_a_phone(office: Office, desk: Browser, tmp_path: Path) -> None:
    company = office.records.company
    earlier_visit(office.server, company, "rep1", company.due, days_ago=1)
    table = tmp_path / "people.csv"
    table.write_text("登录名,姓名,角色,区域\nliuyang,刘洋,维系员,城东区域\n", encoding="utf-8")
    with console.signed_in(desk, office.url, "admin") as page:
        page.goto(f"{office.url}/people/new")
        page.locator("#f-login").fill("chenjing")
        page.locator("#f-name").fill("陈静")
        page.locator("[name=roles][value=ops]").check()
        submit(page, "/people")
        expect(page).to_have_url(re.compile("/people/[0-9a-f-]{36}"))
        bring_in(page, office, table, "people")
        page.goto(f"{office.url}/devices")
        page.on("dialog", lambda dialog: dialog.accept())
        page.locator("main details:has(form[action$='/revocation']) summary").first.click()
        page.locator("main form[action$='/revocation'] button").first.click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    with application(office.server.data, ""):
        assert {"chenjing", "liuyang"} <= set(db.session.scalars(select(Person.login)))
        assert any(device.revoked_at is not None for device in db.session.scalars(select(Device)))
