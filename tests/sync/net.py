"""A phone by the reference client, over a network whose next request may go wrong."""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask

from sync.client import Headers, Refused, SyncClient
from sync.ids import uuid7
from sync.phone_store import StoredOp
from tests.sync.conftest import PASSWORD, visit_body

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
Answer = tuple[int, Headers, bytes]
Trouble = Callable[["Net", str, str, Headers, bytes], Answer]


@dataclass
class Net:
    """`troubles` strike the next requests, one each, `proxy` all the others; `now` is the server's clock, `skew` how wrong the phone's is."""

    app: Flask
    now: datetime = NOON
    skew: timedelta = timedelta()
    troubles: list[Trouble | None] = field(default_factory=list)
    proxy: Trouble | None = None
    seen: list[tuple[str, str, bytes]] = field(default_factory=list)

    def __call__(self, method: str, path: str, headers: Headers, body: bytes) -> Answer:
        self.now += timedelta(milliseconds=200)
        self.seen.append((method, path, body))
        trouble = self.troubles.pop(0) if self.troubles else self.proxy
        return trouble(self, method, path, headers, body) if trouble else self.ask(method, path, headers, body)

    def ask(self, method: str, path: str, headers: Headers, body: bytes) -> Answer:
        client = self.app.test_client(use_cookies=False)
        answer = client.open(path, method=method, data=body, headers=dict(headers), environ_overrides={"xundian.now": self.now})
        return answer.status_code, dict(answer.headers), answer.get_data()

    def clock(self) -> float:
        return (self.now + self.skew).timestamp()


def lost_request(_net: Net, _method: str, _path: str, _headers: Headers, _body: bytes) -> Answer:
    raise ConnectionError("lost on the way there")


def lost_response(net: Net, method: str, path: str, headers: Headers, body: bytes) -> Answer:
    net.ask(method, path, headers, body)
    raise ConnectionError("lost on the way back")


def twice(net: Net, method: str, path: str, headers: Headers, body: bytes) -> Answer:
    net.ask(method, path, headers, body)
    return net.ask(method, path, headers, body)


def captive_portal(_net: Net, _method: str, _path: str, _headers: Headers, _body: bytes) -> Answer:
    return 200, {"Content-Type": "text/html"}, b"<html>please sign in to this network</html>"


def too_large_at(most: int) -> Trouble:
    """A proxy that lets through only so many bytes."""

    def trouble(net: Net, method: str, path: str, headers: Headers, body: bytes) -> Answer:
        if len(body) > most:
            return 413, {"Content-Type": "text/html"}, b"Request Entity Too Large"
        return net.ask(method, path, headers, body)

    return trouble


@dataclass
class Rep:
    """A rep with a phone."""

    net: Net
    client: SyncClient

    def visit(self, outlet_id: str, photo: bytes | None = None, form: str = "visit.v2", **changes: Any) -> StoredOp:
        photo = photo or os.urandom(48)
        signature = os.urandom(32)
        at = datetime.fromtimestamp(self.net.clock(), UTC)
        body = visit_body(outlet_id, photo, signature) | {"checked_in_at": at.isoformat(), "checked_out_at": at.isoformat()} | changes
        return self.client.save_record(form, ("visit", body["visit_id"]), f"outlet:{outlet_id}", body, [photo, signature], at)

    def edit(self, outlet_id: str, **fields: tuple[Any, Any]) -> StoredOp:
        """Change fields; each is (the value it was made from, the new one)."""
        changes = {name: {"base": base, "mine": mine} for name, (base, mine) in fields.items()}
        at = datetime.fromtimestamp(self.net.clock(), UTC)
        body = {"outlet_id": outlet_id, "fields": changes}
        return self.client.save_edit("outlet_edit.v1", ("outlet", outlet_id), f"outlet:{outlet_id}", body, at)

    def new_outlet(self, region_id: str, name: str, lat: float, lon: float) -> StoredOp:
        outlet_id, at = uuid7(), datetime.fromtimestamp(self.net.clock(), UTC)
        fields = {"position": {"lat": lat, "lon": lon, "accuracy_m": 12.0}}
        body = {"outlet_id": outlet_id, "region_id": region_id, "name": name, "fields": fields}
        return self.client.save_record("new_outlet.v1", ("outlet", outlet_id), f"outlet:{outlet_id}", body, [], at)

    def ask_for_materials(self, outlet_id: str) -> StoredOp:
        at = datetime.fromtimestamp(self.net.clock(), UTC)
        body = {"request_id": uuid7(), "outlet_id": outlet_id, "asked_at": at.isoformat(), "contents": "海报 2 张"}
        return self.client.save_record("material_request.v1", ("material_request", body["request_id"]), f"outlet:{outlet_id}", body, [], at)

    def try_sync(self) -> str:
        """Sync as far as it goes; the code of what ended it, or an empty text."""
        try:
            self.client.sync()
        except Refused as refused:
            return str(refused.problem.get("code"))
        return ""

    def sync(self, rounds: int = 12) -> None:
        """Keep at it, waiting as told, until all is sent."""
        for _ in range(rounds):
            if not self.try_sync():
                return
            self.net.now = max(self.net.now, datetime.fromtimestamp(self.client.next_step().until, UTC) - self.net.skew) + timedelta(seconds=1)
        raise AssertionError(f"does not come to rest: {self.client.state}")

    def codes(self) -> list[str | None]:
        return [op.code for op in self.client.ops]

    def shows(self, kind: str) -> set[str]:
        """Ids of this type in the replica."""
        return {entity for (one, entity) in self.client.store.rows if one == kind}


def rep_of(app: Flask, login: str, **settings: Any) -> Rep:
    net = Net(app)
    answer = app.test_client().post("/auth/v1/sign-in", json={"login": login, "password": PASSWORD, "device_label": "test"}).json
    return Rep(net, SyncClient(net, answer["token"], clock=net.clock, chance=lambda: 0.5, **settings))


def sha256_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
