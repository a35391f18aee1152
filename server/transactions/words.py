"""Kinds and columns of imported tables, and why an import stays, in words."""

from flask_babel import lazy_gettext

from server.transactions.kinds import ACCOUNTS, DAYS, MONTHS

KIND_WORDS = {
    DAYS: lazy_gettext("每日交易"),
    MONTHS: lazy_gettext("每月交易"),
    ACCOUNTS: lazy_gettext("网点工号"),
}
KIND_HINTS = {
    DAYS: lazy_gettext("一行是一个网点一天的合计：工号或网点编号、日期、金额，可以有笔数；退款另起一行，交易类型写“退款”。"),
    MONTHS: lazy_gettext("一行是一个网点一个月的合计：工号或网点编号、月份、金额，可以有笔数。只收已经过完的月份。"),
    ACCOUNTS: lazy_gettext("一行是一个网点：网点编号、工号、开户日期。新增客户按开户日期算在哪个月。"),
}
COLUMN_WORDS = {
    "outlet_code": lazy_gettext("网点编号"),
    "account_no": lazy_gettext("工号"),
    "made_on": lazy_gettext("开户日期"),
    "day": lazy_gettext("日期"),
    "month": lazy_gettext("月份"),
    "amount": lazy_gettext("金额"),
    "count": lazy_gettext("笔数"),
    "type": lazy_gettext("交易类型"),
}
COLUMN_HINTS = {
    "outlet_code": lazy_gettext("网点在巡店里的编号。工号和网点编号填一个就行，都填就要是同一个网点。"),
    "account_no": lazy_gettext("网点的工号，按文字填，前面的 0 不要丢。"),
    "made_on": lazy_gettext("工号开通的日期，例如 2026-11-05。"),
    "day": lazy_gettext("例如 2026-11-05、2026/11/5 或 2026年11月5日。不能晚于今天。"),
    "month": lazy_gettext("例如 2026-10 或 2026年10月。还没过完的月份请按天导入。"),
    "amount": lazy_gettext("单位元，最多两位小数，例如 1234.50。"),
    "count": lazy_gettext("交易多少笔，可以不填。"),
    "type": lazy_gettext("空着或写“交易”是收款；写“退款”会从当天的金额里减去，当天要另有一行交易。"),
}
UNDO_OBSTACLES = {
    "undone": lazy_gettext("已经撤销过了。"),
    "closed": lazy_gettext("不能撤销：用到它的月份后来已经关账。要更正，就导入一份改好的表，差额会成为补记。"),
    "touched": lazy_gettext("不能撤销：它写入的内容后来被别的导入、资料修改或网点合并改过。先撤销后来的导入。"),
}
ACCEPT_FAULTS = {
    "required": lazy_gettext("有行没通过检查。要么改好再传，要么勾选后只导入无错的行。"),
    "nothing": lazy_gettext("没有一行可以导入。"),
}


def kind_words(kind: str) -> str:
    return str(KIND_WORDS[kind])


def column_words(name: str) -> str:
    return str(COLUMN_WORDS[name])
