"""an index that finds the findings at an outlet, which its time line asks for, without reading all others

Revision: 0031, after 0030.
"""

from alembic import op

revision = '0031'
down_revision = '0030'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index('ix_finding_outlet', 'finding', ['outlet_id', 'id'])


def downgrade() -> None:
    op.drop_index('ix_finding_outlet', table_name='finding')
