"""Exports of what waits for the office and of what the office sets up: what the page lists, within the same reach, by the same filter."""

from datetime import date

import pytest
from flask.testing import FlaskClient

from server.clock import now
from server.db import db
from server.people.models import Region
from server.policy.actions import set_policy
from server.policy.calendar import seed_calendar
from server.transactions.models import TableImport
from tests.features.browsing import CJK, console
from tests.features.conftest import add_visit  # noqa: F401
from tests.features.staff import Staff, staff  # noqa: F401
from tests.features.test_exports import csv_rows, sheet_rows
from tests.features.test_position_proposals import proposal, seen  # noqa: F401
from tests.features.test_waiting_duplicates import found  # noqa: F401
from tests.features.waiting import lost, office, parked, record  # noqa: F401
from tests.sync.conftest import Company, Phone, company, phone  # noqa: F401

NOWHERE = "?region=nowhere"


def in_english(client: FlaskClient, name: str) -> dict[str, str]:
    """The first row of the list in English, whose head has no Chinese."""
    client.set_cookie("language", "en")
    row = csv_rows(client.get(f"/exports/{name}.csv"))[0]
    assert not [title for title in row if CJK.search(title)]
    return row


def has_links(client: FlaskClient, page: str, name: str, query: str = "") -> bool:
    text = client.get(f"{page}{query}").text
    return all(f'href="/exports/{name}.{ending}{query.replace("&", "&amp;")}"' in text for ending in ("xlsx", "csv"))


def test_changes_that_wait_are_exported_for_those_who_decide(app, company: Company, parked):
    boss, query = console(app, "boss"), f"?region={company.region_id}&rep={company.rep_id}"
    [row] = csv_rows(boss.get(f"/exports/waiting-changes.csv{query}"))
    assert (row["编号"], row["网点"], row["区域"], row["谁送来"]) == ("CD-1", "网点 CD-1", "城东区域", "赵广田")
    assert row["哪几项"] == "连锁网点数量、负责人" and row["为何等决定"].startswith("重要的内容有人同时改过") and row["记录编号"] == parked[-36:]
    assert "李建国" not in str(row)
    head, first = sheet_rows(boss.get("/exports/waiting-changes.xlsx"))[:2]
    assert first[head.index("记录编号")] == parked[-36:]
    assert has_links(boss, "/waiting/changes", "waiting-changes", query)
    for query in (NOWHERE, f"?rep={company.other_rep_id}"):
        assert csv_rows(boss.get(f"/exports/waiting-changes.csv{query}")) == []
    assert csv_rows(console(app, "farboss").get("/exports/waiting-changes.csv")) == []
    assert in_english(boss, "waiting-changes")["Fields"] == "Outlets in the chain, Person in charge"


def test_replaced_values_are_exported_for_those_who_decide(app, company: Company, lost):
    boss, query = console(app, "boss"), f"?region={company.region_id}&rep={company.rep_id}"
    [row] = csv_rows(boss.get(f"/exports/waiting-values.csv{query}"))
    assert (row["编号"], row["哪一项"], row["谁替换的"], row["记录编号"]) == ("CD-1", "电话", "赵广田", lost)
    assert (row["现在"], row["被替换的值"]) == ("13800002002\t", "13800001001\t")
    head, first = sheet_rows(boss.get("/exports/waiting-values.xlsx"))[:2]
    assert (first[head.index("现在")], first[head.index("被替换的值")]) == ("13800002002", "13800001001")
    assert has_links(boss, "/waiting/values", "waiting-values", query)
    assert csv_rows(boss.get(f"/exports/waiting-values.csv{NOWHERE}")) == csv_rows(console(app, "farboss").get("/exports/waiting-values.csv")) == []
    assert in_english(boss, "waiting-values")["Replaced by"] == "赵广田"


def test_records_that_were_not_taken_in_are_exported_with_those_whose_id_came_twice(app, company: Company, phone: Phone, record):
    op = phone.op(company.outlet_id)
    phone.push(op)
    phone.push(phone.op(company.second_outlet_id) | {"op_id": op["op_id"]})
    boss = console(app, "boss")
    unread, reused = csv_rows(boss.get(f"/exports/waiting-records.csv?rep={company.rep_id}"))
    assert (unread["记录"], unread["谁送来"], unread["记录编号"]) == ("巡检", "赵广田", record[-36:])
    assert (reused["记录"], reused["原因"]) == ("巡检", "同一编号，内容不同")
    assert unread["原因"] and unread["原因"] in boss.get("/waiting/records").text
    assert has_links(boss, "/waiting/records", "waiting-records", f"?rep={company.rep_id}")
    assert csv_rows(boss.get(f"/exports/waiting-records.csv{NOWHERE}")) == csv_rows(console(app, "farboss").get("/exports/waiting-records.csv")) == []
    assert len(csv_rows(console(app, "root").get("/exports/waiting-records.csv"))) == 2
    assert in_english(boss, "waiting-records")["Record"] == "Visits"


def test_pairs_of_possible_duplicates_are_exported_for_those_who_decide(app, company: Company, found):
    boss, query = console(app, "boss"), f"?region={company.region_id}&rep={company.rep_id}"
    [row] = csv_rows(boss.get(f"/exports/duplicates.csv{query}"))
    assert (row["新的：网点"], row["原有的：编号"], row["原有的：网点"], row["区域"]) == ("网点 CD-1 号", "CD-1", "网点 CD-1", "城东区域")
    head, first = sheet_rows(boss.get("/exports/duplicates.xlsx"))[:2]
    assert round(first[head.index("相距（m）")]) == 11
    assert has_links(boss, "/waiting/duplicates", "duplicates", query)
    assert csv_rows(boss.get(f"/exports/duplicates.csv{NOWHERE}")) == csv_rows(boss.get(f"/exports/duplicates.csv?rep={company.other_rep_id}")) == []
    assert csv_rows(console(app, "farboss").get("/exports/duplicates.csv")) == []
    assert in_english(boss, "duplicates")["New: outlet"] == "网点 CD-1 号"


def test_proposed_positions_are_exported_for_those_who_decide(app, company: Company, proposal):
    boss, query = console(app, "boss"), f"?region={company.region_id}"
    [row] = csv_rows(boss.get(f"/exports/positions.csv{query}"))
    assert (row["编号"], row["网点"], row["这样说的巡检"], row["记录编号"]) == ("CD-1", "网点 CD-1", "3", proposal.id)
    assert round(float(row["要移（m）"])) == 240 and float(row["登记的纬度"]) == 30.66 and float(row["建议的纬度"]) == proposal.lat
    assert has_links(boss, "/waiting/positions", "positions", query)
    assert csv_rows(boss.get(f"/exports/positions.csv{NOWHERE}")) == csv_rows(console(app, "farboss").get("/exports/positions.csv")) == []
    assert in_english(boss, "positions")["Registered longitude"] == "104.07"


def test_imports_are_exported_for_those_who_import_and_of_their_kinds(app, company: Company, staff: Staff):
    with app.app_context():
        for kind, file_name, login in (("days", "=交易.xlsx", "ops"), ("people", "人员.xlsx", "root")):
            counts = {"rows_read": 3, "rows_taken": 2, "rows_refused": 1, "amount_yuan": 12 if kind == "days" else None}
            db.session.add(TableImport(id=kind[0] * 36, kind=kind, file_name=file_name, sha256="0" * 64, by_id=staff.ids[login], at=now(), **counts))
            db.session.flush()
        db.session.get_one(TableImport, "d" * 36).undone_at = now()
        db.session.get_one(TableImport, "d" * 36).undone_by_id = staff.ids["root"]
        db.session.commit()
    ops, root = console(app, "ops"), console(app, "root")
    [row] = csv_rows(ops.get("/exports/imports.csv"))
    assert (row["表里是什么"], row["文件"], row["导入的行"], row["没导入的行"]) == ("每日交易", "'=交易.xlsx", "2", "1")
    assert (float(row["金额合计"]), row["谁导入"], row["状态"], row["谁撤销"]) == (12, "吴静", "已撤销", "高阳")
    newest, _ = csv_rows(root.get("/exports/imports.csv"))
    assert (newest["表里是什么"], newest["状态"], newest["金额合计"], newest["何时撤销"]) == ("人员", "已导入", "", "")
    assert has_links(ops, "/imports", "imports") and in_english(ops, "imports")["Undone by"] == "高阳"


def test_regions_are_exported_for_administrators(app, company: Company, staff: Staff):
    with app.app_context():
        db.session.add(Region(id="r" * 36, name="没有人的区域"))
        db.session.commit()
    root = console(app, "root")
    rows = csv_rows(root.get("/exports/regions.csv"))
    counted = {row["区域"]: (row["市场主管"], row["片区负责人"], row["网点"], row["办公点纬度"]) for row in rows}
    assert counted == {"城东区域": ("周敏", "2", "2", "30.66"), "城西区域": ("韩磊", "1", "1", "30.66"), "没有人的区域": ("", "0", "0", "")}
    assert has_links(root, "/regions", "regions") and in_english(root, "regions")["Region"] == "城东区域"


def test_a_year_of_the_calendar_is_exported_for_everybody(app, company: Company, staff: Staff):
    with app.app_context():
        seed_calendar(now())
        db.session.commit()
    rep = console(app, "rep1")
    rows = csv_rows(rep.get("/exports/working-days.csv?year=2026"))
    assert len(rows) == 12 and (rows[1]["月份"], rows[1]["工作日"]) == ("2026-02\t", "16")
    assert rows[1]["放假"] == "、".join(f"2026-02-{number}" for number in (16, 17, 18, 19, 20, 23))
    assert rows[1]["调休上班"] == "、".join(("2026-02-14", "2026-02-28"))
    assert csv_rows(rep.get("/exports/working-days.csv?year=1999")) == []
    assert len(csv_rows(rep.get("/exports/working-days.csv?year=x"))) == 12
    assert has_links(rep, "/calendar", "working-days", "?year=2025") and in_english(rep, "working-days")["Month"].endswith("-01\t")


def test_policy_is_exported_as_in_force_and_with_every_change(app, company: Company, staff: Staff):
    with app.app_context():
        for value, day in (("1150", date(2026, 1, 1)), ("1200", date(2090, 1, 1))):
            set_policy("wage.base_yuan", value, day, "=调整", staff.ids["chief"], now())
    payer = console(app, "payer")
    rows = {row["参数代码"]: row for row in csv_rows(payer.get("/exports/policy.csv?group=wage"))}
    base = rows["wage.base_yuan"]
    assert (base["种类"], base["现在"], base["值"], base["生效"]) == ("工资与绩效", "1,150 元", "1150\t", "2026-01-01")
    assert base["以后"] == "2090-01-01 起 1,200 元" and base["依据"].startswith("规程")
    assert "visit.fence_radius_m" not in rows and "visit.fence_radius_m" in {row["参数代码"] for row in csv_rows(payer.get("/exports/policy.csv"))}
    assert rows["wage.missed_visit_yuan"]["生效"] == ""
    later, first = csv_rows(payer.get("/exports/policy-changes.csv?group=wage"))
    assert [(row["生效"], row["值"], row["理由"], row["谁定的"]) for row in (later, first)] == [
        ("2090-01-01", "1,200 元", "'=调整", "郑怀远"),
        ("2026-01-01", "1,150 元", "'=调整", "郑怀远"),
    ]
    assert csv_rows(payer.get("/exports/policy-changes.csv?group=visit")) == []
    assert '/exports/policy.csv?group=visit"' in payer.get("/policy?open=visit.fence_radius_m").text
    for name in ("policy", "policy-changes"):
        assert has_links(payer, "/policy", name, "?group=wage")
    assert "Later" in in_english(payer, "policy") and "Set at" in in_english(payer, "policy-changes")


OF_DECIDERS, OF_IMPORTERS = {"waiting-changes", "waiting-values", "duplicates", "positions"}, {"imports"}
OF_POLICY = {"policy", "policy-changes"}
TAKEN = {
    **{"rep1": set(), "clerk": set(), "boss": OF_DECIDERS | {"waiting-records"}, "chief": OF_DECIDERS | OF_POLICY | {"waiting-records"}},
    **{"ops": OF_IMPORTERS, "payer": OF_POLICY, "root": OF_IMPORTERS | OF_POLICY | {"waiting-records", "regions"}},
}


@pytest.mark.parametrize("login", TAKEN)
def test_each_list_is_for_the_roles_of_its_page(app, company: Company, staff: Staff, login):
    client, names = console(app, login), OF_DECIDERS | OF_IMPORTERS | OF_POLICY | {"waiting-records", "regions", "working-days"}
    for ending in ("csv", "xlsx"):
        answers = {name: client.get(f"/exports/{name}.{ending}").status_code for name in names}
        assert answers == {name: 200 if name in TAKEN[login] | {"working-days"} else 403 for name in names}
    offered = client.get("/exports").text
    assert {name for name in names if f"/exports/{name}.csv" in offered} == TAKEN[login] | {"working-days"}


def test_a_queue_in_which_nothing_waits_is_an_empty_file(app, company: Company, staff: Staff):
    boss = console(app, "boss")
    for name in OF_DECIDERS | {"waiting-records"}:
        assert csv_rows(boss.get(f"/exports/{name}.csv")) == [] and len(sheet_rows(boss.get(f"/exports/{name}.xlsx"))) == 1
