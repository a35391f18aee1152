"""A company whose every list is long: 100,000 rows of each kind at 100,000 outlets of 1,000 reps in four regions, in either database."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, text

from server.audit.models import AuditRow
from server.callbacks.models import CallBack
from server.churn.models import ChurnCase, ChurnWord
from server.complaints.models import Complaint
from server.db import db
from server.devices.models import Device
from server.domain.months import Month
from server.findings.models import Finding
from server.followups.models import FollowUp
from server.intake.models import SyncClient, SyncConflict, SyncOp
from server.intake.rescue import IMPORTED
from server.materials.models import MaterialRequest
from server.outlets.models import Assignment, Outlet, OutletDuplicate
from server.people.actions import add_person
from server.people.models import Person, PersonRegion, PersonRole, Region, Role
from server.training.models import PlannedTraining, Training
from server.transactions.models import OutletTransfer, TableImport
from server.visits.models import OutletMonth, Visit
from server.visits.plan_models import PlannedVisit
from tests.sync.conftest import PASSWORD

ROWS, REPS, REGIONS = 100_000, 1_000, 4
PART = 20_000
EARLY = date(2026, 1, 5)
OFFICE = (("chief", Role.MANAGER), ("boss", Role.SUPERVISOR), ("ops", Role.OPS), ("root", Role.ADMIN))
Row = dict[str, Any]


def fill_company(at: datetime, outlets: int = ROWS, reps: int = REPS) -> None:
    """Everybody, and the outlets that all lists speak of; `boss` has the first of the regions. Commits."""
    regions = [{"id": f"region-{n}", "name": f"片区{n}", "centre_lat": 30.66, "centre_lon": 104.07} for n in range(REGIONS)]
    db.session.execute(insert(Region), regions)
    for login, role in OFFICE:
        add_person(login, login, PASSWORD, [role], ["region-0"] if role == Role.SUPERVISOR else [], at)
    db.session.commit()
    fill_people(reps, "rep", Role.REP, at)
    put(PersonRegion, reps, lambda n: {"person_id": f"rep-{n}", "region_id": f"region-{n % REGIONS}"})
    put(Outlet, outlets, lambda n: _outlet(n, at))
    put(Assignment, outlets, lambda n: {"id": name("held", n), "outlet_id": outlet_id(n), "person_id": rep_id(n, reps), **_held(at)})
    db.session.commit()


def fill_people(count: int, word: str, role: Role, at: datetime) -> None:
    """People of one role, named by the word and a number. Commits."""
    put(Person, count, lambda n: {"id": f"{word}-{n}", "login": f"{word}{n:06d}", "name": f"某人{n}", "password_hash": "x", "created_at": at})
    put(PersonRole, count, lambda n: {"person_id": f"{word}-{n}", "role": role.value})
    db.session.commit()


def put(model: Any, count: int, row: Callable[[int], Row]) -> None:
    """As many rows, in parts."""
    for start in range(0, count, PART):
        db.session.execute(insert(model), [row(n) for n in range(start, min(start + PART, count))])


def name(word: str, n: int) -> str:
    """An id in the order of the numbers."""
    return f"{word}-{n:06d}"


def outlet_id(n: int) -> str:
    return name("outlet", n)


def rep_id(n: int, reps: int = REPS) -> str:
    """Of the outlet's region: both counts are multiples of the regions'."""
    return f"rep-{n % reps}"


def _held(at: datetime) -> Row:
    return {"starts_on": EARLY, "made_at": at}


def _outlet(n: int, at: datetime) -> Row:
    row = {"id": outlet_id(n), "code": f"W{n:06d}", "name": f"网点{n}", "state": "approved", "region_id": f"region-{n % REGIONS}"}
    row |= {"address": f"某路{n}号", "person_in_charge": "负责人", "phone": "13800000000", "outlet_class": "ABC"[n % 3]}
    row |= {"lat": 30.5 + n % 317 / 1000, "lon": 103.9 + n % 331 / 1000, "account_no": f"YD-{n:06d}", "account_made_on": EARLY}
    return row | {"approved_on": EARLY, "created_at": at}


def fill_visits(at: datetime, today: date, count: int = ROWS, outlets: int = ROWS, reps: int = REPS) -> None:
    """Visits of this month, a tenth of which wait for a review. Commits."""
    put(Visit, count, lambda n: _visit(n, at, today, outlets, reps))
    db.session.commit()


def _visit(n: int, at: datetime, today: date, outlets: int, reps: int) -> Row:
    place, day = n % outlets, today.replace(day=n % today.day + 1)
    noon = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    row = {"id": name("visit", n), "op_id": name("visit-op", n), "form": "visit.v3", "record_sha256": "0" * 64, "outlet_id": outlet_id(place)}
    row |= {"rep_id": rep_id(place, reps), "visited_on": day, "checked_in_at": noon, "checked_out_at": noon, "clock_offset_ms": 0}
    row |= {"received_at": at - timedelta(seconds=n), "fix_accuracy_m": 12.0, "distance_m": 40.0, "allowed_m": 212.0, "score": 100 - n % 7}
    row |= {"fix_lat": 30.5 + place % 317 / 1000, "fix_lon": 103.9 + place % 331 / 1000, "has_complaint": False, "checklist": []}
    row |= {"is_checklist_complete": True, "is_complete": True, "counts": n % 10 > 1, "needs_review": n % 10 == 0}
    return row | {"reasons": [] if n % 10 > 1 else ["outside_fence"]}


def fill_lists(at: datetime, today: date) -> None:
    """Every other list of work, each row in the tab that opens first. Commits."""
    month, due = str(Month.of_date(today)), due_days(today)
    for model, row in (*_work(at, today, due).items(), *_judged(at, month).items(), *_sent(at).items(), *_kept(at, month, today).items()):
        put(model, ROWS, row)
        db.session.commit()


def due_days(today: date) -> Callable[[int], date]:
    """Days about today, a hundred of them."""
    return lambda n: today + timedelta(days=n % 100 - 50)


def _work(at: datetime, today: date, due: Callable[[int], date]) -> dict[Any, Callable[[int], Row]]:
    def at_outlet(word: str, n: int) -> Row:
        return {"id": name(word, n), "outlet_id": outlet_id(n), "due_on": due(n)}

    asked = {"requested_on": today, "requested_by_id": "rep-0", "contents": "凭条纸", "made_at": at}
    received = {"kind": "other", "received_on": today, "received_by_id": "rep-0", "state": "received", "account": "到账慢", "made_at": at}
    problem = {"problem": "公示牌坏了", "owner": "rep", "registered_on": today, "registered_by_id": "rep-0", "working_days": 3, "made_at": at}
    listed = {"listed_on": today, "state": "open", "made_at": at, "month": str(Month.of_date(today))}
    held = {"trainer_id": "rep-0", "attendee_count": 2, "received_at": at}
    return {
        Complaint: lambda n: at_outlet("complaint", n) | received,
        FollowUp: lambda n: at_outlet("follow", n) | problem,
        MaterialRequest: lambda n: at_outlet("request", n) | asked,
        CallBack: lambda n: at_outlet("call", n) | {"source_key": name("call", n), "kind": "profile", "listed_on": today, "at": at},
        ChurnCase: lambda n: at_outlet("case", n) | listed,
        Training: lambda n: {"id": name("training", n), "outlet_id": outlet_id(n), "trained_on": due(n), **held},
    }


def _judged(at: datetime, month: str) -> dict[Any, Callable[[int], Row]]:
    said = {"source": "ops", "on": EARLY, "is_gone": True, "by_id": "rep-0", "at": at}
    found = {"kind": "missed_visit", "month": month, "amount_yuan": Decimal(20), "state": "proposed", "created_at": at}
    owed = {"owed": 1, "planned": 1, "counted": 0, "waiting": 0, "policy_version": "1", "month": month}
    planned = {"month": month, "outlet_class": "C", "made_at": at}
    return {
        ChurnWord: lambda n: {"id": name("word", n), "case_id": name("case", n), **said},
        Finding: lambda n: {"id": name("finding", n), "source_key": name("f", n), "person_id": rep_id(n), "outlet_id": outlet_id(n), **found},
        OutletMonth: lambda n: {"outlet_id": outlet_id(n), "rep_id": rep_id(n), "outlet_class": "ABC"[n % 3], "state": STATES[n % 4], **owed},
        PlannedTraining: lambda n: {"outlet_id": outlet_id(n), "volume_change_yuan": Decimal(n % 900 - 450), **planned},
    }


STATES = ("due", "done", "overdue", "waiting")


def _sent(at: datetime) -> dict[Any, Callable[[int], Row]]:
    """Half of the operations wait for a decision, half were not taken in."""

    def op(n: int) -> Row:
        row = {"op_id": name("op", n), "client_id": "client", "n": n, "person_id": rep_id(n), "kind": "op", "form": "outlet.v1"}
        row |= {"entity_type": "outlet", "entity_id": outlet_id(n), "scope_id": f"outlet:{outlet_id(n)}", "body": b"{}", "body_sha256": "0" * 64}
        return row | {"times": {}, "received_at": received(n), "code": "parked", "problem": {"code": "parked"}}

    def lost(n: int) -> Row:
        row = {"id": name("conflict", n), "op_id": name("op", n), "kind": "field", "entity_type": "outlet", "entity_id": outlet_id(n)}
        values = {"mine": json.dumps("13800000001"), "theirs": json.dumps("13800000002"), "before": json.dumps("13800000000")}
        return row | values | {"field": "phone", "raised_at": received(n)}

    def received(n: int) -> datetime:
        return at - timedelta(seconds=ROWS - n)

    return {SyncOp: op, SyncConflict: lost}


def fill_unreadable(at: datetime) -> None:
    """Records that were not taken in. Commits."""
    row = {
        "client_id": "client",
        "kind": "record",
        "form": "visit.v9",
        "entity_type": "visit",
        "scope_id": "",
        "body": b"{}",
        "body_sha256": "0" * 64,
    }
    row |= {"times": {}, "code": "quarantined", "problem": {"code": "quarantined", "detail": "unknown form"}}
    put(
        SyncOp,
        ROWS,
        lambda n: {
            "op_id": name("lost", n),
            "n": ROWS + n,
            "person_id": rep_id(n),
            "entity_id": name("v", n),
            "received_at": at - timedelta(seconds=ROWS - n),
            **row,
        },
    )
    db.session.commit()


def _kept(at: datetime, month: str, today: date) -> dict[Any, Callable[[int], Row]]:
    rescued = {"action": IMPORTED, "subject_type": "person", "detail": RESCUED}
    table = {"kind": "transactions_days", "file_name": "流水.xlsx", "sha256": "0" * 64, "rows_read": 9, "rows_taken": 9, "rows_refused": 0}
    table |= {"amount_yuan": Decimal(9), "first_on": EARLY, "last_on": EARLY, "by_id": "rep-0"}
    moved = {"on": Month.of_date(today).previous().first_day, "amount_yuan": Decimal(900)}
    return {
        OutletDuplicate: lambda n: {"outlet_id": outlet_id(n), "other_id": outlet_id((n + REGIONS) % ROWS), "distance_m": 20.0, "found_at": at},
        TableImport: lambda n: {"id": name("import", n), "at": at - timedelta(seconds=n), **table},
        AuditRow: lambda n: {"id": name("audit", n), "at": at - timedelta(seconds=n), "subject_id": rep_id(n), **rescued},
        PlannedVisit: lambda n: {"outlet_id": outlet_id(n), "planned_on": today.replace(day=n % 28 + 1), "made_by_id": "rep-0", "made_at": at},
        OutletTransfer: lambda n: {"outlet_id": outlet_id(n), **moved},
        Device: lambda n: _device(n, at),
        SyncClient: lambda n: _client(n, at),
    }


RESCUED: Row = {}


def _device(n: int, at: datetime) -> Row:
    row = {"id": name("device", n), "person_id": rep_id(n), "token_hash": f"{n:064x}", "label": "手机"}
    return row | {"created_at": at, "last_seen_at": at - timedelta(minutes=n % 9000)}


def _client(n: int, at: datetime) -> Row:
    row = {"client_id": name("client", n), "person_id": rep_id(n), "device_id": name("device", n), "last_seen_at": at, "told_at": at}
    return row | {"queue_length": n % 3, "oldest_unsent_at": at - timedelta(days=n % 5), "free_bytes": 10**8 * (n % 50 + 1), "skew_ms": n % 2000}


def tidy() -> None:
    """Let PostgreSQL know its sizes, as it does by itself after a while; SQLite is left as it is."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
