"""Kinds of pay as data: added in the console, proposed by hand, upheld, paid on the next draft."""

from datetime import date

import pytest
from sqlalchemy import select

from server.db import db
from server.domain.months import Month
from server.domain.wage_kinds import WAGE_KINDS
from server.findings.models import Finding
from server.payroll.actions import draft_month
from server.payroll.closing import close_month
from server.payroll.documents import wage_sheet_documents
from server.payroll.models import CustomWageKind
from server.payroll.verifying import verify_month
from sync.ids import uuid7
from tests.features.browsing import console
from tests.features.conftest import noon
from tests.features.staff import Staff, staff  # noqa: F401
from tests.features.wages import DECEMBER_2, NOVEMBER, NOVEMBER_2, lines_of, sheet_of, upheld

NOV = Month(2026, 11)
PRAISE = {
    "code": "praise",
    "sign": "award",
    "unit_yuan": "50",
    "zh": "奖励 · 客户表扬",
    "en": "Award · praised by a customer",
    "rule_zh": "每次书面表扬",
    "rule_en": "Each time in writing",
    "from_month": "2026-11",
}
LATE = {**PRAISE, "code": "late_report", "sign": "deduction", "unit_yuan": "12.50", "zh": "考核 · 月报迟交", "en": "Deduction · late report"}


@pytest.fixture(autouse=True)
def in_app(app):
    with app.app_context():
        yield


def added(app, **changes):
    return console(app, "chief").post("/payroll/kinds", data=PRAISE | changes)


def test_a_kind_added_as_data_is_paid_on_the_next_draft(app, company, staff):
    """Nothing under server/payroll knows of it but the row."""
    chief = staff.ids["chief"]
    row = CustomWageKind(code="praise", sign=1, finding_kind="praise", unit_yuan=50, zh="奖励 · 客户表扬", en="Award", rule_zh="每次", rule_en="Each")
    row.from_month, row.made_by_id, row.made_at = NOVEMBER, chief, noon(NOVEMBER_2)
    db.session.add(row)
    db.session.commit()
    for day in (3, 4):
        upheld(company.rep_id, chief, kind="praise", on=date(2026, 11, day))
    draft_month(NOV, noon(DECEMBER_2))
    sheet = sheet_of(company.rep_id)
    assert lines_of(company.rep_id) == {"base": "1100.00", "award_complaints": "100.00", "praise": "100.00"}
    assert (str(sheet.gross_yuan), str(sheet.limit_yuan), str(sheet.total_yuan)) == ("1300.00", "260.00", "1300.00")


def test_a_deduction_of_the_companys_own_is_deducted(app, company, staff):
    assert console(app, "chief").post("/payroll/kinds", data=LATE).status_code == 302
    upheld(company.rep_id, staff.ids["chief"], kind="late_report")
    draft_month(NOV, noon(DECEMBER_2))
    sheet = sheet_of(company.rep_id)
    assert (lines_of(company.rep_id)["late_report"], str(sheet.deductions_yuan)) == ("-12.50", "12.50")


def test_a_kind_is_paid_from_its_month_on(app, company, staff):
    added(app, from_month="2026-12")
    upheld(company.rep_id, staff.ids["chief"], kind="praise")
    draft_month(NOV, noon(DECEMBER_2))
    assert "praise" not in lines_of(company.rep_id)


def test_a_closed_month_keeps_its_own_kinds_and_verifies(app, company, staff):
    added(app)
    upheld(company.rep_id, staff.ids["chief"], kind="praise")
    close_month(NOV, "先关", staff.ids["chief"], noon(DECEMBER_2))
    assert verify_month(NOV) == []
    upheld(company.rep_id, staff.ids["chief"], kind="praise", on=date(2026, 11, 9))
    draft_month(Month(2026, 12), noon(date(2026, 12, 20)))
    assert lines_of(company.rep_id, "2026-12")["2026-11 praise"] == "50.00"


def test_phones_get_the_words_of_the_companys_own_kinds(app, company, staff):
    added(app)
    upheld(company.rep_id, staff.ids["chief"], kind="praise")
    draft_month(NOV, noon(DECEMBER_2))
    document = wage_sheet_documents([f"{company.rep_id}:2026-11"])[f"{company.rep_id}:2026-11"]
    line = next(line for line in document["lines"] if line["kind"] == "praise")
    assert (line["label_zh"], line["label_en"], line["quantity"], line["unit_yuan"], line["amount_yuan"]) == (
        "奖励 · 客户表扬",
        "Award · praised by a customer",
        "1",
        "50",
        "50.00",
    )
    assert (document["state"], document["seal"], document["total_yuan"], line["is_estimate"], line["of_month"]) == ("draft", "", "1250.00", False, "")


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("code", "Praise", "用小写英文字母开头"),
        ("code", "churned", "已经有了"),
        ("code", "base", "已经有了"),
        ("code", "carried_over", "已经有了"),
        ("unit_yuan", "0", "写成 30 或 30.50 这样的金额"),
        ("unit_yuan", "-5", "写成 30 或 30.50 这样的金额"),
        ("unit_yuan", "1e3", "写成 30 或 30.50 这样的金额"),
        ("unit_yuan", "0.001", "写成 30 或 30.50 这样的金额"),
        ("zh", " ", "这里要填"),
        ("rule_en", "", "这里要填"),
        ("sign", "both", "要选一个"),
        ("from_month", "soon", "要选一个月份"),
    ],
)
def test_a_kind_with_a_fault_says_where(app, staff, field, value, words):
    answer = added(app, **{field: value})
    assert answer.status_code == 422 and words in answer.text
    assert db.session.query(CustomWageKind).count() == 0


def test_a_kind_is_added_once(app, staff):
    assert added(app).status_code == 302
    assert added(app).status_code == 422
    assert [kind.code for kind in db.session.query(CustomWageKind)] == ["praise"]


def test_a_kind_cannot_begin_in_a_closed_month(app, company, staff):
    close_month(NOV, "先关", staff.ids["chief"], noon(DECEMBER_2))
    assert "这个月已经关账" in added(app).text
    assert added(app, from_month="2026-12").status_code == 302


@pytest.mark.parametrize("login", ["payer", "root", "boss", "rep1", "ops"])
def test_only_the_manager_adds_kinds(app, staff, login):
    assert console(app, login).post("/payroll/kinds", data=PRAISE).status_code == 403


@pytest.mark.parametrize(("login", "status"), [("chief", 200), ("payer", 200), ("root", 200), ("rep1", 403), ("boss", 403), ("ops", 403)])
def test_who_reads_the_kinds(app, staff, login, status):
    assert console(app, login).get("/payroll/kinds").status_code == status


def proposal(company, **changes):
    form = {"id": uuid7(), "person_id": company.rep_id, "kind": "churned", "month": "2026-11", "outlet_code": "", "reason": "客户来电话说的"}
    return form | changes


def test_a_finding_is_proposed_by_hand_upheld_and_paid(app, company, staff):
    added(app)
    client = console(app, "chief")
    answer = client.post("/findings", data=proposal(company, kind="praise", outlet_code="CD-1"))
    assert answer.status_code == 302
    finding = db.session.scalars(select(Finding)).one()
    assert (finding.kind, finding.month, finding.outlet_id, str(finding.amount_yuan), finding.state) == (
        "praise",
        "2026-11",
        company.outlet_id,
        "50.00",
        "proposed",
    )
    page = client.get(answer.headers["Location"]).text
    assert "奖励 · 客户表扬" in page and "认定，奖 50.00 元" in page and "客户来电话说的" in page
    decided = client.post(f"{answer.headers['Location']}/decision", data={"decision": "upheld", "reason": "属实"}, follow_redirects=True)
    assert "那个月的工资单会加" in decided.text
    draft_month(NOV, noon(DECEMBER_2))
    assert lines_of(company.rep_id)["praise"] == "50.00"


def test_a_form_sent_twice_proposes_once(app, company, staff):
    client, form = console(app, "boss"), proposal(company)
    first, second = client.post("/findings", data=form), client.post("/findings", data=form)
    assert first.headers["Location"] == second.headers["Location"]
    assert db.session.query(Finding).count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"person_id": "nobody"}, "要选名单里的人"),
        ({"kind": "praise"}, "要选一个"),
        ({"month": "2099-01"}, "这个月还没有开始"),
        ({"month": "x"}, "要选一个月份"),
        ({"outlet_code": "CX-1"}, "没有这个编号的网点"),
        ({"reason": "  "}, "这里要填"),
    ],
)
def test_a_proposal_with_a_fault_says_where(app, company, staff, changes, words):
    answer = console(app, "boss").post("/findings", data=proposal(company, **changes))
    assert answer.status_code == 422 and words in answer.text
    assert db.session.query(Finding).count() == 0


def test_a_supervisor_proposes_for_own_people_only(app, company, staff):
    assert console(app, "farboss").post("/findings", data=proposal(company)).status_code == 422
    assert console(app, "boss").post("/findings", data=proposal(company, person_id=staff.ids["farrep"])).status_code == 422


@pytest.mark.parametrize("login", ["rep1", "payer", "root", "ops"])
def test_nobody_else_proposes(app, company, staff, login):
    assert console(app, login).post("/findings", data=proposal(company)).status_code == 403
    assert console(app, login).get("/findings/new").status_code == 403


def test_an_id_that_is_none_is_refused(app, company, staff):
    assert console(app, "boss").post("/findings", data=proposal(company, id="1; DROP TABLE")).status_code == 422


def test_every_deduction_of_the_regulation_may_be_proposed_by_hand(app, staff):
    page = console(app, "chief").get("/findings/new").text
    kinds = [kind.paid_by.removeprefix("finding:") for kind in WAGE_KINDS if kind.paid_by.startswith("finding:")]
    assert len(kinds) == 7 and all(f'value="{kind}"' in page for kind in kinds)
