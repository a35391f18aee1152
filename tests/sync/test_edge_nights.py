"""Visits after a month was closed, and a nightly check killed and run twice, on both databases (SYNC §7: 25, 26)."""

import threading
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from server.db import db
from server.domain.months import Month
from server.feed.audit import feed_differences
from server.jobs.nightly import run_nightly
from server.payroll.models import WageSheet
from server.visits.models import OutletMonth
from tests.sync.net import NOON
from tests.sync.reps import office, rep  # noqa: F401


def test_edge_25_late_visits_after_the_month_was_closed(app, company, rep):
    """They are taken in and counted where they belong; the closed wage sheet stays as it is."""
    with office(app):
        run_nightly(date(2026, 12, 2), NOON)
        sheet = db.session.scalars(select(WageSheet).where(WageSheet.person_id == company.rep_id, WageSheet.month == "2026-11")).one()
        sheet.state, before = "closed", sheet.content_sha256
        db.session.commit()
    rep.visit(company.outlet_id)
    rep.net.now = datetime(2026, 12, 3, 2, 0, tzinfo=UTC)
    rep.sync()
    assert rep.codes() == ["applied"]
    with office(app, rep.net.now):
        run_nightly(date(2026, 12, 3), rep.net.now)
        assert db.session.get(OutletMonth, (company.outlet_id, "2026-11")).counted == 1
        sheet = db.session.scalars(select(WageSheet).where(WageSheet.person_id == company.rep_id, WageSheet.month == "2026-11")).one()
        assert (sheet.state, sheet.content_sha256) == ("closed", before)


def test_edge_26_a_nightly_check_killed_and_run_twice_in_parallel(app, company, rep, monkeypatch):
    """The end is that of one clean run."""
    from server.jobs import nightly

    rep.visit(company.outlet_id)
    rep.sync()

    class Killed(BaseException):
        pass

    def dying(_month, _now):
        raise Killed

    steps = nightly.STEPS
    monkeypatch.setattr(nightly, "STEPS", (steps[0], ("dies", dying), *steps[1:]))
    with office(app), pytest.raises(Killed):
        run_nightly(date(2026, 12, 2), NOON)
    monkeypatch.setattr(nightly, "STEPS", steps)

    def night():
        with office(app):
            run_nightly(date(2026, 12, 2), NOON)

    workers = [threading.Thread(target=night) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    with office(app):
        ends = outcome_of_night()
        run_nightly(date(2026, 12, 2), NOON)
        assert outcome_of_night() == ends
        assert feed_differences() == []
        assert ends[0] == {company.outlet_id: 1, company.second_outlet_id: 0}


def outcome_of_night():
    db.session.expire_all()
    months = {row.outlet_id: row.counted for row in db.session.scalars(select(OutletMonth).where(OutletMonth.month == str(Month(2026, 11))))}
    sheets = {(sheet.person_id, sheet.month): sheet.content_sha256 for sheet in db.session.scalars(select(WageSheet))}
    return months, sheets
