"""changes that wait or were lost, found by their outlet

Revision: 0021, after 0020.
"""

from alembic import op

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index('ix_sync_conflict_entity_id', 'sync_conflict', ['entity_id'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_sync_conflict_entity_id', table_name='sync_conflict')
