"""Wages in words: kinds, checks, reasons, steps, in the reader's language."""

from typing import Any

from flask_babel import gettext, lazy_gettext

from server.domain.wage_kinds import WageKind
from server.language import chosen_language

REASON_WORDS = {
    "not_enough_transferred": lazy_gettext("转账不到额"),
    "struck_out": lazy_gettext("回访剔除"),
    "missing_name": lazy_gettext("缺名称"),
    "missing_person_in_charge": lazy_gettext("缺负责人"),
    "missing_address": lazy_gettext("缺地址"),
    "missing_phone": lazy_gettext("缺电话"),
    "missing_id_number": lazy_gettext("缺身份证号码"),
    "missing_photo": lazy_gettext("缺门头或柜台照片"),
    "no_account_this_month": lazy_gettext("工号不是这个月做的"),
}
STEP_WORDS = {
    "seen": lazy_gettext("看过"),
    "confirmed": lazy_gettext("确认无误"),
    "objected": lazy_gettext("提出异议"),
    "answered": lazy_gettext("答复异议"),
    "withdrawn": lazy_gettext("撤回了异议，确认无误"),
    "of_trial": lazy_gettext("确认了试算（关账后还要确认）"),
}
STEP_MARKS = {"seen": "due", "confirmed": "done", "objected": "overdue", "answered": "done", "withdrawn": "done", "of_trial": "due"}
FIGURE_WORDS = {
    "visits": lazy_gettext("计入的巡检，次"),
    "missed": lazy_gettext("没巡够的网点，个"),
    "gross": lazy_gettext("应发，元"),
    "deductions": lazy_gettext("考核，元"),
    "total": lazy_gettext("实发，元"),
}
BLOCKED_WORDS = {
    "closed": lazy_gettext("这个月已经关账。"),
    "running": lazy_gettext("这个月还没有过完，过完才能关账。"),
    "order": lazy_gettext("月份要按顺序关，先关前面的。"),
}


def kind_label(kind: WageKind) -> str:
    return kind.en if chosen_language() == "en" else kind.zh


def kind_rule(kind: WageKind) -> str:
    return kind.rule_en if chosen_language() == "en" else kind.rule_zh


def reason_words(codes: Any) -> str:
    """Why an account does not count as a new customer."""
    return gettext("、").join(str(REASON_WORDS.get(code, code)) for code in codes)
