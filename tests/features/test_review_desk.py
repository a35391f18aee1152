"""The review desk: one waiting visit after the other, ready reasons, and what differs from the outlet's last visit."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from server.clock import now, today
from server.console.tiles import counted_tiles
from server.db import db
from server.domain.months import Month
from server.outlets.models import Outlet
from server.people.actions import add_person, add_region
from server.people.models import Person, PersonRole, Role
from server.policy import actions as policy_actions
from server.visits.forms import READY_REASONS
from server.visits.models import Visit, VisitPhoto, VisitReview
from tests.features.browsing import console, untranslated
from tests.features.conftest import stored_file
from tests.statements import statements
from tests.sync.conftest import PASSWORD

FAR = {"distance_m": 900.0}
ACCEPTED = {"decision": "accepted", "accepted_reason": "seen"}


@pytest.fixture
def waiting(app, company, add_visit):
    """Three visits that wait, newest first, the middle one of the other rep; and one that counts."""
    with app.app_context():
        oldest = add_visit(company.outlet_id, company.rep_id, "2026-11-03T02:00:00+00:00", **FAR, score=50)
        middle = add_visit(company.second_outlet_id, company.other_rep_id, "2026-11-04T02:00:00+00:00", **FAR, score=90)
        newest = add_visit(company.outlet_id, company.rep_id, "2026-11-05T02:00:00+00:00", **FAR)
        add_visit(company.outlet_id, company.rep_id, "2026-11-06T02:00:00+00:00")
    return [newest, middle, oldest]


def path_of(answer):
    return answer.headers["Location"]


def test_the_desk_begins_with_the_first_of_the_list_and_goes_on_in_its_order(app, waiting):
    boss = console(app, "boss")
    assert path_of(boss.get("/visits/reviews?verdict=waiting")) == f"/visits/{waiting[0]}?verdict=waiting"
    seen = []
    for visit_id in waiting:
        answer = boss.post(f"/visits/{visit_id}/review?verdict=waiting", data=ACCEPTED)
        seen.append(path_of(answer))
    assert seen == [f"/visits/{waiting[1]}?verdict=waiting", f"/visits/{waiting[2]}?verdict=waiting", "/visits?verdict=waiting"]
    assert "待审核的都看完了" in boss.get(seen[-1]).text
    assert path_of(boss.get("/visits/reviews?verdict=waiting")) == "/visits?verdict=waiting"


def test_the_desk_says_how_many_are_left_and_links_both_neighbours(app, waiting):
    shown = console(app, "boss").get(f"/visits/{waiting[1]}?verdict=waiting").text
    keys = {key: unescape(href) for href, key in re.findall(r'href="([^"]+)" data-key="([jk])"', shown)}
    assert keys == {"j": f"/visits/{waiting[2]}?verdict=waiting", "k": f"/visits/{waiting[0]}?verdict=waiting"}
    assert "还有 3 次待审核" in shown


def test_after_a_decision_the_page_says_how_many_more_wait(app, waiting):
    boss = console(app, "boss")
    answer = boss.post(f"/visits/{waiting[0]}/review", data=ACCEPTED, follow_redirects=True)
    assert "已接受" in answer.text and "还有 2 次待审核。" in answer.text


def test_lowest_score_first_ends_with_those_that_have_none(app, waiting):
    boss, query = console(app, "boss"), "?verdict=waiting&order=score"
    assert path_of(boss.get(f"/visits/reviews{query}")) == f"/visits/{waiting[2]}{query}"
    answers = [boss.post(f"/visits/{visit_id}/review{query}", data=ACCEPTED) for visit_id in (waiting[2], waiting[1])]
    assert [path_of(answer) for answer in answers] == [f"/visits/{waiting[1]}{query}", f"/visits/{waiting[0]}{query}"]


def test_behind_the_last_one_comes_the_first_that_still_waits(app, waiting):
    answer = console(app, "boss").post(f"/visits/{waiting[2]}/review", data=ACCEPTED)
    assert path_of(answer) == f"/visits/{waiting[0]}"


def test_the_desk_keeps_to_the_filter(app, company, waiting):
    query = f"?verdict=waiting&rep={company.rep_id}"
    answer = console(app, "boss").post(f"/visits/{waiting[0]}/review{query}", data=ACCEPTED)
    assert path_of(answer) == f"/visits/{waiting[2]}{query}"


def test_a_second_word_on_a_decided_visit_stays_on_its_page(app, waiting):
    boss = console(app, "boss")
    boss.post(f"/visits/{waiting[0]}/review", data=ACCEPTED)
    answer = boss.post(f"/visits/{waiting[0]}/review", data={"decision": "rejected", "rejected_reason": "unclear"})
    assert path_of(answer) == f"/visits/{waiting[0]}"


@pytest.mark.parametrize(
    ("form", "kept"),
    [
        ({"decision": "rejected", "accepted_reason": "seen", "rejected_reason": "too_far"}, "离网点太远，没有说明原因。"),
        ({"decision": "accepted", "accepted_reason": "asked", "rejected_reason": "too_far"}, "问过店主，来过。"),
        ({"decision": "accepted", "accepted_reason": "asked", "reason": " 电话里核对过 "}, "电话里核对过"),
    ],
)
def test_the_reason_of_the_decision_is_kept_own_words_first(app, waiting, form, kept):
    assert console(app, "boss").post(f"/visits/{waiting[0]}/review", data=form).status_code == 302
    with app.app_context():
        assert db.session.scalars(select(VisitReview.reason)).all() == [kept]


def test_a_ready_reason_is_kept_in_the_language_it_was_chosen_in(app, waiting):
    console(app, "boss", "en").post(f"/visits/{waiting[0]}/review", data={"decision": "rejected", "rejected_reason": "unclear"})
    with app.app_context():
        assert db.session.scalars(select(VisitReview.reason)).all() == ["The photo is unclear; the outlet cannot be made out."]


@pytest.mark.parametrize("form", [{"accepted_reason": "seen"}, {"accepted_reason": "seen", "rejected_reason": "made_up"}])
def test_rejecting_without_a_reason_asks_for_one_and_changes_nothing(app, waiting, form):
    answer = console(app, "boss").post(f"/visits/{waiting[0]}/review", data={"decision": "rejected", **form})
    assert answer.status_code == 422
    assert (answer.headers["HX-Retarget"], answer.headers["HX-Push-Url"]) == ("body", "false")
    assert re.search(r'<select name="rejected_reason"[^>]* autofocus', answer.text)
    with app.app_context():
        assert db.session.scalars(select(VisitReview)).all() == []


def test_who_has_none_to_review_is_not_asked(app, waiting):
    assert console(app, "rep1").get("/visits/reviews").status_code == 403
    with app.app_context():
        add_person("chief", "郑怀远", PASSWORD, [Role.MANAGER], [], now())
        db.session.commit()
    chief = console(app, "chief")
    assert path_of(chief.get("/visits/reviews")) == "/visits?verdict=waiting"
    shown = chief.get(f"/visits/{waiting[0]}").text
    assert "data-key" not in shown and 'id="review"' not in shown


def test_a_supervisor_of_another_region_has_nothing_to_review(app, waiting):
    with app.app_context():
        region = add_region("城西区域", now())
        db.session.flush()
        add_person("farboss", "韩立", PASSWORD, [Role.SUPERVISOR], [region.id], now())
        db.session.commit()
    assert path_of(console(app, "farboss").get("/visits/reviews")) == "/visits?verdict=waiting"


def test_the_desk_reads_with_few_queries_and_in_english(app, waiting):
    boss = console(app, "boss", "en")
    with statements(app) as asked:
        answer = boss.get(f"/visits/{waiting[1]}?verdict=waiting")
    assert answer.status_code == 200 and len(asked) <= 13, asked
    assert untranslated(answer.text) == [] and "style=" not in answer.text
    for reasons in READY_REASONS.values():
        assert answer.text.count("<option") >= len(reasons)


@pytest.fixture
def compared(app, company, add_visit):
    """A visit with a counter photo after one with another answer, and one in between that a correction replaced."""
    answers = [{"key": "materials_complete", "answer": "yes", "note": ""}, {"key": "shop_tidy", "answer": "no", "note": "纸箱"}]
    changed = [answers[0], {"key": "shop_tidy", "answer": "yes", "note": ""}]
    with app.app_context():
        then = add_visit(company.outlet_id, company.rep_id, "2026-11-03T02:00:00+00:00", checklist=answers)
        add_visit(company.outlet_id, company.rep_id, "2026-11-04T02:00:00+00:00", checklist=changed, is_replaced=True)
        this = add_visit(company.outlet_id, company.rep_id, "2026-11-05T02:00:00+00:00", checklist=changed, **FAR)
        for visit_id in (then, this):
            first = db.session.get_one(VisitPhoto, (visit_id, 0))
            counter = {"sha256": stored_file(f"counter {visit_id}"), "slot": "counter", "source": "camera", "taken_at": first.taken_at}
            db.session.add(VisitPhoto(visit_id=visit_id, position=1, width=1, height=1, size=1, **counter))
        db.session.commit()
    return then, this


def test_photos_of_the_last_visit_stand_beside_those_of_this_one(app, compared):
    then, this = compared
    shown = console(app, "boss").get(f"/visits/{this}").text
    assert shown.count('class="pair"') == 2
    for words in ("门头 本次", "门头 上次 11-03", "柜台 本次", "柜台 上次 11-03", f'href="/visits/{then}"'):
        assert words in shown, words


def test_answers_that_differ_from_the_last_visit_come_first(app, compared):
    then, this = compared
    boss = console(app, "boss")
    shown = boss.get(f"/visits/{this}").text
    assert "与上次不同的 1 项在前" in shown and "上次：不整洁" in shown
    assert shown.index("店面是否整洁") < shown.index("物料是否齐备")
    assert "上次：" not in boss.get(f"/visits/{then}").text


def test_the_same_answers_are_said_to_be_the_same(app, company, compared, add_visit):
    with app.app_context():
        answers = db.session.get_one(Visit, compared[1]).checklist
        again = add_visit(company.outlet_id, company.rep_id, "2026-11-07T02:00:00+00:00", checklist=answers)
    assert "回答与上次都一样" in console(app, "boss").get(f"/visits/{again}").text


def test_a_last_visit_at_an_outlet_that_left_ones_reach_is_not_shown(app, company, compared, add_visit):
    """The second rep's own visit is theirs to read, the first rep's before it is not."""
    with app.app_context():
        own = add_visit(company.outlet_id, company.other_rep_id, "2026-11-08T02:00:00+00:00")
    shown = console(app, "rep2").get(f"/visits/{own}").text
    assert 'class="pair"' not in shown and compared[1] not in shown


@pytest.fixture
def both(app, company, waiting, add_visit):
    """The supervisor is a rep too, and made the newest of those that wait; returns its id."""
    with app.app_context():
        db.session.add(PersonRole(person_id=company.supervisor_id, role=Role.REP))
        return add_visit(company.outlet_id, company.supervisor_id, "2026-11-07T02:00:00+00:00", **FAR)


@pytest.mark.parametrize("decision", ["accepted", "rejected"])
def test_nobody_reviews_an_own_visit(app, waiting, both, decision):
    boss = console(app, "boss")
    assert boss.post(f"/visits/{both}/review", data={"decision": decision, "reason": "我去过"}).status_code == 403
    with app.app_context():
        assert db.session.scalars(select(VisitReview)).all() == []
    assert boss.post(f"/visits/{waiting[0]}/review", data=ACCEPTED).status_code == 302


def test_the_page_of_an_own_visit_says_who_reviews_it_instead_of_asking(app, both):
    shown = console(app, "boss").get(f"/visits/{both}").text
    assert 'id="review"' not in shown and "这是你自己的巡检，由本区域的另一位主管审核。" in shown
    assert untranslated(console(app, "boss", "en").get(f"/visits/{both}").text) == []


def test_another_supervisor_of_the_region_reviews_it(app, company, both):
    with app.app_context():
        add_person("boss2", "韩立", PASSWORD, [Role.SUPERVISOR], [company.region_id], now())
        db.session.commit()
    other = console(app, "boss2")
    assert "这是你自己的巡检" not in other.get(f"/visits/{both}").text
    assert other.post(f"/visits/{both}/review", data=ACCEPTED).status_code == 302


def test_an_own_visit_is_none_of_what_waits_for_me(app, waiting, both):
    boss = console(app, "boss")
    assert path_of(boss.get("/visits/reviews")) == f"/visits/{waiting[0]}"
    assert "还有 3 次待审核" in boss.get(f"/visits/{waiting[0]}?verdict=waiting").text
    with app.test_request_context():
        person = db.session.scalars(select(Person).where(Person.login == "boss")).one()
        counts = {one.tile.href: one.count for one in counted_tiles(person, today())}
    assert counts["/visits?verdict=waiting"] == 3
    listed = boss.get("/visits?verdict=waiting").text
    assert f'name="visit" value="{waiting[0]}"' in listed and f'name="visit" value="{both}"' not in listed
    assert f'href="/visits/{both}?verdict=waiting"' in listed and "自己的，由别的主管或经理审核" in listed


NO_WAGE = "这次巡检是一年多以前的，那个月早已关账：怎么审核都不再改工资。"


@pytest.mark.parametrize(("closed", "is_said"), [(None, False), (Month(2026, 11), False), (Month(2027, 10), False), (Month(2027, 11), True)])
def test_a_verdict_that_changes_no_wage_any_more_says_so_before_it_is_given(app, waiting, monkeypatch, closed, is_said):
    monkeypatch.setattr(policy_actions, "closed_readers", [lambda: closed])
    shown = console(app, "boss").get(f"/visits/{waiting[0]}").text
    assert (NO_WAGE in shown.partition('id="review"')[2]) == is_said
    assert NO_WAGE not in console(app, "rep1").get(f"/visits/{waiting[0]}").text
    assert untranslated(console(app, "boss", "en").get(f"/visits/{waiting[0]}").text) == []


@pytest.mark.parametrize(("fix_lat", "is_said"), [(30.66, False), (None, True)])
def test_a_verdict_that_may_place_the_outlet_is_not_said_to_change_no_wage(app, company, add_visit, monkeypatch, fix_lat, is_said):
    """Other visits, also of months that are paid, are judged anew by the position."""
    monkeypatch.setattr(policy_actions, "closed_readers", [lambda: Month(2027, 11)])
    with app.app_context():
        db.session.get_one(Outlet, company.outlet_id).lat = None
        visit_id = add_visit(company.outlet_id, company.rep_id, "2026-11-05T02:00:00+00:00", fix_lat=fix_lat, distance_m=None)
    shown = console(app, "boss").get(f"/visits/{visit_id}").text.partition('id="review"')[2]
    assert (NO_WAGE in shown, "网点的位置就取自这次巡检" in shown) == (is_said, not is_said)
