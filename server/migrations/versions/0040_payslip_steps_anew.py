"""phones are sent the wage sheets anew, which say what each step comes to and by which record it came

A sheet of a closed month never changes, so phones that had it from before would take what was said of the trial sheet for the closed one.

Revision: 0040, after 0039.
"""

from datetime import UTC, datetime
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = '0040'
down_revision = '0039'
branch_labels = None
depends_on = None

CLOCK = sa.table('sync_clock', sa.column('seq', sa.BigInteger()))
COMMIT = sa.table('sync_commit', sa.column('seq', sa.BigInteger()), sa.column('nonce', sa.String()), sa.column('at', sa.DateTime(timezone=True)))
FEED = sa.table('sync_feed', sa.column('entity_type', sa.String()), sa.column('seq', sa.BigInteger()), sa.column('deleted', sa.Boolean()))
SHEETS = (FEED.c.entity_type == 'wage_sheet', FEED.c.deleted.is_(sa.false()))


def upgrade() -> None:
    """As the tail of a transaction does (SYNC §2)."""
    connection = op.get_bind()
    if connection.scalar(sa.select(FEED.c.seq).where(*SHEETS).limit(1)) is None:
        return
    at = datetime.now(UTC)
    at = at.replace(tzinfo=None) if connection.dialect.name == 'sqlite' else at
    connection.execute(sa.update(CLOCK).values(seq=CLOCK.c.seq + 1))
    seq = connection.scalar(sa.select(CLOCK.c.seq))
    connection.execute(sa.insert(COMMIT).values(seq=seq, nonce=uuid4().hex[:16], at=at))
    connection.execute(sa.update(FEED).where(*SHEETS).values(seq=seq))


def downgrade() -> None:
    """What was sent stays sent."""
