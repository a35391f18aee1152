"""Outlets that change hands or are merged while a phone is offline or pulls, on both databases (SYNC §7: 8 to 11)."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from server.db import db
from server.feed.audit import feed_differences
from server.feed.clock import FeedEntry, touch
from server.feed.floor import raise_floor
from server.intake.models import SyncConflict
from server.intake.rerun import run_repairable
from server.outlets.duplicates import merge_outlets
from server.outlets.models import Outlet
from server.people.actions import add_region
from server.people.files import PersonFile, change_person
from server.people.models import Person, Region
from server.people.regions import remove_region
from server.visits.models import Visit
from tests.sync.net import NOON, rep_of
from tests.sync.reps import hand_over, office, other_rep, rep  # noqa: F401


def test_edge_08_reassigned_while_offline_with_visits_and_an_edit(app, company, rep, other_rep):
    rep.sync()
    rep.visit(company.outlet_id)
    rep.edit(company.outlet_id, phone=("", "028-5550123"))
    rep.visit(company.outlet_id)
    hand_over(app, company.outlet_id, company.other_rep_id, company.supervisor_id)
    rep.sync()
    assert rep.codes() == ["out_of_scope_accepted", "parked", "out_of_scope_accepted"]
    assert [op.problem["detail"] for op in rep.client.ops] == ["林晓月"] * 3  # who has the outlet now
    assert company.outlet_id not in rep.shows("outlet")
    with app.app_context():
        assert {visit.rep_id for visit in db.session.scalars(select(Visit))} == {company.rep_id}
        assert db.session.get(Outlet, company.outlet_id).phone == ""
        assert db.session.scalars(select(SyncConflict)).one().mine == '"028-5550123"'
    other_rep.sync()
    assert len(other_rep.shows("visit")) == 2


def test_edge_09_revoked_deleted_inside_and_granted_again_between_two_pulls(app, company, rep, other_rep):
    rep.visit(company.outlet_id)
    rep.sync()
    [visit_id] = rep.shows("visit")
    hand_over(app, company.outlet_id, company.other_rep_id, company.supervisor_id)
    with office(app):
        touch(db.session, FeedEntry("visit", visit_id, f"outlet:{company.outlet_id}", is_deleted=True))
        db.session.commit()
    hand_over(app, company.outlet_id, company.rep_id, company.supervisor_id)
    rep.sync()
    assert rep.shows("visit") == set()
    assert company.outlet_id in rep.shows("outlet")


def test_edge_10_reassignment_during_a_paged_pull(app, company, other_rep):
    rep = rep_of(app, "rep1", page_bytes=1000)
    for outlet_id in (company.outlet_id, company.second_outlet_id):
        for _ in range(4):
            rep.visit(outlet_id)
    rep.client.capture.edge("")
    while rep.client.advance().do != "pull":
        pass
    assert rep.client.store.page is not None
    hand_over(app, company.outlet_id, company.other_rep_id, company.supervisor_id)
    rep.sync()
    assert rep.shows("outlet") == {company.second_outlet_id}
    assert all(row.scope != f"outlet:{company.outlet_id}" for row in rep.client.store.rows.values())
    other_rep.sync()
    assert company.outlet_id in other_rep.shows("outlet")


def test_edge_10_a_first_pull_that_must_begin_again_keeps_no_outlet_lost_meanwhile(app, company):
    rep = rep_of(app, "rep1", page_bytes=1000)
    lost = f"outlet:{company.outlet_id}"
    while lost not in rep.client.store.scopes:
        assert rep.client.advance().do == "pull"
    assert rep.client.store.page is not None
    hand_over(app, company.outlet_id, company.other_rep_id, company.supervisor_id)
    with office(app):
        raise_floor(NOON + timedelta(days=1))  # the page's token is no good any more
        db.session.commit()
    rep.sync()
    assert rep.shows("outlet") == {company.second_outlet_id}
    assert lost not in rep.client.store.scopes


def test_edge_11_an_entity_that_moved_between_outlets(app, company, rep):
    """A merge gives the visits of one outlet to the other; records that come later for the first follow."""
    rep.visit(company.outlet_id)
    rep.sync()
    with office(app):
        merge_outlets(company.outlet_id, company.second_outlet_id, company.supervisor_id, NOON)
        assert feed_differences() == []
    rep.visit(company.outlet_id)  # the phone does not know yet
    rep.edit(company.outlet_id, phone=("", "1"))
    rep.sync()
    assert rep.codes() == ["applied", "applied", "parked"]
    problem = rep.client.ops[2].problem
    assert (problem["code"], problem["detail"]) == ("outlet_removed", "周敏")
    assert rep.shows("outlet") == {company.second_outlet_id}
    with app.app_context():
        visits = list(db.session.scalars(select(Visit)))
        assert {visit.outlet_id for visit in visits} == {company.second_outlet_id}
        assert rep.shows("visit") == {visit.id for visit in visits}


def test_edge_08_papers_come_after_ninety_days_for_an_outlet_lost_meanwhile(app, company, rep, other_rep):
    """Deletions of that time are forgotten, but not who once kept the outlet; nothing of it reaches the phone, nor anybody else's paper it."""
    rep.sync()
    rep.ask_for_materials(company.outlet_id)
    other_rep.ask_for_materials(company.second_outlet_id)  # never theirs
    hand_over(app, company.outlet_id, company.other_rep_id, company.supervisor_id)
    with office(app):
        assert raise_floor(NOON + timedelta(days=1)) > 0
        db.session.commit()
    rep.sync()
    other_rep.sync()
    assert rep.codes() == ["out_of_scope_accepted"]
    assert rep.client.ops[0].problem["detail"] == "林晓月"
    assert rep.shows("outlet") == {company.second_outlet_id}
    assert (other_rep.codes(), other_rep.client.ops[0].problem["code"]) == (["quarantined"], "unknown_outlet")


def test_edge_08_a_new_outlet_of_a_region_that_was_left_meanwhile(app, company, rep):
    """What was found while the region was the rep's is taken in, and all that was done there with it."""
    rep.sync()
    outlet_id = rep.new_outlet(company.region_id, "顺达便民超市", 30.7, 104.1).entity[1]
    rep.visit(outlet_id)
    rep.edit(outlet_id, phone=("", "13900000001"))
    move(app, company, "城西区域")
    with office(app):
        raise_floor(NOON + timedelta(days=1))
        db.session.commit()
    rep.sync()
    assert rep.codes() == ["applied"] * 3
    assert outlet_id in rep.shows("outlet")
    with app.app_context():
        assert db.session.get_one(Outlet, outlet_id).region_id == company.region_id


def test_edge_08_a_new_outlet_of_a_region_that_never_was_the_reps_waits_until_it_is(app, company, rep):
    rep.sync()
    with office(app):
        elsewhere = add_region("城南区域", NOON, (30.6, 104.0)).id
        db.session.commit()
    found = rep.new_outlet(elsewhere, "顺达便民超市", 30.6, 104.0)
    rep.sync()
    assert [(op.code, op.problem["code"]) for op in rep.client.ops] == [("quarantined", "unknown_region")]
    with office(app):
        assert run_repairable(NOON) == 0
    move(app, company, elsewhere)
    with office(app):
        assert run_repairable(NOON) == 1
        assert db.session.get_one(Outlet, found.entity[1]).region_id == elsewhere


def test_edge_08_a_new_outlet_of_a_region_that_is_gone_is_kept_and_said(app, company, rep):
    with office(app):
        elsewhere = add_region("城南区域", NOON, (30.6, 104.0)).id
        db.session.commit()
    move(app, company, elsewhere)
    rep.sync()
    rep.new_outlet(elsewhere, "顺达便民超市", 30.6, 104.0)
    move(app, company, company.region_id)
    with office(app):
        remove_region(elsewhere, company.supervisor_id, NOON)
        db.session.commit()
    rep.sync()
    assert [(op.code, op.problem["code"]) for op in rep.client.ops] == [("quarantined", "unknown_region")]


def move(app, company, region: str) -> None:
    """The rep is of this region alone from now on: one that is there, or a new one of that name."""
    with office(app):
        person = db.session.get_one(Person, company.rep_id)
        region_id = region if db.session.get(Region, region) else add_region(region, NOON, (30.66, 104.0)).id
        db.session.flush()
        change_person(person.id, replace(PersonFile.of(person), region_ids=(region_id,)), company.supervisor_id, NOON)
        db.session.commit()
