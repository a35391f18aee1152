"""操作记录: every deed in words, filtered, paged and taken away; who may not, and what managers are spared."""

import ast
import csv
import importlib
import json
import re
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from server.audit.actions import record_audit
from server.audit.models import AuditRow
from server.clock import now
from server.complaints.words import STEP_WORDS as COMPLAINT_STEPS
from server.console.paging import PAGE_ROWS
from server.db import db
from server.deeds.detail_words import DETAIL_WORDS
from server.deeds.details import KEPT_QUIET
from server.deeds.words import DEED_WORDS, GROUP_WORDS, OUT_OF_SCOPE, REVEALED, SUBJECT_WORDS, has_words
from server.findings.answers import Answer
from server.findings.models import FindingState
from server.followups.models import StepKind
from server.outlets.identity import enter_identity, view_identity
from server.outlets.models import OutletState
from server.payroll.payslips import ANSWERED, OWN_STEPS
from sync.ids import uuid7
from tests.features.browsing import CJK, console, untranslated
from tests.features.staff import Staff, staff  # noqa: F401
from tests.statements import statements
from tests.sync.conftest import Company, company, signed_in  # noqa: F401

SERVER = Path(__file__).parent.parent.parent / "server"
RESIDENT_ID = "11010519491231002X"
MOST_QUERIES = 12
# deeds whose code is put together: what may stand in the hole
HOLES = {
    "outlet.position_{}": {"approved", "declined"},
    "outlet.{}": {state.value for state in OutletState} - {"draft"},
    "complaint.{}": set(COMPLAINT_STEPS),
    "follow_up.{}": {kind.value for kind in StepKind},
    "finding.{}": {FindingState.UPHELD.value, FindingState.DISMISSED.value},
    "finding.objection_{}": {answer.value for answer in Answer},
    "payslip.{}": {*OWN_STEPS, ANSWERED},
    "notice_channel.{}": {"made", "changed"},
    "visit.{}": {"accepted", "rejected"},
    "op.{}": {"applied", "edited", "rejected"},
    "conflict.{}": {"restored", "kept"},
    f"{{}}{OUT_OF_SCOPE}": {"visit", "complaint"},
}


def written_deeds() -> list[tuple[str, ast.Call]]:
    """Every code that the server gives to `record_audit`, with its call."""
    found = []
    for path in sorted(SERVER.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "record_audit":
                module = "server." + ".".join(path.relative_to(SERVER).with_suffix("").parts)
                found += [(code, call) for code in codes_of(call.args[2], module)]
    return found


def codes_of(node: ast.expr, module: str) -> set[str]:
    if isinstance(node, ast.Constant):
        return {node.value}
    if isinstance(node, ast.Name):
        return {getattr(importlib.import_module(module), node.id)}
    if isinstance(node, ast.IfExp):
        return codes_of(node.body, module) | codes_of(node.orelse, module)
    assert isinstance(node, ast.JoinedStr), ast.dump(node)
    pattern = "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return {pattern.format(word) for word in HOLES[pattern]}


def test_every_deed_that_is_written_has_words(app):
    deeds = written_deeds()
    assert len(deeds) > 90
    assert sorted({code for code, _ in deeds if not has_words(code)}) == []


def test_every_detail_that_is_written_has_a_name(app):
    names = {keyword.arg for _, call in written_deeds() for keyword in call.keywords if keyword.arg}
    assert len(names) > 30
    assert sorted(names - set(DETAIL_WORDS) - KEPT_QUIET) == []


def test_every_kind_of_record_has_a_name(app):
    subjects = [call.args[3].elts[0] for _, call in written_deeds() if isinstance(call.args[3], ast.Tuple)]
    kinds = {kind.value for kind in subjects if isinstance(kind, ast.Constant)}
    assert len(kinds) > 20
    assert sorted(kinds - set(SUBJECT_WORDS)) == []


def test_every_group_of_deeds_has_a_name(app):
    assert set(DEED_WORDS) == set(GROUP_WORDS)


def note(app, actor_id, action, subject, at=None, **detail) -> str:
    with app.app_context():
        row_id = record_audit(at or now(), actor_id, action, subject, **detail)
        db.session.commit()
        return row_id


def deeds_of(page: str) -> list[str]:
    return [re.sub(r"<[^>]*>|\s+", " ", cell).strip() for cell in re.findall(r'<th scope="row" class="full">(.*?)</th>', page, re.S)]


def test_a_deed_is_told_in_words_with_its_record_and_what_changed(app, company: Company, staff: Staff):
    detail = {"before": company.rep_id, "after": company.other_rep_id, "starts_on": "2026-11-20", "op_id": "quiet-id"}
    note(app, staff.ids["boss"], "outlet.assigned", ("outlet", company.outlet_id), **detail)
    page = console(app, "chief").get(f"/deeds?id={company.outlet_id}&person={staff.ids['boss']}").text
    assert "分派了网点" in deeds_of(page) and "周敏" in page
    assert f'href="/outlets/{company.outlet_id}"' in page and f'href="/people/{company.supervisor_id}"' in page
    assert "赵广田 → 林晓月" in page and "2026-11-20" in page
    assert "quiet-id" not in page and company.other_rep_id not in page.split('<table class="t fold">')[1]


def test_what_changed_in_a_file_is_told_field_by_field(app, company: Company, staff: Staff):
    before, after = {"name": "赵广田", "roles": ["rep"]}, {"name": "赵广天", "roles": ["rep", "supervisor"]}
    note(app, None, "person.changed", ("person", company.rep_id), before=before, after=after)
    page = console(app, "root").get("/deeds?person=system&action=person.changed").text
    assert "赵广田 → 赵广天" in page and "片区负责人 → 片区负责人、市场主管" in page and "系统" in page


@pytest.mark.parametrize(("left", "words"), [(12, "关账前检查：交易数据导入到月底（还差 12）"), (0, "关账前检查：都做完了")])
def test_a_closed_month_tells_in_words_what_was_still_open(app, company: Company, staff: Staff, left, words):
    checks = [{"code": "transactions", "left": left, "is_needed": True}, {"code": "reviews", "left": 0, "is_needed": True}]
    checks.append({"code": "phones", "left": 3, "is_needed": False})
    note(app, staff.ids["chief"], "payroll.closed", ("wage_month", "2026-10"), reason="关账", seal="ab" * 32, checks=checks)
    page = console(app, "root").get("/deeds?action=payroll.closed").text
    assert words in re.sub(r"<[^>]*>", "", page)
    assert "所有巡检" not in page and "手机上没有" not in page and "transactions" not in page


def test_an_unknown_deed_about_an_unknown_record_still_reads(app, company: Company, staff: Staff):
    note(app, "gone-person-0123456789ab", "moon.landed", ("moon", "crater-0123456789abcdef"), flag=True, odd={"deep": [1, 2]}, nothing=None)
    page = console(app, "root").get("/deeds?action=moon.landed").text
    assert deeds_of(page) == ["其他操作（moon.landed）"]
    assert "编号 89abcdef" in page and "编号 456789ab" in page and "flag" in page


def test_filters_narrow_the_list(app, company: Company, staff: Staff):
    with app.app_context():
        enter_identity(company.outlet_id, "resident_id", RESIDENT_ID, staff.ids["chief"], now())
        view_identity(company.outlet_id, staff.ids["chief"], now())
    note(app, company.rep_id, "payslip.seen", ("wage_sheet", uuid7()), month="2026-10")
    client = console(app, "root")
    assert deeds_of(client.get("/deeds?only=revealed").text) == ["看了完整的证件号码"]
    assert deeds_of(client.get("/deeds?action=outlet.id_entered").text) == ["登记了证件号码"]
    assert set(deeds_of(client.get("/deeds?action=outlet&person=" + staff.ids["chief"]).text)) == {"登记了证件号码", "看了完整的证件号码"}
    assert deeds_of(client.get("/deeds?subject=wage_sheet").text) == ["看了工资单"]
    assert deeds_of(client.get(f"/deeds?person={company.rep_id}&action=payslip.seen").text) == ["看了工资单"]
    assert "这些日子里没有这样的操作" in client.get("/deeds?action=op.poison").text
    assert RESIDENT_ID not in client.get("/deeds").text


def test_days_are_those_of_shanghai_both_included(app, company: Company, staff: Staff):
    for text in ("2026-11-09T15:59:59", "2026-11-09T16:00:00", "2026-11-10T15:59:59", "2026-11-10T16:00:00"):
        note(app, None, "region.changed", ("region", company.region_id), datetime.fromisoformat(text).replace(tzinfo=UTC), reason=text)
    page = console(app, "root").get("/deeds?from=2026-11-10&to=2026-11-10&action=region.changed").text
    assert re.findall(r"2026-11-\d\dT[\d:]+", page) == ["2026-11-10T15:59:59", "2026-11-09T16:00:00"]


def test_days_given_the_wrong_way_round_are_the_same_days(app, company, staff):
    note(app, staff.ids["root"], "region.changed", ("region", company.region_id), at=datetime(2026, 11, 10, 4, tzinfo=UTC))
    pages = [
        console(app, "root").get(f"/deeds?from={first}&to={last}").text
        for first, last in (("2026-11-09", "2026-11-11"), ("2026-11-11", "2026-11-09"))
    ]
    assert deeds_of(pages[0]) == deeds_of(pages[1]) != []


@pytest.mark.parametrize("query", ["from=x", "to=2026-02-30", "after=x", "after=WyJ4IiwieSJd"])
def test_a_filter_that_makes_no_sense_is_refused(app, company: Company, staff: Staff, query):
    assert console(app, "root").get(f"/deeds?{query}").status_code == 422


@pytest.mark.parametrize(("login", "status"), [("root", 200), ("chief", 200), *[(login, 403) for login in ("rep1", "boss", "ops", "payer", "clerk")]])
def test_the_audit_is_for_administrators_and_managers(app, company: Company, staff: Staff, login, status):
    client = console(app, login)
    assert client.get("/deeds").status_code == status
    assert ('href="/deeds"' in client.get("/").text) == (status == 200)
    assert {client.get(f"/exports/audit.{ending}").status_code for ending in ("csv", "xlsx")} == {status}


def test_managers_are_spared_phones_and_programs_but_see_what_was_revealed(app, company: Company, staff: Staff):
    device = uuid7()
    for action in ("device.revoked", "device.lock_secret"):
        note(app, company.rep_id, action, ("device", device))
    note(app, staff.ids["root"], "report_token.made", ("report_token", uuid7()), name="BI")
    for login, seen in (("root", {"停用了手机", "手机取了开锁密钥", "生成了报表接口的密钥"}), ("chief", {"手机取了开锁密钥"})):
        client = console(app, login)
        shown = set(deeds_of(client.get("/deeds").text)) & {"停用了手机", "手机取了开锁密钥", "生成了报表接口的密钥"}
        assert shown == seen
        taken = {row["做了什么"] for row in csv_rows(client.get("/exports/audit.csv"))}
        assert taken & {"停用了手机", "手机取了开锁密钥", "生成了报表接口的密钥"} == seen


def csv_rows(answer) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(StringIO(answer.data.decode()[1:])))


def test_pages_hold_every_row_once_newest_first(app, company: Company, staff: Staff):
    at = now() - timedelta(hours=1)
    for number in range(2 * PAGE_ROWS + 1):
        with app.app_context():
            record_audit(at + timedelta(seconds=number // 2), None, "policy.set", ("policy", "visit.owed_a"), reason=f"no{number:03}")
            db.session.commit()
    client, seen, path = console(app, "root"), [], "/deeds?action=policy.set"
    for rows in (PAGE_ROWS, PAGE_ROWS, 1):
        page = client.get(path).text
        shown = re.findall(r"no\d{3}", page)
        assert len(shown) == rows
        seen += shown
        following = re.search(r'href="(/deeds\?[^"]*after=[^"]*)"', page)
        path = following[1].replace("&amp;", "&") if following else ""
    assert len(set(seen)) == 2 * PAGE_ROWS + 1 and path == ""
    assert seen[0] == "no120" and seen[-1] == "no000"


def test_an_export_holds_words_and_raw_values_and_no_formula(app, company: Company, staff: Staff):
    row_id = note(app, staff.ids["root"], "region.removed", ("region", "123456789012345678"), name="=1+1", reason="+86")
    client = console(app, "root")
    row = csv_rows(client.get("/exports/audit.csv?action=region.removed"))[0]
    assert (row["做了什么"], row["对象"], row["姓名"], row["工号"]) == ("删了区域", "区域", "高阳", "root")
    assert row["细节"] == "名称：=1+1；理由：+86" and row["对象编号"] == "123456789012345678\t"
    assert json.loads(row["原始细节"]) == {"name": "=1+1", "reason": "+86"} and row["记录编号"] == row_id
    sheet = CalamineWorkbook.from_filelike(BytesIO(client.get("/exports/audit.xlsx?action=region.removed").data)).get_sheet_by_index(0).to_python()
    assert sheet[1][sheet[0].index("对象编号")] == "123456789012345678"
    assert "/exports/audit.csv?action=region.removed" in client.get("/deeds?action=region.removed").text


def test_an_export_in_english_is_english(app, company: Company, staff: Staff):
    note(app, staff.ids["root"], "region.removed", ("region", "x"), reason="moved")
    row = csv_rows(console(app, "root", "en").get("/exports/audit.csv?action=region.removed"))[0]
    words = [*row, row["What"], row["Detail"]]
    assert not [word for word in words if CJK.search(word)] and row["Detail"] == "Reason: moved"


def test_the_page_is_english_for_readers_of_english(app, company: Company, staff: Staff):
    for action in sorted({code for code, _ in written_deeds()}):
        note(app, staff.ids["root"], action, ("outlet", company.outlet_id), reason="x")
    client, path = console(app, "root", "en"), "/deeds"
    for _ in range(2):
        page = client.get(path).text
        assert untranslated(page) == []
        path = re.search(r'href="(/deeds\?[^"]*after=[^"]*)"', page)[1].replace("&amp;", "&")


def test_a_page_of_all_kinds_of_records_asks_few_queries(app, company: Company, staff: Staff):
    signed_in(app, "rep1")
    for kind in SUBJECT_WORDS:
        note(app, staff.ids["boss"], "outlet.assigned", (kind, uuid7()), before=company.rep_id, after=None)
    note(app, staff.ids["boss"], "outlet.merged", ("outlet", company.outlet_id), kept_id=company.second_outlet_id)
    client = console(app, "root")
    with statements(app) as asked:
        page = client.get("/deeds", headers={"HX-Request": "true"})
    assert (page.status_code == 200 and len(deeds_of(page.text)) == PAGE_ROWS) or len(deeds_of(page.text)) > len(SUBJECT_WORDS)
    assert len(asked) <= MOST_QUERIES, asked
    with statements(app) as asked:
        client.get("/deeds")
    assert len(asked) <= MOST_QUERIES, asked


def test_reading_the_audit_changes_nothing_and_taking_it_is_noted_each_time(app, company: Company, staff: Staff):
    def count() -> int:
        with app.app_context():
            return db.session.query(AuditRow).count()

    client, before = console(app, "root"), count()
    client.get("/deeds")
    assert count() == before
    for _ in range(2):
        assert client.get("/exports/audit.csv").status_code == 200
    assert count() == before + 2


def test_what_reveals_has_words(app):
    assert all(has_words(action) for action in REVEALED)
