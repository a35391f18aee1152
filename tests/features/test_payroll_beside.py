"""What stands beside a finding or an award on a wage sheet: the right training, visit, transactions and complaint, for those who may see them."""

from datetime import date
from decimal import Decimal

from server.churn.models import ChurnCase
from server.clock import now
from server.complaints.models import Complaint
from server.db import db
from server.domain.months import Month
from server.payroll.actions import draft_month
from server.payroll.beside import beside
from server.payroll.facts_complaints import unfounded_complaints
from server.training.models import Training
from server.transactions.models import OutletTransfer, TableImport
from sync.ids import uuid7
from tests.features.browsing import console
from tests.features.conftest import add_visit, company, noon  # noqa: F401
from tests.features.staff import Staff, staff  # noqa: F401
from tests.features.wages import DECEMBER_2
from tests.sync.conftest import Company

NOV = Month(2026, 11)


def train(outlet_id: str, trainer_id: str, on: date) -> str:
    row = Training(id=uuid7(), outlet_id=outlet_id, trainer_id=trainer_id, trained_on=on, received_at=noon(on))
    db.session.add(row)
    db.session.commit()
    return row.id


def complain(outlet_id: str, by_id: str, on: date, verdict: str) -> str:
    row = Complaint(id=uuid7(), outlet_id=outlet_id, kind="other", received_on=on, received_by_id=by_id, state="resolved", verdict=verdict)
    row.due_on, row.is_about_rep, row.resolved_on, row.made_at = on, False, on, noon(on)
    db.session.add(row)
    db.session.commit()
    return row.id


def test_a_training_is_the_last_of_its_outlet_up_to_the_month(app, company: Company):
    with app.app_context():
        outlet, other = company.outlet_id, company.second_outlet_id
        train(outlet, company.rep_id, date(2026, 10, 5))
        last = train(outlet, company.rep_id, date(2026, 11, 30))
        train(outlet, company.rep_id, date(2026, 12, 1))
        asked = [("f1", "inadequate_training", outlet, "2026-11"), ("f2", "inadequate_training", other, "2026-11")]
        assert beside(asked) == {"f1": [("training", last)], "f2": []}


def test_a_file_stands_with_the_last_visit_up_to_the_month(app, company: Company, add_visit):
    with app.app_context():
        last = add_visit(company.outlet_id, company.rep_id, "2026-11-24T01:00:00+00:00")
        add_visit(company.outlet_id, company.rep_id, "2026-12-03T01:00:00+00:00")
        found = beside([("f", "inaccurate_file", company.outlet_id, "2026-11"), ("g", "inaccurate_file", company.second_outlet_id, "2026-11")])
        assert found == {"f": [("outlet", company.outlet_id), ("visit", last)], "g": [("outlet", company.second_outlet_id)]}


def test_a_churned_customer_stands_with_the_month_in_which_nothing_moved(app, company: Company):
    with app.app_context():
        for month, decided_on in (("2026-09", date(2026, 9, 8)), ("2026-11", date(2026, 11, 9))):
            case = ChurnCase(id=uuid7(), outlet_id=company.outlet_id, month=month, listed_on=decided_on, due_on=decided_on, state="churned")
            case.decided_on, case.made_at = decided_on, noon(decided_on)
            db.session.add(case)
        db.session.commit()
        assert beside([("f", "churned", company.outlet_id, "2026-11")]) == {"f": [("outlet_volume", f"{company.outlet_id}:2026-10")]}


def test_other_kinds_need_nothing_beside_their_records(app, company: Company):
    with app.app_context():
        assert beside([("f", "missed_visit", company.outlet_id, "2026-11"), ("g", "late_materials", company.outlet_id, "2026-11")]) == {}


def test_complaints_found_unfounded_stand_under_the_award_with_why(app, company: Company, staff: Staff):
    with app.app_context():
        kept = complain(company.outlet_id, staff.ids["ops"], date(2026, 11, 30), "unfounded")
        for outlet_id, on, verdict in (
            (company.outlet_id, date(2026, 12, 1), "unfounded"),
            (company.outlet_id, date(2026, 10, 31), "unfounded"),
            (staff.far_outlet_id, date(2026, 11, 5), "unfounded"),
        ):
            complain(outlet_id, staff.ids["ops"], on, verdict)
        assert unfounded_complaints(company.rep_id, NOV) == [kept]
        draft_month(NOV, noon(DECEMBER_2))
        db.session.commit()
    for login in ("payer", "chief", "rep1"):
        page = console(app, login).get(f"/payroll/2026-11/{company.rep_id}?open=award_complaints").text
        assert f"/complaints/{kept}" in page and "查明不属实，不算" in page, login
        assert page.count("查明不属实，不算") == 1


def test_the_import_behind_a_transaction_is_a_link_for_importers_only(app, company: Company, staff: Staff):
    with app.app_context():
        row = TableImport(id=uuid7(), kind="days", file_name="十月.csv", sha256="0" * 64, rows_read=1, rows_taken=1, rows_refused=0)
        row.by_id, row.at, row.before = staff.ids["ops"], now(), []
        db.session.add(row)
        db.session.flush()
        db.session.add(OutletTransfer(outlet_id=company.outlet_id, on=date(2026, 10, 5), amount_yuan=Decimal("7.00"), import_id=row.id))
        db.session.commit()
        link = f'href="/imports/{row.id}"'
    for login, is_link in (("ops", True), ("root", True), ("chief", False), ("payer", False), ("boss", False), ("rep1", False)):
        client = console(app, login)
        page = client.get(f"/outlets/{company.outlet_id}/volume/2026-10").text
        assert "十月.csv" in page and (link in page) == is_link, login
