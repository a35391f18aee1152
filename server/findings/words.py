"""Kinds, states and steps of findings, in words."""

from flask_babel import lazy_gettext

from server.findings.answers import Answer
from server.findings.kinds import own_kinds
from server.findings.models import OVERTAKEN, STANDING, FindingState
from server.language import chosen_language

KIND_WORDS = {
    "missed_visit": lazy_gettext("未按计划巡检"),
    "inaccurate_file": lazy_gettext("资料不准确"),
    "inadequate_training": lazy_gettext("培训不到位"),
    "churned": lazy_gettext("客户离网"),
    "complaint_about_rep": lazy_gettext("被客户投诉"),
    "complaint_unhandled": lazy_gettext("投诉到期没有处理"),
    "late_materials": lazy_gettext("物料配送逾期"),
}
KIND_READINGS = {
    "missed_visit": lazy_gettext("到过店但定位、照片或签字没有齐，主管还可以认可位置；也可能手机里还有没送出的记录。"),
    "inaccurate_file": lazy_gettext("资料是客户自己后来改的，还没有告诉公司；也可能接电话的人不了解情况。"),
    "inadequate_training": lazy_gettext("换了收费员，新来的人没有参加过培训；也可能问的是培训之后才有的功能。"),
    "churned": lazy_gettext("只是淡季或临时停业，下月还会用；也可能换了工号继续交易。"),
    "complaint_about_rep": lazy_gettext("事情由系统或银行引起，客户只认得上门的人。"),
    "complaint_unhandled": lazy_gettext("事情已经办好，只是没有登记；也可能在等别的部门答复。"),
    "late_materials": lazy_gettext("仓库没有货，或客户约了晚些再送；也可能送到了，记录还在手机里。"),
}
STATE_WORDS = {
    FindingState.PROPOSED: lazy_gettext("待认定"),
    FindingState.UPHELD: lazy_gettext("已认定"),
    FindingState.DISMISSED: lazy_gettext("不予认定"),
}
STATE_MARKS = {FindingState.PROPOSED: "waiting", FindingState.UPHELD: "no", FindingState.DISMISSED: "none", OVERTAKEN: "due", STANDING: "no"}
TAB_WORDS = {
    FindingState.PROPOSED.value: STATE_WORDS[FindingState.PROPOSED],
    "objected": lazy_gettext("有异议"),
    OVERTAKEN: lazy_gettext("认定后有变"),
    FindingState.UPHELD.value: STATE_WORDS[FindingState.UPHELD],
    FindingState.DISMISSED.value: STATE_WORDS[FindingState.DISMISSED],
}
ANSWER_WORDS = {Answer.ACCEPTED: lazy_gettext("采纳了异议"), Answer.REJECTED: lazy_gettext("没有采纳异议")}
ANSWER_MARKS = {Answer.ACCEPTED: "done", Answer.REJECTED: "no"}
REFUSED_WORDS = {
    "late": lazy_gettext("提异议的期限已过，你写的没有存。"),
    "known": lazy_gettext("这一步已经提过异议，你写的没有存。"),
    "settled": lazy_gettext("这一件已经不予认定，不用再提异议。"),
}
SYSTEM_STEPS = {
    FindingState.PROPOSED: lazy_gettext("夜间核对：提出，等经理认定"),
    FindingState.UPHELD: lazy_gettext("自动认定"),
    FindingState.DISMISSED: lazy_gettext("记录有变，自动撤回"),
}
SINCE_UPHELD = {
    OVERTAKEN: lazy_gettext("后来到的记录不再支持这一件，等经理维持或撤回"),
    STANDING: lazy_gettext("记录又支持这一件，认定不变"),
}
ANOTHERS = "责任人有变。"
ANOTHERS_SINCE_UPHELD = lazy_gettext("后来查明该由别人负责，等经理维持或撤回")
REASSIGNED = "责任人有变，自动撤回。"
MERGED = "网点已合并，自动撤回。"
TAKEN_BACK_FOR = {REASSIGNED: lazy_gettext("该由别人负责，自动撤回"), MERGED: lazy_gettext("网点已合并，自动撤回")}
TAKEN_BACK = {"missed_visit": lazy_gettext("补到的巡检已计入，自动撤回")}
PERSON_STEPS = {
    FindingState.PROPOSED: lazy_gettext("提出，等经理认定"),
    FindingState.UPHELD: lazy_gettext("认定"),
    FindingState.DISMISSED: lazy_gettext("不予认定"),
}


def kind_words(kind: str) -> str:
    """The kind in the reader's language, the company's own kinds included."""
    if kind in KIND_WORDS:
        return str(KIND_WORDS[kind])
    own = own_kinds().get(kind)
    return kind if own is None else str(getattr(own, chosen_language()))


def is_award(kind: str) -> bool:
    """Whether upholding one pays the person more."""
    own = own_kinds().get(kind)
    return own is not None and own.is_award


def step_words(state: str, by_name: str | None, kind: str = "", reason: str = "") -> str:
    """What happened to a finding of this kind; steps of the nightly check speak for themselves."""
    if by_name is not None:
        return str(PERSON_STEPS[FindingState(state)])
    if state == OVERTAKEN and reason == ANOTHERS:
        return str(ANOTHERS_SINCE_UPHELD)
    if state in SINCE_UPHELD:
        return str(SINCE_UPHELD[state])
    if state == FindingState.DISMISSED and reason in TAKEN_BACK_FOR:
        return str(TAKEN_BACK_FOR[reason])
    if state == FindingState.DISMISSED and kind in TAKEN_BACK:
        return str(TAKEN_BACK[kind])
    return str(SYSTEM_STEPS[FindingState(state)])
