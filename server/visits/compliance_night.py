"""达标情况 of all outlets at once: the rule of `domain/visit_frequency.py` as one statement, for the night.

A month of 100,000 outlets must not travel through Python to find that little has changed. A test holds the statement
against the pure rule, and the fault runs against the rows that single visits wrote.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, bindparam, text

from server.db import db
from server.domain.months import Month, business_date
from server.domain.policy import Policy
from server.feed.clock import touch_months

STATEMENT = """
WITH class_then AS (
  SELECT outlet_id, outlet_class FROM (
    SELECT outlet_id, outlet_class, row_number() OVER (PARTITION BY outlet_id ORDER BY valid_from DESC, id DESC) AS place
    FROM outlet_class_change WHERE valid_from <= :first_day) AS ranked
  WHERE place = 1
), holder AS (
  SELECT outlet_id, max(person_id) AS person_id FROM assignment
  WHERE starts_on <= :held_on AND (ends_on IS NULL OR ends_on >= :held_on) GROUP BY outlet_id
), dated AS (
  SELECT outlet_id, visited_on, id, counts,
    row_number() OVER (PARTITION BY outlet_id, visited_on ORDER BY counts DESC, checked_in_at, id) AS place
  FROM visit WHERE visited_on BETWEEN :first_day AND :last_day AND (counts OR needs_review)
), tally AS (
  SELECT outlet_id, count(*) FILTER (WHERE counts) AS counted, count(*) FILTER (WHERE NOT counts) AS waiting, {visit_ids} AS visit_ids
  FROM (SELECT outlet_id, visited_on, id, counts FROM dated WHERE place = 1 {in_order}) AS days GROUP BY outlet_id
), plan AS (
  SELECT outlet_id, count(*) AS days FROM visit_plan WHERE planned_on BETWEEN :first_day AND :last_day GROUP BY outlet_id
), lettered AS (
  SELECT outlet.id, outlet.account_made_on, outlet.approved_on, outlet.churned_on, holder.person_id,
    coalesce(class_then.outlet_class, outlet.outlet_class) AS letter,
    coalesce(plan.days, 0) AS plan_days,
    coalesce(tally.counted, 0) AS counted, coalesce(tally.waiting, 0) AS waiting, coalesce(tally.visit_ids, {no_ids}) AS visit_ids
  FROM outlet LEFT JOIN class_then ON class_then.outlet_id = outlet.id LEFT JOIN holder ON holder.outlet_id = outlet.id
    LEFT JOIN tally ON tally.outlet_id = outlet.id LEFT JOIN plan ON plan.outlet_id = outlet.id
  WHERE outlet.removed_at IS NULL AND outlet.approved_on <= :last_day
), owing AS (
  SELECT lettered.*, CASE
      WHEN account_made_on IS NULL OR account_made_on > :account_by OR approved_on >= :first_day OR churned_on < :first_day THEN 0
      WHEN letter = 'A' THEN CAST(:owed_a AS INTEGER) WHEN letter = 'B' THEN CAST(:owed_b AS INTEGER) ELSE CAST(:owed_c AS INTEGER) END AS owed
  FROM lettered
), planning AS (
  SELECT owing.*, CASE WHEN churned_on < :first_day THEN 0 WHEN plan_days > owed THEN plan_days ELSE owed END AS planned FROM owing
), fresh AS (
  SELECT planning.*, CASE
      WHEN planned = 0 THEN 'none' WHEN counted >= planned THEN 'done' WHEN counted + waiting >= planned THEN 'waiting'
      ELSE CAST(:open_state AS VARCHAR(8)) END AS state
  FROM planning
){opening}
INSERT INTO outlet_month (outlet_id, month, rep_id, outlet_class, owed, planned, counted, waiting, state, visit_ids, policy_version)
SELECT fresh.id, CAST(:month AS VARCHAR(7)), fresh.person_id, fresh.letter, fresh.owed, fresh.planned, fresh.counted, fresh.waiting, fresh.state,
  fresh.visit_ids, CAST(:policy_version AS VARCHAR(64))
FROM fresh LEFT JOIN outlet_month AS known ON known.outlet_id = fresh.id AND known.month = CAST(:month AS VARCHAR(7))
WHERE CASE WHEN known.outlet_id IS NULL THEN fresh.planned > 0 OR fresh.counted > 0 OR fresh.waiting > 0
  ELSE known.rep_id {differs} fresh.person_id OR known.outlet_class <> fresh.letter OR known.owed <> fresh.owed
    OR known.planned <> fresh.planned OR known.counted <> fresh.counted
    OR known.waiting <> fresh.waiting OR known.state <> fresh.state OR known.policy_version <> CAST(:policy_version AS VARCHAR(64))
    OR {known_ids} <> fresh.visit_ids END
ON CONFLICT (outlet_id, month) DO UPDATE SET rep_id = excluded.rep_id, outlet_class = excluded.outlet_class, owed = excluded.owed,
  planned = excluded.planned, counted = excluded.counted, waiting = excluded.waiting, state = excluded.state, visit_ids = excluded.visit_ids,
  policy_version = excluded.policy_version
RETURNING outlet_id{closing}
"""

POSTGRESQL = {
    "visit_ids": "jsonb_agg(id ORDER BY visited_on) FILTER (WHERE counts)",
    "in_order": "",
    "opening": ", changed AS (",
    "closing": ") SELECT coalesce(string_agg(outlet_id, ','), '') FROM changed",
    "no_ids": "'[]'::jsonb",
    "known_ids": "known.visit_ids",
    "differs": "IS DISTINCT FROM",
}
SQLITE = {
    "visit_ids": "json_group_array(id) FILTER (WHERE counts)",
    "in_order": "ORDER BY outlet_id, visited_on",
    "opening": "",
    "closing": "",
    "no_ids": "'[]'",
    "known_ids": "json(known.visit_ids)",
    "differs": "IS NOT",
}
DATES = ("first_day", "last_day", "held_on", "account_by")


def can_count_by_statement(policy: Policy) -> bool:
    """Whether different dates are all that counts: a wider gap depends on the dates chosen before, which the pure rule walks through."""
    return policy.integer("visit.min_gap_days") <= 1


def refresh_all_outlet_months(month: Month, now: datetime, policy: Policy) -> int:
    """Write the rows of a month that changed, of all outlets; returns how many. Safe to repeat; the caller commits.

    The outlets are held first, so that no visit committed meanwhile is overlooked.
    """
    _hold_outlets()
    words = POSTGRESQL if db.engine.dialect.name == "postgresql" else SQLITE
    statement = text(STATEMENT.format(**words)).bindparams(*(bindparam(name, type_=Date) for name in DATES))
    changed = ",".join(db.session.scalars(statement, _values(month, business_date(now), policy)))  # from PostgreSQL as one text
    touch_months(db.session, "outlet_month", changed, str(month))
    return changed.count(",") + 1 if changed else 0


def _hold_outlets() -> None:
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("LOCK TABLE outlet IN EXCLUSIVE MODE"))  # as holding each of them, without writing that on each


def _values(month: Month, today: date, policy: Policy) -> dict[str, Any]:
    return {
        "month": str(month),
        "first_day": month.first_day,
        "last_day": month.last_day,
        "account_by": month.last_day if policy.flag("visit.owed_in_account_month") else month.first_day,
        "held_on": min(month.last_day, today),
        "open_state": "overdue" if today > month.last_day else "due",
        "policy_version": policy.version,
        **{f"owed_{letter}": policy.integer(f"visit.owed_{letter}") for letter in "abc"},
    }
