"""A wage sheet on which every kind of line stands."""

from datetime import date

import pytest

from server.db import db
from server.domain.months import Month
from server.payroll.actions import draft_month
from server.training.models import PlannedTraining, Training
from sync.ids import uuid7
from tests.features.conftest import noon, stored_file
from tests.features.staff import Staff, staff  # noqa: F401
from tests.features.test_payroll_facts import complete
from tests.features.wages import DECEMBER_2, NOVEMBER, NOVEMBER_2, moved, upheld

NOV = Month(2026, 11)


@pytest.fixture
def rich(app, company, staff: Staff, add_visit):
    """A November in which every kind of line stands on the first rep's sheet but the awards that deductions cost; answers with the address."""
    with app.app_context():
        chief = staff.ids["chief"]
        for outlet_id, day in ((company.outlet_id, "24"), (company.second_outlet_id, "25")):
            add_visit(outlet_id, company.rep_id, f"2026-11-{day}T01:00:00+00:00")
            moved(outlet_id, date(2026, 11, 3), "900.00")
            moved(outlet_id, date(2026, 10, 3), "400.00")
            db.session.add(PlannedTraining(month=NOVEMBER, outlet_id=outlet_id, outlet_class="C", made_at=noon(NOVEMBER_2)))
            training = Training(id=uuid7(), outlet_id=outlet_id, trainer_id=company.rep_id, trained_on=date(2026, 11, 12))
            training.received_at, training.photos, training.signature_sha256 = noon(NOVEMBER_2), [stored_file("training")], stored_file("signature")
            db.session.add(training)
        complete(company.outlet_id, date(2026, 11, 2))
        complete(company.second_outlet_id, date(2026, 11, 2), phone="")
        for kind in ("churned", "inaccurate_file"):
            upheld(company.rep_id, chief, kind=kind, outlet_id=company.outlet_id)
        draft_month(NOV, noon(DECEMBER_2))
    return f"/payroll/2026-11/{company.rep_id}"
