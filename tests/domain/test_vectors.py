"""The shared vectors, in Python; tests/pwa/vectors.test.mjs runs the same files in node."""

import json
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from flask import Flask

from server.domain.gcj02 import gcj02_of
from server.domain.geo import distance_m
from server.domain.months import Month, business_date
from server.domain.outlet_class import ClassInputs, outlet_class
from server.domain.policy import Policy
from server.domain.resident_id import document_fault, document_number, is_valid_resident_id, masked
from server.domain.shop_names import are_names_alike
from server.domain.visit_acceptance import VisitFacts, visit_verdict
from server.domain.visit_frequency import counted_dates, month_state, visits_owed
from server.domain.wage_facts import ActiveDays, Evidence, WageFacts
from server.domain.wage_kinds import WAGE_KINDS
from server.domain.wage_lines import tier_yuan, wage_line
from server.domain.working_days import WorkingYear, add_working_days, is_working_day, working_days_between
from server.outlets.identity_documents import identity_key_documents
from server.outlets.identity_seal import from_text, opened_from_phone
from sync.checklist import asked, is_complete, question_faults, questions_of
from sync.identity_form import SealedNumber
from sync.replica_store import ReplicaStore, Row
from tests.sealed_numbers import private_key, sealed_number
from tests.settings import settings_for

VECTORS = Path(__file__).parent.parent.parent / "sync" / "vectors"


def day(text):
    return None if text is None else date.fromisoformat(text)


def number(text):
    return None if text is None else Decimal(text)


def run_outlet_class(given, policy):
    inputs = ClassInputs(
        given["chain_outlets"], given["is_franchised_or_own_hall"], number(given["floor_area_m2"]), number(given["monthly_fee_yuan"])
    )
    verdict = outlet_class(inputs, policy)
    return {"outlet_class": verdict.outlet_class, "reasons": list(verdict.reasons)}


def run_visit_acceptance(given, policy):
    verdict = visit_verdict(VisitFacts(**given), policy)
    return {
        "counts": verdict.counts,
        "needs_review": verdict.needs_review,
        "reasons": list(verdict.reasons),
        "allowed_m": verdict.allowed_m,
    }


def run_visits_owed(given, policy):
    dates = [day(given[name]) for name in ("approved_on", "account_made_on", "churned_on")]
    return visits_owed(given["outlet_class"], *dates, Month.parse(given["month"]), policy)


def run_counted_dates(given, policy):
    return [d.isoformat() for d in counted_dates(map(date.fromisoformat, given), policy)]


def run_checklist(given, _policy):
    questions = questions_of(given["questions"])
    assert question_faults(questions) == []
    answers = given["answers"]
    return {"asked": [question.key for question in asked(questions, answers)], "is_complete": is_complete(questions, answers, given["photos"])}


def run_month_state(given, _policy):
    return month_state(given["owed"], given["counted"], given["waiting"], day(given["today"]), Month.parse(given["month"]))


def run_working_days(given, _policy):
    years = {
        int(key): WorkingYear(year["year"], year["is_provisional"], frozenset(map(day, year["off"])), frozenset(map(day, year["on"])))
        for key, year in given["years"].items()
    }
    if given["ask"] == "is_working_day":
        return is_working_day(day(given["date"]), years)
    if given["ask"] == "add":
        return add_working_days(day(given["date"]), given["count"], years).isoformat()
    return working_days_between(day(given["after"]), day(given["until"]), years)


def run_digests(given, _policy):
    store = ReplicaStore(scopes=set(given["scopes"]))
    store.rows = {(row["type"], row["id"]): Row(row["scope"], row["v"], {}, 1) for row in given["rows"]}
    return store.digests()


def run_one_more_customer(given, policy):
    """What the wage line of one more customer pays above that of as many as there are."""
    kind = next(kind for kind in WAGE_KINDS if kind.code == "new_customers")
    customers = [Evidence("outlet", str(number)) for number in range(given + 1)]
    facts = [WageFacts("li", Month(2026, 11), ActiveDays(True), tuple(some)) for some in (customers[:-1], customers)]
    before, after = (line.amount_yuan if line else Decimal(0) for line in (wage_line(kind, one, policy) for one in facts))
    return {"count": given + 1, "unit_yuan": float(tier_yuan(given + 1, policy)), "gain_yuan": float(after - before)}


def run_document_number(given, _):
    number = document_number(given["text"])
    return {"number": number, "fault": document_fault(given["kind"], number, date.fromisoformat(given["today"])), "masked": masked(number)}


def run_sealed_number(given, _):
    """What the phone's own code made of it; the server opens it with the key that belongs to the public one."""
    app = Flask(__name__)
    app.extensions["xundian"] = replace(settings_for(Path(), ""), id_key=given["sealing_key"])
    with app.app_context():
        [key] = identity_key_documents([given["key"]["id"]]).values()
        assert key == given["key"]
        sealed = sealed_number(given["number"], given["about"], key, private_key(given["pair"]["d"]), from_text(given["iv"]))
        assert opened_from_phone(msgspec.convert(sealed, SealedNumber), given["about"]) == given["number"]
    return sealed


RUN = {
    "outlet_class": run_outlet_class,
    "visit_acceptance": run_visit_acceptance,
    "visits_owed": run_visits_owed,
    "counted_dates": run_counted_dates,
    "month_state": run_month_state,
    "document_number": run_document_number,
    "sealed_number": run_sealed_number,
    "resident_id": lambda given, _: is_valid_resident_id(given),
    "distance": lambda given, _: pytest.approx(distance_m(*given), abs=0.02),
    "gcj02": lambda given, _: pytest.approx(gcj02_of(*given), abs=1e-6),
    "working_days": run_working_days,
    "digests": run_digests,
    "checklist": run_checklist,
    "shop_names": lambda given, _: are_names_alike(*given),
    "one_more_customer": run_one_more_customer,
    "business_date": lambda given, _: business_date(datetime.fromisoformat(given)).isoformat(),
}


def cases():
    for path in sorted(VECTORS.glob("*.json")):
        document = json.loads(path.read_text("utf-8"))
        for case in document["cases"]:
            yield pytest.param(document["subject"], case, id=f"{document['subject']}: {case['name']}")


@pytest.mark.parametrize(("subject", "case"), list(cases()))
def test_vector(subject, case):
    assert case["output"] == RUN[subject](case["input"], Policy(case.get("policy", {})))
