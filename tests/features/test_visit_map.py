"""巡检地图: its points in both frames, the filter by flag, two looks with a table each, and the most it draws."""

import gzip
import json

import pytest

from server.console import paging
from server.db import db
from server.visits import map_points, map_routes, queries_list, queries_map
from server.visits.models import VisitFlag
from tests.features.browsing import console, untranslated
from tests.features.staff import Staff, staff  # noqa: F401
from tests.features.test_map_tiles import GOOD
from tests.statements import statements
from tests.sync.conftest import Company, company  # noqa: F401

MONTH = "month=2026-11"
NO_FIX = {"fix_lat": None, "fix_lon": None, "fix_accuracy_m": None, "distance_m": None}
MOST_QUERIES = 13


@pytest.fixture
def visits(app, company: Company, add_visit) -> list[str]:
    """One that counts, one far off that waits, one without a position; the second has a flag."""
    with app.app_context():
        made = [
            add_visit(company.outlet_id, company.rep_id, "2026-11-03T02:00:00+00:00"),
            add_visit(company.second_outlet_id, company.rep_id, "2026-11-20T02:00:00+00:00", distance_m=900.0, fix_lat=30.67),
            add_visit(company.second_outlet_id, company.rep_id, "2026-11-21T02:00:00+00:00", **NO_FIX),
        ]
        db.session.add(VisitFlag(visit_id=made[1], code="far", points=20, detail={"distance_m": 900.0, "allowed_m": 210.0}))
        db.session.commit()
    return made


def points(app, query: str = MONTH, login: str = "boss") -> dict:
    return console(app, login).get(f"/visits/map.json?{query}").json


def test_visits_are_points_with_day_mark_and_outlet(app, company: Company, visits):
    found = points(app)
    assert found["visits"]["id"] == [visits[1], visits[0]]
    assert (found["visits"]["lat"], found["visits"]["lon"]) == ([3067000, 3066000], [10407000, 10407000])
    assert [map_points.MARKS[mark] for mark in found["visits"]["mark"]] == ["waiting", "done"]
    assert found["visits"]["day"] == [20, 3]
    assert [found["names"][place] for place in found["visits"]["outlet"]] == ["网点 CD-2", "网点 CD-1"]
    assert found["tiles"] == "" and found["offices"] == [["城东区域", 30.66, 104.07]]


def test_on_tiles_of_gcj_02_everything_is_drawn_in_their_frame(app, staff: Staff, visits):
    root = console(app, "root")
    root.post("/map-tiles", data=GOOD)
    found = points(app)
    assert found["tiles"] == GOOD["url"]
    places = [office[1:] for office in found["offices"]] + [row[2:4] for row in found["outlets"]]
    assert all(place == [pytest.approx(30.65758518), pytest.approx(104.07251504)] for place in places) and len(places) == 3
    assert (found["visits"]["lat"][1], found["visits"]["lon"][1]) == (3065759, 10407252)
    root.post("/map-tiles", data=GOOD | {"frame": "wgs84"})
    assert points(app)["offices"] == [["城东区域", 30.66, 104.07]]


def test_a_flag_leaves_the_visits_that_have_it_and_their_outlets(app, company: Company, visits):
    found = points(app, f"{MONTH}&flag=far")
    assert found["visits"]["id"] == [visits[1]]
    assert [row[0] for row in found["outlets"]] == [company.second_outlet_id]
    none = points(app, f"{MONTH}&flag=far&to=2026-11-19")
    assert none["visits"]["id"] == [] and none["outlets"] == []
    assert console(app, "boss").get("/visits/map?flag=near").status_code == 422


def test_the_table_beside_the_visits_says_the_same(app, visits):
    page = console(app, "boss").get(f"/visits/map?{MONTH}&look=visits").text
    table = page[page.index("<tbody>") : page.index("</tbody>")]
    assert table.index(visits[2]) < table.index(visits[1]) < table.index(visits[0])
    assert "没有定位" in table and "离网点远" in table
    assert "2 次巡检" in page  # those with a position
    waiting = console(app, "boss").get(f"/visits/map?{MONTH}&look=visits&verdict=waiting").text
    assert visits[1] in waiting and visits[0] not in waiting


@pytest.mark.parametrize("look", ["", "visits"])
def test_the_table_ends_in_a_footer_only_where_there_is_another_page(app, visits, look, monkeypatch):
    client, path = console(app, "boss"), f"/visits/map?{MONTH}&look={look}"
    assert "</tbody>" in client.get(path).text and "<footer><span" not in client.get(path).text
    monkeypatch.setattr(paging, "PAGE_ROWS", 1)
    for table in (queries_list, queries_map):
        monkeypatch.setattr(table, "PAGE_ROWS", 1)
    first = client.get(path).text
    assert "下一页" in first[first.index("<footer><span") :]
    key = first.partition("after=")[2].partition('"')[0]
    later = client.get(f"{path}&after={key}").text
    assert "回到第一页" in later[later.index("<footer><span") :]


def test_without_a_script_the_map_says_where_the_same_is_written(app, visits):
    page = console(app, "boss").get(f"/visits/map?{MONTH}").text
    assert any("画地图要用脚本" in part.partition("</noscript>")[0] for part in page.split("<noscript>")[1:])


def test_outlets_out_of_reach_are_on_nobody_elses_map(app, staff: Staff, visits):
    assert points(app, login="farboss")["visits"]["id"] == []
    assert [row[0] for row in points(app, login="farboss")["outlets"]] == [staff.far_outlet_id]


def test_past_the_most_the_newest_are_drawn_and_the_page_says_so(app, visits, monkeypatch):
    words = "筛出 2 次巡检，地图只画最近的 1 次"
    assert "地图只画最近的" not in console(app, "boss").get(f"/visits/map?{MONTH}").text
    monkeypatch.setattr(map_points, "MOST_POINTS", 1)
    monkeypatch.setattr(map_routes, "MOST_POINTS", 1)
    assert points(app)["visits"]["id"] == [visits[1]]
    for look in ("", "visits"):
        assert words in console(app, "boss").get(f"/visits/map?{MONTH}&look={look}").text


def test_points_are_packed_and_sent_once(app, visits, monkeypatch):
    monkeypatch.setattr(map_routes, "PACKED_FROM_BYTES", 10)
    client = console(app, "boss")
    plain = client.get(f"/visits/map.json?{MONTH}")
    packed = client.get(f"/visits/map.json?{MONTH}", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip" and json.loads(gzip.decompress(packed.data)) == plain.json
    assert "Accept-Encoding" in packed.headers["Vary"] and "private" in packed.headers["Cache-Control"]
    again = client.get(f"/visits/map.json?{MONTH}", headers={"If-None-Match": plain.headers["ETag"]})
    assert again.status_code == 304 and again.data == b""
    other = client.get(f"/visits/map.json?{MONTH}&flag=far", headers={"If-None-Match": plain.headers["ETag"]})
    assert other.status_code == 200


def test_only_pages_with_a_map_may_ask_the_tiles_host(app, staff: Staff, visits):
    client, plain = console(app, "boss"), "img-src 'self' blob: data:;"
    maps = (f"/visits/map?{MONTH}", f"/visits/map?{MONTH}&look=visits", "/visits/day")
    others = ("/", "/visits", "/compliance", f"/visits/{visits[0]}", "/outlets", f"/visits/map.json?{MONTH}")
    for path in maps + others:
        assert plain in client.get(path).headers["Content-Security-Policy"], path
    console(app, "root").post("/map-tiles", data=GOOD)
    for path in maps:
        policy = client.get(path).headers["Content-Security-Policy"]
        assert policy.count("https://tiles.example.com:8443") == 1 and "img-src 'self' https://tiles.example.com:8443 blob: data:;" in policy
    for path in others:
        assert plain in client.get(path).headers["Content-Security-Policy"], path


def test_the_makers_of_the_tiles_are_named_as_plain_text(app, staff: Staff, visits):
    console(app, "root").post("/map-tiles", data=GOOD)
    for path in (f"/visits/map?{MONTH}", "/visits/day"):
        page = console(app, "boss").get(path).text
        assert "© 测绘 &lt;b&gt;公司&lt;/b&gt;" in page and "<b>公司" not in page
        assert 'data-highest="17"' in page and f'data-tiles="{GOOD["url"]}"' in page


@pytest.mark.parametrize("look", ["", "visits"])
def test_each_look_is_english_and_asks_little(app, staff: Staff, visits, look):
    console(app, "root").post("/map-tiles", data=GOOD)
    client = console(app, "boss", "en")
    path = f"/visits/map?{MONTH}&look={look}&flag=far"
    client.get(path)
    with statements(app) as asked:
        page = client.get(path)
    assert untranslated(page.text) == []
    assert len(asked) <= MOST_QUERIES, asked
