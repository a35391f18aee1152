"""people who left and came back; codes that let a person choose a password

Revision: 0008, after 0007.
"""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('person_break',
    sa.Column('person_id', sa.String(length=36), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_person_break_person_id_person')),
    sa.PrimaryKeyConstraint('person_id', 'starts_on', name=op.f('pk_person_break'))
    )
    op.add_column('sign_in_code', sa.Column('purpose', sa.String(length=10), server_default='phone', nullable=False))


def downgrade() -> None:
    op.drop_column('sign_in_code', 'purpose')
    op.drop_table('person_break')
