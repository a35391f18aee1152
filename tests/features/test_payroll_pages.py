"""Wage pages: who opens which, every kind of line down to photo and signature, closing, slips, tables."""

import io
import zipfile
from datetime import date

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from server.clock import now, today
from server.console.tiles import counted_tiles
from server.db import db
from server.domain.months import Month
from server.jobs.nightly import run_nightly
from server.outlets.actions import assign_outlets
from server.payroll.actions import draft_month
from server.payroll.closing import close_month
from server.payroll.models import PayslipStep, WageMonth
from server.payroll.volumes import may_see_volume
from server.people.models import Person
from server.policy.actions import set_policy
from server.training.models import PlannedTraining, Training
from sync.ids import uuid7
from tests.features.browsing import console, untranslated
from tests.features.conftest import noon, stored_file
from tests.features.staff import Staff, staff  # noqa: F401
from tests.features.test_payroll_facts import complaint, complete
from tests.features.wages import DECEMBER_2, NOVEMBER, NOVEMBER_2, lines_of, moved, person_of, sheet_of, upheld
from tests.statements import statements

NOV = Month(2026, 11)


@pytest.fixture
def rich(app, company, staff: Staff, add_visit):
    """A November in which every kind of line stands on the first rep's sheet but the awards that deductions cost; answers with the address."""
    with app.app_context():
        chief = staff.ids["chief"]
        for outlet_id, day in ((company.outlet_id, "24"), (company.second_outlet_id, "25")):
            add_visit(outlet_id, company.rep_id, f"2026-11-{day}T01:00:00+00:00")
            moved(outlet_id, date(2026, 11, 3), "900.00")
            moved(outlet_id, date(2026, 10, 3), "400.00")
            db.session.add(PlannedTraining(month=NOVEMBER, outlet_id=outlet_id, outlet_class="C", made_at=noon(NOVEMBER_2)))
            training = Training(id=uuid7(), outlet_id=outlet_id, trainer_id=company.rep_id, trained_on=date(2026, 11, 12))
            training.received_at, training.photos, training.signature_sha256 = noon(NOVEMBER_2), [stored_file("training")], stored_file("signature")
            db.session.add(training)
        complete(company.outlet_id, date(2026, 11, 2))
        complete(company.second_outlet_id, date(2026, 11, 2), phone="")
        for kind in ("churned", "inaccurate_file"):
            upheld(company.rep_id, chief, kind=kind, outlet_id=company.outlet_id)
        draft_month(NOV, noon(DECEMBER_2))
    return f"/payroll/2026-11/{company.rep_id}"


def links(page, prefix):
    """Addresses on a page that begin so."""
    return [part.partition('"')[0] for part in page.split('href="')[1:] if part.startswith(prefix)]


def test_every_kind_of_line_opens_its_records(app, company, rich):
    client = console(app, "chief")
    expected = {
        "base": "/calendar",
        "award_complaints": "/complaints",
        "new_customers": f"/outlets/{company.outlet_id}",
        "volume": f"/outlets/{company.outlet_id}/volume/2026-11",
        "award_trainings": "/trainings/",
        "award_visits": "/visits/",
        "deduct_churned": "/findings/",
        "deduct_inaccurate_file": "/findings/",
    }
    assert set(expected) == set(in_app(app, lambda: lines_of(company.rep_id)))
    for kind, address in expected.items():
        page = client.get(f"{rich}?open={kind}").text
        found = links(opened_part(page), address)
        assert found, kind
        assert client.get(found[0].replace("&amp;", "&")).status_code == 200, found[0]


def opened_part(page):
    """What stands behind the opened line."""
    [opened] = page.split('<tr class="more">')[1:]
    return opened.partition("</tr>")[0]


def in_app(app, read):
    with app.app_context():
        return read()


def test_the_second_tap_of_a_visit_award_shows_photo_and_signature(app, rich):
    client = console(app, "payer")
    opened = opened_part(client.get(f"{rich}?open=award_visits").text)  # the first tap opened the line
    visit = client.get(links(opened, "/visits/")[0])  # the second the visit
    pictures = {part[:64] for part in visit.text.split("/photos/")[1:]}
    with app.app_context():
        assert {stored_file("photo"), stored_file("signature")} <= pictures


def test_the_line_says_how_it_was_reckoned(app, rich):
    page = console(app, "chief").get(f"{rich}?open=new_customers").text
    assert "（1,800.00 − 800.00）× 3‰" in page
    assert "1 户 × 10.00 元；另 1 户没有计入" in page
    assert "缺电话" in page
    assert "计划 2 次，计入 2 次；2 个网点里 2 个巡够" in page


def test_an_award_that_was_lost_shows_what_cost_it(app, company, rich):
    with app.app_context():
        complaint(company.outlet_id, date(2026, 11, 5))
        draft_month(NOV, noon(DECEMBER_2))
    page = console(app, "chief").get(f"{rich}?open=award_complaints").text
    assert "1 件投诉" in page and links(page, "/complaints/")


def test_an_estimate_is_marked(app, company, rich):
    with app.app_context():
        draft_month(NOV, noon(date(2026, 11, 20)))
    assert "估算" in console(app, "rep1").get(rich).text


def test_adjustments_name_their_month(app, company, staff, rich):
    with app.app_context():
        close_month(NOV, "先关", staff.ids["chief"], noon(DECEMBER_2))
        upheld(company.rep_id, staff.ids["chief"], on=date(2026, 12, 3), kind="inadequate_training", outlet_id=company.outlet_id)
        draft_month(Month(2026, 12), noon(date(2026, 12, 20)))
    page = console(app, "rep1").get(f"/payroll/2026-12/{company.rep_id}?open=2026-11-deduct_inadequate_training").text
    assert "补记 2026年11月 · 考核 · 培训不到位" in page and links(page, "/findings/")


def test_what_is_carried_over_stands_among_the_deductions_and_what_is_not_taken_has_a_line(app, company, staff, rich):
    with app.app_context():
        for key, value in (("wage.cap_deductions", "true"), ("wage.carry_over", "true"), ("wage.minimum_yuan", "5000")):
            set_policy(key, value, date(2026, 11, 1), "试行", staff.ids["chief"], noon(NOVEMBER_2))
        draft_month(NOV, noon(DECEMBER_2))
        close_month(NOV, "先关", staff.ids["chief"], noon(DECEMBER_2))
        upheld(company.rep_id, staff.ids["chief"], on=date(2026, 12, 3), kind="inadequate_training", outlet_id=company.outlet_id)
        draft_month(Month(2026, 12), noon(date(2026, 12, 20)))
    place = f"/payroll/2026-12/{company.rep_id}"
    page = console(app, "rep1").get(f"{place}?open=carried_over").text
    assert page.index("上月未扣结转") < page.index("考核，已认定") < page.index("补记 2026年11月 · 不补也不扣的部分")
    assert links(page, f"/payroll/2026-11/{company.rep_id}")
    assert "封顶后未扣的部分，按政策结转到下月" in console(app, "rep1").get(f"{place}/print").text
    english = console(app, "rep1", "en").get(place).text
    assert "Carried over from last month" in english and "Part neither paid nor taken" in english
    rows = rows_of(book(console(app, "payer"), "/payroll/2026-12/table.xlsx"))
    head, person = next(row for row in rows if row[0] == "序号"), next(row for row in rows if row[1] == "rep1")
    by_column = dict(zip(head, person, strict=True))
    assert [by_column[name] for name in ("上月未扣结转", "考核合计", "未扣", "补记")] == [-90, -90, 90, 0]
    assert by_column["实发工资"] == by_column["应发合计"]


def test_a_rep_sees_the_own_sheet_only(app, company, rich):
    assert console(app, "rep1").get(rich).status_code == 200
    assert console(app, "rep2").get(rich).status_code == 404
    assert console(app, "boss").get(rich).status_code == 404
    for path in (f"{rich}/print", f"{rich}/steps"):
        assert console(app, "rep2").open(path, method="POST" if path.endswith("steps") else "GET").status_code == 404


def test_a_rep_who_gave_an_outlet_away_still_sees_its_volume_behind_the_own_line(app, company, rich):
    with app.app_context():
        assign_outlets([company.outlet_id], company.other_rep_id, date(2026, 12, 1), company.supervisor_id, noon(DECEMBER_2))
        seen = {
            (login, month): may_see_volume([company.outlet_id], month, person_of(login), DECEMBER_2) == {company.outlet_id}
            for login in ("rep1", "rep2", "farrep", "payer", "boss")
            for month in (NOV, Month(2026, 12))
        }
    hidden = {key for key, is_seen in seen.items() if not is_seen}
    assert hidden == {("rep1", Month(2026, 12)), ("farrep", NOV), ("farrep", Month(2026, 12))}
    assert console(app, "farrep").get(f"/outlets/{company.outlet_id}/volume/2026-11").status_code == 404


@pytest.mark.parametrize("login", ["chief", "payer", "root", "rep1"])
def test_wage_pages_in_english_have_no_chinese_but_data(app, company, staff, rich, login):
    client = console(app, login, "en")
    paths = [
        rich,
        f"{rich}?open=volume",
        f"{rich}?open=new_customers",
        f"{rich}/print",
        "/payroll/2026-11",
        "/payroll/kinds",
        "/payroll/2026-11/closing",
    ]
    paths += ["/policy", "/policy?open=wage.base_yuan", "/calendar", "/findings/new", f"/outlets/{company.outlet_id}/volume/2026-11"]
    for path in paths:
        answer = client.get(path)
        assert answer.status_code in (200, 302, 403), path
        assert untranslated(answer.text) == [], path
        assert "style=" not in answer.text, path


def test_the_month_is_closed_by_the_manager_with_a_reason(app, company, staff, rich):
    client = console(app, "chief")
    page = client.get("/payroll/2026-11/closing")
    assert "月底的还没有导入" in page.text
    refused = client.post("/payroll/2026-11/closing", data={"reason": ""})
    assert refused.status_code == 422  # November is not over yet in these tests, or a reason is wanted
    assert client.post("/payroll/2026-13/closing").status_code == 404


def closed(app, staff):
    with app.app_context():
        close_month(NOV, "交易明细下周才到", staff.ids["chief"], noon(DECEMBER_2))


def test_a_closed_month_shows_who_closed_it_and_its_seal(app, staff, rich):
    closed(app, staff)
    with app.app_context():
        seal = db.session.get_one(WageMonth, NOVEMBER).seal
    page = console(app, "payer").get("/payroll/2026-11/closing").text
    assert seal in page and "交易明细下周才到" in page and "郑怀远" in page
    again = console(app, "chief").post("/payroll/2026-11/closing", data={"reason": "x"})
    assert again.status_code == 409


@pytest.mark.parametrize("login", ["payer", "root", "rep1", "boss", "ops"])
def test_only_the_manager_closes(app, staff, rich, login):
    assert console(app, login).post("/payroll/2026-11/closing", data={"reason": "x"}).status_code == 403


def test_an_open_month_is_closed_on_the_page(app, company, staff, rich, monkeypatch):
    monkeypatch.setattr("server.payroll.close_routes.now", lambda: noon(DECEMBER_2))
    client = console(app, "chief")
    refused = client.post("/payroll/2026-11/closing", data={"reason": " "})
    assert refused.status_code == 422 and "这里要填" in refused.text
    assert client.post("/payroll/2026-11/closing", data={"reason": "先关"}).status_code == 302
    assert in_app(app, lambda: sheet_of(company.rep_id).state) == "closed"


def steps(app):
    with app.app_context():
        return [(step.action, step.text) for step in db.session.scalars(select(PayslipStep).order_by(PayslipStep.at, PayslipStep.id))]


def test_a_person_sees_confirms_and_objects_and_the_office_answers(app, company, staff, rich):
    own = console(app, "rep1")
    for action in ("seen", "seen", "confirmed"):
        assert own.post(f"{rich}/steps", data={"action": action}).status_code == 302
    assert own.post(f"{rich}/steps", data={"action": "objected", "text": "有一户没有算"}).status_code == 302
    assert steps(app) == [("seen", ""), ("confirmed", ""), ("objected", "有一户没有算")]
    office = console(app, "payer")
    assert "有一户没有算" in office.get(rich).text
    assert office.post(f"{rich}/steps", data={"action": "answered", "text": "缺电话，补齐后下月算"}).status_code == 302
    assert "缺电话，补齐后下月算" in own.get(rich).text
    assert office.post(f"{rich}/steps", data={"action": "answered", "text": "再说一次"}).status_code == 422


def objected(app, company, rich):
    """The first rep objects to November, whose sheets are closed by then."""
    with app.app_context():
        chief = db.session.scalars(select(Person.id).where(Person.login == "chief")).one()
        draft_month(Month(2026, 10), noon(NOVEMBER_2))
        for month in (Month(2026, 10), NOV):
            close_month(month, "先关", chief, noon(DECEMBER_2))
    assert console(app, "rep1").post(f"{rich}/steps", data={"action": "objected", "text": "有一户没有算"}).status_code == 302


def objection_tile(app, login):
    with app.test_request_context():
        person = db.session.scalars(select(Person).where(Person.login == login)).one()
        return [one.count for one in counted_tiles(person, today()) if one.tile.href == "/payroll/objections"]


def test_an_objection_waits_for_payroll_and_manager_until_it_is_answered(app, company, staff, rich):
    for login in ("payer", "chief"):
        assert objection_tile(app, login) == [0]
    objected(app, company, rich)
    for login in ("payer", "chief"):
        assert objection_tile(app, login) == [1]
        assert console(app, login).get("/payroll/objections").headers["Location"] == "/payroll/2026-11?answer=objected"
    for login in ("root", "rep1", "boss"):
        assert objection_tile(app, login) == []
        assert console(app, login).get("/payroll/objections").status_code == 403
    office = console(app, "payer")
    assert office.post(f"{rich}/steps", data={"action": "answered", "text": "下月补"}).status_code == 302
    assert objection_tile(app, "payer") == [0]
    assert "这个月没有等答复的异议" in office.get("/payroll/objections", follow_redirects=True).text


def test_the_list_of_sheets_is_narrowed_to_objections_and_names_other_months(app, company, staff, rich):
    objected(app, company, rich)
    office = console(app, "payer")
    november = office.get("/payroll/2026-11?answer=objected").text
    assert "赵广田" in november and "林晓月" not in november and "别的月份也有" not in november
    assert "林晓月" in office.get("/payroll/2026-11").text
    october = office.get("/payroll/2026-10?answer=objected").text
    assert links(october, "/payroll/2026-11?answer=objected") and "1 份" in october
    assert office.get("/payroll/2026-11?answer=gossip").status_code == 422
    english = console(app, "payer", "en")
    for month in ("2026-10", "2026-11"):
        assert untranslated(english.get(f"/payroll/{month}?answer=objected").text) == []
    assert untranslated(english.get("/").text) == []


@pytest.mark.parametrize(
    ("login", "action", "text", "status"),
    [
        ("rep1", "objected", " ", 422),
        ("rep1", "paid", "", 422),
        ("rep1", "answered", "x", 403),
        ("payer", "confirmed", "", 403),
        ("chief", "seen", "", 403),
        ("root", "answered", "x", 403),
        ("chief", "answered", "x", 422),
        ("rep2", "seen", "", 404),
    ],
)
def test_steps_that_cannot_be_taken(app, company, staff, rich, login, action, text, status):
    assert console(app, login).post(f"{rich}/steps", data={"action": action, "text": text}).status_code == status
    assert steps(app) == []


def test_the_slip_is_on_paper_with_the_amount_in_capitals(app, rich):
    page = console(app, "rep1").get(f"{rich}/print").text
    assert "试算，未关账" in page and "壹仟叁佰" in page and 'class="a4 form"' in page


def book(client, path):
    answer = client.get(path)
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    return answer.data


def rows_of(content):
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_the_wage_table_has_a_row_per_person_and_a_column_per_kind(app, company, rich):
    rows = rows_of(book(console(app, "payer"), "/payroll/2026-11/table.xlsx"))
    head = next(row for row in rows if row[0] == "序号")
    person = next(row for row in rows if row[1] == "rep1")
    by_column = dict(zip(head, person, strict=True))
    assert rows[0][0] == "2026年11月 工资表" and rows[1][0].startswith("试算，未关账。")
    assert [by_column[name] for name in ("姓名", "底薪", "新增客户绩效", "客户交易量绩效", "考核 · 离网", "考核合计")] == [
        "赵广田",
        1100,
        10,
        3,
        -30,
        -60,
    ]
    assert by_column["实发工资"] == by_column["应发合计"] - 60
    assert rows[-1][0] == "合计" and rows[-1][head.index("底薪")] == 3300  # rep1, rep2 and farrep


def test_the_strips_repeat_the_head_above_each_person(app, company, rich):
    rows = rows_of(book(console(app, "chief"), "/payroll/2026-11/strips.xlsx"))
    places = [place for place, row in enumerate(rows) if row[0] == "序号"]
    assert [rows[place + 1][1] for place in places] == ["farrep", "rep1", "rep2"]
    assert all(not any(rows[place - 1]) for place in places[1:])


def test_tables_speak_english_when_asked(app, company, rich):
    rows = rows_of(book(console(app, "payer", "en"), "/payroll/2026-11/table.xlsx"))
    assert "Base" in next(row for row in rows if row[0] == "No.")


def test_no_cell_is_a_formula_and_logins_stay_texts(app, company, rich):
    with app.app_context():
        rep = db.session.get_one(Person, company.rep_id)
        rep.login, rep.name = "00123", '=HYPERLINK("http://evil.example","x")'
        db.session.commit()
    content = book(console(app, "payer"), "/payroll/2026-11/table.xlsx")
    person = next(row for row in rows_of(content) if row[1] == "00123")
    assert person[2] == '=HYPERLINK("http://evil.example","x")'
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet and "<hyperlink" not in sheet
        assert 'state="frozen"' in sheet


@pytest.mark.parametrize(("login", "status"), [("root", 403), ("rep1", 403), ("boss", 403), ("ops", 403)])
def test_tables_are_for_payroll_and_the_manager(app, staff, rich, login, status):
    for name in ("table", "strips"):
        assert console(app, login).get(f"/payroll/2026-11/{name}.xlsx").status_code == status
    assert console(app, "payer").get("/payroll/2020-01/table.xlsx").status_code == 404


def test_pages_read_with_few_queries(app, company, rich):
    from tests.features.test_console_pages import MOST_QUERIES

    client = console(app, "chief")
    with statements(app) as asked:
        for path in (
            rich,
            f"{rich}?open=volume",
            f"{rich}?open=deduct_churned",
            f"{rich}/print",
            "/payroll/2026-11",
            "/payroll/2026-11/closing",
            "/payroll/kinds",
            "/policy",
        ):
            asked.clear()
            assert client.get(path).status_code == 200, path
            assert len(asked) <= MOST_QUERIES + 4, (path, asked)


def test_the_night_draws_the_sheets_and_set_policy_changes_them(app, company, staff, rich):
    with app.app_context():
        set_policy("wage.base_yuan", "1300", date(2026, 11, 1), "调整", staff.ids["chief"], now())
        run_nightly(date(2026, 12, 2), noon(DECEMBER_2))
        assert lines_of(company.rep_id)["base"] == "1300.00"
