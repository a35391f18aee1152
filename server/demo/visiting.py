"""Three months of visits of the demo company, captured and sent by the reference client like those of real phones."""

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from flask.testing import FlaskClient

from server.demo import names, pictures
from server.demo.asking import answers, version_for
from server.demo.founding import DemoRep
from server.domain.geo import METRES_PER_DEGREE
from server.domain.months import SHANGHAI, Month
from server.domain.working_days import WorkingYear, is_working_day
from server.outlets.models import Outlet
from sync.client import Headers, SyncClient, Transport
from sync.ids import uuid7
from sync.times import iso_instant


def transport_over(client: FlaskClient) -> Transport:
    """The reference client's way to the application in this process."""

    def send(method: str, path: str, headers: Headers, body: bytes) -> tuple[int, Headers, bytes]:
        answer = client.open(path, method=method, headers=dict(headers), data=body)
        return answer.status_code, dict(answer.headers), answer.data

    return send


@dataclass(frozen=True)
class Call:
    """A visit to make: which outlet, when, and what goes wrong with it, if anything."""

    outlet: Outlet
    at: datetime
    trouble: str


def calls_of_month(
    month: Month, outlets: list[Outlet], owed: dict[str, int], today: date, years: dict[int, WorkingYear], source: random.Random
) -> Iterator[Call]:
    """The month's calls of one rep in order: neighbours on the same working day, from nine o'clock on, some left out."""
    days = [day for day in _days(month) if is_working_day(day, years)]
    left_out = 0.22 if month == Month.of_date(today) else 0.07
    wanted = [(outlet, turn) for outlet in sorted(outlets, key=_along) for turn in range(owed[outlet.id]) if source.random() > left_out]
    by_day: dict[date, list[Outlet]] = {}
    for place, (outlet, turn) in enumerate(wanted):
        step = (place * len(days)) // max(1, len(wanted)) + turn * (len(days) // 2)
        by_day.setdefault(days[step % len(days)], []).append(outlet)
    for day in sorted(by_day):
        if day > today:
            return
        at = datetime.combine(day, time(8, 50), SHANGHAI) + timedelta(minutes=source.randint(0, 25))
        for outlet in dict.fromkeys(by_day[day]):
            yield Call(outlet, at, _trouble(source))
            at += timedelta(minutes=source.randint(32, 75))


def _days(month: Month) -> Iterator[date]:
    day = month.first_day
    while day <= month.last_day:
        yield day
        day += timedelta(days=1)


def _along(outlet: Outlet) -> tuple[float, float]:
    return (round((outlet.lat or 0) * 100), outlet.lon or 0)


def _trouble(source: random.Random) -> str:
    kinds = ("", "outside", "no_fix", "no_signature", "complaint", "problem", "rough", "early_photo", "wrong_photo")
    return source.choices(kinds, (74, 4, 2, 2, 5, 7, 2, 2, 2))[0]


def capture(client: SyncClient, rep: DemoRep, call: Call, source: random.Random, storefront_before: bytes | None = None) -> bytes:
    """Save one visit on the rep's phone; returns its storefront photo, which the next call may show by mistake."""
    outlet, at = call.outlet, call.at
    left_at = at + timedelta(minutes=source.randint(9, 24), seconds=source.randint(0, 59))
    place = _place(outlet, call.trouble, source)
    first_at = at - timedelta(minutes=25) if call.trouble == "early_photo" else at + timedelta(minutes=3)
    shots = [("storefront", first_at), ("counter", at + timedelta(minutes=5))]
    files = [pictures.photo(slot, outlet.name, rep.name, taken_at, place, source) for slot, taken_at in shots]
    if call.trouble == "wrong_photo" and storefront_before is not None:
        files[0] = storefront_before
    storefront = files[0]
    body = _record(outlet, call, left_at, place, source)
    body["photos"] = [_shot(slot, taken_at, content) for (slot, taken_at), content in zip(shots, files, strict=True)]
    signed = call.trouble != "no_signature"
    if signed:
        png, strokes = pictures.signature(source)
        signed_by = {"signer_name": outlet.person_in_charge, "signer_role": "owner", "signed_at": iso_instant(left_at)}
        body["signature"] = {"sha256": hashlib.sha256(png).hexdigest(), **signed_by, "strokes": strokes}
        files.append(png)
    else:
        body["signature_refusal"] = "店主不在，店员不愿代签"
    op = client.save_record("visit.v3", ("visit", body["visit_id"]), f"outlet:{outlet.id}", body, files, left_at)
    assert op.blobs
    return storefront


def _shot(slot: str, taken_at: datetime, content: bytes) -> dict[str, Any]:
    size = {"bytes": len(content), "width": pictures.WIDTH - 24, "height": pictures.HEIGHT - 24}
    taken = iso_instant(taken_at)
    return {"slot": slot, "sha256": hashlib.sha256(content).hexdigest(), "taken_at": taken, "exif_taken_at": taken, "source": "camera", **size}


def _place(outlet: Outlet, trouble: str, source: random.Random) -> tuple[float, float]:
    """Where the phone says it is: at the door give or take some metres, or well outside the fence."""
    away_m = source.uniform(420, 900) if trouble == "outside" else abs(source.gauss(0, 28))
    lat, lon = outlet.lat or 30.665, outlet.lon or 104.06
    return (lat + away_m / METRES_PER_DEGREE, lon + source.gauss(0, 0.0001))


def _record(outlet: Outlet, call: Call, left_at: datetime, place: tuple[float, float], source: random.Random) -> dict[str, Any]:
    fix = {
        "lat": place[0],
        "lon": place[1],
        "accuracy_m": float(source.choice((8, 12, 18, 25, 35))) if call.trouble != "rough" else float(source.randint(110, 260)),
        "taken_at": iso_instant(call.at),
        "source": "gps",
    }
    has_complaint, version = call.trouble == "complaint", version_for(outlet)
    return {
        "visit_id": uuid7(),
        "outlet_id": outlet.id,
        "checked_in_at": iso_instant(call.at),
        "checked_out_at": iso_instant(left_at),
        "fix": None if call.trouble == "no_fix" else fix,
        "presence_reason": {"outside": "moved", "no_fix": "no_position"}.get(call.trouble),
        "presence_note": {"outside": "店搬到街对面了", "no_fix": "楼内没有信号"}.get(call.trouble, ""),
        "checklist": answers(version, call.trouble, call.at, source),
        "checklist_version": version and version.id,
        "has_complaint": has_complaint,
        "complaint_note": source.choice(names.COMPLAINTS) if has_complaint else "",
        "condition": source.choice(names.CONDITIONS),
        "handling": source.choice(names.HANDLING),
    }
