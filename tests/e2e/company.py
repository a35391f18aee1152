"""A small company made by the same deeds as a real one, in the database that a server process will serve."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from flask import Flask

from server.app import create_app
from server.clock import now
from server.config import Settings, settings_from_environment
from server.db import db
from server.domain.months import Month, business_date
from server.outlets.actions import assign_outlets
from server.outlets.models import Outlet, OutletClassChange
from server.people.actions import add_person, add_region
from server.people.models import Role
from server.serving import upgrade_database
from sync.ids import uuid7

PASSWORD = "correct-horse-battery"
CENTRE = (30.66, 104.07)
REGION = "城东区域"
PHONE, OLD_PHONE = "Chromium · Linux", "旧手机"  # as phones call themselves
LONG_AGO_DAYS = 200
PEOPLE = (
    ("rep1", "赵广田", Role.REP),
    ("rep2", "林晓月", Role.REP),
    ("zhoumin", "周敏", Role.SUPERVISOR),
    ("manager", "邓国强", Role.MANAGER),
    ("ops", "吴静", Role.OPS),
    ("payroll", "何静", Role.PAYROLL),
    ("admin", "孙立", Role.ADMIN),
)


@dataclass
class Company:
    """Ids by login and by outlet name. The first rep owes one visit, at `due`; the second rep has `others`."""

    region_id: str = ""
    people: dict[str, str] = field(default_factory=dict)
    outlets: dict[str, str] = field(default_factory=dict)
    due: str = "鑫源通讯（解放路店）"
    new: tuple[str, ...] = ("惠民便利店", "康佳便民服务站")
    others: tuple[str, ...] = ("老街烟酒店",)
    month: str = ""

    def given_words(self) -> frozenset[str]:
        """Names, streets and numbers that are the same in every language."""
        shops = {*self.outlets, *(name.partition("（")[0] for name in self.outlets)}
        streets = {f"解放路 {number + 11} 号" for number in range(len(self.outlets))}
        people = {word for login, name, _ in PEOPLE for word in (login, name, name[0])}
        return frozenset({*shops, *streets, *people, "王秀兰", REGION, "WD-", "YD-", "visit.v1", "visit.v3", "中文", "English", PHONE, OLD_PHONE})

    def place(self, name: str) -> tuple[float, float]:
        """Latitude and longitude of an outlet: each lies 400 m east of the one before."""
        return CENTRE[0], CENTRE[1] + 0.0042 * list(self.outlets).index(name)


@contextmanager
def application(data: Path, database_url: str) -> Iterator[Flask]:
    """The application in this process over the data of a server process, for deeds before it starts and questions after."""
    settings = settings_from_environment(data)
    app = create_app(Settings(**(vars(settings) | {"database_url": database_url or f"sqlite:///{data / 'xundian.db'}"})))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def found_company(data: Path, database_url: str = "") -> Company:
    """Migrate the database and make everybody and every outlet."""
    with application(data, database_url):
        upgrade_database()
        at = now()
        company = Company(month=str(Month.of_date(business_date(at))))
        company.region_id = add_region(REGION, at, CENTRE).id
        db.session.flush()
        for login, name, role in PEOPLE:
            regions = [company.region_id] if role in (Role.REP, Role.SUPERVISOR) else []
            company.people[login] = add_person(login, name, PASSWORD, [role], regions, at).id
        for number, name in enumerate((company.due, *company.new, *company.others)):
            is_new = name in company.new
            company.outlets[name] = _add_outlet(number, name, company, is_new, at)
        db.session.commit()
        own = [company.outlets[name] for name in (company.due, *company.new)]
        _assign(company, own, "rep1", at)
        _assign(company, [company.outlets[name] for name in company.others], "rep2", at)
    return company


def add_due_outlets(data: Path, database_url: str, company: Company, names: list[str]) -> None:
    """More outlets of the first rep, each of which owes a visit this month."""
    with application(data, database_url):
        at = now()
        for number, name in enumerate(names, len(company.outlets)):
            company.outlets[name] = _add_outlet(number, name, company, False, at)
        db.session.commit()
        _assign(company, [company.outlets[name] for name in names], "rep1", at)


def reassign(data: Path, database_url: str, company: Company, names: list[str], login: str) -> None:
    """The supervisor gives outlets to another rep, from today on."""
    with application(data, database_url):
        at = now()
        ids = [company.outlets[name] for name in names]
        assign_outlets(ids, company.people[login], business_date(at), company.people["zhoumin"], at)


def _assign(company: Company, outlet_ids: list[str], login: str, at: datetime) -> None:
    assign_outlets(outlet_ids, company.people[login], _long_ago(at), company.people["zhoumin"], at)


def _long_ago(at: datetime) -> date:
    return business_date(at) - timedelta(days=LONG_AGO_DAYS)


def _add_outlet(number: int, name: str, company: Company, is_new: bool, at: datetime) -> str:
    """A class C customer at a known place; one approved this month owes no visit yet."""
    approved_on = business_date(at) if is_new else _long_ago(at)
    outlet = Outlet(id=uuid7(), code=f"WD-{number + 1:04d}", name=name, state="approved", region_id=company.region_id, created_at=at)
    outlet.lat, outlet.lon, outlet.position_accuracy_m = CENTRE[0], CENTRE[1] + 0.0042 * number, 12.0
    outlet.address, outlet.person_in_charge, outlet.phone = f"解放路 {number + 11} 号", "王秀兰", f"1380000{1000 + number}"
    outlet.chain_outlets, outlet.is_franchised_or_own_hall = 1, False
    outlet.floor_area_m2, outlet.monthly_fee_yuan = Decimal(45), Decimal(12_000)
    outlet.outlet_class, outlet.class_reasons = "C", ["C.chain", "C.area", "C.fee"]
    outlet.account_no, outlet.account_made_on, outlet.approved_on = f"YD-{20_000 + number}", approved_on, approved_on
    db.session.add(outlet)
    db.session.flush()
    db.session.add(OutletClassChange(id=uuid7(), outlet_id=outlet.id, outlet_class="C", reasons=outlet.class_reasons, valid_from=approved_on))
    return outlet.id
