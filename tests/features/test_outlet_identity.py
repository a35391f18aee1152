"""ID documents of outlets' owners: checked, sealed, masked, every full view logged. Happy, who may not, bad input, twice."""

import logging
import os
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import inspect, select, text

from server.audit.models import AuditRow
from server.clock import today
from server.config import _kept_secret, settings_from_environment
from server.db import db
from server.domain.resident_id import check_character
from server.outlets.models import Outlet
from server.people.models import PersonRole
from server.sealing import OtherKey, opened, sealed
from tests.features.browsing import console, untranslated
from tests.features.staff import Staff, staff  # noqa: F401
from tests.sync.conftest import Company, Phone, company, phone  # noqa: F401

NUMBER = "11010519491231002X"  # the example of GB 11643
MASKED = "1****************X"
PASSPORT = "E12345678"


def enter(client, outlet_id: str, number: str = NUMBER, kind: str = "resident_id"):
    return client.post(f"/outlets/{outlet_id}/identity", data={"id_kind": kind, "id_number": number})


def kept(app, outlet_id: str) -> tuple[str, str, str]:
    with app.app_context():
        outlet = db.session.get_one(Outlet, outlet_id)
        return outlet.id_kind, outlet.id_masked, outlet.id_sealed


def audited(app, action: str) -> list[AuditRow]:
    with app.app_context():
        return list(db.session.scalars(select(AuditRow).where(AuditRow.action == action).order_by(AuditRow.id)))


def whole_database(app) -> str:
    """Every value of every table as text."""
    with app.app_context():
        names = inspect(db.engine).get_table_names()
        return "\n".join(str(tuple(row)) for name in names for row in db.session.execute(text(f'SELECT * FROM "{name}"')))


def test_a_number_is_sealed_and_shown_masked_only(app, company: Company, staff: Staff, phone: Phone, caplog):
    caplog.set_level(logging.DEBUG)
    client = console(app, "boss")
    assert enter(client, company.outlet_id, " 110105 19491231 002x ").headers["Location"] == f"/outlets/{company.outlet_id}"
    kind, masked, token = kept(app, company.outlet_id)
    assert (kind, masked) == ("resident_id", MASKED)
    runs = [NUMBER[place : place + 6] for place in range(len(NUMBER) - 5)]
    assert [run for run in runs if run in token] == []
    assert NUMBER not in whole_database(app) and NUMBER not in caplog.text
    for path in (f"/outlets/{company.outlet_id}", f"/outlets/{company.outlet_id}/identity"):
        page = client.get(path).text
        assert MASKED in page and NUMBER not in page and "居民身份证" in page, path
    assert NUMBER not in client.get("/outlets").text
    puts = [event for event in phone.pull()[0] if event.get("id") == company.outlet_id and event["type"] == "outlet"]
    assert puts[-1]["doc"]["id_masked"] == MASKED and NUMBER not in str(puts)
    [row] = audited(app, "outlet.id_entered")
    assert (row.actor_id, row.subject_id, row.detail) == (company.supervisor_id, company.outlet_id, {"kind": "resident_id", "masked": MASKED})


@pytest.mark.parametrize(
    ("login", "status"),
    [
        *[("rep1", 302), ("boss", 302), ("chief", 302), ("rep2", 404), ("farboss", 404), ("farrep", 404)],
        *[("ops", 403), ("clerk", 403), ("payer", 403), ("root", 403)],
    ],
)
def test_the_number_is_entered_by_those_who_keep_the_file(app, company: Company, staff: Staff, login, status):
    assert enter(console(app, login), company.outlet_id).status_code == status
    assert bool(kept(app, company.outlet_id)[2]) == (status == 302)


@pytest.mark.parametrize(
    ("login", "status"),
    [
        *[("boss", 200), ("chief", 200), ("clerk", 200), ("farboss", 404)],
        *[("rep1", 403), ("rep2", 403), ("farrep", 403), ("ops", 403), ("payer", 403), ("root", 403)],
    ],
)
def test_the_whole_number_is_for_those_who_judge_files_and_each_look_is_logged(app, company: Company, staff: Staff, login, status):
    enter(console(app, "rep1"), company.outlet_id)
    client = console(app, login)
    for _ in range(2):
        answer = client.post(f"/outlets/{company.outlet_id}/identity/views")
        assert answer.status_code == status
        assert (NUMBER in answer.text) == (status == 200)
    rows = audited(app, "outlet.id_viewed")
    assert [(row.actor_id, row.subject_id) for row in rows] == [(staff.ids[login], company.outlet_id)] * (2 if status == 200 else 0)
    assert all(NUMBER not in str(row.detail) for row in rows)


def test_no_page_of_the_number_is_kept_by_a_browser(app, company: Company, staff: Staff):
    client = console(app, "boss")
    place = f"/outlets/{company.outlet_id}/identity"
    enter(client, company.outlet_id)
    answers = [client.get(place), client.post(f"{place}/views"), enter(client, company.outlet_id, "1"), enter(client, company.outlet_id)]
    assert [answer.headers["Cache-Control"] for answer in answers] == ["no-store"] * 4
    assert client.get(f"{place}/views").status_code == 405  # never by a link that a browser may fetch ahead


def test_a_person_of_several_roles_reaches_no_further_in_any(app, company: Company, staff: Staff):
    """A rep who also pays wages sees every file, but enters the numbers of own outlets only, and looks at none."""
    with app.app_context():
        db.session.add(PersonRole(person_id=company.other_rep_id, role="payroll"))
        db.session.commit()
    client = console(app, "rep2")
    assert client.get(f"/outlets/{company.outlet_id}").status_code == 200
    assert enter(client, company.outlet_id).status_code == 403
    assert client.post(f"/outlets/{company.outlet_id}/identity/views").status_code == 403


TOMORROW = "110105" + (today() + timedelta(days=1)).strftime("%Y%m%d") + "002"
BAD = [
    ("resident_id", "", "这里要填"),
    ("resident_id", "11010519491231002", "要 18 位"),
    ("resident_id", "1101051949123I002X", "前 17 位是数字"),
    ("resident_id", "11010519490230002X", "出生日期"),
    ("resident_id", TOMORROW + check_character(TOMORROW), "出生日期"),
    ("resident_id", "110105194912310021", "校验位不对"),
    ("passport", "E12", "5 到 30 位"),
    ("passport", "E1234?678", "5 到 30 位"),
    ("licence", NUMBER, "要选一个"),
    ("", NUMBER, "要选一个"),
]


@pytest.mark.parametrize(("kind", "number", "words"), BAD)
def test_a_number_that_cannot_be_is_refused_and_changes_nothing(app, company: Company, staff: Staff, kind, number, words):
    client = console(app, "boss")
    enter(client, company.outlet_id)
    before = kept(app, company.outlet_id)
    answer = enter(client, company.outlet_id, number, kind)
    assert answer.status_code == 422 and words in answer.text
    assert kept(app, company.outlet_id) == before
    assert len(audited(app, "outlet.id_entered")) == 1


def test_a_person_without_a_mainland_id_gives_another_document(app, company: Company, staff: Staff):
    client = console(app, "rep1")
    enter(client, company.outlet_id, "e 12345678", "passport")
    assert kept(app, company.outlet_id)[:2] == ("passport", "E*******8")
    assert PASSPORT in console(app, "clerk").post(f"/outlets/{company.outlet_id}/identity/views").text


def test_the_same_number_twice_is_one_change(app, company: Company, staff: Staff):
    client = console(app, "boss")
    enter(client, company.outlet_id)
    before = kept(app, company.outlet_id)
    assert enter(client, company.outlet_id).status_code == 302
    assert "没有改动" in client.get(f"/outlets/{company.outlet_id}").text
    assert kept(app, company.outlet_id) == before
    assert len(audited(app, "outlet.id_entered")) == 1


def test_a_file_without_a_number_has_none_to_show(app, company: Company, staff: Staff):
    assert console(app, "boss").post(f"/outlets/{company.outlet_id}/identity/views").status_code == 404
    assert audited(app, "outlet.id_viewed") == []


def test_a_sealed_number_opens_for_its_own_outlet_and_key_only(app, company: Company, staff: Staff):
    client = console(app, "boss")
    enter(client, company.outlet_id)
    token = kept(app, company.outlet_id)[2]
    with app.app_context():
        assert opened(token, company.outlet_id) == NUMBER
        assert sealed(NUMBER, company.outlet_id) != token
        for other in (token[:-2] + ("A" if token[-2] != "A" else "B") + token[-1], "1.", "1.!", "x", ""):
            with pytest.raises(OtherKey):
                opened(other, company.outlet_id)
        with pytest.raises(OtherKey):
            opened(token, company.second_outlet_id)
    app.extensions["xundian"] = replace(app.extensions["xundian"], id_key="0" * 64)
    answer = client.post(f"/outlets/{company.outlet_id}/identity/views")
    assert answer.status_code == 409 and "另一把密钥" in answer.text
    assert audited(app, "outlet.id_viewed") == []
    assert enter(client, company.outlet_id).status_code == 302  # typed again, it is sealed by the key at hand
    assert NUMBER in client.post(f"/outlets/{company.outlet_id}/identity/views").text


def test_the_pages_in_english_have_no_chinese_but_data(app, company: Company, staff: Staff):
    client = console(app, "boss", "en")
    place = f"/outlets/{company.outlet_id}/identity"
    assert untranslated(client.get(place).text) == []
    enter(client, company.outlet_id)
    for answer in (
        client.post(f"{place}/views"),
        enter(client, company.outlet_id, "1"),
        client.get(place),
        client.get(f"/outlets/{company.outlet_id}"),
    ):
        assert untranslated(answer.text) == []


def test_the_key_is_made_once_and_for_its_owner_only(tmp_path, monkeypatch):
    monkeypatch.delenv("XUNDIAN_ID_KEY", raising=False)
    first, second = settings_from_environment(tmp_path), settings_from_environment(tmp_path)
    assert first.sealing_key == second.sealing_key and re.fullmatch("[0-9a-f]{64}", first.sealing_key)
    for name in ("ids.key", "secret.key"):
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
    assert sorted(os.listdir(tmp_path)) == ["ids.key", "secret.key"]
    assert first.sealing_key != first.secret_key


def test_a_key_of_the_environment_wins_and_must_be_one(tmp_path, monkeypatch):
    monkeypatch.setenv("XUNDIAN_ID_KEY", "ab" * 32)
    assert settings_from_environment(tmp_path).sealing_key == "ab" * 32
    assert not (tmp_path / "ids.key").exists()
    monkeypatch.setenv("XUNDIAN_ID_KEY", "short")
    with pytest.raises(ValueError, match="XUNDIAN_ID_KEY"):
        settings_from_environment(tmp_path)


def test_processes_that_start_together_keep_one_key(tmp_path, monkeypatch):
    """Another process links its key between our look and our own link."""
    link = os.link

    def slower(source, target):
        target.write_text("f" * 64)
        link(source, target)

    monkeypatch.setattr(os, "link", slower)
    assert _kept_secret(tmp_path, "ids.key") == "f" * 64
    assert os.listdir(tmp_path) == ["ids.key"]
