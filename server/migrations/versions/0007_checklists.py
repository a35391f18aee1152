"""checklists: what the company asks at outlets, in versions, and the version that a visit was asked by; outlets' cards

Revision: 0007, after 0006.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')


def upgrade() -> None:
    op.create_table('checklist',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('zh', sa.String(length=80), nullable=False),
    sa.Column('en', sa.String(length=80), nullable=False),
    sa.Column('classes', JSON, nullable=False),
    sa.Column('region_ids', JSON, nullable=False),
    sa.Column('draft', JSON, nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('next_key', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('retired_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_checklist'))
    )
    op.create_table('checklist_version',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('checklist_id', sa.String(length=36), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('questions', JSON, nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_by_id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['checklist_id'], ['checklist.id'], name=op.f('fk_checklist_version_checklist_id_checklist')),
    sa.ForeignKeyConstraint(['published_by_id'], ['person.id'], name=op.f('fk_checklist_version_published_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_checklist_version')),
    sa.UniqueConstraint('checklist_id', 'number', name=op.f('uq_checklist_version_checklist_id'))
    )
    op.create_index(op.f('ix_checklist_version_checklist_id'), 'checklist_version', ['checklist_id'], unique=False)
    op.add_column('visit', sa.Column('checklist_version_id', sa.String(length=36), nullable=True))
    op.add_column('visit', sa.Column('is_card_genuine', sa.Boolean(), nullable=True))


def downgrade() -> None:
    op.drop_column('visit', 'is_card_genuine')
    op.drop_column('visit', 'checklist_version_id')
    op.drop_index(op.f('ix_checklist_version_checklist_id'), 'checklist_version')
    op.drop_table('checklist_version')
    op.drop_table('checklist')
