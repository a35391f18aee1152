"""An edit that was quarantined and ends parked when it is judged again waits in the queue like any other. Happy, who may not, twice."""

import pytest

from server.clock import now
from server.db import db
from server.intake.models import SyncOp
from server.intake.rerun import run_repairable
from server.outlets.models import Outlet
from sync.ids import uuid7
from tests.features.browsing import console
from tests.features.waiting import edit, office  # noqa: F401
from tests.sync.conftest import Company, Phone, company, phone  # noqa: F401


@pytest.fixture
def judged_again(app, company: Company, office, phone: Phone) -> tuple[str, str]:
    """(op id, outlet id) of an edit at an outlet that the server did not know yet, and that is not the sender's."""
    outlet_id = uuid7()
    op_id = edit(phone, outlet_id, person_in_charge=("", "王秀兰"), phone=("", "13800001001"))
    with app.app_context():
        assert db.session.get_one(SyncOp, op_id).code == "quarantined"
        known = db.session.get_one(Outlet, company.outlet_id)
        copy = {column.key: getattr(known, column.key) for column in Outlet.__table__.columns} | {"id": outlet_id, "code": "CD-9", "name": "新网点"}
        db.session.add(Outlet(**copy))
        db.session.commit()
    return op_id, outlet_id


def verdicts(phone: Phone) -> list[tuple[str, str]]:
    return [(event["doc"]["code"], event["doc"]["by_name"]) for event in phone.pull()[0] if event.get("type") == "op_verdict"]


def fields(app, outlet_id: str) -> tuple[str, str]:
    with app.app_context():
        outlet = db.session.get_one(Outlet, outlet_id)
        return outlet.person_in_charge, outlet.phone


AS_SENT = {"choice.person_in_charge": "take", "choice.phone": "take"}


def test_an_edit_that_ends_parked_waits_in_the_queue_until_it_is_decided(app, judged_again, phone: Phone):
    op_id, outlet_id = judged_again
    change = f"/waiting/changes/{op_id}"
    boss = console(app, "boss")
    assert "新网点" not in boss.get("/waiting/changes").text
    assert console(app, "root").post(f"/waiting/records/{op_id}/retry").status_code == 302
    assert change in boss.get("/waiting/changes").text
    assert "没有收不进来" not in boss.get("/waiting/records").text and op_id not in boss.get("/waiting/records").text
    assert verdicts(phone)[-1][0] == "parked"
    page = boss.get(change).text
    assert "王秀兰" in page and "就这样定" in page
    assert fields(app, outlet_id) == ("", "")
    assert boss.post(f"{change}/decision", data=AS_SENT).status_code == 302
    assert fields(app, outlet_id) == ("王秀兰", "13800001001")
    assert change not in boss.get("/waiting/changes").text
    assert verdicts(phone)[-1] == ("applied", "周敏")
    with app.app_context():
        op = db.session.get_one(SyncOp, op_id)
        assert (op.code, op.settled_code) == ("quarantined", "applied")  # the answer that the phone got never changes


def test_the_night_puts_it_into_the_queue_too_and_only_once(app, judged_again):
    op_id, _ = judged_again
    with app.app_context():
        assert (run_repairable(now()), run_repairable(now())) == (1, 0)
    page = console(app, "chief").get("/waiting/changes").text
    assert page.count(f"/waiting/changes/{op_id}") == 1


def test_it_is_decided_once_and_by_those_who_decide_on_its_outlet(app, judged_again):
    op_id, _ = judged_again
    change = f"/waiting/changes/{op_id}"
    with app.app_context():
        run_repairable(now())
    for login, status in (("farboss", 404), ("root", 403), ("rep1", 403)):
        assert console(app, login).get(change).status_code == status
        assert console(app, login).post(f"{change}/decision", data=AS_SENT).status_code == status
    boss = console(app, "boss")
    assert boss.post(f"{change}/decision", data={"choice.person_in_charge": "take", "choice.phone": "leave"}).status_code == 422  # no reason
    assert boss.post(f"{change}/decision", data=AS_SENT).status_code == 302
    assert boss.post(f"{change}/decision", data=AS_SENT).status_code == 409
    assert "就这样定" not in boss.get(change).text and "周敏" in boss.get(change).text


def test_an_edit_that_is_still_quarantined_is_no_change_to_decide_on(app, company: Company, office, phone: Phone):
    op_id = edit(phone, uuid7(), phone=("", "1"))
    assert console(app, "chief").get(f"/waiting/changes/{op_id}").status_code == 404
    assert console(app, "chief").post(f"/waiting/changes/{op_id}/decision", data={"choice.phone": "take"}).status_code == 404
