"""an index that finds the open complaints that somebody has to handle

Revision: 0024, after 0023.
"""

import sqlalchemy as sa
from alembic import op

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None

OPEN = sa.text('resolved_on IS NULL')


def upgrade() -> None:
    op.create_index('ix_complaint_assigned', 'complaint', ['assigned_to_id'], unique=False, sqlite_where=OPEN, postgresql_where=OPEN)


def downgrade() -> None:
    op.drop_index('ix_complaint_assigned', table_name='complaint')
