"""The columns of a wage table: who, what was earned, what was deducted, what is paid."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext

from server.domain.wage_kinds import WAGE_KINDS, WageKind
from server.payroll.kinds import all_kinds
from server.payroll.table_rows import PaidPerson
from server.payroll.words import kind_label

Value = Callable[[PaidPerson, int], "Decimal | str"]
NARROW, MONEY_WIDTH, WIDE = 6, 12, 14


@dataclass(frozen=True)
class Column:
    """`value` takes the person and the row's number, and gives an amount in yuan or a text."""

    title: str
    width: int
    value: Value
    is_money: bool = False
    is_total: bool = False


def columns_of(people: Sequence[PaidPerson]) -> list[Column]:
    """The regulation's kinds always, the company's own and what was carried over where somebody has some."""
    used = {kind for person in people for kind in person.lines}
    always = {kind.code for kind in WAGE_KINDS}
    kinds = [kind for kind in all_kinds().values() if kind.code in always | used]
    earned = [_kind(kind) for kind in kinds if kind.sign > 0]
    deducted = [_kind(kind) for kind in kinds if kind.sign < 0]
    return [
        Column(gettext("序号"), NARROW, lambda _person, number: str(number)),
        Column(gettext("工号"), WIDE, lambda person, _number: person.login),
        Column(gettext("姓名"), WIDE, lambda person, _number: person.name),
        Column(gettext("区域"), WIDE, lambda person, _number: person.regions),
        *earned,
        _total(gettext("应发合计"), lambda person, _number: person.sheet.gross_yuan),
        *deducted,
        _total(gettext("考核合计"), lambda person, _number: -person.sheet.deductions_yuan),
        _money(gettext("未扣"), lambda person, _number: person.sheet.shortfall_yuan),
        _money(gettext("补记"), lambda person, _number: person.sheet.adjustments_yuan),
        _total(gettext("实发工资"), lambda person, _number: person.sheet.total_yuan),
        Column(gettext("签收"), WIDE, lambda _person, _number: ""),
    ]


def _kind(kind: WageKind) -> Column:
    return _money(kind_label(kind), lambda person, _number: person.amount(kind.code))


def _money(title: str, value: Value) -> Column:
    return Column(title, MONEY_WIDTH, value, is_money=True)


def _total(title: str, value: Value) -> Column:
    return Column(title, MONEY_WIDTH, value, is_money=True, is_total=True)
