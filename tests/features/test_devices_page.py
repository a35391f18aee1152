"""The page of phones: how they stand, what may be wrong, and making one start over. Happy, who may not, twice."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from server.audit.models import AuditRow
from server.clock import now
from server.db import db
from server.devices.models import Device
from server.intake.models import SyncClient
from server.people.device_standing import Standing
from server.people.device_words import size_words, skew_words, troubles
from server.people.models import Person
from server.policy.actions import set_policy
from sync.times import iso_instant
from tests.features.browsing import console, untranslated
from tests.features.waiting import office  # noqa: F401
from tests.sync.conftest import Company, Phone, company, phone, signed_in, utc  # noqa: F401

NOON = utc("2026-11-24T04:00:00")


def device_id_of(app, company: Company) -> str:
    with app.app_context():
        return db.session.scalars(select(Device.id).where(Device.person_id == company.rep_id)).one()


@pytest.fixture
def told(app, company: Company, office, phone: Phone) -> str:
    """A phone that said how it stands with its push; the id of its device."""
    at = now()
    status = {"queue": 9, "oldest": iso_instant(at - timedelta(days=4)), "photos": 27, "free_bytes": 120_000_000, "is_persisted": False}
    head = {"proto": 1, "epoch": phone.epoch, "client_id": phone.client_id, "app": "1.4.0", "device_now": iso_instant(at + timedelta(minutes=11))}
    assert phone.post("push", **head, status=status, ops=[phone.op(company.outlet_id)]).status_code == 200
    return device_id_of(app, company)


def test_a_phone_is_shown_with_all_it_said(app, told):
    page = console(app, "boss").get("/devices").text
    for words in (
        "<strong>9</strong>",
        "照片 27 张",
        "120.0 MB",
        "浏览器可能清掉",
        "+11 分钟",
        "1.4.0",
        "最早一件等了 4 天",
        "空间快满",
        "时钟快 11 分",
    ):
        assert words in page, words


def test_what_a_phone_still_had_to_send_with_its_push_is_over_with_the_pull_behind_it(app, told, phone: Phone):
    """However soon it comes: a phone that is switched off then has nothing left to send."""
    status = {"queue": 0, "oldest": None, "photos": 0, "free_bytes": 120_000_000, "is_persisted": False}
    assert phone.post("pull", client_id=phone.client_id, cursor=None, page=None, status=status).status_code == 200
    page = console(app, "boss").get("/devices").text
    assert "<strong>0</strong>" in page
    assert "照片 27 张" not in page and "最早一件等了" not in page


def test_a_phone_that_said_nothing_shows_dashes(app, company: Company, office, phone: Phone):
    page = console(app, "boss").get("/devices").text
    assert "正常" in page and page.count("—") >= 3


def test_a_copied_phone_is_flagged_even_after_it_took_a_new_number(app, company: Company, told, phone: Phone):
    with app.app_context():
        db.session.execute(update(SyncClient).values(is_forked=True))
        db.session.commit()
    phone.client_id, phone.n = phone.client_id[:-1] + ("0" if phone.client_id[-1] != "0" else "1"), 0
    phone.push(phone.op(company.outlet_id))
    assert "数据被复制过" in console(app, "boss").get("/devices").text


@pytest.mark.parametrize(
    ("standing", "is_silent", "words"),
    [
        (Standing(), False, []),
        (Standing(), True, ["3 天没有联系"]),
        (Standing(skew_ms=300_000), False, []),
        (Standing(skew_ms=-300_001), False, ["时钟慢 5 分"]),
        (Standing(free_bytes=200_000_000), False, []),
        (Standing(free_bytes=199_999_999), False, ["空间快满"]),
        (Standing(queue_length=1, oldest_unsent_at=NOON - timedelta(days=2)), False, []),
        (Standing(queue_length=1, oldest_unsent_at=NOON - timedelta(days=2, seconds=1)), False, ["最早一件等了 2 天"]),
        (Standing(queue_length=0, oldest_unsent_at=NOON - timedelta(days=9)), False, []),
        (Standing(is_copied=True), False, ["数据被复制过"]),
    ],
)
def test_what_may_be_wrong_with_a_phone(app, standing, is_silent, words):
    with app.test_request_context():
        assert [trouble.words for trouble in troubles(standing, is_silent, 300_000, NOON)] == words


def test_the_policy_says_how_far_off_a_clock_is_named(app, told):
    assert "时钟快 11 分" in console(app, "boss").get("/devices").text
    with app.app_context():
        set_policy("sync.skew_flag_ms", "720000", date(2026, 1, 1), "试行", None, now())
    assert "时钟快" not in console(app, "boss").get("/devices").text


@pytest.mark.parametrize(
    ("skew_ms", "words"), [(None, "—"), (0, "0 秒"), (1_600, "+2 秒"), (-1_000, "−1 秒"), (660_000, "+11 分钟"), (-90_000, "−2 分钟")]
)
def test_clock_differences_in_words(app, skew_ms, words):
    with app.test_request_context():
        assert skew_words(skew_ms) == words


@pytest.mark.parametrize(("count", "words"), [(None, "—"), (5_100_000_000, "5.1 GB"), (240_000_000, "240.0 MB"), (50_000, "50 kB")])
def test_sizes_in_words(count, words):
    assert size_words(count) == words


def test_a_phone_told_to_start_over_does_so_once(app, company: Company, office, phone: Phone):
    _, cursor = phone.pull()
    assert phone.pull(cursor)[0] == []
    device_id = device_id_of(app, company)
    assert console(app, "boss").post(f"/devices/{device_id}/resync").status_code == 302
    events, cursor = phone.pull(cursor)
    assert events[0] == {"e": "reset"}
    assert {event["scope"] for event in events if event["e"] == "begin"} >= {f"outlet:{company.outlet_id}", f"user:{company.rep_id}"}
    assert phone.pull(cursor)[0] == []
    with app.app_context():
        assert db.session.scalars(select(AuditRow.actor_id).where(AuditRow.action == "device.resync_asked")).all() == [company.supervisor_id]


def test_other_phones_of_the_person_go_on(app, company: Company, office, phone: Phone):
    device_id = device_id_of(app, company)
    second = signed_in(app, "rep1")
    _, cursor = second.pull()
    assert console(app, "root").post(f"/devices/{device_id}/resync").status_code == 302
    assert {event["e"] for event in second.pull(cursor)[0]} == {"put"}


def test_a_revoked_phone_is_not_told_to_start_over(app, company: Company, office, phone: Phone):
    device_id = device_id_of(app, company)
    client = console(app, "boss")
    client.post(f"/devices/{device_id}/revocation")
    assert client.post(f"/devices/{device_id}/resync").status_code == 409


@pytest.mark.parametrize(("login", "status"), [("farboss", 404), ("rep1", 403), ("payer", 403), ("chief", 403)])
def test_only_those_who_manage_the_phone_make_it_start_over(app, company: Company, office, phone: Phone, login, status):
    assert console(app, login).post(f"/devices/{device_id_of(app, company)}/resync").status_code == status


def test_the_page_in_english_has_no_chinese_but_data(app, told):
    assert untranslated(console(app, "boss", "en").get("/devices").text) == []


def test_an_admin_stops_a_phone_of_somebody_who_has_left(app, company: Company, told):
    with app.app_context():
        db.session.execute(update(Person).where(Person.id == company.rep_id).values(is_active=False))
        db.session.commit()
    assert "赵广田" not in console(app, "boss").get("/devices").text
    assert console(app, "boss").post(f"/devices/{told}/revocation").status_code == 404
    admin = console(app, "root")
    assert "赵广田" in admin.get("/devices").text
    assert admin.post(f"/devices/{told}/revocation").status_code == 302
    with app.app_context():
        assert db.session.get_one(Device, told).revoked_at is not None
    assert admin.post("/devices/codes", data={"person_id": company.rep_id}).status_code == 404
