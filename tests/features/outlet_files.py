"""Outlet files as phones send them, and what the office decides and sees of them."""

import hashlib
import re

import pytest

from server.db import db
from server.outlets.models import Outlet
from sync.ids import uuid7
from tests.sync.conftest import Company, Phone

REASON = "门头照片看不清招牌，请重拍"


def hash_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def op(phone: Phone, form: str, entity: tuple[str, str], outlet_id: str, body: dict, **changes):
    kind = "edit" if form == "outlet_edit.v1" else "record"
    more = {"kind": kind, "form": form, "entity": dict(zip(("type", "id"), entity, strict=True)), "blobs": []} | changes
    return phone.op(outlet_id) | more | {"body": body}


def found(phone: Phone, company: Company, photos: dict[str, str], blobs: list[str]) -> tuple[str, dict]:
    """A new outlet with these photos; its id and the result."""
    outlet_id = uuid7()
    body = {"outlet_id": outlet_id, "region_id": company.region_id, "name": "顺达便民超市", "fields": {"address": "解放路 203 号", **photos}}
    [result] = phone.push(op(phone, "new_outlet.v1", ("outlet", outlet_id), outlet_id, body, blobs=blobs)).json["results"]
    return outlet_id, result


def submit(phone: Phone, outlet_id: str, step_id: str = "", **changes) -> dict:
    step = op(phone, "outlet_submit.v1", ("outlet_step", step_id or uuid7()), outlet_id, {"outlet_id": outlet_id})
    [result] = phone.push(step | changes).json["results"]
    return result


def state_of(app, outlet_id: str) -> tuple[str, object]:
    with app.app_context():
        outlet = db.session.get_one(Outlet, outlet_id)
        return outlet.state, outlet.approved_on


def document(phone: Phone, outlet_id: str) -> dict:
    return [event for event in phone.pull()[0] if event.get("id") == outlet_id and event.get("type") == "outlet"][-1]["doc"]


@pytest.fixture
def draft_id(phone: Phone, company: Company) -> str:
    return found(phone, company, {}, [])[0]


@pytest.fixture
def submitted_id(phone: Phone, draft_id: str) -> str:
    assert submit(phone, draft_id)["code"] == "applied"
    return draft_id


def seen_in(page: str, name: str = "seen") -> str:
    """What a form on the page brings along as the file that was looked at; empty where there is none."""
    found = re.search(rf'name="{re.escape(name)}" value="(\w+)"', page)
    return found[1] if found else ""


def decide(client, outlet_id: str, decision: str, reason: str = "", seen: str | None = None):
    """By what the page shows at this moment, unless `seen` is given."""
    seen = seen_in(client.get(f"/outlets/{outlet_id}/file").text) if seen is None else seen
    return client.post(f"/outlets/{outlet_id}/file/decision", data={"decision": decision, "reason": reason, "seen": seen})


def edit(sender: Phone, outlet_id: str, blobs: list[str] | None = None, **fields) -> str:
    """A change of fields, each as (base, mine); what became of it."""
    body = {"outlet_id": outlet_id, "fields": {name: {"base": base, "mine": mine} for name, (base, mine) in fields.items()}}
    [result] = sender.push(op(sender, "outlet_edit.v1", ("outlet", outlet_id), outlet_id, body, blobs=blobs or [])).json["results"]
    return result["code"]


def rows_of(page: str) -> dict[str, list[str]]:
    """By field the texts of its cells on the page of the file."""
    table = page.partition("<tbody>")[2].partition("</tbody>")[0]
    found = {}
    for row in table.split("<tr>")[1:]:
        cells = [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)]
        found[cells[0]] = cells[1:]
    return found
