"""Codes and links that let in once: what becomes of a person's others when one is used, and when the person leaves."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from server.clock import today
from server.db import db
from server.people.models import Person
from server.staff.leaving import return_to_work
from tests.features.browsing import console
from tests.features.conftest import noon
from tests.features.staff import staff  # noqa: F401

ONE_DAY = timedelta(days=1)


def links_of(root, person_id: str, count: int) -> list[str]:
    return [re.search(r"/password/[\w-]+", root.post(f"/people/{person_id}/password-link").text)[0] for _ in range(count)]


def choose(app, path: str, password: str) -> int:
    return app.test_client().post(path, data={"password": password, "again": password}).status_code


def test_a_password_link_is_no_good_after_another_was_used(app, company, staff):
    root = console(app, "root")
    older, newer = links_of(root, company.rep_id, 2)
    (of_another,) = links_of(root, company.other_rep_id, 1)
    phone_code = re.search(r"#/link/([\w-]+)", root.post("/devices/codes", data={"person_id": company.rep_id}).text)[1]
    assert [choose(app, newer, "1234567890"), choose(app, older, "abcdefghij"), choose(app, newer, "abcdefghij")] == [303, 410, 410]
    assert app.test_client().post("/login", data={"login": "rep1", "password": "1234567890"}).status_code == 302
    assert choose(app, of_another, "1234567890") == 303
    assert app.test_client().post("/auth/v1/redeem", json={"code": phone_code, "device_label": "x"}).status_code == 200


def test_two_links_of_a_person_at_once_set_one_password(app, company, staff):
    paths = links_of(console(app, "root"), company.rep_id, 4)
    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(lambda path: choose(app, path, "1234567890"), paths))
    assert sorted(statuses) == [303, 410, 410, 410]


def test_codes_made_before_somebody_left_are_dead_after_the_return(app, company, staff):
    root = console(app, "root")
    (path,) = links_of(root, company.rep_id, 1)
    phone_code = re.search(r"#/link/([\w-]+)", root.post("/devices/codes", data={"person_id": company.rep_id}).text)[1]
    root.post(f"/people/{company.rep_id}/leaving", data={"last_day": today().isoformat(), "successor_id": ""})
    with app.app_context():
        return_to_work(company.rep_id, today() + ONE_DAY, staff.ids["root"], noon(today() + ONE_DAY))
        db.session.commit()
        assert db.session.get_one(Person, company.rep_id).is_active
    assert choose(app, path, "1234567890") == 410
    assert app.test_client().post("/auth/v1/redeem", json={"code": phone_code, "device_label": "x"}).status_code == 410
