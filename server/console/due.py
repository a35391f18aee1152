"""How a due day reads: shape, colour and words, in the time that is left."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext

from server.console.formats import day as written_day
from server.domain.deadlines import is_late


@dataclass(frozen=True)
class Due:
    """`mark` is the shape of the state."""

    mark: str
    words: str


def due(due_on: date, done_on: date | None, today: date) -> Due:
    """Overdue, due today, due on a day; and once it is done whether it was in time."""
    if done_on is not None:
        return Due("no", gettext("晚了，%(day)s 到期", day=written_day(due_on))) if is_late(due_on, done_on, today) else Due("done", gettext("按时"))
    if is_late(due_on, None, today):
        return Due("overdue", gettext("过期 %(days)s 天", days=(today - due_on).days))
    if due_on == today:
        return Due("overdue", gettext("今天到期"))
    return Due("due", gettext("%(day)s 到期", day=written_day(due_on)))
