"""Reading YAML values strictly: a key that nobody asked for is an error, and every fault names its place."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from server.domain.months import Month


class ScenarioFault(ValueError):
    """The scenario cannot be read: where, and what is wrong there."""


class Section:
    """A mapping of the file; `take` reads a key once, `done` refuses what was left."""

    def __init__(self, value: Any, place: str) -> None:
        if not isinstance(value, dict):
            raise ScenarioFault(f"{place}: expected a mapping")
        self.values = {_key(key): one for key, one in value.items()}
        self.place = place
        self.taken: set[str] = set()

    def take(self, name: str, default: Any = None) -> Any:
        self.taken.add(name)
        return self.values.get(name, default)

    def need(self, name: str) -> Any:
        if self.values.get(name) is None:
            raise ScenarioFault(f"{self.place}: {name} is missing")
        return self.take(name)

    def sections(self, name: str) -> list["Section"]:
        rows = self.take(name) or []
        if not isinstance(rows, list):
            raise ScenarioFault(f"{self.place}.{name}: expected a list")
        return [Section(row, f"{self.place}.{name}[{position}]") for position, row in enumerate(rows, 1)]

    def day(self, name: str) -> date:
        return day_of(self.need(name), f"{self.place}.{name}")

    def day_or_none(self, name: str) -> date | None:
        value = self.take(name)
        return None if value is None else day_of(value, f"{self.place}.{name}")

    def flag(self, name: str, default: bool) -> bool:
        value = self.take(name, default)
        if not isinstance(value, bool):
            raise ScenarioFault(f"{self.place}.{name}: expected true or false")
        return value

    def one_of(self, name: str, allowed: Iterable[str]) -> str:
        value = str(self.need(name))
        if value not in allowed:
            raise ScenarioFault(f"{self.place}.{name}: {value} is none of {', '.join(sorted(allowed))}")
        return value

    def done(self) -> None:
        if left := sorted(set(self.values) - self.taken):
            raise ScenarioFault(f"{self.place}: unknown {', '.join(left)}")


def _key(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def day_of(value: Any, place: str) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError as fault:
        raise ScenarioFault(f"{place}: {value} is no date") from fault


def month_of(value: Any, place: str) -> Month:
    try:
        return Month.parse(str(value))
    except ValueError as fault:
        raise ScenarioFault(f"{place}: {value} is no month") from fault


def yuan_of(value: Any, place: str) -> Decimal:
    """YAML's numbers are binary, so they are read by the text they print as."""
    try:
        if isinstance(value, bool):
            raise InvalidOperation
        return Decimal(str(value))
    except InvalidOperation as fault:
        raise ScenarioFault(f"{place}: {value} is no amount") from fault
