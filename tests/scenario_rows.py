"""A scenario's company as rows of the database, so that the software pays what the rules alone would pay."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import delete

from server.callbacks.models import CallBack
from server.churn.models import ChurnCase, ChurnWord
from server.complaints.models import Complaint
from server.db import db
from server.domain.churn import churn_state
from server.domain.company_facts import CompanyFacts, OutletRecord, VisitRecord
from server.domain.company_month import wage_facts
from server.domain.deadlines import churn_word_due_on, complaint_due_on, delivery_due_on
from server.domain.months import Month
from server.domain.policy import Policy
from server.domain.proposed_findings import periods_in_force, proposed_findings, with_known_churn
from server.domain.training_due import plan_day
from server.domain.visit_acceptance import visit_verdict
from server.domain.wage_facts import WageFacts
from server.domain.wage_kinds import WAGE_KINDS
from server.domain.wage_sheet import wage_sheet
from server.findings.actions import Proposal, decide_finding, propose_findings
from server.findings.models import Finding
from server.materials.models import MaterialRequest
from server.outlets.models import Assignment, Outlet, OutletClassChange
from server.payroll.canonical import canonical_json, facts_document, kinds_document, policy_document
from server.payroll.models import WageLine, WageMonth, WageSheet
from server.people.models import Person, PersonRole, Region, Role
from server.policy.models import CalendarYear, PolicyValue
from server.scenarios.reading import Scenario
from server.scenarios.running import decided
from server.training.models import PlannedTraining, Training
from server.transactions.models import OutletTransfer
from server.visits.models import Visit
from server.visits.plan_models import PlannedVisit
from sync.ids import uuid7

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
OFFICE, REGION, NOWHERE = "office", "region", "nowhere"
PHOTO = "0" * 64


def noon(day: date) -> datetime:
    """Noon in Shanghai."""
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


def cannot_be_rows(scenario: Scenario) -> str:
    """Why the database cannot hold this scenario's facts; empty when it can."""
    if scenario.closed and max(scenario.closed).next() != scenario.month:
        return "months between the closed one and the paid one are not stated, and months are closed in order"
    today = min(scenario.today, scenario.month.last_day)
    if any(period.starts_on > today or (period.ends_on or today) > today for period in scenario.company.periods):
        return "an assignment that begins or ends after today cannot be made yet"
    return ""


def load_scenario(scenario: Scenario) -> None:
    """Insert everything, findings with the manager's decisions included; commits."""
    company = decided(scenario)
    _people(company)
    _policy_and_calendar(scenario, company)
    known = with_known_churn(company, scenario.today, scenario.policy_of)
    for outlet in known.outlets:
        db.session.add_all(_outlet_rows(outlet))
    db.session.flush()
    for period in periods_in_force(company, scenario.today, scenario.policy_of):
        row = Assignment(id=uuid7(), outlet_id=period.outlet_id, person_id=period.person_id, starts_on=period.starts_on, made_at=LONG_AGO)
        row.ends_on = period.ends_on
        db.session.add(row)
    _visits_and_trainings(scenario, company)
    _planned_visits(company)
    _office_work(scenario, company)
    _transfers(scenario, company)
    db.session.flush()
    _findings(scenario, company)
    _closed_months(scenario, company)
    db.session.commit()


def _people(company: CompanyFacts) -> None:
    db.session.add(Region(id=REGION, name="区域"))
    for person in company.people:
        _person(person.id, Role.REP, person.starts_on, person.ends_on)
    _person(OFFICE, Role.MANAGER, None, None)
    db.session.flush()


def _person(person_id: str, role: Role, starts_on: date | None, ends_on: date | None) -> None:
    row = Person(id=person_id, login=person_id, name=person_id, password_hash="-", language="zh", is_active=True, created_at=LONG_AGO)
    row.starts_on, row.ends_on = starts_on, ends_on
    row.roles = [PersonRole(role=role)]
    db.session.add(row)


def _policy_and_calendar(scenario: Scenario, company: CompanyFacts) -> None:
    for number, (key, valid_from, value) in enumerate(scenario.dated_policy):
        at = LONG_AGO + timedelta(seconds=number)
        db.session.add(PolicyValue(id=uuid7(), key=key, value=value, valid_from=valid_from, reason="-", set_at=at))
    db.session.execute(delete(CalendarYear))
    for year in company.years.values():
        days = ([day.isoformat() for day in sorted(part)] for part in (year.off, year.on))
        db.session.add(CalendarYear(year=year.year, is_provisional=year.is_provisional, **dict(zip(("off", "on"), days, strict=True))))


def _outlet_rows(outlet: OutletRecord) -> Iterable[Outlet | OutletClassChange]:
    lacks = set(outlet.missing_fields)
    row = Outlet(id=outlet.id, code=outlet.id, state="approved", region_id=REGION, outlet_class=outlet.classes[-1][1], created_at=LONG_AGO)
    row.name, row.address = ("" if field in lacks else "x" for field in ("name", "address"))
    row.person_in_charge, row.phone = ("" if field in lacks else "x" for field in ("person_in_charge", "phone"))
    row.id_sealed = "" if "id_number" in lacks else "x"
    row.storefront_photo = None if "photo" in lacks else PHOTO
    row.approved_on, row.account_made_on, row.churned_on = outlet.approved_on, outlet.account_made_on, outlet.churned_on
    yield row
    for since, letter in outlet.classes:
        yield OutletClassChange(id=uuid7(), outlet_id=outlet.id, outlet_class=letter, valid_from=since)


def _visits_and_trainings(scenario: Scenario, company: CompanyFacts) -> None:
    for number, visit in enumerate(company.visits):
        db.session.add(_visit_row(scenario, visit, number))
    for one in company.trainings:
        row = Training(id=one.id, outlet_id=one.outlet_id, trainer_id=OFFICE, trained_on=one.on, is_new_customer=one.is_new_customer)
        row.received_at = noon(one.on)
        db.session.add(row)
    outlets = {outlet.id: outlet for outlet in company.outlets}
    for month, outlet_id in dict.fromkeys((one.month, one.outlet_id) for one in company.planned_trainings):
        letter = outlets[outlet_id].class_on(plan_day(Month.parse(month), Policy({})))
        db.session.add(PlannedTraining(month=month, outlet_id=outlet_id, outlet_class=letter, made_at=LONG_AGO))


def _planned_visits(company: CompanyFacts) -> None:
    """The last days of the month: a plan counts by the month, whatever its days are."""
    for one in company.planned_visits:
        last_day = Month.parse(one.month).last_day
        for visit in range(one.visits):
            day = last_day - timedelta(days=visit)
            db.session.add(PlannedVisit(outlet_id=one.outlet_id, planned_on=day, made_by_id=OFFICE, made_at=LONG_AGO))


def _visit_row(scenario: Scenario, visit: VisitRecord, number: int) -> Visit:
    """Its verdict is the rule's own, as intake writes it."""
    facts, at = visit.facts, noon(visit.on) + timedelta(seconds=number)
    verdict = visit_verdict(facts, scenario.policy_of(Month.of_date(visit.on)))
    row = Visit(id=visit.id, op_id=uuid7(), form="visit.v1", record_sha256="0" * 64, outlet_id=visit.outlet_id, rep_id=OFFICE, visited_on=visit.on)
    row.checked_in_at, row.checked_out_at, row.received_at, row.clock_offset_ms = at, at, at, 0
    row.has_complaint, row.checklist, row.is_checklist_complete = False, [], facts.is_checklist_complete
    row.distance_m, row.fix_accuracy_m, row.seal = facts.distance_m, facts.accuracy_m, "0" * 64
    row.counts, row.needs_review, row.reasons, row.allowed_m = verdict.counts, verdict.needs_review, list(verdict.reasons), verdict.allowed_m
    return row


def _office_work(scenario: Scenario, company: CompanyFacts) -> None:
    for call in company.callbacks:
        row = CallBack(id=call.id, source_key=call.id, kind=call.kind, outlet_id=call.outlet_id, listed_on=call.on, due_on=call.on, at=noon(call.on))
        row.called_on, row.outcome, row.about_month, row.asked_on, row.by_id = call.on, call.outcome, call.about_month, call.asked_on, OFFICE
        db.session.add(row)
    for one in company.complaints:
        policy = scenario.policy_of(Month.of_date(one.received_on))
        complaint = Complaint(id=one.id, outlet_id=one.outlet_id, kind="other", received_on=one.received_on, received_by_id=OFFICE, state="received")
        complaint.due_on, complaint.is_about_rep = complaint_due_on(one.received_on, company.years, policy), one.is_about_rep
        complaint.resolved_on, complaint.verdict, complaint.made_at = one.resolved_on, one.verdict or "", noon(one.received_on)
        db.session.add(complaint)
    for request in company.materials:
        policy = scenario.policy_of(Month.of_date(request.requested_on))
        material = MaterialRequest(id=request.id, outlet_id=request.outlet_id, contents="-", requested_on=request.requested_on)
        material.requested_by_id, material.made_at = OFFICE, noon(request.requested_on)
        material.due_on, material.delivered_on = delivery_due_on(request.requested_on, company.years, policy), request.delivered_on
        db.session.add(material)
    _churn(scenario, company)


def _churn(scenario: Scenario, company: CompanyFacts) -> None:
    for number, one in enumerate(company.churn):
        policy = scenario.policy_of(Month.of_date(one.listed_on))
        case = ChurnCase(id=one.id, outlet_id=one.outlet_id, month=f"0000-{number:02d}", listed_on=one.listed_on, made_at=noon(one.listed_on))
        case.due_on, case.decided_on, case.reason = churn_word_due_on(one.listed_on, company.years, policy), one.decided_on, one.reason
        case.state = churn_state(one.listed_on, one.words, scenario.today, company.years, policy)
        db.session.add(case)
        db.session.flush()
        for word in one.words:
            said = ChurnWord(id=uuid7(), case_id=one.id, source=word.source, on=word.on, is_gone=word.is_gone, by_id=OFFICE)
            said.at = noon(word.on)
            db.session.add(said)


def _transfers(scenario: Scenario, company: CompanyFacts) -> None:
    """By day; while the month runs, a row of nothing says that yesterday was imported."""
    for outlet in company.outlets:
        sums: dict[date, Decimal] = {}
        for transfer in outlet.transfers:
            sums[transfer.on] = sums.get(transfer.on, Decimal(0)) + transfer.amount_yuan
        db.session.add_all(OutletTransfer(outlet_id=outlet.id, on=day, amount_yuan=amount) for day, amount in sums.items())
    yesterday = scenario.today - timedelta(days=1)
    if scenario.month.first_day <= yesterday < scenario.month.last_day:
        db.session.add_all(_outlet_rows(OutletRecord(NOWHERE, ((date(2000, 1, 1), "C"),))))
        db.session.flush()
        db.session.add(OutletTransfer(outlet_id=NOWHERE, on=yesterday, amount_yuan=Decimal(0)))


def _findings(scenario: Scenario, company: CompanyFacts) -> None:
    proposed = proposed_findings(company, scenario.today, scenario.policy_of)
    propose_findings(
        (
            Proposal(key, one.kind, str(one.month), one.person_id, one.outlet_id, Decimal("0.00"), "-", (("outlet", one.outlet_id),))
            for key, one in proposed.items()
        ),
        LONG_AGO,
    )
    db.session.flush()
    ids = {row.source_key: row.id for row in db.session.query(Finding)}
    for word in company.decisions:
        decide_finding(ids[word.key], "upheld" if word.is_upheld else "dismissed", "-", OFFICE, noon(word.on))


def _closed_months(scenario: Scenario, company: CompanyFacts) -> None:
    """Closed lines as stated; people of whom nothing is stated were paid what the rules say."""
    for month, stated in scenario.closed.items():
        facts = wage_facts(company, month, scenario.today, scenario.policy_of)
        for person_id, one in facts.items():
            rightly = {line.kind: line.amount_yuan for line in wage_sheet(one, scenario.policy_of(month), WAGE_KINDS).lines}
            _closed_sheet(person_id, month, stated.get(person_id, rightly), one)
        row = WageMonth(month=str(month), closed_at=noon(month.next().first_day), closed_by_id=OFFICE, seal="0" * 64, reason="")
        row.policy_values = canonical_json(policy_document(scenario.policy_of(month)))
        row.kinds = canonical_json(kinds_document(WAGE_KINDS))
        db.session.add(row)
    db.session.flush()


def _closed_sheet(person_id: str, month: Month, lines: dict[str, Decimal], facts: WageFacts) -> None:
    sheet = WageSheet(id=uuid7(), person_id=person_id, month=str(month), state="draft", policy_version="", content_sha256="", computed_at=LONG_AGO)
    sheet.gross_yuan = sheet.deductions_yuan = sheet.total_yuan = sheet.limit_yuan = sheet.shortfall_yuan = Decimal("0.00")
    sheet.facts = canonical_json({"accounts": [], "facts": facts_document(facts), "visits": {}})
    sheet.lines = [
        WageLine(position=place, kind=kind, quantity=Decimal(1), unit_yuan=None, amount_yuan=amount, rule_key="")
        for place, (kind, amount) in enumerate(lines.items())
    ]
    db.session.add(sheet)
    db.session.flush()
    sheet.state = "closed"
    db.session.flush()
