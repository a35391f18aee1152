"""The office corrects an outlet's file 改资料. Happy, who may not, bad input, twice, changed under one's hands."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from server.audit.models import AuditRow
from server.clock import now, today
from server.db import db
from server.outlets.actions import assign_outlets
from server.outlets.edits import set_outlet_field
from server.outlets.fields import Writer
from server.outlets.models import Agent, AgentNameBefore, Outlet, OutletClassChange
from tests.features.browsing import console, untranslated
from tests.features.outlet_files import document, op
from tests.features.staff import Staff, staff  # noqa: F401
from tests.sync.conftest import Company, Phone, company, phone  # noqa: F401


@pytest.fixture
def place(app, company: Company) -> str:
    with app.app_context():
        outlet = db.session.get_one(Outlet, company.outlet_id)
        outlet.phone, outlet.address, outlet.floor_area_m2 = "13800000000", "解放路 1 号", 80
        db.session.commit()
    return f"/outlets/{company.outlet_id}"


def form_of(client, place: str) -> dict[str, str]:
    """What a browser would send when nothing was touched."""
    page = client.get(f"{place}/edit").text.partition(f'action="{place}"')[2]
    form = dict(re.findall(r'<input type="hidden" translate="no" name="(base\.[^"]+)" value="([^"]*)"', page))
    form |= {name: value for name, value in re.findall(r'<input type="text" [^>]*name="([^"]+)"[^>]* value="([^"]*)"', page)}
    return form | {"is_franchised_or_own_hall": form["base.is_franchised_or_own_hall"]}


def file_of(app, outlet_id: str) -> Outlet:
    with app.app_context():
        return db.session.get_one(Outlet, outlet_id)


def edited(app) -> list[AuditRow]:
    with app.app_context():
        return list(db.session.scalars(select(AuditRow).where(AuditRow.action == "outlet.edited").order_by(AuditRow.at)))


def test_a_supervisor_corrects_a_phone_number_and_the_phone_hears_of_it(app, company: Company, place, phone: Phone):
    boss = console(app, "boss")
    assert f'href="{place}/edit"' in boss.get(place).text
    answer = boss.post(place, data=form_of(boss, place) | {"phone": "13911112222", "contact": "隔壁 王姐"}, follow_redirects=True)
    assert "资料已改，手机下次同步就会看到。" in answer.text
    found = file_of(app, company.outlet_id)
    assert (found.phone, found.contact, found.address, found.name) == ("13911112222", "隔壁 王姐", "解放路 1 号", "网点 CD-1")
    assert (found.floor_area_m2, found.monthly_fee_yuan, found.agent_id) == (80, None, None)
    assert document(phone, company.outlet_id)["phone"] == "13911112222"
    [row] = edited(app)
    assert (row.actor_id, row.subject_id, row.detail["fields"]) == (company.supervisor_id, company.outlet_id, ["contact", "phone"])
    assert row.detail["before"] == {"contact": "", "phone": "13800000000", "outlet_class": "C"}
    assert row.detail["after"] == {"contact": "隔壁 王姐", "phone": "13911112222", "outlet_class": "C"}


def test_the_form_says_in_what_it_measures(app, place):
    for language, units in (("zh", ("平方米", "元")), ("en", ("m²", "yuan"))):
        page = console(app, "boss", language).get(f"{place}/edit").text
        assert all(f"<em>{unit}</em>" in page for unit in units)


def test_the_class_is_computed_anew(app, company: Company, place):
    boss = console(app, "boss")
    assert boss.post(place, data=form_of(boss, place) | {"floor_area_m2": "200.01"}).status_code == 302
    found = file_of(app, company.outlet_id)
    assert (str(found.floor_area_m2), found.outlet_class, found.class_reasons) == ("200.01", "A", ["A.area"])
    with app.app_context():
        query = select(OutletClassChange.outlet_class, OutletClassChange.valid_from).where(OutletClassChange.outlet_id == company.outlet_id)
        assert db.session.execute(query.order_by(OutletClassChange.valid_from.desc())).first() == ("A", today())


def test_values_of_every_kind_are_kept(app, company: Company, place):
    boss = console(app, "boss")
    typed = {"agent_name": "万家代理", "is_franchised_or_own_hall": "yes", "chain_outlets": "3", "monthly_fee_yuan": "1200.5", "phone": ""}
    assert boss.post(place, data=form_of(boss, place) | typed).status_code == 302
    found = file_of(app, company.outlet_id)
    assert (found.is_franchised_or_own_hall, found.chain_outlets, str(found.monthly_fee_yuan), found.phone) == (True, 3, "1200.50", "")
    with app.app_context():
        assert db.session.get_one(Agent, found.agent_id).name == "万家代理"
    assert boss.post(place, data=form_of(boss, place) | {"chain_outlets": "", "is_franchised_or_own_hall": "", "agent_name": ""}).status_code == 302
    found = file_of(app, company.outlet_id)
    assert (found.is_franchised_or_own_hall, found.chain_outlets, found.agent_id) == (None, None, None)


def test_a_retired_agent_is_typed_for_no_outlet_but_stays_on_its_own(app, company: Company, place):
    with app.app_context():
        db.session.add_all([Agent(id="agent-1", name="万家代理", retired_at=now()), Agent(id="agent-2", name="蜀都代理商")])
        db.session.flush()
        db.session.add(AgentNameBefore(name="万家", agent_id="agent-1"))
        db.session.commit()
    boss = console(app, "boss")
    for typed in ("万家代理", "万家"):
        answer = boss.post(place, data=form_of(boss, place) | {"agent_name": typed, "address": "人民路 9 号"})
        assert answer.status_code == 422 and 'id="bad-agent_name"' in answer.text and "这个代理商停用着" in answer.text
        assert untranslated(console(app, "boss", "en").post(place, data=form_of(boss, place) | {"agent_name": typed}).text) == []
    found = file_of(app, company.outlet_id)
    assert (found.agent_id, found.address) == (None, "解放路 1 号")
    with app.app_context():
        db.session.get_one(Outlet, company.outlet_id).agent_id = "agent-1"
        db.session.commit()
    boss = console(app, "boss")
    assert boss.post(place, data=form_of(boss, place) | {"address": "人民路 9 号"}).status_code == 302
    found = file_of(app, company.outlet_id)
    assert (found.agent_id, found.address) == ("agent-1", "人民路 9 号")


def test_an_outlet_that_nobody_has_is_corrected_too(app, company: Company, staff: Staff, place):
    with app.app_context():
        assign_outlets([company.outlet_id], None, date(2026, 10, 1), company.supervisor_id, now())
    chief = console(app, "chief")
    assert chief.post(place, data=form_of(chief, place) | {"phone": "13911112222"}).status_code == 302
    assert file_of(app, company.outlet_id).phone == "13911112222"


@pytest.mark.parametrize(("login", "status"), [("rep1", 403), ("ops", 403), ("clerk", 403), ("payer", 403), ("root", 403), ("farboss", 404)])
def test_only_the_regions_supervisor_and_the_manager_correct_files(app, company: Company, staff: Staff, place, login, status):
    client = console(app, login)
    assert client.get(f"{place}/edit").status_code == client.post(place, data={"phone": "1"}).status_code == status
    assert client.get(place).status_code == 404 or f'href="{place}/edit"' not in client.get(place).text
    assert file_of(app, company.outlet_id).phone == "13800000000"


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("name", " ", "这里要填。"),
        ("phone", "1" * 41, "太长了，写短一些。"),
        ("floor_area_m2", "八十", "写成 80 或 80.50 这样的数"),
        ("floor_area_m2", "80.555", "写成 80 或 80.50 这样的数"),
        ("monthly_fee_yuan", "-1", "写成 80 或 80.50 这样的数"),
        ("chain_outlets", "-1", "写成 0 以上的整数。"),
        ("households_nearby", "many", "写成 0 以上的整数。"),
        ("is_franchised_or_own_hall", "maybe", "要选一个。"),
    ],
)
def test_a_fault_stands_beside_its_field_and_what_was_typed_is_kept(app, company: Company, place, name, typed, words):
    boss = console(app, "boss")
    answer = boss.post(place, data=form_of(boss, place) | {"address": "人民路 9 号", name: typed})
    assert answer.status_code == 422
    beside = answer.text.partition(f'id="bad-{name}"')[2].partition("</label>")[0]
    assert words in beside and 'value="人民路 9 号"' in answer.text
    assert file_of(app, company.outlet_id).address == "解放路 1 号" and edited(app) == []


def test_the_same_form_sent_twice_changes_the_file_once(app, company: Company, place):
    boss = console(app, "boss")
    form = form_of(boss, place) | {"phone": "13911112222", "floor_area_m2": "80"}
    assert boss.post(place, data=form).status_code == 302
    assert "和资料里的一样，什么也没改。" in boss.post(place, data=form, follow_redirects=True).text
    assert len(edited(app)) == 1


def test_what_a_phone_changed_meanwhile_is_not_overwritten_unread(app, company: Company, place, phone: Phone):
    boss = console(app, "boss")
    form = form_of(boss, place) | {"phone": "13911112222"}
    fields = {"phone": {"base": "13800000000", "mine": "13733334444"}, "address": {"base": "解放路 1 号", "mine": "解放路 2 号"}}
    body = {"outlet_id": company.outlet_id, "fields": fields}
    [result] = phone.push(op(phone, "outlet_edit.v1", ("outlet", company.outlet_id), company.outlet_id, body)).json["results"]
    assert result["code"] == "applied"
    answer = boss.post(place, data=form)
    assert answer.status_code == 409
    beside = answer.text.partition('id="bad-phone"')
    assert "刚有人改过这一栏" in beside[2].partition("</label>")[0] and "现在是：13733334444" in beside[0] and 'value="13911112222"' in answer.text
    assert file_of(app, company.outlet_id).phone == "13733334444"
    again = form | {"base.phone": "13733334444", "base.address": "解放路 2 号", "address": "解放路 2 号"}
    assert all(f'name="{name}" value="{again[name]}"' in answer.text for name in ("base.phone", "base.address"))
    assert 'value="解放路 1 号"' not in answer.text
    assert boss.post(place, data=again).status_code == 302
    found = file_of(app, company.outlet_id)
    assert (found.phone, found.address) == ("13911112222", "解放路 2 号")


def test_what_was_not_touched_stays_as_somebody_else_wrote_it(app, company: Company, place):
    boss = console(app, "boss")
    form = form_of(boss, place) | {"phone": "13911112222"}
    with app.app_context():
        set_outlet_field(company.outlet_id, "address", "解放路 2 号", Writer(company.rep_id, now()))
        db.session.commit()
    assert boss.post(place, data=form).status_code == 302
    found = file_of(app, company.outlet_id)
    assert (found.phone, found.address) == ("13911112222", "解放路 2 号")


def test_people_whose_data_was_erased_do_not_come_back(app, company: Company, place):
    with app.app_context():
        outlet = db.session.get_one(Outlet, company.outlet_id)
        outlet.phone, outlet.people_erased_at, outlet.churned_on = "", now(), today()
        db.session.commit()
    boss = console(app, "boss")
    assert 'name="phone"' not in boss.get(f"{place}/edit").text
    assert (
        boss.post(place, data={"phone": "13911112222", "base.phone": "", "base.address": "解放路 1 号", "address": "解放路 2 号"}).status_code == 302
    )
    found = file_of(app, company.outlet_id)
    assert (found.phone, found.address) == ("", "解放路 2 号")


def test_the_page_is_in_english_too(app, company: Company, place):
    boss = console(app, "boss", "en")
    assert untranslated(boss.get(f"{place}/edit").text) == []
    assert untranslated(boss.post(place, data=form_of(boss, place) | {"floor_area_m2": "x", "name": ""}).text) == []
