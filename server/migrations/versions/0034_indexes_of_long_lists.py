"""indexes that hold all that long lists ask of plans, visits and what is open, so that no rows need be read for it

Revision: 0034, after 0033.
"""

import sqlalchemy as sa
from alembic import op

revision = '0034'
down_revision = '0033'
branch_labels = None
depends_on = None

CHANGED = (
    ('ix_visit_plan_on', 'visit_plan', ['planned_on'], ['outlet_id'], None),
    ('ix_visit_outlet_on', 'visit', ['outlet_id', 'visited_on'], ['counts', 'needs_review', 'fix_lat'], None),
    ('ix_churn_case_state', 'churn_case', ['state', 'due_on', 'id'], ['outlet_id'], None),
    ('ix_follow_up_open', 'follow_up', ['due_on', 'id'], ['outlet_id', 'solved_on'], 'solved_on IS NULL'),
    ('ix_material_request_open', 'material_request', ['due_on', 'id'], ['outlet_id', 'delivered_on'], 'delivered_on IS NULL'),
)


def upgrade() -> None:
    for name, table, columns, more, where in CHANGED:
        _renew(name, table, [*columns, *more], where)


def downgrade() -> None:
    for name, table, columns, _more, where in reversed(CHANGED):
        _renew(name, table, columns, where)


def _renew(name: str, table: str, columns: list[str], where: str | None) -> None:
    words = {'sqlite_where': sa.text(where), 'postgresql_where': sa.text(where)} if where else {}
    op.drop_index(name, table_name=table)
    op.create_index(name, table, columns, **words)
