"""Follow-ups in words: who sees to them, their states and steps."""

from flask_babel import lazy_gettext

from server.followups.models import StepKind

OWNER_WORDS = {
    "rep": lazy_gettext("片区负责人"),
    "supervisor": lazy_gettext("区域主管"),
    "ops": lazy_gettext("运维部"),
    "service": lazy_gettext("客服部"),
}
TAB_WORDS = {"open": lazy_gettext("未解决"), "solved": lazy_gettext("已解决")}
TABS = tuple(TAB_WORDS)
STEP_WORDS = {
    StepKind.REGISTERED: lazy_gettext("登记了备案"),
    StepKind.OPEN: lazy_gettext("复查：还没解决"),
    StepKind.SOLVED: lazy_gettext("已解决"),
    StepKind.PASSED: lazy_gettext("转给"),
    StepKind.MOVED: lazy_gettext("网点合并，转到留下的网点"),
}
STEP_MARKS = {
    StepKind.REGISTERED: "due",
    StepKind.OPEN: "overdue",
    StepKind.SOLVED: "done",
    StepKind.PASSED: "waiting",
    StepKind.MOVED: "none",
}
