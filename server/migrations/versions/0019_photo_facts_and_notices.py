"""what phones say of photos, and which privacy notice was accepted on them

Revision: 0019, after 0018.
"""

import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('blob_ref') as batch_op:
        batch_op.add_column(sa.Column('origin', sa.String(length=8), nullable=True))
        batch_op.add_column(sa.Column('is_blurred', sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column('is_dark', sa.Boolean(), nullable=True))
    with op.batch_alter_table('device') as batch_op:
        batch_op.add_column(sa.Column('notice_version', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('notice_accepted_at', sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('device') as batch_op:
        batch_op.drop_column('notice_accepted_at')
        batch_op.drop_column('notice_version')
    with op.batch_alter_table('blob_ref') as batch_op:
        batch_op.drop_column('is_dark')
        batch_op.drop_column('is_blurred')
        batch_op.drop_column('origin')
