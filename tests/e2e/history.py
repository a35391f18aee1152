"""Visits made before the test begins, sent by the reference client over HTTP."""

import hashlib
import json
import urllib.error
import urllib.request
from datetime import timedelta
from io import BytesIO

from PIL import Image, ImageDraw

from server.clock import now
from sync.client import Headers, SyncClient, Transport
from sync.ids import uuid7
from sync.times import iso_instant
from sync.visit_form import form
from tests.e2e.company import OLD_PHONE, PASSWORD, Company
from tests.e2e.server_process import ServerProcess


def transport_to(url: str) -> Transport:
    def send(method: str, path: str, headers: Headers, body: bytes) -> tuple[int, Headers, bytes]:
        address = path if path.startswith("http") else url + path
        request = urllib.request.Request(address, data=body if method in ("POST", "PATCH") else None, method=method, headers=dict(headers))
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, dict(answer.headers), answer.read()
        except urllib.error.HTTPError as fault:
            return fault.code, dict(fault.headers), fault.read()

    return send


def earlier_visit(server: ServerProcess, company: Company, login: str, outlet: str, days_ago: int, **changes: object) -> str:
    """A complete visit of some days ago with two photos and a signature; returns its id."""
    send = transport_to(server.url)
    asked = {"login": login, "password": PASSWORD, "device_label": OLD_PHONE}
    _, _, answer = send("POST", "/auth/v1/sign-in", {"Content-Type": "application/json"}, json.dumps(asked).encode())
    session = json.loads(answer)
    client = SyncClient(send, session["token"], "1.0")
    at = now() - timedelta(days=days_ago)
    files = [_picture(f"{outlet}{slot}{days_ago}", slot) for slot in ("storefront", "counter", "signature")]
    hashes = [hashlib.sha256(content).hexdigest() for content in files]
    lat, lon = company.place(outlet)
    body = {
        "visit_id": uuid7(),
        "outlet_id": company.outlets[outlet],
        "checked_in_at": iso_instant(at - timedelta(minutes=15)),
        "checked_out_at": iso_instant(at),
        "fix": {"lat": lat, "lon": lon, "accuracy_m": 20.0, "taken_at": iso_instant(at), "source": "gps"},
        "checklist": [{"key": question["key"], "answer": question["choices"][0]["value"], "note": ""} for question in form("visit.v1")["checklist"]],
        "has_complaint": False,
        "condition": "柜台整洁",
        "photos": [_shot(slot, sha256, iso_instant(at)) for slot, sha256 in zip(("storefront", "counter"), hashes, strict=False)],
        "signature": {"sha256": hashes[2], "signer_name": "王秀兰", "signer_role": "owner", "signed_at": iso_instant(at), "strokes": []},
    }
    body |= changes
    client.save_record("visit.v1", ("visit", str(body["visit_id"])), f"outlet:{company.outlets[outlet]}", body, files, at)
    client.sync()
    assert client.ops[0].result is not None
    assert client.ops[0].result["code"] == "applied"
    return str(body["visit_id"])


def _shot(slot: str, sha256: str, taken_at: str) -> dict[str, object]:
    return {"slot": slot, "sha256": sha256, "taken_at": taken_at, "source": "camera", "bytes": 1, "width": 400, "height": 300}


def _picture(words: str, kind: str) -> bytes:
    """A small picture that no other words give."""
    seed = hashlib.sha256(words.encode()).digest()
    picture = Image.new("RGB", (400, 300), "#ffffff" if kind == "signature" else f"#{seed[:3].hex()}")
    draw = ImageDraw.Draw(picture)
    draw.line([(20 + place * 22, 60 + byte % 180) for place, byte in enumerate(seed[3:19])], fill="#14201d", width=5)
    file = BytesIO()
    picture.save(file, "PNG" if kind == "signature" else "JPEG")
    return file.getvalue()
