"""an index that finds the outlets of a rare state, such as files that wait for approval

Revision: 0023, after 0022.
"""

from alembic import op

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index('ix_outlet_state', 'outlet', ['state', 'code'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_outlet_state', table_name='outlet')
