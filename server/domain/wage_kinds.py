"""Kinds of wage lines, as data (RULEBOOK §10): a new award or deduction is a row here, not a change of the engine."""

from dataclasses import dataclass


@dataclass(frozen=True)
class WageKind:
    """A kind of line. `paid_by` says what makes its quantity: `active_month`, `plan_done`, or `finding:<kind>`."""

    code: str
    sign: int
    paid_by: str
    policy_key: str
    zh: str
    en: str
    rule_zh: str
    rule_en: str
    source: str


WAGE_KINDS = (
    WageKind(
        "base",
        1,
        "active_month",
        "wage.base_yuan",
        "底薪",
        "Base",
        "当月在岗，足额发放",
        "Paid whole for a month with any active day",
        "RULEBOOK §10",
    ),
    WageKind(
        "award_visits",
        1,
        "plan_done",
        "wage.award_visits_yuan",
        "奖励 · 巡检按计划完成",
        "Award · visits done as planned",
        "计划内每个网点都巡够次数，且没有认定的漏巡",
        "Every planned outlet visited as often as planned, and no missed visit upheld",
        "RULEBOOK §10",
    ),
    WageKind(
        "deduct_missed_visit",
        -1,
        "finding:missed_visit",
        "wage.missed_visit_yuan",
        "考核 · 未按计划巡检",
        "Deduction · outlet not visited as planned",
        "每个网点一次，认定后才扣",
        "Once per outlet, only when upheld",
        "RULEBOOK §10",
    ),
)
