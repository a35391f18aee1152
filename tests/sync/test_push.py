"""Push: every operation gets one terminal answer, and nothing is applied twice."""

import gzip
import json

import pytest
from sqlalchemy import func, select

from server.db import db
from server.intake.models import SyncConflict, SyncOp
from server.visits.models import Visit
from sync.ids import uuid7


def visits(app):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Visit))


def test_a_visit_is_applied_and_its_missing_files_are_named(app, company, phone):
    op = phone.op(company.outlet_id)
    answer = phone.push(op).json
    assert answer["last_n"] == 1
    [result] = answer["results"]
    assert (result["n"], result["op_id"], result["code"]) == (1, op["op_id"], "applied")
    assert result["missing_blobs"] == op["blobs"]


def test_the_same_push_again_gives_the_same_result_and_one_visit(app, company, phone):
    op = phone.op(company.outlet_id)
    first, second = phone.push(op).json, phone.push(op).json
    assert first["results"] == second["results"]
    assert visits(app) == 1


def test_a_known_operation_under_a_new_client_is_not_applied_again(app, company, phone):
    op = phone.op(company.outlet_id)
    phone.push(op)
    phone.client_id = uuid7()
    answer = phone.push(op | {"n": 1}).json
    assert answer["last_n"] == 1
    assert answer["results"][0]["code"] == "applied"
    assert visits(app) == 1


def test_the_raw_bytes_are_kept_as_they_were_sent(app, company, phone):
    op = phone.op(company.outlet_id)
    text = json.dumps(op["body"], indent=3, ensure_ascii=False)
    raw = json.dumps({"proto": 1, "epoch": phone.epoch, "client_id": phone.client_id, "ops": [op | {"body": "BODY"}]}).replace('"BODY"', text)
    phone.client.post("/sync/v1/push", data=raw.encode(), headers=phone.headers)
    with app.app_context():
        assert db.session.get(SyncOp, op["op_id"]).body == text.encode()


def test_a_gzipped_push_is_read(app, company, phone):
    message = {"proto": 1, "epoch": phone.epoch, "client_id": phone.client_id, "ops": [phone.op(company.outlet_id)]}
    packed = gzip.compress(json.dumps(message).encode())
    answer = phone.client.post("/sync/v1/push", data=packed, headers=phone.headers | {"Content-Encoding": "gzip"})
    assert answer.json["results"][0]["code"] == "applied"


def test_a_push_that_unpacks_too_large_is_refused(app, company, phone):
    packed = gzip.compress(b" " * 1_000_000)
    answer = phone.client.post("/sync/v1/push", data=packed, headers=phone.headers | {"Content-Encoding": "gzip"})
    assert (answer.status_code, answer.json["code"]) == (413, "too_large")


def test_a_hole_in_the_numbers_is_a_gap(app, company, phone):
    answer = phone.push(phone.op(company.outlet_id) | {"n": 3})
    assert (answer.status_code, answer.json["code"], answer.json["expected_n"]) == (409, "gap", 1)
    assert visits(app) == 0


def test_another_operation_under_a_used_number_is_a_fork(app, company, phone):
    phone.push(phone.op(company.outlet_id))
    answer = phone.push(phone.op(company.outlet_id) | {"n": 1})
    assert (answer.status_code, answer.json["code"]) == (409, "forked")
    assert visits(app) == 1


def test_a_foreign_epoch_is_told(app, company, phone):
    answer = phone.push(phone.op(company.outlet_id), epoch=uuid7())
    assert (answer.status_code, answer.json["code"], answer.json["epoch"]) == (409, "epoch_changed", phone.epoch)


def test_a_client_of_somebody_else_is_refused(app, company, phone, other_phone):
    phone.push(phone.op(company.outlet_id))
    other_phone.client_id = phone.client_id
    answer = other_phone.push(other_phone.op(company.outlet_id) | {"n": 2})
    assert (answer.status_code, answer.json["code"]) == (403, "wrong_owner")


def test_a_request_without_a_token_is_signed_out(app, company, phone):
    phone.token = "nobody"
    answer = phone.push(phone.op(company.outlet_id))
    assert (answer.status_code, answer.json["code"]) == (401, "auth_expired")


def test_an_invalid_record_is_kept_and_does_not_block_the_next(app, company, phone):
    bad = phone.op(company.outlet_id, body={"checked_in_at": "yesterday"})
    good = phone.op(company.outlet_id)
    codes = [result["code"] for result in phone.push(bad, good).json["results"]]
    assert codes == ["quarantined", "applied"]
    with app.app_context():
        kept = db.session.get(SyncOp, bad["op_id"])
        assert kept.problem["code"] == "invalid_record"
        assert b"yesterday" in kept.body


def test_an_operation_with_an_unreadable_envelope_is_kept_whole(app, company, phone):
    bad = phone.op(company.outlet_id) | {"t": 5}
    [result] = phone.push(bad).json["results"]
    assert (result["code"], result["problem"]["code"]) == ("quarantined", "invalid_record")
    with app.app_context():
        assert json.loads(db.session.get(SyncOp, bad["op_id"]).body)["t"] == 5


HALF_AN_EMOJI, NUL = "\\ud83d", "\\u0000"


def as_written(phone, op, text, app='"x"'):
    """A push in which the visit's condition is this JSON string, just as a phone would write it."""
    body = json.dumps(op["body"])[:-1] + f', "condition": "{text}"}}'
    written = json.dumps(op | {"body": 0}).replace('"body": 0', f'"body": {body}')
    return f'{{"proto":1,"client_id":"{phone.client_id}","app":{app},"ops":[{written}]}}'.encode(), body.encode()


@pytest.mark.parametrize("text", [HALF_AN_EMOJI, NUL, "\\ude00\\ud83d", f"{HALF_AN_EMOJI}\\ude00{HALF_AN_EMOJI}"])
def test_a_text_that_cannot_be_stored_is_mended_and_its_raw_bytes_are_kept(app, company, phone, text):
    """Input fields may cut an emoji in two, and JSON.stringify then writes half of it."""
    op = phone.op(company.outlet_id)
    raw, body = as_written(phone, op, f"柜台{text}好")
    answer = phone.client.post("/sync/v1/push", data=raw, headers=phone.headers)
    assert [result["code"] for result in answer.json["results"]] == ["applied"]
    with app.app_context():
        condition = db.session.scalars(select(Visit)).one().condition
        assert condition.startswith("柜台") and condition.endswith("\ufffd好")
        assert db.session.get(SyncOp, op["op_id"]).body == body
    again = phone.client.post("/sync/v1/push", data=raw, headers=phone.headers)
    assert again.json["results"] == answer.json["results"]


def test_an_escaped_backslash_before_what_looks_like_half_an_emoji_is_left_alone(app, company, phone):
    raw, _ = as_written(phone, phone.op(company.outlet_id), "C:\\\\ud83d \\ud83d\\ude00" + NUL)
    phone.client.post("/sync/v1/push", data=raw, headers=phone.headers)
    with app.app_context():
        assert db.session.scalars(select(Visit)).one().condition == "C:\\ud83d 😀\ufffd"


def test_a_nul_in_the_envelope_breaks_nothing(app, company, phone):
    raw, _ = as_written(phone, phone.op(company.outlet_id), "", app=f'"a{NUL}b"')
    assert phone.client.post("/sync/v1/push", data=raw, headers=phone.headers).json["last_n"] == 1
    bad = phone.op(company.outlet_id, scope="out\0let")
    assert [result["code"] for result in phone.push(bad).json["results"]] == ["quarantined"]


def test_a_request_that_nests_too_deep_is_malformed(app, company, phone):
    raw, _ = as_written(phone, phone.op(company.outlet_id), "")
    deep = raw[:-1] + b',"more":' + b"[" * 60_000 + b"]" * 60_000 + b"}"
    answer = phone.client.post("/sync/v1/push", data=deep, headers=phone.headers)
    assert (answer.status_code, answer.json["code"]) == (400, "malformed")


def test_a_time_that_no_calendar_has_is_kept(app, company, phone):
    bad = phone.op(company.outlet_id)
    bad["t"] = bad["t"] | {"wall": "0001-01-01T00:00:00+14:00"}
    [result] = phone.push(bad).json["results"]
    assert (result["code"], result["problem"]["code"]) == ("quarantined", "invalid_record")


def test_a_form_newer_than_the_server_is_kept(app, company, phone):
    [result] = phone.push(phone.op(company.outlet_id) | {"form": "visit.v9"}).json["results"]
    assert (result["code"], result["problem"]["code"]) == ("quarantined", "unknown_form")


def test_an_operation_that_makes_its_handler_raise_does_not_block_the_next(app, company, phone, monkeypatch):
    from server.intake import registry

    def broken(sent):
        raise LookupError("a bug")

    monkeypatch.setitem(registry.APPLIERS, "broken.v1", broken)
    bad, good = phone.op(company.outlet_id) | {"form": "broken.v1"}, phone.op(company.outlet_id)
    results = phone.push(bad, good).json["results"]
    assert [result["code"] for result in results] == ["quarantined", "applied"]
    assert results[0]["problem"]["code"] == "handler_failed"


def test_the_same_id_with_other_bytes_is_kept_and_alarmed(app, company, phone):
    op = phone.op(company.outlet_id)
    phone.push(op)
    [result] = phone.push(op | {"n": 2, "body": op["body"] | {"condition": "changed"}}).json["results"]
    assert (result["code"], result["problem"]["code"]) == ("quarantined", "op_id_reused")
    with app.app_context():
        assert "changed" in db.session.scalars(select(SyncConflict)).one().mine
        assert db.session.scalars(select(Visit)).one().condition == ""


def test_a_visit_at_an_outlet_of_another_rep_is_accepted_and_credited_to_its_author(app, company, other_phone):
    op = other_phone.op(company.outlet_id)
    [result] = other_phone.push(op).json["results"]
    assert result["code"] == "out_of_scope_accepted"
    with app.app_context():
        visit = db.session.scalars(select(Visit)).one()
        assert (visit.rep_id, visit.was_out_of_scope) == (company.other_rep_id, True)


def test_an_unknown_outlet_is_quarantined(app, company, phone):
    [result] = phone.push(phone.op(uuid7())).json["results"]
    assert (result["code"], result["problem"]["code"]) == ("quarantined", "unknown_outlet")


def test_the_date_follows_the_corrected_clock_in_shanghai(app, company, phone):
    late = {"checked_in_at": "2026-11-24T15:59:59.000Z", "checked_out_at": "2026-11-24T16:30:00.000Z"}
    on_time, late_by_offset = phone.op(company.outlet_id, body=late), phone.op(company.outlet_id, body=late)
    late_by_offset["t"] = late_by_offset["t"] | {"offset_ms": 1000}
    phone.push(on_time, late_by_offset)
    with app.app_context():
        days = {v.id: v.visited_on.isoformat() for v in db.session.scalars(select(Visit))}
    assert days[on_time["entity"]["id"]] == "2026-11-24"
    assert days[late_by_offset["entity"]["id"]] == "2026-11-25"


def test_malformed_json_changes_nothing(app, company, phone):
    answer = phone.client.post("/sync/v1/push", data=b"{", headers=phone.headers)
    assert (answer.status_code, answer.json["code"]) == (400, "malformed")


def test_more_than_fifty_operations_are_too_large(app, company, phone):
    answer = phone.push(*[phone.op(company.outlet_id) for _ in range(51)])
    assert (answer.status_code, answer.json["code"]) == (413, "too_large")
