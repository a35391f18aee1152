"""sessions of the console that were signed out of, so that no copy of a cookie outlives them

Revision: 0033, after 0032.
"""

import sqlalchemy as sa
from alembic import op

revision = '0033'
down_revision = '0032'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'ended_session',
        sa.Column('id_sha256', sa.String(64), nullable=False),
        sa.Column('ended_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id_sha256', name=op.f('pk_ended_session')),
    )


def downgrade() -> None:
    op.drop_table('ended_session')
