"""What a month is paid by, read from the tables: both sides of each edge."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from server.callbacks.models import CallBack
from server.complaints.models import Complaint
from server.db import db
from server.domain.months import Month
from server.outlets.actions import assign_outlets
from server.outlets.models import Outlet
from server.payroll.actions import draft_month
from server.payroll.facts_people import active_days_of
from server.payroll.models import WageSheet
from server.people.actions import deactivate_person
from server.people.models import Person, PersonBreak, PersonRole, Role
from server.policy.actions import set_policy
from server.training.models import PlannedTraining, Training
from server.transactions.models import OutletTransfer
from server.visits.models import VisitPhoto
from sync.ids import uuid7
from tests.features.conftest import noon
from tests.features.wages import DECEMBER_2, NOVEMBER, lines_of, moved, sheet_of, total_of
from tests.statements import statements

MONTH = Month(2026, 11)
SEVENTH = date(2026, 11, 7)


@pytest.fixture(autouse=True)
def in_app(app):
    with app.app_context():
        yield


def draft(on=DECEMBER_2, month=MONTH):
    return draft_month(month, noon(on))


def complete(outlet_id, made_on=SEVENTH, **changes):
    """An outlet file with nothing missing, its account made on a day; commits."""
    outlet = db.session.get_one(Outlet, outlet_id)
    outlet.account_made_on, outlet.address, outlet.person_in_charge, outlet.phone = made_on, "东街 1 号", "王秀兰", "13800000000"
    outlet.id_sealed, outlet.storefront_photo = "sealed", "0" * 64
    for name, value in changes.items():
        setattr(outlet, name, value)
    db.session.commit()


def customers(person_id):
    line = next((line for line in sheet_of(person_id).lines if line.kind == "new_customers"), None)
    return [] if line is None else [one["id"] for one in line.evidence]


def test_a_new_customer_with_three_hundred_yuan_and_a_complete_file_pays_ten(company):
    complete(company.outlet_id)
    moved(company.outlet_id, date(2026, 11, 8), "320.00")
    moved(company.outlet_id, date(2026, 11, 30), "-20.00")
    draft()
    assert customers(company.rep_id) == [company.outlet_id]
    assert lines_of(company.rep_id)["new_customers"] == "10.00"


@pytest.mark.parametrize(("day", "amount"), [(date(2026, 11, 30), "299.99"), (date(2026, 12, 1), "300.00")])
def test_a_fen_or_a_day_too_little_is_no_new_customer(company, day, amount):
    complete(company.outlet_id)
    moved(company.outlet_id, day, amount)
    draft()
    assert customers(company.rep_id) == []


@pytest.mark.parametrize(("day", "is_paid"), [(date(2026, 12, 7), True), (date(2026, 12, 8), False)])
def test_the_other_window_runs_a_month_from_the_account(company, day, is_paid):
    set_policy("customer.window", "one_month", date(2026, 11, 1), "试行", None, noon(SEVENTH))
    complete(company.outlet_id)
    moved(company.outlet_id, day, "300.00")
    draft(date(2026, 12, 9))
    assert customers(company.rep_id) == ([company.outlet_id] if is_paid else [])


@pytest.mark.parametrize(
    "lack", [{"name": ""}, {"address": ""}, {"person_in_charge": ""}, {"phone": ""}, {"id_sealed": ""}, {"storefront_photo": None}]
)
def test_a_file_that_lacks_anything_is_no_new_customer(company, lack):
    complete(company.outlet_id, **lack)
    moved(company.outlet_id, SEVENTH, "300.00")
    draft()
    assert customers(company.rep_id) == []


@pytest.mark.parametrize(("slot", "is_paid"), [("storefront", True), ("counter", True), ("other", False)])
def test_a_photo_of_a_visit_completes_the_file(company, add_visit, slot, is_paid):
    complete(company.outlet_id, storefront_photo=None)
    moved(company.outlet_id, SEVENTH, "300.00")
    visit_id = add_visit(company.outlet_id, company.rep_id, "2026-11-24T01:00:00+00:00")
    db.session.get_one(VisitPhoto, (visit_id, 0)).slot = slot
    db.session.commit()
    draft()
    assert customers(company.rep_id) == ([company.outlet_id] if is_paid else [])


@pytest.mark.parametrize(("outcome", "is_paid"), [("good", True), ("wrong_phone", False), ("unreachable", False)])
def test_a_bad_call_back_strikes_the_customer_out(company, outcome, is_paid):
    complete(company.outlet_id)
    moved(company.outlet_id, SEVENTH, "300.00")
    call = CallBack(id=uuid7(), source_key="c", kind="new_customer", outlet_id=company.outlet_id, listed_on=SEVENTH, due_on=SEVENTH, at=noon(SEVENTH))
    call.called_on, call.outcome = date(2026, 11, 16), outcome
    db.session.add(call)
    db.session.commit()
    draft()
    assert customers(company.rep_id) == ([company.outlet_id] if is_paid else [])


def test_the_rep_of_the_day_the_account_was_made_is_paid(company):
    complete(company.outlet_id)
    moved(company.outlet_id, SEVENTH, "300.00")
    assign_outlets([company.outlet_id], company.other_rep_id, date(2026, 11, 8), company.supervisor_id, noon(date(2026, 11, 24)))
    draft()
    assert (customers(company.rep_id), customers(company.other_rep_id)) == ([company.outlet_id], [])
    assert lines_of(company.other_rep_id)["volume"] == "0.90"


def test_volume_pays_three_per_mille_of_the_growth_of_the_same_outlets(company):
    moved(company.outlet_id, date(2026, 10, 31), "1000.00")
    moved(company.outlet_id, date(2026, 11, 1), "4000.00")
    moved(company.second_outlet_id, date(2026, 11, 30), "500.50")
    draft()
    line = next(line for line in sheet_of(company.rep_id).lines if line.kind == "volume")
    assert (str(line.quantity.normalize()), str(line.amount_yuan), line.is_estimate) == ("3500.5", "10.50", False)
    assert [one["id"] for one in line.evidence] == sorted([f"{company.outlet_id}:2026-11", f"{company.second_outlet_id}:2026-11"])


def test_volume_of_an_outlet_given_away_before_the_last_day_counts_for_its_new_rep(company):
    moved(company.outlet_id, date(2026, 11, 3), "1000.00")
    assign_outlets([company.outlet_id], company.other_rep_id, date(2026, 11, 30), company.supervisor_id, noon(date(2026, 11, 30)))
    draft()
    assert "volume" not in lines_of(company.rep_id)
    assert lines_of(company.other_rep_id)["volume"] == "3.00"


def test_volume_of_an_outlet_in_the_pool_counts_for_no_one(company):
    moved(company.outlet_id, date(2026, 11, 3), "1000.00")
    assign_outlets([company.outlet_id], None, date(2026, 11, 30), company.supervisor_id, noon(date(2026, 11, 30)))
    draft()
    assert "volume" not in lines_of(company.rep_id) and "volume" not in lines_of(company.other_rep_id)


def test_a_running_month_compares_up_to_the_newest_imported_day(company):
    moved(company.outlet_id, date(2026, 10, 10), "1000.00")
    moved(company.outlet_id, date(2026, 10, 11), "5000.00")
    moved(company.outlet_id, date(2026, 11, 10), "3000.00")
    draft(date(2026, 11, 20))
    line = next(line for line in sheet_of(company.rep_id).lines if line.kind == "volume")
    assert (str(line.amount_yuan), line.is_estimate) == ("6.00", True)


def test_an_outlet_whose_last_month_came_as_one_total_is_in_no_estimate_and_is_paid_when_the_month_is_over(company):
    total = OutletTransfer(outlet_id=company.outlet_id, on=date(2026, 10, 31), amount_yuan=Decimal("10000.00"), is_month_total=True)
    db.session.add(total)
    moved(company.outlet_id, date(2026, 11, 10), "12000.00")
    moved(company.second_outlet_id, date(2026, 10, 10), "1000.00")
    moved(company.second_outlet_id, date(2026, 11, 10), "3000.00")
    draft(date(2026, 11, 20))
    line = next(line for line in sheet_of(company.rep_id).lines if line.kind == "volume")
    assert (str(line.amount_yuan), [one["id"] for one in line.evidence]) == ("6.00", [f"{company.second_outlet_id}:2026-11"])
    draft()
    assert lines_of(company.rep_id)["volume"] == "12.00"


def test_what_was_imported_for_today_waits_for_tomorrow(company):
    moved(company.outlet_id, date(2026, 11, 10), "3000.00")
    moved(company.outlet_id, date(2026, 11, 20), "9000.00")
    draft(date(2026, 11, 20))
    assert lines_of(company.rep_id)["volume"] == "9.00"
    draft(date(2026, 11, 21))
    assert lines_of(company.rep_id)["volume"] == "36.00"


def test_a_running_month_without_imports_pays_no_volume_yet(company):
    moved(company.outlet_id, date(2026, 10, 10), "1000.00")
    draft(date(2026, 11, 20))
    assert "volume" not in lines_of(company.rep_id)


def complaint(outlet_id, on, **changes):
    row = Complaint(id=uuid7(), outlet_id=outlet_id, kind="service", received_on=on, due_on=on, state="received", made_at=noon(on))
    row.received_by_id = db.session.scalars(db.select(Person.id)).first()
    for name, value in changes.items():
        setattr(row, name, value)
    db.session.add(row)
    db.session.commit()


@pytest.mark.parametrize(
    ("on", "verdict", "is_paid"),
    [
        (date(2026, 11, 1), "", False),
        (date(2026, 11, 30), "founded", False),
        (date(2026, 11, 30), "unfounded", True),
        (date(2026, 10, 31), "", True),
        (date(2026, 12, 1), "", True),
    ],
)
def test_a_complaint_of_the_month_that_is_not_unfounded_loses_the_award(company, on, verdict, is_paid):
    complaint(company.outlet_id, on, verdict=verdict)
    draft()
    assert ("award_complaints" in lines_of(company.rep_id)) == is_paid


def test_a_complaint_stands_against_the_rep_of_its_day(company):
    assign_outlets([company.outlet_id], company.other_rep_id, date(2026, 11, 20), company.supervisor_id, noon(date(2026, 11, 24)))
    complaint(company.outlet_id, date(2026, 11, 19))
    draft()
    assert "award_complaints" not in lines_of(company.rep_id)
    assert "award_complaints" in lines_of(company.other_rep_id)


def test_a_rep_without_outlets_earns_base_and_no_complaint_award(company):
    draft()
    assert lines_of(company.other_rep_id) == {"base": "1100.00"}


def trained(outlet_id, on, is_new_customer=False):
    row = Training(id=uuid7(), outlet_id=outlet_id, trainer_id=db.session.scalars(db.select(Person.id)).first(), trained_on=on, received_at=noon(on))
    row.is_new_customer = is_new_customer
    db.session.add(row)
    db.session.commit()


@pytest.mark.parametrize(
    ("on", "is_new_customer", "is_paid"),
    [(date(2026, 11, 30), False, True), (date(2026, 12, 1), False, False), (date(2026, 11, 12), True, False)],
)
def test_the_training_award_wants_every_planned_outlet_trained_in_the_month(company, on, is_new_customer, is_paid):
    for outlet_id in (company.outlet_id, company.second_outlet_id):
        db.session.add(PlannedTraining(month=NOVEMBER, outlet_id=outlet_id, outlet_class="C", made_at=noon(SEVENTH)))
    trained(company.outlet_id, date(2026, 11, 12))
    trained(company.second_outlet_id, on, is_new_customer)
    draft()
    assert ("award_trainings" in lines_of(company.rep_id)) == is_paid


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "is_paid"),
    [
        (date(2026, 11, 30), None, True),
        (date(2026, 12, 1), None, False),
        (None, date(2026, 11, 1), True),
        (None, date(2026, 10, 31), False),
        (date(2026, 11, 9), date(2026, 11, 9), True),
    ],
)
def test_base_is_paid_for_a_month_with_any_day_of_work(company, starts_on, ends_on, is_paid):
    rep = db.session.get_one(Person, company.other_rep_id)
    rep.starts_on, rep.ends_on = starts_on, ends_on
    db.session.commit()
    draft()
    assert (sheet_of(rep.id) is not None) == is_paid


def test_base_by_working_days_counts_those_of_the_calendar(company):
    set_policy("wage.base_mode", "working_days", date(2026, 11, 1), "试行", None, noon(SEVENTH))
    db.session.get_one(Person, company.other_rep_id).starts_on = date(2026, 11, 16)
    db.session.commit()
    draft()
    assert lines_of(company.other_rep_id) == {"base": "576.19"}  # 11 of 21 working days


def test_somebody_deactivated_is_paid_for_the_month_they_left_and_not_for_the_next(company):
    rep = db.session.get_one(Person, company.other_rep_id)
    deactivate_person(rep, noon(date(2026, 11, 20)), None)
    db.session.commit()
    assert rep.ends_on == date(2026, 11, 20)
    draft()
    draft(month=Month(2026, 12))
    assert (total_of(rep.id), sheet_of(rep.id, "2026-12")) == ("1100.00", None)


def test_somebody_added_later_has_no_sheet_of_an_earlier_month(company):
    db.session.get_one(Person, company.other_rep_id).created_at = datetime(2026, 11, 30, 16, tzinfo=UTC)  # December 1st in Shanghai
    db.session.commit()
    draft()
    assert sheet_of(company.other_rep_id) is None


def test_a_draft_of_somebody_who_turns_out_to_be_elsewhere_is_taken_back(app, company):
    draft()
    db.session.get_one(Person, company.other_rep_id).ends_on = date(2026, 10, 31)
    db.session.commit()
    assert draft() == 1
    assert sheet_of(company.other_rep_id) is None


def test_drafts_are_written_only_when_their_content_changed(company):
    draft()
    before = sheet_of(company.rep_id).computed_at
    draft(date(2026, 12, 3))
    assert sheet_of(company.rep_id).computed_at == before
    moved(company.outlet_id, date(2026, 11, 8), "1000.00")
    draft(date(2026, 12, 3))
    assert sheet_of(company.rep_id).computed_at == noon(date(2026, 12, 3))


def test_the_number_of_statements_does_not_grow_with_the_people(app, company):
    assert draft() == 2
    few = statements_of_a_draft(app)
    for number in range(30):
        rep = Person(id=uuid7(), login=f"r{number}", name="x", password_hash="-", created_at=noon(SEVENTH))
        rep.roles = [PersonRole(role=Role.REP)]
        db.session.add(rep)
    db.session.commit()
    assert draft() == 32
    assert statements_of_a_draft(app) == few


def statements_of_a_draft(app):
    with statements(app) as asked:
        draft()
    return len(asked)


def test_sheets_keep_their_totals(company):
    draft()
    sheet = db.session.query(WageSheet).filter_by(person_id=company.rep_id).one()
    assert (sheet.gross_yuan, sheet.withheld_yuan, sheet.limit_yuan) == (Decimal("1200.00"), Decimal("0.00"), Decimal("240.00"))


def test_the_days_between_leaving_and_returning_are_no_days_of_work(company):
    rep = db.session.get(Person, company.rep_id)
    rep.starts_on = date(2026, 1, 1)
    db.session.add(PersonBreak(person_id=rep.id, starts_on=date(2026, 10, 20), ends_on=date(2026, 11, 29)))
    db.session.commit()
    days = active_days_of(Month(2026, 11), [rep.id])[rep.id]
    assert (days.has_any, days.working) == (True, 1)
    assert active_days_of(Month(2026, 12), [rep.id])[rep.id].has_any
