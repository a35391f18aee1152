"""Notices by mail, through a small local mail server."""

import socketserver
import threading
from dataclasses import dataclass, field
from email import message_from_bytes, policy

import pytest

from server.config import settings_from_environment
from server.db import db
from server.notices.models import NoticeChannel
from server.notices.outbox import send_due
from tests.features.browsing import console
from tests.features.noticing import Clock, add_channel, add_waiting, allow_private, clock, delivery_of  # noqa: F401
from tests.features.staff import Staff, staff  # noqa: F401
from tests.sync.conftest import company  # noqa: F401

PASSWORD = "p@ss:word/1"


@dataclass
class Post:
    """A mail server: what it took, what it says to RCPT and DATA, and who signed in."""

    port: int = 0
    letters: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    at_data: bytes = b"250 kept"
    signed_in: list[str] = field(default_factory=list)


@pytest.fixture
def post():
    post = Post()

    class Desk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 here\r\n")
            while line := self.rfile.readline():
                words = line.decode().strip()
                verb = words.upper()
                if verb.startswith("EHLO"):
                    self.wfile.write(b"250-here\r\n250 AUTH PLAIN\r\n")
                elif verb.startswith("AUTH PLAIN"):
                    post.signed_in.append(words.split()[2])
                    self.wfile.write(b"235 welcome\r\n")
                elif verb.startswith("RCPT"):
                    to = words.partition("<")[2].partition(">")[0]
                    post.recipients.append(to)
                    self.wfile.write(f"550 no mailbox {PASSWORD}\r\n".encode() if to in post.refused else b"250 ok\r\n")
                elif verb == "DATA":
                    self.wfile.write(b"354 go on\r\n")
                    content = b""
                    while (row := self.rfile.readline()) != b".\r\n":
                        content += row
                    post.letters.append(content)
                    self.wfile.write(post.at_data + b"\r\n")
                elif verb == "QUIT":
                    self.wfile.write(b"221 bye\r\n")
                    return
                else:
                    self.wfile.write(b"250 ok\r\n")

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Desk)
    server.daemon_threads = True
    post.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield post
    server.shutdown()
    server.server_close()


@pytest.fixture
def waiting(app, staff: Staff, post: Post, clock: Clock):
    allow_private(app, smtp_url=f"smtp://user:p%40ss%3Aword%2F1@127.0.0.1:{post.port}", mail_from="巡店 <xundian@example.com>")
    with app.app_context():
        yield lambda to="boss@example.com": add_waiting(app, add_channel("mail", to, staff.ids["root"], clock()), clock())


def test_a_digest_goes_to_every_mailbox_under_the_events_id(app, waiting, post: Post, clock: Clock):
    import base64

    delivery_id = waiting("boss@example.com, chief@example.com")
    assert (send_due(clock), send_due(clock)) == (1, 0)
    letter = message_from_bytes(post.letters[0], policy=policy.default)
    assert post.recipients == ["boss@example.com", "chief@example.com"]
    assert (letter["Message-ID"], letter["Subject"]) == (f"<{delivery_id}@example.com>", delivery_of(delivery_id).content["title"])
    assert "全公司" in letter.get_content()
    assert base64.b64decode(post.signed_in[0]).decode() == f"\0user\0{PASSWORD}"
    assert PASSWORD not in post.letters[0].decode()
    assert (delivery_of(delivery_id).state, delivery_of(delivery_id).answer_status) == ("sent", 250)


def test_a_refusal_is_kept_in_words_and_tried_again(app, waiting, post: Post, clock: Clock):
    post.at_data = b"451 later"
    delivery_id = waiting()
    send_due(clock)
    delivery = delivery_of(delivery_id)
    assert (delivery.state, delivery.answer_code, delivery.answer_status, delivery.answer_text) == ("waiting", "mail_refused", 451, "later")
    post.at_data = b"250 kept"
    clock.on(seconds=91)
    assert send_due(clock) == 1


def test_no_mailbox_at_all_is_a_refusal_and_one_of_two_is_told(app, waiting, post: Post, clock: Clock):
    post.refused = {"gone@example.com"}
    none, one = waiting("gone@example.com"), waiting("gone@example.com; boss@example.com")
    send_due(clock)
    assert (delivery_of(none).answer_code, delivery_of(none).answer_status) == ("mail_refused", 550)
    assert PASSWORD not in delivery_of(none).answer_text
    assert (delivery_of(one).state, delivery_of(one).answer_text) == ("sent", "- 1/2")


def test_a_mail_server_that_is_away_is_unreachable(app, waiting, clock: Clock):
    delivery_id = waiting()
    allow_private(app, smtp_url="smtp://127.0.0.1:1")
    send_due(clock)
    assert delivery_of(delivery_id).answer_code == "unreachable"


def test_without_a_mail_server_nothing_is_sent(app, waiting, clock: Clock):
    delivery_id = waiting()
    allow_private(app, smtp_url="")
    send_due(clock)
    assert delivery_of(delivery_id).answer_code == "no_smtp"


MAILBOXES = [
    ("boss@example.com", 302),
    (",".join(["a@b.cn"] * 10), 302),
    (",".join(["a@b.cn"] * 11), 422),
    ("a@b.cn\r\nBcc: x@y.cn", 422),
    ("@b.cn", 422),
]


@pytest.mark.parametrize(("address", "status"), MAILBOXES)
def test_the_form_takes_up_to_ten_mailboxes(app, waiting, address, status):
    from sync.ids import uuid7

    sent = {"id": uuid7(), "name": "邮件", "kind": "mail", "address": address, "hour": "8", "language": "zh", "active": "yes"}
    assert console(app, "root").post("/notices", data=sent).status_code == status
    assert db.session.query(NoticeChannel).count() == (status == 302)


@pytest.mark.parametrize("url", ["http://mail.example.com", "smtps://", "mail.example.com", "smtp+tls://x"])
def test_a_wrong_setting_is_told_at_the_start(tmp_path, monkeypatch, url):
    monkeypatch.setenv("XUNDIAN_SMTP_URL", url)
    with pytest.raises(ValueError, match="XUNDIAN_SMTP_URL"):
        settings_from_environment(tmp_path)


@pytest.mark.parametrize("url", ["", "smtps://u:p@mail.example.com:465", "smtp+starttls://mail.example.com", "smtp://mail.example.com:25"])
def test_right_settings_are_kept(tmp_path, monkeypatch, url):
    monkeypatch.setenv("XUNDIAN_SMTP_URL", url)
    monkeypatch.setenv("XUNDIAN_MAIL_FROM", "a@b.cn")
    monkeypatch.setenv("XUNDIAN_NOTICES_TO_PRIVATE", "1")
    settings = settings_from_environment(tmp_path)
    assert (settings.smtp_url, settings.mail_from, settings.notices_to_private) == (url, "a@b.cn", True)
