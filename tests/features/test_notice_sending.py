"""Robots and webhooks against a local server: signatures, back-off, kills, and nothing secret anywhere."""

import json
import socket
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from server.db import db
from server.notices import outbox, posting
from server.notices.actions import send_trial
from server.notices.outbox import send_due
from server.notices.pauses import pause_after
from tests.features.noticing import Clock, Robots, add_channel, allow_private, clock, delivery_of, outcome, robots, waiting  # noqa: F401
from tests.features.robots import KEY, PATHS, SECRET
from tests.features.staff import Staff, staff  # noqa: F401
from tests.sync.conftest import company  # noqa: F401

ROBOTS = tuple(PATHS)


@pytest.mark.parametrize("kind", ROBOTS)
def test_a_digest_arrives_once_with_a_right_signature(waiting, robots: Robots, clock: Clock, kind):
    delivery_id = waiting(kind)
    assert send_due(clock) == 1
    assert send_due(clock) == 0
    (given,) = robots.given
    assert (given.kind, given.is_signed, given.headers["content-type"]) == (kind, True, "application/json; charset=utf-8")
    assert outcome(delivery_id) == ("sent", 1, "taken")


@pytest.mark.parametrize("kind", ["dingtalk", "feishu", "webhook"])
def test_the_local_server_would_notice_a_wrong_secret(waiting, robots: Robots, clock: Clock, kind):
    waiting(kind, secret=f"{SECRET}x")
    send_due(clock)
    assert [given.is_signed for given in robots.given] == [False]


@pytest.mark.parametrize("kind", ROBOTS)
def test_the_shape_is_the_one_that_the_robot_takes(waiting, robots: Robots, clock: Clock, kind):
    delivery_id = waiting(kind)
    send_due(clock)
    document = robots.given[0].document
    title = delivery_of(delivery_id).content["title"]
    if kind == "wecom":
        assert document["msgtype"] == "markdown" and document["markdown"]["content"].startswith(f"### {title}")
    elif kind == "dingtalk":
        assert document["msgtype"] == "markdown" and document["markdown"]["title"] == title and title in document["markdown"]["text"]
    elif kind == "feishu":
        assert document["msg_type"] == "post" and document["content"]["post"]["zh_cn"]["title"] == title
    else:
        assert (document["id"], document["type"], document["title"]) == (delivery_id, "digest", title)
    assert delivery_id[-8:] in robots.given[0].body.decode()


STATUSES = [("webhook", 400), ("webhook", 404), ("webhook", 429), ("webhook", 500), ("wecom", 503), ("dingtalk", 429), ("feishu", 429)]


@pytest.mark.parametrize(("kind", "status"), STATUSES)
def test_a_refusal_is_tried_again_later_with_the_same_event(waiting, robots: Robots, clock: Clock, kind, status):
    robots.answers = [(status, {}, b"no")]
    delivery_id = waiting(kind)
    send_due(clock)
    state, attempts, code = outcome(delivery_id)
    assert (state, attempts, code) == ("waiting", 1, "too_often" if status == 429 else "failing" if status >= 500 else "refused")
    assert timedelta(seconds=30) <= delivery_of(delivery_id).next_try_at - clock() <= timedelta(seconds=90)
    send_due(clock)
    assert len(robots.given) == 1
    clock.on(seconds=91)
    send_due(clock)
    assert outcome(delivery_id) == ("sent", 2, "taken")
    assert all(delivery_id[-8:] in given.body.decode() for given in robots.given)


CODES = [
    ("wecom", {"errcode": 45009, "errmsg": "api freq out of limit"}, "too_often", 60),
    ("wecom", {"errcode": 93000, "errmsg": "invalid webhook url"}, "refused", 30),
    ("dingtalk", {"errcode": 130101, "errmsg": "send too fast"}, "too_often", 600),
    ("dingtalk", {"errcode": 310000, "errmsg": "sign not match"}, "refused", 30),
    ("feishu", {"code": 11232, "msg": "frequency limited"}, "too_often", 60),
    ("feishu", {"code": 9499, "msg": "too many request"}, "too_often", 60),
    ("feishu", {"code": 19021, "msg": "sign match fail"}, "refused", 30),
    ("wecom", b"<html>portal</html>", "unread", 30),
    ("wecom", [], "unread", 30),
    ("feishu", {"ok": True}, "unread", 30),
]


@pytest.mark.parametrize(("kind", "document", "code", "least_s"), CODES)
def test_a_refusal_within_a_200_is_understood(waiting, robots: Robots, clock: Clock, kind, document, code, least_s):
    robots.answers = [(200, {}, document)]
    delivery_id = waiting(kind)
    assert send_due(clock) == 0
    assert outcome(delivery_id) == ("waiting", 1, code)
    assert delivery_of(delivery_id).next_try_at - clock() >= timedelta(seconds=least_s)
    if code != "unread":
        said = next(word for word in document.values() if isinstance(word, str))
        assert said in delivery_of(delivery_id).answer_text


def test_the_older_answer_of_feishu_is_understood(waiting, robots: Robots, clock: Clock):
    robots.answers = [(200, {}, {"StatusCode": 0, "StatusMessage": "success"})]
    waiting("feishu")
    assert send_due(clock) == 1


@pytest.mark.parametrize(("header", "seconds"), [("600", 600), ("7200", 7200), ("0", 30), ("nonsense", 30), ("-5", 30)])
def test_retry_after_is_heeded(waiting, robots: Robots, clock: Clock, header, seconds):
    robots.answers = [(429, {"Retry-After": header}, b"")]
    delivery_id = waiting()
    send_due(clock)
    pause = (delivery_of(delivery_id).next_try_at - clock()).total_seconds()
    assert pause == seconds if seconds > 90 else 30 <= pause <= 90


def test_retry_after_as_a_date_is_heeded(waiting, robots: Robots, clock: Clock):
    at = (clock() + timedelta(hours=2)).astimezone(UTC)
    robots.answers = [(503, {"Retry-After": at.strftime("%a, %d %b %Y %H:%M:%S GMT")}, b"")]
    delivery_id = waiting()
    send_due(clock)
    assert timedelta(minutes=119) < delivery_of(delivery_id).next_try_at - clock() < timedelta(minutes=121)


@pytest.mark.parametrize(("attempts", "least_s", "most_s"), [(1, 30, 90), (2, 60, 180), (3, 120, 360), (7, 1800, 5400), (40, 1800, 5400)])
def test_pauses_double_up_to_an_hour_and_are_spread(attempts, least_s, most_s):
    assert pause_after(attempts, 0.0) == timedelta(seconds=least_s)
    assert pause_after(attempts, 1.0) == timedelta(seconds=most_s)
    assert pause_after(attempts, 0.0, asked_s=86400) == timedelta(days=1)


def test_silence_ends_in_time(waiting, robots: Robots, clock: Clock, monkeypatch):
    monkeypatch.setattr(posting, "CONNECT_S", 0.2)
    robots.answers = [2.0]
    delivery_id = waiting()
    begun = datetime.now(UTC)
    send_due(clock)
    assert datetime.now(UTC) - begun < timedelta(seconds=2)
    assert outcome(delivery_id) == ("waiting", 1, "timeout")


def test_an_answer_that_drips_ends_in_time(clock: Clock):
    """Each byte comes in time, the whole never would."""
    import threading

    from server.notices.addresses import Unreached
    from server.notices.messages import Request

    listening = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        door, _ = listening.accept()
        with door:
            try:
                door.recv(65536)
                for letter in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 200:
                    door.sendall(bytes([letter]))
                    threading.Event().wait(0.05)
            except OSError:
                pass  # the other side had enough

    threading.Thread(target=drip, daemon=True).start()
    begun = datetime.now(UTC)
    with pytest.raises(Unreached) as fault:
        posting.post(Request(f"http://127.0.0.1:{listening.getsockname()[1]}/", b"{}", {}), True, most_seconds=0.5)
    listening.close()
    assert fault.value.code == "timeout" and datetime.now(UTC) - begun < timedelta(seconds=3)


def test_a_closed_port_and_an_unknown_host_are_told_apart(waiting, clock: Clock):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    closed = waiting(address=f"http://127.0.0.1:{port}/in/x")
    unknown = waiting(address="http://nowhere.invalid/in/x")
    send_due(clock)
    assert (outcome(closed), outcome(unknown)) == (("waiting", 1, "unreachable"), ("waiting", 1, "no_host"))


def test_a_redirect_is_not_followed(waiting, robots: Robots, clock: Clock):
    robots.answers = [(302, {"Location": robots.address("wecom")}, b"")]
    delivery_id = waiting()
    send_due(clock)
    assert len(robots.given) == 1
    assert outcome(delivery_id) == ("waiting", 1, "redirected")


@pytest.mark.parametrize("address", ["http://127.0.0.1:{port}/in/x", "https://localhost:{port}/in/x", "https://[::1]:{port}/in/x"])
def test_without_the_setting_nothing_goes_inside(app, waiting, robots: Robots, clock: Clock, address):
    delivery_id = waiting(address=address.format(port=robots.url.rpartition(":")[2]))
    allow_private(app)
    app.extensions["xundian"] = type(app.extensions["xundian"])(**(vars(app.extensions["xundian"]) | {"notices_to_private": False}))
    send_due(clock)
    assert outcome(delivery_id) == ("waiting", 1, "private")
    assert robots.given == []


def test_a_certificate_that_nobody_vouches_for_is_refused(app, waiting, robots: Robots, clock: Clock):
    """The local server speaks no TLS at all, which is as untrusted as can be."""
    delivery_id = waiting(address=robots.address("webhook").replace("http:", "https:"))
    send_due(clock)
    assert outcome(delivery_id) == ("waiting", 1, "tls")
    assert robots.given == []


def test_after_a_day_it_is_given_up_with_the_reason(waiting, robots: Robots, clock: Clock):
    robots.answers = [(500, {}, b"out of order")] * 200
    delivery_id, begun = waiting(), clock()
    while delivery_of(delivery_id).state == "waiting":
        send_due(clock)
        clock.on(minutes=5)
    delivery = delivery_of(delivery_id)
    assert (delivery.state, delivery.answer_code, delivery.answer_status, delivery.answer_text) == ("given_up", "failing", 500, "out of order")
    assert timedelta(hours=22) < clock() - begun <= timedelta(hours=24, minutes=5)
    assert 18 <= delivery.attempts <= 60
    clock.on(days=2)
    assert send_due(clock) == 0
    assert len(robots.given) == delivery.attempts


def test_a_day_without_the_server_gives_up_what_was_never_tried(waiting, robots: Robots, clock: Clock):
    delivery_id = waiting()
    clock.on(days=1)
    send_due(clock)
    assert outcome(delivery_id) == ("given_up", 0, "") and robots.given == []


def test_a_process_killed_while_sending_sends_the_same_event_again(waiting, robots: Robots, clock: Clock, monkeypatch):
    delivery_id = waiting()

    def killed(*_words: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(outbox, "_note", killed)
    with pytest.raises(KeyboardInterrupt):
        send_due(clock)
    monkeypatch.undo()
    db.session.remove()
    assert outcome(delivery_id) == ("waiting", 1, "")
    assert send_due(clock) == 0
    clock.on(minutes=3)
    assert send_due(clock) == 1
    assert [given.document["id"] for given in robots.given] == [delivery_id] * 2
    assert outcome(delivery_id) == ("sent", 2, "taken")


def test_a_late_failure_does_not_undo_what_was_taken(waiting, robots: Robots, clock: Clock):
    from server.notices.answers import Answer

    delivery_id = waiting()
    first = outbox._next_claim(clock())
    clock.on(minutes=3)
    send_due(clock)
    outbox._note(first, Answer("timeout"), clock())
    assert outcome(delivery_id) == ("sent", 2, "taken")


@pytest.mark.parametrize("kind", ROBOTS)
def test_no_secret_is_in_body_table_or_audit(app, waiting, robots: Robots, staff: Staff, clock: Clock, kind):
    address, words = robots.address(kind), KEY if kind == "wecom" else f"{KEY} {SECRET}"
    echo = {"errcode": 1, "code": 1, "errmsg": words, "msg": words}
    robots.answers = [(200 if kind != "webhook" else 400, {}, echo)]
    delivery_id = waiting(kind)
    send_due(clock)
    send_trial(delivery_of(delivery_id).channel_id, staff.ids["root"], clock())
    for given in robots.given:
        for secret in (SECRET, KEY, address, app.extensions["xundian"].secret_key * 8, app.extensions["xundian"].sealing_key):
            assert secret not in given.body.decode()
    assert delivery_of(delivery_id).answer_code == "refused"
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(select(table)):
            words = json.dumps([str(value) for value in row], ensure_ascii=False)
            assert SECRET not in words and KEY not in words, table.name


def test_another_key_says_that_the_address_is_lost(app, waiting, robots: Robots, clock: Clock):
    delivery_id = waiting()
    allow_private(app, id_key="0" * 64)
    send_due(clock)
    assert outcome(delivery_id) == ("waiting", 1, "other_key") and robots.given == []
