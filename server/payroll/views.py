"""Wage sheets as their pages show them: every kind of line, what it rests on, and the legal limit."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import gettext
from sqlalchemy import and_, func, select

from server.console.tiles import Tile
from server.db import db
from server.domain.months import Month
from server.domain.wage_kinds import WAGE_KINDS, WageKind
from server.findings.evidence import Card, cards_of
from server.findings.models import Finding, FindingEvidence, FindingState, FindingStep
from server.language import chosen_language
from server.outlets.models import Outlet
from server.payroll.models import WageLine, WageSheet
from server.payroll.queries import READERS
from server.people.choices import Choice
from server.people.models import Person, Role
from server.visits.models import OutletMonth


@dataclass(frozen=True)
class ShownLine:
    """A kind with its line, or without when it pays nothing this month."""

    kind: WageKind
    line: WageLine | None
    label: str
    rule: str


@dataclass(frozen=True)
class UpheldCard:
    """An upheld finding behind a deduction, with the records it rests on."""

    finding_id: str
    outlet: str | None
    amount_yuan: Decimal
    decided_by: str | None
    decided_at: Any
    reason: str
    cards: list[Card]


@dataclass(frozen=True)
class Plan:
    """What the visits award is measured by: visits planned and counted, outlets planned and done."""

    planned: int
    counted: int
    outlets: int
    done: int


def shown_lines(sheet: WageSheet) -> list[ShownLine]:
    """Earnings always, also those not earned; deductions only when there are some."""
    language = chosen_language()
    lines = {line.kind: line for line in sheet.lines}
    shown = [kind for kind in WAGE_KINDS if kind.sign > 0 or kind.code in lines]
    return [ShownLine(kind, lines.get(kind.code), getattr(kind, language), getattr(kind, f"rule_{language}")) for kind in shown]


def plan_of(person_id: str, month: Month) -> Plan:
    is_done = OutletMonth.counted >= OutletMonth.owed
    columns = (func.sum(OutletMonth.owed), func.sum(OutletMonth.counted), func.count(), func.count().filter(is_done))
    query = select(*columns).where(OutletMonth.month == str(month), OutletMonth.rep_id == person_id, OutletMonth.owed > 0)
    planned, counted, outlets, done = db.session.execute(query).one()
    return Plan(planned or 0, counted or 0, outlets, done)


def line_cards(line: WageLine, reader: Person, today: date) -> list[Card]:
    """The records named by the line itself, findings aside."""
    return cards_of([(evidence["kind"], evidence["id"]) for evidence in line.evidence if evidence["kind"] != "finding"], reader, today)


def upheld_cards(line: WageLine, reader: Person, today: date) -> list[UpheldCard]:
    """The findings named by the line, each with the manager's decision and its evidence; one query, and one per kind of record."""
    ids = [evidence["id"] for evidence in line.evidence if evidence["kind"] == "finding"]
    if not ids:
        return []
    rows = list(db.session.execute(_upheld(ids)))
    references = {(row.kind, row.ref_id) for row in rows if row.kind is not None}
    cards = {(card.kind, card.id): card for card in cards_of(sorted(references), reader, today)}
    found: dict[str, UpheldCard] = {}
    for row in rows:
        finding = found.setdefault(row.id, UpheldCard(row.id, row.outlet, row.amount_yuan, row.decided_by, row.at, row.reason, []))
        if (row.kind, row.ref_id) in cards:
            finding.cards.append(cards[row.kind, row.ref_id])
    return list(found.values())


def _upheld(ids: list[str]) -> Any:
    """A row per finding and record it rests on."""
    decision = and_(FindingStep.finding_id == Finding.id, FindingStep.state == FindingState.UPHELD)
    columns = [Finding.id, Finding.amount_yuan, Outlet.name.label("outlet"), FindingStep.reason, FindingStep.at]
    columns += [Person.name.label("decided_by"), FindingEvidence.kind, FindingEvidence.ref_id]
    query = select(*columns).outerjoin(Outlet, Outlet.id == Finding.outlet_id).outerjoin(FindingStep, decision)
    query = query.outerjoin(Person, Person.id == FindingStep.by_id).outerjoin(FindingEvidence, FindingEvidence.finding_id == Finding.id)
    return query.where(Finding.id.in_(ids)).order_by(Outlet.code, Finding.id, FindingEvidence.kind, FindingEvidence.ref_id)


def people_of_month(month: Month) -> list[Choice]:
    """Everybody who has a sheet of the month, by login."""
    query = select(Person.id, Person.name).join(WageSheet, WageSheet.person_id == Person.id)
    return [Choice(*row) for row in db.session.execute(query.where(WageSheet.month == str(month)).order_by(Person.login))]


def payroll_tiles(person: Person, today: date) -> list[Tile]:
    """Last month's draft sheets for those who read them all; a rep's own sheet of this month."""
    month = Month.of_date(today)
    tiles = []
    if person.holds(*READERS):
        drafts = select(func.count(WageSheet.id)).where(WageSheet.month == str(month.previous()), WageSheet.state == "draft")
        href = url_for("payroll.sheet_list", month=str(month.previous()))
        tiles.append(Tile(gettext("上月工资单"), drafts.scalar_subquery(), href, gettext("试算，未关账")))
    if person.holds(Role.REP):
        own = select(func.count(WageSheet.id)).where(WageSheet.person_id == person.id)
        tiles.append(Tile(gettext("我的工资单"), own.scalar_subquery(), url_for("payroll.latest"), gettext("每行都能打开依据")))
    return tiles
