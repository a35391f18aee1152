"""the names that agents had before, and an index of outlets by their agent

Revision: 0037, after 0036.
"""

import sqlalchemy as sa
from alembic import op

revision = '0037'
down_revision = '0036'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'agent_name_before',
        sa.Column('name', sa.String(length=120), nullable=False),
        sa.Column('agent_id', sa.String(length=36), nullable=False),
        sa.Column('was_id', sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(['agent_id'], ['agent.id'], name=op.f('fk_agent_name_before_agent_id_agent')),
        sa.PrimaryKeyConstraint('name', name=op.f('pk_agent_name_before')),
    )
    op.create_index(op.f('ix_agent_name_before_agent_id'), 'agent_name_before', ['agent_id'])
    op.create_index('ix_outlet_agent', 'outlet', ['agent_id', 'removed_at', 'code'])


def downgrade() -> None:
    op.drop_index('ix_outlet_agent', table_name='outlet')
    op.drop_index(op.f('ix_agent_name_before_agent_id'), table_name='agent_name_before')
    op.drop_table('agent_name_before')
