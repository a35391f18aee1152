"""通知 on the console: who may, bad input on both sides of each bound, twice, a test message, and nothing secret on any page."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from server.db import db
from server.notices.addresses import address_fault
from server.notices.kinds import Kind
from server.notices.models import NoticeChannel, NoticeDelivery
from sync.ids import uuid7
from tests.features.browsing import console, untranslated
from tests.features.noticing import Robots, add_channel, allow_private, clock, robots  # noqa: F401
from tests.features.robots import KEY, PATHS, SECRET
from tests.features.staff import Staff, staff  # noqa: F401
from tests.sync.conftest import Company, company  # noqa: F401

WECOM = f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}"
GOOD = {"name": "城东主管群", "kind": "wecom", "address": WECOM, "hour": "8", "language": "zh", "active": "yes"}


def form(**changes: str) -> dict[str, str]:
    return GOOD | {"id": uuid7()} | changes


def rows(app) -> list[NoticeChannel]:
    with app.app_context():
        return list(db.session.scalars(select(NoticeChannel).order_by(NoticeChannel.made_at)))


@pytest.mark.parametrize("login", ["root", "chief"])
def test_an_administrator_and_a_manager_make_a_channel(app, staff: Staff, company: Company, login):
    client = console(app, login)
    answer = client.post("/notices", data=form(regions=company.region_id))
    (made,) = rows(app)
    assert answer.status_code == 302 and answer.headers["Location"] == f"/notices/{made.id}"
    assert (made.name, made.kind, made.region_ids, made.hour, made.language, made.is_active) == (
        "城东主管群",
        "wecom",
        [company.region_id],
        8,
        "zh",
        True,
    )
    assert made.hint == f"qyapi.weixin.qq.com …{KEY[-4:]}"


@pytest.mark.parametrize("login", ["rep1", "boss", "ops", "clerk", "payer"])
def test_nobody_else_may(app, staff: Staff, login):
    with app.app_context():
        channel_id = add_channel("wecom", WECOM, staff.ids["root"], clock_now())
    client = console(app, login)
    for path in ("/notices", "/notices/new", f"/notices/{channel_id}"):
        assert client.get(path).status_code == 403
    for path in ("/notices", f"/notices/{channel_id}", f"/notices/{channel_id}/tests"):
        assert client.post(path, data=form()).status_code == 403
    assert "/notices" not in client.get("/").text
    assert len(rows(app)) == 1


def clock_now():
    from server.clock import now

    return now()


def test_sending_the_form_twice_makes_one_channel(app, staff: Staff):
    client, sent = console(app, "root"), form()
    assert [client.post("/notices", data=sent).status_code for _ in range(2)] == [302, 302]
    assert len(rows(app)) == 1


BAD = [
    ({"name": ""}, "name", "required"),
    ({"kind": "sms"}, "kind", "choose"),
    ({"hour": "24"}, "hour", "choose"),
    ({"hour": "-1"}, "hour", "choose"),
    ({"language": "fr"}, "language", "choose"),
    ({"regions": "nowhere"}, "regions", "choose"),
    ({"address": ""}, "address", "required"),
    ({"address": "not an address"}, "address", "not_an_address"),
    ({"address": "https://user:pass@qyapi.weixin.qq.com/x?key=1"}, "address", "not_an_address"),
    ({"address": "http://qyapi.weixin.qq.com/x?key=1"}, "address", "not_https"),
    ({"address": "https://127.0.0.1/x?key=1"}, "address", "private_address"),
    ({"address": "https://8.8.8.8/x?k=1"}, "address", "not_of_wecom"),
    ({"kind": "dingtalk", "address": "https://8.8.8.8/x?access_token=1", "secret": "1234567"}, "secret", "secret_of_dingtalk"),
    ({"kind": "dingtalk", "address": "https://8.8.8.8/x?access_token=1", "secret": "x" * 201}, "secret", "secret_of_dingtalk"),
    ({"kind": "dingtalk", "address": "https://8.8.8.8/x?key=1", "secret": SECRET}, "address", "not_of_dingtalk"),
    ({"kind": "feishu", "address": "https://8.8.8.8/x", "secret": SECRET}, "address", "not_of_feishu"),
    ({"kind": "feishu", "address": "https://8.8.8.8/hook/x"}, "secret", "secret_of_feishu"),
    ({"kind": "webhook", "address": "https://8.8.8.8/x", "secret": "x" * 15}, "secret", "secret_of_webhook"),
    ({"kind": "mail", "address": "boss@example.com"}, "address", "no_smtp"),
    ({"kind": "mail", "address": "boss"}, "address", "not_mailboxes"),
]


@pytest.mark.parametrize(("changes", "name", "code"), BAD)
def test_bad_input_is_said_beside_its_field_and_changes_nothing(app, staff: Staff, changes, name, code):
    from server.console.faults import FAULT_WORDS

    answer = console(app, "root").post("/notices", data=form(**changes))
    assert answer.status_code == 422
    said = re.search(rf'id="bad-{name}">.*?</svg>(.*?)</span>', answer.text)
    assert said and said[1] == str(FAULT_WORDS[code])
    assert rows(app) == []


EDGES = [{"hour": "0"}, {"hour": "23"}, {"kind": "dingtalk", "address": "https://8.8.8.8/x?access_token=1", "secret": "12345678"}]
EDGES += [{"kind": "webhook", "address": "https://8.8.8.8/x", "secret": "x" * length} for length in (16, 200)]


@pytest.mark.parametrize("changes", EDGES)
def test_the_other_side_of_each_bound_is_taken(app, staff: Staff, changes):
    assert console(app, "root").post("/notices", data=form(**changes)).status_code == 302
    assert len(rows(app)) == 1


INSIDE = ["127.0.0.1", "10.0.0.8", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "[::1]", "[fd00::1]", "[fe80::1]"]
INSIDE += ["[::ffff:10.0.0.1]", "localhost", "robot", "robot.local", "metadata.internal", "LOCALHOST.", "224.0.0.1", "2130706433", "0x7f.1"]
INSIDE += ["[64:ff9b::a9fe:a9fe]", "[64:ff9b::808:808]", "[2002:7f00:1::]", "[2002:ffff::1]", "[::7f00:1]", "[::ffff]", "[fec0::1]", "[feff::1]"]
INSIDE += ["[2001:0:7f00:1::]", "[64:ff9b:1::a00:1]"]


@pytest.mark.parametrize("host", INSIDE)
def test_no_address_of_the_own_network_is_taken(host):
    assert address_fault(Kind.WEBHOOK, f"https://{host}/in", may_be_private=False) == "private_address"
    assert address_fault(Kind.WEBHOOK, f"http://{host}/in", may_be_private=True) == ""


@pytest.mark.parametrize("host", ["8.8.8.8", "[2606:4700::1111]", "[2003::1]", "[::ffff:8.8.8.8]", "172.15.0.1", "172.32.0.1", "11.0.0.1"])
def test_addresses_beside_the_own_network_are_taken(host):
    assert address_fault(Kind.WEBHOOK, f"https://{host}/in", may_be_private=False) == ""


def test_a_name_that_leads_inside_is_refused(monkeypatch):
    from server.notices import addresses

    def lookup(_host, port, **_words):
        return [(2, 1, 6, "", ("8.8.8.8", port)), (2, 1, 6, "", ("10.0.0.1", port))]

    monkeypatch.setattr(addresses.socket, "getaddrinfo", lookup)
    assert address_fault(Kind.WEBHOOK, "https://robot.example.com/in", may_be_private=False) == "private_address"


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("https://h.cn/" + "x" * 588, "not_an_address"),
        ("https://h.cn:99999/x", "not_an_address"),
        ("ftp://h.cn/", "not_an_address"),
        ("https://h.cn/" + "x" * 587, ""),
    ],
)
def test_odd_addresses_are_refused(address, code):
    assert address_fault(Kind.WEBHOOK, address, may_be_private=True) == code


def test_neither_address_nor_secret_is_on_any_page(app, staff: Staff):
    client = console(app, "root")
    sent = form(kind="dingtalk", address=f"https://8.8.8.8/robot/send?access_token={KEY}", secret=SECRET)
    client.post("/notices", data=sent)
    (made,) = rows(app)
    again = client.post("/notices", data=sent | {"name": "", "id": uuid7()})
    pages = [client.get(path).text for path in ("/notices", f"/notices/{made.id}")] + [again.text]
    assert again.status_code == 422
    for page in pages:
        assert KEY not in page and SECRET not in page


def test_a_refused_form_says_what_must_be_typed_again(app, staff: Staff):
    client = console(app, "root")
    sent = form(kind="dingtalk", address=f"https://8.8.8.8/robot/send?access_token={KEY}", secret=SECRET)
    again = client.post("/notices", data=sent | {"name": ""})
    assert again.status_code == 422 and again.text.count("请再填一遍。") == 2
    assert 'aria-describedby="again-secret"' in again.text and 'aria-describedby="again-address"' in again.text
    client.post("/notices", data=sent)
    (made,) = rows(app)
    changed = client.post(f"/notices/{made.id}", data=sent | {"name": ""})
    assert changed.status_code == 422 and changed.text.count("请再填一遍；空着就用原来的。") == 2
    assert KEY not in changed.text and SECRET not in changed.text
    untouched = client.post(f"/notices/{made.id}", data=sent | {"name": "", "address": "", "secret": ""})
    assert untouched.status_code == 422 and "再填一遍" not in untouched.text
    assert "再填一遍" not in client.get(f"/notices/{made.id}").text


def test_a_change_keeps_what_is_left_empty(app, staff: Staff):
    client = console(app, "root")
    client.post("/notices", data=form(kind="dingtalk", address=f"https://8.8.8.8/robot/send?access_token={KEY}", secret=SECRET))
    (before,) = rows(app)
    answer = client.post(
        f"/notices/{before.id}", data={"name": "新名字", "address": "", "secret": "", "hour": "9", "language": "en", "kind": "wecom"}
    )
    (after,) = rows(app)
    assert answer.status_code == 302
    assert (after.name, after.hour, after.language, after.is_active, after.kind) == ("新名字", 9, "en", False, "dingtalk")
    assert (after.address_sealed, after.secret_sealed) == (before.address_sealed, before.secret_sealed)


REGIONS = [([], False, 422), ([], True, 302), (["near"], True, 422), (["near"], False, 302), (["nowhere"], False, 422)]


@pytest.mark.parametrize(("ticked", "is_for_all", "status"), REGIONS)
def test_a_channel_of_regions_becomes_one_of_the_company_only_when_told(app, staff: Staff, company: Company, ticked, is_for_all, status):
    with app.app_context():
        channel_id = add_channel("wecom", WECOM, staff.ids["root"], clock_now(), region_ids=[company.region_id])
    client = console(app, "root")
    assert "改成全公司" in client.get(f"/notices/{channel_id}").text and "改成全公司" not in client.get("/notices/new").text
    regions = [company.region_id if one == "near" else one for one in ticked]
    sent = {"name": "名字", "hour": "8", "language": "zh", "regions": regions} | ({"everywhere": "yes"} if is_for_all else {})
    answers = [client.post(f"/notices/{channel_id}", data=sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [status] * 2
    assert ('id="bad-regions"' in answers[0].text) == (status == 422)
    assert rows(app)[0].region_ids == ([] if is_for_all and status == 302 else [company.region_id])


def test_a_channel_whose_region_is_gone_stays_with_it_until_another_is_chosen(app, staff: Staff, company: Company):
    with app.app_context():
        channel_id = add_channel("wecom", WECOM, staff.ids["root"], clock_now(), region_ids=["gone"])
    client = console(app, "root")
    answer = client.post(f"/notices/{channel_id}", data={"name": "名字", "hour": "8", "language": "zh"})
    assert answer.status_code == 422 and rows(app)[0].region_ids == ["gone"]
    answer = client.post(f"/notices/{channel_id}", data={"name": "名字", "hour": "8", "language": "zh", "regions": company.region_id})
    assert answer.status_code == 302 and rows(app)[0].region_ids == [company.region_id]


def test_an_unknown_channel_is_not_found(app, staff: Staff):
    client = console(app, "root")
    for answer in (client.get("/notices/x"), client.post("/notices/x", data=form()), client.post("/notices/x/tests")):
        assert answer.status_code == 404


@pytest.mark.parametrize("kind", tuple(PATHS))
def test_a_test_message_says_what_the_other_end_answered(app, staff: Staff, robots: Robots, kind):
    allow_private(app)
    client = console(app, "chief")
    client.post("/notices", data=form(kind=kind, address=robots.address(kind), secret=SECRET))
    (made,) = rows(app)
    robots.answers = [(200, {}, {"errcode": 0, "code": 0}), (400, {}, b"unknown group")]
    good, bad = (client.post(f"/notices/{made.id}/tests", follow_redirects=True).text for _ in range(2))
    assert "测试通知：对方收下了 200" in good
    assert "测试通知：对方不收 400：unknown group" in bad
    assert [given.is_signed for given in robots.given] == [True, True]
    assert KEY not in good + bad


def test_a_test_message_is_never_tried_again(app, staff: Staff, robots: Robots, clock):
    from server.notices.outbox import send_due

    allow_private(app)
    client = console(app, "root")
    client.post("/notices", data=form(address=robots.address("wecom")))
    robots.answers = [(500, {}, b"")]
    client.post(f"/notices/{rows(app)[0].id}/tests")
    with app.app_context():
        clock.on(hours=2)
        assert send_due(clock) == 0
        assert db.session.execute(select(NoticeDelivery.state, NoticeDelivery.day)).one() == ("given_up", None)


def test_too_many_tests_are_held_back(app, staff: Staff, robots: Robots):
    allow_private(app)
    client = console(app, "root")
    client.post("/notices", data=form(address=robots.address("wecom")))
    (made,) = rows(app)
    answers = [client.post(f"/notices/{made.id}/tests", follow_redirects=True).text for _ in range(21)]
    assert len(robots.given) == 20 and "等一分钟再试" in answers[-1]
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(NoticeDelivery)) == 21


@pytest.mark.parametrize(("language", "words"), [("zh", ["中文", "英文"]), ("en", ["Chinese", "English"])])
def test_languages_are_called_the_same_as_in_the_file_of_a_person(app, staff: Staff, language, words):
    client, choice = console(app, "root", language), r'<(?:option|input type="radio" name="language") value="(?:zh|en)"[^>]*>(?:<span>)?([^<]+)<'
    for path in ("/notices/new", "/people/new"):
        assert re.findall(choice, client.get(path).text) == words, path


@pytest.mark.parametrize("kind", ["wecom", "webhook"])
def test_every_page_is_english_when_asked(app, staff: Staff, robots: Robots, kind):
    allow_private(app)
    client = console(app, "root", "en")
    empty = [client.get(path).text for path in ("/notices", "/notices/new")]
    client.post("/notices", data=form(kind=kind, address=robots.address(kind), secret=SECRET, language="en"))
    (made,) = rows(app)
    client.post(f"/notices/{made.id}/tests")
    faults = client.post("/notices", data=form(address="https://127.0.0.1/", kind="mail", hour="x"))
    app.extensions["xundian"] = replace(app.extensions["xundian"], base_url="")
    for page in [*empty, client.get("/notices").text, client.get(f"/notices/{made.id}").text, faults.text]:
        assert untranslated(page) == []
