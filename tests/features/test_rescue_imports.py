"""Rescue files taken in: what is known, damaged or somebody else's, two at once, a large one, and the command line."""

import base64
import hashlib
import json
import os
import threading
import tracemalloc
from typing import Any

from click.testing import CliRunner
from sqlalchemy import select

from server.cli import main
from server.clock import now
from server.db import db
from server.intake import push as push_module
from server.intake.models import SyncOp
from server.intake.rescue import import_rescue
from server.intake.rescue_file import mapped, read_rescue
from server.visits.models import Visit
from sync.ids import uuid7
from tests.features.browsing import console
from tests.features.rescue_files import counted, imports, lost_phone, rescue_file, rescued  # noqa: F401
from tests.features.waiting import office  # noqa: F401
from tests.sync.conftest import Company, Phone, company, phone  # noqa: F401


def test_a_file_of_what_the_phone_sent_meanwhile_changes_nothing(app, company: Company, office, phone: Phone):
    op = phone.op(company.outlet_id)
    raw = rescue_file(company.rep_id, [op | {"n": 1}])
    text = rescued(op)["body_text"]
    whole = json.dumps({"proto": 1, "client_id": phone.client_id, "ops": [op | {"body": "BODY"}]}).replace('"BODY"', text)
    assert phone.client.post("/sync/v1/push", data=whole.encode(), headers=phone.headers).status_code == 200
    before = counted(app)
    with app.app_context():
        report = import_rescue(raw, None, now())
    assert (report.known, report.is_unchanged, report.missing_files) == (1, True, 2)
    assert counted(app) == before


def test_half_an_emoji_in_a_record_is_brought_in_with_its_raw_bytes(app, company: Company, office, phone: Phone):
    op = phone.op(company.outlet_id)
    content = json.loads(rescue_file(company.rep_id, [op]))
    body_text = content["ops"][0]["body_text"][:-1] + ',"condition":"柜台\\ud83d"}'
    content["ops"][0]["body_text"] = body_text
    for known in (0, 1):
        with app.app_context():
            assert import_rescue(json.dumps(content).encode(), None, now()).known == known
            assert db.session.get(SyncOp, op["op_id"]).body == body_text.encode()
            assert db.session.scalars(select(Visit.condition)).one() == "柜台\ufffd"


def test_other_content_under_a_used_id_is_kept_aside_once(app, company: Company, office, phone: Phone):
    op = phone.op(company.outlet_id)
    phone.push(op)
    raw = rescue_file(company.rep_id, [op | {"body": op["body"] | {"condition": "改过"}}])
    with app.app_context():
        first = import_rescue(raw, None, now())
    before = counted(app)
    with app.app_context():
        second = import_rescue(raw, None, now())
    assert (first.refused, second.known, second.is_unchanged) == ({"op_id_reused": 1}, 1, True)
    assert (counted(app), before["SyncConflict"], before["Visit"]) == (before, 1, 1)


def test_an_operation_of_somebody_else_is_kept_aside(app, company: Company, office, phone: Phone):
    op = phone.op(company.outlet_id)
    phone.push(op)
    with app.app_context():
        report = import_rescue(rescue_file(company.other_rep_id, [op]), None, now())
    assert report.refused == {"op_id_reused": 1}
    assert counted(app)["Visit"] == 1


def test_files_that_are_damaged_or_too_large_are_refused_by_name(app, company: Company, office, phone: Phone, monkeypatch):
    from server.intake import rescue_blobs

    monkeypatch.setattr(rescue_blobs, "MOST_BYTES", 1000)
    photo, signature, large = os.urandom(100), os.urandom(100), os.urandom(1001)
    ops = [phone.op(company.outlet_id, photo, signature), phone.op(company.outlet_id, large, signature)]
    content = json.loads(rescue_file(company.rep_id, ops, [photo, signature, large]))
    names = {name: hashlib.sha256(file).hexdigest() for name, file in (("photo", photo), ("signature", signature), ("large", large))}
    content["blobs"][names["photo"]] = base64.b64encode(os.urandom(100)).decode()
    content["blobs"][names["signature"]] = "not base64"
    with app.app_context():
        report = import_rescue(json.dumps(content).encode(), None, now())
    assert report.refused_files == {names["photo"]: "damaged", names["signature"]: "damaged", names["large"]: "too_large"}
    assert (report.files, report.missing_files) == (0, 3)
    assert list(app.extensions["xundian"].upload_folder.glob("*")) == []


def test_a_record_on_which_the_server_breaks_does_not_hold_up_the_others(app, company: Company, office, phone: Phone, monkeypatch):
    ops = [phone.op(company.outlet_id) for _ in range(5)]
    take = push_module._take

    def breaking(author, number, raw, at, is_poison):
        if number.op_id == ops[2]["op_id"] and not is_poison:
            raise LookupError("a bug outside the savepoint")
        return take(author, number, raw, at, is_poison)

    monkeypatch.setattr(push_module, "_take", breaking)
    with app.app_context():
        report = import_rescue(rescue_file(company.rep_id, ops), None, now())
    assert (report.results, report.refused) == ({"applied": 4}, {"handler_failed": 1})


def test_two_imports_of_one_file_at_once_take_it_in_once(app, company: Company, office, phone: Phone):
    raw = rescue_file(company.rep_id, [phone.op(company.outlet_id) for _ in range(60)])
    start, faults = threading.Barrier(2), []

    def bring() -> None:
        with app.app_context():
            start.wait()
            try:
                import_rescue(raw, None, now())
            except Exception as fault:
                faults.append(fault)

    threads = [threading.Thread(target=bring) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert faults == []
    assert (counted(app)["SyncOp"], counted(app)["Visit"], counted(app)["SyncConflict"]) == (60, 60, 0)


def test_a_large_file_is_read_without_holding_it(tmp_path):
    path = tmp_path / "rescue.json"
    path.write_bytes(rescue_file(uuid7(), [], [os.urandom(3_000_000) for _ in range(4)]))
    with path.open("rb") as file:
        tracemalloc.start()
        content = read_rescue(mapped(file))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert len(content.blobs) == 4
    assert peak < 1_000_000


def run(app: Any, *words: str) -> Any:
    settings = app.extensions["xundian"]
    return CliRunner(env={"DATABASE_URL": settings.database_url}).invoke(main, ["--data", str(settings.data), "rescue", "import", *words])


def test_the_command_imports_and_says_when_nothing_was_changed(app, lost_phone, tmp_path):
    path = tmp_path / "rescue.json"
    path.write_bytes(lost_phone)
    first, second = run(app, str(path)), run(app, str(path))
    assert first.exit_code == 0, first.output
    assert first.output.startswith("赵广田: 2 new, 0 here before, 1 parked, 1 quarantined\n")
    assert "files: 2 kept, 0 here before, 1 refused, 1 still missing" in first.output
    assert "nothing was changed" not in first.output
    assert second.output.splitlines()[-1] == "nothing was changed"
    assert [row.actor_id for row in imports(app)] == [None, None]
    assert "命令行" in console(app, "root").get("/rescue").text


def test_the_command_refuses_what_is_no_rescue_file(app, office, tmp_path):
    path = tmp_path / "photo.jpg"
    path.write_bytes(b"\xff\xd8\xff")
    refused = run(app, str(path))
    assert (refused.exit_code, refused.output) == (1, "Error: not_a_rescue_file\n")
    assert run(app, str(tmp_path / "nowhere")).exit_code == 2
