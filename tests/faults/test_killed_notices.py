"""A process that is killed with SIGKILL between sending a notice and noting it: the next one sends the same event again, and loses none."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from server.clock import now
from server.db import db
from server.notices.models import NoticeDelivery
from tests.databases import Cluster, wait_for
from tests.e2e.company import application, found_company
from tests.e2e.server_process import ServerProcess
from tests.features.noticing import add_channel, add_waiting
from tests.features.robots import local_robots

HELD_S = 30.0


class Noticing(ServerProcess):
    """`xundian notices` as processes of their own, which may send to this machine."""

    def _environment(self) -> dict[str, str]:
        return super()._environment() | {"XUNDIAN_NOTICES_TO_PRIVATE": "1"}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_killed_sender_sends_the_same_event_again(kind, tmp_path: Path, cluster: Cluster):
    url = cluster.create_database() if kind == "postgresql" else ""
    company = found_company(tmp_path, url)
    processes = Noticing(tmp_path, url)
    with local_robots() as robots:
        with application(tmp_path, url) as app:
            delivery_id = add_waiting(app, add_channel("webhook", robots.address("webhook"), company.people["admin"], now()), now())
        robots.answers = [HELD_S]
        sender = processes.begin(["notices"], tmp_path / "sender.log")
        wait_for(lambda: robots.given, 30.0)
        os.kill(sender.pid, 9)
        assert sender.wait() == -9
        assert processes.run("notices").endswith("0 messages taken\n")  # the attempt may still be under way
        with application(tmp_path, url):
            delivery = db.session.get_one(NoticeDelivery, delivery_id)
            assert (delivery.state, delivery.attempts) == ("waiting", 1)
            assert now() < delivery.next_try_at < now() + timedelta(minutes=3)
            db.session.execute(update(NoticeDelivery).values(next_try_at=now()))
            db.session.commit()
        assert processes.run("notices").endswith("1 messages taken\n")
        with application(tmp_path, url):
            rows = db.session.execute(
                select(NoticeDelivery.id, NoticeDelivery.state, NoticeDelivery.attempts).where(NoticeDelivery.id == delivery_id)
            )
            assert rows.one() == (delivery_id, "sent", 2)
    assert [given.document["id"] for given in robots.given] == [delivery_id] * 2
    assert all(given.is_signed for given in robots.given)
    if url:
        cluster.drop_database(url)
