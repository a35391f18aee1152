"""long lists: indexes in the order of the console's lists, and of the rows that wait

Revision: 0010, after 0009.
"""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

NEW = (
    ('ix_callback_called', 'callback', ('called_on', 'id'), 'called_on IS NOT NULL'),
    ('ix_callback_open', 'callback', ('due_on', 'id'), 'called_on IS NULL'),
    ('ix_churn_case_state', 'churn_case', ('state', 'due_on', 'id'), ''),
    ('ix_complaint_open', 'complaint', ('due_on', 'id'), 'resolved_on IS NULL'),
    ('ix_complaint_state_due', 'complaint', ('state', 'due_on', 'id'), ''),
    ('ix_finding_state', 'finding', ('state', 'month', 'id'), ''),
    ('ix_follow_up_open', 'follow_up', ('due_on', 'id'), 'solved_on IS NULL'),
    ('ix_follow_up_solved', 'follow_up', ('due_on', 'id'), 'solved_on IS NOT NULL'),
    ('ix_material_request_delivered', 'material_request', ('due_on', 'id'), 'delivered_on IS NOT NULL'),
    ('ix_material_request_open', 'material_request', ('due_on', 'id'), 'delivered_on IS NULL'),
    ('ix_outlet_duplicate_outcome', 'outlet_duplicate', ('outcome', 'outlet_id', 'other_id'), ''),
    ('ix_outlet_month_rep', 'outlet_month', ('month', 'rep_id', 'state', 'owed', 'counted', 'waiting', 'outlet_id'), ''),
    ('ix_outlet_month_state', 'outlet_month', ('month', 'state', 'outlet_id'), ''),
    ('ix_outlet_region', 'outlet', ('region_id', 'removed_at', 'id'), ''),
    ('ix_outlet_removed', 'outlet', ('removed_at', 'id'), 'removed_at IS NOT NULL'),
    ('ix_planned_training_change', 'planned_training', ('month', 'volume_change_yuan', 'outlet_id'), ''),
    ('ix_sync_conflict_waiting', 'sync_conflict', ('kind', 'raised_at', 'id'), 'settled_at IS NULL'),
    ('ix_sync_op_unread', 'sync_op', ('code', 'received_at', 'op_id'), "code = 'quarantined' AND settled_at IS NULL"),
    ('ix_sync_op_waiting', 'sync_op', ('received_at', 'op_id'), "code = 'parked' AND settled_at IS NULL OR settled_code = 'parked'"),
    ('ix_training_on', 'training', ('trained_on', 'id'), ''),
    ('ix_visit_handed_over', 'visit', ('visited_on', 'id'), 'was_out_of_scope'),
    ('ix_visit_on', 'visit', ('visited_on', 'id'), ''),
    ('ix_visit_waiting', 'visit', ('visited_on', 'id'), 'needs_review'),
)
FLAGS = ('needs_review', 'was_out_of_scope')
OLD = (
    ('ix_callback_called', 'callback', ('called_on',)),
    ('ix_churn_case_state', 'churn_case', ('state', 'due_on')),
    ('ix_complaint_state_due', 'complaint', ('state', 'due_on')),
    ('ix_follow_up_due', 'follow_up', ('due_on',)),
    ('ix_material_request_due', 'material_request', ('due_on',)),
    ('ix_outlet_duplicate_outcome', 'outlet_duplicate', ('outcome',)),
    ('ix_outlet_month_rep', 'outlet_month', ('month', 'rep_id')),
    ('ix_outlet_region_id', 'outlet', ('region_id',)),
    ('ix_training_on', 'training', ('trained_on',)),
    ('ix_visit_on', 'visit', ('visited_on',)),
)
YEAR = {'sqlite': "CAST(STRFTIME('%Y', visited_on) AS INTEGER)", 'postgresql': '(EXTRACT(year FROM visited_on))'}
MONTH = {'sqlite': "CAST(STRFTIME('%m', visited_on) AS INTEGER)", 'postgresql': '(EXTRACT(month FROM visited_on))'}


def upgrade() -> None:
    for name, table, _columns in OLD:
        op.drop_index(name, table)
    for name, table, columns, where in NEW:
        op.create_index(name, table, list(columns), **_rows_where(where))
    kind = op.get_bind().dialect.name
    by_score = [sa.text(YEAR[kind]), sa.text(MONTH[kind]), sa.text('coalesce(score, 101)'), 'id']
    op.create_index('ix_visit_score', 'visit', by_score)


def _rows_where(where: str) -> dict[str, sa.TextClause]:
    """SQLite keeps a flag as a number, and takes the index for a condition in just these words."""
    if not where:
        return {}
    return {'postgresql_where': sa.text(where), 'sqlite_where': sa.text(f'{where} = 1' if where in FLAGS else where)}


def downgrade() -> None:
    op.drop_index('ix_visit_score', 'visit')
    for name, table, _columns, _where in NEW:
        op.drop_index(name, table)
    for name, table, columns in OLD:
        op.create_index(name, table, list(columns))
