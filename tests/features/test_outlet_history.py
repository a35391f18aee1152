"""The time line of an outlet: everything in order, no more than the reader may see, page by page, within a few queries."""

import html
import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from server.audit.actions import record_audit
from server.callbacks.actions import Wish, list_callback
from server.clock import now, today
from server.complaints.actions import assign_complaint, investigate_complaint
from server.console.paging import PAGE_ROWS, key_text
from server.db import db
from server.histories.queries import SOURCES, history_page
from server.histories.rows import before_in
from server.histories.words import KIND_WORDS
from server.materials.models import MaterialRequest
from server.outlets.actions import assign_outlets
from server.outlets.duplicates import merge_outlets
from server.outlets.models import Assignment, Outlet, OutletStep
from server.people.models import Person
from server.training.models import Training
from sync.ids import uuid7
from tests.features.browsing import console, untranslated
from tests.features.churn_cases import case  # noqa: F401
from tests.features.conftest import add_visit, noon  # noqa: F401
from tests.features.outlet_files import decide, edit, found, submit
from tests.features.outlet_past import at, busy, complain  # noqa: F401
from tests.features.staff import Staff, staff  # noqa: F401
from tests.statements import statements
from tests.sync.conftest import Company, Phone, company, phone  # noqa: F401

MOST_STATEMENTS = 6  # a BEGIN, who reads, the outlet, all sources at once, what waits for the reader


def rows_in(page: str) -> list[str]:
    """The rows of the time line, each as its words."""
    part = page.partition('id="history"')[2] or page.partition('id="result"')[2] or page
    return [" ".join(html.unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in re.findall(r"<li><time>(.*?)</li>", part, re.DOTALL)]


def history(app, outlet_id: str, login: str = "chief", query: str = "") -> list[str]:
    answer = console(app, login).get(f"/outlets/{outlet_id}/history{query}")
    assert answer.status_code == 200
    return rows_in(answer.text)


def test_everything_stands_in_order_newest_first(app, busy: Company, add_visit):
    with app.app_context():
        add_visit(busy.outlet_id, busy.rep_id, "2026-11-10T01:00:00+00:00")
        add_visit(busy.outlet_id, busy.rep_id, "2026-11-12T01:00:00+00:00", distance_m=312.0)
    assert history(app, busy.outlet_id) == [
        "11-21 12:00 吴静 考核事项（未按计划巡检）：提出，等经理认定；责任人 赵广田 客户说的",
        "11-21 12:00 吴静 巡检回访：没有按计划巡检 客户说的",
        "11-20 15:00 郑怀远 考核事项（未按计划巡检）：认定；责任人 赵广田 没有去",
        "11-19 02:00 考核事项（未按计划巡检）：夜间核对：提出，等经理认定；责任人 赵广田",
        "11-18 14:00 周敏 分派了投诉（到账） → 赵广田",
        "11-18 12:00 吴静 登记了投诉（到账）",
        "11-12 09:00 赵广田 巡检，待审核：距网点 312 m，允许 210 m",
        "11-10 09:00 赵广田 巡检，计入",
        "06-05 09:00 赵广田 离网：定为还在用",
        "06-05 09:00 赵广田 离网，市场说：还在用 门开着",
        "06-02 02:00 列入 2026-06 离网名单",
        "05-06 09:00 赵广田 复查备案：已解决 换了新的",
        "05-01 09:00 赵广田 登记了备案问题 招牌破了",
        "04-07 赵广田 送到了物料 海报两张",
        "04-01 09:30 赵广田 登记了物料需求 海报两张",
        "03-05 赵广田 到店培训 收费流程",
        "02-03 10:00 周敏 改了资料：地址、电话",
        "02-01 从这天起是 B 类",
        "01-03 09:00 郑怀远 退回了网点资料 照片太暗",
        "01-01 周敏 把网点交给 赵广田",
        "01-01 08:00 建了网点资料",
    ]


def test_what_has_only_a_day_follows_what_was_asked_on_it(app, busy: Company):
    with app.app_context():
        db.session.scalars(select(MaterialRequest)).one().delivered_on = date(2026, 4, 1)
        db.session.commit()
    assert history(app, busy.outlet_id, query="?kind=material") == ["04-01 赵广田 送到了物料 海报两张", "04-01 09:30 赵广田 登记了物料需求 海报两张"]
    for path in ("", "/history"):
        assert "只有日期的，算在那一天的最后。" in console(app, "chief").get(f"/outlets/{busy.outlet_id}{path}").text, path


@pytest.mark.parametrize("size", [1, 2, 3])
def test_pages_of_any_size_give_the_same_order(app, busy: Company, size):
    with app.app_context():
        db.session.scalars(select(MaterialRequest)).one().delivered_on = date(2026, 4, 1)
        db.session.commit()
        outlet, reader = db.session.get_one(Outlet, busy.outlet_id), db.session.scalars(select(Person).where(Person.login == "chief")).one()
        whole = [(row.source, row.id) for row in history_page(outlet, reader, today()).rows]
        sources = [source for source, _ in whole]
        assert sources[sources.index("churn_words_ended") :][:3] == ["churn_words_ended", "churn_word", "churn_listed"]
        assert sources[sources.index("material_given") :][:2] == ["material_given", "material_wanted"]
        assert sources[-2:] == ["owner_given", "made"]
        found_rows, key, pages = [], "", 0
        while key is not None:
            shown = history_page(outlet, reader, today(), before=before_in(key), rows=size)
            found_rows += [(row.source, row.id) for row in shown.rows]
            key, pages = shown.next_key, pages + 1
    assert found_rows == whole and pages == -(-len(whole) // size)


def test_the_outlets_page_shows_the_newest_ten_and_leads_to_all(app, busy: Company):
    page = console(app, "boss").get(f"/outlets/{busy.outlet_id}").text
    rows = rows_in(page.partition('id="history"')[2].partition("</section>")[0])
    assert len(rows) == 10 and rows[0].startswith("11-21 12:00 吴静 考核事项")
    assert f'href="/outlets/{busy.outlet_id}/history"' in page and "看全部经过" in page
    fresh = console(app, "boss").get(f"/outlets/{busy.second_outlet_id}").text
    assert "把网点交给" in fresh and "看全部经过" not in fresh and "按种类看经过" in fresh


def test_the_panel_beside_the_map_does_without(app, busy: Company):
    panel = console(app, "boss").get(f"/outlets/{busy.outlet_id}", headers={"HX-Request": "true"}).text
    assert "经过" not in panel


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("training", ["03-05 赵广田 到店培训 收费流程"]),
        ("owner", ["01-01 周敏 把网点交给 赵广田"]),
        ("complaint", ["11-18 14:00 周敏 分派了投诉（到账） → 赵广田", "11-18 12:00 吴静 登记了投诉（到账）"]),
        ("churn", ["06-05 09:00 赵广田 离网：定为还在用", "06-05 09:00 赵广田 离网，市场说：还在用 门开着", "06-02 02:00 列入 2026-06 离网名单"]),
    ],
)
def test_the_history_is_filtered_by_kind(app, busy: Company, kind, expected):
    assert history(app, busy.outlet_id, query=f"?kind={kind}") == expected


def test_rows_lead_to_their_records_and_edits_to_the_audit(app, busy: Company):
    page = console(app, "chief").get(f"/outlets/{busy.outlet_id}/history").text
    for start in ("complaints", "follow-ups", "trainings", "materials", "callbacks", "findings"):
        assert re.search(rf'<a href="/{start}/[^"?]+">', page), start
    assert f'href="/deeds?subject=outlet&amp;id={busy.outlet_id}&amp;from=2026-02-03&amp;to=2026-02-03"' in page
    assert "/deeds?" not in console(app, "boss").get(f"/outlets/{busy.outlet_id}/history").text


def test_every_link_of_the_history_opens_for_its_reader(app, busy: Company):
    for login in ("chief", "boss", "rep1", "ops", "clerk", "payer", "root"):
        client = console(app, login)
        page = client.get(f"/outlets/{busy.outlet_id}/history").text.partition('id="result"')[2].partition("</main>")[0]
        for path in set(re.findall(r'<a href="(/[^"]+)"', page)):
            assert client.get(html.unescape(path)).status_code == 200, (login, path)


def test_findings_are_shown_to_those_who_may_read_them(app, busy: Company):
    for login, count in (("chief", 3), ("boss", 3), ("payer", 3), ("rep1", 3), ("ops", 0), ("clerk", 0)):
        assert len([row for row in history(app, busy.outlet_id, login) if "考核事项（" in row]) == count, login
    with app.app_context():
        assign_outlets([busy.outlet_id], busy.other_rep_id, today(), busy.supervisor_id, now())
    assert [row for row in history(app, busy.outlet_id, "rep2") if "考核事项（" in row] == []
    page = console(app, "ops").get(f"/outlets/{busy.outlet_id}/history").text
    assert 'value="finding"' not in page and 'value="churn"' in page


def test_a_complaint_about_the_rep_stays_unknown_to_them_until_it_was_investigated(app, company: Company, staff: Staff):
    with app.app_context():
        complaint_id = complain(company.outlet_id, staff.ids["ops"], is_about_rep=True)
        assign_complaint(complaint_id, company.supervisor_id, "", staff.ids["ops"], at(date(2026, 11, 18), 13))
    assert [row for row in history(app, company.outlet_id, "rep1") if "投诉" in row] == []
    assert len([row for row in history(app, company.outlet_id, "boss") if "投诉" in row]) == 2
    with app.app_context():
        investigate_complaint(complaint_id, "去店里问过", "founded", company.supervisor_id, at(date(2026, 11, 19), 9))
    assert len([row for row in history(app, company.outlet_id, "rep1") if "（到账）" in row]) == 3


def test_calls_that_ops_will_make_stay_unknown_to_the_rep(app, company: Company, staff: Staff):
    with app.app_context():
        list_callback(Wish("new_customer", company.outlet_id), staff.ids["ops"], now())
    assert any("新客户回访：列出，等运维打" in row for row in history(app, company.outlet_id, "ops"))
    assert not any("新客户回访" in row for row in history(app, company.outlet_id, "rep1"))


def test_nothing_of_masked_values_is_told(app, busy: Company):
    rows = history(app, busy.outlet_id)
    assert "02-03 10:00 周敏 改了资料：地址、电话" in rows
    for masked in ("139", "1****X", "看了完整的证件号码", "王秀兰"):
        assert not any(masked in row for row in rows), masked


def test_whoever_may_not_see_the_outlet_has_no_history_of_it(app, busy: Company, staff: Staff):
    for login in ("rep2", "farboss", "farrep"):
        assert console(app, login).get(f"/outlets/{busy.outlet_id}/history").status_code == 404, login
    assert console(app, "chief").get("/outlets/nowhere/history").status_code == 404


def test_handovers_are_one_row_and_days_in_the_pool_another(app, company: Company):
    with app.app_context():
        old = db.session.scalars(select(Assignment).where(Assignment.outlet_id == company.outlet_id)).one()
        old.ends_on = date(2026, 6, 30)
        spells = ((company.other_rep_id, date(2026, 7, 1), date(2026, 8, 31)), (company.rep_id, date(2026, 9, 10), None))
        for person_id, first, last in spells:
            row = Assignment(id=uuid7(), outlet_id=company.outlet_id, person_id=person_id, starts_on=first, ends_on=last, made_at=now())
            row.made_by_id = None if last else company.rep_id
            db.session.add(row)
        db.session.commit()
    assert history(app, company.outlet_id, "boss", "?kind=owner") == [
        "09-10 赵广田 开始负责这个网点",
        "08-31 林晓月 负责到这天为止，以后归区域公共，没有人管",
        "07-01 开始负责这个网点的是 林晓月",
        "01-01 周敏 把网点交给 赵广田",
    ]


def test_a_move_and_a_merge_are_told_at_the_outlet_that_stays(app, company: Company, staff: Staff):
    with app.app_context():
        far = db.session.get_one(Outlet, staff.far_outlet_id).region_id
        record_audit(
            at(date(2026, 11, 20), 9), staff.ids["chief"], "outlet.moved", ("outlet", company.outlet_id), before=far, after=company.region_id
        )
        db.session.commit()
        merge_outlets(company.second_outlet_id, company.outlet_id, company.supervisor_id, now())
    rows = history(app, company.outlet_id, "boss")
    assert "11-20 09:00 郑怀远 把网点移到别的区域： 城西区域 → 城东区域" in rows
    assert any(row.endswith("周敏 把重复的网点合并进来： 网点 CD-2") for row in rows)
    old = console(app, "boss").get(f"/outlets/{company.second_outlet_id}/history?kind=file")
    assert old.headers["Location"] == f"/outlets/{company.outlet_id}/history?kind=file"
    assert console(app, "farboss").get(f"/outlets/{company.second_outlet_id}/history").status_code == 404


@pytest.mark.parametrize(
    ("language", "kind", "words"),
    [
        ("zh", "complaint", "投诉随合并的网点转来（到账）"),
        ("zh", "follow_up", "备案问题随合并的网点转来"),
        ("en", "complaint", "A complaint came with a merged outlet (Settlement)"),
        ("en", "follow_up", "A follow-up came with a merged outlet"),
    ],
)
def test_what_comes_with_a_merged_outlet_is_told_where_it_came_to(app, busy: Company, language, kind, words):
    with app.app_context():
        merge_outlets(busy.outlet_id, busy.second_outlet_id, busy.supervisor_id, at(date(2026, 11, 22), 9))
    page = console(app, "chief", language).get(f"/outlets/{busy.second_outlet_id}/history?kind={kind}").text
    assert rows_in(page)[0] == f"11-22 09:00 {words}"


def test_a_file_goes_its_way_from_the_phone(app, company: Company, staff: Staff, phone: Phone):
    outlet_id = found(phone, company, {}, [])[0]
    submit(phone, outlet_id)
    decide(console(app, "chief"), outlet_id, "returned", "门头照片看不清")
    assert edit(phone, outlet_id, phone=("", "13800000001")) == "applied"
    words = [row.split(" ", 2)[2] for row in history(app, outlet_id, query="?kind=file") if "类" not in row]
    assert words == ["赵广田 改了资料：电话", "郑怀远 退回了网点资料 门头照片看不清", "赵广田 提交了网点资料", "赵广田 建了网点资料"]


def test_a_churn_case_is_listed_and_spoken_of(app, case: str, company: Company, staff: Staff):
    assert history(app, company.outlet_id, query="?kind=churn") == ["11-02 12:00 列入 2026-11 离网名单"]


def test_pages_go_back_in_time_and_lose_nothing(app, company: Company):
    with app.app_context():
        day = date(2026, 1, 10)
        for number in range(2 * PAGE_ROWS):
            on = day + timedelta(days=number // 3)  # three a day, one with the day's first moment and two that have no time
            if number % 3 == 2:
                step = OutletStep(id=uuid7(), outlet_id=company.outlet_id, state="returned", by_id=company.supervisor_id, at=at(on, 0))
                step.reason = f"n{number}"
                db.session.add(step)
            else:
                training = Training(id=uuid7(), outlet_id=company.outlet_id, trainer_id=company.rep_id, trained_on=on, received_at=now())
                training.content = f"n{number}"
                db.session.add(training)
        db.session.commit()
    client, path, found_rows, pages = console(app, "boss"), f"/outlets/{company.outlet_id}/history", [], 0
    while path:
        page = client.get(path).text
        found_rows += rows_in(page)
        pages += 1
        earlier = re.search(r'<a href="([^"]+)">更早的</a>', page)
        path = html.unescape(earlier[1]) if earlier else ""
    noted = [row.rsplit(" ", 1)[1] for row in found_rows if re.search(r" n\d+$", row)]
    assert pages == 3 and len(noted) == len(set(noted)) == 2 * PAGE_ROWS
    days = [row[:5] for row in found_rows[1:]]  # the first is the file, made today
    assert days == sorted(days, reverse=True)


KEYS = ("x", key_text(["2026-11-24T04:00:00", "visit", "v"]), key_text(["no time", "visit", "v"]), key_text([1, "visit", "v"]))
FAR_KEYS = (key_text(["0001-01-01T00:00:00+08:00", "visit", "v"]), key_text(["9999-12-31T23:59:59+00:00", "visit", "v"]))


@pytest.mark.parametrize("key", KEYS + FAR_KEYS)
def test_a_key_that_cannot_be_is_refused(app, company: Company, key):
    assert console(app, "boss").get(f"/outlets/{company.outlet_id}/history?after={key}").status_code == 422


def test_a_kind_that_is_none_is_refused(app, company: Company):
    assert console(app, "boss").get(f"/outlets/{company.outlet_id}/history?kind=wages").status_code == 422


def test_the_history_is_read_with_few_statements(app, busy: Company):
    for login in ("chief", "boss", "rep1"):
        client = console(app, login)
        with statements(app) as asked:
            assert client.get(f"/outlets/{busy.outlet_id}/history").status_code == 200
        assert len(asked) <= MOST_STATEMENTS, (login, asked)


def test_in_english_only_data_is_chinese(app, busy: Company, add_visit):
    with app.app_context():
        add_visit(busy.outlet_id, busy.rep_id, "2026-11-12T01:00:00+00:00", distance_m=312.0)
    client = console(app, "chief", "en")
    for path in ("", "/history", "/history?kind=churn"):
        assert untranslated(client.get(f"/outlets/{busy.outlet_id}{path}").text) == [], path


def test_every_kind_has_its_words():
    assert set(KIND_WORDS) == set(SOURCES)
