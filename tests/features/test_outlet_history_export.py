"""The time line of an outlet as a file: what its page shows, for whoever sees it."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from server.audit.models import AuditRow
from server.clock import now
from server.db import db
from server.materials.models import MaterialRequest
from server.outlets.duplicates import merge_outlets
from server.reports import lists_history
from tests.features.browsing import CJK, console
from tests.features.outlet_past import busy  # noqa: F401
from tests.features.staff import Staff, staff  # noqa: F401
from tests.features.test_exports import csv_rows, read_csv, sheet_rows
from tests.statements import statements
from tests.sync.conftest import Company, company  # noqa: F401

HEAD = ["日期", "时间", "谁", "发生了什么", "说明", "记录编号"]


def lines(app, outlet_id: str, login: str = "chief", query: str = "") -> list[tuple[str, ...]]:
    rows = csv_rows(console(app, login).get(f"/exports/outlet-history.csv?outlet={outlet_id}{query}"))
    return [tuple(row[name] for name in HEAD[:5]) for row in rows]


def test_the_file_holds_what_the_page_shows_newest_first(app, busy: Company):
    found = lines(app, busy.outlet_id)
    assert len(found) == 19
    assert found[0] == ("2026-11-21", "2026-11-21 12:00:00", "吴静", "考核事项（未按计划巡检）：提出，等经理认定；责任人 赵广田", "客户说的")
    assert found[3] == ("2026-11-19", "2026-11-19 02:00:00", "", "考核事项（未按计划巡检）：夜间核对：提出，等经理认定；责任人 赵广田", "")
    assert ("2026-04-07", "", "赵广田", "送到了物料", "海报两张") in found
    assert found[-1] == ("2026-01-01", "2026-01-01 08:00:00", "", "建了网点资料", "")


def test_a_kind_narrows_the_file_and_the_page_leads_to_both(app, busy: Company):
    assert lines(app, busy.outlet_id, query="&kind=training") == [("2026-03-05", "", "赵广田", "到店培训", "收费流程")]
    page = console(app, "chief").get(f"/outlets/{busy.outlet_id}/history?kind=training").text
    for ending in ("xlsx", "csv"):
        assert f'href="/exports/outlet-history.{ending}?kind=training&amp;outlet={busy.outlet_id}"' in page
    assert console(app, "chief").get(f"/exports/outlet-history.csv?outlet={busy.outlet_id}&kind=x").status_code == 422


@pytest.mark.parametrize("size", [1, 2, 1000])
def test_parts_of_any_size_give_the_same_file(app, busy: Company, monkeypatch, size):
    whole = lines(app, busy.outlet_id)
    monkeypatch.setattr(lists_history, "READ_AT_ONCE", size)
    assert lines(app, busy.outlet_id) == whole


def test_the_workbook_has_the_same_rows(app, busy: Company):
    head, *rows = sheet_rows(console(app, "chief").get(f"/exports/outlet-history.xlsx?outlet={busy.outlet_id}"))
    assert head == HEAD and len(rows) == 19 and rows[-1][3] == "建了网点资料"


@pytest.mark.parametrize(("login", "status"), [("rep1", 200), ("boss", 200), ("ops", 200), ("clerk", 200), ("rep2", 404), ("farboss", 404)])
def test_the_file_is_for_those_who_see_the_outlet(app, busy: Company, staff: Staff, login, status):
    client = console(app, login)
    for ending in ("csv", "xlsx"):
        assert client.get(f"/exports/outlet-history.{ending}?outlet={busy.outlet_id}").status_code == status
    assert client.get(f"/outlets/{busy.outlet_id}/history").status_code == status


def test_findings_are_in_the_file_of_those_who_may_read_them(app, busy: Company):
    for login, are_shown in (("chief", True), ("ops", False)):
        assert any("考核事项" in line[3] for line in lines(app, busy.outlet_id, login)) == are_shown, login


def test_without_an_outlet_there_is_no_file_and_no_offer(app, busy: Company):
    client = console(app, "chief")
    assert client.get("/exports/outlet-history.csv").status_code == 404
    assert "outlet-history" not in client.get("/exports").text
    assert app.test_client().get(f"/exports/outlet-history.csv?outlet={busy.outlet_id}").status_code in (302, 401)


def test_more_rows_than_a_file_holds_are_refused(app, busy: Company, monkeypatch):
    monkeypatch.setattr(lists_history, "MOST_ROWS", 18)
    assert console(app, "chief").get(f"/exports/outlet-history.csv?outlet={busy.outlet_id}").status_code == 422
    monkeypatch.setattr(lists_history, "MOST_ROWS", 19)
    assert console(app, "chief").get(f"/exports/outlet-history.csv?outlet={busy.outlet_id}").status_code == 200


def test_no_cell_of_the_file_is_a_formula(app, busy: Company):
    with app.app_context():
        db.session.scalars(select(MaterialRequest)).one().contents = "=HYPERLINK(1)"
        db.session.commit()
    assert ("2026-04-07", "", "赵广田", "送到了物料", "'=HYPERLINK(1)") in lines(app, busy.outlet_id)
    book = console(app, "chief").get(f"/exports/outlet-history.xlsx?outlet={busy.outlet_id}").data
    assert "<f>" not in ZipFile(BytesIO(book)).read("xl/worksheets/sheet1.xml").decode()


def test_an_outlet_that_was_merged_gives_the_file_of_the_one_kept(app, busy: Company):
    with app.app_context():
        merge_outlets(busy.outlet_id, busy.second_outlet_id, busy.supervisor_id, now())
    assert lines(app, busy.second_outlet_id) == lines(app, busy.outlet_id) != []


def test_the_file_is_in_english_with_few_queries_and_noted(app, busy: Company):
    client = console(app, "chief", "en")
    with statements(app) as asked:
        table = read_csv(client.get(f"/exports/outlet-history.csv?outlet={busy.outlet_id}"))
    assert len(asked) <= 8, asked
    assert not any(map(CJK.search, table.fieldnames or ())) and "What happened" in (table.fieldnames or ())
    assert not any(CJK.search(row["What happened"].replace("赵广田", "")) for row in table)
    with app.app_context():
        row = db.session.scalars(select(AuditRow).where(AuditRow.action == "list.exported")).one()
        assert (row.subject_id, row.detail) == ("outlet-history.csv", {"rows": 19, "filter": {"outlet": busy.outlet_id}})
