"""Making the demo company from start to end."""

import random
import shutil
from datetime import date, datetime, time, timedelta

import click
from flask import Flask
from sqlalchemy import select, text

from server.clock import now as clock_now
from server.config import Settings
from server.db import db
from server.demo import names
from server.demo.asking import add_checklist
from server.demo.calling import add_callbacks, add_churn
from server.demo.desk import add_complaints, add_deliveries, add_follow_ups
from server.demo.filing import change_files
from server.demo.founding import DemoRep, Founded, found_company
from server.demo.identities import add_identities
from server.demo.office import open_office
from server.demo.staffing import add_staff_history, import_agents
from server.demo.teaching import add_trainings
from server.demo.trading import add_transactions
from server.demo.visiting import Call, calls_of_month, capture, transport_over
from server.domain.months import SHANGHAI, Month, business_date, months_until
from server.domain.visit_frequency import visits_owed
from server.findings.actions import decide_finding
from server.findings.models import Finding, FindingState
from server.findings.objections import Objection, object_to_finding
from server.findings.windows import objection_windows
from server.jobs.nightly import run_nightly
from server.outlets.actions import assign_outlets
from server.outlets.models import Outlet
from server.payroll.closing import close_month
from server.people.models import Person
from server.policy.queries import policy_of, working_years
from server.serving import DEMO_PASSWORD, upgrade_database
from server.visits.models import Visit
from server.visits.plan_actions import plan_rep_month
from server.visits.verdicts import review_visit
from sync.client import SyncClient
from sync.ids import uuid7

MONTHS = 3


def create_demo_company(app: Flask, seed: int, outlets: int = 60, months: int = MONTHS) -> bool:
    """Fill an empty database with the demo company; False when somebody works there already.

    A run that was killed is started over: only a folder that the demo itself began, and never finished, is emptied.
    """
    settings: Settings = app.extensions["xundian"]
    begun = settings.data / "demo.begun"
    if begun.exists():
        _empty(settings)
    elif db.session.scalar(select(Person.id).limit(1)) is not None:
        db.session.rollback()
        return False
    begun.touch()
    source = random.Random(seed)
    at = clock_now()
    click.echo("making the demo company: people and outlets")
    company = found_company(source, DEMO_PASSWORD, outlets, at)
    phones = {rep.id: _signed_in(app, rep) for rep in company.reps}
    add_checklist(company.manager_id, at)
    month = Month.of_date(business_date(at))
    past = months_until(month, months)
    for number, one in enumerate(past):
        if number == len(past) - 1 and len(past) > 1:
            _reassign(company, one.first_day, at)
        _plan(company, one, at)
        count = _visit_month(company, phones, one, business_date(at), source)
        click.echo(f"  {one}: {count} visits sent with their photos")
    _plan(company, month.next(), at)
    _work(company, past, at, seed)
    for rep in company.reps[2:4]:  # one of each region
        change_files(rep, (phones[rep.id], _signed_in(app, rep)), at, source)
    _judge(company, source, at)
    begun.unlink()
    return True


def _work(company: Founded, months: list[Month], at: datetime, seed: int) -> None:
    """What the office did meanwhile; the transactions first, since others look at them."""
    today = business_date(at)
    office = open_office(company, months, today, seed)
    add_transactions(months, today, office.source)
    for add in (add_staff_history, add_identities, add_complaints, add_follow_ups, add_deliveries, add_trainings, add_callbacks, add_churn):
        add(office)
    import_agents(at)
    click.echo("  transactions, complaints, deliveries, trainings, calls and churn done")


def _empty(settings: Settings) -> None:
    db.session.remove()
    db.drop_all()
    with db.engine.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS alembic_version"))
    for folder in (settings.blob_folder, settings.upload_folder, settings.data / "display"):
        shutil.rmtree(folder, ignore_errors=True)
    upgrade_database()


def _signed_in(app: Flask, rep: DemoRep) -> SyncClient:
    client = app.test_client()
    answer = client.post("/auth/v1/sign-in", json={"login": rep.login, "password": DEMO_PASSWORD, "device_label": "演示手机"}).json
    assert answer is not None
    return SyncClient(transport_over(client), answer["token"], app="demo")


def _reassign(company: Founded, starts_on: date, at: datetime) -> None:
    """Two outlets of the first rep go to the third, of the same region, from this month on."""
    first, third = company.reps[0], company.reps[2]
    moved = company.outlets_of[first.id][:2]
    assign_outlets(moved, third.id, starts_on, company.supervisor_ids[first.region_id], at)
    company.outlets_of[third.id].extend(moved)
    del company.outlets_of[first.id][:2]


def _plan(company: Founded, month: Month, at: datetime) -> None:
    """The supervisors let the software set the days of a month, on its first morning; of the one to come, now."""
    morning = datetime.combine(month.first_day, time(8, 30), SHANGHAI)
    for rep in company.reps:
        plan_rep_month(rep.id, month, company.supervisor_ids[rep.region_id], min(morning, at))


def _visit_month(company: Founded, phones: dict[str, SyncClient], month: Month, today: date, source: random.Random) -> int:
    policy, years = policy_of(month), working_years()
    count = 0
    for rep in company.reps:
        outlets = list(db.session.scalars(select(Outlet).where(Outlet.id.in_(company.outlets_of[rep.id])).order_by(Outlet.code)))
        owed = {o.id: visits_owed(o.outlet_class, o.approved_on, o.account_made_on, o.churned_on, month, policy) for o in outlets}
        calls = list(calls_of_month(month, outlets, owed, today, years, source))
        count += _send(phones[rep.id], rep, calls, source)
    return count


def _send(phone: SyncClient, rep: DemoRep, calls: list[Call], source: random.Random) -> int:
    db.session.commit()
    now = clock_now()
    due = [call for call in calls if call.at + timedelta(minutes=30) < now]
    storefront: bytes | None = None
    for call in due:
        storefront = capture(phone, rep, call, source, storefront)
    db.session.rollback()
    phone.sync()
    phone.capture.files.clear()
    refused = [op.result for op in phone.ops if op.result is None or op.result["code"] not in ("applied", "out_of_scope_accepted")]
    assert not refused, refused[:1]
    return len(due)


def _judge(company: Founded, source: random.Random, at: datetime) -> None:
    """Supervisors review, the nightly check runs, the manager decides the findings of the month before the last and closes it; a rep objects."""
    today = business_date(at)
    supervisors = company.supervisor_ids
    oldest = Month.of_date(today).previous().previous()
    flagged = select(Visit.id, Visit.visited_on, Outlet.region_id).join(Outlet, Outlet.id == Visit.outlet_id).where(Visit.needs_review)
    rows = db.session.execute(flagged.order_by(Visit.checked_in_at)).all()
    newest = {region_id: visit_id for visit_id, day, region_id in rows if day > oldest.last_day}  # left to whoever looks at the demo
    for visit_id, day, region_id in rows:
        if day >= today - timedelta(days=7) or newest.get(region_id) == visit_id:
            continue
        decision = "rejected" if source.random() < 0.25 else "accepted"
        reason = "照片里不是这个门店" if decision == "rejected" else "位置登记偏了，照片和上次一致"
        review_visit(visit_id, decision, reason, supervisors[region_id], at)
    run_nightly(today, at)
    proposed = select(Finding.id).where(Finding.state == FindingState.PROPOSED, Finding.month == str(oldest)).order_by(Finding.source_key)
    for number, finding_id in enumerate(db.session.scalars(proposed).all()):
        is_excused = number % 4 == 3
        decision = FindingState.DISMISSED if is_excused else FindingState.UPHELD
        reason = "当时门店停电检修，不算" if is_excused else "核对记录，核实属实"
        decide_finding(finding_id, decision, reason, company.manager_id, at)
    close_month(oldest, "没有依据的事项已逐件核对", company.manager_id, at)
    run_nightly(today, at)
    _object(at)
    click.echo("  reviews, findings and wage sheets done")


def _object(at: datetime) -> None:
    """To the newest finding that can still be objected to; the manager has to answer."""
    proposed = select(Finding).where(Finding.state == FindingState.PROPOSED, Finding.kind.in_(names.OBJECTIONS))
    findings = db.session.scalars(proposed.order_by(Finding.month.desc(), Finding.source_key)).all()
    windows = objection_windows([finding.id for finding in findings])
    finding = next((one for one in findings if windows[one.id].is_open(business_date(at))), None)
    if finding is not None:
        object_to_finding(finding.id, Objection(uuid7(), names.OBJECTIONS[finding.kind], (), at), finding.person_id, at)
