"""Agents in the console: the list, adding, another name or phone, retiring and taking back; what files and phones hear of it."""

import re

import pytest
from sqlalchemy import select

from server.audit.models import AuditRow
from server.console import paging
from server.db import db
from server.outlets import agent_names, agents
from server.outlets.models import Agent, Outlet
from tests.features.browsing import console, untranslated
from tests.features.outlet_files import document, edit
from tests.features.staff import Staff, staff  # noqa: F401
from tests.features.test_exports import csv_rows, sheet_rows
from tests.sync.conftest import Company, Phone, company, phone  # noqa: F401


@pytest.fixture
def agent_id(app, company: Company) -> str:
    """蜀都代理商, whom the first outlet has."""
    with app.app_context():
        db.session.add(Agent(id="agent-1", name="蜀都代理商", phone="02800001111"))
        db.session.flush()
        db.session.get_one(Outlet, company.outlet_id).agent_id = "agent-1"
        db.session.commit()
    return "agent-1"


def agents_of(app) -> dict[str, tuple[str, bool]]:
    """By name the phone, and whether it is in use."""
    with app.app_context():
        return {one.name: (one.phone, one.retired_at is None) for one in db.session.scalars(select(Agent))}


def deeds(app) -> list[tuple[str, dict]]:
    with app.app_context():
        rows = db.session.scalars(select(AuditRow).where(AuditRow.subject_type == "agent").order_by(AuditRow.at, AuditRow.id))
        return [(row.action, row.detail) for row in rows]


def rows_of(page: str) -> list[list[str]]:
    """The words of the list's cells, row by row."""
    rows = page.partition("<tbody>")[2].partition("</tbody>")[0].split("<tr>")[1:]
    return [[" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)] for row in rows]


def use(client, agent_id: str, retired: str):
    return client.post(f"/agents/{agent_id}/use", data={"retired": retired})


def test_an_agent_is_added_and_changed_and_every_change_is_kept(app, company, staff):
    root = console(app, "root")
    assert root.post("/agents", data={"name": " 天府商贸 ", "phone": "1"}).status_code == 303
    with app.app_context():
        agent_id = db.session.scalars(select(Agent.id)).one()
    for _ in range(2):
        assert root.post(f"/agents/{agent_id}", data={"name": "天府商贸公司", "phone": ""}).status_code == 303
    assert agents_of(app) == {"天府商贸公司": ("", True)}
    assert deeds(app) == [
        ("agent.added", {"name": "天府商贸"}),
        ("agent.changed", {"before": {"name": "天府商贸", "phone": "1"}, "after": {"name": "天府商贸公司", "phone": ""}}),
    ]
    page = root.get("/deeds?action=agent.changed").text
    assert "改了代理商" in page and "天府商贸 → 天府商贸公司" in page and f'href="/agents/{agent_id}"' in page


def test_the_list_counts_the_outlets_of_each_and_finds_by_name_or_phone(app, company, staff, agent_id):
    root = console(app, "root")
    root.post("/agents", data={"name": "巴蜀通代理", "phone": "13800000218"})
    page = root.get("/agents").text
    assert rows_of(page) == [["巴蜀通代理", "13800000218", "—", "在用"], ["蜀都代理商", "02800001111", "1", "在用"]]
    assert f'href="/outlets?agent={agent_id}"' in page and "2 个代理商" in page
    assert [row[0] for row in rows_of(root.get("/agents?q=蜀都").text)] == ["蜀都代理商"]
    assert [row[0] for row in rows_of(root.get("/agents?q=0218").text)] == ["巴蜀通代理"]
    assert "没有这样的代理商" in root.get("/agents?q=%25").text


def test_a_removed_outlet_is_not_counted(app, company, staff, agent_id):
    with app.app_context():
        outlet = db.session.get_one(Outlet, company.outlet_id)
        outlet.removed_at = outlet.created_at
        db.session.commit()
    assert rows_of(console(app, "root").get("/agents").text) == [["蜀都代理商", "02800001111", "—", "在用"]]


def test_the_outlets_of_an_agent_are_listed_and_exported(app, company, staff, agent_id):
    root = console(app, "root")
    page = root.get(f"/outlets?agent={agent_id}").text
    assert [row[0] for row in rows_of(page)] == ["CD-1"]
    assert f'<input type="hidden" name="agent" value="{agent_id}">' in page and "蜀都代理商" in page
    assert rows_of(root.get("/outlets?agent=nobody").text) == []
    assert [row["编号"] for row in csv_rows(root.get(f"/exports/outlets.csv?agent={agent_id}"))] == ["CD-1"]


def test_a_long_list_goes_on_behind_its_last_name(app, company, staff, monkeypatch):
    monkeypatch.setattr(paging, "PAGE_ROWS", 2)
    root = console(app, "root")
    for name in ("C", "A", "B"):
        root.post("/agents", data={"name": name, "phone": ""})
    first = root.get("/agents").text
    assert [row[0] for row in rows_of(first)] == ["A", "B"]
    after = re.search(r'href="(/agents\?after=[^"]+)"', first)[1]
    assert [row[0] for row in rows_of(root.get(after).text)] == ["C"]
    assert root.get("/agents?after=x").status_code == 422


@pytest.mark.parametrize("language", ["zh", "en"])
def test_agents_are_exported_as_the_page_lists_them(app, company, staff, agent_id, language):
    root = console(app, "root", language)
    root.post("/agents", data={"name": "=巴蜀通", "phone": ""})
    use(root, agent_id, "yes")
    head = {"zh": ["名称", "电话", "网点", "是否在用"], "en": ["Name", "Phone", "Outlets", "In use"]}[language]
    rows = csv_rows(root.get("/exports/agents.csv?show=all"))
    yes, no = {"zh": ("是", "否"), "en": ("Yes", "No")}[language]
    assert [[row[one] for one in head] for row in rows] == [["'=巴蜀通", "", "0", yes], ["蜀都代理商", "02800001111\t", "1", no]]
    assert [row[head[0]] for row in csv_rows(root.get("/exports/agents.csv?show=retired"))] == ["蜀都代理商"]
    assert len(sheet_rows(root.get("/exports/agents.xlsx"))) == 2
    assert "/exports/agents.csv?show=retired" in root.get("/agents?show=retired").text


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"name": "", "phone": ""}, "name"),
        ({"name": " ", "phone": ""}, "name"),
        ({"name": "代" * 121, "phone": ""}, "name"),
        ({"name": "巴蜀通代理", "phone": ""}, "name"),
        ({"name": "新", "phone": "1" * 41}, "phone"),
    ],
)
def test_an_agent_with_a_fault_is_neither_added_nor_changed(app, company, staff, agent_id, form, field):
    root = console(app, "root")
    root.post("/agents", data={"name": "巴蜀通代理", "phone": ""})
    for path in ("/agents", f"/agents/{agent_id}"):
        answer = root.post(path, data=form)
        assert answer.status_code == 422 and f'id="bad-{field}"' in answer.text, path
    assert agents_of(app) == {"蜀都代理商": ("02800001111", True), "巴蜀通代理": ("", True)}
    assert root.post(f"/agents/{agent_id}", data={"name": "代" * 120, "phone": "1" * 40}).status_code == 303


def test_a_name_that_a_phone_made_at_the_same_moment_is_said_to_be_taken(app, company, staff, agent_id, monkeypatch):
    root = console(app, "root")
    root.post("/agents", data={"name": "巴蜀通代理", "phone": ""})
    monkeypatch.setattr(agents, "_check", lambda _file, _own_id: None)  # as if it was not there yet when it was looked for
    for path in ("/agents", f"/agents/{agent_id}"):
        answer = root.post(path, data={"name": "巴蜀通代理", "phone": ""})
        assert answer.status_code == 422 and 'id="bad-name"' in answer.text and "已经有了，换一个。" in answer.text, path
    assert agents_of(app) == {"蜀都代理商": ("02800001111", True), "巴蜀通代理": ("", True)}


def test_the_name_of_a_retired_agent_is_said_to_be_one(app, company, staff, agent_id):
    root = console(app, "root")
    use(root, agent_id, "yes")
    answer = root.post("/agents", data={"name": "蜀都代理商", "phone": ""})
    assert answer.status_code == 422 and "停用着" in answer.text


def test_an_agent_is_retired_and_taken_back_once(app, company, staff, agent_id):
    root = console(app, "root")
    for retired in ("yes", "yes", "no", "no", "yes"):
        assert use(root, agent_id, retired).status_code == 303
    assert agents_of(app) == {"蜀都代理商": ("02800001111", False)}
    assert [action for action, _ in deeds(app)] == ["agent.retired", "agent.taken_back", "agent.retired"]
    assert "没有在用的代理商" in root.get("/agents").text
    for show in ("retired", "all"):
        assert rows_of(root.get(f"/agents?show={show}").text) == [["蜀都代理商", "02800001111", "1", "停用着"]]


def test_a_retired_agent_stays_on_its_file_and_is_offered_for_no_other(app, company, staff, agent_id):
    root, boss = console(app, "root"), console(app, "boss")
    place = f"/outlets/{company.second_outlet_id}/edit"
    assert '<option value="蜀都代理商">' in boss.get(place).text
    use(root, agent_id, "yes")
    assert '<option value="蜀都代理商">' not in boss.get(place).text
    assert "蜀都代理商" in boss.get(f"/outlets/{company.outlet_id}").text
    use(root, agent_id, "no")
    assert '<option value="蜀都代理商">' in boss.get(place).text


def test_agents_are_offered_and_named_to_those_who_see_outlets_of_theirs(app, company, staff, agent_id, monkeypatch):
    console(app, "root").post("/agents", data={"name": "巴蜀通代理", "phone": ""})
    places = {"boss": company.second_outlet_id, "chief": company.second_outlet_id, "farboss": outlet_id_of(app, "CX-1")}
    offered = {
        login: re.findall(r'<option value="([^"]*代理[^"]*)">', console(app, login).get(f"/outlets/{at}/edit").text) for login, at in places.items()
    }
    assert offered == {"boss": ["蜀都代理商"], "chief": ["巴蜀通代理", "蜀都代理商"], "farboss": []}
    named = {
        login
        for login in ("rep1", "rep2", "boss", "farboss", "chief", "root")
        if "蜀都代理商" in console(app, login).get(f"/outlets?agent={agent_id}").text
    }
    assert named == {"rep1", "boss", "chief", "root"}
    monkeypatch.setattr(agent_names, "MOST_OFFERED", 1)
    assert "蜀都代理商" not in console(app, "chief").get(f"/outlets/{company.second_outlet_id}/edit").text


def outlet_id_of(app, code: str) -> str:
    with app.app_context():
        return db.session.scalars(select(Outlet.id).where(Outlet.code == code)).one()


def agent_in(doc: dict) -> tuple[str, bool]:
    return doc["agent_name"], doc["is_agent_retired"]


def test_phones_hear_of_another_name_and_of_retiring(app, company, staff, agent_id, phone: Phone):
    root = console(app, "root")
    assert agent_in(document(phone, company.outlet_id)) == ("蜀都代理商", False)
    changes = (
        (lambda: root.post(f"/agents/{agent_id}", data={"name": "蜀都代理", "phone": ""}), ("蜀都代理", False)),
        (lambda: use(root, agent_id, "yes"), ("蜀都代理", True)),
        (lambda: use(root, agent_id, "no"), ("蜀都代理", False)),
    )
    for change, told in changes:
        _, cookie = phone.pull()
        change()
        events, _ = phone.pull(cookie)
        [event] = [one for one in events if one.get("type") == "outlet"]
        assert (event["id"], agent_in(event["doc"])) == (company.outlet_id, told)


def test_another_phone_number_alone_sends_no_outlet_again(app, company, staff, agent_id, phone: Phone):
    _, cookie = phone.pull()
    console(app, "root").post(f"/agents/{agent_id}", data={"name": "蜀都代理商", "phone": "1"})
    assert [one for one in phone.pull(cookie)[0] if one.get("type") == "outlet"] == []


def test_a_rep_who_names_a_retired_agent_is_taken_at_the_word(app, company, staff, agent_id, phone: Phone):
    use(console(app, "root"), agent_id, "yes")
    assert edit(phone, company.second_outlet_id, agent_name=("", "蜀都代理商")) == "applied"
    assert agent_in(document(phone, company.second_outlet_id)) == ("蜀都代理商", True)
    assert list(agents_of(app)) == ["蜀都代理商"]


@pytest.mark.parametrize("login", ["rep1", "boss", "chief", "ops", "payer", "clerk"])
def test_nobody_but_administrators_keeps_agents(app, company, staff, agent_id, login):
    client = console(app, login)
    for path in ("/agents", "/agents/new", f"/agents/{agent_id}", "/exports/agents.csv", "/exports/agents.xlsx"):
        assert client.get(path).status_code == 403, path
    for path in ("/agents", f"/agents/{agent_id}", f"/agents/{agent_id}/use", f"/agents/{agent_id}/join"):
        assert client.post(path, data={"name": "x", "phone": "", "retired": "yes", "into": "x"}).status_code == 403, path
    assert "/agents" not in client.get("/").text
    assert agents_of(app) == {"蜀都代理商": ("02800001111", True)}


def test_an_agent_that_is_not_there_is_not_found(app, company, staff):
    root = console(app, "root")
    assert root.get("/agents/nobody").status_code == 404
    assert root.post("/agents/nobody", data={"name": "x", "phone": ""}).status_code == 404
    assert use(root, "nobody", "yes").status_code == 404
    assert root.post("/agents/nobody/join", data={"into": "x"}).status_code == 404


def test_pages_of_agents_are_in_english_too(app, company, staff, agent_id):
    root = console(app, "root", "en")
    for path in ("/agents", "/agents?q=x", "/agents?show=retired", "/agents/new", f"/agents/{agent_id}", f"/outlets?agent={agent_id}"):
        assert untranslated(root.get(path).text) == [], path
    assert untranslated(root.post("/agents", data={}).text) == []
    use(root, agent_id, "yes")
    for path in (f"/agents/{agent_id}", "/agents?show=all", "/deeds?action=agent.retired"):
        assert untranslated(root.get(path).text) == [], path
    assert rows_of(root.get("/agents?show=all").text)[0][3] == "retired"
    assert '<span class="tag">retired</span>' in root.get(f"/agents/{agent_id}").text
    assert untranslated(root.post("/agents", data={"name": "蜀都代理商"}).text) == []
