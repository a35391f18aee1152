"""A database that dies behind an answer: what was answered stands, and the next request goes on."""

import logging

import psycopg
import pytest
from flask import request_finished

from server.db import db
from tests.sync.conftest import Company, Phone, company, phone  # noqa: F401


def end_all_connections(url: str) -> None:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_an_answer_stands_when_its_connection_is_lost_behind_it(app, company: Company, phone: Phone, database_url: str, caplog):
    asked = ["ab" * 32]

    def lose(_app, **_more):
        assert db.session.connection().in_transaction()
        end_all_connections(database_url)

    with request_finished.connected_to(lose, app), caplog.at_level(logging.WARNING):
        answer = phone.post("blobs/have", sha256=asked)
    assert (answer.status_code, "lost at the end of a request" in caplog.text) == (200, True)
    assert phone.post("blobs/have", sha256=asked).status_code == 200
    assert phone.push(phone.op(company.outlet_id)).json["results"][0]["code"] == "applied"
