"""indexes that count the visits of a map, and that give a region's outlets by their numbers

Revision: 0022, after 0021.
"""

import sqlalchemy as sa
from alembic import op

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None

PLACED = sa.text('fix_lat IS NOT NULL')


def upgrade() -> None:
    columns = ['visited_on', 'counts', 'needs_review', 'outlet_id']
    op.create_index('ix_visit_placed', 'visit', columns, unique=False, sqlite_where=PLACED, postgresql_where=PLACED)
    op.create_index('ix_outlet_region_code', 'outlet', ['region_id', 'removed_at', 'code'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_outlet_region_code', table_name='outlet')
    op.drop_index('ix_visit_placed', table_name='visit', sqlite_where=PLACED, postgresql_where=PLACED)
