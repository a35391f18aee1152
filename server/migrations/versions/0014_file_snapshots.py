"""what an outlet file held at each step of its way, and what customers answered to the three questions of a call-back

Revision: 0014, after 0012.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0014'
down_revision = '0012'
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')


def upgrade() -> None:
    op.add_column('outlet_step', sa.Column('snapshot', JSON, nullable=True))
    op.add_column('callback', sa.Column('answers', JSON, nullable=True))


def downgrade() -> None:
    op.drop_column('callback', 'answers')
    op.drop_column('outlet_step', 'snapshot')
