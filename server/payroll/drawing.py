"""Drawing up a month's sheets in memory (RULEBOOK §10): facts from the tables, lines and totals from the rules. Nothing is written."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select

from server.db import db
from server.domain.months import Month
from server.domain.policy import Policy
from server.domain.wage_facts import WageFacts
from server.domain.wage_kinds import WageKind
from server.domain.wage_sheet import WageSheet, wage_sheet
from server.payroll import models
from server.payroll.adjustments import NONE_OWED, corrections_for
from server.payroll.canonical import canonical_json, facts_document, sha256_of, sheet_document
from server.payroll.facts import month_facts
from server.payroll.facts_customers import Account
from server.payroll.kinds import kinds_of
from server.policy.queries import policy_of


@dataclass(frozen=True)
class DrawnSheet:
    """A person's sheet, the facts it stands on, and the accounts made in the month."""

    facts: WageFacts
    content: WageSheet
    accounts: tuple[Account, ...] = ()

    def facts_text(self, **more: Any) -> str:
        """What is kept beside the lines: canonical JSON."""
        accounts = [[one.outlet_id, list(one.missing), list(one.reasons)] for one in self.accounts]
        return canonical_json({"facts": facts_document(self.facts), "accounts": accounts, **more})


@dataclass(frozen=True)
class DrawnMonth:
    month: Month
    policy: Policy
    kinds: tuple[WageKind, ...]
    sheets: tuple[DrawnSheet, ...]


def draw_month(month: Month, today: date) -> DrawnMonth:
    """Everybody's sheet as known now, by person id; with the adjustments of closed months when it is the first open one.

    Whoever left before the month has a sheet of it all the same when something is to be put right.
    """
    policy, kinds = policy_of(month), kinds_of(month)
    known = month_facts(month, today, policy)
    corrections = corrections_for(month, today)
    sheets = []
    for person_id in sorted({*known.by_person, *corrections, *answered_sheets(month)}):
        owed = corrections.get(person_id, NONE_OWED)
        facts = replace(known.of(person_id, month), adjustments=owed.adjustments, carried=owed.carried)
        sheets.append(DrawnSheet(facts, wage_sheet(facts, policy, kinds), known.accounts.get(person_id, ())))
    return DrawnMonth(month, policy, kinds, tuple(sheets))


def answered_sheets(month: Month) -> set[str]:
    """People who answered a draft of the month: theirs stays, even when nothing is on it any more."""
    query = select(models.WageSheet.person_id).join(models.PayslipStep, models.PayslipStep.sheet_id == models.WageSheet.id)
    return set(db.session.scalars(query.where(models.WageSheet.month == str(month)).distinct()))


def content_sha256(content: WageSheet, policy_version: str, facts_text: str) -> str:
    """SHA-256 of a sheet's lines, totals, policy and facts, written out the same way every time."""
    return sha256_of({**sheet_document(content), "policy_version": policy_version, "facts": facts_text})
