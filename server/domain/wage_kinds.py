"""Kinds of wage lines, as data (RULEBOOK §10): a new award or deduction is a row here, not a change of the engine."""

from dataclasses import dataclass
from decimal import Decimal

from server.domain.policy import Policy

CARRIED = "carried_over"
BEYOND_LIMITS = "beyond_limits"
ONCE_PER_OUTLET = ("missed_visit", "late_materials", "inaccurate_file")  # findings that cost once, however often it happened


@dataclass(frozen=True)
class WageKind:
    """A kind of line. `sign` is 1 for what is earned and −1 for what is deducted.

    `paid_by` names what makes its quantity, a key of `wage_lines.MEASURES`, or `finding:<kind>` for upheld findings of a kind.
    `policy_key` holds the yuan for one; a kind that the company added carries its price itself, as `unit_yuan`.
    """

    code: str
    sign: int
    paid_by: str
    policy_key: str
    zh: str
    en: str
    rule_zh: str
    rule_en: str
    source: str = "RULEBOOK §10"
    unit_yuan: Decimal | None = None

    def price_yuan(self, policy: Policy) -> Decimal:
        """Yuan for one."""
        return policy.decimal(self.policy_key) if self.unit_yuan is None else self.unit_yuan


def _deduction(finding: str, policy_key: str, zh: str, en: str, rule_zh: str, rule_en: str) -> WageKind:
    return WageKind(f"deduct_{finding}", -1, f"finding:{finding}", policy_key, f"考核 · {zh}", f"Deduction · {en}", rule_zh, rule_en)


WAGE_KINDS = (
    WageKind("base", 1, "active_month", "wage.base_yuan", "底薪", "Base", "当月在岗，足额发放", "Paid whole for a month with any active day"),
    WageKind(
        "new_customers",
        1,
        "new_customers",
        "bonus.tier1_yuan",
        "新增客户绩效",
        "New customers",
        "当月做好工号、转账满额、资料齐全、回访没有剔除的客户，按档计",
        "Account made, enough transferred, file complete, not struck out by call-back; paid by tier",
    ),
    WageKind(
        "volume",
        1,
        "volume",
        "bonus.volume_rate",
        "客户交易量绩效",
        "Transaction volume",
        "（当月客户总交易量－上月客户总交易量）× 比例，同一批客户",
        "(this month's volume − last month's) × rate, the same customers",
    ),
    WageKind(
        "award_complaints",
        1,
        "no_complaint",
        "wage.award_complaints_yuan",
        "奖励 · 当月无投诉",
        "Award · no complaint",
        "名下网点当月没有投诉，查明不属实的不算",
        "No complaint from the rep's outlets, unfounded ones aside",
    ),
    WageKind(
        "award_trainings",
        1,
        "training_plan_done",
        "wage.award_trainings_yuan",
        "奖励 · 培训按计划完成",
        "Award · trainings done as planned",
        "计划内每个网点当月都培训过",
        "Every planned outlet trained in the month",
    ),
    WageKind(
        "award_visits",
        1,
        "visit_plan_done",
        "wage.award_visits_yuan",
        "奖励 · 巡检按计划完成",
        "Award · visits done as planned",
        "计划内每个网点都巡够次数，且没有认定的漏巡",
        "Every planned outlet visited as often as planned, and no missed visit upheld",
    ),
    _deduction(
        "inadequate_training",
        "wage.inadequate_training_yuan",
        "培训不到位",
        "inadequate training",
        "每次，经理审核属实才扣",
        "Each time, only when upheld",
    ),
    _deduction(
        "churned", "wage.churned_yuan", "离网", "churned outlet", "每户，非正常离网并认定才扣", "Per outlet, only abnormal churn that is upheld"
    ),
    _deduction(
        "inaccurate_file",
        "wage.inaccurate_file_yuan",
        "资料不准确",
        "inaccurate file",
        "首次使用两个月内回访发现，每户一次",
        "Found by call-back within two months of first use, once per outlet",
    ),
    _deduction(
        "missed_visit",
        "wage.missed_visit_yuan",
        "未按计划巡检",
        "outlet not visited as planned",
        "每个网点一次，认定后才扣",
        "Once per outlet, only when upheld",
    ),
    _deduction(
        "complaint_about_rep",
        "wage.complaint_about_rep_yuan",
        "被客户投诉",
        "verified complaint about the rep",
        "每件，核实并认定才扣",
        "Each, only when verified and upheld",
    ),
    _deduction(
        "complaint_unhandled",
        "wage.complaint_unhandled_yuan",
        "投诉未处理",
        "complaint left unhandled",
        "到期没有处理完，每件",
        "Not resolved by its due date, each",
    ),
    _deduction(
        "late_materials",
        "wage.late_materials_yuan",
        "物料逾期",
        "late materials",
        "每户每月一次，并失去该网点",
        "Once per outlet and month, and the outlet is lost",
    ),
)
