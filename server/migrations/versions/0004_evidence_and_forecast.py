"""flags of visits, looks of photos, seals chained per phone

Revision: 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    _add_evidence()


def downgrade() -> None:
    _drop_evidence()


BANDS = ('band_0', 'band_1', 'band_2', 'band_3')
DEVICE_OF_VISIT = sa.text(
    'UPDATE visit SET device_id = (SELECT sync_client.device_id FROM sync_op JOIN sync_client ON sync_client.client_id = sync_op.client_id '
    'WHERE sync_op.op_id = visit.op_id) WHERE seal IS NULL'
)


def _add_evidence() -> None:
    """Seals made before stand as they are (no version); visits whose files are still under way join their phone's chain."""
    with op.batch_alter_table('photo_hash', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_photo_hash_look'))
        batch_op.alter_column('look', existing_type=sa.String(length=16), nullable=True)
        for band in BANDS:
            batch_op.add_column(sa.Column(band, sa.Integer(), nullable=True))
    for band in BANDS:
        op.create_index(op.f(f'ix_photo_hash_{band}'), 'photo_hash', [band], unique=False)
    with op.batch_alter_table('visit', schema=None) as batch_op:
        batch_op.add_column(sa.Column('device_id', sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column('seal_version', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('seal_n', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('previous_seal', sa.String(length=64), nullable=True))
    op.create_index('ix_visit_rep_at', 'visit', ['rep_id', 'checked_in_at', 'id'], unique=False)
    op.create_index('ix_visit_chain', 'visit', ['device_id', 'seal_n'], unique=True)
    op.create_table('evidence_due',
    sa.Column('visit_id', sa.String(length=36), nullable=False),
    sa.Column('spreads', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['visit_id'], ['visit.id'], name=op.f('fk_evidence_due_visit_id_visit')),
    sa.PrimaryKeyConstraint('visit_id', name=op.f('pk_evidence_due'))
    )
    op.create_table('seal_chain',
    sa.Column('device_id', sa.String(length=36), nullable=False),
    sa.Column('last_n', sa.Integer(), nullable=False),
    sa.Column('last_seal', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('device_id', name=op.f('pk_seal_chain'))
    )
    op.execute(DEVICE_OF_VISIT)


def _drop_evidence() -> None:
    op.drop_table('seal_chain')
    op.drop_table('evidence_due')
    op.drop_index('ix_visit_chain', 'visit')
    op.drop_index('ix_visit_rep_at', 'visit')
    with op.batch_alter_table('visit', schema=None) as batch_op:
        for column in ('previous_seal', 'seal_n', 'seal_version', 'device_id'):
            batch_op.drop_column(column)
    for band in BANDS:
        op.drop_index(op.f(f'ix_photo_hash_{band}'), 'photo_hash')
    op.execute('DELETE FROM photo_hash')
    with op.batch_alter_table('photo_hash', schema=None) as batch_op:
        for band in BANDS:
            batch_op.drop_column(band)
        batch_op.alter_column('look', existing_type=sa.String(length=16), nullable=False)
        batch_op.create_index(batch_op.f('ix_photo_hash_look'), ['look'], unique=False)
