"""Policy: the values of the catalogue in force on a day, and what a value may be."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from server.domain.policy_key import PolicyKey
from server.domain.policy_keys import POLICY_KEYS

WHOLE = re.compile(r"[0-9]{1,9}")
PHOTO_SLOTS = ("storefront", "counter", "other")
BETWEEN = re.compile(r"[\s,，、;；]+")
NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?")


class UnknownPolicyKey(KeyError):
    """A key that the catalogue does not have."""


@dataclass(frozen=True)
class Policy:
    """The values in force on one day; every key of the catalogue has one."""

    values: Mapping[str, str]

    def text(self, key: str) -> str:
        if key not in POLICY_KEYS:
            raise UnknownPolicyKey(key)
        return self.values.get(key, POLICY_KEYS[key].default)

    def decimal(self, key: str) -> Decimal:
        return Decimal(self.text(key))

    def integer(self, key: str) -> int:
        return int(self.text(key))

    def flag(self, key: str) -> bool:
        return self.text(key) == "true"

    @property
    def version(self) -> str:
        """A short hash of all values: equal policies have equal versions."""
        lines = "\n".join(f"{key}={self.text(key)}" for key in sorted(POLICY_KEYS))
        return hashlib.sha256(lines.encode()).hexdigest()[:16]


def policy_on(day: date, dated_values: Iterable[tuple[str, date, str]]) -> Policy:
    """The policy in force on a day, from (key, valid from, value) rows; of rows with the same key and day the last holds.

    A change dated the 1st is in force on the 1st (RULEBOOK §11).
    """
    values: dict[str, str] = {}
    since: dict[str, date] = {}
    for key, valid_from, value in dated_values:
        if key in POLICY_KEYS and valid_from <= day and valid_from >= since.get(key, date.min):
            values[key], since[key] = value, valid_from
    return Policy(values)


def is_policy_value(key: str, value: str) -> bool:
    """Whether the text is a value that this key can take; numbers may not be negative."""
    wanted = POLICY_KEYS[key]
    if wanted.kind == "flag":
        return value in ("true", "false")
    if wanted.kind == "choice":
        return value in wanted.choices
    if wanted.kind in ("integer", "decimal"):
        return _is_number_value(wanted, value)
    slots = value.split(",")
    return set(slots) <= set(PHOTO_SLOTS) and len(set(slots)) == len(slots)


def tidy_policy_value(key: str, typed: str) -> str:
    """A list as it is kept, whatever stood between its words; any other value as it was typed."""
    if POLICY_KEYS[key].kind != "photo_slots":
        return typed
    return ",".join(dict.fromkeys(slot for slot in BETWEEN.split(typed.lower()) if slot))


def _is_number_value(wanted: PolicyKey, value: str) -> bool:
    if not (WHOLE if wanted.kind == "integer" else NUMBER).fullmatch(value):
        return False
    return Decimal(wanted.least) <= Decimal(value) and (not wanted.most or Decimal(value) <= Decimal(wanted.most))
