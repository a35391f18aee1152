"""Where the money of a decision goes, in words: the finding's own month, or as an adjustment the first one that is open (RULEBOOK §10)."""

from enum import StrEnum

from flask_babel import gettext

from server.domain.months import Month, oldest_corrected
from server.findings.models import FindingState
from server.findings.words import is_award
from server.policy.actions import last_closed


class Paid(StrEnum):
    """By its own sheet, by an adjustment, or no more: the month was closed too long ago."""

    OWN = "own"
    ADJUSTED = "adjusted"
    NO_MORE = "no_more"


def paid_by(month: Month) -> tuple[Paid, Month]:
    """How a finding of the month comes to a sheet, and the month of that sheet."""
    closed = last_closed()
    if closed is None or month > closed:
        return Paid.OWN, month
    first_open = closed.next()
    return (Paid.ADJUSTED if month >= oldest_corrected(first_open) else Paid.NO_MORE), first_open


def effect_words(month: Month) -> str:
    """What deciding does to wages, before it is done."""
    paid, into = paid_by(month)
    if paid == Paid.OWN:
        return gettext("认定后进 %(month)s 的工资单；试算在夜间核对时重算。", month=month)
    return _closed_words(month, paid, into)


def effect_of_taking_back_words(month: Month) -> str:
    """What dismissing what was upheld does to wages, before it is done."""
    paid, into = paid_by(month)
    if paid == Paid.OWN:
        return gettext("不予认定后，%(month)s 的试算在夜间核对时重算。", month=month)
    return _closed_words(month, paid, into)


def _closed_words(month: Month, paid: Paid, into: Month) -> str:
    if paid == Paid.NO_MORE:
        return gettext("%(month)s 早已关账，工资单只补记最近一年。怎么定都不再改工资，要补请另外办理。", month=month)
    return gettext("%(month)s 已关账，那张工资单不变；有差额的，补记在 %(into)s 的工资单。", month=month, into=into)


def decided_words(decision: str, kind: str, month: Month) -> str:
    """What was decided first, and what it does."""
    paid, into = paid_by(month)
    if decision != FindingState.UPHELD:
        return gettext("已不予认定，工资单上没有这一件。") if paid == Paid.OWN else gettext("已不予认定。") + _closed_words(month, paid, into)
    if paid != Paid.OWN:
        return gettext("已认定。") + _closed_words(month, paid, into)
    return gettext("已认定，那个月的工资单会加。") if is_award(kind) else gettext("已认定，那个月的工资单会扣。")


def decided_again_words(decision: str, month: Month) -> str:
    """What was decided of an overtaken finding, and what it does."""
    if decision == FindingState.UPHELD:
        return gettext("已维持认定，工资单不变。")
    paid, into = paid_by(month)
    if paid == Paid.OWN:
        return gettext("已撤回认定，那个月的工资单会改。")
    return gettext("已撤回认定。") + _closed_words(month, paid, into)
