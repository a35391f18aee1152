"""Joining an agent into another one: its outlets and names go along, phones hear of it, and the table it came with stays."""

import pytest

from server.db import db
from server.outlets.file_review import file_review
from server.outlets.models import Outlet
from tests.features.browsing import console, untranslated
from tests.features.office_tables import GOOD, undo
from tests.features.outlet_files import REASON, decide, document, draft_id, edit, submit, submitted_id  # noqa: F401
from tests.features.staff import staff  # noqa: F401
from tests.features.table_imports import bring_in
from tests.features.tables import workbook
from tests.features.test_agent_names import names_of, rename
from tests.features.test_agent_pages import agent_id, agents_of, deeds, use  # noqa: F401
from tests.sync.conftest import Company, Phone, company, phone  # noqa: F401


@pytest.fixture
def kept_id(app, company, staff, agent_id) -> str:
    """巴蜀通代理, beside 蜀都代理商 of the first outlet."""
    assert console(app, "root").post("/agents", data={"name": "巴蜀通代理", "phone": ""}).status_code == 303
    return names_of(app)["巴蜀通代理"]


def join(client, agent_id: str, into: str):
    return client.post(f"/agents/{agent_id}/join", data={"into": into})


def agent_of(app, outlet_id: str) -> str | None:
    with app.app_context():
        return db.session.get_one(Outlet, outlet_id).agent_id


def test_an_agent_is_joined_into_another_with_its_outlets_and_names(app, company: Company, agent_id, kept_id, phone: Phone):
    root = console(app, "root")
    rename(root, agent_id, "蜀都商贸")
    _, cookie = phone.pull()
    assert f'action="/agents/{agent_id}/join"' in root.get(f"/agents/{agent_id}").text
    answer = join(root, agent_id, " 巴蜀通代理 ")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/agents/{kept_id}")
    assert agents_of(app) == {"巴蜀通代理": ("02800001111", True)}
    assert names_of(app) == dict.fromkeys(("巴蜀通代理", "蜀都商贸", "蜀都代理商"), kept_id)
    [event] = [one for one in phone.pull(cookie)[0] if one.get("type") == "outlet"]
    assert (event["id"], event["doc"]["agent_name"]) == (company.outlet_id, "巴蜀通代理")
    assert deeds(app)[-1] == ("agent.joined", {"before": {"id": agent_id, "name": "蜀都商贸", "phone": "02800001111"}, "outlets": 1})
    assert edit(phone, company.second_outlet_id, agent_name=("", "蜀都商贸")) == "applied"
    assert document(phone, company.second_outlet_id)["agent_name"] == "巴蜀通代理"
    assert join(root, agent_id, "巴蜀通代理").status_code == 404
    assert "把一个代理商并入了另一个" in root.get("/deeds?action=agent.joined").text
    assert untranslated(console(app, "root", "en").get("/deeds?action=agent.joined").text) == []


@pytest.mark.parametrize(("into", "words"), [("", "没有叫这个名称的代理商"), ("成都代理", "没有叫这个名称的代理商"), ("蜀都代理商", "这就是它自己")])
def test_an_agent_is_joined_into_another_that_there_is(app, company, agent_id, kept_id, into, words):
    answer = join(console(app, "root"), agent_id, into)
    assert answer.status_code == 422 and 'id="bad-into"' in answer.text and words in answer.text
    assert untranslated(join(console(app, "root", "en"), agent_id, into).text) == []
    assert agent_of(app, company.outlet_id) == agent_id and len(agents_of(app)) == 2


def test_an_agent_is_joined_into_no_retired_one_but_may_be_retired_itself(app, company, agent_id, kept_id):
    root = console(app, "root")
    use(root, kept_id, "yes")
    answer = join(root, agent_id, "巴蜀通代理")
    assert answer.status_code == 422 and "这个代理商停用着" in answer.text
    assert agent_of(app, company.outlet_id) == agent_id
    assert join(root, kept_id, "蜀都代理商").status_code == 303
    assert agents_of(app) == {"蜀都代理商": ("02800001111", True)}


def test_a_table_with_an_agent_that_was_joined_is_not_taken_back(app, company, staff, agent_id):
    root = console(app, "root")
    place = bring_in(root, workbook(GOOD["agents"]), "agents")
    assert join(root, names_of(app)["天府商贸"], "蜀都代理商").status_code == 303
    assert undo(root, place).status_code == 422
    assert agents_of(app) == {"蜀都代理商": ("02800001111", True)}


def test_a_file_decided_before_its_agent_was_joined_is_not_changed_by_it(app, company: Company, agent_id, kept_id, phone: Phone, submitted_id):
    assert edit(phone, submitted_id, agent_name=("", "蜀都代理商")) == "applied"
    chief = console(app, "chief")
    assert decide(chief, submitted_id, "returned", REASON).status_code == 302
    assert submit(phone, submitted_id)["code"] == "applied"
    assert join(console(app, "root"), agent_id, "巴蜀通代理").status_code == 303
    with app.test_request_context():
        review = file_review(db.session.get_one(Outlet, submitted_id))
        [row] = [row for row in review.rows if row.words == "代理商"]
        assert (row.before, row.now, row.is_changed, review.changed) == ("巴蜀通代理", "巴蜀通代理", False, 0)
