"""A row that the database refuses is logged without what people wrote in it."""

from server.clock import now
from server.db import db
from server.people.models import Person
from sync.ids import uuid7


def broken(**changes):
    """A view whose row the database refuses."""

    def view():
        person = Person(id=uuid7(), login="wangxl", name="王秀兰", password_hash="-", created_at=now())
        for name, value in changes.items():
            setattr(person, name, value)
        db.session.add(person)
        db.session.commit()

    return view


def logged(app, monkeypatch, caplog, **changes):
    monkeypatch.setitem(app.view_functions, "healthz", broken(**changes))
    assert app.test_client().get("/healthz").status_code == 500
    assert "IntegrityError" in caplog.text and "INSERT INTO person" in caplog.text
    return caplog.text


def test_a_login_that_is_taken_is_not_logged(app, company, monkeypatch, caplog):
    text = logged(app, monkeypatch, caplog, login="rep1")
    assert "王秀兰" not in text and "rep1" not in text


def test_a_row_without_what_it_needs_is_not_logged(app, company, monkeypatch, caplog):
    text = logged(app, monkeypatch, caplog, password_hash=None)
    assert "王秀兰" not in text and "wangxl" not in text
    assert "password_hash" in text
