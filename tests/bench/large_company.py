"""A company at the size that the goals speak of, made inside PostgreSQL: 100,000 outlets of 1,000 reps, two months of visits and transactions."""

from sqlalchemy import text

from server.db import db

MONTH = "2026-11"
OUTLETS, VISITS_A_MONTH = 100_000, 200_000

REGION = "INSERT INTO region (id, name) VALUES ('region', '大区')"
PEOPLE = """
INSERT INTO person (id, login, name, password_hash, language, is_active, created_at)
SELECT 'rep-' || n, 'rep' || n, '维系员' || n, 'x', 'zh', true, '2026-01-01' FROM generate_series(1, :reps) AS n
"""
ROLES = "INSERT INTO person_role (person_id, role) SELECT id, 'rep' FROM person"
OUTLET = """
INSERT INTO outlet (id, code, name, state, region_id, outlet_class, class_reasons, cashiers, address, position_text, person_in_charge, phone,
  lat, lon, id_kind, id_sealed, id_masked, storefront_photo, account_no, account_made_on, approved_on, created_at)
SELECT 'outlet-' || n, 'W' || n, '网点' || n, 'approved', 'region', CASE WHEN n % 10 = 0 THEN 'A' WHEN n % 3 = 0 THEN 'B' ELSE 'C' END,
  '[]', '[]', '某路' || n || '号', '', '负责人', '13800000000', 30.0 + n % 1000 / 1000.0, 104.0 + n / 100000.0, 'resident', 'sealed',
  '5101**********0011', repeat('a', 64), 'acc' || n,
  CASE WHEN n % 50 = 0 THEN date '2026-11-05' ELSE date '2026-01-05' END, date '2026-01-05', '2026-01-05'
FROM generate_series(1, :outlets) AS n
"""
CLASSES = """
INSERT INTO outlet_class_change (id, outlet_id, outlet_class, reasons, valid_from)
SELECT 'class-' || id, id, outlet_class, '[]', date '2026-01-05' FROM outlet
"""
ASSIGNMENTS = """
INSERT INTO assignment (id, outlet_id, person_id, starts_on, made_at)
SELECT 'held-' || n, 'outlet-' || n, 'rep-' || (n % :reps + 1), date '2026-01-05', '2026-01-05' FROM generate_series(1, :outlets) AS n
"""
VISITS = """
INSERT INTO visit (id, op_id, form, record_sha256, outlet_id, rep_id, visited_on, checked_in_at, checked_out_at, clock_offset_ms, received_at,
  presence_note, has_complaint, complaint_note, condition, handling, checklist, is_checklist_complete, was_out_of_scope, is_replaced, is_complete,
  counts, needs_review, reasons)
SELECT 'visit-' || m || '-' || n, 'op-' || m || '-' || n, 'visit.v2', repeat('0', 64), 'outlet-' || o, 'rep-' || (o % :reps + 1), day, day, day, 0,
  day, '', false, '', '', '', '[]', true, false, false, true, n % 20 <> 7, n % 40 = 7, '[]'
FROM generate_series(1, :visits) AS n, generate_series(10, 11) AS m,
  LATERAL (SELECT n % (:outlets - :outlets / 20) + 1 AS o) AS chosen, LATERAL (SELECT make_date(2026, m, n % 28 + 1) AS day) AS dated
"""
PHOTOS = """
INSERT INTO visit_photo (visit_id, position, sha256, slot, source, taken_at, width, height, size, is_blurred, is_dark)
SELECT id, 0, repeat('b', 64), 'storefront', 'camera', checked_in_at, 1200, 1600, 300000, false, false FROM visit
"""
TRANSFERS = """
INSERT INTO outlet_transfer (outlet_id, on_day, is_month_total, amount_yuan)
SELECT 'outlet-' || n, (date '2026-10-01' + day), false, 10000 + n % 1000 * 7 + day * 100
FROM generate_series(1, :outlets) AS n, generate_series(0, 60, 10) AS day
"""


def fill(outlets: int = OUTLETS, visits: int = VISITS_A_MONTH, reps: int = 1000) -> None:
    """Make the company in an empty database, and let PostgreSQL know its sizes. Commits."""
    sizes = {"outlets": outlets, "visits": visits, "reps": reps}
    for statement in (REGION, PEOPLE, ROLES, OUTLET, CLASSES, ASSIGNMENTS, VISITS, PHOTOS, TRANSFERS):
        wanted = {name: value for name, value in sizes.items() if f":{name}" in statement}
        db.session.execute(text(statement), wanted)
    db.session.commit()
    tidy()


def tidy() -> None:
    """VACUUM ANALYZE, so that each measure begins alike."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
