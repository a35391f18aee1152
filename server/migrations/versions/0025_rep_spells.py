"""days on which people were reps; whoever has none has today's role since the start, so what is paid or closed stays

Revision: 0025, after 0024.
"""

import sqlalchemy as sa
from alembic import op

revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('rep_spell',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('person_id', sa.String(length=36), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_rep_spell_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rep_spell'))
    )
    op.create_index(op.f('ix_rep_spell_person_id'), 'rep_spell', ['person_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_rep_spell_person_id'), table_name='rep_spell')
    op.drop_table('rep_spell')
