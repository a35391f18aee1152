"""Complaints in words: kinds, states, steps, verdicts, what the customer thought."""

from flask_babel import gettext, lazy_gettext

from server.complaints.models import Complaint, ComplaintState

KIND_WORDS = {
    "settlement": lazy_gettext("到账"),
    "equipment": lazy_gettext("设备"),
    "materials": lazy_gettext("物料"),
    "service": lazy_gettext("服务"),
    "other": lazy_gettext("其他"),
}
STATE_WORDS = {
    ComplaintState.RECEIVED: lazy_gettext("待分派"),
    ComplaintState.ASSIGNED: lazy_gettext("处理中"),
    ComplaintState.RESOLVED: lazy_gettext("已处理，待上报"),
    ComplaintState.REPORTED: lazy_gettext("已上报经理"),
    ComplaintState.VOIDED: lazy_gettext("已作废"),
}
STEP_WORDS = {
    "received": lazy_gettext("登记"),
    "triaged": lazy_gettext("改了种类"),
    "assigned": lazy_gettext("分派"),
    "released": lazy_gettext("经办人离岗，退回待分派"),
    "founded": lazy_gettext("调查：属实"),
    "unfounded": lazy_gettext("调查：不属实"),
    "resolved": lazy_gettext("处理完"),
    "feedback": lazy_gettext("记客户反馈"),
    "reopened": lazy_gettext("重新处理"),
    "reported": lazy_gettext("上报经理"),
    "voided": lazy_gettext("作废"),
    "moved": lazy_gettext("网点合并，转到留下的网点"),
}
STEP_MARKS = {
    "received": "due",
    "triaged": "none",
    "assigned": "waiting",
    "released": "due",
    "founded": "no",
    "unfounded": "none",
    "resolved": "done",
    "feedback": "none",
    "reopened": "waiting",
    "reported": "done",
    "voided": "none",
    "moved": "none",
}
VERDICT_WORDS = {"founded": lazy_gettext("属实"), "unfounded": lazy_gettext("不属实")}
FEEDBACK_WORDS = {"satisfied": lazy_gettext("满意"), "fair": lazy_gettext("基本满意"), "dissatisfied": lazy_gettext("不满意")}
KINDS, VERDICTS, FEEDBACKS = tuple(KIND_WORDS), tuple(VERDICT_WORDS), tuple(FEEDBACK_WORDS)
TAB_WORDS = {"open": lazy_gettext("未处理"), "resolved": lazy_gettext("待上报"), "reported": lazy_gettext("已上报"), "voided": lazy_gettext("已作废")}
TAB_STATES = {
    "open": (ComplaintState.RECEIVED, ComplaintState.ASSIGNED),
    "resolved": (ComplaintState.RESOLVED,),
    "reported": (ComplaintState.REPORTED,),
    "voided": (ComplaintState.VOIDED,),
}
TABS, NEWEST_FIRST = tuple(TAB_STATES), ("reported", "voided")
REPORTED_WORDS = {"week": lazy_gettext("近 7 天")}
ASSIGNEE_WORDS = {"me": lazy_gettext("我"), "nobody": lazy_gettext("没人"), "me_or_nobody": lazy_gettext("我或没人")}


def feedback_words(complaint: Complaint) -> str:
    """What the customer said of result and speed, and in own words."""
    result = FEEDBACK_WORDS.get(complaint.feedback_result, gettext("没有问到"))
    speed = FEEDBACK_WORDS.get(complaint.feedback_speed, gettext("没有问到"))
    return " ".join([gettext("结果%(result)s、速度%(speed)s", result=result, speed=speed), complaint.feedback_text]).strip()
