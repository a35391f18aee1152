"""Puts records of every state into a phone's storage, so that the outbox can be looked at without waiting for each to happen."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Page

from sync.ids import uuid7
from tests.e2e.company import Company

GONE = "0194b8a0-0000-7000-8000-0000000000aa"
REASON = "门头没有搬"
ARRIVED, LEFT, LOST = "ab" * 32, "cd" * 32, "ef" * 32
FILES = {ARRIVED: "confirmed", LEFT: "wanted", LOST: "gone"}

CHIEF = "周敏"
# fields of the first outlet that somebody else changed too: one was lost, one waits, one holds
CONFLICTS: list[dict[str, Any]] = [
    {"field": "position_text", "mine": "小区东门进去第二家，招牌在二楼", "theirs": "东门", "outcome": "restored", "settled_by_name": CHIEF},
    {"field": "person_in_charge", "mine": "陈小红", "theirs": "王秀兰", "is_parked": True},
    {"field": "is_tidy", "mine": None, "theirs": False},
]

STORE = """async ([personId, ops, uploads, verdicts]) => {
    const open = (name) => new Promise((resolve, reject) => {
        const opening = indexedDB.open(name);
        opening.onsuccess = () => resolve(opening.result);
        opening.onerror = () => reject(opening.error);
    });
    const put = async (db, store, rows) => {
        const tx = db.transaction(store, "readwrite");
        for (const row of rows) tx.objectStore(store).put(row);
        await new Promise((resolve, reject) => { tx.oncomplete = resolve; tx.onabort = () => reject(tx.error); });
    };
    const capture = await open(`xundian-capture-${personId}`);
    await put(capture, "ops", ops);
    await put(capture, "uploads", uploads);
    capture.close();
    const replica = await open(`xundian-replica-${personId}`);
    await put(replica, "rows", verdicts);
    replica.close();
}"""


def fill_outbox(page: Page, company: Company, login: str = "rep1") -> dict[str, str]:
    """One record of each kind and state; returns their entities by what is wrong. The phone must not be able to send."""
    person_id = company.people[login]
    ops, verdicts = _operations(company.outlets[company.due], company.outlets[company.new[0]]), []
    for op in ops:
        decided = op.pop("decided", None)
        if decided:
            doc = {"op_id": op["op_id"], "code": decided, "reason": REASON if decided == "rejected" else "", "by_name": "周敏", "at": _ago(1)}
            verdicts.append({"type": "op_verdict", "id": op["op_id"], "scope": f"user:{person_id}", "v": 1, "doc": doc, "generation": 99})
    verdicts += [_conflict(company, person_id, **more) for more in CONFLICTS]
    uploads = [{"sha256": sha256, "size": 1, "state": state, "url": None, "confirmed_at": None} for sha256, state in FILES.items()]
    page.evaluate(STORE, [person_id, ops, uploads, verdicts])
    return {_trouble(op): op["entity"]["id"] for op in ops}


def _conflict(company: Company, person_id: str, **more: Any) -> dict[str, Any]:
    """A row of the replica."""
    doc = {"id": uuid7(), "outlet_id": company.outlets[company.due], "is_parked": False, "sent_by_id": person_id, "sent_by_name": "赵广田"}
    doc |= {"sent_at": _ago(2), "theirs_by_id": uuid7(), "theirs_by_name": CHIEF, "theirs_at": _ago(3), "outcome": "", "settled_by_name": ""}
    doc |= {"settled_at": None} | more
    return {"type": "field_conflict", "id": doc["id"], "scope": f"outlet:{doc['outlet_id']}", "v": 1, "doc": doc, "generation": 99}


def _trouble(op: dict[str, Any]) -> str:
    if LOST in op["blobs"]:
        return "photo_gone"
    return str(op["problem"]["code"]) if op["problem"] else ""


def _operations(known: str, other: str) -> list[dict[str, Any]]:
    codes = ("invalid_record", "unknown_form", "unknown_outlet", "unknown_visit", "id_taken", "op_id_reused", "handler_failed")
    under_way = [
        _unsent(_visit(known, 0.1), 1),
        _unsent(_edit(other, 0.2, ["position"]), 2),
        _unsent(_visit(known, 0.3, problem="too_large"), 3),
        _visit(known, 0.4, code="applied", blobs=[LEFT]),
        _visit(known, 0.5, code="applied", blobs=[LOST]),
    ]
    refused = [_visit(known, hours + 2, code="quarantined", problem=code) for hours, code in enumerate(codes)]
    return [*under_way, *refused, *_settled(known, other)]


def _settled(known: str, other: str) -> list[dict[str, Any]]:
    waiting = {"code": "parked", "problem": "waits_for_decision"}
    return [
        _visit(known, 20, code="applied"),
        _visit(GONE, 21, code="out_of_scope_accepted", problem="outlet_reassigned", detail="林晓月"),
        _edit(known, 22, ["phone"], code="merged"),
        _edit(known, 23, ["phone"], code="noop"),
        _edit(known, 24, ["address", "phone"], code="conflict_recorded", problem="field_conflict"),
        _edit(other, 25, ["position"], **waiting),
        _edit(GONE, 26, ["person_in_charge"], code="parked", problem="not_yours_now", detail="林晓月"),
        _edit(GONE, 27, ["position"], code="parked", problem="outlet_removed", detail="周敏"),
        _new_outlet(28, code="applied", problem="possible_duplicate"),
        _edit(other, 29, ["position"], **waiting, decided="applied"),
        _edit(other, 30, ["position"], **waiting, decided="edited"),
        _edit(other, 31, ["position"], **waiting, decided="rejected"),
        _visit(known, 32, code="quarantined", problem="handler_failed", decided="applied"),
        _visit(known, 33, code="quarantined", problem="invalid_record", decided="rejected"),
    ]


def _unsent(op: dict[str, Any], n: int) -> dict[str, Any]:
    return op | {"n": n, "state": "pending", "acked_at": None, "v": None}


def _visit(outlet_id: str, hours: float, blobs: list[str] | None = None, **fate: Any) -> dict[str, Any]:
    visit_id, at = uuid7(), _ago(hours)
    files = [ARRIVED, *(blobs or [])]
    photos = [{"slot": "other", "sha256": sha256, "taken_at": at} for sha256 in files]
    body: dict[str, Any] = {
        "visit_id": visit_id,
        "outlet_id": outlet_id,
        "checked_in_at": at,
        "checked_out_at": at,
        "fix": None,
        "presence_reason": "no_position",
    }
    body |= {"presence_note": "", "checklist": [], "has_complaint": False, "complaint_note": "", "condition": "", "handling": ""}
    body |= {"photos": photos, "signature": None, "signature_refusal": None, "corrects": None}
    return _op("record", "visit.v1", ("visit", visit_id), outlet_id, body, at, fate) | {"blobs": files}


def _edit(outlet_id: str, hours: float, fields: list[str], **fate: Any) -> dict[str, Any]:
    body = {"outlet_id": outlet_id, "fields": {name: {"base": "", "mine": "1"} for name in fields}}
    return _op("edit", "outlet_edit.v1", ("outlet", outlet_id), outlet_id, body, _ago(hours), fate)


def _new_outlet(hours: float, **fate: Any) -> dict[str, Any]:
    outlet_id = uuid7()
    body = {"outlet_id": outlet_id, "region_id": uuid7(), "name": "康佳便民服务站", "fields": {}}
    return _op("record", "new_outlet.v1", ("outlet", outlet_id), outlet_id, body, _ago(hours), fate)


def _op(kind: str, form: str, entity: tuple[str, str], outlet_id: str, body: dict[str, Any], at: str, fate: dict[str, Any]) -> dict[str, Any]:
    """A stored operation as pwa/db/capture_schema.js has it, acknowledged with its fate."""
    problem = {"code": fate["problem"], "detail": fate.get("detail", "")} if fate.get("problem") else None
    times = {"wall": at, "mono": 1, "boot": "b", "offset_ms": 0}
    op = {"op_id": uuid7(), "n": 0, "kind": kind, "form": form, "entity": {"type": entity[0], "id": entity[1]}, "scope": f"outlet:{outlet_id}"}
    op |= {"base_v": None, "body_text": json.dumps(body), "blobs": [], "t": times, "saved_at": at, "state": "acked", "v": 1, "acked_at": at}
    return op | {"code": fate.get("code"), "problem": problem, "decided": fate.get("decided")}


def _ago(hours: float) -> str:
    return (datetime.now(UTC) - timedelta(hours=hours)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
