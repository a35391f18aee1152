"""A file holds what its list shows: the same tab, the same filter, the same columns, for whoever is offered it."""

import re
from datetime import date
from decimal import Decimal
from html import unescape

import pytest

from server.callbacks.actions import Wish, list_callback
from server.churn.actions import Said, give_word
from server.churn.models import ChurnCase
from server.clock import now, today
from server.complaints.actions import Intake, receive_complaint
from server.db import db
from server.domain.churn import Source
from server.domain.months import Month
from server.findings.actions import Proposal, propose_findings
from server.followups.actions import Registered, register_follow_up
from server.jobs.nightly import run_nightly
from server.materials.actions import Wanted, request_materials
from server.people.actions import add_person
from server.people.models import Role
from server.training.actions import plan_outlet
from server.visits.plan_actions import plan_visit
from sync.ids import uuid7
from tests.features.browsing import console
from tests.features.conftest import add_visit, noon  # noqa: F401
from tests.features.staff import Staff, staff  # noqa: F401
from tests.features.test_exports import csv_rows
from tests.features.training_plans import moved, trained
from tests.statements import statements
from tests.sync.conftest import PASSWORD, Company, company  # noqa: F401

BEFORE, AFTER = "前一个月（元）", "后一个月（元）"


def test_the_file_of_held_trainings_keeps_the_filter_of_its_page(app, company: Company, staff: Staff):
    for outlet_id in (company.outlet_id, staff.far_outlet_id):
        trained(app, company, outlet_id, date(2026, 9, 10))
    chief = console(app, "chief")
    address = f"state=held&region={company.region_id}&rep="
    page = chief.get(f"/trainings/held?{address}").text
    assert "网点 CD-1" in page and "网点 CX-1" not in page
    for ending in ("xlsx", "csv"):
        assert f"/exports/trainings.{ending}?state=held&amp;region={company.region_id}" in page
        assert chief.get(f"/exports/trainings.{ending}?{address}").status_code == 200
    assert [row["编号"] for row in csv_rows(chief.get(f"/exports/trainings.csv?{address}"))] == ["CD-1"]
    assert chief.get("/exports/trainings.csv?state=open").status_code == 422


def test_the_file_of_held_trainings_says_what_came_of_them(app, company: Company, staff: Staff):
    moved(app, company.outlet_id, m8="1000.00", m10="1250.50")
    trained(app, company, company.outlet_id, date(2026, 9, 10))
    trained(app, company, company.second_outlet_id, date(2026, 9, 9))
    trained(app, company, company.outlet_id, date(2026, 1, 9))
    rows = csv_rows(console(app, "ops").get("/exports/trainings.csv"))
    assert [(row["编号"], row[BEFORE], row[AFTER]) for row in rows] == [("CD-1", "1000.00", "1250.50"), ("CD-2", "0.00", "0.00"), ("CD-1", "", "")]


def test_the_effect_of_many_trainings_is_read_in_as_few_queries_as_that_of_one(app, company: Company, staff: Staff):
    client, counts = console(app, "ops"), []
    with statements(app) as asked:
        for days in ((1,), range(2, 20)):
            for day in days:
                trained(app, company, company.outlet_id, date(2026, 9, day))
            asked.clear()
            csv_rows(client.get("/exports/trainings.csv"))
            counts.append(len(asked))
    assert counts[0] == counts[1]


def file_of(client, path: str, name: str) -> list[dict[str, str]]:
    """The rows of the file that a page offers by its own link."""
    link = re.search(rf'"(/exports/{name}\.csv[^"]*)"', client.get(path).text)
    assert link, path
    return csv_rows(client.get(unescape(link[1])))


def listed_case(app, outlet_id: str, state: str = "open") -> str:
    with app.app_context():
        case = ChurnCase(id=uuid7(), outlet_id=outlet_id, month="2026-11", listed_on=today(), due_on=today(), state=state, made_at=noon(today()))
        db.session.add(case)
        db.session.commit()
        return case.id


def test_the_file_of_churn_is_of_the_tab_that_the_page_opens(app, company: Company, staff: Staff):
    case_id = listed_case(app, company.outlet_id)
    listed_case(app, company.second_outlet_id, "kept")
    moved(app, company.outlet_id, m9="640.50")
    ops = console(app, "ops")
    with app.app_context():
        give_word(case_id, Said(Source.OPS, True, "停机", today()), staff.ids["ops"], now())
        give_word(case_id, Said(Source.MARKETING, False, "还在用", today()), company.rep_id, now())
    for rows in (file_of(ops, "/churn", "churn"), csv_rows(ops.get("/exports/churn.csv"))):
        [row] = rows
        assert (row["编号"], row["状态"], row["上上月交易（元）"]) == ("CD-1", "说法不一，等上门", "640.50")
        assert (row["市场"], row["运维电话"], row["上门"]) == ("还在用", "确认离网", "")
    assert [row["编号"] for row in file_of(ops, "/churn?state=kept", "churn")] == ["CD-2"]
    assert file_of(ops, "/churn?state=open", "churn") == []


def test_the_file_of_people_keeps_the_filter_of_its_page(app, company: Company, staff: Staff):
    with app.app_context():
        left = add_person("gone", "钱已离", PASSWORD, [Role.REP], [company.region_id], now())
        left.is_active = False
        db.session.commit()
    chief = console(app, "chief")
    for query, logins in (
        ("q=zzz&role=rep", []),
        ("role=rep", ["farrep", "rep1", "rep2"]),
        (f"role=rep&region={company.region_id}", ["rep1", "rep2"]),
        ("role=rep&show=left", ["gone"]),
        ("q=已离&show=all", ["gone"]),
        ("show=all&role=rep", ["farrep", "gone", "rep1", "rep2"]),
    ):
        page = chief.get(f"/people?{query}").text
        assert [login for login in ("farrep", "gone", "rep1", "rep2") if f">{login}</td>" in page] == logins
        assert [row["工号"] for row in file_of(chief, f"/people?{query}", "people")] == logins, query


@pytest.mark.parametrize("login", ["boss", "chief", "ops", "clerk", "payer", "root"])
def test_whoever_reads_the_list_of_people_may_take_its_file(app, company: Company, staff: Staff, login):
    assert file_of(console(app, login), "/people", "people") != []


@pytest.fixture
def both_regions(app, company: Company, staff: Staff, add_visit) -> None:
    """A record of every kind at an outlet of each of the two regions."""
    month = Month.of_date(today())
    for outlet_id, rep, boss in ((company.outlet_id, "rep1", "boss"), (staff.far_outlet_id, "farrep", "farboss")):
        rep_id, boss_id = staff.ids[rep], staff.ids[boss]
        trained(app, company, outlet_id, date(2026, 9, 10))
        listed_case(app, outlet_id)
        with app.app_context():
            add_visit(outlet_id, rep_id, f"{month.first_day}T09:00:00+08:00")
            receive_complaint(Intake(uuid7(), outlet_id, "other", False, True, today(), "王秀兰", "", "到账慢", ""), staff.ids["ops"], now())
            request_materials(Wanted(uuid7(), outlet_id, "凭条纸", today()), rep_id, now())
            register_follow_up(Registered(uuid7(), outlet_id, "公示牌坏了", "rep", 3, now()), rep_id, now())
            list_callback(Wish("inspection", outlet_id, about_month=str(month)), staff.ids["ops"], now())
            propose_findings([Proposal(rep, "missed_visit", str(month), rep_id, outlet_id, Decimal("20"), "-", (("outlet", outlet_id),))], now())
            db.session.commit()
            plan_visit(outlet_id, today(), boss_id, now())
            plan_outlet(month, outlet_id, boss_id, now())
            run_nightly(today(), now())


OF_PAGES = (
    *(("outlets", "/outlets"), ("visits", "/visits"), ("outlet-months", "/compliance"), ("complaints", "/complaints"), ("findings", "/findings")),
    *(("materials", "/materials"), ("follow_ups", "/follow-ups"), ("training-plan", "/trainings"), ("trainings", "/trainings/held")),
    *(("callbacks", "/callbacks"), ("churn", "/churn")),
)


def test_every_file_has_the_outlets_that_its_page_shows(app, company: Company, staff: Staff, both_regions):
    chief = console(app, "chief")
    for name, path in OF_PAGES:
        for query, near, far in (("", True, True), (f"?region={company.region_id}", True, False), ("?region=nowhere", False, False)):
            shown = chief.get(path + query).text.partition("<tbody")[2]
            assert ("网点 CD-1" in shown, "网点 CX-1" in shown) == (near, far), (name, query)
            if shown:
                found = {row["编号"] for row in file_of(chief, path + query, name)}
                assert ("CD-1" in found, "CX-1" in found) == (near, far), (name, query)
    for rep_id, codes in ((company.rep_id, ["CD-1"]), (staff.ids["farrep"], ["CX-1"]), (company.other_rep_id, [])):
        for view in ("", "&view=list"):
            assert [row["编号"] for row in file_of(chief, f"/visit-plans?rep={rep_id}{view}", "visit-plan")] == codes


def test_no_page_offers_a_file_that_its_reader_may_not_take(app, company: Company, staff: Staff, both_regions):
    pages = [path for _name, path in OF_PAGES]
    pages += ["/people", "/devices", "/deeds", "/regions", "/agents", "/calendar", "/policy", "/imports", "/visit-plans", "/visits/samples"]
    pages += [f"/payroll/{Month.of_date(today())}"]
    pages += [f"/waiting/{queue}" for queue in ("changes", "values", "records", "duplicates", "positions")]
    for login in ("rep1", "boss", "chief", "ops", "clerk", "payer", "root"):
        client = console(app, login)
        for path in pages:
            answer = client.get(path)
            assert answer.status_code in (200, 302, 403), (login, path)
            for link in re.findall(r'"(/exports/[^"]+\.csv[^"]*)"', answer.text):
                assert client.get(unescape(link)).status_code == 200, (login, path, link)
