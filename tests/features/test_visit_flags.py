"""Flags of visits: worked out behind the upload, whatever order visits arrive in, and once for all (DESIGN §5)."""

from datetime import date
from itertools import permutations
from threading import Thread

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, select, update

from server.cli import main
from server.clock import now
from server.db import db
from server.feed.models import SyncClock
from server.media.models import PhotoHash
from server.media.store import blob_path
from server.policy.actions import set_policy
from server.visits import flagging
from server.visits.evidence_due import mark_due
from server.visits.flagging import flag_due_visits, flag_overlooked_visits
from server.visits.models import Visit, VisitFlag
from server.visits.verdicts import review_visit
from tests.features.flagged import call, everything, flags_of, notes, push, score_of, send
from tests.features.pictures import photo, photo_again


@pytest.fixture(autouse=True)
def in_app(app):
    with app.app_context():
        yield


def number():
    db.session.rollback()
    return db.session.scalar(select(SyncClock.seq))


def test_a_visit_is_noted_when_its_last_file_arrived_and_looked_at_once(company, phone):
    made = call(phone, company.outlet_id, "01:00", photo(1))
    push(phone, made)
    assert (notes(), flag_due_visits()) == ([], 0)
    for content in made["files"]:
        phone.upload(content)
    assert notes() == [made["id"]]
    assert (flag_due_visits(), notes()) == (1, [])
    assert (score_of(made["id"]), flags_of(made["id"])) == (100, {})


def test_looking_twice_changes_nothing_and_tells_no_phone(company, phone):
    visit_id = send_one(phone, company.outlet_id, "01:00", photo(1), north_m=400)
    flag_due_visits()
    before = (everything(), number())
    assert flag_due_visits() == 0
    review_visit(visit_id, "accepted", "看过", company.supervisor_id, now())
    reviewed = number()
    assert flag_due_visits() == 1
    assert (everything(), number()) == (before[0], reviewed)


def send_one(phone, outlet_id, at, content, **more):
    return send(phone, call(phone, outlet_id, at, content, **more))


def test_every_fact_of_one_visit_is_flagged_with_its_figures(company, phone):
    visit_id = send_one(phone, company.outlet_id, "01:00", photo(1), north_m=1000, accuracy_m=150.0, early_s=3600)
    flag_due_visits()
    assert flags_of(visit_id) == {
        "far": {"distance_m": 1000, "allowed_m": 300},
        "inaccurate": {"accuracy_m": 150, "allowed_m": 100},
        "photo_early": {"early_s": 3600, "allowed_s": 300},
    }
    assert score_of(visit_id) == 40


def test_phones_receive_score_and_flags_but_not_which_visit_was_alike(company, phone):
    send_one(phone, company.outlet_id, "01:00", photo(1))
    visit_id = send_one(phone, company.second_outlet_id, "05:00", photo(1))
    flag_due_visits()
    events, _ = phone.pull()
    [document] = [event["doc"] for event in events if event["e"] == "put" and event["id"] == visit_id]
    assert document["score"] == 60
    assert document["flags"] == [{"code": "photo_reused", "points": 40, "figures": {"visited_on": "2026-11-24"}}]


def story(company, phone):
    """Four visits of one day: the second 60 km away eight minutes later, the third with the first one's photo, the last with one alike."""
    return [
        call(phone, company.outlet_id, "01:00", photo(1)),
        call(phone, company.outlet_id, "01:08", photo(2), north_m=60_000),
        call(phone, company.second_outlet_id, "05:00", photo(1), north_m=60_000),
        call(phone, company.second_outlet_id, "06:00", photo_again(2), north_m=59_000),
    ]


@pytest.mark.parametrize("order", [*permutations(range(4))][::5])
@pytest.mark.parametrize("is_looked_at_each_time", [True, False])
def test_flags_are_the_same_whatever_order_visits_arrive_in(company, phone, order, is_looked_at_each_time):
    made = story(company, phone)
    for place in order:
        send(phone, made[place])
        if is_looked_at_each_time:
            flag_due_visits()
    flag_due_visits()
    first, second, third, fourth = (sorted(flags_of(one["id"])) for one in made)
    assert (first, second) == ([], ["far", "too_fast"])
    assert (third, fourth) == (["far", "photo_reused"], ["far", "photo_alike"])
    assert flags_of(made[2]["id"])["photo_reused"]["visit_id"] == made[0]["id"]
    assert flags_of(made[3]["id"])["photo_alike"]["visit_id"] == made[1]["id"]


def test_an_earlier_visit_that_arrives_late_takes_the_speed_flag_off_its_neighbour(company, phone):
    first = send_one(phone, company.outlet_id, "01:00", photo(1))
    last = send_one(phone, company.second_outlet_id, "01:10", photo(2), north_m=40_000)
    flag_due_visits()
    assert "too_fast" in flags_of(last)
    between = send_one(phone, company.second_outlet_id, "01:08", photo(3), north_m=39_900)
    flag_due_visits()
    assert [("too_fast" in flags_of(one)) for one in (first, between, last)] == [False, True, False]


def test_travel_is_judged_between_visits_of_one_rep_only(company, phone, other_phone):
    send_one(phone, company.outlet_id, "01:00", photo(1))
    visit_id = send_one(other_phone, company.outlet_id, "01:01", photo(2), north_m=50_000)
    flag_due_visits()
    assert sorted(flags_of(visit_id)) == ["far"]


def test_a_photo_of_another_rep_is_found_and_the_later_visit_carries_the_flag(company, phone, other_phone):
    later = send_one(phone, company.outlet_id, "05:00", photo(1))
    flag_due_visits()
    earlier = send_one(other_phone, company.second_outlet_id, "01:00", photo(1))
    flag_due_visits()
    assert (flags_of(earlier), sorted(flags_of(later))) == ({}, ["photo_reused"])


def test_a_correction_may_show_the_photos_of_what_it_corrects(company, phone):
    first = send_one(phone, company.outlet_id, "01:00", photo(1))
    second = send_one(phone, company.outlet_id, "01:00", photo(1), corrects=first)
    third = send_one(phone, company.outlet_id, "01:02", photo(1), corrects=second)
    flag_due_visits()
    assert [flags_of(one) for one in (first, second, third)] == [{}, {}, {}]
    another = send_one(phone, company.outlet_id, "07:00", photo(1))
    flag_due_visits()
    assert sorted(flags_of(another)) == ["photo_reused"]


def test_a_visit_that_was_corrected_no_longer_judges_travel(company, phone):
    wrong = send_one(phone, company.outlet_id, "01:00", photo(1), north_m=70_000)
    last = send_one(phone, company.outlet_id, "01:10", photo(2))
    flag_due_visits()
    assert "too_fast" in flags_of(last)
    right = send_one(phone, company.outlet_id, "01:00", photo(1), corrects=wrong)
    flag_due_visits()
    assert (flags_of(right), flags_of(last)) == ({}, {})


def test_the_same_outlet_may_look_the_same_every_time(company, phone):
    send_one(phone, company.outlet_id, "01:00", photo(1))
    visit_id = send_one(phone, company.outlet_id, "05:00", photo_again(1))
    flag_due_visits()
    assert flags_of(visit_id) == {}


def test_a_photo_shown_at_another_outlet_by_mistake_says_nothing_against_who_takes_it_again(company, phone):
    send_one(phone, company.outlet_id, "01:00", photo(1))
    wrong = send_one(phone, company.second_outlet_id, "03:00", photo(1))
    again = send_one(phone, company.outlet_id, "05:00", photo_again(1))
    flag_due_visits()
    assert (sorted(flags_of(wrong)), flags_of(again)) == (["photo_reused"], {})


def test_a_photo_that_is_no_picture_is_not_compared_and_disturbs_nothing(company, phone):
    visits = [send_one(phone, outlet, at, content) for outlet, at, content in bad_pictures(company)]
    assert flag_due_visits() == 3
    assert [score_of(one) for one in visits] == [100, 100, 100]
    assert set(db.session.scalars(select(PhotoHash.look))) == {None}


def bad_pictures(company):
    cut = photo(1)[:700]
    return [(company.outlet_id, "01:00", b"\xff\xd8\xff no"), (company.second_outlet_id, "03:00", b"text"), (company.outlet_id, "05:00", cut)]


def test_a_visit_on_which_it_breaks_stays_noted_and_holds_nobody_up(company, phone, monkeypatch):
    bad, good = (send_one(phone, company.outlet_id, at, photo(seed)) for at, seed in (("01:00", 1), ("03:00", 2)))
    keep = flagging._keep

    def break_on_bad(visit, flags):
        if visit.id == bad:
            raise ArithmeticError
        keep(visit, flags)

    monkeypatch.setattr(flagging, "_keep", break_on_bad)
    flag_due_visits()
    assert (score_of(bad), score_of(good), notes()) == (None, 100, [bad])
    monkeypatch.undo()
    flag_due_visits()
    assert (score_of(bad), notes()) == (100, [])


class Killed(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("steps", range(1, 8))
def test_a_run_that_is_killed_anywhere_ends_like_a_clean_one(company, phone, monkeypatch, steps):
    made = story(company, phone)
    for one in made:
        send(phone, one)
    commit, left = db.session.commit, [steps]

    def commit_or_die():
        left[0] -= 1
        if left[0] == 0:
            raise Killed
        commit()

    monkeypatch.setattr(flagging.db.session, "commit", commit_or_die)
    with pytest.raises(Killed):
        flag_due_visits()
    monkeypatch.undo()
    db.session.rollback()
    flag_due_visits()
    assert [sorted(flags_of(one["id"])) for one in made] == [[], ["far", "too_fast"], ["far", "photo_reused"], ["far", "photo_alike"]]
    assert notes() == []


def test_two_runs_at_once_end_like_one(app, company, phone):
    made = story(company, phone)
    for one in made:
        send(phone, one)
    db.session.remove()
    faults = []

    def run():
        with app.app_context():
            try:
                flag_due_visits()
            except Exception as fault:
                faults.append(fault)

    threads = [Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    flag_due_visits()
    assert (faults, notes()) == ([], [])
    assert [sorted(flags_of(one["id"])) for one in made] == [[], ["far", "too_fast"], ["far", "photo_reused"], ["far", "photo_alike"]]


def test_a_visit_that_changes_while_it_is_worked_off_is_worked_off_again(app, company, phone):
    visit_id = send_one(phone, company.outlet_id, "01:00", photo(1))
    visit = db.session.get_one(Visit, visit_id)
    visit.distance_m = 999.0
    mark_due(visit_id)
    db.session.flush()

    def run():
        with app.app_context():
            flag_due_visits()

    thread = Thread(target=run)
    thread.start()
    thread.join(0.7)
    db.session.commit()
    thread.join()
    flag_due_visits()
    assert (sorted(flags_of(visit_id)), notes()) == (["far"], [])


def test_the_night_fills_in_what_an_earlier_release_left_without(company, phone):
    for one in story(company, phone):
        send(phone, one)
    flag_due_visits()
    clean = everything()
    for statement in (delete(VisitFlag), delete(PhotoHash), update(Visit).values(score=None)):
        db.session.execute(statement)
    db.session.commit()
    assert flag_overlooked_visits(now()) >= 4
    assert everything() == clean
    assert flag_overlooked_visits(now()) == 0


def test_a_photo_whose_file_is_lost_does_not_keep_the_night_busy(company, phone):
    made = call(phone, company.outlet_id, "01:00", photo(1))
    visit_id = send(phone, made)
    blob_path(made["op"]["blobs"][0]).unlink()
    assert flag_overlooked_visits(now()) == 2
    assert (score_of(visit_id), db.session.scalars(select(PhotoHash.sha256)).all()) == (100, [])


def test_points_are_those_of_the_month_of_the_visit(company, phone):
    set_policy("score.far", "33", date(2026, 11, 1), "试", company.supervisor_id, now())
    visit_id = send_one(phone, company.outlet_id, "01:00", photo(1), north_m=900)
    flag_due_visits()
    assert score_of(visit_id) == 67


def test_the_command_looks_at_what_is_noted(app, company, phone, monkeypatch):
    send_one(phone, company.outlet_id, "01:00", photo(1))
    monkeypatch.setattr("server.cli.create_app", lambda _settings: app)
    db.session.remove()
    outputs = [CliRunner().invoke(main, ["--data", app.extensions["xundian"].data.as_posix(), "flags"]).output for _ in range(2)]
    assert outputs == ["1 visits looked at\n", "0 visits looked at\n"]
