"""two indexes that hold all that long lists ask of plans and visits, so that no rows need be read for it

Revision: 0031, after 0030.
"""

from alembic import op

revision = '0031'
down_revision = '0030'
branch_labels = None
depends_on = None

CHANGED = (
    ('ix_visit_plan_on', 'visit_plan', ['planned_on'], ['planned_on', 'outlet_id']),
    (
        'ix_visit_outlet_on',
        'visit',
        ['outlet_id', 'visited_on'],
        ['outlet_id', 'visited_on', 'counts', 'needs_review', 'fix_lat'],
    ),
)


def upgrade() -> None:
    for name, table, _before, columns in CHANGED:
        op.drop_index(name, table_name=table)
        op.create_index(name, table, columns)


def downgrade() -> None:
    for name, table, columns, _since in reversed(CHANGED):
        op.drop_index(name, table_name=table)
        op.create_index(name, table, columns)
