"""notices: channels of a daily digest, what is to be sent through them, and the calls that rate limits count

Revision: 0009, after 0007.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')


def upgrade() -> None:
    op.create_table('notice_channel',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('address_sealed', sa.Text(), nullable=False),
    sa.Column('hint', sa.String(length=200), nullable=False),
    sa.Column('robot', sa.String(length=64), nullable=False),
    sa.Column('secret_sealed', sa.Text(), nullable=False),
    sa.Column('region_ids', JSON, nullable=False),
    sa.Column('language', sa.String(length=5), nullable=False),
    sa.Column('hour', sa.Integer(), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.Column('begins_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by_id', sa.String(length=36), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_notice_channel_made_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice_channel'))
    )
    op.create_table('notice_delivery',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('channel_id', sa.String(length=36), nullable=False),
    sa.Column('day', sa.Date(), nullable=True),
    sa.Column('content', JSON, nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('next_try_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('tried_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer_code', sa.String(length=16), nullable=False),
    sa.Column('answer_status', sa.Integer(), nullable=True),
    sa.Column('answer_text', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['channel_id'], ['notice_channel.id'], name=op.f('fk_notice_delivery_channel_id_notice_channel')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice_delivery')),
    sa.UniqueConstraint('channel_id', 'day', name=op.f('uq_notice_delivery_channel_id_day'))
    )
    op.create_index('ix_notice_delivery_due', 'notice_delivery', ['state', 'next_try_at'], unique=False)
    op.create_table('notice_call',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('robot', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice_call'))
    )
    op.create_index('ix_notice_call_robot', 'notice_call', ['robot', 'at'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_notice_call_robot', 'notice_call')
    op.drop_table('notice_call')
    op.drop_index('ix_notice_delivery_due', 'notice_delivery')
    op.drop_table('notice_delivery')
    op.drop_table('notice_channel')
