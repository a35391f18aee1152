"""indexes that find the few outlets that were churned, and the few findings at no outlet, without reading all others

Revision: 0030, after 0029.
"""

import sqlalchemy as sa
from alembic import op

revision = '0030'
down_revision = '0029'
branch_labels = None
depends_on = None

NEW = (
    ('ix_outlet_churned', 'outlet', ['churned_on', 'id'], sa.text('churned_on IS NOT NULL')),
    ('ix_finding_no_outlet', 'finding', ['state', 'id'], sa.text('outlet_id IS NULL')),
)


def upgrade() -> None:
    for name, table, columns, where in NEW:
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name, table, _columns, _where in reversed(NEW):
        op.drop_index(name, table_name=table)
