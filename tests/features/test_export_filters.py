"""A file holds what its list shows: the same tab, the same filter, the same columns, for whoever is offered it."""

from datetime import date

from tests.features.browsing import console
from tests.features.staff import Staff, staff  # noqa: F401
from tests.features.test_exports import csv_rows
from tests.features.test_trainings import moved, trained
from tests.statements import statements
from tests.sync.conftest import Company, company  # noqa: F401

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
