"""an index of phones in use by when they were heard of last, the order in which they are listed

Revision: 0036, after 0035.
"""

import sqlalchemy as sa
from alembic import op

revision = '0036'
down_revision = '0035'
branch_labels = None
depends_on = None


def upgrade() -> None:
    in_use = sa.text('revoked_at IS NULL')
    heard_at = sa.text('coalesce(last_seen_at, created_at)')
    op.create_index('ix_device_heard', 'device', [heard_at, 'id'], sqlite_where=in_use, postgresql_where=in_use)


def downgrade() -> None:
    op.drop_index('ix_device_heard', table_name='device')
