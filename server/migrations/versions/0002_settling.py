"""what waits for a decision, merged outlets, how phones stand

Revision: 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('sync_attempt',
    sa.Column('op_id', sa.String(length=36), nullable=False),
    sa.Column('person_id', sa.String(length=36), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('fault', sa.String(length=200), nullable=False),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('op_id', name=op.f('pk_sync_attempt'))
    )
    op.create_table('outlet_alias',
    sa.Column('outlet_id', sa.String(length=36), nullable=False),
    sa.Column('kept_id', sa.String(length=36), nullable=False),
    sa.Column('made_by_id', sa.String(length=36), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['kept_id'], ['outlet.id'], name=op.f('fk_outlet_alias_kept_id_outlet')),
    sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_outlet_alias_made_by_id_person')),
    sa.ForeignKeyConstraint(['outlet_id'], ['outlet.id'], name=op.f('fk_outlet_alias_outlet_id_outlet')),
    sa.PrimaryKeyConstraint('outlet_id', name=op.f('pk_outlet_alias'))
    )
    with op.batch_alter_table('outlet_alias', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_outlet_alias_kept_id'), ['kept_id'], unique=False)

    op.create_table('outlet_duplicate',
    sa.Column('outlet_id', sa.String(length=36), nullable=False),
    sa.Column('other_id', sa.String(length=36), nullable=False),
    sa.Column('distance_m', sa.Double(), nullable=False),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('settled_by_id', sa.String(length=36), nullable=True),
    sa.Column('outcome', sa.String(length=8), nullable=False),
    sa.ForeignKeyConstraint(['other_id'], ['outlet.id'], name=op.f('fk_outlet_duplicate_other_id_outlet')),
    sa.ForeignKeyConstraint(['outlet_id'], ['outlet.id'], name=op.f('fk_outlet_duplicate_outlet_id_outlet')),
    sa.PrimaryKeyConstraint('outlet_id', 'other_id', name=op.f('pk_outlet_duplicate'))
    )
    with op.batch_alter_table('outlet_duplicate', schema=None) as batch_op:
        batch_op.create_index('ix_outlet_duplicate_outcome', ['outcome'], unique=False)

    with op.batch_alter_table('device', schema=None) as batch_op:
        batch_op.add_column(sa.Column('resync_below', sa.BigInteger(), nullable=False, server_default='0'))

    with op.batch_alter_table('outlet', schema=None) as batch_op:
        batch_op.add_column(sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('removed_by_id', sa.String(length=36), nullable=True))

    with op.batch_alter_table('sync_client', schema=None) as batch_op:
        batch_op.add_column(sa.Column('told_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('queue_length', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('oldest_unsent_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('photos_unsent', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('free_bytes', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('is_persisted', sa.Boolean(), nullable=True))

    with op.batch_alter_table('sync_op', schema=None) as batch_op:
        batch_op.add_column(sa.Column('settled_code', sa.String(length=24), nullable=True))
        batch_op.add_column(sa.Column('settled_reason', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('settled_by_id', sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.drop_index(batch_op.f('ix_sync_op_code'))
        batch_op.create_index('ix_sync_op_code', ['code', 'settled_code'], unique=False)

    with op.batch_alter_table('visit', schema=None) as batch_op:
        batch_op.add_column(sa.Column('previous_sha256', sa.String(length=64), nullable=True))



def downgrade() -> None:
    with op.batch_alter_table('visit', schema=None) as batch_op:
        batch_op.drop_column('previous_sha256')

    with op.batch_alter_table('sync_op', schema=None) as batch_op:
        batch_op.drop_index('ix_sync_op_code')
        batch_op.create_index(batch_op.f('ix_sync_op_code'), ['code'], unique=False)
        batch_op.drop_column('settled_at')
        batch_op.drop_column('settled_by_id')
        batch_op.drop_column('settled_reason')
        batch_op.drop_column('settled_code')

    with op.batch_alter_table('sync_client', schema=None) as batch_op:
        batch_op.drop_column('is_persisted')
        batch_op.drop_column('free_bytes')
        batch_op.drop_column('photos_unsent')
        batch_op.drop_column('oldest_unsent_at')
        batch_op.drop_column('queue_length')
        batch_op.drop_column('told_at')

    with op.batch_alter_table('outlet', schema=None) as batch_op:
        batch_op.drop_column('removed_by_id')
        batch_op.drop_column('removed_at')

    with op.batch_alter_table('device', schema=None) as batch_op:
        batch_op.drop_column('resync_below')

    with op.batch_alter_table('outlet_duplicate', schema=None) as batch_op:
        batch_op.drop_index('ix_outlet_duplicate_outcome')

    op.drop_table('outlet_duplicate')
    with op.batch_alter_table('outlet_alias', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_outlet_alias_kept_id'))

    op.drop_table('outlet_alias')
    op.drop_table('sync_attempt')
