"""How the report of a complaint to the manager reads, apart from its handling: both have the same due day."""

from datetime import date, datetime
from typing import Any

from flask_babel import gettext

from server.complaints.models import ComplaintState
from server.console.due import Due
from server.console.formats import full_day
from server.domain.deadlines import is_late
from server.domain.months import business_date


def reporting(complaint: Any, reported_at: datetime | None, today: date) -> Due | None:
    """Of a `Complaint`, or a row with its `state` and `due_on`; None before it is resolved and once it is void."""
    if complaint.state == ComplaintState.RESOLVED:
        return _not_reported(complaint.due_on, today)
    if complaint.state != ComplaintState.REPORTED or reported_at is None:
        return None
    reported_on = business_date(reported_at)
    if is_late(complaint.due_on, reported_on, today):
        return Due("no", gettext("%(day)s 上报，晚了", day=full_day(reported_on)))
    return Due("done", gettext("%(day)s 上报", day=full_day(reported_on)))


def _not_reported(due_on: date, today: date) -> Due:
    if is_late(due_on, None, today):
        return Due("overdue", gettext("上报过期 %(days)s 天", days=(today - due_on).days))
    return Due("due", gettext("还没上报"))
