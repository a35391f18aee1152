"""People in the console: adding, changing, leaving, returning, choosing a password. Happy, who may not, bad input, twice."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from server.audit.models import AuditRow
from server.clock import now, today
from server.db import db
from server.devices.models import Device
from server.feed.scopes import holds_scope
from server.jobs.nightly import run_nightly
from server.outlets.models import Assignment
from server.people.actions import add_person
from server.people.models import Person, PersonBreak, Region, Role
from server.staff.leaving import end_due_employments, end_employment, return_to_work
from sync.ids import uuid7
from sync.problems import Problem
from tests.features.browsing import console, untranslated
from tests.features.conftest import noon
from tests.features.staff import staff  # noqa: F401
from tests.statements import statements
from tests.sync.conftest import PASSWORD, signed_in

NEW = {"login": "rep9", "name": "何小满", "roles": ["rep"], "language": "en", "starts_on": "2026-11-02"}
ONE_DAY = timedelta(days=1)


def person_of(app, login: str) -> Person | None:
    with app.app_context():
        return db.session.scalar(select(Person).where(Person.login == login))


def audits(app, action: str) -> list[dict]:
    with app.app_context():
        return list(db.session.scalars(select(AuditRow.detail).where(AuditRow.action == action).order_by(AuditRow.id)))


def form_of(company, **changes):
    return NEW | {"regions": [company.region_id]} | changes


def test_an_administrator_adds_a_person_who_then_chooses_a_password(app, company, staff):
    root = console(app, "root")
    answer = root.post("/people", data=form_of(company))
    assert answer.status_code == 303
    person = person_of(app, "rep9")
    assert (person.name, person.role_names, person.region_ids, person.language) == ("何小满", ["rep"], [company.region_id], "en")
    assert person.starts_on == date(2026, 11, 2)
    with app.app_context():
        assert holds_scope(person.id, f"region:{company.region_id}")
    made = root.post(f"/people/{person.id}/password-link")
    assert made.status_code == 201 and made.headers["Cache-Control"] == "no-store"
    path = re.search(r'value="http://localhost(/password/[\w-]+)"', made.text)[1]
    stranger = app.test_client()
    assert "rep9" in stranger.get(path).text
    assert stranger.post(path, data={"password": "123456789", "again": "123456789"}).status_code == 422
    assert stranger.post(path, data={"password": "1234567890", "again": "1234567891"}).status_code == 422
    assert stranger.post(path, data={"password": "1234567890", "again": "1234567890"}).status_code == 303
    assert stranger.post("/login", data={"login": "rep9", "password": "1234567890"}).status_code == 302
    assert stranger.post(path, data={"password": "abcdefghij", "again": "abcdefghij"}).status_code == 410
    assert stranger.post("/login", data={"login": "rep9", "password": "abcdefghij"}).status_code == 401


def test_the_code_of_a_password_signs_no_phone_in_and_that_of_a_phone_sets_no_password(app, company, staff):
    root = console(app, "root")
    made = root.post(f"/people/{company.rep_id}/password-link").text
    code = re.search(r"/password/([\w-]+)", made)[1]
    assert app.test_client().post("/auth/v1/redeem", json={"code": code, "device_label": "x"}).status_code == 410
    phone_code = re.search(r"#/link/([\w-]+)", root.post("/devices/codes", data={"person_id": company.rep_id}).text)[1]
    assert app.test_client().get(f"/password/{phone_code}").status_code == 410
    assert "还没用的登录码" in root.get("/devices").text and root.get("/devices").text.count("赵广田") >= 1


def test_a_new_password_ends_the_sessions_of_the_old_one(app, company, staff):
    session = console(app, "rep1")
    path = re.search(r"/password/[\w-]+", console(app, "root").post(f"/people/{company.rep_id}/password-link").text)[0]
    app.test_client().post(path, data={"password": "a-new-password", "again": "a-new-password"})
    assert session.get("/outlets").status_code == 302


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"login": ""}, "login"),
        ({"login": "a" * 41}, "login"),
        ({"login": "two words"}, "login"),
        ({"login": "REP1"}, "login"),
        ({"name": ""}, "name"),
        ({"name": "名" * 61}, "name"),
        ({"roles": []}, "roles"),
        ({"roles": ["king"]}, "roles"),
        ({"regions": []}, "regions"),
        ({"regions": ["nowhere"]}, "regions"),
        ({"language": "fr"}, "language"),
        ({"starts_on": "yesterday"}, "starts_on"),
        ({"starts_on": "1949-12-31"}, "starts_on"),
    ],
)
def test_a_person_with_a_fault_is_not_added(app, company, staff, changes, field):
    before = person_count(app)
    answer = console(app, "root").post("/people", data=form_of(company, **changes))
    assert answer.status_code == 422 and f'id="bad-{field}"' in answer.text
    assert person_count(app) == before


def person_count(app) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count(Person.id)))


@pytest.mark.parametrize(
    "changes", [{"login": "a" * 40}, {"name": "名" * 60}, {"starts_on": ""}, {"starts_on": "1950-01-01"}, {"roles": ["ops"], "regions": []}]
)
def test_a_person_at_the_edge_of_what_can_be_is_added(app, company, staff, changes):
    assert console(app, "root").post("/people", data=form_of(company, **changes)).status_code == 303


@pytest.mark.parametrize("login", ["rep1", "boss", "chief", "ops", "payer", "clerk"])
def test_nobody_but_administrators_changes_people_and_regions(app, company, staff, login):
    client = console(app, login)
    for path in ("/people/new", f"/people/{company.rep_id}/edit", f"/people/{company.rep_id}/leaving", "/regions", f"/regions/{company.region_id}"):
        assert client.get(path).status_code == 403, path
    for path in ("/people", f"/people/{company.rep_id}", f"/people/{company.rep_id}/password-link", f"/people/{company.rep_id}/leaving"):
        assert client.post(path, data=form_of(company)).status_code == 403, path
    for path in (f"/people/{company.rep_id}/return", "/regions", f"/regions/{company.region_id}", f"/regions/{company.region_id}/removal"):
        assert client.post(path, data={"name": "x", "first_day": "2026-11-01"}).status_code == 403, path
    assert person_of(app, "rep9") is None


def test_the_list_shows_whom_the_reader_may_see(app, company, staff):
    assert console(app, "rep1").get("/people").status_code == 403
    own = console(app, "boss").get("/people").text
    assert "赵广田" in own and "周敏" in own and "孙涛" not in own and "城西区域" not in own
    everybody = console(app, "payer").get("/people").text
    assert "赵广田" in everybody and "孙涛" in everybody and "加一个人" not in everybody


def region_choices(client) -> list[str]:
    return re.findall(r'<option value="[^"]+"[^>]*>([^<]*区域)</option>', client.get("/people").text)


def test_the_list_lets_choose_the_regions_that_the_reader_may_see_by_name(app, company, staff):
    with app.app_context():
        far = db.session.get_one(Person, staff.ids["farboss"]).region_ids[0]
        last = Region(id="0" * 36, name="高新区域")
        db.session.add(last)
        db.session.flush()
        for login, roles in (("both", [Role.SUPERVISOR, Role.MANAGER]), ("two", [Role.SUPERVISOR])):
            regions = [company.region_id] if login == "both" else [far, last.id]
            add_person(login, "双", PASSWORD, roles, regions, now())
        db.session.commit()
    chosen = [region_choices(console(app, login)) for login in ("both", "two", "boss", "root")]
    assert chosen == [["城东区域", "城西区域", "高新区域"], ["城西区域", "高新区域"], ["城东区域"], ["城东区域", "城西区域", "高新区域"]]


def test_the_list_is_narrowed_by_name_login_role_region_and_standing(app, company, staff):
    client = console(app, "root")
    assert shown(client, "q=广田") == ["rep1"]
    assert shown(client, "q=FARR") == ["farrep"]
    assert shown(client, "role=supervisor") == ["boss", "farboss"]
    assert shown(client, f"region={company.region_id}&role=rep") == ["rep1", "rep2"]
    assert shown(client, "show=left") == []
    with app.app_context():
        end_employment(company.other_rep_id, today(), None, staff.ids["root"], now())
        db.session.commit()
    assert shown(client, "show=left") == ["rep2"] and "rep2" not in shown(client, "") and "rep2" in shown(client, "show=all")


def shown(client, query: str) -> list[str]:
    return re.findall(r'<td class="nw num seq" translate="no">(\w+)</td>', client.get(f"/people?{query}").text)


def test_the_list_is_read_with_few_queries_however_many_people_there_are(app, company, staff):
    client, counts = console(app, "root"), []
    for added in (0, 15):
        with app.app_context():
            for number in range(added):
                person = add_person(f"more{number}", "何小满", None, [Role.REP, Role.SUPERVISOR], [company.region_id], now())
                db.session.flush()
                db.session.add(
                    Assignment(id=uuid7(), outlet_id=company.outlet_id, person_id=person.id, starts_on=today(), ends_on=today(), made_at=now())
                )
            db.session.commit()
        with statements(app) as asked:
            assert client.get("/people?show=all").text.count("何小满") == added
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12


def test_changing_a_file_moves_its_scopes_and_is_audited_once(app, company, staff):
    root = console(app, "root")
    far = person_of(app, "farrep").region_ids[0]
    form = {"name": "林晓月", "roles": ["rep", "supervisor"], "regions": [far], "language": "zh", "starts_on": "2026-01-01"}
    for _ in range(2):
        assert root.post(f"/people/{company.other_rep_id}", data=form).status_code == 303
    with app.app_context():
        assert holds_scope(company.other_rep_id, f"region:{far}") and not holds_scope(company.other_rep_id, f"region:{company.region_id}")
    changed = audits(app, "person.changed")
    assert len(changed) == 1
    assert changed[0]["before"] == {"roles": ["rep"], "region_ids": [company.region_id], "starts_on": None}
    assert changed[0]["after"] == {"roles": ["rep", "supervisor"], "region_ids": [far], "starts_on": "2026-01-01"}


def test_a_rep_with_outlets_stays_a_rep(app, company, staff):
    form = {"name": "赵广田", "roles": ["ops"], "language": "zh", "starts_on": ""}
    answer = console(app, "root").post(f"/people/{company.rep_id}", data=form)
    assert answer.status_code == 422 and "先把网点交给别人" in answer.text
    assert console(app, "root").post(f"/people/{company.other_rep_id}", data=form).status_code == 303


def test_the_last_administrator_keeps_role_and_account(app, company, staff):
    root, own = console(app, "root"), staff.ids["root"]
    form = {"name": "高阳", "roles": ["ops"], "language": "zh", "starts_on": ""}
    assert "最后一个管理员" in root.post(f"/people/{own}", data=form).text
    assert "最后一个管理员" in root.post(f"/people/{own}/leaving", data={"last_day": today().isoformat()}).text
    assert person_of(app, "root").holds(Role.ADMIN) and person_of(app, "root").is_active
    root.post(f"/people/{staff.ids['ops']}", data={"name": "吴静", "roles": ["ops", "admin"], "language": "zh", "starts_on": ""})
    assert root.post(f"/people/{own}", data=form).status_code == 303
    assert root.get("/regions").status_code == 403


def test_an_administrator_whose_last_day_is_known_does_not_count_as_another(app, company, staff):
    root = console(app, "root")
    root.post(f"/people/{staff.ids['ops']}", data={"name": "吴静", "roles": ["ops", "admin"], "language": "zh", "starts_on": ""})
    root.post(f"/people/{staff.ids['ops']}/leaving", data={"last_day": (today() + ONE_DAY).isoformat()})
    assert "最后一个管理员" in root.post(f"/people/{staff.ids['root']}/leaving", data={"last_day": today().isoformat()}).text


def test_who_leaves_hands_outlets_over_from_the_next_day_and_loses_phone_and_session(app, company, staff):
    rep = console(app, "rep1")
    phone = signed_in(app, "rep1")
    form = {"last_day": today().isoformat(), "successor_id": company.other_rep_id}
    assert console(app, "root").post(f"/people/{company.rep_id}/leaving", data=form).status_code == 303
    assert rep.get("/outlets").status_code == 302
    assert phone.post("pull", client_id=phone.client_id, cursor=None, page=None, view_v=1).status_code == 401
    with app.app_context():
        rows = db.session.execute(select(Assignment.person_id, Assignment.starts_on, Assignment.ends_on).order_by(Assignment.starts_on)).all()
        mine = [tuple(row) for row in rows if row.person_id in (company.rep_id, company.other_rep_id)]
        assert mine == [(company.rep_id, date(2026, 1, 1), today())] * 2 + [(company.other_rep_id, today() + ONE_DAY, None)] * 2
        assert holds_scope(company.other_rep_id, f"outlet:{company.outlet_id}") and not holds_scope(company.rep_id, f"outlet:{company.outlet_id}")
        assert db.session.scalar(select(func.count(Device.id)).where(Device.person_id == company.rep_id, Device.revoked_at.is_(None))) == 0
    assert console(app, "root").post(f"/people/{company.rep_id}/leaving", data=form).status_code == 409


def test_outlets_nobody_takes_over_wait_in_the_region_for_a_rep(app, company, staff):
    yesterday = (today() - ONE_DAY).isoformat()
    console(app, "root").post(f"/people/{company.rep_id}/leaving", data={"last_day": yesterday, "successor_id": ""})
    page = console(app, "boss").get("/outlets?rep=none").text
    assert "CD-1" in page and "CD-2" in page
    assert audits(app, "person.left")[0] == {"last_day": yesterday, "outlets": 2, "complaints": 0, "successor_id": None}


@pytest.mark.parametrize(
    ("last_day", "successor", "field"),
    [
        ("soon", "", "last_day"),
        ("2025-12-31", "", "last_day"),
        (str(today() + timedelta(days=367)), "", "last_day"),
        (str(today() + ONE_DAY), "rep2", "successor_id"),
        (str(today()), "boss", "successor_id"),
        (str(today()), "rep1", "successor_id"),
    ],
)
def test_a_leaving_with_a_fault_changes_nothing(app, company, staff, last_day, successor, field):
    answer = console(app, "root").post(f"/people/{company.rep_id}/leaving", data={"last_day": last_day, "successor_id": staff.ids.get(successor, "")})
    assert answer.status_code == 422 and f'id="bad-{field}"' in answer.text
    person = person_of(app, "rep1")
    assert person.is_active and person.ends_on is None


def test_a_last_day_to_come_ends_everything_in_the_night_after_it(app, company, staff):
    last_day = today() + timedelta(days=3)
    console(app, "root").post(f"/people/{company.rep_id}/leaving", data={"last_day": last_day.isoformat()})
    assert console(app, "rep1").get("/outlets").status_code == 200
    with app.app_context():
        assert end_due_employments(noon(last_day)) == 0
        run_nightly(last_day + ONE_DAY, noon(last_day + ONE_DAY))
        assert end_due_employments(noon(last_day + ONE_DAY)) == 0
        person = db.session.get(Person, company.rep_id)
        assert not person.is_active and person.ends_on == last_day
        assert set(db.session.scalars(select(Assignment.ends_on).where(Assignment.person_id == company.rep_id))) == {last_day}


def test_a_last_day_to_come_can_be_taken_back(app, company, staff):
    root = console(app, "root")
    root.post(f"/people/{company.rep_id}/leaving", data={"last_day": (today() + ONE_DAY).isoformat()})
    assert root.post(f"/people/{company.rep_id}/return", data={"first_day": today().isoformat()}).status_code == 303
    assert person_of(app, "rep1").ends_on is None
    assert root.post(f"/people/{company.rep_id}/return", data={"first_day": today().isoformat()}).status_code == 409


def test_who_returns_is_let_in_again_and_the_days_between_are_kept(app, company, staff):
    with app.app_context():
        end_employment(company.rep_id, date(2026, 11, 10), None, staff.ids["root"], noon(date(2026, 11, 10)))
        with pytest.raises(Problem):
            return_to_work(company.rep_id, date(2026, 11, 10), staff.ids["root"], noon(date(2026, 11, 21)))
        return_to_work(company.rep_id, date(2026, 11, 21), staff.ids["root"], noon(date(2026, 11, 21)))
        db.session.commit()
        away = db.session.scalars(select(PersonBreak)).one()
        assert (away.starts_on, away.ends_on) == (date(2026, 11, 11), date(2026, 11, 20))
        assert holds_scope(company.rep_id, f"region:{company.region_id}") and not holds_scope(company.rep_id, f"outlet:{company.outlet_id}")
    assert console(app, "rep1").get("/outlets").status_code == 200


def test_a_person_out_of_reach_is_not_there(app, company, staff):
    assert console(app, "boss").get(f"/people/{staff.ids['farrep']}").status_code == 404
    assert console(app, "rep1").get(f"/people/{company.other_rep_id}").status_code == 404
    assert console(app, "rep1").get(f"/people/{company.rep_id}").status_code == 200
    assert console(app, "root").get("/people/nobody").status_code == 404


def test_pages_of_people_and_regions_are_in_english_too(app, company, staff):
    root = console(app, "root", "en")
    for path in ("/people", "/people/new", f"/people/{company.rep_id}", f"/people/{company.rep_id}/edit", f"/people/{company.rep_id}/leaving"):
        assert untranslated(root.get(path).text) == [], path
    for path in ("/regions", f"/regions/{company.region_id}"):
        assert untranslated(root.get(path).text) == [], path
    assert untranslated(root.post("/people", data={}).text) == []
    made = root.post(f"/people/{company.rep_id}/password-link").text
    assert untranslated(made) == []
    assert untranslated(root.get(re.search(r"/password/[\w-]+", made)[0]).text) == []
