"""A simulated phone: the reference client, and what its user captured with it."""

import hashlib
import json
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from server.simulation.invariants import Captured
from sync.client import SyncClient
from sync.ids import uuid7
from sync.phone_store import CaptureStore
from sync.replica_store import ReplicaStore
from sync.uploads import FIRST_CHUNK_BYTES, Pace
from tests.faults.simulation.world import PhoneCrash, World
from tests.sync.conftest import visit_body

PAGE_BYTES = (1000, 4000, 64_000)
CHUNK_BYTES = (16, 40, FIRST_CHUNK_BYTES)


@dataclass
class SimPhone:
    """`skew_s` is how wrong its clock is; `edge_in` counts down to the transaction at which the phone dies."""

    world: World
    person_id: str
    token: str
    skew_s: float = 0.0
    edge_in: int = 0
    client: SyncClient = field(init=False)

    def __post_init__(self) -> None:
        # the phone's chance is its own, so that taking an act out of a schedule changes the others little
        chance = random.Random(self.world.chance.random())
        self.client = SyncClient(
            self.world.transport(self.person_id),
            self.token,
            app="sim",
            capture=CaptureStore(edge=self.edge),
            store=ReplicaStore(edge=self.edge),
            clock=self.clock,
            chance=chance.random,
            page_bytes=chance.choice(PAGE_BYTES),
            pace=Pace(chance.choice(CHUNK_BYTES)),
        )

    def clock(self) -> float:
        return self.world.now.timestamp() + self.skew_s

    def at(self) -> datetime:
        return datetime.fromtimestamp(self.clock(), UTC)

    def edge(self, _name: str) -> None:
        if self.edge_in:
            self.edge_in -= 1
            if not self.edge_in:
                raise PhoneCrash

    def copied(self) -> "SimPhone":
        """The same phone once more, as from a backup of it."""
        twin = SimPhone(self.world, self.person_id, self.token, self.skew_s)
        twin.client.capture, twin.client.store = self.client.capture.copy(), self.client.store.copy()
        twin.client.capture.edge = twin.client.store.edge = twin.edge
        return twin

    def steps(self, count: int) -> None:
        """Let the engine take so many steps; a crash is a restart."""
        for _ in range(count):
            try:
                step = self.client.advance()
            except PhoneCrash:
                self.client.restart()
                return
            if step.do in ("rest", "wait", "stop"):
                return

    # -- what the user does ------------------------------------------------------------------------------------------

    def outlets(self) -> list[dict[str, Any]]:
        found = [row.doc for (kind, _), row in self.client.store.rows.items() if kind == "outlet"]
        return sorted(found, key=lambda doc: doc["code"])

    def visit(self, outlet_id: str, form: str, number: int, corrects: str | None = None) -> Captured | None:
        photo = hashlib.sha256(f"{self.person_id}{number}".encode()).digest() * 3
        signature = photo[::-1] if number % 3 == 0 else photo  # one file to send is enough for most
        body = visit_body(outlet_id, photo, signature)
        at = self.at().isoformat()
        body |= {"visit_id": uuid7(), "checked_in_at": at, "checked_out_at": at, "corrects": corrects}
        body["fix"]["taken_at"] = body["photos"][0]["taken_at"] = body["signature"]["signed_at"] = at
        return self._record(form, ("visit", body["visit_id"]), outlet_id, body, sorted({photo, signature}), "visit")

    def new_outlet(self, region_id: str, name: str, position: dict[str, float]) -> Captured | None:
        outlet_id = uuid7()
        body = {"outlet_id": outlet_id, "region_id": region_id, "name": name, "fields": {"position": position, "phone": "028-1"}}
        return self._record("new_outlet.v1", ("outlet", outlet_id), outlet_id, body, [], "new_outlet")

    def broken(self, kind: str, number: int) -> Captured | None:
        """A record that the server will not take in: it must be kept all the same, and hold up nothing."""
        entity_id = uuid7()
        body: dict[str, Any] = {"outlet_id": self.world.template.outlet_ids[0], "number": number}
        return self._record(f"{kind}.v1", ("visit", entity_id), self.world.template.outlet_ids[0], body, [], kind)

    def _record(self, form: str, entity: tuple[str, str], outlet_id: str, body: dict[str, Any], files: list[bytes], kind: str) -> Captured | None:
        try:
            op = self.client.save_record(form, entity, f"outlet:{outlet_id}", body, files, self.at())
        except PhoneCrash:
            return self._after_crash(kind, entity[1], body)
        return Captured(op.op_id, kind, self.person_id, entity[1], body, op.blobs)

    def edit(self, outlet: dict[str, Any], fields: dict[str, Any]) -> Captured | None:
        """Change fields of an outlet, from the values that the phone shows."""
        changes = {name: {"base": shown(outlet, name), "mine": value} for name, value in sorted(fields.items())}
        body = {"outlet_id": outlet["id"], "fields": changes}
        try:
            op = self.client.save_edit("outlet_edit.v1", ("outlet", outlet["id"]), f"outlet:{outlet['id']}", body, self.at())
        except PhoneCrash:
            return self._after_crash("edit", outlet["id"], body)
        return Captured(op.op_id, "edit", self.person_id, outlet["id"], body, [])

    def _after_crash(self, kind: str, entity_id: str, body: dict[str, Any]) -> Captured | None:
        """Killed while saving: either all of it was kept or nothing."""
        self.client.restart()
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))[1:-1]
        kept = [op for op in self.client.ops if op.entity[1] == entity_id and text in op.text]
        return Captured(kept[-1].op_id, kind, self.person_id, entity_id, body, kept[-1].blobs) if kept else None


def shown(outlet: dict[str, Any], name: str) -> Any:
    """A field as the outlet's document shows it."""
    if name in outlet["class_inputs"]:
        return outlet["class_inputs"][name]
    if name == "position":
        if outlet["lat"] is None:
            return None
        return {"lat": outlet["lat"], "lon": outlet["lon"], "accuracy_m": outlet["position_accuracy_m"]}
    return outlet[name]
