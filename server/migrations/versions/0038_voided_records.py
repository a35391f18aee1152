"""records that were typed wrong and are voided: when, by whom, why

Revision: 0038, after 0037.
"""

import sqlalchemy as sa
from alembic import op

revision = '0038'
down_revision = '0037'
branch_labels = None
depends_on = None

TABLES = ('complaint', 'material_request', 'training')


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column('voided_at', sa.DateTime(timezone=True), nullable=True))
        op.add_column(table, sa.Column('voided_by_id', sa.String(length=36), nullable=True))
        op.add_column(table, sa.Column('void_reason', sa.Text(), nullable=True))


def downgrade() -> None:
    for table in TABLES:
        for column in ('void_reason', 'voided_by_id', 'voided_at'):
            op.drop_column(table, column)
