"""Call-backs in words: kinds, what is asked, outcomes and what they bring."""

from flask_babel import gettext, lazy_gettext

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
        lazy_gettext("最近改的资料，和资料上写的一样吗？"),
        lazy_gettext("负责人、电话、地址和资料上的一样吗？"),
        lazy_gettext("改了以后告诉过片区负责人吗？"),
    ),
    "inspection": (
        lazy_gettext("那个月有人来巡检过吗？"),
        lazy_gettext("来的人看了店里、请人签了字吗？"),
        lazy_gettext("对来的人满意吗？"),
    ),
    "training": (
        lazy_gettext("问的那一步，电话里说清楚了吗？"),
        lazy_gettext("培训时讲过、练过吗？"),
        lazy_gettext("现在会用了吗？"),
    ),
}
ANSWER_WORDS = {"yes": lazy_gettext("是"), "no": lazy_gettext("否"), "": lazy_gettext("没问")}
ANSWER_MARKS = {"yes": "done", "no": "no", "": "none"}
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


def answers_line(answers: list[dict[str, str]] | None) -> str:
    """Three answers in one line, such as `1 是 · 2 否（搬到隔壁了） · 3 没问`; empty for a call without any."""
    return " · ".join(_answer(number, answer) for number, answer in enumerate(answers or [], 1))


def _answer(number: int, answer: dict[str, str]) -> str:
    said = gettext("%(number)s %(answer)s", number=number, answer=ANSWER_WORDS[answer["answer"]])
    return gettext("%(answer)s（%(note)s）", answer=said, note=answer["note"]) if answer["note"] else said
