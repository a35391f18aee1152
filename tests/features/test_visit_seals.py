"""Seals of visits: a chain for each phone in the order in which visits became complete, and whatever was changed since is named."""

from datetime import date
from threading import Thread

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, select, text, update

from server.cli import main
from server.db import db
from server.domain.months import Month
from server.intake.models import SyncOp
from server.media.store import blob_path
from server.outlets.models import Outlet
from server.payroll.closing import close_month
from server.payroll.verifying import verify_month
from server.people.models import Role
from server.visits.models import SealChain, Visit, VisitPhoto
from server.visits.verdicts import refresh_verdict
from tests.features.conftest import noon
from tests.features.flagged import call, push, send
from tests.features.pictures import photo
from tests.features.wages import add_office

NOV = Month(2026, 11)


@pytest.fixture(autouse=True)
def in_app(app):
    with app.app_context():
        yield


@pytest.fixture
def three(company, phone):
    """Three visits of one phone, sealed in this order; November is closed."""
    made = [call(phone, company.outlet_id, f"0{hour}:00", photo(hour)) for hour in (1, 3, 5)]
    ids = [send(phone, one) for one in made]
    close_month(NOV, "清单里的都看过", add_office("chief", Role.MANAGER), noon(date(2026, 12, 2)))
    assert verify_month(NOV, with_files=True) == []
    return ids


def links():
    db.session.expire_all()
    query = select(Visit.seal_n, Visit.id, Visit.previous_seal, Visit.seal).order_by(Visit.device_id, Visit.seal_n)
    return [tuple(row) for row in db.session.execute(query)]


def changed(model, visit_id, **values):
    """Change a row as somebody with the database could."""
    column = Visit.id if model is Visit else model.visit_id
    db.session.execute(update(model).where(column == visit_id).values(**values).execution_options(synchronize_session=False))
    db.session.commit()


def faults(visit_id=None):
    found = verify_month(NOV, with_files=True)
    return [one for one in found if visit_id is None or one.startswith(f"visit {visit_id}: ")]


def test_seals_of_a_phone_are_chained_in_the_order_of_completion(company, phone):
    made = [call(phone, company.outlet_id, f"0{hour}:00", photo(hour)) for hour in (1, 3, 5)]
    push(phone, *made)
    for place in (2, 0, 1):
        for content in made[place]["files"]:
            phone.upload(content)
    (one, first, start, seal), (two, second, after, next_seal), (three, third, last, end) = links()
    assert (one, two, three) == (1, 2, 3)
    assert [first, second, third] == [made[place]["id"] for place in (2, 0, 1)]
    assert (start, after, last) == ("", seal, next_seal)
    assert (db.session.scalars(select(SealChain.last_n)).all(), db.session.scalars(select(SealChain.last_seal)).all()) == ([3], [end])


def test_every_phone_has_a_chain_of_its_own(company, phone, other_phone):
    send(phone, call(phone, company.outlet_id, "01:00", photo(1)))
    send(other_phone, call(other_phone, company.outlet_id, "01:00", photo(2)))
    assert [(number, before) for number, _, before, _ in links()] == [(1, ""), (1, "")]


def test_a_visit_is_sealed_once(company, three):
    before = links()
    for visit in db.session.scalars(select(Visit)).all():
        refresh_verdict(visit, db.session.get_one(Outlet, visit.outlet_id), noon(date(2026, 12, 3)))
    db.session.commit()
    assert links() == before


def test_visits_that_become_complete_together_are_links_one_behind_the_other(app, company, phone):
    made = [call(phone, outlet_id, f"0{hour}:00", photo(hour)) for hour, outlet_id in enumerate([company.outlet_id, company.second_outlet_id] * 2)]
    push(phone, *made)
    for one in made:
        phone.upload(one["files"][0])
    db.session.remove()
    threads = [Thread(target=phone_like(app, phone).upload, args=(one["files"][1],)) for one in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rows = links()
    assert [row[0] for row in rows] == [1, 2, 3, 4]
    assert [row[2] for row in rows] == ["", *(row[3] for row in rows[:-1])]


def phone_like(app, phone):
    return type(phone)(app.test_client(), phone.token, phone.epoch)


@pytest.mark.parametrize(
    "values",
    [
        {"visited_on": date(2026, 11, 23)},
        {"fix_lat": 30.67},
        {"fix_accuracy_m": 11.0},
        {"checklist": []},
        {"has_complaint": True},
        {"is_checklist_complete": False},
        {"signer_name": "别人"},
        {"signature_sha256": "1" * 64},
        {"clock_offset_ms": 1},
        {"condition": "都好"},
    ],
    ids=lambda values: next(iter(values)),
)
def test_a_visit_row_that_was_changed_is_named(three, values):
    changed(Visit, three[1], **values)
    assert f"visit {three[1]}: its seal differs from what its row, photos and signature say" in faults(three[1])
    assert not faults(three[0]) and not faults(three[2])


def test_a_visit_given_to_another_person_is_named(company, three):
    changed(Visit, three[1], rep_id=company.other_rep_id)
    assert any("its seal differs" in fault for fault in faults(three[1]))


@pytest.mark.parametrize("values", [{"sha256": "2" * 64}, {"slot": "counter"}, {"source": "file"}], ids=lambda values: next(iter(values)))
def test_a_photo_row_that_was_changed_is_named(three, values):
    changed(VisitPhoto, three[1], **values)
    assert f"visit {three[1]}: its seal differs from what its row, photos and signature say" in faults(three[1])


def test_a_photo_row_that_was_removed_is_named(three):
    db.session.execute(delete(VisitPhoto).where(VisitPhoto.visit_id == three[1]))
    db.session.commit()
    assert any("its seal differs" in fault for fault in faults(three[1]))


def test_a_visit_moved_to_another_outlet_is_named(company, three):
    changed(Visit, three[1], outlet_id=company.second_outlet_id)
    assert faults(three[1]) == [f"visit {three[1]}: it stands at another outlet than its record"]


def test_a_record_that_was_changed_or_removed_is_named(three):
    op_id = db.session.get_one(Visit, three[1]).op_id
    db.session.execute(update(SyncOp).where(SyncOp.op_id == op_id).values(body=b"{}"))
    db.session.commit()
    assert faults() == [f"visit {three[1]}: the record that its phone sent is another"]
    db.session.execute(update(SyncOp).where(SyncOp.op_id == op_id).values(op_id="gone"))
    db.session.commit()
    assert faults() == [f"visit {three[1]}: the record that its phone sent is gone"]


@pytest.mark.parametrize("is_signature", [False, True])
def test_a_file_that_was_changed_or_removed_is_named(three, is_signature):
    sha256 = db.session.get_one(Visit, three[1]).signature_sha256 if is_signature else photo_of(three[1])
    path = blob_path(sha256)
    path.write_bytes(b"something else")
    assert faults() == [f"visit {three[1]}: the file {sha256} holds something else"]
    path.unlink()
    assert faults() == [f"visit {three[1]}: the file {sha256} is gone"]
    assert verify_month(NOV) == []


def photo_of(visit_id):
    return db.session.scalars(select(VisitPhoto.sha256).where(VisitPhoto.visit_id == visit_id)).one()


def remove(visit_id):
    for table, column in (("evidence_due", "visit_id"), ("visit_photo", "visit_id"), ("visit", "id")):
        db.session.execute(text(f"DELETE FROM {table} WHERE {column} = :id"), {"id": visit_id})
    db.session.commit()


def test_a_removed_link_is_named_by_the_one_behind_it(three):
    remove(three[1])
    assert faults(three[2]) == [f"visit {three[2]}: it is link 3 of its phone's chain, the one before it here is 1 (visit {three[0]})"]


def test_a_removed_first_link_is_named_by_the_one_behind_it(three):
    remove(three[0])
    assert faults(three[1]) == [f"visit {three[1]}: it is link 2 of its phone's chain, the one before it here is 0 (visit none)"]


def test_a_removed_last_link_is_named_by_the_end_of_the_chain(three):
    remove(three[2])
    assert faults(three[1]) == [f"visit {three[1]}: the chain of its phone ends here with link 2, but link 3 was sealed last"]
    db.session.execute(delete(SealChain))
    db.session.commit()
    assert faults(three[1]) == [f"visit {three[1]}: nothing says where the chain of its phone ends"]


def test_whoever_seals_a_changed_visit_anew_breaks_the_chain_behind_it(three):
    from server.visits.sealing import seal_of

    visit = db.session.get_one(Visit, three[1])
    visit.condition = "都好"
    photos = list(db.session.scalars(select(VisitPhoto).where(VisitPhoto.visit_id == visit.id)))
    visit.seal = seal_of(visit, photos)
    db.session.commit()
    assert faults(three[1]) == []
    assert faults(three[2]) == [f"visit {three[2]}: it does not follow the seal of visit {three[1]} before it"]


def test_a_link_out_of_its_chain_is_named(three):
    changed(Visit, three[1], previous_seal="3" * 64)
    assert len(faults(three[1])) == 2


def test_a_seal_of_an_earlier_release_stands_by_itself(three):
    """The value is one that release 0.1 made: record, photos, signature and position."""
    remove(three[2])
    visit = db.session.get_one(Visit, three[0])
    db.session.execute(update(SyncOp).where(SyncOp.op_id == visit.op_id).values(body=b'{"outlet_id":"' + visit.outlet_id.encode() + b'"}'))
    old = {"seal_version": None, "seal_n": None, "previous_seal": None, "fix_lat": 30.66, "fix_lon": 104.07, "fix_accuracy_m": 10.0}
    changed(VisitPhoto, three[0], sha256="a" * 64)
    changed(Visit, three[0], **old, record_sha256="b" * 64, signature_sha256="c" * 64, seal=OLD_SEAL)
    assert not any("seal differs" in fault for fault in faults(three[0]))
    changed(Visit, three[0], fix_lat=30.67)
    assert any("seal differs" in fault for fault in faults(three[0]))


# printf '["bb…",["aa…"],"cc…",[30.66,104.07,10.0]]' | sha256sum, each letter 64 times
OLD_SEAL = "3c56536b475a33252966addca0586a15ceadd93326810c2cedeebc4b44289932"


def test_the_command_reads_files_unless_told_not_to(app, three, monkeypatch):
    blob_path(photo_of(three[0])).unlink()
    monkeypatch.setattr("server.cli.create_app", lambda _settings: app)
    db.session.remove()
    words = ["--data", app.extensions["xundian"].data.as_posix(), "payroll", "verify", "--month", "2026-11"]
    found = CliRunner().invoke(main, words)
    assert found.exit_code == 1 and f"visit {three[0]}: the file " in found.output
    assert CliRunner().invoke(main, [*words, "--no-files"]).exit_code == 0
