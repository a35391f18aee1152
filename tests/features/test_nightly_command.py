"""`xundian nightly`: for today or a day that is over, never for one to come."""

from datetime import date, timedelta

from click.testing import CliRunner
from sqlalchemy import select

from server.cli import nightly
from server.clock import today
from server.db import db
from server.jobs.models import NightlyRun

ONE_DAY = timedelta(days=1)


def run_for(app, day: date):
    return CliRunner().invoke(nightly, ["--date", day.isoformat()], obj=app)


def days_run(app) -> list[date]:
    with app.app_context():
        return list(db.session.scalars(select(NightlyRun.day)))


def test_a_night_of_a_day_to_come_is_refused_and_leaves_nothing(app, company):
    answer = run_for(app, today() + ONE_DAY)
    assert answer.exit_code == 2 and "is still to come" in answer.output
    assert days_run(app) == []


def test_the_night_of_today_and_of_a_day_that_is_over_run(app, company):
    assert run_for(app, today()).exit_code == 0
    assert run_for(app, today() - ONE_DAY).exit_code == 0
    assert sorted(days_run(app)) == [today() - ONE_DAY, today()]
