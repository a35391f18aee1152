"""Churn cases as their list and page show them."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import gettext
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from server.churn.deciding import finding_key
from server.churn.models import ChurnCase, ChurnWord
from server.churn.queries import is_visible_case, sources_of, visible_case
from server.churn.words import STATE_WORDS, TABS
from server.console.counting import counted_apart
from server.console.tiles import Tile
from server.db import db
from server.domain.churn import WAITING, ChurnState, Source
from server.domain.months import Month
from server.findings.models import Finding
from server.findings.queries import is_decided
from server.outlets.models import Assignment, Outlet
from server.outlets.responsible import is_held_on, with_rep
from server.outlets.work_filter import WorkFilter, at_outlets, read_work_filter
from server.outlets.work_lists import Tab, WorkTable, counted_tabs, day_page
from server.people.models import Person, Role
from server.transactions.queries import volumes_of

LIST = "churn.case_list"
WORKERS = (Role.REP, Role.SUPERVISOR, Role.MANAGER, Role.OPS, Role.ADMIN)
NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class CaseRow:
    """A case with the last word of each source, and what was moved in the month before last."""

    row: Any
    said: dict[str, bool]
    active_yuan: Decimal


@dataclass(frozen=True)
class CaseView:
    """`volumes` are (month, yuan) around the list; `sources` whose word the reader may give; `finding_id` what it proposed."""

    case: ChurnCase
    outlet: Outlet
    rep_name: str | None
    words: list[Any]
    volumes: list[tuple[Month, Decimal]]
    sources: tuple[Source, ...]
    finding_id: str | None
    can_mark: bool
    is_settled: bool


def case_table(reader: Person, chosen: WorkFilter, after: str, today: date) -> WorkTable:
    """A page of one state as rows of `CaseRow`, first due first (decided ones newest first), with the counts of all."""
    columns = [ChurnCase.id, ChurnCase.outlet_id, ChurnCase.month, ChurnCase.due_on, ChurnCase.reason, ChurnCase.decided_on]
    query = listed_cases(reader, chosen, today).with_only_columns(*columns, Outlet.name.label("outlet"), Person.name.label("rep"))
    query = with_rep(query, today)
    query = query.where(ChurnCase.state == chosen.state)
    rows, next_key = day_page(query, (ChurnCase.due_on, ChurnCase.id), after, is_newest_first=chosen.state not in WAITING)
    return WorkTable(with_words(rows), _tabs(reader, chosen, today), next_key)


def read_case_filter(reader: Person, asked: MultiDict[str, str], today: date) -> WorkFilter:
    """The filter in the address, of the list's opening state when it names none; raises `invalid` for a state that cannot be."""
    chosen = read_work_filter(asked, TABS)
    return chosen if asked.get("state") else replace(chosen, state=_opening_state(reader, today))


def _opening_state(reader: Person, today: date) -> str:
    """The first one with something waiting in it, else that of new cases."""
    states = [state for state in STATE_WORDS if state in WAITING]
    found = [select(ChurnCase.id).where(is_visible_case(reader, today), ChurnCase.state == state).exists() for state in states]
    waiting = db.session.execute(select(*found)).one()
    return next((state.value for state, is_there in zip(states, waiting, strict=True) if is_there), ChurnState.OPEN)


def listed_cases(reader: Person, chosen: WorkFilter, today: date) -> Any:
    """A select of the cases within reach that the filter names, whatever their state, joined with `Outlet`."""
    query = select(ChurnCase).join(Outlet, Outlet.id == ChurnCase.outlet_id)
    return at_outlets(query.where(is_visible_case(reader, today)), chosen, today)


def _tabs(reader: Person, chosen: WorkFilter, today: date) -> list[Tab]:
    query = listed_cases(reader, chosen, today)
    words = {state.value: name for state, name in STATE_WORDS.items()}
    return counted_tabs(words, [query.where(ChurnCase.state == state) for state in words])


def with_words(rows: list[Any]) -> list[CaseRow]:
    """Rows of cases that have id, outlet and month; in two queries."""
    said: defaultdict[str, dict[str, bool]] = defaultdict(dict)
    query = select(ChurnWord.case_id, ChurnWord.source, ChurnWord.is_gone).where(ChurnWord.case_id.in_([row.id for row in rows]))
    for case_id, source, is_gone in db.session.execute(query.order_by(ChurnWord.on, ChurnWord.at, ChurnWord.id)):
        said[case_id][source] = is_gone
    months = {row.id: Month.parse(row.month).previous().previous() for row in rows}
    volumes = volumes_of({row.outlet_id for row in rows}, set(months.values()))
    return [CaseRow(row, said[row.id], volumes.get(row.outlet_id, {}).get(months[row.id], NOTHING)) for row in rows]


def case_view(reader: Person, case_id: str, today: date) -> CaseView:
    case, outlet = visible_case(reader, case_id, today)
    rep = select(Person.name).join(Assignment, Assignment.person_id == Person.id).where(is_held_on(outlet.id, case.listed_on))
    words = select(ChurnWord.source, ChurnWord.on, ChurnWord.is_gone, ChurnWord.note, ChurnWord.at, Person.name)
    words = words.join(Person, Person.id == ChurnWord.by_id).where(ChurnWord.case_id == case.id).order_by(ChurnWord.at, ChurnWord.id)
    is_settled = is_decided(finding_key(case.id))
    return CaseView(
        case=case,
        outlet=outlet,
        rep_name=db.session.scalar(rep),
        words=list(db.session.execute(words)),
        volumes=_volumes(case, today),
        sources=() if is_settled else sources_of(reader, case, outlet, today),
        finding_id=db.session.scalar(select(Finding.id).where(Finding.source_key == finding_key(case.id))),
        can_mark=reader.holds(Role.OPS) and not is_settled,
        is_settled=is_settled,
    )


def _volumes(case: ChurnCase, today: date) -> list[tuple[Month, Decimal]]:
    month = Month.parse(case.month)
    months = [month.previous().previous().previous(), month.previous().previous(), month.previous()]
    months += [later for later in (month, month.next()) if later.first_day <= today]
    known = volumes_of([case.outlet_id], months).get(case.outlet_id, {})
    return [(one, known.get(one, NOTHING)) for one in months]


def churn_tiles(person: Person, today: date) -> list[Tile]:
    """Cases that wait for a word, within reach."""
    if not person.holds(*WORKERS):
        return []
    waiting = counted_apart(select(func.count(ChurnCase.id)).where(ChurnCase.state.in_(WAITING)), is_visible_case(person, today))
    return [Tile(gettext("离网待确认"), waiting, url_for(LIST), gettext("市场、运维、上门三方"), "warm", LIST)]
