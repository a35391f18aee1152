"""The digest: the console's own numbers, for its regions, in its language, without anybody's secrets. When it is made: test_notice_making."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask_babel import force_locale
from sqlalchemy import insert

from server.complaints.actions import Intake, receive_complaint
from server.complaints.models import Complaint, ComplaintStep
from server.console.tiles import counted_tiles
from server.db import db
from server.domain.months import Month
from server.followups.models import FollowUp
from server.notices.digest import digest_of, region_reader
from server.notices.kinds import Kind
from server.notices.messages import plain_text, request_of
from server.notices.models import NoticeChannel
from server.outlets.identity import enter_identity
from server.outlets.models import Outlet
from server.people.models import Person
from server.visits.compliance import refresh_outlet_months
from server.visits.plan_models import PlannedVisit
from server.visits.plan_views import plan_table, state_of
from server.visits.sample_models import VisitSample
from sync.ids import uuid7
from tests.features.browsing import CJK
from tests.features.conftest import add_visit  # noqa: F401
from tests.features.noticing import BASE, allow_private
from tests.features.staff import Staff, staff  # noqa: F401
from tests.sync.conftest import Company, company  # noqa: F401

FRIDAY = date(2026, 11, 27)
EIGHT = datetime(2026, 11, 27, 0, 0, tzinfo=UTC)  # 8 o'clock in Shanghai
EARLIER = datetime(2026, 11, 2, tzinfo=UTC)
RESIDENT_ID = "11010519491231002X"
PHONE = "13800138000"
URL = "https://robots.example.com/in/abcdefgh"


@pytest.fixture(autouse=True)
def in_app(app):
    allow_private(app)
    with app.app_context():
        yield


@pytest.fixture
def work(company: Company, staff: Staff, add_visit):
    """Something of everything in the east, and one outlet file in the west."""
    near, second = company.outlet_id, company.second_outlet_id
    plan = ((near, 9), (near, 24), (second, 25), (second, 27), (near, 28), (second, 30))
    for outlet_id, day in plan:
        db.session.add(PlannedVisit(outlet_id=outlet_id, planned_on=date(2026, 11, day), made_by_id=company.supervisor_id, made_at=EARLIER))
    for due_on in (date(2026, 11, 26), FRIDAY):
        row = FollowUp(id=uuid7(), outlet_id=near, problem="灯箱坏了", owner="rep", registered_on=date(2026, 11, 20), due_on=due_on)
        row.registered_by_id, row.working_days, row.made_at = company.rep_id, 3, EARLIER
        db.session.add(row)
    db.session.commit()
    receive_complaint(Intake(uuid7(), near, "other", False, False, date(2026, 11, 5), "王秀兰", PHONE, "态度", ""), staff.ids["ops"], EARLIER)
    receive_complaint(Intake(uuid7(), near, "other", False, False, FRIDAY, "王秀兰", PHONE, "态度", ""), staff.ids["ops"], EIGHT)
    add_visit(near, company.rep_id, "2026-11-24T09:00:00+08:00")
    add_visit(second, company.rep_id, "2026-11-25T09:00:00+08:00", distance_m=900.0)
    for outlet_id in (second, staff.far_outlet_id):
        outlet = db.session.get_one(Outlet, outlet_id)
        outlet.state, outlet.phone, outlet.person_in_charge = "submitted", PHONE, "王秀兰"
    db.session.commit()
    for month in (Month(2026, 10), Month(2026, 11)):
        refresh_outlet_months(month, EIGHT)
    db.session.commit()


def lines_of(app, region_ids: list[str], today: date = FRIDAY, language: str = "zh") -> dict[str, tuple[int, str]]:
    channel = NoticeChannel(id=uuid7(), region_ids=region_ids, language=language)
    with app.test_request_context():
        return {line.label: (line.count, line.href) for line in digest_of(channel, uuid7(), today).lines}


def test_the_numbers_are_those_of_the_supervisors_console(app, company: Company, staff: Staff, work):
    lines = lines_of(app, [company.region_id])
    boss = db.session.get_one(Person, company.supervisor_id)
    with app.test_request_context(), force_locale("zh"):
        tiles = {counted.tile.label: (counted.count, BASE + counted.tile.href) for counted in counted_tiles(boss, FRIDAY)}
    shared = set(lines) & set(tiles)
    assert {"投诉未处理", "备案未解决", "巡检待审核"} <= shared
    assert {label: lines[label] for label in shared} == {label: tiles[label] for label in shared}
    assert {label for label, (count, _) in tiles.items() if count} - shared <= {
        "考核事项待认定",
        "手机在用",
        "物料待配送",
        "本月待培训",
        "离网待确认",
    }


def test_the_numbers_are_those_of_the_managers_console_for_the_company(app, company: Company, staff: Staff, work):
    lines = lines_of(app, [])
    chief = db.session.get_one(Person, staff.ids["chief"])
    with app.test_request_context(), force_locale("zh"):
        tiles = {counted.tile.label: counted.count for counted in counted_tiles(chief, FRIDAY)}
    shared = set(lines) & set(tiles)
    assert {"投诉未处理", "备案未解决", "巡检待审核"} <= shared
    assert {label: lines[label][0] for label in shared} == {label: tiles[label] for label in shared}
    assert lines["待审批的资料"][0] == 2


def test_planned_visits_are_counted_as_the_plan_marks_them(app, company: Company, work):
    lines = lines_of(app, [company.region_id])
    boss = db.session.get_one(Person, company.supervisor_id)
    states = [(row.planned_on, state_of(row, FRIDAY)) for row in plan_table(boss, Month(2026, 11), "", "", FRIDAY).rows]
    this_week = [state for day, state in states if day <= date(2026, 11, 29)]
    assert lines["本周计划还要巡"][0] == this_week.count("due") == 2
    assert lines["计划过了没去"][0] == this_week.count("overdue") == 1


def test_what_is_past_its_day_is_counted_from_the_day_after(app, company: Company, work):
    today, tomorrow = lines_of(app, [company.region_id]), lines_of(app, [company.region_id], FRIDAY + timedelta(days=1))
    assert (today["备案未解决"][0], today["其中备案过期"][0], tomorrow["其中备案过期"][0]) == (2, 1, 2)
    assert (today["投诉未处理"][0], today["其中投诉过期"][0]) == (2, 1)


def test_the_late_complaints_follow_the_open_ones_of_which_they_are(app, company: Company, staff: Staff, work):
    done = Complaint(id=uuid7(), outlet_id=company.outlet_id, kind="other", received_on=date(2026, 11, 20), received_by_id=company.supervisor_id)
    done.account, done.due_on, done.state, done.resolved_on, done.made_at = "态度", FRIDAY, "reported", FRIDAY, EARLIER
    db.session.add(done)
    db.session.flush()
    db.session.add(ComplaintStep(id=uuid7(), complaint_id=done.id, action="reported", by_id=company.supervisor_id, at=EIGHT))
    db.session.commit()
    labels = [label for label in lines_of(app, []) if "投诉" in label]
    assert labels == ["投诉未处理", "其中投诉过期", "新上报的投诉"]


def test_a_digest_leaves_out_what_waits_for_one_manager(app, company: Company, staff: Staff, add_visit):
    visit_id = add_visit(company.outlet_id, company.supervisor_id, "2026-11-24T09:00:00+08:00", distance_m=900.0)
    db.session.add(VisitSample(visit_id=visit_id, drawn_on=FRIDAY, share="1"))
    db.session.commit()
    chief = db.session.get_one(Person, staff.ids["chief"])
    with app.test_request_context(), force_locale("zh"):
        tiles = {counted.tile.label: counted.count for counted in counted_tiles(chief, FRIDAY)}
    lines = lines_of(app, [])
    assert (tiles["要你审核的巡检"], lines["巡检待审核"][0]) == (1, 1)
    assert not [label for label in lines if label.startswith("要你")]


def test_a_region_hears_of_itself_only(app, company: Company, staff: Staff, work):
    far = db.session.get_one(Outlet, staff.far_outlet_id).region_id
    lines = lines_of(app, [far])
    assert lines["待审批的资料"][0] == 1 and "投诉未处理" not in lines
    assert lines_of(app, [company.region_id])["待审批的资料"][0] == 1


def test_the_reader_is_nobody_who_could_be_kept(app, company: Company, work):
    lines_of(app, [company.region_id])
    assert region_reader([company.region_id]) not in db.session and not db.session.new
    db.session.commit()
    assert db.session.get(Person, "") is None


def test_a_digest_holds_no_names_numbers_or_money(app, company: Company, staff: Staff, work):
    enter_identity(company.outlet_id, "resident_id", RESIDENT_ID, company.supervisor_id, EIGHT)
    outlet = db.session.get_one(Outlet, company.outlet_id)
    for region_ids in ([], [company.region_id]):
        channel = NoticeChannel(id=uuid7(), region_ids=region_ids, language="zh")
        with app.test_request_context():
            said = json.dumps(digest_of(channel, uuid7(), FRIDAY).content(), ensure_ascii=False)
        people = [person.name for person in db.session.query(Person)]
        for secret in (RESIDENT_ID, PHONE, "王秀兰", "灯箱", "元", "工资", "考核", outlet.name, *people):
            assert secret not in said, secret


def test_an_english_digest_is_english(app, company: Company, work):
    lines = lines_of(app, [company.region_id], language="en")
    assert len(lines) >= 8 and not any(CJK.search(label) for label in lines)


def test_without_a_base_address_there_are_no_links(app, company: Company, work):
    allow_private(app)
    app.extensions["xundian"] = replace(app.extensions["xundian"], base_url="")
    assert {href for _, href in lines_of(app, [company.region_id]).values()} == {""}
    channel = NoticeChannel(id=uuid7(), region_ids=[], language="zh")
    with app.test_request_context():
        assert digest_of(channel, uuid7(), FRIDAY).note == "明细登录巡店看。"


@pytest.mark.parametrize(("count", "said"), [(500, "500"), (501, "500+"), (502, "500+")])
def test_a_count_stops_where_that_of_the_start_page_does(app, company: Company, staff: Staff, count, said):
    row = {"outlet_id": company.outlet_id, "kind": "other", "received_on": FRIDAY, "received_by_id": company.supervisor_id}
    row |= {"due_on": FRIDAY, "state": "received", "made_at": EIGHT}
    db.session.execute(insert(Complaint), [row | {"id": f"c{number:05d}"} for number in range(count)])
    db.session.commit()
    channel = NoticeChannel(id=uuid7(), region_ids=[company.region_id], language="zh")
    boss = db.session.get_one(Person, company.supervisor_id)
    with app.test_request_context(), force_locale("zh"):
        message = digest_of(channel, uuid7(), FRIDAY)
        tiles = {counted.tile.label: counted.count for counted in counted_tiles(boss, FRIDAY)}
    (line,) = [line for line in message.lines if line.label == "投诉未处理"]
    assert (line.said, line.count) == (said, tiles["投诉未处理"])
    assert f"投诉未处理  {said}\n" in plain_text(message)
    bodies = {kind: request_of(kind, URL, "x" * 16, message, EIGHT).body.decode() for kind in (Kind.WECOM, Kind.DINGTALK, Kind.FEISHU)}
    assert f"**{said}**" in bodies[Kind.WECOM] and f"**{said}**" in bodies[Kind.DINGTALK] and f'"  {said}"' in bodies[Kind.FEISHU]
    (told,) = [one for one in json.loads(request_of(Kind.WEBHOOK, URL, "x" * 16, message, EIGHT).body)["lines"] if one["label"] == "投诉未处理"]
    assert told == {"label": "投诉未处理", "count": min(count, 501), "said": said, "href": line.href}
