"""Policy as its page shows it: every key with its value, since when, by whom, and what comes later."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from flask_babel import gettext, lazy_gettext
from sqlalchemy import select

from server.console.formats import amount
from server.db import db
from server.domain.months import Month
from server.domain.policy import Policy
from server.domain.policy_key import PolicyKey
from server.domain.policy_keys import POLICY_KEYS
from server.language import chosen_language
from server.people.models import Person
from server.policy.models import PolicyValue
from server.policy.queries import policy_of

GROUPS = (
    ("wage", lazy_gettext("工资与绩效"), ("wage.", "bonus.", "customer.", "finding.")),
    ("visit", lazy_gettext("巡检"), ("visit.", "position.", "photo.", "score.", "evidence.")),
    ("class", lazy_gettext("网点类型"), ("class.", "file.")),
    ("training", lazy_gettext("培训"), ("training.",)),
    ("service", lazy_gettext("投诉、回访、物料、离网"), ("complaint.", "callback.", "material.", "churn.")),
    ("system", lazy_gettext("手机与同步"), ()),
)
UNIT_WORDS = {
    "yuan": lazy_gettext("元"),
    "days": lazy_gettext("天"),
    "months": lazy_gettext("个月"),
    "visits": lazy_gettext("次"),
    "outlets": lazy_gettext("个网点"),
    "customers": lazy_gettext("户"),
    "points": lazy_gettext("分"),
    "s": lazy_gettext("秒"),
    "bits": lazy_gettext("位"),
    "km/h": lazy_gettext("公里/小时"),
}
SOURCE_WORDS = {"RULEBOOK": lazy_gettext("规程"), "DESIGN": lazy_gettext("设计"), "SYNC": lazy_gettext("同步协议")}
CHOICE_WORDS = {
    "true": lazy_gettext("是"),
    "false": lazy_gettext("否"),
    "whole": lazy_gettext("整体"),
    "wage.base_mode=whole": lazy_gettext("整月"),
    "marginal": lazy_gettext("分段"),
    "working_days": lazy_gettext("按工作日"),
    "calendar_month": lazy_gettext("自然月"),
    "one_month": lazy_gettext("做工号起一个月"),
}


@dataclass(frozen=True)
class DatedChange:
    """A value with its words, the day it holds from, why, by whom and when; `name` is empty for a command."""

    words: str
    valid_from: date
    reason: str
    name: str
    set_at: datetime

    @property
    def month(self) -> Month:
        return counting_month(self.valid_from)


@dataclass(frozen=True)
class ShownKey:
    """`since` is the first day of the month from which the value counts, None for the software's own default; `later` are values that
    count from later months, one for each, `history` all, newest first."""

    key: PolicyKey
    group: str
    label: str
    value: str
    words: str
    source: str
    since: date | None
    later: list[DatedChange]
    history: list[DatedChange]


def counting_month(valid_from: date) -> Month:
    """The month from which on a value counts: a month goes by the policy of its first day (RULEBOOK §11)."""
    month = Month.of_date(valid_from)
    return month if valid_from == month.first_day else month.next()


def shown_keys(day: date) -> list[ShownKey]:
    """Every key as it counts for the month of a day, in the order of the catalogue."""
    month, changes = Month.of_date(day), _changes()
    policy = policy_of(month)
    return [_shown(key, policy, changes.get(key.key, []), month) for key in POLICY_KEYS.values()]


def _changes() -> dict[str, list[DatedChange]]:
    """By key, oldest first."""
    columns = (PolicyValue.key, PolicyValue.value, PolicyValue.valid_from, PolicyValue.reason, Person.name, PolicyValue.set_at)
    query = select(*columns).outerjoin(Person, Person.id == PolicyValue.set_by_id).order_by(PolicyValue.set_at, PolicyValue.id)
    found: dict[str, list[DatedChange]] = {}
    for key, value, valid_from, reason, name, set_at in db.session.execute(query):
        if key in POLICY_KEYS:
            change = DatedChange(value_words(POLICY_KEYS[key], value), valid_from, reason, name or "", set_at)
            found.setdefault(key, []).append(change)
    return found


def _shown(key: PolicyKey, policy: Policy, changes: list[DatedChange], month: Month) -> ShownKey:
    value = policy.text(key.key)
    label = key.en if chosen_language() == "en" else key.zh
    by_day = sorted(changes, key=lambda one: one.valid_from)
    since = max((one.month.first_day for one in changes if one.month <= month), default=None)
    later = list({one.month: one for one in by_day if one.month > month}.values())
    return ShownKey(key, group_of(key.key), label, value, value_words(key, value), source_words(key.source), since, later, by_day[::-1])


def group_of(key: str) -> str:
    return next((code for code, _, prefixes in GROUPS if prefixes and key.startswith(prefixes)), "system")


def value_words(key: PolicyKey, value: str) -> str:
    """The value with its unit, or the word for a choice."""
    if key.kind in ("flag", "choice"):
        return str(CHOICE_WORDS.get(f"{key.key}={value}", CHOICE_WORDS.get(value, value)))
    if key.kind == "photo_slots":
        return value
    if key.unit == "share":
        return gettext("%(share)s（%(value)s）", share=share_words(Decimal(value)), value=amount(Decimal(value)))
    unit = str(UNIT_WORDS.get(key.unit, key.unit))
    return gettext("%(value)s %(unit)s", value=amount(Decimal(value)), unit=unit).strip()


def share_words(share: Decimal) -> str:
    """A share of 0 to 1 as 20%, or as 3‰ where it is less than a hundredth, as the regulation writes them (RULEBOOK §10)."""
    factor, sign = (1000, "‰") if 0 < share < Decimal("0.01") else (100, "%")
    return f"{amount(share * factor)}{sign}"


def choice_pairs(key: PolicyKey) -> list[tuple[str, str]]:
    """The values of a choice with their words."""
    values = ("true", "false") if key.kind == "flag" else key.choices
    return [(value, value_words(key, value)) for value in values]


def source_words(source: str) -> str:
    """`规程 §10`: the document in the reader's language, and where in it."""
    document, _, place = source.partition(" ")
    return f"{SOURCE_WORDS.get(document, document)} {place}"
