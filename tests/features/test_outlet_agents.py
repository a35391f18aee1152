"""The agent and the second contact of an outlet's file: changed on the phone like its other fields, new agents among them."""

import pytest
from sqlalchemy import select

from server.audit.models import AuditRow
from server.clock import now
from server.db import db
from server.outlets.agents import agent_named
from server.outlets.models import Agent, Outlet
from tests.features.browsing import console
from tests.features.outlet_files import document, edit, found, op, rows_of, submit
from tests.features.printed import paper, words
from tests.features.staff import Staff, staff  # noqa: F401
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
        assert named() == [(company.rep_id, agent.id, {"name": "巴蜀通代理", "outlet_id": company.outlet_id})]


def named() -> list[tuple]:
    """Who named which new agents, where."""
    rows = db.session.scalars(select(AuditRow).where(AuditRow.action == "agent.named").order_by(AuditRow.at, AuditRow.id))
    return [(row.actor_id, row.subject_id, row.detail) for row in rows]


def test_an_agent_that_another_made_at_the_same_moment_is_taken_and_noted_by_the_other_only(app, company: Company, monkeypatch):
    with app.app_context():
        first = agent_named("巴蜀通代理", company.outlet_id, company.rep_id, now())
        monkeypatch.setattr(db.session, "scalar", lambda _query: None)  # as if it was not there yet when it was looked for
        assert agent_named("巴蜀通代理", company.second_outlet_id, company.other_rep_id, now()) == first
        assert [(actor_id, agent_id) for actor_id, agent_id, _ in named()] == [(company.rep_id, first)]


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
    with app.app_context():
        assert [(actor_id, detail["name"]) for actor_id, _, detail in named()] == [
            (company.rep_id, "蜀都代理商"),
            (company.supervisor_id, "巴蜀通代理"),
        ]
    page = console(app, "chief").get(f"/deeds?action=agent.named&person={company.supervisor_id}").text
    assert "在网点资料里写了新的代理商" in page and "巴蜀通代理" in page


def test_a_new_outlet_brings_its_agent_and_contact_to_the_review(app, company: Company, staff: Staff, phone: Phone):
    outlet_id, result = found(phone, company, {"agent_name": "巴蜀通代理", "contact": "13800000218"}, [])
    assert result["code"] == "applied"
    submit(phone, outlet_id)
    rows = rows_of(console(app, "chief").get(f"/outlets/{outlet_id}/file").text)
    assert (rows["代理商"][0], rows["备用联系方式"][0]) == ("巴蜀通代理", "13800000218")
    with app.app_context():
        [(actor_id, _, detail)] = named()
        assert (actor_id, detail["outlet_id"]) == (company.rep_id, outlet_id)
