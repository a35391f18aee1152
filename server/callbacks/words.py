"""Call-backs in words: kinds, what is asked, outcomes and what they bring."""

from flask_babel import lazy_gettext

KIND_WORDS = {
    "new_customer": lazy_gettext("新客户回访"),
    "profile": lazy_gettext("资料回访"),
    "inspection": lazy_gettext("巡检回访"),
    "training": lazy_gettext("培训回访"),
}
QUESTIONS = {
    "new_customer": (
        lazy_gettext("电话打得通吗，接的是店里的人吗？"),
        lazy_gettext("店名、地址和资料上的一样吗？"),
        lazy_gettext("负责人和联系电话对吗？"),
    ),
    "profile": (
        lazy_gettext("最近改了哪些资料？"),
        lazy_gettext("负责人、电话、地址现在是什么？"),
        lazy_gettext("改了以后告诉过片区负责人吗？"),
    ),
    "inspection": (
        lazy_gettext("那个月有人来巡检过吗？"),
        lazy_gettext("哪天来的，做了什么？"),
        lazy_gettext("对来的人有什么意见？"),
    ),
    "training": (
        lazy_gettext("问的是哪一步操作？"),
        lazy_gettext("培训时讲过、练过吗？"),
        lazy_gettext("现在会用了吗？"),
    ),
}
OUTCOME_WORDS = {
    "good": lazy_gettext("都对，没有问题"),
    "unreached": lazy_gettext("没有打通"),
    "wrong_phone": lazy_gettext("电话不对"),
    "wrong_address": lazy_gettext("地址不对"),
    "unreachable": lazy_gettext("联系不上客户"),
    "inaccurate": lazy_gettext("资料不准确"),
    "not_visited": lazy_gettext("没有按计划巡检"),
    "inadequate": lazy_gettext("培训不到位"),
}
STRUCK_OUT = lazy_gettext("不计入当月新增，网点今天起收回区域公共")
PROPOSES = lazy_gettext("会提出考核事项，由经理认定")
OUTCOME_MARKS = {"good": "done", "unreached": "none"}
KINDS = tuple(KIND_WORDS)
TAB_WORDS = {"due": lazy_gettext("待回访"), "made": lazy_gettext("已回访")}
TABS = tuple(TAB_WORDS)


def outcome_mark(outcome: str) -> str:
    return OUTCOME_MARKS.get(outcome, "no")
