"""The fields of an outlet file that phones and the console may change: how each is read, checked and written (RULEBOOK §2).

A value is what JSON can say; a decimal is a text such as `"120.50"`. A new field is one line in `FIELDS`.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from server.db import db
from server.outlets.agent_names import present_name
from server.outlets.agents import agent_named
from server.outlets.models import Agent, Outlet

MOST_CASHIERS = 20
PHOTOS = ("storefront_photo", "counter_photo")
HASH = re.compile(r"[0-9a-f]{64}")


class BadValue(ValueError):
    """The value is not one this field can hold."""


@dataclass(frozen=True)
class Writer:
    """Whose word a value is written by, and when."""

    person_id: str
    at: datetime


@dataclass(frozen=True)
class Field:
    """`clean` gives the JSON value as it would be kept, or raises BadValue. `is_sensitive`: when two people change it, a supervisor decides."""

    read: Callable[[Outlet], Any]
    clean: Callable[[Any], Any]
    write: Callable[[Outlet, Any, Writer], None]
    is_sensitive: bool = False


def _column(name: str, clean: Callable[[Any], Any], is_sensitive: bool = False) -> Field:
    return Field(lambda outlet: getattr(outlet, name), clean, lambda outlet, value, _writer: setattr(outlet, name, value), is_sensitive)


def _decimal_column(name: str) -> Field:
    def read(outlet: Outlet) -> str | None:
        value = getattr(outlet, name)
        return None if value is None else str(value.quantize(Decimal("0.01")))

    def write(outlet: Outlet, value: Any, _writer: Writer) -> None:
        setattr(outlet, name, None if value is None else Decimal(value))

    return Field(read, _decimal, write, is_sensitive=True)


def _text(most: int, least: int = 0) -> Callable[[Any], str]:
    def clean(value: Any) -> str:
        if not isinstance(value, str) or not least <= len(value.strip()) <= most:
            raise BadValue("text")
        return value.strip()

    return clean


def _count(value: Any) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 10_000_000):
        return value
    raise BadValue("count")


def _yes_no(value: Any) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    raise BadValue("yes_no")


def _decimal(value: Any) -> str | None:
    if value is None:
        return None
    try:
        number = Decimal(value) if isinstance(value, str) and len(value) <= 14 else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite() or not 0 <= number < 100_000_000 or number != round(number, 2):
        raise BadValue("decimal")
    return str(number.quantize(Decimal("0.01")))


def _account(value: Any) -> str | None:
    """In half width, as tables name it."""
    return None if value is None or value == "" else unicodedata.normalize("NFKC", _text(40)(value))[:40]


def _photo(value: Any) -> str | None:
    """The SHA-256 of a file."""
    if value is None or (isinstance(value, str) and HASH.fullmatch(value)):
        return value
    raise BadValue("photo")


def _cashiers(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list) or len(value) > MOST_CASHIERS:
        raise BadValue("cashiers")
    return [_cashier(one) for one in value]


def _cashier(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict) or set(value) != {"name", "is_certified"}:
        raise BadValue("cashiers")
    return {"name": _text(60, 1)(value["name"]), "is_certified": _yes_no(value["is_certified"])}


def _read_position(outlet: Outlet) -> Any:
    if outlet.lat is None or outlet.lon is None:
        return None
    return {"lat": outlet.lat, "lon": outlet.lon, "accuracy_m": outlet.position_accuracy_m}


def _position(value: Any) -> Any:
    if value is None:
        return None
    if not isinstance(value, dict) or not {"lat", "lon"} <= set(value) <= {"lat", "lon", "accuracy_m"}:
        raise BadValue("position")
    accuracy = value.get("accuracy_m")
    accuracy_m = None if accuracy is None else _number(accuracy, 1_000_000)
    return {"lat": _number(value["lat"], 90), "lon": _number(value["lon"], 180), "accuracy_m": accuracy_m}


def _write_position(outlet: Outlet, value: Any, _writer: Writer) -> None:
    found = value or {"lat": None, "lon": None, "accuracy_m": None}
    outlet.lat, outlet.lon, outlet.position_accuracy_m = found["lat"], found["lon"], found["accuracy_m"]


def _number(value: Any, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not -most <= value <= most:
        raise BadValue("position")
    return float(value)


def _read_agent(outlet: Outlet) -> str:
    agent = db.session.get(Agent, outlet.agent_id) if outlet.agent_id else None
    return agent.name if agent else ""


def _agent_name(value: Any) -> str:
    """A name from before is no other agent, and no change."""
    return present_name(_text(120)(value))


def _write_agent(outlet: Outlet, name: str, writer: Writer) -> None:
    """The paper form has a line for the name: one that the company does not know yet is a new agent."""
    outlet.agent_id = agent_named(name, outlet.id, writer.person_id, writer.at) if name else None


FIELDS: dict[str, Field] = {
    "name": _column("name", _text(120, 1)),
    "address": _column("address", _text(200)),
    "position_text": _column("position_text", _text(200)),
    "phone": _column("phone", _text(40)),
    "contact": _column("contact", _text(120)),
    "households_nearby": _column("households_nearby", _count),
    "monthly_payments": _column("monthly_payments", _count),
    "cashiers": _column("cashiers", _cashiers),
    "are_materials_complete": _column("are_materials_complete", _yes_no),
    "are_materials_placed_right": _column("are_materials_placed_right", _yes_no),
    "is_tidy": _column("is_tidy", _yes_no),
    "storefront_photo": _column("storefront_photo", _photo),
    "counter_photo": _column("counter_photo", _photo),
    "person_in_charge": _column("person_in_charge", _text(60), is_sensitive=True),
    "agent_name": Field(_read_agent, _agent_name, _write_agent, is_sensitive=True),
    "position": Field(_read_position, _position, _write_position, is_sensitive=True),
    "account_no": _column("account_no", _account, is_sensitive=True),
    "chain_outlets": _column("chain_outlets", _count, is_sensitive=True),
    "is_franchised_or_own_hall": _column("is_franchised_or_own_hall", _yes_no, is_sensitive=True),
    "floor_area_m2": _decimal_column("floor_area_m2"),
    "monthly_fee_yuan": _decimal_column("monthly_fee_yuan"),
}


def clean_value(name: str, value: Any) -> Any:
    """The value as the field would keep it, in JSON terms; raises BadValue, also for a field that there is not."""
    if name not in FIELDS:
        raise BadValue("unknown_field")
    return FIELDS[name].clean(value)
