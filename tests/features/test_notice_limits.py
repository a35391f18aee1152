"""How often a robot may be called: by channels of one robot, by several processes, and beside other robots."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from server.db import db
from server.notices.outbox import send_due
from tests.features.noticing import Clock, Robots, clock, delivery_of, outcome, robots, waiting  # noqa: F401
from tests.features.staff import staff  # noqa: F401
from tests.sync.conftest import company  # noqa: F401


@pytest.mark.parametrize(("kind", "most", "window_s"), [("wecom", 20, 60), ("dingtalk", 20, 60), ("feishu", 5, 1)])
def test_a_robot_is_not_called_more_often_than_it_allows(app, waiting, robots: Robots, clock: Clock, kind, most, window_s):
    """Channels of one robot share its limit, and the next window takes the rest."""
    ids = [waiting(kind) for _ in range(most + 2)]
    assert send_due(clock) == most
    assert [delivery_of(one).attempts for one in ids].count(0) == 2
    clock.on(seconds=window_s - 0.1)
    assert send_due(clock) == 0
    clock.on(seconds=0.2)
    assert send_due(clock) == 2
    assert len(robots.given) == most + 2


def test_two_processes_keep_one_limit_and_send_each_message_once(app, waiting, robots: Robots, clock: Clock):
    ids = [waiting("wecom") for _ in range(24)]
    db.session.remove()

    def work() -> int:
        with app.app_context():
            return send_due(clock)

    with ThreadPoolExecutor(3) as pool:
        taken = sum(running.result() for running in [pool.submit(work) for _ in range(3)])
    assert (taken, len(robots.given)) == (20, 20)
    bodies = [given.body for given in robots.given]
    assert len(set(bodies)) == 20
    assert sorted(delivery_of(one).attempts for one in ids) == [0] * 4 + [1] * 20


def test_a_limit_of_one_robot_holds_up_no_other(waiting, robots: Robots, clock: Clock):
    for _ in range(21):
        waiting("wecom")
    other = waiting("webhook")
    assert send_due(clock) == 21
    assert outcome(other)[0] == "sent"
