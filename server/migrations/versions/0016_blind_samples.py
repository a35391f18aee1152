"""visits drawn for a blind review

Revision: 0016, after 0015.
"""

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

OPEN = sa.text('answer IS NULL')


def upgrade() -> None:
    op.create_table('visit_sample',
    sa.Column('visit_id', sa.String(length=36), nullable=False),
    sa.Column('drawn_on', sa.Date(), nullable=False),
    sa.Column('share', sa.String(length=20), nullable=False),
    sa.Column('answer', sa.String(length=8), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('by_id', sa.String(length=36), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('machine_score', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_visit_sample_by_id_person')),
    sa.ForeignKeyConstraint(['visit_id'], ['visit.id'], name=op.f('fk_visit_sample_visit_id_visit')),
    sa.PrimaryKeyConstraint('visit_id', name=op.f('pk_visit_sample'))
    )
    op.create_index('ix_visit_sample_drawn', 'visit_sample', ['drawn_on', 'visit_id'], unique=False)
    op.create_index('ix_visit_sample_open', 'visit_sample', ['drawn_on', 'visit_id'], unique=False, sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index('ix_visit_sample_by', 'visit_sample', ['by_id'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_visit_sample_by', 'visit_sample')
    op.drop_index('ix_visit_sample_open', 'visit_sample')
    op.drop_index('ix_visit_sample_drawn', 'visit_sample')
    op.drop_table('visit_sample')
