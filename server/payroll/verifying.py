"""Recomputing closed months from what they kept, to the same bytes, and checking their seals and those of visits (issue 4 part 7)."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from server.db import db
from server.domain import wage_lines
from server.domain.months import Month
from server.domain.wage_sheet import wage_sheet
from server.findings.models import Finding
from server.payroll.adjustments import CLOSED
from server.payroll.canonical import (
    TOTALS,
    canonical_json,
    evidence_from,
    facts_from,
    kinds_from,
    line_document,
    money,
    policy_from,
    policy_version,
    sha256_of,
    sheet_document,
)
from server.payroll.models import WageLine, WageMonth, WageSheet
from server.payroll.sealing import closed_document, month_seal, seals_of, sheet_seal
from server.people.models import Person
from server.visits.models import Visit
from server.visits.seal_check import chain_faults, seal_faults
from sync.problems import Problem


def verify_month(month: Month, with_files: bool = False) -> list[str]:
    """What differs from what was closed, one sentence each with the person's login or the visit; empty when all is as it was.

    Visits are those of the month and those that its sheets rest on; `with_files` reads their photos and signatures too.
    Raises `not_found` for a month that is not closed.
    """
    row = db.session.get(WageMonth, str(month))
    if row is None:
        raise Problem("not_found", f"closed month {month}")
    before = db.session.get(WageMonth, str(month.previous()))
    previous = "" if before is None else before.seal
    sheets = _sheets(month)
    found = [f"{login}: {difference}" for sheet, login in sheets for difference in _sheet_differences(sheet, row, previous)]
    found += _record_differences(sheets) + _month_differences(row, previous, [sheet for sheet, _ in sheets])
    visits = _visits(month, sheets)
    return [*found, *seal_faults(visits, with_files), *chain_faults(visits)]


def _visits(month: Month, sheets: list[tuple[WageSheet, str]]) -> set[str]:
    """The visits of the month and those named by its sheets."""
    named = {visit_id for sheet, _ in sheets for visit_id in json.loads(sheet.facts)["visits"]}
    return named | set(db.session.scalars(select(Visit.id).where(Visit.visited_on.between(month.first_day, month.last_day))))


def _sheets(month: Month) -> list[tuple[WageSheet, str]]:
    query = select(WageSheet, Person.login).join(Person, Person.id == WageSheet.person_id).options(selectinload(WageSheet.lines))
    query = query.where(WageSheet.month == str(month), WageSheet.state == CLOSED).order_by(Person.login)
    return [(sheet, login) for sheet, login in db.session.execute(query)]


def _sheet_differences(sheet: WageSheet, row: WageMonth, previous: str) -> Iterator[str]:
    kept = {"lines": [_kept_line(line) for line in sheet.lines], "totals": {name: money(getattr(sheet, f"{name}_yuan")) for name in TOTALS}}
    policy = policy_from(row.policy_values)
    again = sheet_document(wage_sheet(facts_from(json.loads(sheet.facts)["facts"]), policy, kinds_from(row.kinds)))
    if canonical_json(kept) != canonical_json(again):
        yield from _content_differences(kept, again)
    if sheet.policy_version != (version := policy_version(row.policy_values)):
        yield f"policy version is {sheet.policy_version}, recomputed {version}"
    if sheet.content_sha256 != sha256_of({**kept, "policy_version": sheet.policy_version, "facts": sheet.facts}):
        yield "the digest of its content differs"
    if sheet.seal != sheet_seal(sheet.month, previous, kept, sheet.facts, row.policy_values, row.kinds):
        yield "its seal differs"


def _kept_line(line: WageLine) -> dict[str, Any]:
    evidence = evidence_from((one["kind"], one["id"]) for one in line.evidence)
    of_month = Month.parse(line.of_month) if line.of_month else None
    amounts = (Decimal(line.quantity), line.unit_yuan, line.amount_yuan)
    return line_document(wage_lines.WageLine(line.kind, *amounts, line.rule_key, evidence, line.is_estimate, of_month))


def _content_differences(kept: dict[str, Any], again: dict[str, Any]) -> Iterator[str]:
    for place in range(max(len(kept["lines"]), len(again["lines"]))):
        one, other = (side["lines"][place] if place < len(side["lines"]) else None for side in (kept, again))
        if one != other:
            yield f"line {place + 1} is {_line_words(one)}, recomputed {_line_words(other)}"
    for name in TOTALS:
        if kept["totals"][name] != again["totals"][name]:
            yield f"{name} is {kept['totals'][name]}, recomputed {again['totals'][name]}"


def _line_words(line: dict[str, Any] | None) -> str:
    if line is None:
        return "missing"
    of_month = f" of {line['of_month']}" if line["of_month"] else ""
    return f"{line['kind']}{of_month} {line['quantity']} × {line['unit'] or '—'} = {line['amount']} with {len(line['evidence'])} records"


def _record_differences(sheets: list[tuple[WageSheet, str]]) -> list[str]:
    """Visits whose seal is not the one that was closed, and findings that are gone."""
    kept = [(login, json.loads(sheet.facts)) for sheet, login in sheets]
    seals = seals_of(visit_id for _, text in kept for visit_id in text["visits"])
    findings = set(db.session.scalars(select(Finding.id)))
    found = []
    for login, text in kept:
        for visit_id, seal in text["visits"].items():
            if visit_id not in seals:
                found.append(f"{login}: visit {visit_id} is gone")
            elif seal and seals[visit_id] != seal:
                found.append(f"{login}: visit {visit_id} has seal {seals[visit_id] or 'none'}, closed with {seal}")
        found += [f"{login}: finding {one[0]} is gone" for one in text["facts"]["findings"] if one[0] not in findings]
    return found


def _month_differences(row: WageMonth, previous: str, sheets: list[WageSheet]) -> list[str]:
    closed = closed_document(row.closed_by_id, row.closed_at, row.reason, row.checks, row.policy_values, row.kinds)
    seal = month_seal(row.month, previous, [(sheet.person_id, sheet.seal or "") for sheet in sheets], closed)
    return [] if seal == row.seal else [f"the seal of {row.month} differs: a sheet, the policy, the kinds, the checks or the month before changed"]
