"""tokens of the reporting API; the feed by type, in the order of commits

Revision: 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')


def upgrade() -> None:
    op.create_table('report_token',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('parts', JSON, nullable=False),
    sa.Column('region_ids', JSON, nullable=False),
    sa.Column('made_by_id', sa.String(length=36), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_report_token_made_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report_token')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_report_token_token_hash'))
    )
    op.create_index('ix_sync_feed_type_seq', 'sync_feed', ['entity_type', 'seq', 'entity_id'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_sync_feed_type_seq', 'sync_feed')
    op.drop_table('report_token')
