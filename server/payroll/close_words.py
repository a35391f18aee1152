"""The closing list in words: what each item asks, what is left, and where to settle it."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext, lazy_gettext

from server.db import db
from server.domain.months import Month
from server.payroll.close_checks import CountedCheck, unsealed_visits
from server.payroll.payslips import OBJECTED
from server.people.access import may_open
from server.people.models import Person

TITLES = {
    "transactions": lazy_gettext("交易数据导入到月底"),
    "reviews": lazy_gettext("所有巡检都已审核"),
    "findings": lazy_gettext("考核事项都已认定"),
    "objections": lazy_gettext("考核事项的异议都已答复"),
    "overtaken": lazy_gettext("认定后有变的事项都已维持或撤回"),
    "evidence": lazy_gettext("每一件都有依据，巡检的照片都到齐封存"),
    "churn": lazy_gettext("离网名单都已定"),
    "calls": lazy_gettext("到期的电话回访都打过"),
    "calendar": lazy_gettext("工作日历已公布，不是暂定"),
    "payslip_objections": lazy_gettext("工资单的异议都已答复"),
    "phones": lazy_gettext("手机上没有未送出的记录"),
    "nights": lazy_gettext("月底之后做过夜间核对"),
    "unseen": lazy_gettext("本人都看过工资单"),
}
PAGES: dict[str, tuple[str, dict[str, str]]] = {
    "transactions": ("imports.start", {}),
    "reviews": ("visits.visit_list", {"verdict": "waiting"}),
    "findings": ("findings.finding_list", {"state": "proposed"}),
    "objections": ("findings.finding_list", {"state": "objected"}),
    "overtaken": ("findings.finding_list", {"state": "overtaken"}),
    "churn": ("churn.case_list", {}),
    "calls": ("callbacks.callback_list", {}),
    "calendar": ("calendar.year_list", {}),
    "payslip_objections": ("payroll.sheet_list", {"answer": OBJECTED}),
    "phones": ("devices.device_list", {}),
}
OF_A_MONTH = ("visits.visit_list", "findings.finding_list", "payroll.sheet_list")
OF_ANY_MONTH = ("overtaken",)
BARE, UNSEALED = ("findings.finding_list", {"state": "upheld"}), ("visits.visit_list", {"verdict": "pending"})


@dataclass(frozen=True)
class ShownCheck:
    """`mark` is the state's shape; `href` leads to where the item is settled, empty where no page that the reader may open does it."""

    title: str
    left: str
    mark: str
    href: str


def shown_checks(checks: list[CountedCheck], month: Month, reader: Person) -> list[ShownCheck]:
    return [_shown(check, month, reader) for check in checks]


def _shown(check: CountedCheck, month: Month, reader: Person) -> ShownCheck:
    if not check.left:
        return ShownCheck(str(TITLES[check.code]), gettext("完成"), "done", "")
    mark = "overdue" if check.is_needed else "due"
    return ShownCheck(str(TITLES[check.code]), _left_words(check), mark, _address(check.code, month, reader))


def _left_words(check: CountedCheck) -> str:
    if check.code == "transactions":
        return gettext("月底的还没有导入")
    if check.code == "calendar":
        return gettext("这一年还是暂定的")
    if check.code == "nights":
        return gettext("月底之后还没有做完一次")
    if check.code in ("phones", "unseen"):
        return gettext("还有 %(count)s 人", count=check.left)
    return gettext("还有 %(count)s 件", count=check.left)


def _address(code: str, month: Month, reader: Person) -> str:
    if code == "evidence":
        endpoint, filters = UNSEALED if db.session.scalar(unsealed_visits(month)) else BARE
    else:
        endpoint, filters = PAGES.get(code, ("", {}))
    if not endpoint or not may_open(reader, endpoint):
        return ""
    is_of_month = endpoint in OF_A_MONTH and code not in OF_ANY_MONTH
    asked: dict[str, Any] = filters | ({"month": str(month)} if is_of_month else {})
    return url_for(endpoint, **asked)
