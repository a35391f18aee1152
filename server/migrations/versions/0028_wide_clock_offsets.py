"""room for the offset of a clock that is more than 24 days off

Revision: 0028, after 0027.
"""

import sqlalchemy as sa
from alembic import op

revision = '0028'
down_revision = '0027'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """SQLite's integers are wide as they are."""
    if op.get_bind().dialect.name == 'postgresql':
        op.alter_column('visit', 'clock_offset_ms', existing_type=sa.Integer(), type_=sa.BigInteger(), existing_nullable=False)


def downgrade() -> None:
    if op.get_bind().dialect.name == 'postgresql':
        op.alter_column('visit', 'clock_offset_ms', existing_type=sa.BigInteger(), type_=sa.Integer(), existing_nullable=False)
