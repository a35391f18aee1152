"""who a complaint was given to, and what was asked of closed months stays asked of them

Of a complaint's steps only the last can say to whom it went, and whether they are of the office by the roles of today. Where months are closed, three policy values that are new keep
the answer of before until the first open month. Phones are sent the plans of trainings anew, which say from which day on
a training does them.

Revision: 0029, after 0028.
"""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = '0029'
down_revision = '0028'
branch_labels = None
depends_on = None

TEXT = sa.String()
# key, the answer of before, the answer from the first open month on
ANSWERS = (
    ('visit.owed_in_account_month', 'true', 'false'),
    ('training.early_counts', 'false', 'true'),
    ('complaint.office_kept_charged', 'true', 'false'),
)
BEGINNING = date(2000, 1, 1)
MONTH = sa.table('wage_month', sa.column('month', TEXT))
COMPLAINT = sa.table('complaint', sa.column('id', TEXT), sa.column('assigned_to_id', TEXT))
STEP = sa.table('complaint_step', sa.column('id', TEXT), sa.column('complaint_id', TEXT), sa.column('action', TEXT), sa.column('at', sa.DateTime()),
    sa.column('to_id', TEXT), sa.column('to_office', sa.Boolean()))
ROLE = sa.table('person_role', sa.column('person_id', TEXT), sa.column('role', TEXT))
MARKETING = ('rep', 'supervisor', 'manager')
PLANNED = sa.table('planned_training', sa.column('outlet_id', TEXT), sa.column('month', TEXT))
CLOCK = sa.table('sync_clock', sa.column('seq', sa.BigInteger()))
COMMIT = sa.table('sync_commit', sa.column('seq', sa.BigInteger()), sa.column('nonce', TEXT), sa.column('at', sa.DateTime(timezone=True)))
FEED = sa.table('sync_feed', sa.column('entity_type', TEXT), sa.column('entity_id', TEXT), sa.column('seq', sa.BigInteger()),
    sa.column('deleted', sa.Boolean()))
VALUE = sa.table('policy_value', sa.column('id', TEXT), sa.column('key', TEXT), sa.column('value', TEXT), sa.column('valid_from', sa.Date()),
    sa.column('reason', TEXT), sa.column('set_at', sa.DateTime(timezone=True)))


def upgrade() -> None:
    op.add_column('complaint_step', sa.Column('to_id', sa.String(36)))
    op.add_column('complaint_step', sa.Column('to_office', sa.Boolean()))
    _keep_holders(op.get_bind())
    _keep_answers(op.get_bind())
    _send_plans(op.get_bind())


def _keep_holders(connection) -> None:
    place = sa.func.row_number().over(partition_by=STEP.c.complaint_id, order_by=(STEP.c.at.desc(), STEP.c.id.desc())).label('place')
    ranked = sa.select(STEP.c.id, place).where(STEP.c.action == 'assigned').subquery()
    last = sa.select(ranked.c.id).where(ranked.c.place == 1)
    given = sa.select(COMPLAINT.c.assigned_to_id).where(COMPLAINT.c.id == STEP.c.complaint_id).scalar_subquery()
    connection.execute(sa.update(STEP).where(STEP.c.id.in_(last)).values(to_id=given))
    is_marketing = sa.select(ROLE.c.role).where(ROLE.c.person_id == STEP.c.to_id, ROLE.c.role.in_(MARKETING)).exists()
    connection.execute(sa.update(STEP).where(STEP.c.to_id.is_not(None)).values(to_office=~is_marketing))


def _keep_answers(connection) -> None:
    closed = connection.scalar(sa.select(sa.func.max(MONTH.c.month)))
    if closed is None:
        return
    year, month = (int(part) for part in closed.split('-'))
    first_open, at = date(year + month // 12, month % 12 + 1, 1), datetime.now(UTC)
    at = at.replace(tzinfo=None) if connection.dialect.name == 'sqlite' else at
    for key, before, since in ANSWERS:
        for value, valid_from in ((before, BEGINNING), (since, first_open)):
            row = {'id': str(uuid4()), 'key': key, 'value': value, 'valid_from': valid_from, 'reason': '升级：已关账的月份按原来的算法', 'set_at': at}
            connection.execute(sa.insert(VALUE).values(row))


def _send_plans(connection) -> None:
    """As the tail of a transaction does (SYNC §2)."""
    at = datetime.now(UTC)
    running = (at + timedelta(hours=8)).strftime('%Y-%m')
    live = sa.select(PLANNED.c.outlet_id + ':' + PLANNED.c.month).where(PLANNED.c.month >= running)
    which = (FEED.c.entity_type == 'planned_training', FEED.c.entity_id.in_(live), FEED.c.deleted.is_(False))
    if connection.scalar(sa.select(FEED.c.seq).where(*which).limit(1)) is None:
        return
    connection.execute(sa.update(CLOCK).values(seq=CLOCK.c.seq + 1))
    seq, at = connection.scalar(sa.select(CLOCK.c.seq)), at.replace(tzinfo=None) if connection.dialect.name == 'sqlite' else at
    connection.execute(sa.insert(COMMIT).values(seq=seq, nonce=uuid4().hex[:16], at=at))
    connection.execute(sa.update(FEED).where(*which).values(seq=seq))


def downgrade() -> None:
    op.get_bind().execute(sa.delete(VALUE).where(VALUE.c.key.in_([key for key, _, _ in ANSWERS])))
    op.drop_column('complaint_step', 'to_office')
    op.drop_column('complaint_step', 'to_id')
