"""Reading YAML values strictly: a key that nobody asked for is an error, and every fault names its place."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from server.domain.months import Month

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class ScenarioFault(ValueError):
    """The scenario cannot be read: where, and what is wrong there."""


class Section:
    """A mapping of the file; `take` reads a key once, `done` refuses what was left."""

    def __init__(self, value: Any, place: str) -> None:
        if not isinstance(value, dict):
            raise ScenarioFault(f"{place}: expected a mapping")
        self.values = {str(key): one for key, one in value.items()}
        self.place = place
        self.taken: set[str] = set()

    def take(self, name: str, default: Any = None) -> Any:
        self.taken.add(name)
        return self.values.get(name, default)

    def need(self, name: str) -> Any:
        if self.values.get(name) is None:
            raise ScenarioFault(f"{self.place}: {name} is missing")
        return self.take(name)

    def text(self, name: str, default: str = "") -> str:
        value = self.take(name)
        return default if value is None else str(value)

    def section(self, name: str) -> "Section":
        """The mapping under a key; an empty one when it is left out."""
        value = self.take(name)
        return Section({} if value is None else value, f"{self.place}.{name}")

    def listed(self, name: str) -> list[Any]:
        value = self.take(name)
        if value is not None and not isinstance(value, list):
            raise ScenarioFault(f"{self.place}.{name}: expected a list")
        return value or []

    def sections(self, name: str) -> list["Section"]:
        return [Section(row, f"{self.place}.{name}[{position}]") for position, row in enumerate(self.listed(name), 1)]

    def day(self, name: str) -> date:
        return day_of(self.need(name), f"{self.place}.{name}")

    def day_or_none(self, name: str) -> date | None:
        value = self.take(name)
        return None if value is None else day_of(value, f"{self.place}.{name}")

    def month(self, name: str, default: str = "") -> str:
        """A month as text; the default when it is left out."""
        value = self.take(name)
        return default if value is None else str(month_of(value, f"{self.place}.{name}"))

    def flag(self, name: str, default: bool) -> bool:
        value = self.take(name, default)
        if not isinstance(value, bool):
            raise ScenarioFault(f"{self.place}.{name}: expected true or false")
        return value

    def count_or_none(self, name: str) -> int | None:
        value = self.take(name)
        return None if value is None else count_of(value, f"{self.place}.{name}")

    def one_of(self, name: str, allowed: Iterable[str]) -> str:
        return one_of(self.need(name), allowed, f"{self.place}.{name}")

    def done(self) -> None:
        if left := sorted(set(self.values) - self.taken):
            raise ScenarioFault(f"{self.place}: unknown {', '.join(left)}")


def one_of(value: Any, allowed: Iterable[str], place: str) -> str:
    known = sorted(allowed)
    if str(value) not in known:
        raise ScenarioFault(f"{place}: {value} is none of {', '.join(known)}")
    return str(value)


def count_of(value: Any, place: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ScenarioFault(f"{place}: {value} is no whole number")
    return value


def day_of(value: Any, place: str) -> date:
    try:
        if DAY.fullmatch(str(value)) is None:
            raise ValueError(value)
        return date.fromisoformat(str(value))
    except ValueError as fault:
        raise ScenarioFault(f"{place}: {value} is no date") from fault


def month_of(value: Any, place: str) -> Month:
    try:
        return Month.parse(str(value))
    except ValueError as fault:
        raise ScenarioFault(f"{place}: {value} is no month") from fault


def yuan_of(value: Any, place: str) -> Decimal:
    """An amount, exactly as it is written."""
    try:
        if isinstance(value, bool):
            raise InvalidOperation
        found = Decimal(str(value))
    except InvalidOperation as fault:
        raise ScenarioFault(f"{place}: {value} is no amount") from fault
    if not found.is_finite():
        raise ScenarioFault(f"{place}: {value} is no amount")
    return found
