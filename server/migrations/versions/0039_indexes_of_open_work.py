"""indexes of what is open leave out what is void; one of the reports of complaints by their day

Revision: 0039, after 0038.
"""

import sqlalchemy as sa
from alembic import op

revision = '0039'
down_revision = '0038'
branch_labels = None
depends_on = None

OPEN_REQUESTS = ['due_on', 'id', 'outlet_id', 'delivered_on']


def upgrade() -> None:
    _renew('ix_material_request_open', 'material_request', [*OPEN_REQUESTS, 'voided_at'], 'delivered_on IS NULL AND voided_at IS NULL')
    _renew('ix_complaint_open', 'complaint', ['due_on', 'id'], 'resolved_on IS NULL AND voided_at IS NULL')
    _create('ix_complaint_step_reported', 'complaint_step', ['at', 'complaint_id'], "action = 'reported'")


def downgrade() -> None:
    op.drop_index('ix_complaint_step_reported', table_name='complaint_step')
    _renew('ix_complaint_open', 'complaint', ['due_on', 'id'], 'resolved_on IS NULL')
    _renew('ix_material_request_open', 'material_request', OPEN_REQUESTS, 'delivered_on IS NULL')


def _renew(name: str, table: str, columns: list[str], where: str) -> None:
    op.drop_index(name, table_name=table)
    _create(name, table, columns, where)


def _create(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
