"""every outlet has a class dated from its first day, so that no later change reaches back

Outlets found on a phone as class C had none until their class changed. Where the first change is dated after the day on which the
outlet was entered, and not from its approval as office files are, it was C before; phones hear of those.

Revision: 0026, after 0025.
"""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None

CHUNK = 500
JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')
INSTANT, TEXT = sa.DateTime(timezone=True), sa.String()
OUTLET = sa.table('outlet', sa.column('id', TEXT), sa.column('outlet_class', TEXT), sa.column('class_reasons', JSON),
    sa.column('created_at', INSTANT), sa.column('approved_on', sa.Date()), sa.column('account_made_on', sa.Date()))
CHANGE = sa.table('outlet_class_change', sa.column('id', TEXT), sa.column('outlet_id', TEXT), sa.column('outlet_class', TEXT),
    sa.column('reasons', JSON), sa.column('valid_from', sa.Date()))
CLOCK = sa.table('sync_clock', sa.column('seq', sa.BigInteger()))
COMMIT = sa.table('sync_commit', sa.column('seq', sa.BigInteger()), sa.column('nonce', TEXT), sa.column('at', INSTANT))
FEED = sa.table('sync_feed', sa.column('entity_type', TEXT), sa.column('entity_id', TEXT), sa.column('seq', sa.BigInteger()),
    sa.column('deleted', sa.Boolean()))


def upgrade() -> None:
    known = sa.select(CHANGE.c.outlet_id, sa.func.min(CHANGE.c.valid_from).label('since')).group_by(CHANGE.c.outlet_id).subquery()
    query = sa.select(OUTLET, known.c.since).outerjoin(known, known.c.outlet_id == OUTLET.c.id).order_by(OUTLET.c.id)
    connection, rows, risen = op.get_bind(), [], []
    for outlet in connection.execute(query).all():
        made_on = _day(outlet.created_at)
        if outlet.since is None:
            days = (made_on, outlet.approved_on, outlet.account_made_on)
            rows.append(_change(outlet.id, outlet.outlet_class, outlet.class_reasons, min(day for day in days if day is not None)))
        elif made_on < outlet.since and outlet.since != outlet.approved_on:
            rows.append(_change(outlet.id, 'C', ['C.unknown'], made_on))
            risen.append(outlet.id)
    for start in range(0, len(rows), CHUNK):
        connection.execute(sa.insert(CHANGE), rows[start : start + CHUNK])
    if risen:
        _tell_phones(connection, risen)


def _day(at: datetime):
    """The day in Shanghai; SQLite keeps instants without their zone."""
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return (at + timedelta(hours=8)).date()


def _change(outlet_id: str, letter: str, reasons, day) -> dict:
    return {'id': str(uuid4()), 'outlet_id': outlet_id, 'outlet_class': letter, 'reasons': reasons or [], 'valid_from': day}


def _tell_phones(connection, outlet_ids: list) -> None:
    """As the tail of a transaction does (SYNC §2)."""
    connection.execute(sa.update(CLOCK).values(seq=CLOCK.c.seq + 1))
    seq, at = connection.scalar(sa.select(CLOCK.c.seq)), datetime.now(UTC)
    at = at.replace(tzinfo=None) if connection.dialect.name == 'sqlite' else at
    connection.execute(sa.insert(COMMIT).values(seq=seq, nonce=uuid4().hex[:16], at=at))
    for start in range(0, len(outlet_ids), CHUNK):
        which = (FEED.c.entity_type == 'outlet', FEED.c.entity_id.in_(outlet_ids[start : start + CHUNK]), FEED.c.deleted.is_(False))
        connection.execute(sa.update(FEED).where(*which).values(seq=seq))


def downgrade() -> None:
    """The rows stay: they say what was so all along."""
