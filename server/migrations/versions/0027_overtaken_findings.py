"""an index that finds the upheld findings that facts have overtaken

Revision: 0027, after 0026.
"""

import sqlalchemy as sa
from alembic import op

revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None

OVERTAKEN = sa.text("state = 'overtaken'")


def upgrade() -> None:
    op.create_index('ix_finding_step_overtaken', 'finding_step', ['finding_id'], unique=False, sqlite_where=OVERTAKEN, postgresql_where=OVERTAKEN)


def downgrade() -> None:
    op.drop_index('ix_finding_step_overtaken', table_name='finding_step')
