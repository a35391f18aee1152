"""flags of visits, looks of photos, seals chained per phone; plans of visits, planned days, the forecast of misses; steps of outlet files

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
    _add_plans()
    _add_file_steps()


def downgrade() -> None:
    op.drop_table('outlet_step')
    _drop_plans()
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


def _add_plans() -> None:
    """A month's plan holds at least the visits owed, so what was owed so far is what was planned."""
    op.create_table('visit_plan',
    sa.Column('outlet_id', sa.String(length=36), nullable=False),
    sa.Column('planned_on', sa.Date(), nullable=False),
    sa.Column('rep_id', sa.String(length=36), nullable=True),
    sa.Column('made_by_id', sa.String(length=36), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_visit_plan_made_by_id_person')),
    sa.ForeignKeyConstraint(['outlet_id'], ['outlet.id'], name=op.f('fk_visit_plan_outlet_id_outlet')),
    sa.ForeignKeyConstraint(['rep_id'], ['person.id'], name=op.f('fk_visit_plan_rep_id_person')),
    sa.PrimaryKeyConstraint('outlet_id', 'planned_on', name=op.f('pk_visit_plan'))
    )
    op.create_index('ix_visit_plan_on', 'visit_plan', ['planned_on'], unique=False)
    op.create_table('plan_day',
    sa.Column('rep_id', sa.String(length=36), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('planned', sa.Integer(), nullable=False),
    sa.Column('on_day', sa.Integer(), nullable=False),
    sa.Column('in_month', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['rep_id'], ['person.id'], name=op.f('fk_plan_day_rep_id_person')),
    sa.PrimaryKeyConstraint('rep_id', 'day', name=op.f('pk_plan_day'))
    )
    op.create_index('ix_plan_day_day', 'plan_day', ['day'], unique=False)
    op.create_table('miss_forecast',
    sa.Column('outlet_id', sa.String(length=36), nullable=False),
    sa.Column('month', sa.String(length=7), nullable=False),
    sa.Column('rep_id', sa.String(length=36), nullable=False),
    sa.Column('outlook', sa.String(length=8), nullable=False),
    sa.Column('reason', sa.String(length=12), nullable=False),
    sa.Column('needed', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['outlet_id'], ['outlet.id'], name=op.f('fk_miss_forecast_outlet_id_outlet')),
    sa.ForeignKeyConstraint(['rep_id'], ['person.id'], name=op.f('fk_miss_forecast_rep_id_person')),
    sa.PrimaryKeyConstraint('outlet_id', 'month', name=op.f('pk_miss_forecast'))
    )
    op.create_index('ix_miss_forecast_rep', 'miss_forecast', ['month', 'rep_id'], unique=False)
    op.add_column('outlet_month', sa.Column('planned', sa.Integer(), nullable=True))
    op.execute('UPDATE outlet_month SET planned = owed')
    with op.batch_alter_table('outlet_month', schema=None) as batch_op:
        batch_op.alter_column('planned', existing_type=sa.Integer(), nullable=False)


def _drop_plans() -> None:
    with op.batch_alter_table('outlet_month', schema=None) as batch_op:
        batch_op.drop_column('planned')
    for table in ('miss_forecast', 'plan_day', 'visit_plan'):
        op.drop_table(table)


def _add_file_steps() -> None:
    """Files that were submitted or approved before have no steps: who did it was not noted."""
    op.create_table('outlet_step',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('outlet_id', sa.String(length=36), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('by_id', sa.String(length=36), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('op_id', sa.String(length=36), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_outlet_step_by_id_person')),
    sa.ForeignKeyConstraint(['outlet_id'], ['outlet.id'], name=op.f('fk_outlet_step_outlet_id_outlet')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outlet_step'))
    )
    op.create_index('ix_outlet_step_outlet_at', 'outlet_step', ['outlet_id', 'at'], unique=False)
