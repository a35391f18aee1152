"""Requests that are lost, doubled, answered by somebody else or refused on the way, on both databases (SYNC §7: 1, 2, 21, 22)."""

import json
from datetime import timedelta

from server.visits.models import Visit
from tests.sync.net import captive_portal, lost_response, too_large_at, twice
from tests.sync.reps import count, rep  # noqa: F401


def test_edge_01_response_lost_after_commit(app, company, rep):
    rep.visit(company.outlet_id)
    rep.net.troubles = [lost_response]
    assert rep.try_sync() == "unreachable"
    assert count(app, Visit) == 1
    assert rep.codes() == [None]
    rep.sync()
    assert rep.codes() == ["applied"]
    assert count(app, Visit) == 1


def test_edge_02_an_old_duplicate_after_newer_operations(app, company, rep):
    rep.visit(company.outlet_id)
    rep.sync()
    first = next(body for _, path, body in rep.net.seen if path.endswith("/push"))
    rep.visit(company.second_outlet_id)
    rep.sync()
    headers = {"Authorization": f"Bearer {rep.client.token}", "Content-Type": "application/json"}
    status, _, answer = rep.net.ask("POST", "/sync/v1/push", headers, first)
    assert (status, json.loads(answer)["last_n"], json.loads(answer)["results"][0]["code"]) == (200, 2, "applied")
    assert count(app, Visit) == 2


def test_edge_02_a_request_that_arrives_twice_at_once(app, company, rep):
    rep.visit(company.outlet_id)
    rep.net.troubles = [twice]
    rep.sync()
    assert count(app, Visit) == 1


def test_edge_21_a_captive_portal_is_no_answer(app, company, rep):
    rep.visit(company.outlet_id)
    rep.net.troubles = [captive_portal]
    assert rep.try_sync() == "foreign"
    assert rep.codes() == [None]
    rep.sync()
    assert rep.codes() == ["applied"]


def test_edge_22_a_proxy_that_refuses_large_requests(app, company, rep):
    """The batch is halved until it gets through; one that is too large alone lets the others pass and keeps trying."""
    for _ in range(8):
        rep.visit(company.outlet_id)
    rep.visit(company.outlet_id, condition="长" * 3000)
    rep.visit(company.outlet_id)
    rep.net.proxy = too_large_at(8000)
    for _ in range(20):
        rep.try_sync()
        rep.net.now += timedelta(minutes=2)
    codes = rep.codes()
    assert codes.count("applied") == 9
    assert codes[8] is None
    rep.net.proxy = None
    rep.sync()
    assert rep.codes() == ["applied"] * 10
    assert count(app, Visit) == 10
