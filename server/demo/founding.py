"""People, regions, agents and outlets of the demo company."""

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from server.db import db
from server.demo import names
from server.domain.months import SHANGHAI, Month, business_date
from server.domain.outlet_class import outlet_class
from server.outlets.actions import assign_outlets
from server.outlets.classes import inputs_of
from server.outlets.models import Agent, Outlet, OutletClassChange, OutletState
from server.people.actions import add_person, add_region
from server.people.models import Region, Role
from server.policy.queries import policy_of
from sync.ids import uuid7

FIRST_DAY = date(2025, 3, 3)


@dataclass(frozen=True)
class DemoRep:
    """A rep with the ids of the outlets they own, and where those are."""

    id: str
    login: str
    name: str
    region_id: str
    centre: tuple[float, float]


@dataclass(frozen=True)
class Founded:
    reps: tuple[DemoRep, ...]
    supervisor_ids: dict[str, str]
    manager_id: str
    ops_id: str
    outlets_of: dict[str, list[str]]


def found_company(source: random.Random, password: str, outlets: int, now: datetime) -> Founded:
    """Make everybody and every outlet file, and assign the outlets. Commits."""
    regions = [add_region(name, now, (lat, lon)) for name, lat, lon in names.REGIONS]
    db.session.flush()
    staff = {login: add_person(login, name, password, [Role(role)], [], now) for login, name, role in names.STAFF}
    supervisors = {
        region.id: add_person(login, name, password, [Role.SUPERVISOR], [region.id], now).id
        for (login, name), region in zip(names.SUPERVISORS, regions, strict=True)
    }
    reps = tuple(_rep(number, name, regions, password, source, now) for number, name in enumerate(names.REPS))
    agents = [Agent(id=uuid7(), name=name, phone=phone_number(source)) for name in names.AGENTS]
    db.session.add_all(agents)
    db.session.commit()
    outlets_of: dict[str, list[str]] = {rep.id: [] for rep in reps}
    for number in range(outlets):
        rep = reps[number % len(reps)]
        outlets_of[rep.id].append(_add_outlet(number, rep, agents, source, now))
    db.session.commit()
    for rep in reps:
        assign_outlets(outlets_of[rep.id], rep.id, FIRST_DAY, supervisors[rep.region_id], now)
    return Founded(reps, supervisors, staff["manager"].id, staff["ops"].id, outlets_of)


def _rep(number: int, name: str, regions: list[Region], password: str, source: random.Random, now: datetime) -> DemoRep:
    region = regions[number % len(regions)]
    person = add_person(f"rep{number + 1}", name, password, [Role.REP], [region.id], now)
    assert region.centre_lat is not None
    assert region.centre_lon is not None
    centre = (region.centre_lat + source.uniform(-0.02, 0.02), region.centre_lon + source.uniform(-0.025, 0.025))
    return DemoRep(person.id, person.login, name, region.id, centre)


def _add_outlet(number: int, rep: DemoRep, agents: list[Agent], source: random.Random, now: datetime) -> str:
    shop = names.SHOPS[number % len(names.SHOPS)] + names.TRADES[(number // len(names.SHOPS) + number) % len(names.TRADES)]
    street = source.choice(names.STREETS)
    outlet = Outlet(id=uuid7(), code=f"WD-{number + 1:04d}", name=f"{shop}（{street}店）", region_id=rep.region_id, created_at=now)
    outlet.agent_id = source.choice(agents).id if source.random() < 0.6 else None
    outlet.address = f"{street} {source.randint(1, 220)} 号"
    outlet.position_text = source.choice(names.POSITIONS)
    outlet.lat, outlet.lon = rep.centre[0] + source.gauss(0, 0.008), rep.centre[1] + source.gauss(0, 0.009)
    outlet.position_accuracy_m = float(source.choice((8, 12, 20, 35)))
    outlet.person_in_charge, outlet.phone = _person(source), phone_number(source)
    outlet.cashiers = [{"name": _person(source), "is_certified": source.random() < 0.8} for _ in range(source.randint(1, 2))]
    outlet.households_nearby, outlet.monthly_payments = source.randint(3, 30) * 100, source.randint(90, 1900)
    _take_class(outlet, source, now)
    _take_state(outlet, number, source, now)
    db.session.add(outlet)
    db.session.flush()
    first = outlet.approved_on or business_date(now)
    db.session.add(
        OutletClassChange(id=uuid7(), outlet_id=outlet.id, outlet_class=outlet.outlet_class, reasons=outlet.class_reasons, valid_from=first)
    )
    return outlet.id


def _take_class(outlet: Outlet, source: random.Random, now: datetime) -> None:
    kind = source.choices("ABC", (18, 30, 52))[0]
    fee = {"A": source.randint(80_500, 180_000), "B": source.randint(20_000, 79_000), "C": source.randint(3_000, 19_800)}[kind]
    outlet.chain_outlets = source.choice((1, 1, 1, 2))
    outlet.is_franchised_or_own_hall = kind == "A" and source.random() < 0.2
    outlet.floor_area_m2 = Decimal(source.randint(18, 95))
    outlet.monthly_fee_yuan = Decimal(fee)
    verdict = outlet_class(inputs_of(outlet), policy_of(Month.of_date(business_date(now))))
    outlet.outlet_class, outlet.class_reasons = verdict.outlet_class, list(verdict.reasons)


def _take_state(outlet: Outlet, number: int, source: random.Random, now: datetime) -> None:
    """Nearly all are approved customers of some months; a few are new, waiting, without a position, or churned."""
    today = business_date(now)
    outlet.state = OutletState.ARCHIVED if source.random() < 0.7 else OutletState.APPROVED
    outlet.account_no = f"YD-{20_000 + number * 37}"
    outlet.account_made_on = FIRST_DAY + timedelta(days=source.randint(0, 300))
    outlet.approved_on = outlet.account_made_on + timedelta(days=source.randint(1, 9))
    if number % 9 == 4:
        outlet.account_made_on = today - timedelta(days=source.randint(12, 80))
        outlet.approved_on = outlet.account_made_on + timedelta(days=source.randint(1, 5))
    if number in (11, 29):
        outlet.approved_on, outlet.account_made_on = today - timedelta(days=6), today - timedelta(days=9)
    if number == 17:
        outlet.lat = outlet.lon = outlet.position_accuracy_m = None
    if number == 23:
        outlet.churned_on = today.replace(day=1) - timedelta(days=12)
    if number in (31, 44):
        outlet.state = OutletState.SUBMITTED if number == 31 else OutletState.DRAFT
        outlet.approved_on = outlet.account_made_on = outlet.account_no = None
    if outlet.account_made_on is not None:
        outlet.created_at = datetime.combine(outlet.account_made_on - timedelta(days=2), time(15, 20), SHANGHAI)


def _person(source: random.Random) -> str:
    return source.choice(names.SURNAMES) + source.choice(names.GIVEN)


def phone_number(source: random.Random) -> str:
    return f"1{source.choice((38, 39, 52, 86, 88))}0000{source.randint(1000, 9999)}"
