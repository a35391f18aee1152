"""Score and flags on the review page and in the list: in plain words, with an innocent reading, in both languages, for whoever may see."""

import re
from html import unescape

import pytest

from server.clock import now
from server.db import db
from server.outlets.models import Outlet
from server.people.actions import add_person, add_region
from server.people.models import Role
from server.visits.flag_words import span
from server.visits.flagging import flag_due_visits
from server.visits.models import Visit
from tests.features.browsing import console, untranslated
from tests.features.flagged import call, send
from tests.features.pictures import photo, photo_again
from tests.sync.conftest import PASSWORD


@pytest.fixture
def flagged(app, company, phone):
    """Four visits by their names: a plain one, one far away too soon with rough and early facts, one with the first photo, one alike."""
    made = {
        "plain": call(phone, company.outlet_id, "01:00", photo(1)),
        "wild": call(phone, company.outlet_id, "01:08", photo(2), north_m=60_000, accuracy_m=180.0, early_s=4000),
        "reused": call(phone, company.second_outlet_id, "05:00", photo(1)),
        "alike": call(phone, company.second_outlet_id, "06:00", photo_again(2)),
    }
    with app.app_context():
        for one in made.values():
            send(phone, one)
        flag_due_visits()
    return {name: one["id"] for name, one in made.items()}


def page(app, path, login="boss", language="zh"):
    answer = console(app, login, language).get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_the_review_page_shows_the_score_and_every_flag_with_its_reading(app, flagged):
    shown = page(app, f"/visits/{flagged['wild']}")
    for words in (
        "距网点 60.0 km，允许 300 m",
        "定位误差 180 m，超过 100 m",
        "距上一次巡检 59.8 km，只隔 480 秒：每小时 449 公里，允许 120",
        "最早的照片比签到早 66 分，允许 300 秒",
        "也可能：登记的位置偏了，网点搬了，或在别处见了店主。",
        "−30",
        '<b class="num">10</b>',
    ):
        assert words in shown, words


def test_the_page_speaks_english_too(app, flagged):
    for visit_id in flagged.values():
        assert untranslated(page(app, f"/visits/{visit_id}", language="en")) == []
    shown = page(app, f"/visits/{flagged['alike']}", language="en")
    assert "% like a photo taken at another outlet on 2026-11-24" in shown and "Outlets of a chain look much the same" in shown


def test_a_plain_visit_says_that_all_agrees(app, flagged):
    shown = page(app, f"/visits/{flagged['plain']}")
    assert '<b class="num">100</b>' in shown and "位置、时间和照片都对得上" in shown


def test_a_used_photo_links_to_the_visit_that_has_it(app, flagged):
    shown = page(app, f"/visits/{flagged['reused']}")
    assert f'<a href="/visits/{flagged["plain"]}">看那一次</a>' in shown and "2026-11-24 那次巡检用过同一张照片" in shown


def test_a_used_photo_of_another_region_is_told_but_not_linked(app, company, flagged):
    with app.app_context():
        region = add_region("城西区域", now(), (30.6, 104.0))
        db.session.flush()
        add_person("west", "韩磊", PASSWORD, [Role.SUPERVISOR], [region.id], now())
        db.session.get_one(Outlet, company.second_outlet_id).region_id = region.id
        db.session.commit()
    shown = page(app, f"/visits/{flagged['reused']}", "west")
    assert "那次巡检用过同一张照片" in shown and flagged["plain"] not in shown
    assert console(app, "west").get(f"/visits/{flagged['plain']}").status_code == 404


def test_a_visit_whose_files_are_under_way_has_no_score_yet(app, company, phone):
    from tests.features.flagged import push

    made = call(phone, company.outlet_id, "01:00", photo(7))
    with app.app_context():
        push(phone, made)
    assert "文件到齐后核对" in page(app, f"/visits/{made['id']}")
    with app.app_context():
        for content in made["files"]:
            phone.upload(content)
    assert "正在核对，几分钟内就有" in page(app, f"/visits/{made['id']}")


def ids_in_order(shown, flagged):
    places = {name: shown.find(f'href="/visits/{visit_id}') for name, visit_id in flagged.items()}
    return sorted((name for name in places if places[name] >= 0), key=places.__getitem__)


def test_the_list_shows_scores_and_flags_and_puts_the_lowest_first_when_asked(app, flagged):
    newest = page(app, "/visits?month=2026-11")
    assert "离网点远、定位误差大、路上太快、照片早于签到" in newest and "order=score" in newest
    lowest = page(app, "/visits?month=2026-11&order=score")
    assert ids_in_order(lowest, flagged) == ["wild", "reused", "alike", "plain"]
    assert "分低的在前" in lowest
    assert untranslated(page(app, "/visits?month=2026-11&order=score", language="en")) == []


def test_the_review_queue_may_be_read_lowest_score_first(app, flagged):
    shown = page(app, "/visits?verdict=waiting&order=score")
    assert ids_in_order(shown, flagged) == ["wild"] and 'name="order" value="score"' in shown


def test_visits_without_a_score_come_last_and_pages_go_on_by_key(app, company, flagged, monkeypatch):
    monkeypatch.setattr("server.visits.queries_list.PAGE_ROWS", 2)
    monkeypatch.setattr("server.console.paging.PAGE_ROWS", 2)
    with app.app_context():
        db.session.get_one(Visit, flagged["wild"]).score = None
        db.session.commit()
    seen, path = [], "/visits?month=2026-11&order=score"
    for _ in range(2):
        shown = page(app, path)
        seen += ids_in_order(shown, flagged)
        following = re.search(r'href="([^"]+)">下一页', shown)
        path = unescape(following[1]) if following else ""
    assert path == ""
    assert seen == ["reused", "alike", "plain", "wild"]


@pytest.mark.parametrize("query", ["order=points", "order=score&after=x", "order=score&after=WyJhIiwiYiJd"])
def test_an_order_or_key_that_cannot_be_is_refused(app, company, query):
    assert console(app, "boss").get(f"/visits?month=2026-11&{query}").status_code in (400, 422)


def test_accepting_the_place_leaves_the_flags_as_evidence(app, flagged):
    browser = console(app, "boss")
    assert browser.post(f"/visits/{flagged['wild']}/review", data={"decision": "accepted", "reason": "问过店主"}).status_code == 302
    with app.app_context():
        flag_due_visits()
        visit = db.session.get_one(Visit, flagged["wild"])
        assert (visit.counts, visit.score) == (True, 10)


@pytest.mark.parametrize(
    ("seconds", "words"), [(599, "599 秒"), (600, "10 分"), (7199, "119 分"), (7200, "2 小时"), (172_799, "47 小时"), (172_800, "2 天")]
)
def test_spans_are_told_in_the_largest_unit_that_says_enough(app, seconds, words):
    with app.test_request_context():
        assert span(seconds) == words


def test_a_fix_of_three_days_later_is_told_in_both_languages(app, company, phone):
    made = call(phone, company.outlet_id, "01:00", photo(3))
    made["op"]["body"]["fix"]["taken_at"] = "2026-11-27T01:00:00.000Z"
    with app.app_context():
        send(phone, made)
        flag_due_visits()
    assert "定位比签到晚 3 天，允许 300 秒" in page(app, f"/visits/{made['id']}")
    assert "The position is 3 days later than the check-in; 300 s are allowed" in page(app, f"/visits/{made['id']}", language="en")
