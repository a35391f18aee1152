"""months of outlets added up at night, for the dashboards

Revision: 0017, after 0016.
"""

import sqlalchemy as sa
from alembic import op

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

COUNTS = ('outlets', 'owing', 'met', 'missed', 'certain', 'at_risk', 'owed', 'credited', 'planned', 'done', 'waiting')


def upgrade() -> None:
    op.create_table('month_sum',
    sa.Column('month', sa.String(length=7), nullable=False),
    sa.Column('region_id', sa.String(length=36), nullable=False),
    sa.Column('rep_id', sa.String(length=36), nullable=False),
    sa.Column('outlet_class', sa.String(length=1), nullable=False),
    *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('month', 'region_id', 'rep_id', 'outlet_class', name=op.f('pk_month_sum'))
    )


def downgrade() -> None:
    op.drop_table('month_sum')
