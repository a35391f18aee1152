"""people and outlets whose personal data was erased: since when, and since when for good

Revision: 0012, after 0011.
"""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

SINCE = (('person', 'erased_at'), ('person', 'forgotten_at'), ('outlet', 'people_erased_at'), ('outlet', 'people_forgotten_at'))


def upgrade() -> None:
    for table, column in SINCE:
        op.add_column(table, sa.Column(column, sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for table, column in reversed(SINCE):
        op.drop_column(table, column)
