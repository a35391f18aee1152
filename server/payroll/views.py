"""Wage sheets as their pages show them: every kind of line, how it was reckoned, and the month's people."""

from dataclasses import dataclass
from datetime import date

from flask import url_for
from flask_babel import gettext
from sqlalchemy import func, select

from server.console.formats import month_name
from server.console.tiles import Tile
from server.db import db
from server.domain.months import Month
from server.domain.wage_kinds import BEYOND_LIMITS, CARRIED, WageKind
from server.payroll.adjustments import CLOSED
from server.payroll.explanations import reckoning
from server.payroll.kept_facts import KeptFacts
from server.payroll.kinds import CARRIED_KIND, all_kinds, kinds_of
from server.payroll.models import WageLine, WageSheet
from server.payroll.payslips import ANSWERERS
from server.payroll.queries import READERS, is_objected
from server.payroll.words import kind_label, kind_rule
from server.people.choices import Choice
from server.people.models import Person, Role


@dataclass(frozen=True)
class ShownLine:
    """A kind with its line, or without when it pays nothing this month; or an adjustment of the month `of_month`.

    `key` names it in addresses; `can_open` says whether records stand behind it, paid or not.
    """

    key: str
    kind: WageKind
    line: WageLine | None
    label: str
    rule: str
    figures: str
    can_open: bool
    of_month: str = ""

    @property
    def records(self) -> int:
        return len(self.line.evidence) if self.line is not None else 0


def shown_lines(sheet: WageSheet, kept: KeptFacts) -> list[ShownLine]:
    """Earnings always, also those not earned; deductions only when there are some, what was carried over behind them; adjustments last,
    each with its month."""
    lines = {line.kind: line for line in sheet.lines if not line.of_month}
    shown = [kind for kind in (*kinds_of(Month.parse(sheet.month)), CARRIED_KIND) if _is_shown(kind, lines)]
    own = [_own_line(kind, lines.get(kind.code), kept) for kind in shown]
    adjustments = [line for line in sheet.lines if line.of_month]
    kinds = all_kinds() if adjustments else {}
    return own + [_adjustment(line, kinds[line.kind]) for line in adjustments]


def _is_shown(kind: WageKind, lines: dict[str, WageLine]) -> bool:
    """An award that the company added stands on the sheets of those who got one."""
    return kind.code in lines or (kind.sign > 0 and kind.unit_yuan is None)


def _own_line(kind: WageKind, line: WageLine | None, kept: KeptFacts) -> ShownLine:
    figures = reckoning(kind, line, kept)
    return ShownLine(kind.code, kind, line, kind_label(kind), kind_rule(kind), figures, _can_open(kind, line, kept))


def _can_open(kind: WageKind, line: WageLine | None, kept: KeptFacts) -> bool:
    if line is not None and (line.evidence or kind.paid_by in ("active_month", "no_complaint")):
        return True
    behind = {
        "new_customers": kept.accounts,
        "no_complaint": kept.facts.complaints,
        "visit_plan_done": kept.facts.visit_plan,
        "training_plan_done": kept.facts.training_plan,
    }
    return bool(behind.get(kind.paid_by))


def _adjustment(line: WageLine, kind: WageKind) -> ShownLine:
    month = month_name(Month.parse(line.of_month))
    label = kind_label(kind) if line.kind == CARRIED else gettext("补记 %(month)s · %(kind)s", month=month, kind=kind_label(kind))
    rule = kind_rule(kind) if line.kind in (CARRIED, BEYOND_LIMITS) else gettext("关账后才知道的，按那个月的政策补记差额")
    return ShownLine(f"{line.of_month}-{line.kind}", kind, line, label, rule, "", bool(line.evidence), line.of_month)


def people_of_month(month: Month) -> list[Choice]:
    """Everybody who has a sheet of the month, by login."""
    query = select(Person.id, Person.name).join(WageSheet, WageSheet.person_id == Person.id)
    return [Choice(*row) for row in db.session.execute(query.where(WageSheet.month == str(month)).order_by(Person.login))]


def payroll_tiles(person: Person, today: date) -> list[Tile]:
    """Last month's draft sheets for those who read them all, objections for those who answer them; a rep's own sheet of this month."""
    month = Month.of_date(today)
    tiles = []
    if person.holds(*READERS):
        drafts = select(func.count(WageSheet.id)).where(WageSheet.month == str(month.previous()), WageSheet.state != CLOSED)
        href = url_for("payroll.sheet_list", month=str(month.previous()))
        tiles.append(Tile(gettext("上月工资单"), drafts.scalar_subquery(), href, gettext("试算，未关账")))
    if person.holds(*ANSWERERS):
        objected = select(func.count(WageSheet.id)).where(is_objected(), WageSheet.person_id != person.id)
        href = url_for("payroll.objections")
        tiles.append(Tile(gettext("工资单异议"), objected.scalar_subquery(), href, gettext("本人有异议，等答复"), "warm"))
    if person.holds(Role.REP):
        own = select(func.count(WageSheet.id)).where(WageSheet.person_id == person.id)
        tiles.append(Tile(gettext("我的工资单"), own.scalar_subquery(), url_for("payroll.latest"), gettext("每行都能打开依据")))
    return tiles
