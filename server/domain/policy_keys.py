"""The catalogue of policy: every number a rule uses, with its unit, source and default (RULEBOOK throughout)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PolicyKey:
    """A policy parameter. `kind` is decimal, integer, flag (`true`/`false`), choice or text; `default` is text like every value.

    `choices` are the values of a choice, `least` and `most` the smallest and largest number that makes sense (`most` empty: any).
    """

    key: str
    unit: str
    kind: str
    zh: str
    en: str
    source: str
    default: str
    choices: tuple[str, ...] = ()
    most: str = ""
    least: str = "0"


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
    PolicyKey(
        "file.fee_proposal_percent",
        "%",
        "integer",
        "交易和档案差多少才建议改月收费额",
        "Monthly fee is proposed when off by",
        "RULEBOOK §11",
        "10",
        most="100",
    ),
    PolicyKey("visit.owed_a", "visits", "integer", "A 类每月应巡次数", "Visits a month owed by class A", "RULEBOOK §4", "2", most="28"),
    PolicyKey("visit.owed_b", "visits", "integer", "B 类每月应巡次数", "Visits a month owed by class B", "RULEBOOK §4", "1", most="28"),
    PolicyKey("visit.owed_c", "visits", "integer", "C 类每月应巡次数", "Visits a month owed by class C", "RULEBOOK §4", "1", most="28"),
    PolicyKey("visit.min_gap_days", "days", "integer", "两次巡检至少相隔", "Least days between two visits", "RULEBOOK §4", "0", most="31"),
    PolicyKey("visit.fence_radius_m", "m", "decimal", "签到范围", "Geofence radius", "RULEBOOK §4", "200"),
    PolicyKey("visit.fence_accuracy_cap_m", "m", "decimal", "定位误差最多放宽", "Accuracy widens the fence by at most", "RULEBOOK §4", "100"),
    PolicyKey(
        "visit.position_accuracy_max_m", "m", "decimal", "取作网点位置的最大误差", "Worst accuracy for an outlet position", "RULEBOOK §11", "100"
    ),
    PolicyKey("visit.required_photo_slots", "", "text", "必拍照片", "Required photos", "RULEBOOK §4", "storefront,counter"),
    PolicyKey(
        "visit.refusal_allowed", "", "flag", "店主不愿签时可不签字保存", "A visit may be saved unsigned, with the reason", "RULEBOOK §4", "true"
    ),
    PolicyKey(
        "position.proposal_visits",
        "visits",
        "integer",
        "几次巡检说网点在别处才提位置",
        "Visits that must agree before a position is proposed",
        "RULEBOOK §11",
        "3",
        most="20",
        least="2",
    ),
    PolicyKey(
        "position.proposal_spread_m", "m", "decimal", "这些巡检彼此最远", "Those visits lie within", "RULEBOOK §11", "50", most="1000", least="1"
    ),
    PolicyKey("photo.gallery_allowed", "", "flag", "允许从相册选照片", "Photos from the gallery allowed", "DESIGN §4", "false"),
    PolicyKey("photo.max_side_px", "px", "integer", "照片最长边", "Longest side of a photo", "DESIGN §3", "1600", most="4000", least="640"),
    PolicyKey("evidence.accuracy_max_m", "m", "decimal", "定位误差超过则提示", "Accuracy that is flagged, worse than", "DESIGN §5", "100"),
    PolicyKey(
        "evidence.speed_max_kmh", "km/h", "decimal", "两次巡检之间最快车速", "Fastest travel between two visits", "DESIGN §5", "120", least="1"
    ),
    PolicyKey("evidence.speed_least_m", "m", "decimal", "相距多远才看车速", "Distance from which travel is looked at", "DESIGN §5", "500"),
    PolicyKey(
        "evidence.photo_early_max_s", "s", "integer", "照片可早于签到", "A photo may be older than the check-in by", "DESIGN §5", "300", most="86400"
    ),
    PolicyKey(
        "evidence.fix_age_max_s", "s", "integer", "定位可早于签到", "A fix may be older than the check-in by", "DESIGN §5", "300", most="86400"
    ),
    PolicyKey(
        "evidence.alike_max_bits",
        "bits",
        "integer",
        "照片相似：64 位指纹至多相差",
        "Photos are alike when of 64 bits differ at most",
        "DESIGN §5",
        "4",
        most="7",
    ),
    PolicyKey("score.far", "points", "integer", "扣分：离网点远", "Points off: far from the outlet", "DESIGN §5", "25", most="100"),
    PolicyKey("score.inaccurate", "points", "integer", "扣分：定位误差大", "Points off: poor accuracy", "DESIGN §5", "10", most="100"),
    PolicyKey("score.fix_stale", "points", "integer", "扣分：定位早于签到", "Points off: fix older than the check-in", "DESIGN §5", "10", most="100"),
    PolicyKey("score.too_fast", "points", "integer", "扣分：两次之间赶不到", "Points off: travel too fast", "DESIGN §5", "30", most="100"),
    PolicyKey("score.clock_skew", "points", "integer", "扣分：手机时钟不准", "Points off: clock of the phone", "DESIGN §5", "10", most="100"),
    PolicyKey(
        "score.photo_early", "points", "integer", "扣分：照片早于签到", "Points off: photo older than the visit", "DESIGN §5", "25", most="100"
    ),
    PolicyKey("score.photo_reused", "points", "integer", "扣分：照片用过", "Points off: photo used before", "DESIGN §5", "40", most="100"),
    PolicyKey(
        "score.photo_alike",
        "points",
        "integer",
        "扣分：照片像别的网点",
        "Points off: photo like one of another outlet",
        "DESIGN §5",
        "20",
        most="100",
    ),
    PolicyKey(
        "review.sample_share", "share", "decimal", "盲审抽查占计入巡检的比例", "Share of counting visits drawn blind", "DESIGN §5", "0.03", most="1"
    ),
    PolicyKey(
        "training.months_a", "months", "integer", "A 类培训周期", "Months of a training period, class A", "RULEBOOK §5", "3", most="12", least="1"
    ),
    PolicyKey(
        "training.months_b", "months", "integer", "B 类培训周期", "Months of a training period, class B", "RULEBOOK §5", "6", most="12", least="1"
    ),
    PolicyKey(
        "training.months_c", "months", "integer", "C 类培训周期", "Months of a training period, class C", "RULEBOOK §5", "12", most="12", least="1"
    ),
    PolicyKey(
        "training.plan_day",
        "",
        "integer",
        "每月几日排下月培训",
        "Day of the month that plans next month's trainings",
        "RULEBOOK §5",
        "28",
        most="28",
        least="1",
    ),
    PolicyKey(
        "training.refusal_allowed",
        "",
        "flag",
        "网点不愿签时培训可不签字保存",
        "A training may be saved unsigned, with the reason",
        "RULEBOOK §5",
        "true",
    ),
    PolicyKey("training.unsigned_counts", "", "flag", "没有签字的培训也算完成", "An unsigned training is done all the same", "RULEBOOK §5", "true"),
    PolicyKey(
        "material.working_days", "days", "integer", "物料配送期限（工作日）", "Working days to deliver materials", "RULEBOOK §6", "3", most="250"
    ),
    PolicyKey(
        "material.refusal_allowed",
        "",
        "flag",
        "网点不愿签时送达可不签字保存",
        "A delivery may be saved unsigned, with the reason",
        "RULEBOOK §6",
        "true",
    ),
    PolicyKey(
        "material.unsigned_counts",
        "",
        "flag",
        "没有签字的送达也算按时（不算就按逾期提出，看期限所在的月）",
        "An unsigned delivery is in time all the same (else it is late; by its deadline's month)",
        "RULEBOOK §6",
        "true",
    ),
    PolicyKey(
        "complaint.working_days", "days", "integer", "投诉处理期限（工作日）", "Working days to resolve a complaint", "RULEBOOK §7", "3", most="250"
    ),
    PolicyKey(
        "callback.profile_months",
        "months",
        "integer",
        "资料回访期（首次使用起）",
        "Profile call-back, months from first use",
        "RULEBOOK §8",
        "2",
        most="24",
    ),
    PolicyKey(
        "callback.training_days",
        "days",
        "integer",
        "培训回访期（首次使用起）",
        "Training call-back, days from first use",
        "RULEBOOK §8",
        "7",
        most="366",
    ),
    PolicyKey(
        "churn.marketing_working_days",
        "days",
        "integer",
        "离网：市场确认期限（工作日）",
        "Churn: marketing confirms within, working days",
        "RULEBOOK §9",
        "6",
        most="250",
    ),
    PolicyKey("churn.needs_all_three", "", "flag", "离网须三方都确认", "Churn needs all three confirmations", "RULEBOOK §9", "false"),
    PolicyKey("finding.objection_days", "days", "integer", "提异议期限", "Days to object to a finding", "RULEBOOK §10", "7"),
    PolicyKey("wage.base_yuan", "yuan", "decimal", "底薪", "Base wage", "RULEBOOK §10", "1100.00"),
    PolicyKey(
        "wage.base_mode",
        "",
        "choice",
        "底薪：整月或按工作日",
        "Base: whole month or by working days",
        "RULEBOOK §11",
        "whole",
        ("whole", "working_days"),
    ),
    PolicyKey("bonus.tier1_most_customers", "customers", "integer", "新增一档至（户）", "New customers, first tier up to", "RULEBOOK §10", "10"),
    PolicyKey("bonus.tier2_most_customers", "customers", "integer", "新增二档至（户）", "New customers, second tier up to", "RULEBOOK §10", "20"),
    PolicyKey("bonus.tier1_yuan", "yuan", "decimal", "新增一档每户", "New customer, first tier", "RULEBOOK §10", "10.00"),
    PolicyKey("bonus.tier2_yuan", "yuan", "decimal", "新增二档每户", "New customer, second tier", "RULEBOOK §10", "20.00"),
    PolicyKey("bonus.tier3_yuan", "yuan", "decimal", "新增三档每户", "New customer, third tier", "RULEBOOK §10", "30.00"),
    PolicyKey(
        "bonus.tier_mode",
        "",
        "choice",
        "新增分档：整体或分段",
        "New customer tiers: whole or marginal",
        "RULEBOOK §10",
        "whole",
        ("whole", "marginal"),
    ),
    PolicyKey("customer.least_transfer_yuan", "yuan", "decimal", "新增客户最低转账", "Least transfers of a new customer", "RULEBOOK §10", "300.00"),
    PolicyKey(
        "customer.window",
        "",
        "choice",
        "新增客户转账期：自然月或一个月",
        "New customer's window: calendar month or one month",
        "RULEBOOK §10",
        "calendar_month",
        ("calendar_month", "one_month"),
    ),
    PolicyKey("bonus.volume_rate", "share", "decimal", "交易量绩效比例", "Volume bonus rate", "RULEBOOK §10", "0.003", most="1"),
    PolicyKey("bonus.volume_floor_zero", "", "flag", "交易量绩效不为负", "Volume bonus never below zero", "RULEBOOK §10", "false"),
    PolicyKey("wage.award_complaints_yuan", "yuan", "decimal", "无投诉奖励", "Award for a month without complaint", "RULEBOOK §10", "100.00"),
    PolicyKey("wage.award_trainings_yuan", "yuan", "decimal", "培训按计划完成奖励", "Award for trainings done as planned", "RULEBOOK §10", "100.00"),
    PolicyKey("wage.award_visits_yuan", "yuan", "decimal", "巡检按计划完成奖励", "Award for visits done as planned", "RULEBOOK §10", "100.00"),
    PolicyKey(
        "wage.inadequate_training_yuan", "yuan", "decimal", "培训不到位扣款（每次）", "Deduction per inadequate training", "RULEBOOK §10", "30.00"
    ),
    PolicyKey("wage.churned_yuan", "yuan", "decimal", "离网扣款（每户）", "Deduction per churned outlet", "RULEBOOK §10", "30.00"),
    PolicyKey("wage.inaccurate_file_yuan", "yuan", "decimal", "资料不准确扣款（每户）", "Deduction per inaccurate file", "RULEBOOK §10", "30.00"),
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
        "wage.complaint_about_rep_yuan",
        "yuan",
        "decimal",
        "被投诉扣款（每户）",
        "Deduction per verified complaint about the rep",
        "RULEBOOK §10",
        "30.00",
    ),
    PolicyKey(
        "wage.complaint_unhandled_yuan",
        "yuan",
        "decimal",
        "投诉未处理扣款（每户）",
        "Deduction per complaint left unhandled",
        "RULEBOOK §10",
        "30.00",
    ),
    PolicyKey(
        "wage.late_materials_yuan", "yuan", "decimal", "物料逾期扣款（每户）", "Deduction per outlet with late materials", "RULEBOOK §10", "30.00"
    ),
    PolicyKey(
        "wage.deduction_limit_share",
        "share",
        "decimal",
        "扣款上限占当月工资",
        "Deductions at most, share of the month's wage",
        "RULEBOOK §10",
        "0.20",
        most="1",
    ),
    PolicyKey("wage.minimum_yuan", "yuan", "decimal", "当地最低工资（0 为未设）", "Local minimum wage (0: not set)", "RULEBOOK §10", "0"),
    PolicyKey("wage.cap_deductions", "", "flag", "扣款超过上限时封顶", "Cap deductions at the limit", "RULEBOOK §10", "false"),
    PolicyKey("wage.carry_over", "", "flag", "封顶后未扣的结转下月", "Carry what the cap left to the next month", "RULEBOOK §11", "false"),
    PolicyKey("wage.close_needs_all", "", "flag", "关账清单全部办完才能关账", "Close a month only when its list is done", "RULEBOOK §10", "false"),
    PolicyKey(
        "import.most_yuan_day", "yuan", "decimal", "导入：一个网点一天最多", "Imports: at most, an outlet's day", "RULEBOOK §10", "5000000", least="1"
    ),
    PolicyKey(
        "import.most_yuan_month",
        "yuan",
        "decimal",
        "导入：一个网点一月最多",
        "Imports: at most, an outlet's month",
        "RULEBOOK §10",
        "100000000",
        least="1",
    ),
    PolicyKey("sync.acked_retention_days", "days", "integer", "手机保留已收下记录", "Days a phone keeps received records", "SYNC §1", "14"),
    PolicyKey("sync.skew_flag_ms", "ms", "integer", "手机时差超过则提示", "Clock difference that is flagged", "SYNC §4", "300000"),
    PolicyKey(
        "retention.unused_codes_days",
        "days",
        "integer",
        "没用过的登录码过期后保留",
        "Days an unused sign-in code stays after it expired",
        "DESIGN §1",
        "30",
        most="3650",
    ),
    PolicyKey(
        "retention.failures_days",
        "days",
        "integer",
        "服务器处理失败的次数保留",
        "Days the server's failures on a record stay counted",
        "DESIGN §1",
        "90",
        most="3650",
        least="90",
    ),
    PolicyKey(
        "retention.nights_days",
        "days",
        "integer",
        "夜间核对的结果保留",
        "Days the results of nights stay",
        "DESIGN §1",
        "400",
        most="3650",
        least="31",
    ),
    PolicyKey(
        "privacy.wage_years",
        "years",
        "integer",
        "个人信息删除后，工资凭据保留",
        "Years that proof of wages stays once personal data was erased",
        "工资支付暂行规定 §6",
        "2",
        most="30",
        least="2",
    ),
)
