"""Findings as their list and page show them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import gettext
from sqlalchemy import ColumnElement, case, func, or_, select, true
from werkzeug.datastructures import MultiDict

from server.console.counting import MOST_LISTED, counted_apart, rows_up_to
from server.console.months import chosen_month
from server.console.paging import after_key, cut, one_page_down
from server.console.tiles import Tile
from server.db import db
from server.findings.evidence import Card, cards_of
from server.findings.models import OVERTAKEN, Finding, FindingEvidence, FindingState, FindingStep
from server.findings.objection_views import ShownObjection, objections_to
from server.findings.overtaken import is_overtaken
from server.findings.windows import NO_WINDOW, Window, has_open_objection, window_of
from server.findings.words import TAB_WORDS
from server.outlets.models import Outlet
from server.outlets.queries import is_in_regions
from server.people.models import Person, PersonRegion, Role
from sync.problems import Problem

READERS = (Role.REP, Role.SUPERVISOR, Role.MANAGER, Role.PAYROLL, Role.ADMIN)
LIST = "findings.finding_list"
OBJECTED = "objected"  # the tab of findings whose objection waits for its answer
WAITING_TABS = (FindingState.PROPOSED, OBJECTED, OVERTAKEN)  # those in which the manager has something to decide
WHOLE_COMPANY = (Role.MANAGER, Role.PAYROLL, Role.ADMIN)


@dataclass(frozen=True)
class FindingFilter:
    """`state` is a finding's or a tab's; empty parts are unset. A region is that of the outlet: what is at none belongs to no region."""

    state: str
    month: str
    person_id: str
    region_id: str = ""

    @property
    def is_set(self) -> bool:
        return any((self.month, self.person_id, self.region_id))

    @property
    def arguments(self) -> dict[str, Any]:
        """The filter as an address has it, with the tab."""
        return {"state": self.state, "month": self.month or None, "person": self.person_id or None, "region": self.region_id or None}


def read_finding_filter(asked: MultiDict[str, str], state: str) -> FindingFilter:
    """The filter in the address, of one tab; raises `invalid` for a state or month that cannot be."""
    if state not in TAB_WORDS:
        raise Problem("invalid", f"state {state[:20]}")
    month = asked.get("month", "")
    return FindingFilter(state, str(chosen_month(month)) if month else "", asked.get("person", ""), asked.get("region", ""))


@dataclass(frozen=True)
class FindingTable:
    """`counts` by tab, each at the most one more than `MOST_LISTED`; `total_yuan` is of the whole tab, None for one longer than that."""

    rows: list[Any]
    counts: dict[str, int]
    total_yuan: Decimal | None
    next_key: str | None


@dataclass(frozen=True)
class FindingView:
    finding: Finding
    outlet: Outlet | None
    person_name: str
    steps: list[Any]
    cards: list[Card]
    objections: list[ShownObjection]

    @property
    def open_objection(self) -> ShownObjection | None:
        """What waits for an answer."""
        return next((one for one in self.objections if not one.answer), None)

    @property
    def is_overtaken(self) -> bool:
        """Whether the manager decides once more, since facts speak against what was upheld."""
        return self.finding.state == FindingState.UPHELD and self.steps[-1].state == OVERTAKEN

    def window(self) -> Window:
        """Until when the person concerned may object."""
        if self.finding.state == FindingState.DISMISSED:
            return NO_WINDOW
        stepped_at = max(step.at for step in self.steps if step.state != FindingState.DISMISSED)
        return window_of(stepped_at, max((one.at for one in self.objections), default=None))


def is_visible_finding(reader: Person) -> ColumnElement[bool]:
    """The condition on `Finding`: all, those at outlets or, at none, about people of own regions, what one proposed, and always one's own."""
    if reader.holds(*WHOLE_COMPANY):
        return true()
    own = Finding.person_id == reader.id
    if reader.holds(Role.SUPERVISOR):
        return or_(own, is_in_regions(Finding.outlet_id, reader.region_ids), Finding.outlet_id.is_(None) & _is_at_none_in_reach(reader))
    return own


def _is_at_none_in_reach(reader: Person) -> ColumnElement[bool]:
    of_regions = select(PersonRegion.person_id).where(PersonRegion.person_id == Finding.person_id, PersonRegion.region_id.in_(reader.region_ids))
    own = (FindingStep.finding_id == Finding.id, FindingStep.state == FindingState.PROPOSED, FindingStep.by_id == reader.id)
    return of_regions.correlate(Finding).exists() | select(FindingStep.id).where(*own).correlate(Finding).exists()


def finding_table(reader: Person, chosen: FindingFilter, after: str) -> FindingTable:
    """A page of findings in one state, newest month first, with the counts of every state."""
    counts = _counts(reader, chosen)
    columns = (Finding.id, Finding.kind, Finding.month, Finding.amount_yuan, Finding.state, Finding.created_at)
    shown = (*columns, Outlet.name.label("outlet"), Person.name.label("person"), Finding.person_id, has_open_objection().label("is_objected"))
    query = listed_findings(reader, chosen).with_only_columns(*shown)
    found = list(db.session.execute(one_page_down(query, [Finding.month, Finding.id], after_key(after, str, str))))
    rows, next_key = cut(found, lambda row: [row.month, row.id])
    total = _total_yuan(reader, chosen) if counts[chosen.state] <= MOST_LISTED else None
    return FindingTable(rows, counts, total, next_key)


def listed_findings(reader: Person, chosen: FindingFilter) -> Any:
    """A select of the findings within reach that the filter names, joined with the `Person` concerned and their `Outlet`, if any."""
    query = select(Finding.id).join(Person, Person.id == Finding.person_id).outerjoin(Outlet, Outlet.id == Finding.outlet_id)
    return _narrowed(query, chosen).where(_is_in_tab(chosen.state), is_visible_finding(reader))


def next_finding(reader: Person, chosen: FindingFilter, finding: Finding) -> str | None:
    """The finding of the list that comes after this one, or its first; none about the reader, who decides nothing on those."""
    is_behind = (Finding.month < finding.month) | ((Finding.month == finding.month) & (Finding.id < finding.id))
    query = listed_findings(reader, chosen).where(Finding.id != finding.id, Finding.person_id != reader.id)
    query = query.order_by(case((is_behind, 0), else_=1), Finding.month.desc(), Finding.id.desc())
    found: str | None = db.session.scalar(query.limit(1))
    return found


def _is_in_tab(tab: str) -> ColumnElement[bool]:
    if tab == OVERTAKEN:
        return is_overtaken()
    return has_open_objection() if tab == OBJECTED else Finding.state == tab


def _counts(reader: Person, chosen: FindingFilter) -> dict[str, int]:
    """How many findings each tab has, which stops where `listed_count` says so."""
    tabs = (*FindingState, OBJECTED, OVERTAKEN)
    found = [_narrowed(select(Finding.id), chosen).where(_is_in_tab(tab), is_visible_finding(reader)) for tab in tabs]
    return dict(zip(tabs, db.session.execute(select(*(rows_up_to(query) for query in found))).one(), strict=True))


def _total_yuan(reader: Person, chosen: FindingFilter) -> Decimal:
    query = _narrowed(select(func.sum(Finding.amount_yuan)), chosen).where(_is_in_tab(chosen.state), is_visible_finding(reader))
    return db.session.scalar(query) or Decimal("0.00")


def _narrowed(query: Any, chosen: FindingFilter) -> Any:
    if chosen.month:
        query = query.where(Finding.month == chosen.month)
    if chosen.region_id:
        query = query.where(is_in_regions(Finding.outlet_id, [chosen.region_id]))
    return query.where(Finding.person_id == chosen.person_id) if chosen.person_id else query


def finding_view(reader: Person, finding_id: str, today: date) -> FindingView:
    """The finding with steps and evidence, or `not_found` for whoever may not know of it."""
    query = select(Finding, Outlet, Person.name).outerjoin(Outlet, Outlet.id == Finding.outlet_id).join(Person, Person.id == Finding.person_id)
    row = db.session.execute(query.where(Finding.id == finding_id, is_visible_finding(reader))).one_or_none()
    if row is None:
        raise Problem("not_found", f"finding {finding_id}")
    steps = select(FindingStep.state, FindingStep.reason, FindingStep.at, Person.name).outerjoin(Person, Person.id == FindingStep.by_id)
    steps = steps.where(FindingStep.finding_id == finding_id).order_by(FindingStep.at, FindingStep.id)
    rested_on = select(FindingEvidence.kind, FindingEvidence.ref_id).where(FindingEvidence.finding_id == finding_id)
    references = [(kind, ref_id) for kind, ref_id in db.session.execute(rested_on.order_by(FindingEvidence.kind, FindingEvidence.ref_id))]
    cards = cards_of(references, reader, today)
    return FindingView(row[0], row[1], row.name, list(db.session.execute(steps)), cards, objections_to(finding_id))


def months_with_findings(reader: Person) -> list[str]:
    """The months in which the reader sees a finding, newest first."""
    if not reader.holds(*WHOLE_COMPANY, Role.SUPERVISOR):
        return list(db.session.scalars(select(Finding.month).where(is_visible_finding(reader)).distinct().order_by(Finding.month.desc())))
    months = select(func.max(Finding.month).label("month")).cte("months", recursive=True)  # from one month to the next, past their many findings
    before = select(func.max(Finding.month)).where(Finding.month < months.c.month).scalar_subquery()
    months = months.union_all(select(before).where(months.c.month.is_not(None)))
    # not "exists", for which PostgreSQL reads them all
    one = select(Finding.id).where(Finding.month == months.c.month, is_visible_finding(reader)).correlate(months).limit(1)
    return list(db.session.scalars(select(months.c.month).where(one.scalar_subquery().is_not(None)).order_by(months.c.month.desc())))


def finding_tiles(person: Person, _today: date) -> list[Tile]:
    if not person.holds(*READERS):
        return []
    waiting = counted_apart(select(func.count(Finding.id)).where(Finding.state == FindingState.PROPOSED), is_visible_finding(person))
    decides = person.holds(Role.MANAGER)
    note = gettext("由你认定或不予认定") if decides else gettext("等经理认定")
    href = url_for(LIST, state=FindingState.PROPOSED.value)
    tile = Tile(gettext("考核事项待认定"), waiting, href, note, "warm" if decides else "", LIST)
    return [tile, _objection_tile(person), _overtaken_tile(person)] if decides else [tile]


def _objection_tile(person: Person) -> Tile:
    query = select(func.count(Finding.id)).where(is_visible_finding(person), has_open_objection())
    return Tile(gettext("异议待答复"), query.scalar_subquery(), url_for(LIST, state=OBJECTED), gettext("由你答复，写给本人"), "warm")


def _overtaken_tile(person: Person) -> Tile:
    query = select(func.count(Finding.id)).where(is_visible_finding(person), is_overtaken())
    return Tile(gettext("认定后有变"), query.scalar_subquery(), url_for(LIST, state=OVERTAKEN), gettext("由你维持或撤回"), "warm")
