"""Kinds, states and steps of findings, in words."""

from flask_babel import gettext, lazy_gettext

from server.findings.models import FindingState

KIND_WORDS = {"missed_visit": lazy_gettext("未按计划巡检")}
KIND_READINGS = {"missed_visit": lazy_gettext("到过店但定位、照片或签字没有齐，主管还可以认可位置；也可能手机里还有没送出的记录。")}
STATE_WORDS = {
    FindingState.PROPOSED: lazy_gettext("待认定"),
    FindingState.UPHELD: lazy_gettext("已认定"),
    FindingState.DISMISSED: lazy_gettext("不予认定"),
}
STATE_MARKS = {FindingState.PROPOSED: "waiting", FindingState.UPHELD: "no", FindingState.DISMISSED: "none"}
SYSTEM_STEPS = {
    FindingState.PROPOSED: lazy_gettext("夜间核对：提出，等经理认定"),
    FindingState.UPHELD: lazy_gettext("自动认定"),
    FindingState.DISMISSED: lazy_gettext("补到的巡检已计入，自动撤回"),
}


def kind_words(kind: str) -> str:
    return str(KIND_WORDS.get(kind, kind))


def step_words(state: str, by_name: str | None) -> str:
    """What happened, and who did it; steps of the nightly check speak for themselves."""
    if by_name is None:
        return str(SYSTEM_STEPS[FindingState(state)])
    return gettext("认定") if state == FindingState.UPHELD else str(STATE_WORDS[FindingState(state)])
