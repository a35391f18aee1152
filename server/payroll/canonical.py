"""Wages written out the same way every time: what closed months keep, and what seals are made of.

JSON with sorted keys and no blanks; money has two decimals, other numbers no needless zeros, months read 2026-11.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from server.domain.months import Month
from server.domain.policy import Policy
from server.domain.policy_keys import ANSWERS_BEFORE, POLICY_KEYS
from server.domain.wage_facts import ActiveDays, Adjustment, Evidence, PlannedOutlet, UpheldFinding, Volume, WageFacts
from server.domain.wage_kinds import WageKind
from server.domain.wage_lines import WageLine
from server.domain.wage_sheet import WageSheet

TOTALS = ("gross", "deductions", "adjustments", "limit", "withheld", "shortfall", "carried", "total")


def canonical_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256_of(value: Any) -> str:
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def money(amount: Decimal) -> str:
    return f"{amount:.2f}"


def number(value: Decimal) -> str:
    """1100 or 0.003; never 1.1E+3, never -0."""
    return f"{value.normalize() + 0:f}"


def line_document(line: WageLine) -> dict[str, Any]:
    return {
        "kind": line.kind,
        "quantity": number(line.quantity),
        "unit": None if line.unit_yuan is None else number(line.unit_yuan),
        "amount": money(line.amount_yuan),
        "rule_key": line.rule_key,
        "evidence": _references(line.evidence),
        "is_estimate": line.is_estimate,
        "of_month": "" if line.of_month is None else str(line.of_month),
    }


def totals_document(sheet: WageSheet) -> dict[str, str]:
    return {name: money(getattr(sheet, f"{name}_yuan")) for name in TOTALS}


def sheet_document(sheet: WageSheet) -> dict[str, Any]:
    """Lines and totals."""
    return {"lines": [line_document(line) for line in sheet.lines], "totals": totals_document(sheet)}


def facts_document(facts: WageFacts) -> dict[str, Any]:
    return {
        "person_id": facts.person_id,
        "month": str(facts.month),
        "active": asdict(facts.active),
        "new_customers": _references(facts.new_customers),
        "volume": {
            "this": money(facts.volume.this_yuan),
            "last": money(facts.volume.last_yuan),
            "is_estimate": facts.volume.is_estimate,
            "evidence": _references(facts.volume.evidence),
        },
        "has_outlets": facts.has_outlets,
        "complaints": _references(facts.complaints),
        "visit_plan": [_planned(outlet) for outlet in facts.visit_plan],
        "training_plan": [_planned(outlet) for outlet in facts.training_plan],
        "findings": [[one.finding_id, one.kind, one.outlet_id] for one in facts.findings],
        "adjustments": [_adjustment(one) for one in facts.adjustments],
        **({"carried": [_adjustment(one) for one in facts.carried]} if facts.carried else {}),
    }


def facts_from(document: Mapping[str, Any]) -> WageFacts:
    """The facts that `facts_document` wrote; months closed before deductions were carried under the limit kept them as adjustments."""
    volume = document["volume"]
    return WageFacts(
        person_id=document["person_id"],
        month=Month.parse(document["month"]),
        active=ActiveDays(**document["active"]),
        new_customers=evidence_from(document["new_customers"]),
        volume=Volume(Decimal(volume["this"]), Decimal(volume["last"]), volume["is_estimate"], evidence_from(volume["evidence"])),
        has_outlets=document["has_outlets"],
        complaints=evidence_from(document["complaints"]),
        visit_plan=tuple(_planned_from(row) for row in document["visit_plan"]),
        training_plan=tuple(_planned_from(row) for row in document["training_plan"]),
        findings=tuple(UpheldFinding(*row) for row in document["findings"]),
        adjustments=tuple(_adjustment_from(row) for row in document["adjustments"]),
        carried=tuple(_adjustment_from(row) for row in document.get("carried", ())),
    )


def policy_document(policy: Policy) -> dict[str, str]:
    """Every key with its value, defaults included: a later default cannot change a closed month."""
    return {key: policy.text(key) for key in POLICY_KEYS}


def policy_from(text: str) -> Policy:
    """The policy that a month was closed by; keys that came later have the answer of before."""
    return Policy(ANSWERS_BEFORE | json.loads(text))


def policy_version(text: str) -> str:
    """The version of a policy by the keys that it was written with, whatever keys have come since."""
    lines = "\n".join(f"{key}={value}" for key, value in sorted(json.loads(text).items()))
    return hashlib.sha256(lines.encode()).hexdigest()[:16]


def kinds_document(kinds: Iterable[WageKind]) -> list[dict[str, Any]]:
    """The kinds in the order of the sheet's lines."""
    return [{**asdict(kind), "unit_yuan": None if kind.unit_yuan is None else money(kind.unit_yuan)} for kind in kinds]


def kinds_from(text: str) -> tuple[WageKind, ...]:
    rows = json.loads(text)
    return tuple(WageKind(**{**row, "unit_yuan": None if row["unit_yuan"] is None else Decimal(row["unit_yuan"])}) for row in rows)


def _references(evidence: Iterable[Evidence]) -> list[list[str]]:
    return [[one.kind, one.id] for one in evidence]


def evidence_from(rows: Iterable[Iterable[str]]) -> tuple[Evidence, ...]:
    return tuple(Evidence(*row) for row in rows)


def _planned(outlet: PlannedOutlet) -> list[Any]:
    return [outlet.outlet_id, outlet.planned, outlet.counted, list(outlet.record_ids), outlet.is_excused]


def _planned_from(row: list[Any]) -> PlannedOutlet:
    outlet_id, planned, counted, record_ids, is_excused = row
    return PlannedOutlet(outlet_id, planned, counted, tuple(record_ids), is_excused)


def _adjustment(one: Adjustment) -> list[Any]:
    return [str(one.of_month), one.kind, money(one.amount_yuan), _references(one.evidence)]


def _adjustment_from(row: list[Any]) -> Adjustment:
    of_month, kind, amount, evidence = row
    return Adjustment(Month.parse(of_month), kind, Decimal(amount), evidence_from(evidence))
