"""Policy: every number a rule uses, with its unit, source and default (RULEBOOK throughout)."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation


@dataclass(frozen=True)
class PolicyKey:
    """A policy parameter. `kind` is decimal, integer, flag (`true`/`false`) or text; `default` is text like every value."""

    key: str
    unit: str
    kind: str
    zh: str
    en: str
    source: str
    default: str


def _keys(*keys: PolicyKey) -> dict[str, PolicyKey]:
    return {key.key: key for key in keys}


POLICY_KEYS = _keys(
    PolicyKey(
        "class.a_chain_outlets", "outlets", "integer", "A 类：连锁网点数（含）", "Class A: outlets in the chain, at least", "RULEBOOK §3", "10"
    ),
    PolicyKey("class.b_chain_outlets", "outlets", "integer", "B 类：连锁网点数（含）", "Class B: outlets in the chain, at least", "RULEBOOK §3", "3"),
    PolicyKey("class.a_area_m2", "m²", "decimal", "A 类：营业面积大于", "Class A: floor area above", "RULEBOOK §3", "200"),
    PolicyKey("class.b_area_m2", "m²", "decimal", "B 类：营业面积不小于", "Class B: floor area at least", "RULEBOOK §3", "100"),
    PolicyKey("class.a_fee_yuan", "yuan", "decimal", "A 类：月收费额大于", "Class A: monthly fee above", "RULEBOOK §3", "80000"),
    PolicyKey("class.b_fee_yuan", "yuan", "decimal", "B 类：月收费额不小于", "Class B: monthly fee at least", "RULEBOOK §3", "20000"),
    PolicyKey("visit.owed_a", "visits", "integer", "A 类每月应巡次数", "Visits a month owed by class A", "RULEBOOK §4", "2"),
    PolicyKey("visit.owed_b", "visits", "integer", "B 类每月应巡次数", "Visits a month owed by class B", "RULEBOOK §4", "1"),
    PolicyKey("visit.owed_c", "visits", "integer", "C 类每月应巡次数", "Visits a month owed by class C", "RULEBOOK §4", "1"),
    PolicyKey("visit.min_gap_days", "days", "integer", "两次巡检至少相隔", "Least days between two visits", "RULEBOOK §4", "0"),
    PolicyKey("visit.fence_radius_m", "m", "decimal", "签到范围", "Geofence radius", "RULEBOOK §4", "200"),
    PolicyKey("visit.fence_accuracy_cap_m", "m", "decimal", "定位误差最多放宽", "Accuracy widens the fence by at most", "RULEBOOK §4", "100"),
    PolicyKey(
        "visit.position_accuracy_max_m", "m", "decimal", "取作网点位置的最大误差", "Worst accuracy for an outlet position", "RULEBOOK §11", "100"
    ),
    PolicyKey("visit.required_photo_slots", "", "text", "必拍照片", "Required photos", "RULEBOOK §4", "storefront,counter"),
    PolicyKey("photo.gallery_allowed", "", "flag", "允许从相册选照片", "Photos from the gallery allowed", "DESIGN §4", "false"),
    PolicyKey("photo.max_side_px", "px", "integer", "照片最长边", "Longest side of a photo", "DESIGN §3", "1600"),
    PolicyKey("wage.base_yuan", "yuan", "decimal", "底薪", "Base wage", "RULEBOOK §10", "1100.00"),
    PolicyKey("wage.award_visits_yuan", "yuan", "decimal", "巡检按计划完成奖励", "Award for visits done as planned", "RULEBOOK §10", "100.00"),
    PolicyKey(
        "wage.missed_visit_yuan",
        "yuan",
        "decimal",
        "未按计划巡检扣款（每户）",
        "Deduction per outlet not visited as planned",
        "RULEBOOK §10",
        "20.00",
    ),
    PolicyKey(
        "wage.deduction_limit_share",
        "share",
        "decimal",
        "扣款上限占当月工资",
        "Deductions at most, share of the month's wage",
        "RULEBOOK §10",
        "0.20",
    ),
    PolicyKey("wage.minimum_yuan", "yuan", "decimal", "当地最低工资（0 为未设）", "Local minimum wage (0: not set)", "RULEBOOK §10", "0"),
    PolicyKey("wage.cap_deductions", "", "flag", "扣款超过上限时封顶", "Cap deductions at the limit", "RULEBOOK §10", "false"),
    PolicyKey("sync.acked_retention_days", "days", "integer", "手机保留已收下记录", "Days a phone keeps received records", "SYNC §1", "14"),
    PolicyKey("sync.skew_flag_ms", "ms", "integer", "手机时差超过则提示", "Clock difference that is flagged", "SYNC §4", "300000"),
)


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
    kind = POLICY_KEYS[key].kind
    if kind == "flag":
        return value in ("true", "false")
    if kind == "integer":
        return value.isascii() and value.isdigit()
    if kind == "decimal":
        try:
            number = Decimal(value)
        except InvalidOperation:
            return False
        return number.is_finite() and number >= 0
    return bool(value.strip())
