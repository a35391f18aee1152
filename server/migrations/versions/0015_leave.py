"""leave of reps, and who stands in for them

Revision: 0015, after 0014.
"""

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('leave',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('person_id', sa.String(length=36), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('substitute_id', sa.String(length=36), nullable=True),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.Column('made_by_id', sa.String(length=36), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_leave_made_by_id_person')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_leave_person_id_person')),
    sa.ForeignKeyConstraint(['substitute_id'], ['person.id'], name=op.f('fk_leave_substitute_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_leave'))
    )
    op.create_index('ix_leave_ends_on', 'leave', ['ends_on'], unique=False)
    op.create_index('ix_leave_person_id', 'leave', ['person_id', 'starts_on'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_leave_person_id', 'leave')
    op.drop_index('ix_leave_ends_on', 'leave')
    op.drop_table('leave')
