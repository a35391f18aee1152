"""Operations of every released form, as phones have sent them: the server takes them in for ever (`sync/corpus`)."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from server.checklists.models import Checklist, ChecklistVersion
from server.churn.models import ChurnCase, ChurnWord
from server.clock import now
from server.complaints.actions import Intake, receive_complaint
from server.complaints.models import Complaint
from server.db import db
from server.findings.models import Finding, FindingObjection, FindingStep
from server.followups.actions import Registered, register_follow_up
from server.followups.models import FollowUp
from server.intake.registry import APPLIERS
from server.materials.actions import Wanted, request_materials
from server.materials.models import MaterialRequest
from server.outlets.actions import assign_outlets
from server.outlets.models import Outlet, OutletStep
from server.payroll.models import PayslipStep
from server.people.models import PersonRegion, Region
from server.training.models import Training
from server.visits.models import Visit
from sync.ids import uuid7
from sync.upcast import UPCASTERS, newest
from tests.sheets import add_sheet
from tests.sync.conftest import _outlet

CORPUS = Path(__file__).parents[2] / "sync" / "corpus"
FILES = sorted(path.stem for path in CORPUS.glob("*.json"))
OUTLET_ID = "01a1f000-0000-7000-8000-000000000001"
DRAFT_ID = "01a1f000-0000-7000-8000-000000000004"
MODELS = {
    "visit": Visit,
    "outlet": Outlet,
    "outlet_step": OutletStep,
    "finding_objection": FindingObjection,
    "payslip_step": PayslipStep,
    "complaint": Complaint,
    "training": Training,
    "material_request": MaterialRequest,
    "churn_word": ChurnWord,
    "follow_up": FollowUp,
}
QUESTIONS = [
    {
        "key": "q1",
        "type": "choice",
        "zh": "灯箱亮不亮",
        "en": "Sign lit",
        "choices": [{"value": "yes", "zh": "亮", "en": "Lit"}, {"value": "no", "zh": "不亮", "en": "Dark"}],
    },
    {"key": "q2", "type": "photo", "zh": "拍下来", "en": "Take it", "show_if": {"key": "q1", "values": ["no"]}},
    {"key": "q3", "type": "number", "zh": "排队人数", "en": "People waiting", "lowest": "0", "highest": "50"},
    {"key": "q4", "type": "date", "zh": "哪天坏的", "en": "Since when"},
]
FINDING_ID = "01a1f000-0000-7000-8000-0000000000f1"
REGION_ID = "01a1f000-0000-7000-8000-0000000000aa"
COMPLAINT_ID = "01a1f000-0000-7000-8000-0000000000c1"
REQUEST_ID = "01a1f000-0000-7000-8000-0000000000d1"
FOLLOW_UP_ID = "01a1f000-0000-7000-8000-0000000000f2"
CHECKLIST_ID = "01a1f000-0000-7000-8000-0000000000b1"
CASE_ID = "01a1f000-0000-7000-8000-0000000000e1"


@pytest.fixture
def corpus_outlet(app, company):
    """The outlets and the region that the corpus speaks of, the first rep's."""
    with app.app_context():
        db.session.add(Region(id=REGION_ID, name="语料区域"))
        db.session.flush()
        db.session.add(PersonRegion(person_id=company.rep_id, region_id=REGION_ID))
        outlet = _outlet("CORPUS", company.region_id, now())
        outlet.id, outlet.cashiers = OUTLET_ID, []
        draft = _outlet("CORPUS-2", company.region_id, now())
        draft.id, draft.state = DRAFT_ID, "draft"
        db.session.add_all([outlet, draft])
        db.session.commit()
        assign_outlets([OUTLET_ID, DRAFT_ID], company.rep_id, outlet.approved_on, company.supervisor_id, now())


@pytest.fixture
def corpus_finding(app, company, corpus_outlet):
    """The finding that the corpus speaks of, about the first rep."""
    with app.app_context():
        finding = Finding(id=FINDING_ID, source_key="corpus", kind="missed_visit", month="2026-11", person_id=company.rep_id, outlet_id=OUTLET_ID)
        finding.amount_yuan, finding.state, finding.created_at = Decimal("20.00"), "proposed", now()
        db.session.add(finding)
        db.session.flush()
        db.session.add(FindingStep(id=uuid7(), finding_id=FINDING_ID, state="proposed", at=now()))
        db.session.commit()


@pytest.fixture
def corpus_sheet(app, company):
    """The wage sheet that the corpus speaks of, the first rep's of October."""
    with app.app_context():
        add_sheet(company.rep_id, "2026-10", state="closed")


@pytest.fixture
def corpus_work(app, company, corpus_outlet):
    """The complaint, the request, the churn case, the follow-up and the checklist that the corpus speaks of, at the first rep's outlet."""
    day = date(2026, 11, 20)
    with app.app_context():
        facts = {"kind": "settlement", "is_about_rep": False, "needs_call": True, "received_on": day, "complainant": "王秀兰"}
        receive_complaint(Intake(COMPLAINT_ID, OUTLET_ID, **facts, phone="", account="到账慢", demand=""), company.supervisor_id, now())
        request_materials(Wanted(REQUEST_ID, OUTLET_ID, "凭条纸", day), company.rep_id, now())
        noticed_at = datetime(2026, 11, 20, 2, tzinfo=UTC)
        register_follow_up(Registered(FOLLOW_UP_ID, OUTLET_ID, "读卡槽松动", "ops", 5, noticed_at), company.rep_id, now())
        case = ChurnCase(id=CASE_ID, outlet_id=OUTLET_ID, month="2026-11", listed_on=day, due_on=date(2026, 11, 30), state="open", made_at=now())
        db.session.add(case)
        db.session.add(Checklist(id=CHECKLIST_ID, zh="夜巡", en="Night round", classes=[], region_ids=[], draft=[], made_at=now(), changed_at=now()))
        db.session.flush()
        version = ChecklistVersion(id=CHECKLIST_ID, checklist_id=CHECKLIST_ID, number=1, questions=QUESTIONS, published_at=now())
        version.published_by_id = company.supervisor_id
        db.session.add(version)
        db.session.commit()


@pytest.mark.parametrize("name", FILES)
def test_every_released_form_is_taken_in(app, company, corpus_finding, corpus_sheet, corpus_work, phone, name):
    case = json.loads((CORPUS / f"{name}.json").read_text("utf-8"))
    if case["op"]["scope"].startswith("user:"):
        case["op"]["scope"] = f"user:{company.rep_id}"  # people get their ids here
    [result] = phone.push(case["op"]).json["results"]
    assert (result["code"], result.get("problem")) == (case["code"], None)
    with app.app_context():
        about = case.get("row", case["op"]["entity"])  # results and deliveries stand in the row that they are about
        row = db.session.get(MODELS[about["type"]], about["id"])
        kept = {key: getattr(row, key) for key in case["expect"]}
    assert {key: value if isinstance(value, float | bool) or value is None else str(value) for key, value in kept.items()} == case["expect"]


def test_every_form_that_the_server_knows_has_operations_in_the_corpus():
    released = set(APPLIERS) | set(UPCASTERS)
    assert released == {name.split("-")[0] for name in FILES}


def test_every_older_form_is_lifted_to_one_that_the_server_knows():
    assert {newest(form, b"{}")[0] for form in UPCASTERS} <= set(APPLIERS)


def test_a_body_that_is_no_object_is_left_for_the_judge():
    assert newest("visit.v1", b"[1]") == ("visit.v3", b"[1]")
    assert newest("visit.v1", b"{") == ("visit.v3", b"{")
