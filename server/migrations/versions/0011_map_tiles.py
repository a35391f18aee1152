"""map tiles: where the company's own come from

Revision: 0011, after 0010.
"""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('tile_source',
    sa.Column('id', sa.String(length=8), nullable=False),
    sa.Column('url', sa.Text(), nullable=False),
    sa.Column('frame', sa.String(length=8), nullable=False),
    sa.Column('attribution', sa.String(length=200), nullable=False),
    sa.Column('highest_zoom', sa.Integer(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tile_source'))
    )


def downgrade() -> None:
    op.drop_table('tile_source')
