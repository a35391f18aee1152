"""follow-ups: what could not be solved at an outlet, and what was seen of it

Revision: 0006, after 0005.
"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('follow_up',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('op_id', sa.String(length=36), nullable=True),
    sa.Column('outlet_id', sa.String(length=36), nullable=False),
    sa.Column('problem', sa.Text(), nullable=False),
    sa.Column('owner', sa.String(length=12), nullable=False),
    sa.Column('registered_on', sa.Date(), nullable=False),
    sa.Column('registered_by_id', sa.String(length=36), nullable=False),
    sa.Column('working_days', sa.Integer(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('solved_on', sa.Date(), nullable=True),
    sa.Column('solved_by_id', sa.String(length=36), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['outlet_id'], ['outlet.id'], name=op.f('fk_follow_up_outlet_id_outlet')),
    sa.ForeignKeyConstraint(['registered_by_id'], ['person.id'], name=op.f('fk_follow_up_registered_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_follow_up')),
    sa.UniqueConstraint('op_id', name=op.f('uq_follow_up_op_id'))
    )
    op.create_index('ix_follow_up_due', 'follow_up', ['due_on'], unique=False)
    op.create_index(op.f('ix_follow_up_outlet_id'), 'follow_up', ['outlet_id'], unique=False)
    op.create_table('follow_up_step',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('follow_up_id', sa.String(length=36), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('owner', sa.String(length=12), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('by_id', sa.String(length=36), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_follow_up_step_by_id_person')),
    sa.ForeignKeyConstraint(['follow_up_id'], ['follow_up.id'], name=op.f('fk_follow_up_step_follow_up_id_follow_up')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_follow_up_step'))
    )
    op.create_index(op.f('ix_follow_up_step_follow_up_id'), 'follow_up_step', ['follow_up_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_follow_up_step_follow_up_id'), 'follow_up_step')
    op.drop_table('follow_up_step')
    op.drop_index(op.f('ix_follow_up_outlet_id'), 'follow_up')
    op.drop_index('ix_follow_up_due', 'follow_up')
    op.drop_table('follow_up')
