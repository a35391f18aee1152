"""why nobody signed for a training or a delivery, and an outlet's second contact

Revision: 0020, after 0019.
"""

import sqlalchemy as sa
from alembic import op

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ('training', 'material_request'):
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(sa.Column('signature_refusal', sa.Text(), nullable=True))
    with op.batch_alter_table('outlet') as batch_op:
        batch_op.add_column(sa.Column('contact', sa.String(length=120), nullable=False, server_default=''))


def downgrade() -> None:
    with op.batch_alter_table('outlet') as batch_op:
        batch_op.drop_column('contact')
    for table in ('material_request', 'training'):
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column('signature_refusal')
