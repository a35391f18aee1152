"""Pull: each phone gets what it may see, exactly once, in commit order."""

import json
from base64 import urlsafe_b64encode
from datetime import date

from sqlalchemy import select

from server.clock import now
from server.db import db
from server.feed.models import SyncClock, SyncCommit, SyncMeta
from server.outlets.actions import assign_outlets
from server.outlets.models import Outlet
from sync.ids import uuid7
from tests.statements import statements
from tests.sync.net import rep_of


def scopes(events, kind):
    return {event["scope"] for event in events if event["e"] == kind}


def puts(events, entity_type):
    return {event["id"] for event in events if event["e"] == "put" and event["type"] == entity_type}


def reassign(app, outlet_id, person_id, by_id):
    with app.app_context():
        assign_outlets([outlet_id], person_id, date(2026, 11, 1), by_id, now())


def test_a_fresh_phone_gets_its_own_scopes_only(app, company, phone):
    events, _ = phone.pull()
    assert scopes(events, "begin") == {
        "global",
        f"user:{company.rep_id}",
        f"region:{company.region_id}",
        f"outlet:{company.outlet_id}",
        f"outlet:{company.second_outlet_id}",
    }
    assert puts(events, "outlet") == {company.outlet_id, company.second_outlet_id}


def test_another_rep_gets_no_outlet_of_mine(app, company, phone, other_phone):
    phone.push(phone.op(company.outlet_id))
    events, _ = other_phone.pull()
    assert puts(events, "outlet") == puts(events, "visit") == set()


def test_an_idle_pull_is_empty(app, company, phone):
    _, cursor = phone.pull()
    assert phone.pull(cursor) == ([], cursor)


def test_small_pages_bring_the_same_rows_as_one_large_page(app, company, phone):
    phone.push(*[phone.op(company.outlet_id) for _ in range(20)])
    at_once, cursor = phone.pull()
    in_pages, same_cursor = phone.pull(limit_bytes=1000)
    assert in_pages == at_once
    assert cursor == same_cursor


def more_outlets(app, company, count):
    """So many outlets more for the first rep."""
    with app.app_context():
        first = db.session.get(Outlet, company.outlet_id)
        outlets = [
            Outlet(id=uuid7(), code=f"M-{number}", name=f"网点 M-{number}", state="approved", region_id=first.region_id, outlet_class="C")
            for number in range(count)
        ]
        for outlet in outlets:
            outlet.created_at = now()
        db.session.add_all(outlets)
        db.session.commit()
        assign_outlets([outlet.id for outlet in outlets], company.rep_id, date(2026, 1, 1), company.supervisor_id, now())


def statements_of(app, work):
    """How many statements the database is asked meanwhile."""
    with statements(app) as asked:
        work()
    return len(asked)


def test_a_first_pull_of_many_outlets_asks_the_database_no_more_often_than_of_two(app, company, phone):
    few = statements_of(app, phone.pull)
    more_outlets(app, company, 40)
    assert statements_of(app, phone.pull) == few


def test_pages_of_any_size_bring_every_scope_of_a_first_pull_in_the_same_order(app, company, phone):
    more_outlets(app, company, 12)
    phone.push(*[phone.op(company.outlet_id) for _ in range(5)])
    at_once, cursor = phone.pull()
    assert len(scopes(at_once, "begin")) == 3 + 14
    for limit_bytes in (1000, 2500, 9000):
        assert phone.pull(limit_bytes=limit_bytes) == (at_once, cursor)


def test_scopes_asked_for_anew_come_twenty_at_a_time_over_many_pages(app, company, phone):
    more_outlets(app, company, 30)
    _, cursor = phone.pull()
    with app.app_context():
        wrong = sorted(f"outlet:{outlet_id}" for outlet_id in db.session.scalars(select(Outlet.id)))
    answer = phone.post("pull", client_id=phone.client_id, cursor=cursor, page=None, view_v=1, limit_bytes=1000, again=wrong).json
    begun = scopes(answer["events"], "begin")
    while "page" in answer:
        asked = phone.post("pull", client_id=phone.client_id, cursor=cursor, page=answer["page"], view_v=1, limit_bytes=1000)
        assert asked.status_code == 200
        answer = asked.json
        begun |= scopes(answer["events"], "begin")
    assert begun == set(wrong[:20])


def test_a_question_may_name_five_thousand_scopes(app, company, phone):
    _, cursor = phone.pull()
    wrong = [f"outlet:{uuid7()}" for _ in range(5001)]
    question = {"client_id": phone.client_id, "cursor": cursor, "page": None, "view_v": 1, "limit_bytes": 256_000}
    assert scopes(phone.post("pull", **question, again=wrong[:5000]).json["events"], "drop") == set(wrong[:5000])
    assert phone.post("pull", **question, again=wrong).status_code == 400


def test_a_phone_that_holds_fifty_scopes_wrongly_has_all_of_them_at_its_next_sync(app, company):
    more_outlets(app, company, 50)
    rep = rep_of(app, "rep1")
    rep.sync()
    wrong = [key for key, row in rep.client.store.rows.items() if row.scope.startswith("outlet:")]
    rows = {key: rep.client.store.rows.pop(key) for key in wrong}
    assert len(wrong) >= 52
    rep.client.capture.digested_at = None
    rep.client.page_bytes = 1000
    rep.sync()
    assert {key: rep.client.store.rows.get(key) for key in wrong} == rows
    assert (rep.client.store.again, rep.client.store.page) == ([], None)


def test_a_change_comes_after_the_cursor_once(app, company, phone):
    _, cursor = phone.pull()
    op = phone.op(company.outlet_id)
    phone.push(op)
    events, later = phone.pull(cursor)
    assert puts(events, "visit") == {op["entity"]["id"]}
    assert phone.pull(later)[0] == []


def test_the_answer_tells_how_far_the_server_dealt_with_this_client(app, company, phone):
    phone.push(phone.op(company.outlet_id), phone.op(company.outlet_id))
    answer = phone.post("pull", client_id=phone.client_id, cursor=None, page=None)
    assert answer.json["last_n"] == 2


def test_a_reassigned_outlet_leaves_one_phone_and_comes_with_its_history_to_the_other(app, company, phone, other_phone):
    op = phone.op(company.outlet_id)
    phone.push(op)
    _, mine = phone.pull()
    _, theirs = other_phone.pull()
    reassign(app, company.outlet_id, company.other_rep_id, company.supervisor_id)
    events, _ = phone.pull(mine)
    assert scopes(events, "drop") == {f"outlet:{company.outlet_id}"}
    events, _ = other_phone.pull(theirs)
    assert scopes(events, "begin") == {f"outlet:{company.outlet_id}"}
    assert puts(events, "outlet") == {company.outlet_id}
    assert puts(events, "visit") == {op["entity"]["id"]}


def test_revoked_and_granted_again_between_two_pulls_begins_anew(app, company, phone):
    _, cursor = phone.pull()
    reassign(app, company.outlet_id, company.other_rep_id, company.supervisor_id)
    reassign(app, company.outlet_id, company.rep_id, company.supervisor_id)
    events, _ = phone.pull(cursor)
    assert scopes(events, "begin") == {f"outlet:{company.outlet_id}"}
    assert scopes(events, "drop") == set()


def test_a_scope_lost_in_the_middle_of_a_paged_pull_sends_no_more_rows(app, company, phone):
    phone.push(*[phone.op(company.second_outlet_id) for _ in range(10)])
    first = phone.post("pull", client_id=phone.client_id, cursor=None, page=None, limit_bytes=1000).json
    reassign(app, company.second_outlet_id, company.other_rep_id, company.supervisor_id)
    rest, page = [], first["page"]
    while page:
        answer = phone.post("pull", client_id=phone.client_id, cursor=None, page=page, limit_bytes=1000).json
        rest, page = rest + answer["events"], answer.get("page")
    assert f"outlet:{company.second_outlet_id}" not in scopes(rest, "put")
    events, _ = phone.pull(answer["cursor"])
    assert scopes(events, "drop") == {f"outlet:{company.second_outlet_id}"}


def test_a_cursor_of_another_life_of_the_database_is_an_epoch_change(app, company, phone):
    _, cursor = phone.pull()
    epoch, seq, seen, nonce = cursor.split(".")
    others = (f"{uuid7()}.{seq}.{seen}.{nonce}", f"{epoch}.{seq}.{int(seen) + 9}.{nonce}", f"{epoch}.{seq}.{seen}.0000")
    for foreign in (*others, f"{epoch}.{'9' * 30}.{seen}.{nonce}", f"{epoch}.{seq}.{'9' * 30}.{nonce}", f"{epoch}.{seq}.{nonce}"):
        answer = phone.post("pull", client_id=phone.client_id, cursor=foreign, page=None)
        assert (answer.status_code, answer.json["code"]) == (409, "epoch_changed")


def test_a_pull_that_ended_in_a_life_that_is_gone_is_an_epoch_change(app, company, phone):
    """Its last pages left out rows of a later commit; a backup from between knows the bound but not that commit."""
    page = phone.post("pull", client_id=phone.client_id, cursor=None, page=None, limit_bytes=1000).json["page"]
    with app.app_context():
        db.session.get(Outlet, company.outlet_id).name = "改了名"
        db.session.commit()
    while "cursor" not in (answer := phone.post("pull", client_id=phone.client_id, cursor=None, page=page, limit_bytes=1000).json):
        page = answer["page"]
    with app.app_context():
        newest = db.session.get(SyncClock, 1).seq
        db.session.get(SyncCommit, newest).nonce = "of-another-life"
        db.session.commit()
    refused = phone.post("pull", client_id=phone.client_id, cursor=answer["cursor"], page=None)
    assert (refused.status_code, refused.json["code"]) == (409, "epoch_changed")


def test_a_cursor_below_the_tombstone_floor_starts_over(app, company, phone):
    _, cursor = phone.pull()
    with app.app_context():
        db.session.get(Outlet, company.outlet_id).name = "改了名"
        db.session.get(SyncMeta, 1).floor_seq = 10_000
        db.session.commit()
    events, _ = phone.pull(cursor)
    assert events[0] == {"e": "reset"}
    assert puts(events, "outlet") == {company.outlet_id, company.second_outlet_id}


def test_a_page_token_that_is_not_ours_is_malformed(app, company, phone):
    mark = {"epoch": phone.epoch, "nonce": "0", "since": None, "until": 10**30, "seen": 1, "phase": 1}
    for token in ("x", "e30", "!!!!", urlsafe_b64encode(json.dumps(mark).encode()).decode()):
        answer = phone.post("pull", client_id=phone.client_id, cursor=None, page=token)
        assert (answer.status_code, answer.json["code"]) == (400, "malformed")


def test_a_pull_under_somebody_elses_client_is_refused(app, company, phone, other_phone):
    phone.push(phone.op(company.outlet_id))
    answer = other_phone.post("pull", client_id=phone.client_id, cursor=None, page=None)
    assert (answer.status_code, answer.json["code"]) == (403, "wrong_owner")


def test_a_pull_with_a_witness_of_another_life_changes_the_epoch(app, company, phone):
    phone.push(phone.op(company.outlet_id))
    witness = phone.post("reconcile", op_ids=[]).json["witness"]
    epoch, seq, nonce = witness.split(".")
    ask = {"client_id": phone.client_id, "cursor": None, "page": None}
    assert phone.post("pull", **ask, witness=witness).status_code == 200
    others = (f"{epoch}.{seq}.other", f"{epoch}.{int(seq) + 1}.{nonce}", f"{epoch}.{int(seq) - 1}.{nonce}", f"{uuid7()}.{seq}.{nonce}")
    for other in (*others, f"{epoch}.x.{nonce}", "x", ""):
        answer = phone.post("pull", **ask, witness=other)
        assert (answer.status_code, answer.json["code"]) == (409, "epoch_changed"), other
    phone.push(phone.op(company.outlet_id))
    assert phone.post("pull", **ask, witness=witness).status_code == 200  # an older commit of the same life


def test_a_push_tells_of_its_commit_and_none_of_another_life_goes_in(app, company, phone):
    told = phone.push(phone.op(company.outlet_id)).json["witness"]
    assert phone.push(phone.op(company.outlet_id), seen=told).status_code == 200
    ask = {"client_id": phone.client_id, "cursor": None, "page": None}
    assert phone.post("pull", **ask, seen=told).status_code == 200
    other = told[:-1] + ("0" if told[-1] != "0" else "1")
    for name in ("witness", "seen"):
        answer = phone.push(phone.op(company.outlet_id), **{name: other})
        assert (answer.status_code, answer.json["code"]) == (409, "epoch_changed")
        assert phone.post("pull", **ask, **{name: other}).status_code == 409
    assert len(phone.pull()[0]) and phone.post("pull", **ask).json["last_n"] == 2


def test_reconcile_names_the_operations_that_never_came(app, company, phone, other_phone):
    op, never = phone.op(company.outlet_id), uuid7()
    phone.push(op)
    assert phone.post("reconcile", op_ids=[op["op_id"], never]).json["unknown"] == [never]
    known = phone.post("reconcile", op_ids=[op["op_id"], never]).json["results"]
    assert [(result["op_id"], result["code"], result["problem"]) for result in known] == [(op["op_id"], "applied", None)]
    foreign = other_phone.post("reconcile", op_ids=[op["op_id"]]).json
    assert (foreign["unknown"], foreign["results"]) == ([op["op_id"]], [])
