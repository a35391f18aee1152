"""The agent and the second contact of an outlet's file: changed on the phone like its other fields, new agents among them."""

import pytest
from sqlalchemy import select

from server.db import db
from server.outlets.models import Agent, Outlet
from tests.features.browsing import console
from tests.features.printed import paper, words
from tests.features.staff import Staff, staff  # noqa: F401
from tests.features.test_outlet_files import document, edit, found, op, rows_of, submit
from tests.sync.conftest import Company, Phone, company, phone  # noqa: F401


def test_an_edit_names_the_agent_and_the_second_contact(app, company: Company, staff: Staff, phone: Phone):
    with app.app_context():
        db.session.add(Agent(id="agent-1", name="蜀都代理商"))
        db.session.commit()
    known = {"agent_name": ("", "蜀都代理商"), "contact": ("", " 微信 wang-1966 ")}
    assert edit(phone, company.outlet_id, **known) == "applied"
    doc = document(phone, company.outlet_id)
    assert (doc["agent_name"], doc["contact"]) == ("蜀都代理商", "微信 wang-1966")
    page = console(app, "boss").get(f"/outlets/{company.outlet_id}").text
    assert "蜀都代理商" in page and "微信 wang-1966" in page
    assert "备用联系方式 微信 wang-1966 证件" in words(paper(app, f"/outlets/{company.outlet_id}"))
    assert ",微信 wang-1966," in console(app, "boss").get("/exports/outlets.csv").text


def test_an_agent_that_the_company_does_not_know_is_a_new_one_once(app, company: Company, phone: Phone):
    assert edit(phone, company.outlet_id, agent_name=("", "巴蜀通代理")) == "applied"
    assert edit(phone, company.outlet_id, agent_name=("巴蜀通代理", "")) == "applied"
    assert document(phone, company.outlet_id)["agent_name"] == ""
    assert edit(phone, company.outlet_id, agent_name=("", "巴蜀通代理")) == "applied"
    with app.app_context():
        [agent] = db.session.scalars(select(Agent)).all()
        assert db.session.get_one(Outlet, company.outlet_id).agent_id == agent.id


@pytest.mark.parametrize("changes", [{"agent_name": ("", "代" * 121)}, {"agent_name": ("", None)}, {"contact": ("", "1" * 121)}], ids=str)
def test_an_agent_or_a_contact_that_cannot_stand_is_not_taken(company: Company, phone: Phone, changes):
    assert edit(phone, company.outlet_id, **changes) == "quarantined"


def test_an_agent_that_two_people_changed_waits_for_a_supervisor(app, company: Company, staff: Staff, phone: Phone):
    assert edit(phone, company.outlet_id, agent_name=("", "蜀都代理商")) == "applied"
    body = {"outlet_id": company.outlet_id, "fields": {"agent_name": {"base": "旧代理商", "mine": "巴蜀通代理"}}}
    [result] = phone.push(op(phone, "outlet_edit.v1", ("outlet", company.outlet_id), company.outlet_id, body)).json["results"]
    assert (result["code"], document(phone, company.outlet_id)["agent_name"]) == ("parked", "蜀都代理商")
    client, path = console(app, "boss"), f"/waiting/changes/{result['op_id']}"
    assert "代理商" in client.get(path).text and "巴蜀通代理" in client.get(path).text
    client.post(f"{path}/decision", data={"choice.agent_name": "take"})
    assert document(phone, company.outlet_id)["agent_name"] == "巴蜀通代理"


def test_a_new_outlet_brings_its_agent_and_contact_to_the_review(app, company: Company, staff: Staff, phone: Phone):
    outlet_id, result = found(phone, company, {"agent_name": "巴蜀通代理", "contact": "13800000218"}, [])
    assert result["code"] == "applied"
    submit(phone, outlet_id)
    rows = rows_of(console(app, "chief").get(f"/outlets/{outlet_id}/file").text)
    assert (rows["代理商"][0], rows["备用联系方式"][0]) == ("巴蜀通代理", "13800000218")
