"""The pages of the office's work as a whole: few queries, htmx gets the part that changes, nothing inline."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import literal, select

from server.callbacks.actions import Wish, list_callback, make_callback
from server.churn.listing import list_churn
from server.churn.models import ChurnCase
from server.clock import now, today
from server.complaints.actions import Intake, receive_complaint
from server.console.tiles import CountedTile, Tile, by_urgency
from server.db import db
from server.devices.models import Device
from server.domain.months import Month
from server.followups.actions import Registered, register_follow_up
from server.materials.actions import Wanted, request_materials
from server.outlets.models import Outlet
from server.training.actions import Held, plan_outlet, record_training
from server.training.models import Training
from server.transactions.models import OutletTransfer
from sync.ids import uuid7
from tests.features.browsing import console, untranslated
from tests.features.conftest import stored_file
from tests.features.staff import Staff, staff  # noqa: F401
from tests.features.test_exports import csv_rows
from tests.statements import statements
from tests.sync.conftest import Company, company  # noqa: F401

MOST_QUERIES = 15  # a BEGIN is counted too; an outlet's page shows what five features know of it
LISTS = ("/complaints", "/follow-ups", "/materials", "/trainings", "/trainings/held", "/callbacks", "/churn")


@pytest.fixture
def addresses(app, company: Company, staff: Staff) -> list[str]:
    """A record of each kind, and the addresses of all pages about them."""
    outlet_id, day = company.outlet_id, today()
    with app.app_context():
        facts = (uuid7(), outlet_id, "other", False, True, day, "王秀兰", "", "到账慢", "")
        complaint_id = receive_complaint(Intake(*facts), staff.ids["ops"], now()).id
        request_id = request_materials(Wanted(uuid7(), outlet_id, "凭条纸", day), company.rep_id, now()).id
        follow_up_id = register_follow_up(Registered(uuid7(), outlet_id, "公示牌坏了", "rep", 3, now()), company.rep_id, now()).id
        held = (uuid7(), outlet_id, company.rep_id, day, False, "店内", "使用", ("王秀兰",), 1, "a" * 64, "b" * 64, "王秀兰")
        training_id = record_training(Held(*held), company.rep_id, now()).id
        plan_outlet(Month.of_date(day), outlet_id, company.supervisor_id, now())
        callback_id = list_callback(Wish("inspection", outlet_id, about_month=str(Month.of_date(day))), staff.ids["ops"], now()).id
        make_callback(callback_id, "not_visited", "没有见人", staff.ids["ops"], now())
        active = Month.of_date(day).previous().previous()
        db.session.add(OutletTransfer(outlet_id=outlet_id, on=date(active.year, active.month, 5), amount_yuan=Decimal("10")))
        list_churn(now(), waits_for_month=False)
        db.session.commit()
        case_id = db.session.scalars(select(ChurnCase.id)).one()
    details = [f"/complaints/{complaint_id}", f"/follow-ups/{follow_up_id}", f"/materials/{request_id}"]
    details += [f"/trainings/{training_id}", f"/callbacks/{callback_id}"]
    planned = f"/trainings/plans/{Month.of_date(day)}/{outlet_id}"
    return [*LISTS, *details, f"/churn/{case_id}", planned, f"/outlets/{outlet_id}", "/"]


@pytest.mark.parametrize(
    ("path", "chinese", "english"),
    [
        (
            "/complaints",
            "看 所有区域 里，归 所有片区负责人、由 任何人 经办的投诉，种类 各种",
            "Show complaints in all regions, of all reps, handled by anyone, any kind",
        ),
        (
            "/follow-ups",
            "看 所有区域 里，归 所有片区负责人 的备案问题，由 各方 来办",
            "Show follow-ups in all regions, of all reps, seen to by anyone",
        ),
        ("/materials", "看 所有区域 里，归 所有片区负责人 的物料申请", "Show material requests in all regions, of all reps"),
        ("/trainings/held", "看 所有区域 里，归 所有片区负责人 的培训", "Show trainings in all regions, of all reps"),
        ("/callbacks", "看 所有区域 里，归 所有片区负责人 的回访，种类 各种", "Show call-backs in all regions, of all reps, any kind"),
        ("/churn", "看 所有区域 里，归 所有片区负责人 的离网名单", "Show churn cases in all regions, of all reps"),
        ("/waiting/duplicates", "看 所有区域 里，有一个归 所有片区负责人 的成对网点", "Show pairs of outlets in all regions, of all reps"),
    ],
)
def test_the_sentence_above_a_list_names_what_is_listed(app, staff: Staff, path, chinese, english):
    assert said(console(app, "chief").get(path).text) == chinese
    assert said(console(app, "chief", "en").get(path).text) == english


def said(page: str) -> str:
    """The filter sentence, of each choice the first."""
    sentence = re.search(r'<form class="say".*?<p>(.*?)</p>', page, re.S)[1]
    sentence = re.sub(r"<select[^>]*>\s*<option[^>]*>([^<]*)</option>.*?</select>", r"\1", sentence, flags=re.S)
    return re.sub(r"<noscript>.*?</noscript>", "", sentence, flags=re.S).strip()


@pytest.mark.parametrize("login", ["boss", "rep1", "ops"])
def test_every_page_reads_with_few_queries_and_holds_nothing_inline(app, addresses, login):
    client = console(app, login)
    with statements(app) as asked:
        for path in addresses:
            asked.clear()
            answer = client.get(path)
            assert answer.status_code == 200, path
            assert len(asked) <= MOST_QUERIES, (path, len(asked), asked)
            assert "style=" not in answer.text and "<script>" not in answer.text, path


@pytest.mark.parametrize("path", LISTS)
def test_htmx_gets_the_list_alone(app, addresses, path):
    client = console(app, "boss")
    whole, part = client.get(path), client.get(path, headers={"HX-Request": "true"})
    assert "<!doctype html>" in whole.text and "<!doctype html>" not in part.text
    assert "<table" in part.text or 'class="empty"' in part.text


@pytest.mark.parametrize("path", LISTS)
def test_a_filter_finds_the_region_the_rep_and_the_outlet(app, addresses, company: Company, staff: Staff, path):
    client = console(app, "ops")
    state = {"/callbacks": "&state=made"}.get(path, "")
    for found in (f"region={company.region_id}", f"rep={company.rep_id}", f"outlet={company.outlet_id}"):
        assert "网点 CD-1" in client.get(f"{path}?{found}{state}").text, found
    for other in ("region=nowhere", f"rep={company.other_rep_id}", f"outlet={staff.far_outlet_id}"):
        assert "网点 CD-1" not in client.get(f"{path}?{other}{state}").text, other


@pytest.mark.parametrize(
    ("path", "state"),
    [
        *[("/complaints", "open"), ("/follow-ups", "open"), ("/materials", "open")],
        *[("/trainings/held", "held"), ("/callbacks", "made"), ("/churn", "open")],
    ],
)
def test_a_record_opened_from_a_list_keeps_its_filter(app, addresses, company: Company, path, state):
    """In the way to it, in the way back and in what is sent from it; the place in the list is left out."""
    query, client = f"region={company.region_id}&amp;state={state}", console(app, "boss")
    shown = client.get(f"{path}?{query.replace('&amp;', '&')}&after=").text
    [place] = re.findall(r'<th scope="row"><a href="([^"]*)"', shown)
    assert place.endswith(f"?{query}"), place
    page = client.get(place.replace("&amp;", "&")).text
    assert f'<li><a href="{path}?{query}">' in page
    sent = re.findall(r'<form class="pad stack"[^>]* action="([^"]*)"', page)
    assert all(action.endswith(f"?{query}") for action in sent), sent
    assert sent or path in ("/trainings/held", "/callbacks")


@pytest.mark.parametrize(
    ("path", "login", "deed", "data"),
    [
        ("/complaints", "ops", "assignment", {"kind": "other", "person_id": "boss"}),
        ("/follow-ups", "boss", "look", {"id": uuid7(), "outcome": "open", "note": "还没修"}),
        ("/follow-ups", "boss", "owner", {"owner": "ops"}),
        ("/churn", "boss", "words", {"source": "marketing", "said": "gone", "note": "关门了"}),
        ("/churn", "ops", "reason", {"reason": "closed_down"}),
    ],
)
def test_after_a_deed_the_record_still_has_the_filter(app, addresses, staff: Staff, path, login, deed, data):
    place = next(address for address in addresses if address.startswith(f"{path}/"))
    data = data | {name: staff.ids.get(value, value) for name, value in data.items() if name == "person_id"}
    answer = console(app, login).post(f"{place}/{deed}?region=east&state=open", data=data)
    assert (answer.status_code, answer.headers.get("Location")) == (302, f"{place}?region=east&state=open")


def test_the_home_page_counts_what_waits(app, addresses, company: Company):
    page = console(app, "ops").get("/").text
    assert all(words in page for words in ("投诉未处理", "备案未解决", "物料待配送", "本月待培训", "待回访", "离网待确认"))
    assert "投诉未处理" not in console(app, "payer").get("/").text


def test_what_waits_comes_by_urgency_and_what_does_not_apart():
    tiles = [
        CountedTile(Tile(f"{tone}{count}", literal(count), "/", "", tone), count) for tone, count in (("", 1), ("warm", 0), ("warm", 2), ("hot", 3))
    ]
    waiting, clear = by_urgency(tiles)
    assert ([one.tile.label for one in waiting], [one.tile.label for one in clear]) == (["hot3", "warm2", "1"], ["warm0"])


def test_the_start_page_names_what_does_not_wait_in_a_line(app, company: Company, staff: Staff):
    with app.app_context():
        receive_complaint(Intake(uuid7(), company.outlet_id, "other", False, True, today(), "投诉人", "", "到账慢", ""), staff.ids["ops"], now())
    waiting, clear = console(app, "boss").get("/").text.partition('class="tiles"')[2].split('class="clear"')
    assert "投诉未处理" in waiting and "<b>0</b>" not in waiting
    assert 'href="/complaints?state=resolved"><span>投诉待上报</span> <b>0</b>' in clear


def test_a_tile_opens_exactly_what_it_counts(app, company: Company, staff: Staff):
    """One of two complaints to be reported, of two planned trainings still open, of two phones not heard of."""
    with app.app_context():
        for number in range(2):
            facts = (uuid7(), company.outlet_id, "other", False, True, today(), f"投诉人{number}", "", "到账慢", "")
            complaint = receive_complaint(Intake(*facts), staff.ids["ops"], now())
        complaint.state, complaint.resolved_on = "resolved", today()
        for outlet_id in (company.outlet_id, company.second_outlet_id):
            plan_outlet(Month.of_date(today()), outlet_id, company.supervisor_id, now())
        training = Training(id=uuid7(), op_id=uuid7(), outlet_id=company.outlet_id, trainer_id=company.rep_id, trained_on=today(), received_at=now())
        training.is_new_customer, training.place, training.content, training.attendees, training.attendee_count = False, "店内", "收费", [], 1
        db.session.add(training)
        for hours, login in ((1, "旧机"), (200, "新机")):
            device = Device(id=uuid7(), person_id=company.rep_id, label=login, token_hash=login, created_at=now() - timedelta(hours=hours))
            db.session.add(device)
        db.session.commit()
    boss = console(app, "boss")
    home = boss.get("/").text
    for label, href in (
        ("投诉待上报", "/complaints?state=resolved"),
        ("本月待培训", "/trainings?state=open"),
        ("手机没有联系", "/devices?show=silent"),
    ):
        assert re.search(rf'href="{re.escape(href)}"[^>]*>\s*<span>{label}.*?<b>1</b>', home, re.DOTALL), label
        body = re.search(r"<tbody>(.*?)</tbody>", boss.get(href).text, re.DOTALL)
        assert body and body[1].count("<tr") == 1, label
    assert "投诉待上报" not in console(app, "chief").get("/").text
    [row] = csv_rows(boss.get("/exports/training-plan.csv?state=open"))
    assert row["网点"] == "网点 CD-2"


def test_an_outlets_page_leads_to_its_records(app, addresses, company: Company):
    page = console(app, "ops").get(f"/outlets/{company.outlet_id}").text
    lists = ("/complaints", "/follow-ups", "/follow-ups/new", "/materials", "/trainings/held", "/churn", "/complaints/new")
    for path in (f"{one}?outlet=" for one in lists):
        assert path + company.outlet_id in page
    assert "/complaints/new" not in console(app, "rep1").get(f"/outlets/{company.outlet_id}").text


def test_an_outlets_page_shows_its_latest_records_with_day_and_state(app, addresses, company: Company, staff: Staff):
    """What a reader may not see elsewhere is not here either."""
    with app.app_context():
        for number in range(6):
            request_materials(Wanted(uuid7(), company.outlet_id, f"第 {number} 批横幅", today() - timedelta(days=90 - number)), company.rep_id, now())
        facts = (uuid7(), company.outlet_id, "service", True, True, today(), "王秀兰", "", "态度", "")
        about_rep_id = receive_complaint(Intake(*facts), staff.ids["ops"], now()).id
        db.session.get_one(Outlet, company.outlet_id).storefront_photo = front = stored_file("storefront of the file")
        db.session.commit()
    path = f"/outlets/{company.outlet_id}"
    records = console(app, "ops").get(path).text.partition('id="records"')[2].partition("</section>")[0]
    shown = [kind for kind in ("complaints", "trainings", "materials") for _ in range(records.count(f'num"><a href="/{kind}/'))]
    assert shown == ["complaints"] * 2 + ["trainings"] + ["materials"] * 5
    assert [words in records for words in ("凭条纸", "第 5 批横幅", "第 2 批横幅", "第 1 批横幅")] == [True, True, True, False]
    assert records.index("凭条纸") < records.index("第 5 批横幅")
    assert "已培训" in records and "过期" in records and f"/photos/{front}?size=thumb" in records
    assert f"/complaints/{about_rep_id}" in records
    assert f"/complaints/{about_rep_id}" not in console(app, "rep1").get(path).text
    assert untranslated(console(app, "ops", "en").get(path).text) == []


def test_every_queue_has_the_keys_of_lists_and_says_which_link_begins_a_new_one(app, company: Company, staff: Staff):
    chief, boss = console(app, "chief", "en"), console(app, "boss", "en")
    for path in ("/complaints", "/follow-ups", "/materials", "/trainings", "/callbacks", "/churn", "/findings", "/outlets", "/waiting/duplicates"):
        shown = chief.get(path, follow_redirects=True).text
        assert shown.count('id="keys"') == 1 and "To the next row" in shown and shown.count('data-key="?"') == 1, path
        assert shown.count('data-key="n"') == shown.count("Begin a new one"), path
    assert 'id="keys"' in console(app, "root").get("/waiting/records").text
    for path in ("/waiting/changes", "/waiting/values", "/visits", "/visits/samples"):
        assert 'id="keys"' in boss.get(path).text, path
    assert 'data-key="n"' in console(app, "ops").get("/complaints").text
