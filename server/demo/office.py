"""The office of the demo company: who is there, what day it is, and pictures of deliveries and trainings."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO

from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from server.db import db
from server.demo import pictures
from server.demo.founding import Founded
from server.domain.months import SHANGHAI, Month
from server.domain.working_days import WorkingYear, is_working_day
from server.media.pictures import keep_picture
from server.outlets.models import Assignment, Outlet
from server.outlets.responsible import is_held_on
from server.people.models import Person
from server.policy.queries import working_years

CITY = (30.665, 104.06)


@dataclass
class Office:
    """The company, its months up to the running one, and dice of its own."""

    company: Founded
    months: list[Month]
    today: date
    source: random.Random
    years: dict[int, WorkingYear]

    def working_days(self, month: Month) -> list[date]:
        return [day for day in days_of(month) if is_working_day(day, self.years)]

    def some_days(self, month: Month, count: int) -> list[date]:
        """Working days of the month up to yesterday, in order; of the running one the last two are always among them."""
        days = [day for day in self.working_days(month) if day < self.today]
        newest = days[-2:] if month == self.months[-1] else []
        return sorted({*self.source.sample(days, min(count, len(days))), *newest})

    def supervisor_of(self, outlet: Outlet) -> str:
        return self.company.supervisor_ids[outlet.region_id]

    def some_outlets(self, count: int, day: date) -> list[tuple[Outlet, str]]:
        """Customers of that day, each with the id of its rep."""
        query = select(Outlet, Assignment.person_id).join(Assignment, is_held_on(Outlet.id, day)).order_by(Outlet.code)
        pairs = [(outlet, rep_id) for outlet, rep_id in db.session.execute(query.where(Outlet.approved_on < day, Outlet.churned_on.is_(None)))]
        return self.source.sample(pairs, min(count, len(pairs)))


def open_office(company: Founded, months: list[Month], today: date, seed: int) -> Office:
    return Office(company, months, today, random.Random(f"office {seed}"), working_years())


def days_of(month: Month) -> Iterator[date]:
    day = month.first_day
    while day <= month.last_day:
        yield day
        day += timedelta(days=1)


def at(day: date, hour: int = 10) -> datetime:
    """An hour of the day in Shanghai, as an instant."""
    return datetime.combine(day, time(hour), SHANGHAI).astimezone(UTC)


def kept_photo(office: Office, slot: str, outlet: Outlet, rep_id: str, day: date) -> str:
    """A photo of that day, kept like one that a form brought; its hash."""
    rep = db.session.get_one(Person, rep_id)
    place = (outlet.lat or CITY[0], outlet.lon or CITY[1])
    content = pictures.photo(slot, outlet.name, rep.name, at(day, 11), place, office.source)
    return keep_picture(FileStorage(BytesIO(content), filename="photo.jpg"), at(day, 11))


def kept_signature(office: Office, day: date) -> str:
    png, _ = pictures.signature(office.source)
    return keep_picture(FileStorage(BytesIO(png), filename="signature.png"), at(day, 11))
