"""Phones that push at the same time: they wait for each other's outlets in one order, so that none has to try again."""

import threading
from typing import Any

from sqlalchemy import func, select

from server.db import db
from server.intake import push as push_module
from server.visits.models import Visit
from tests.sync.conftest import Company, Phone


def test_two_phones_at_the_same_outlets_in_opposite_order_both_get_through(app, company: Company, phone: Phone, other_phone: Phone, monkeypatch):
    """Each has dealt with one operation when the other has: without an order they would wait for each other for ever."""
    both_began, deal_with, answers = threading.Barrier(2), push_module._deal_with, []

    def slow(client: Any, author: Any, number: Any, *rest: Any, **more: Any) -> None:
        deal_with(client, author, number, *rest, **more)
        if number.n == 1:
            try:
                both_began.wait(2)
            except threading.BrokenBarrierError:
                pass  # the other one waits for our outlets, as it should

    monkeypatch.setattr(push_module, "_deal_with", slow)
    outlets = (company.outlet_id, company.second_outlet_id)
    batches = [[phone.op(one) for one in outlets], [other_phone.op(one) for one in reversed(outlets)]]

    def send(sender: Phone, ops: list[dict[str, Any]]) -> None:
        answers.append(sender.push(*ops))

    threads = [threading.Thread(target=send, args=given) for given in zip((phone, other_phone), batches, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [answer.status_code for answer in answers] == [200, 200]
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Visit)) == 4
