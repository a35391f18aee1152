"""indexes that find the few outlets that were churned, and the few findings at no outlet, without reading all others

And the one over a month's outlets by rep holds what is planned too, which its sums ask for.

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
OF_REP = ['month', 'rep_id', 'state', 'owed', 'counted', 'waiting', 'outlet_id']
OF_REP_WITH_PLAN = ['month', 'rep_id', 'state', 'planned', 'owed', 'counted', 'waiting', 'outlet_id']


def upgrade() -> None:
    for name, table, columns, where in NEW:
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
    op.drop_index('ix_outlet_month_rep', table_name='outlet_month')
    op.create_index('ix_outlet_month_rep', 'outlet_month', OF_REP_WITH_PLAN)


def downgrade() -> None:
    op.drop_index('ix_outlet_month_rep', table_name='outlet_month')
    op.create_index('ix_outlet_month_rep', 'outlet_month', OF_REP)
    for name, table, _columns, _where in reversed(NEW):
        op.drop_index(name, table_name=table)
