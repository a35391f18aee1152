"""Churn cases in words: states, sources, reasons."""

from flask_babel import lazy_gettext

from server.domain.churn import ChurnState, Source

STATE_WORDS = {
    ChurnState.OPEN: lazy_gettext("待确认"),
    ChurnState.DISPUTED: lazy_gettext("说法不一，等上门"),
    ChurnState.OPS_DECIDES: lazy_gettext("到期没有说法，运维定"),
    ChurnState.CHURNED: lazy_gettext("已离网"),
    ChurnState.KEPT: lazy_gettext("还在用"),
}
STATE_MARKS = {
    ChurnState.OPEN: "due",
    ChurnState.DISPUTED: "waiting",
    ChurnState.OPS_DECIDES: "overdue",
    ChurnState.CHURNED: "no",
    ChurnState.KEPT: "done",
}
SOURCE_WORDS = {
    Source.MARKETING: lazy_gettext("市场"),
    Source.OPS: lazy_gettext("运维电话"),
    Source.ON_SITE: lazy_gettext("上门"),
}
SAID_WORDS = {True: lazy_gettext("确认离网"), False: lazy_gettext("还在用")}
REASON_WORDS = {"closed_down": lazy_gettext("歇业"), "moved": lazy_gettext("搬走"), "merged": lazy_gettext("合并到别的网点")}
TABS = tuple(state.value for state in STATE_WORDS)
