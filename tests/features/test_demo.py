"""The demo company: made through the phones' own intake, whole or not at all."""

import pytest
from sqlalchemy import func, select

from server.app import create_app
from server.callbacks.models import CallBack
from server.churn.models import ChurnCase
from server.clock import today
from server.complaints.models import Complaint
from server.config import Settings
from server.console.queues import counted_queues
from server.console.tiles import counted_tiles
from server.db import db
from server.demo import names
from server.demo.company import create_demo_company
from server.domain.months import Month, business_date
from server.domain.resident_id import is_valid_resident_id
from server.findings.models import Finding, FindingObjection, FindingState
from server.findings.windows import objection_windows
from server.followups.models import FollowUp
from server.intake.models import SyncOp
from server.materials.models import MaterialRequest
from server.media.models import Blob
from server.media.store import blob_path, file_sha256
from server.outlets.models import Outlet
from server.payroll.facts_customers import new_customers_by_rep
from server.payroll.models import WageLine, WageSheet
from server.people.models import Person
from server.policy.queries import policy_of
from server.sealing import opened
from server.training.models import PlannedTraining, Training
from server.transactions.models import OutletTransfer, TableImport
from server.visits.models import OutletMonth, Visit, VisitFlag, VisitReview
from server.visits.seal_check import chain_faults, seal_faults
from tests.conftest import upgraded
from tests.databases import sqlite_url
from tests.settings import settings_for

pytestmark = pytest.mark.xdist_group("demo")  # so that each is made once
SEED = 7


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def made(request, tmp_path_factory, cluster):
    """The application with its company: made once, since all tests but one only read."""
    folder = tmp_path_factory.mktemp("demo")
    is_sqlite = request.param == "sqlite"
    url = upgraded(folder, sqlite_url(folder) if is_sqlite else cluster.create_database())
    app = create_app(settings_for(folder, url))
    with app.app_context():
        assert create_demo_company(app, SEED, outlets=12, months=2) is True
        db.session.remove()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    if not is_sqlite:
        cluster.drop_database(url)


@pytest.fixture
def demo(made):
    with made.app_context():
        yield made


def test_every_visit_went_through_the_intake_and_was_taken(demo):
    codes = list(db.session.scalars(select(SyncOp.code).where(SyncOp.entity_type == "visit")))
    assert set(codes) == {"applied"}
    assert db.session.scalar(select(func.count()).select_from(Visit)) == len(codes) > 5


def test_each_supervisor_has_a_change_a_lost_value_and_a_double_to_decide_on(demo):
    for login, _ in names.SUPERVISORS:
        person = db.session.scalars(select(Person).where(Person.login == login)).one()
        with demo.test_request_context():
            waiting = {queue.endpoint: queue.count for queue in counted_queues(person)}
            tiles = {one.tile.href: one.count for one in counted_tiles(person, today())}
        assert [waiting[name] for name in ("waiting.changes", "waiting.values", "duplicates.duplicate_list")] == [1, 1, 1], (login, waiting)
        assert tiles["/complaints?state=resolved"] >= 1


def test_every_file_is_here_and_is_what_its_name_says(demo):
    blobs = list(db.session.scalars(select(Blob)))
    assert len(blobs) > 10
    assert all(blob.stored_at is not None and file_sha256(blob_path(blob.sha256)) == blob.sha256 for blob in blobs)


def test_the_month_before_has_done_outlets_and_sheets_for_six_reps(demo):
    states = set(db.session.scalars(select(OutletMonth.state)))
    assert "done" in states
    assert db.session.scalar(select(func.count()).select_from(WageSheet)) == 18


def test_the_office_has_worked_by_the_same_deeds_as_in_the_console(demo):
    tables = (Complaint, FollowUp, MaterialRequest, Training, PlannedTraining, CallBack, ChurnCase, OutletTransfer)
    counts = {table.__tablename__: db.session.scalar(select(func.count()).select_from(table)) for table in tables}
    assert [name for name, count in counts.items() if not count] == []
    delivered = list(db.session.scalars(select(MaterialRequest).where(MaterialRequest.delivered_on.is_not(None))))
    assert delivered and all(one.photo_sha256 and one.signature_sha256 and one.delivered_by_id for one in delivered)
    assert all(one.source_key for one in db.session.scalars(select(CallBack)))


def test_no_file_was_made_after_what_rests_on_it(demo):
    for outlet in db.session.scalars(select(Outlet).where(Outlet.approved_on.is_not(None))):
        assert business_date(outlet.created_at) < outlet.account_made_on < outlet.approved_on
    early = select(Visit.id).join(Outlet, Outlet.id == Visit.outlet_id).where(Visit.checked_in_at < Outlet.created_at)
    assert db.session.scalars(early).all() == []


def test_there_is_something_left_to_review_and_to_answer(demo):
    regions = select(Outlet.region_id).join(Visit, Visit.outlet_id == Outlet.id)
    reviewed = set(db.session.scalars(regions.join(VisitReview, VisitReview.visit_id == Visit.id)))
    assert reviewed <= set(db.session.scalars(regions.where(Visit.needs_review)))
    query = select(Finding.id).where(Finding.state == FindingState.PROPOSED, Finding.kind.in_(names.OBJECTIONS))
    proposed = list(db.session.scalars(query))
    can_object = any(window.is_open(today()) for window in objection_windows(proposed).values())
    objected = db.session.scalar(select(func.count()).select_from(FindingObjection))
    assert objected == 1 or not (objected or can_object)


def test_nearly_every_customer_has_an_id_number_that_is_valid_and_nobodys(demo):
    outlets = db.session.scalars(select(Outlet).where(Outlet.account_made_on.is_not(None)).order_by(Outlet.code)).all()
    numbers = [opened(outlet.id_sealed, outlet.id) for outlet in outlets if outlet.id_sealed]
    assert len(set(numbers)) == len(numbers) == len(outlets) - 1
    assert all(is_valid_resident_id(number) and number.startswith("99") for number in numbers)


def test_no_new_customer_is_paid_for_without_an_id_number(demo):
    query = select(WageLine.evidence).where(WageLine.kind == "new_customers")
    paid = {one["id"] for evidence in db.session.scalars(query) for one in evidence}
    assert paid <= set(db.session.scalars(select(Outlet.id).where(Outlet.id_sealed != "")))
    months = [Month.parse(month) for month in set(db.session.scalars(select(WageSheet.month)))]
    accounts = [account for month in months for found in new_customers_by_rep(month, policy_of(month), {}).accounts.values() for account in found]
    sealed = {account.outlet_id: "missing_id_number" not in account.reasons for account in accounts}
    assert sealed and all(bool(db.session.get_one(Outlet, outlet_id).id_sealed) == is_sealed for outlet_id, is_sealed in sealed.items())


def test_a_demo_that_was_killed_starts_over_with_the_same_outlets(app):
    runs = []
    with app.app_context():
        for _ in range(2):
            assert create_demo_company(app, SEED, outlets=12, months=1) is True
            runs.append(list(db.session.scalars(select(Outlet.name).where(Outlet.code.startswith("WD-")).order_by(Outlet.code))))
            (app.extensions["xundian"].data / "demo.begun").touch()
    assert runs[0] == runs[1]


def test_a_company_that_works_already_is_left_alone(demo):
    before = db.session.scalar(select(func.count()).select_from(Person))
    assert create_demo_company(demo, SEED) is False
    assert db.session.scalar(select(func.count()).select_from(Person)) == before


def test_a_finished_demo_leaves_no_mark(demo):
    settings: Settings = demo.extensions["xundian"]
    assert not (settings.data / "demo.begun").exists()


def test_every_visit_is_credited_to_the_rep_who_owns_the_outlet(demo):
    reps = set(db.session.scalars(select(Visit.rep_id)))
    assert len(reps) > 3
    assert db.session.scalar(select(func.count()).select_from(Visit).where(Visit.was_out_of_scope)) == 0


def test_visits_are_flagged_by_the_same_rules_and_few_of_them(demo):
    """Each flag has a visit that earned it; outlets look different enough that none is flagged for its looks."""
    assert db.session.scalar(select(func.count()).select_from(Visit).where(Visit.seal.is_not(None), Visit.score.is_(None))) == 0
    flagged = dict(db.session.execute(select(VisitFlag.visit_id, VisitFlag.code)).all())
    visits = db.session.scalar(select(func.count()).select_from(Visit))
    assert len(flagged) <= visits / 4
    assert set(flagged.values()) <= {"far", "inaccurate", "photo_early", "photo_reused"}
    outside = select(func.count()).select_from(Visit).where(Visit.distance_m > Visit.allowed_m)
    assert list(flagged.values()).count("far") <= (db.session.scalar(outside) or 0)


def test_chains_of_seals_hold(demo):
    ids = list(db.session.scalars(select(Visit.id)))
    assert [*seal_faults(ids, with_files=True), *chain_faults(ids)] == []


def test_the_demo_has_somebody_who_left_and_a_table_that_was_imported(demo):
    former = db.session.scalars(select(Person).where(Person.login == "ops2")).one()
    assert not former.is_active and former.ends_on is not None and former.starts_on is not None
    imported = db.session.scalars(select(TableImport)).one()
    assert (imported.kind, imported.rows_written, imported.undone_at) == ("agents", 2, None)
