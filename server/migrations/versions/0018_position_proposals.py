"""positions of outlets that visits propose

Revision: 0018, after 0017.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')
OPEN = sa.text("outcome = ''")


def upgrade() -> None:
    op.create_table('position_proposal',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('outlet_id', sa.String(length=36), nullable=False),
    *(sa.Column(name, sa.Float(), nullable=False) for name in ('lat', 'lon', 'accuracy_m', 'from_lat', 'from_lon')),
    sa.Column('visit_ids', JSON, nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('outcome', sa.String(length=12), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('settled_by_id', sa.String(length=36), nullable=True),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['outlet_id'], ['outlet.id'], name=op.f('fk_position_proposal_outlet_id_outlet')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_position_proposal'))
    )
    op.create_index('ix_position_proposal_outlet', 'position_proposal', ['outlet_id', 'settled_at'], unique=False)
    op.create_index('uq_position_proposal_open', 'position_proposal', ['outlet_id'], unique=True, postgresql_where=OPEN, sqlite_where=OPEN)


def downgrade() -> None:
    op.drop_index('uq_position_proposal_open', 'position_proposal')
    op.drop_index('ix_position_proposal_outlet', 'position_proposal')
    op.drop_table('position_proposal')
