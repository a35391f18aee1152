"""The company as every schedule finds it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from server.db import db
from server.outlets.actions import assign_outlets
from server.outlets.models import Outlet
from server.people.actions import add_person, add_region
from server.people.models import Role
from sync.ids import uuid7

START = datetime(2026, 11, 9, 1, 0, tzinfo=UTC)
PASSWORD = "correct-horse-battery"
REPS = ("rep1", "rep2", "rep3")
OUTLETS = 4


@dataclass
class Template:
    """The company as every schedule finds it: a database file and the ids in it."""

    folder: Path
    region_ids: list[str]
    rep_ids: list[str]
    boss_id: str
    outlet_ids: list[str]


def found_company(folder: Path) -> Template:
    """Two regions, three reps, a supervisor of both, four outlets: the first two are rep1's, then one each."""
    at = START - timedelta(days=30)
    regions = [add_region(name, at, (30.66, 104.07)) for name in ("城东", "城西")]
    db.session.flush()
    ids = [region.id for region in regions]
    homes = ([ids[0]], [ids[0], ids[1]], [ids[1]])
    reps = [add_person(login, login, PASSWORD, [Role.REP], home, at) for login, home in zip(REPS, homes, strict=True)]
    boss = add_person("boss", "周敏", PASSWORD, [Role.SUPERVISOR, Role.MANAGER], ids, at)
    outlets = [_outlet(number, ids[0 if number < 3 else 1], at) for number in range(OUTLETS)]
    db.session.add_all(outlets)
    db.session.commit()
    template = Template(folder, ids, [rep.id for rep in reps], boss.id, [outlet.id for outlet in outlets])
    for rep, mine in ((0, (0, 1)), (1, (2,)), (2, (3,))):
        assign_outlets([template.outlet_ids[index] for index in mine], template.rep_ids[rep], date(2026, 10, 10), template.boss_id, at)
    return template


def _outlet(number: int, region_id: str, at: datetime) -> Outlet:
    outlet = Outlet(id=uuid7(), code=f"SIM-{number}", name=f"网点{'甲乙丙丁'[number]}", state="approved", region_id=region_id)
    outlet.outlet_class, outlet.cashiers, outlet.class_reasons, outlet.created_at = "C", [], ["C.unknown"], at
    outlet.lat, outlet.lon = 30.66 + number / 100, 104.07
    outlet.approved_on = outlet.account_made_on = date(2026, 10, 10)
    return outlet
