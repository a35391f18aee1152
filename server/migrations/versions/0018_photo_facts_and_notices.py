"""where the photos of papers and outlets came from, and whether they are poor

Revision: 0018, after 0015.
"""

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('blob_ref') as batch_op:
        batch_op.add_column(sa.Column('origin', sa.String(length=8), nullable=True))
        batch_op.add_column(sa.Column('is_blurred', sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column('is_dark', sa.Boolean(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('blob_ref') as batch_op:
        batch_op.drop_column('is_dark')
        batch_op.drop_column('is_blurred')
        batch_op.drop_column('origin')
