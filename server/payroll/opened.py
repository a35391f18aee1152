"""What stands behind an opened line: its records as cards, upheld findings with theirs, and what did not count and why."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import gettext
from sqlalchemy import and_, select

from server.db import db
from server.findings.evidence import Card, Reference, cards_of
from server.findings.models import Finding, FindingEvidence, FindingState, FindingStep
from server.outlets.models import Outlet
from server.payroll.beside import beside
from server.payroll.facts_complaints import unfounded_complaints
from server.payroll.kept_facts import KeptFacts
from server.payroll.models import WageLine
from server.payroll.views import ShownLine
from server.payroll.words import reason_words
from server.people.access import may_open
from server.people.models import Person

COMPLAINTS = "complaints.complaint_list"


@dataclass(frozen=True)
class UpheldCard:
    """An upheld finding behind a line, with the records it rests on."""

    finding_id: str
    outlet: str | None
    amount_yuan: Decimal
    decided_by: str | None
    decided_at: Any
    reason: str
    cards: list[Card]


@dataclass(frozen=True)
class Opened:
    """`hidden` counts records that the reader does not see any more; `left` are cards of what did not count, with the reason; `notes`
    are words with an address, for lines that rest on there being no record."""

    key: str = ""
    cards: list[Card] = field(default_factory=list)
    upheld: list[UpheldCard] = field(default_factory=list)
    hidden: int = 0
    left: list[tuple[Card, str]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)


def opened_line(shown: ShownLine | None, kept: KeptFacts, reader: Person, today: date) -> Opened:
    if shown is None or not shown.can_open:
        return Opened()
    references = [(one["kind"], one["id"]) for one in shown.line.evidence] if shown.line is not None else []
    plain = [reference for reference in references if reference[0] != "finding"]
    upheld = _upheld_cards(shown.line, reader, today) if shown.line is not None else []
    left = [] if shown.of_month else _left(shown, kept)
    cards = {(card.kind, card.id): card for card in cards_of([*plain, *(reference for reference, _ in left)], reader, today)}
    shown_cards = [cards[reference] for reference in plain if reference in cards]
    hidden = len(references) - len(shown_cards) - len(upheld)
    rows = [(cards[reference], words) for reference, words in left if reference in cards]
    return Opened(shown.key, shown_cards, upheld, hidden, rows, [] if shown.of_month else _notes(shown, kept, reader))


def _left(shown: ShownLine, kept: KeptFacts) -> list[tuple[Reference, str]]:
    """What did not count, by kind of line: accounts, complaints, outlets of a plan that miss something."""
    month = str(kept.facts.month)
    if shown.kind.paid_by == "new_customers":
        return [(("outlet", account.outlet_id), reason_words(account.reasons)) for account in kept.not_counted]
    if shown.kind.paid_by == "no_complaint":
        unfounded = unfounded_complaints(kept.facts.person_id, kept.facts.month)
        return [((one.kind, one.id), "") for one in kept.facts.complaints] + [(("complaint", one), gettext("查明不属实，不算")) for one in unfounded]
    if shown.kind.paid_by == "visit_plan_done":
        return [(("outlet_month", f"{outlet.outlet_id}:{month}"), "") for outlet in kept.visits.undone]
    if shown.kind.paid_by == "training_plan_done":
        return [(("outlet", outlet.outlet_id), "") for outlet in kept.trainings.undone]
    return []


def _notes(shown: ShownLine, kept: KeptFacts, reader: Person) -> list[tuple[str, str]]:
    """Why base is paid, and why an award for no complaint is; the address is empty where the reader may not open the page."""
    days = kept.facts.active
    if shown.kind.paid_by == "active_month":
        text = gettext("当月有在岗的日子：%(working)s 个工作日，当月共 %(of)s 个", working=days.working, of=days.of_working)
        return [(text, url_for("calendar.year_list", year=kept.facts.month.year))]
    if shown.kind.paid_by == "no_complaint" and not kept.facts.complaints:
        return [(gettext("名下网点当月收到的投诉：0 件"), url_for(COMPLAINTS) if may_open(reader, COMPLAINTS) else "")]
    return []


def _upheld_cards(line: WageLine, reader: Person, today: date) -> list[UpheldCard]:
    """The findings named by the line, each with the manager's decision, its evidence and what stands beside; a query per kind of record."""
    ids = [evidence["id"] for evidence in line.evidence if evidence["kind"] == "finding"]
    if not ids:
        return []
    rows = list(db.session.execute(_upheld(ids)))
    others = beside({(row.id, row.finding_kind, row.outlet_id, row.month): None for row in rows if row.outlet_id is not None})
    references = {(row.kind, row.ref_id) for row in rows if row.kind is not None}
    references |= {reference for wanted in others.values() for reference in wanted}
    cards = {(card.kind, card.id): card for card in cards_of(sorted(references), reader, today)}
    found: dict[str, UpheldCard] = {}
    for row in rows:
        finding = found.setdefault(row.id, UpheldCard(row.id, row.outlet, row.amount_yuan, row.decided_by, row.at, row.reason, []))
        if (row.kind, row.ref_id) in cards and cards[row.kind, row.ref_id] not in finding.cards:
            finding.cards.append(cards[row.kind, row.ref_id])
    for finding_id, wanted in others.items():
        own = found[finding_id].cards
        own += [cards[reference] for reference in wanted if reference in cards and cards[reference] not in own]
    return list(found.values())


def _upheld(ids: list[str]) -> Any:
    """A row per finding, decision that upheld it (the last one first) and record it rests on."""
    decision = and_(FindingStep.finding_id == Finding.id, FindingStep.state == FindingState.UPHELD)
    columns = [
        Finding.id,
        Finding.kind.label("finding_kind"),
        Finding.outlet_id,
        Finding.month,
        Finding.amount_yuan,
        Outlet.name.label("outlet"),
        FindingStep.reason,
        FindingStep.at,
    ]
    columns += [Person.name.label("decided_by"), FindingEvidence.kind, FindingEvidence.ref_id]
    query = select(*columns).outerjoin(Outlet, Outlet.id == Finding.outlet_id).outerjoin(FindingStep, decision)
    query = query.outerjoin(Person, Person.id == FindingStep.by_id).outerjoin(FindingEvidence, FindingEvidence.finding_id == Finding.id)
    newest = (FindingStep.at.desc(), FindingStep.id.desc())
    return query.where(Finding.id.in_(ids)).order_by(Outlet.code, Finding.id, *newest, FindingEvidence.kind, FindingEvidence.ref_id)
