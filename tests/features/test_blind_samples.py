"""The blind sample: what the night draws, what is hidden until somebody has said what they see, and what follows from a doubt."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from server.audit.models import AuditRow
from server.console.tiles import counted_tiles
from server.db import db
from server.jobs.nightly import LISTS
from server.outlets.models import Outlet
from server.people.models import Person
from server.policy.actions import set_policy
from server.visits.models import OutletMonth, Visit, VisitFlag
from server.visits.sample_models import VisitSample
from server.visits.sampling import draw_samples, is_drawn
from server.visits.verdicts import refresh_verdict, review_visit
from sync.ids import uuid7
from tests.features.browsing import console, untranslated
from tests.features.staff import Staff, staff  # noqa: F401
from tests.features.test_exports import csv_rows
from tests.statements import statements

NIGHT = datetime(2026, 11, 20, 18, tzinfo=UTC)
MORNING = datetime(2026, 11, 21, 1, tzinfo=UTC)
LATER = datetime(2026, 11, 21, 2, tzinfo=UTC)
AGREES, DOUBTS = {"answer": "agrees"}, {"answer": "doubts", "reason": "门头照片像是翻拍的"}
OF_THE_MACHINE = ("证据分", "离网点远", "判定", "计入", "齐全：", "score", "时钟差得多")


def share(value: str) -> None:
    set_policy("review.sample_share", value, date(2026, 1, 1), "公司规定", None, NIGHT)


def drawn(at: datetime = NIGHT) -> set[str]:
    """The visits that this night draws."""
    before = set(db.session.scalars(select(VisitSample.visit_id)))
    count = draw_samples(at)
    db.session.commit()
    found = set(db.session.scalars(select(VisitSample.visit_id))) - before
    assert count == len(found)
    return found


def standing(visit_id: str) -> tuple[bool, bool, list[str]]:
    visit = db.session.get_one(Visit, visit_id, populate_existing=True)
    return visit.counts, visit.needs_review, visit.reasons


@pytest.fixture
def sample(app, company, add_visit):
    """A flagged visit that counts and was drawn, of the rep who is responsible."""
    with app.app_context():
        share("1")
        visit_id = add_visit(company.outlet_id, company.rep_id, "2026-11-19T02:00:00+00:00", score=75, condition="柜台整洁")
        db.session.add(VisitFlag(visit_id=visit_id, code="far", points=25, detail={"distance_m": 180, "allowed_m": 150}))
        db.session.commit()
        assert drawn() == {visit_id}
    return visit_id


def test_the_paper_form_keeps_the_distance_until_the_sample_is_answered(app, staff, sample):
    boss = console(app, "boss")
    paper = boss.get(f"/visits/{sample}/print").text
    assert "抽查答复以后才印" in paper and "距网点" not in paper
    assert "距网点" in console(app, "chief").get(f"/visits/{sample}/print").text
    assert "距网点" in console(app, "rep1").get(f"/visits/{sample}/print").text
    boss.post(f"/visits/samples/{sample}/answer", data=AGREES)
    assert "距网点" in boss.get(f"/visits/{sample}/print").text


def test_a_share_of_none_draws_nothing_and_of_all_draws_each_counting_visit_once(app, company, add_visit):
    with app.app_context():
        one = add_visit(company.outlet_id, company.rep_id, "2026-11-18T02:00:00+00:00", score=100)
        other = add_visit(company.second_outlet_id, company.other_rep_id, "2026-11-19T02:00:00+00:00", score=60)
        share("0")
        assert drawn() == set()
        share("1")
        assert drawn() == {one, other}
        assert drawn() == set() and drawn(MORNING) == set()
        kept = db.session.get_one(VisitSample, one)
        assert (kept.drawn_on, kept.share, kept.answer) == (date(2026, 11, 21), "1", None)


def test_what_waits_was_reviewed_is_unscored_or_came_long_ago_is_not_drawn(app, company, add_visit):
    with app.app_context():
        share("1")
        add_visit(company.outlet_id, company.rep_id, "2026-11-16T02:00:00+00:00", distance_m=900.0, score=75)
        add_visit(company.outlet_id, company.rep_id, "2026-11-17T02:00:00+00:00")
        add_visit(company.outlet_id, company.rep_id, "2026-09-17T02:00:00+00:00", score=100)
        accepted = add_visit(company.outlet_id, company.rep_id, "2026-11-18T02:00:00+00:00", distance_m=900.0, score=75)
        review_visit(accepted, "accepted", "看过", company.supervisor_id, NIGHT)
        late = add_visit(company.outlet_id, company.rep_id, "2026-10-02T02:00:00+00:00", datetime(2026, 11, 19, tzinfo=UTC), score=100)
        assert drawn() == {late}


def test_the_drawing_follows_the_server_s_key_and_is_even_over_many_visits():
    ids = [uuid7() for _ in range(4000)]
    small = {one for one in ids if is_drawn(one, Decimal("0.03"), b"key")}
    assert 70 <= len(small) <= 180  # 120 expected; five standard deviations are 54
    assert small <= {one for one in ids if is_drawn(one, Decimal("0.05"), b"key")}
    assert small != {one for one in ids if is_drawn(one, Decimal("0.03"), b"other key")}
    assert not any(is_drawn(one, Decimal(0), b"key") for one in ids) and all(is_drawn(one, Decimal(1), b"key") for one in ids)


def test_the_night_draws_once_flags_are_known():
    names = [name for name, _ in LISTS]
    assert names.index("samples drawn") == names.index("visits flagged") + 1


def test_nothing_of_the_machine_is_shown_before_the_answer_and_both_sides_after(app, sample):
    boss = console(app, "boss")
    listed = boss.get("/visits/samples").text
    assert f'href="/visits/samples/{sample}"' in listed and "赵广田" in listed
    shown = boss.get(f"/visits/samples/{sample}").text
    main = shown[shown.index("<main") : shown.index("</main>")]
    told = re.sub(r"机器的分数和提示答完才显示。", "", re.sub(r"<[^>]+>", " ", main))
    assert [word for word in OF_THE_MACHINE if word in told] == []
    assert f'href="/visits/{sample}"' not in main and "柜台整洁" in main and "30.66000, 104.07000" in main and 'name="answer"' in main
    answered = boss.post(f"/visits/samples/{sample}/answer", data=AGREES, follow_redirects=True).text
    assert "看着没问题" in answered and "证据分" in answered and "有提示，75 分" in answered and "不一致" in answered and "距网点 180 m" in answered
    assert 'name="answer"' not in answered and f'href="/visits/{sample}"' in answered
    with app.app_context():
        assert standing(sample) == (True, False, [])
        assert db.session.scalars(select(AuditRow.action).where(AuditRow.subject_id == sample)).all() == ["visit.sample_agreed"]


def test_the_visit_s_own_page_keeps_score_and_flags_from_whoever_could_answer_until_the_answer(app, staff: Staff, sample):
    path, hidden = f"/visits/{sample}", "这次抽中了盲审"
    boss, machine = console(app, "boss"), ("/ 100", "−25", "机器")
    blind = boss.get(path).text
    assert hidden in blind and f'href="/visits/samples/{sample}"' in blind and [word for word in machine if word in blind] == []
    assert "接受位置" in blind and "距网点 180 m" not in blind and "30.66000, 104.07000" in blind
    for other in ("chief", "ops", "rep1"):
        shown = console(app, other).get(path).text
        assert hidden not in shown and "/ 100" in shown and "−25" in shown, other
    boss.post(f"/visits/samples/{sample}/answer", data=AGREES)
    told = boss.get(path).text
    assert hidden not in told and "/ 100" in told and "−25" in told


def test_the_day_of_the_rep_keeps_the_flags_too_until_the_answer(app, company, staff: Staff, sample, add_visit):
    with app.app_context():
        other_id = add_visit(company.second_outlet_id, company.rep_id, "2026-11-19T06:00:00+00:00")
        db.session.add(VisitFlag(visit_id=other_id, code="far", points=25, detail={"distance_m": 190, "allowed_m": 150}))
        db.session.commit()
    path, boss = f"/visits/day?rep={company.rep_id}&day=2026-11-19", console(app, "boss")
    blind = boss.get(path).text
    assert "距网点 180 m" not in blind and "距网点 190 m" in blind and "需要看 1" in blind
    for other in ("chief", "ops", "rep1"):
        assert "距网点 180 m" in console(app, other).get(path).text, other
    boss.post(f"/visits/samples/{sample}/answer", data=AGREES)
    told = boss.get(path).text
    assert "距网点 180 m" in told and "需要看 2" in told


def test_the_visit_s_own_page_shows_everything_once_a_review_ended_the_sample(app, company, sample):
    with app.app_context():
        review_visit(sample, "accepted", "看过", company.supervisor_id, LATER)
    shown = console(app, "boss").get(f"/visits/{sample}").text
    assert "这次抽中了盲审" not in shown and "/ 100" in shown


def test_a_doubt_sends_the_visit_to_review_counts_meanwhile_and_ends_with_the_word(app, company, sample):
    boss = console(app, "boss")
    assert boss.post(f"/visits/samples/{sample}/answer", data=DOUBTS).status_code == 302
    with app.app_context():
        assert standing(sample) == (True, True, ["sample_doubted"])
        month = db.session.get_one(OutletMonth, (company.outlet_id, "2026-11"))
        assert (month.counted, month.waiting) == (1, 0)
    assert f"/visits/{sample}" in boss.get("/visits?verdict=waiting").text
    desk = boss.get(f"/visits/{sample}?verdict=waiting").text
    assert "门头照片像是翻拍的" in desk and "抽查的人觉得不对，等主管看" in desk
    with app.app_context():
        refresh_verdict(db.session.get_one(Visit, sample), db.session.get_one(Outlet, company.outlet_id), LATER)
        assert standing(sample)[1:] == (True, ["sample_doubted"])
        db.session.commit()
    boss.post(f"/visits/{sample}/review", data={"decision": "rejected", "rejected_reason": "other_shop"})
    with app.app_context():
        assert standing(sample) == (False, False, ["rejected"])


def test_an_accepted_doubt_is_over_and_a_correction_of_a_doubted_visit_waits_too(app, company, add_visit, sample):
    boss = console(app, "boss")
    boss.post(f"/visits/samples/{sample}/answer", data=DOUBTS)
    with app.app_context():
        correction = add_visit(company.outlet_id, company.rep_id, "2026-11-19T02:00:00+00:00", corrects_id=sample)
        assert standing(correction) == (True, True, ["sample_doubted"])
    boss.post(f"/visits/{sample}/review", data={"decision": "accepted", "accepted_reason": "seen"})
    with app.app_context():
        assert standing(sample) == (True, False, []) and standing(correction) == (True, False, [])


@pytest.mark.parametrize("form", [{"answer": "doubts", "reason": " "}, {"answer": "perhaps"}, {}])
def test_a_doubt_needs_a_reason_and_an_answer_is_one_of_two(app, sample, form):
    answer = console(app, "boss").post(f"/visits/samples/{sample}/answer", data=form)
    assert answer.status_code == 422 and 'class="err"' in answer.text and "证据分" not in answer.text
    with app.app_context():
        assert db.session.get_one(VisitSample, sample).answer is None and standing(sample) == (True, False, [])


def test_an_answer_stands_and_a_second_one_is_told_so(app, sample):
    boss = console(app, "boss")
    boss.post(f"/visits/samples/{sample}/answer", data=AGREES)
    again = boss.post(f"/visits/samples/{sample}/answer", data=DOUBTS)
    assert again.status_code == 409 and "刚才已经有人办了这一步" in again.text
    with app.app_context():
        kept = db.session.get_one(VisitSample, sample)
        assert (kept.answer, kept.machine_score) == ("agrees", 75) and standing(sample) == (True, False, [])


@pytest.mark.parametrize("ends", ["rejected", "replaced"])
def test_a_visit_rejected_or_taken_back_since_needs_no_answer(app, company, sample, ends):
    with app.app_context():
        if ends == "rejected":
            review_visit(sample, "rejected", "不是这家", company.supervisor_id, LATER)
        else:
            visit = db.session.get_one(Visit, sample)
            visit.is_replaced = True
            refresh_verdict(visit, db.session.get_one(Outlet, visit.outlet_id), LATER)
            db.session.commit()
    boss = console(app, "boss")
    assert f"/visits/samples/{sample}" not in boss.get("/visits/samples").text
    assert "不用再答" in boss.get(f"/visits/samples/{sample}").text
    assert boss.post(f"/visits/samples/{sample}/answer", data=AGREES).status_code == 409


def test_who_may_look_and_who_may_answer(app, company, staff: Staff, sample):
    path = f"/visits/samples/{sample}"
    for login in ("rep1", "ops", "root", "payer", "clerk"):
        one = console(app, login)
        assert [one.get("/visits/samples").status_code, one.get(path).status_code, one.post(f"{path}/answer", data=AGREES).status_code] == [403] * 3
    far = console(app, "farboss")
    assert [far.get(path).status_code, far.post(f"{path}/answer", data=AGREES).status_code] == [404] * 2
    assert sample not in far.get("/visits/samples").text
    chief = console(app, "chief")
    shown = chief.get(path).text
    assert "等这个区域的主管回答" in shown and "证据分" not in shown and sample in chief.get("/visits/samples").text
    assert chief.post(f"{path}/answer", data=AGREES).status_code == 403


def test_nobody_answers_for_a_visit_of_their_own(app, company, add_visit):
    with app.app_context():
        share("1")
        own = add_visit(company.outlet_id, company.supervisor_id, "2026-11-19T02:00:00+00:00", score=100)
        assert drawn() == {own}
    boss = console(app, "boss")
    assert own not in boss.get("/visits/samples").text and boss.get(f"/visits/samples/{own}").status_code == 404


def test_the_manager_is_told_of_the_samples_that_no_supervisor_may_answer(app, company, add_visit, staff: Staff, sample):
    with app.app_context():
        own = add_visit(company.outlet_id, company.supervisor_id, "2026-11-19T06:00:00+00:00", score=100)
        db.session.add(VisitSample(visit_id=own, drawn_on=date(2026, 11, 20), share="1"))
        db.session.commit()
    chief = console(app, "chief")

    def counted() -> dict[str, int]:
        with app.test_request_context():
            tiles = counted_tiles(db.session.get_one(Person, staff.ids["chief"]), date(2026, 11, 21))
            return {one.tile.label: one.count for one in tiles if "盲审抽查" in one.tile.label}

    assert counted() == {"盲审抽查": 2, "要你答的盲审抽查": 1}
    assert "等主管或经理抽查" in chief.get("/").text and untranslated(console(app, "chief", "en").get("/").text) == []
    assert "等这个区域的主管回答" in chief.get(f"/visits/samples/{sample}").text
    assert "等这个区域的主管回答" not in chief.get(f"/visits/samples/{own}").text
    for login in ("boss", "rep1", "ops", "root"):
        assert "要你答的盲审抽查" not in console(app, login).get("/").text, login
    assert chief.post(f"/visits/samples/{own}/answer", data=AGREES).status_code == 302
    assert counted() == {"盲审抽查": 1, "要你答的盲审抽查": 0}


def test_the_months_say_how_often_person_and_machine_differ(app, company, add_visit, staff: Staff):
    with app.app_context():
        share("1")
        scores = {"2026-11-16": 100, "2026-11-17": 100, "2026-11-18": 60, "2026-11-19": 60, "2026-11-15": 100}
        ids = {day: add_visit(company.outlet_id, company.rep_id, f"{day}T02:00:00+00:00", score=score) for day, score in scores.items()}
        add_visit(company.second_outlet_id, company.other_rep_id, "2026-11-19T02:00:00+00:00", score=100)
        assert len(drawn()) == 6
    boss = console(app, "boss")
    for day, form in (("2026-11-16", AGREES), ("2026-11-17", DOUBTS), ("2026-11-18", AGREES), ("2026-11-19", DOUBTS)):
        assert boss.post(f"/visits/samples/{ids[day]}/answer", data=form).status_code == 302
    text = console(app, "chief").get("/visits/samples?state=months&month=2026-11").text
    rows = re.findall(r'<th scope="row" translate="no">([^<]+)</th>' + r'<td class="r num"[^>]*>(\d+)</td>\s*' * 4, text)
    assert rows == [("赵广田", "5", "4", "2", "2"), ("林晓月", "1", "0", "0", "0")]
    done = boss.get("/visits/samples?state=done&month=2026-11").text
    assert done.count("不一致") == 2 and "没有这样的" not in done
    assert "还没有人答" in boss.get("/visits/samples?state=done&month=2026-10").text
    assert boss.get("/visits/samples?state=none").status_code == 422


def test_the_export_says_nothing_of_the_machine_before_the_answer(app, staff: Staff, sample):
    boss = console(app, "boss")
    [waiting] = csv_rows(boss.get("/exports/visit-samples.csv?state=open"))
    assert (waiting["记录编号"], waiting["人怎么说"], waiting["当时的证据分"]) == (sample, "", "")
    boss.post(f"/visits/samples/{sample}/answer", data=DOUBTS)
    [row] = csv_rows(boss.get("/exports/visit-samples.csv?state=done&month=2026-11"))
    assert (row["人怎么说"], row["哪里不对"], row["当时的证据分"], row["抽查比例"]) == ("看着不对", DOUBTS["reason"], "75", "1")
    assert console(app, "ops").get("/exports/visit-samples.csv").status_code == 403


def test_the_start_page_counts_what_waits_and_pages_ask_little_in_english(app, staff: Staff, sample):
    boss = console(app, "boss", "en")
    assert re.search(r'href="/visits/samples" class="warm">\s*<span>Blind sample.*?<b>1</b>', boss.get("/").text, re.DOTALL)
    for path in ("/visits/samples", "/visits/samples?state=months&month=2026-11", f"/visits/samples/{sample}"):
        with statements(app) as asked:
            answer = boss.get(path)
        assert answer.status_code == 200 and len(asked) <= 13, (path, len(asked), asked)
        assert untranslated(answer.text) == [] and "style=" not in answer.text
    with statements(app) as asked:
        answer = boss.get(f"/visits/{sample}")
    assert len(asked) <= 16 and untranslated(answer.text) == [] and "drawn for a blind review" in answer.text, asked
    boss.post(f"/visits/samples/{sample}/answer", data=DOUBTS)
    with statements(app) as asked:
        answer = boss.get(f"/visits/samples/{sample}")
    assert len(asked) <= 15, asked
    assert untranslated(answer.text) == [] and "Looks wrong" in answer.text


def test_region_and_rep_narrow_rows_tabs_months_and_file_and_can_be_cleared(app, company, staff: Staff, sample):
    boss, near = console(app, "boss"), f"region={company.region_id}&rep={company.rep_id}"
    for query, count in ((near, 1), (f"region={company.region_id}&rep={company.other_rep_id}", 0), ("region=elsewhere", 0), ("", 1)):
        page = boss.get(f"/visits/samples?{query}").text
        assert page.count(f'href="/visits/samples/{sample}') == count, query
        assert ("清除筛选" in page) == bool(query)
        assert len(csv_rows(boss.get(f"/exports/visit-samples.csv?{query}"))) == count
        months = boss.get(f"/visits/samples?state=months&month=2026-11&{query}").text
        assert ('<th scope="row" translate="no">赵广田</th>' in months) == bool(count), query
