"""关账清单: what should be settled before a month is closed. An item that is still open needs a written reason, or has to be
done first where policy says so (`wage.close_needs_all`). Features above payroll add theirs to `check_readers`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select

from server.callbacks.models import CallBack
from server.churn.models import ChurnCase
from server.db import db
from server.domain.churn import ChurnState
from server.domain.months import Month
from server.findings.models import Finding, FindingEvidence, FindingObjection, FindingState
from server.findings.overtaken import is_overtaken
from server.payroll.models import PayslipStep, WageSheet
from server.payroll.queries import is_objected
from server.policy.models import CalendarYear
from server.transactions.models import OutletTransfer
from server.visits.models import Visit

UNDECIDED = (ChurnState.OPEN, ChurnState.DISPUTED, ChurnState.OPS_DECIDES)


@dataclass(frozen=True)
class Check:
    """`left` counts what is not settled yet. One that is not `is_needed` is only shown."""

    code: str
    left: ColumnElement[int]
    is_needed: bool = True


@dataclass(frozen=True)
class CountedCheck:
    code: str
    left: int
    is_needed: bool

    @property
    def is_open(self) -> bool:
        return self.is_needed and self.left > 0

    def document(self) -> dict[str, Any]:
        return {"code": self.code, "left": self.left, "is_needed": self.is_needed}


CheckReader = Callable[[Month], Check]
check_readers: list[CheckReader] = []


def counted_checks(month: Month) -> list[CountedCheck]:
    """The list with its true counts, in one statement."""
    checks = [*(read(month) for read in OWN), *(read(month) for read in check_readers)]
    counts = db.session.execute(select(*(check.left for check in checks))).one()
    return [CountedCheck(check.code, count, check.is_needed) for check, count in zip(checks, counts, strict=True)]


def _count(query: Select[Any]) -> ColumnElement[int]:
    return query.scalar_subquery()


def _findings(month: Month) -> Check:
    query = select(func.count(Finding.id)).where(Finding.month == str(month), Finding.state == FindingState.PROPOSED)
    return Check("findings", _count(query))


def _objections(month: Month) -> Check:
    query = select(func.count(FindingObjection.id)).join(Finding, Finding.id == FindingObjection.finding_id)
    return Check("objections", _count(query.where(Finding.month == str(month), FindingObjection.answer == "")))


def _overtaken(month: Month) -> Check:
    """Also of months before: they are closed, and what is taken back there changes this one."""
    return Check("overtaken", _count(select(func.count(Finding.id)).where(Finding.month <= str(month), is_overtaken())))


def _reviews(month: Month) -> Check:
    in_month = Visit.visited_on.between(month.first_day, month.last_day)
    return Check("reviews", _count(select(func.count(Visit.id)).where(in_month, Visit.needs_review)))


def unsealed_visits(month: Month) -> Select[Any]:
    """How many visits wait for some of their files."""
    in_month = Visit.visited_on.between(month.first_day, month.last_day)
    return select(func.count(Visit.id)).where(in_month, Visit.is_replaced.is_(False), Visit.seal.is_(None))


def _evidence(month: Month) -> Check:
    """Upheld findings that rest on no record, nor on the words of whoever proposed them by hand, and visits that are not sealed: some of
    their files are not here yet."""
    rests = select(FindingEvidence.ref_id).where(FindingEvidence.finding_id == Finding.id).exists()
    upheld = (Finding.month == str(month), Finding.state == FindingState.UPHELD)
    bare = select(func.count(Finding.id)).where(*upheld, ~rests, ~Finding.source_key.startswith("hand:"))
    return Check("evidence", _count(bare) + _count(unsealed_visits(month)))


def _transactions(month: Month) -> Check:
    """Transactions are imported up to the month's last day, or beyond it."""
    newest = select(func.max(OutletTransfer.on)).scalar_subquery()
    return Check("transactions", case((newest >= month.last_day, 0), else_=1))


def _calls(month: Month) -> Check:
    query = select(func.count(CallBack.id)).where(CallBack.due_on.between(month.first_day, month.last_day), CallBack.called_on.is_(None))
    return Check("calls", _count(query))


def _churn(month: Month) -> Check:
    query = select(func.count(ChurnCase.id)).where(ChurnCase.listed_on.between(month.first_day, month.last_day))
    return Check("churn", _count(query.where(ChurnCase.state.in_(UNDECIDED))))


def _calendar(month: Month) -> Check:
    announced = select(func.count()).select_from(CalendarYear).where(CalendarYear.year == month.year, CalendarYear.is_provisional.is_(False))
    return Check("calendar", 1 - _count(announced))


def _payslip_objections(month: Month) -> Check:
    return Check("payslip_objections", _count(select(func.count(WageSheet.id)).where(WageSheet.month == str(month), is_objected())))


def _unseen(month: Month) -> Check:
    was_opened = select(PayslipStep.id).where(PayslipStep.sheet_id == WageSheet.id).exists()
    return Check("unseen", _count(select(func.count(WageSheet.id)).where(WageSheet.month == str(month), ~was_opened)), is_needed=False)


OWN: tuple[CheckReader, ...] = (
    _transactions,
    _reviews,
    _findings,
    _objections,
    _overtaken,
    _evidence,
    _churn,
    _calls,
    _calendar,
    _payslip_objections,
    _unseen,
)
