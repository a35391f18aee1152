"""Policy of outlets and of the work there: visits and their proof, trainings, materials, complaints, call-backs, churn."""

from server.domain.policy_key import PolicyKey

OUTLET_KEYS = (
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
    PolicyKey(
        "visit.owed_in_account_month",
        "",
        "flag",
        "开户当月就要巡检（否：开户后的下个月起；1 日开户算当月）",
        "Visits are owed in the month the account is made (else from the first month that begins with one)",
        "RULEBOOK §4",
        "false",
        before="true",
    ),
    PolicyKey("visit.min_gap_days", "days", "integer", "两次巡检至少相隔", "Least days between two visits", "RULEBOOK §4", "0", most="31"),
    PolicyKey("visit.fence_radius_m", "m", "decimal", "签到范围", "Geofence radius", "RULEBOOK §4", "200"),
    PolicyKey("visit.fence_accuracy_cap_m", "m", "decimal", "定位误差最多放宽", "Accuracy widens the fence by at most", "RULEBOOK §4", "100"),
    PolicyKey(
        "visit.position_accuracy_max_m", "m", "decimal", "取作网点位置的最大误差", "Worst accuracy for an outlet position", "RULEBOOK §11", "100"
    ),
    PolicyKey("visit.required_photo_slots", "", "photo_slots", "必拍照片", "Required photos", "RULEBOOK §4", "storefront,counter"),
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
        "evidence.fix_age_max_s", "s", "integer", "定位与签到可相差", "A fix may lie apart from the check-in by", "DESIGN §5", "300", most="86400"
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
    PolicyKey("score.fix_stale", "points", "integer", "扣分：定位与签到不同时", "Points off: fix not of the check-in", "DESIGN §5", "10", most="100"),
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
    PolicyKey(
        "training.early_counts",
        "",
        "flag",
        "计划月之前、同一周期内的培训也算完成",
        "A training earlier in the same period does the plan item too",
        "RULEBOOK §5",
        "true",
        before="false",
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
        "complaint.office_kept_charged",
        "",
        "flag",
        "投诉在运维手里逾期，也算片区负责人没有处理",
        "A complaint that ops kept past its due day is left unhandled by the rep all the same",
        "RULEBOOK §7",
        "false",
        before="true",
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
)
