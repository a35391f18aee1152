"""Names that agents had before: phones, forms and tables that still say them mean the same agent; nobody else takes them."""

import pytest
from sqlalchemy import select

from server.clock import now
from server.db import db
from server.outlets.agent_names import agents_by_name
from server.outlets.edits import FieldEdit, cleaned_edits
from server.outlets.models import Agent
from server.outlets.office_edits import correct_file
from server.transactions.agent_rows import AgentLine, write_agents
from server.transactions.models import TableImport
from server.transactions.plans import Plan
from tests.features.browsing import console, untranslated
from tests.features.office_tables import AGENTS_HEAD, OUTLETS_HEAD, faults, outlet_of
from tests.features.outlet_files import document, edit
from tests.features.staff import staff  # noqa: F401
from tests.features.table_imports import bring_in
from tests.features.tables import workbook
from tests.features.test_agent_pages import agent_id, agents_of, rows_of, use  # noqa: F401
from tests.sync.conftest import Company, Phone, company, phone  # noqa: F401


def rename(client, agent_id: str, name: str):
    return client.post(f"/agents/{agent_id}", data={"name": name, "phone": "02800001111"})


@pytest.fixture
def renamed_id(app, company, staff, agent_id) -> str:
    """蜀都代理商 of the first outlet, that is called 蜀都商贸 since."""
    assert rename(console(app, "root"), agent_id, "蜀都商贸").status_code == 303
    return agent_id


def names_of(app) -> dict[str, str]:
    """Agent by every name that it has or had."""
    with app.app_context():
        return {name: agent.id for name, agent in agents_by_name().items()}


def test_a_phone_that_still_says_the_old_name_means_the_same_agent(app, company: Company, renamed_id, phone: Phone):
    assert edit(phone, company.second_outlet_id, agent_name=("", "蜀都代理商")) == "applied"
    assert document(phone, company.second_outlet_id)["agent_name"] == "蜀都商贸"
    assert list(agents_of(app)) == ["蜀都商贸"]


def test_an_old_name_is_no_change_and_no_collision(app, company: Company, staff, renamed_id, phone: Phone):
    assert edit(phone, company.outlet_id, agent_name=("", "蜀都代理商")) == "noop"  # the agent that the outlet has
    assert edit(phone, company.outlet_id, agent_name=("蜀都代理商", "巴蜀通代理")) == "applied"  # nobody else changed it
    assert document(phone, company.outlet_id)["agent_name"] == "巴蜀通代理"
    with app.app_context():
        edits = cleaned_edits({"agent_name": FieldEdit("巴蜀通代理", "蜀都代理商")})
        assert correct_file(company.outlet_id, edits, company.supervisor_id, now()) == 1
        same = cleaned_edits({"agent_name": FieldEdit("蜀都商贸", "蜀都代理商")})
        assert correct_file(company.outlet_id, same, company.supervisor_id, now()) == 0


def test_an_agent_is_found_by_every_name_it_had_until_it_has_it_again(app, renamed_id):
    root = console(app, "root")
    assert rename(root, renamed_id, "蜀都").status_code == 303
    assert names_of(app) == dict.fromkeys(("蜀都", "蜀都商贸", "蜀都代理商"), renamed_id)
    assert "以前叫" in root.get(f"/agents/{renamed_id}").text and "蜀都代理商、蜀都商贸" in root.get(f"/agents/{renamed_id}").text
    for _ in range(2):
        assert rename(root, renamed_id, "蜀都代理商").status_code == 303
    assert names_of(app) == dict.fromkeys(("蜀都", "蜀都商贸", "蜀都代理商"), renamed_id)
    page = root.get(f"/agents/{renamed_id}").text
    assert "蜀都、蜀都商贸" in page and "蜀都代理商、" not in page


def test_no_other_agent_takes_a_name_from_before(app, renamed_id):
    root = console(app, "root")
    assert root.post("/agents", data={"name": "巴蜀通代理", "phone": ""}).status_code == 303
    other_id = names_of(app)["巴蜀通代理"]
    for path in ("/agents", f"/agents/{other_id}"):
        answer = root.post(path, data={"name": "蜀都代理商", "phone": ""})
        assert answer.status_code == 422 and 'id="bad-name"' in answer.text and "另一个代理商以前叫这个名称" in answer.text, path
    assert agents_of(app) == {"蜀都商贸": ("02800001111", True), "巴蜀通代理": ("", True)}
    assert [row[0] for row in rows_of(root.get("/agents?q=蜀都代理商").text)] == ["蜀都商贸"]


def test_a_table_of_agents_that_says_an_old_name_makes_no_second_one(app, renamed_id):
    rows = [AGENTS_HEAD, ["蜀都代理商", "02800001111"], ["天府商贸", ""]]
    bring_in(console(app, "root"), workbook(rows), "agents")
    assert agents_of(app) == {"蜀都商贸": ("02800001111", True), "天府商贸": ("", True)}
    assert faults(app, "agents", AGENTS_HEAD, ["蜀都代理商", "1"]) == [(2, "agent_name", "differs", "蜀都商贸")]


def test_a_table_of_agents_that_says_a_retired_one_is_told_so(app, renamed_id):
    use(console(app, "root"), renamed_id, "yes")
    for name in ("蜀都商贸", "蜀都代理商"):
        assert faults(app, "agents", AGENTS_HEAD, [name, ""]) == [(2, "agent_name", "retired_agent", name)]


def test_a_table_of_agents_is_checked_anew_when_one_was_made_meanwhile(app, company, staff):
    with app.app_context():
        db.session.add(Agent(id="agent-1", name="天府商贸", phone=""))
        db.session.flush()
        row, line = TableImport(id="import-1", by_id=staff.ids["root"], at=now()), AgentLine(2, "天府商贸", "", False)
        assert not write_agents(row, Plan(entries=[line]))
        assert db.session.scalars(select(Agent.name)).all() == ["天府商贸"]


def test_a_table_of_outlets_that_says_an_old_name_means_the_same_agent(app, renamed_id):
    bring_in(console(app, "root"), workbook([OUTLETS_HEAD, ["CD-70", "新街口便利店", "城东区域", "蜀都代理商"]]), "outlets")
    with app.app_context():
        assert outlet_of("CD-70").agent_id == renamed_id
    use(console(app, "root"), renamed_id, "yes")
    found = faults(app, "outlets", OUTLETS_HEAD, ["CD-72", "新街口便利店", "城东区域", "蜀都代理商"])
    assert [one[:3] for one in found] == [(2, "agent_name", "retired_agent")]


def test_names_from_before_are_told_in_english_too(app, renamed_id):
    root = console(app, "root", "en")
    assert "Named" in root.get(f"/agents/{renamed_id}").text
    assert untranslated(root.get(f"/agents/{renamed_id}").text) == []
    assert untranslated(root.post("/agents", data={"name": "蜀都代理商", "phone": ""}).text) == []
