"""一天回放: a rep's visits of a day in order, with times, gaps and distances; who may see whose."""

import re
from datetime import timedelta

import pytest

from server.db import db
from server.visits.models import VisitFlag
from tests.features.browsing import console, untranslated
from tests.features.staff import Staff, staff  # noqa: F401
from tests.features.test_map_tiles import GOOD
from tests.statements import statements
from tests.sync.conftest import Company, company  # noqa: F401

DAY = "day=2026-11-20"
MOST_QUERIES = 13


@pytest.fixture
def stops(app, company: Company, add_visit) -> list[str]:
    """Four stops of one day, sent in another order: 15 minutes each; the third begins before the second ended, the fourth is far."""
    with app.app_context():

        def add(at: str, lat: float | None, **changes) -> str:
            lon = None if lat is None else 104.07
            return add_visit(company.outlet_id, company.rep_id, f"2026-11-20T{at}:00+00:00", fix_lat=lat, fix_lon=lon, **changes)

        last = add("06:00", 30.70, distance_m=4400.0)
        first = add("01:00", 30.66)
        third = add("01:25", None, distance_m=None, presence_reason="no_position")
        second = add("01:20", 30.67)
        add("03:00", 30.66, is_replaced=True)
        db.session.add(VisitFlag(visit_id=last, code="far", points=20, detail={"distance_m": 4400.0, "allowed_m": 210.0}))
        db.session.commit()
        before = add_visit(company.outlet_id, company.rep_id, "2026-11-12T01:00:00+00:00")
    return [first, second, third, last, before]


def rows(page: str) -> list[list[str]]:
    """The cells of each stop in the table, as plain words."""
    found = re.findall(r'<tr id="stop-\d+".*?</tr>', page, re.S)
    return [[" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in re.findall(r"<t[dh].*?</t[dh]>", row, re.S)] for row in found]


def test_stops_are_in_order_with_times_gaps_and_distances(app, company: Company, stops):
    page = console(app, "boss").get(f"/visits/day?rep={company.rep_id}&{DAY}").text
    assert [(row[0], row[1], row[3], row[4], row[5]) for row in rows(page)] == [
        ("1", "09:00–09:15", "15 分钟", "首站", "20 m"),
        ("2", "09:20–09:35", "15 分钟", "1.1 km · 5 分钟", "20 m"),
        ("3", "09:25–09:40", "15 分钟", "— · 重叠 10 分钟", "没有定位"),
        ("4", "14:00–14:15", "15 分钟", "— · 4 小时 20 分", "4.4 km"),
    ]
    assert "4 次到店，直线合计 1.1 km，09:00–14:15" in page
    assert "到店 4 · 需要看 2" in page
    assert "距网点 4.4 km，允许 210 m" in page and "也可能：" in page


def test_without_a_script_the_day_says_where_the_same_is_written_and_offers_nothing_to_play(app, company: Company, stops):
    page = console(app, "boss").get(f"/visits/day?rep={company.rep_id}&day=2026-11-20").text
    assert "画地图要用脚本" in page and re.search(r'<button[^>]* id="play" hidden', page)


def test_the_neighbouring_days_are_one_step_away(app, company: Company, stops):
    client = console(app, "boss")
    page = client.get(f"/visits/day?rep={company.rep_id}&{DAY}").text
    assert "day=2026-11-12" in page and "后一个有巡检的日子" not in page
    page = client.get(f"/visits/day?rep={company.rep_id}&day=2026-11-15").text
    assert "这一天没有巡检" in page and "day=2026-11-12" in page and "day=2026-11-20" in page


def test_without_words_it_is_the_newest_day_of_whoever_was_out_last(app, company: Company, stops):
    for login in ("boss", "rep1"):
        assert len(rows(console(app, login).get("/visits/day").text)) == 4
    assert "这一天没有巡检" in console(app, "rep2").get("/visits/day").text


def test_a_company_without_visits_has_nothing_to_replay(app, company: Company):
    assert "还没有巡检" in console(app, "boss").get("/visits/day").text


def test_nobody_out_of_reach_is_replayed(app, staff: Staff, company: Company, stops):
    for login in ("farboss", "rep2", "farrep"):
        assert console(app, login).get(f"/visits/day?rep={company.rep_id}&{DAY}").status_code == 404
    assert console(app, "boss").get("/visits/day?rep=nobody").status_code == 404
    assert console(app, "chief").get(f"/visits/day?rep={company.rep_id}&{DAY}").status_code == 200
    assert console(app, "boss").get(f"/visits/day?rep={company.rep_id}&day=x").status_code == 422


def test_stops_are_drawn_in_the_frame_of_the_tiles(app, staff: Staff, company: Company, stops):
    path = f"/visits/day?rep={company.rep_id}&{DAY}"
    assert "30.66, 104.07" in console(app, "boss").get(path).text
    console(app, "root").post("/map-tiles", data=GOOD)
    page = console(app, "boss").get(path).text
    assert "30.66, 104.07" not in page and "30.6575" in page


def test_a_stop_past_midnight_utc_and_long_days_fit_the_strip():
    from datetime import UTC, datetime
    from types import SimpleNamespace

    from server.visits.day_replay import Stop
    from server.visits.day_strip import day_strip

    def stop(number: int, begin: datetime, gap: timedelta | None) -> Stop:
        visit = SimpleNamespace(checked_in_at=begin, checked_out_at=begin + timedelta(minutes=20))
        return Stop(number, visit, "done", "", None, gap, None, None, [], False)

    begin = datetime(2026, 11, 19, 23, 30, tzinfo=UTC)  # 07:30 in Shanghai
    strip = day_strip([stop(1, begin, None), stop(2, begin + timedelta(hours=12), timedelta(hours=11, minutes=40))])
    assert [words for _, words in strip.hours] == ["7:00", "9:00", "11:00", "13:00", "15:00", "17:00", "19:00"]
    assert all(box.x >= 0 and box.x + box.width <= 640 for box in strip.boxes)
    assert [gap for _, gap in strip.gaps] == [timedelta(hours=11, minutes=40)]


def test_the_day_is_english_and_asks_little(app, staff: Staff, company: Company, stops):
    console(app, "root").post("/map-tiles", data=GOOD)
    client, path = console(app, "boss", "en"), f"/visits/day?rep={company.rep_id}&{DAY}"
    client.get(path)
    with statements(app) as asked:
        page = client.get(path)
    assert untranslated(page.text) == []
    assert len(asked) <= MOST_QUERIES, asked
