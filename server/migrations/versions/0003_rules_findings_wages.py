"""trainings, materials, complaints, call-backs, churn, transactions, closed months

Revision: 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('nightly_run',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('steps', sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_nightly_run'))
    )
    with op.batch_alter_table('nightly_run', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_nightly_run_day'), ['day'], unique=False)

    op.create_table('custom_wage_kind',
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('sign', sa.Integer(), nullable=False),
    sa.Column('finding_kind', sa.String(length=32), nullable=False),
    sa.Column('unit_yuan', sa.BigInteger(), nullable=False),
    sa.Column('zh', sa.String(length=60), nullable=False),
    sa.Column('en', sa.String(length=60), nullable=False),
    sa.Column('rule_zh', sa.String(length=200), nullable=False),
    sa.Column('rule_en', sa.String(length=200), nullable=False),
    sa.Column('from_month', sa.String(length=7), nullable=False),
    sa.Column('made_by_id', sa.String(length=36), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_custom_wage_kind_made_by_id_person')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_custom_wage_kind')),
    sa.UniqueConstraint('finding_kind', name=op.f('uq_custom_wage_kind_finding_kind'))
    )
    op.create_table('photo_hash',
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('look', sa.String(length=16), nullable=False),
    sa.ForeignKeyConstraint(['sha256'], ['blob.sha256'], name=op.f('fk_photo_hash_sha256_blob')),
    sa.PrimaryKeyConstraint('sha256', name=op.f('pk_photo_hash'))
    )
    with op.batch_alter_table('photo_hash', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_photo_hash_look'), ['look'], unique=False)

    op.create_table('table_import',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('rows_read', sa.Integer(), nullable=False),
    sa.Column('rows_taken', sa.Integer(), nullable=False),
    sa.Column('rows_refused', sa.Integer(), nullable=False),
    sa.Column('rows_written', sa.Integer(), nullable=False),
    sa.Column('amount_yuan', sa.BigInteger(), nullable=True),
    sa.Column('first_on', sa.Date(), nullable=True),
    sa.Column('last_on', sa.Date(), nullable=True),
    sa.Column('closed_until', sa.String(length=7), nullable=False),
    sa.Column('before', sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql'), nullable=False),
    sa.Column('by_id', sa.String(length=36), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undone_by_id', sa.String(length=36), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_table_import_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_table_import'))
    )
    with op.batch_alter_table('table_import', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_table_import_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_table_import_sha256'), ['sha256'], unique=False)

    op.create_table('wage_month',
    sa.Column('month', sa.String(length=7), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_by_id', sa.String(length=36), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('checks', sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql'), nullable=False),
    sa.Column('policy_values', sa.Text(), nullable=False),
    sa.Column('kinds', sa.Text(), nullable=False),
    sa.Column('seal', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['closed_by_id'], ['person.id'], name=op.f('fk_wage_month_closed_by_id_person')),
    sa.PrimaryKeyConstraint('month', name=op.f('pk_wage_month'))
    )
    op.create_table('callback',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('source_key', sa.String(length=120), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('outlet_id', sa.String(length=36), nullable=False),
    sa.Column('listed_on', sa.Date(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('asked_on', sa.Date(), nullable=True),
    sa.Column('about_month', sa.String(length=7), nullable=False),
    sa.Column('called_on', sa.Date(), nullable=True),
    sa.Column('outcome', sa.String(length=16), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('corrected_by_id', sa.String(length=36), nullable=True),
    sa.Column('by_id', sa.String(length=36), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_callback_by_id_person')),
    sa.ForeignKeyConstraint(['outlet_id'], ['outlet.id'], name=op.f('fk_callback_outlet_id_outlet')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_callback')),
    sa.UniqueConstraint('source_key', name=op.f('uq_callback_source_key'))
    )
    with op.batch_alter_table('callback', schema=None) as batch_op:
        batch_op.create_index('ix_callback_called', ['called_on'], unique=False)
        batch_op.create_index('ix_callback_kind_due', ['kind', 'due_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_callback_outlet_id'), ['outlet_id'], unique=False)

    op.create_table('churn_case',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('outlet_id', sa.String(length=36), nullable=False),
    sa.Column('month', sa.String(length=7), nullable=False),
    sa.Column('listed_on', sa.Date(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('reason', sa.String(length=16), nullable=False),
    sa.Column('decided_on', sa.Date(), nullable=True),
    sa.Column('decided_by_id', sa.String(length=36), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['outlet_id'], ['outlet.id'], name=op.f('fk_churn_case_outlet_id_outlet')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_churn_case'))
    )
    with op.batch_alter_table('churn_case', schema=None) as batch_op:
        batch_op.create_index('ix_churn_case_state', ['state', 'due_on'], unique=False)
        batch_op.create_index('uq_churn_case_outlet_month', ['outlet_id', 'month'], unique=True)

    op.create_table('complaint',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('op_id', sa.String(length=36), nullable=True),
    sa.Column('outlet_id', sa.String(length=36), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('is_about_rep', sa.Boolean(), nullable=False),
    sa.Column('needs_call', sa.Boolean(), nullable=False),
    sa.Column('received_on', sa.Date(), nullable=False),
    sa.Column('received_by_id', sa.String(length=36), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('assigned_to_id', sa.String(length=36), nullable=True),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('complainant', sa.String(length=60), nullable=False),
    sa.Column('phone', sa.String(length=40), nullable=False),
    sa.Column('account', sa.Text(), nullable=False),
    sa.Column('demand', sa.Text(), nullable=False),
    sa.Column('investigation', sa.Text(), nullable=False),
    sa.Column('investigated_on', sa.Date(), nullable=True),
    sa.Column('verdict', sa.String(length=12), nullable=False),
    sa.Column('handling', sa.Text(), nullable=False),
    sa.Column('resolved_on', sa.Date(), nullable=True),
    sa.Column('resolved_by_id', sa.String(length=36), nullable=True),
    sa.Column('feedback_result', sa.String(length=12), nullable=False),
    sa.Column('feedback_speed', sa.String(length=12), nullable=False),
    sa.Column('feedback_text', sa.Text(), nullable=False),
    sa.Column('signature_sha256', sa.String(length=64), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['assigned_to_id'], ['person.id'], name=op.f('fk_complaint_assigned_to_id_person')),
    sa.ForeignKeyConstraint(['outlet_id'], ['outlet.id'], name=op.f('fk_complaint_outlet_id_outlet')),
    sa.ForeignKeyConstraint(['received_by_id'], ['person.id'], name=op.f('fk_complaint_received_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_complaint')),
    sa.UniqueConstraint('op_id', name=op.f('uq_complaint_op_id'))
    )
    with op.batch_alter_table('complaint', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_complaint_outlet_id'), ['outlet_id'], unique=False)
        batch_op.create_index('ix_complaint_received', ['received_on'], unique=False)
        batch_op.create_index('ix_complaint_state_due', ['state', 'due_on'], unique=False)

    op.create_table('material_request',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('outlet_id', sa.String(length=36), nullable=False),
    sa.Column('contents', sa.Text(), nullable=False),
    sa.Column('requested_on', sa.Date(), nullable=False),
    sa.Column('requested_by_id', sa.String(length=36), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('delivered_on', sa.Date(), nullable=True),
    sa.Column('delivered_by_id', sa.String(length=36), nullable=True),
    sa.Column('delivery_op_id', sa.String(length=36), nullable=True),
    sa.Column('photo_sha256', sa.String(length=64), nullable=True),
    sa.Column('signature_sha256', sa.String(length=64), nullable=True),
    sa.Column('signer_name', sa.String(length=60), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['outlet_id'], ['outlet.id'], name=op.f('fk_material_request_outlet_id_outlet')),
    sa.ForeignKeyConstraint(['requested_by_id'], ['person.id'], name=op.f('fk_material_request_requested_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_material_request')),
    sa.UniqueConstraint('delivery_op_id', name=op.f('uq_material_request_delivery_op_id'))
    )
    with op.batch_alter_table('material_request', schema=None) as batch_op:
        batch_op.create_index('ix_material_request_due', ['due_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_material_request_outlet_id'), ['outlet_id'], unique=False)

    op.create_table('outlet_transfer',
    sa.Column('outlet_id', sa.String(length=36), nullable=False),
    sa.Column('on_day', sa.Date(), nullable=False),
    sa.Column('is_month_total', sa.Boolean(), nullable=False),
    sa.Column('amount_yuan', sa.BigInteger(), nullable=False),
    sa.Column('transaction_count', sa.Integer(), nullable=True),
    sa.Column('import_id', sa.String(length=36), nullable=True),
    sa.ForeignKeyConstraint(['import_id'], ['table_import.id'], name=op.f('fk_outlet_transfer_import_id_table_import')),
    sa.ForeignKeyConstraint(['outlet_id'], ['outlet.id'], name=op.f('fk_outlet_transfer_outlet_id_outlet')),
    sa.PrimaryKeyConstraint('outlet_id', 'on_day', name=op.f('pk_outlet_transfer'))
    )
    with op.batch_alter_table('outlet_transfer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_outlet_transfer_import_id'), ['import_id'], unique=False)
        batch_op.create_index('ix_outlet_transfer_on_day', ['on_day', 'outlet_id'], unique=False)

    op.create_table('payslip_step',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('op_id', sa.String(length=36), nullable=True),
    sa.Column('sheet_id', sa.String(length=36), nullable=False),
    sa.Column('action', sa.String(length=12), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('by_id', sa.String(length=36), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_payslip_step_by_id_person')),
    sa.ForeignKeyConstraint(['sheet_id'], ['wage_sheet.id'], name=op.f('fk_payslip_step_sheet_id_wage_sheet')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payslip_step')),
    sa.UniqueConstraint('op_id', name=op.f('uq_payslip_step_op_id'))
    )
    with op.batch_alter_table('payslip_step', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_payslip_step_sheet_id'), ['sheet_id'], unique=False)

    op.create_table('planned_training',
    sa.Column('month', sa.String(length=7), nullable=False),
    sa.Column('outlet_id', sa.String(length=36), nullable=False),
    sa.Column('outlet_class', sa.String(length=1), nullable=False),
    sa.Column('volume_change_yuan', sa.BigInteger(), nullable=False),
    sa.Column('planned_on', sa.Date(), nullable=True),
    sa.Column('place', sa.String(length=200), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('made_by_id', sa.String(length=36), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['outlet_id'], ['outlet.id'], name=op.f('fk_planned_training_outlet_id_outlet')),
    sa.PrimaryKeyConstraint('month', 'outlet_id', name=op.f('pk_planned_training'))
    )
    with op.batch_alter_table('planned_training', schema=None) as batch_op:
        batch_op.create_index('ix_planned_training_outlet', ['outlet_id'], unique=False)

    op.create_table('training',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('op_id', sa.String(length=36), nullable=True),
    sa.Column('outlet_id', sa.String(length=36), nullable=False),
    sa.Column('trainer_id', sa.String(length=36), nullable=False),
    sa.Column('trained_on', sa.Date(), nullable=False),
    sa.Column('is_new_customer', sa.Boolean(), nullable=False),
    sa.Column('place', sa.String(length=200), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('attendees', sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql'), nullable=False),
    sa.Column('attendee_count', sa.Integer(), nullable=False),
    sa.Column('photos', sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql'), nullable=False),
    sa.Column('signature_sha256', sa.String(length=64), nullable=True),
    sa.Column('signer_name', sa.String(length=60), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['outlet_id'], ['outlet.id'], name=op.f('fk_training_outlet_id_outlet')),
    sa.ForeignKeyConstraint(['trainer_id'], ['person.id'], name=op.f('fk_training_trainer_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training')),
    sa.UniqueConstraint('op_id', name=op.f('uq_training_op_id'))
    )
    with op.batch_alter_table('training', schema=None) as batch_op:
        batch_op.create_index('ix_training_on', ['trained_on'], unique=False)
        batch_op.create_index('ix_training_outlet_on', ['outlet_id', 'trained_on'], unique=False)

    op.create_table('churn_word',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('case_id', sa.String(length=36), nullable=False),
    sa.Column('source', sa.String(length=12), nullable=False),
    sa.Column('on_day', sa.Date(), nullable=False),
    sa.Column('is_gone', sa.Boolean(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('visit_id', sa.String(length=36), nullable=True),
    sa.Column('by_id', sa.String(length=36), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_churn_word_by_id_person')),
    sa.ForeignKeyConstraint(['case_id'], ['churn_case.id'], name=op.f('fk_churn_word_case_id_churn_case')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_churn_word'))
    )
    with op.batch_alter_table('churn_word', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_churn_word_case_id'), ['case_id'], unique=False)

    op.create_table('complaint_step',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('complaint_id', sa.String(length=36), nullable=False),
    sa.Column('action', sa.String(length=16), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('by_id', sa.String(length=36), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_complaint_step_by_id_person')),
    sa.ForeignKeyConstraint(['complaint_id'], ['complaint.id'], name=op.f('fk_complaint_step_complaint_id_complaint')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_complaint_step'))
    )
    with op.batch_alter_table('complaint_step', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_complaint_step_complaint_id'), ['complaint_id'], unique=False)

    op.create_table('finding_objection',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('op_id', sa.String(length=36), nullable=True),
    sa.Column('finding_id', sa.String(length=36), nullable=False),
    sa.Column('by_id', sa.String(length=36), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('photos', sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql'), nullable=False),
    sa.Column('answer', sa.String(length=12), nullable=False),
    sa.Column('answer_reason', sa.Text(), nullable=False),
    sa.Column('answered_by_id', sa.String(length=36), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_finding_objection_by_id_person')),
    sa.ForeignKeyConstraint(['finding_id'], ['finding.id'], name=op.f('fk_finding_objection_finding_id_finding')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_finding_objection')),
    sa.UniqueConstraint('op_id', name=op.f('uq_finding_objection_op_id'))
    )
    with op.batch_alter_table('finding_objection', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_finding_objection_finding_id'), ['finding_id'], unique=False)

    op.create_table('visit_flag',
    sa.Column('visit_id', sa.String(length=36), nullable=False),
    sa.Column('code', sa.String(length=24), nullable=False),
    sa.Column('points', sa.Integer(), nullable=False),
    sa.Column('detail', sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['visit_id'], ['visit.id'], name=op.f('fk_visit_flag_visit_id_visit')),
    sa.PrimaryKeyConstraint('visit_id', 'code', name=op.f('pk_visit_flag'))
    )
    with op.batch_alter_table('outlet', schema=None) as batch_op:
        batch_op.add_column(sa.Column('id_kind', sa.String(length=16), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('id_sealed', sa.String(length=400), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('id_masked', sa.String(length=40), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('storefront_photo', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('counter_photo', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('are_materials_complete', sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column('are_materials_placed_right', sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column('is_tidy', sa.Boolean(), nullable=True))

    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.add_column(sa.Column('starts_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('ends_on', sa.Date(), nullable=True))

    with op.batch_alter_table('visit', schema=None) as batch_op:
        batch_op.add_column(sa.Column('score', sa.Integer(), nullable=True))

    with op.batch_alter_table('wage_line', schema=None) as batch_op:
        batch_op.add_column(sa.Column('is_estimate', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('of_month', sa.String(length=7), nullable=False, server_default=''))
        batch_op.alter_column('unit_yuan',
               existing_type=sa.NUMERIC(precision=14, scale=4),
               type_=sa.Numeric(14, 6),
               nullable=True)

    with op.batch_alter_table('wage_sheet', schema=None) as batch_op:
        batch_op.add_column(sa.Column('adjustments_yuan', sa.BigInteger(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('withheld_yuan', sa.BigInteger(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('carried_yuan', sa.BigInteger(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('facts', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('seal', sa.String(length=64), nullable=True))

    lock_closed_months()


def downgrade() -> None:
    unlock_closed_months()
    with op.batch_alter_table('wage_sheet', schema=None) as batch_op:
        batch_op.drop_column('seal')
        batch_op.drop_column('facts')
        batch_op.drop_column('carried_yuan')
        batch_op.drop_column('withheld_yuan')
        batch_op.drop_column('adjustments_yuan')

    with op.batch_alter_table('wage_line', schema=None) as batch_op:
        batch_op.alter_column('unit_yuan',
               existing_type=sa.Numeric(14, 6),
               type_=sa.NUMERIC(precision=14, scale=4),
               nullable=False)
        batch_op.drop_column('of_month')
        batch_op.drop_column('is_estimate')

    with op.batch_alter_table('visit', schema=None) as batch_op:
        batch_op.drop_column('score')

    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.drop_column('ends_on')
        batch_op.drop_column('starts_on')

    with op.batch_alter_table('outlet', schema=None) as batch_op:
        batch_op.drop_column('is_tidy')
        batch_op.drop_column('are_materials_placed_right')
        batch_op.drop_column('are_materials_complete')
        batch_op.drop_column('counter_photo')
        batch_op.drop_column('storefront_photo')
        batch_op.drop_column('id_masked')
        batch_op.drop_column('id_sealed')
        batch_op.drop_column('id_kind')

    op.drop_table('visit_flag')
    with op.batch_alter_table('finding_objection', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_finding_objection_finding_id'))

    op.drop_table('finding_objection')
    with op.batch_alter_table('complaint_step', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_complaint_step_complaint_id'))

    op.drop_table('complaint_step')
    with op.batch_alter_table('churn_word', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_churn_word_case_id'))

    op.drop_table('churn_word')
    with op.batch_alter_table('training', schema=None) as batch_op:
        batch_op.drop_index('ix_training_outlet_on')
        batch_op.drop_index('ix_training_on')

    op.drop_table('training')
    with op.batch_alter_table('planned_training', schema=None) as batch_op:
        batch_op.drop_index('ix_planned_training_outlet')

    op.drop_table('planned_training')
    with op.batch_alter_table('payslip_step', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_payslip_step_sheet_id'))

    op.drop_table('payslip_step')
    with op.batch_alter_table('outlet_transfer', schema=None) as batch_op:
        batch_op.drop_index('ix_outlet_transfer_on_day')
        batch_op.drop_index(batch_op.f('ix_outlet_transfer_import_id'))

    op.drop_table('outlet_transfer')
    with op.batch_alter_table('material_request', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_material_request_outlet_id'))
        batch_op.drop_index('ix_material_request_due')

    op.drop_table('material_request')
    with op.batch_alter_table('complaint', schema=None) as batch_op:
        batch_op.drop_index('ix_complaint_state_due')
        batch_op.drop_index('ix_complaint_received')
        batch_op.drop_index(batch_op.f('ix_complaint_outlet_id'))

    op.drop_table('complaint')
    with op.batch_alter_table('churn_case', schema=None) as batch_op:
        batch_op.drop_index('uq_churn_case_outlet_month')
        batch_op.drop_index('ix_churn_case_state')

    op.drop_table('churn_case')
    with op.batch_alter_table('callback', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_callback_outlet_id'))
        batch_op.drop_index('ix_callback_kind_due')
        batch_op.drop_index('ix_callback_called')

    op.drop_table('callback')
    op.drop_table('wage_month')
    with op.batch_alter_table('table_import', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_table_import_sha256'))
        batch_op.drop_index(batch_op.f('ix_table_import_at'))

    op.drop_table('table_import')
    with op.batch_alter_table('photo_hash', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_photo_hash_look'))

    op.drop_table('photo_hash')
    op.drop_table('custom_wage_kind')
    with op.batch_alter_table('nightly_run', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_nightly_run_day'))

    op.drop_table('nightly_run')


# Closed months never change, whoever asks: the database itself refuses (RULEBOOK section 10).
# A later migration that rebuilds one of these tables on SQLite has to lay its triggers again.
NEW_SHEET = "EXISTS (SELECT 1 FROM wage_sheet WHERE id = NEW.sheet_id AND state = 'closed')"
OLD_SHEET = "EXISTS (SELECT 1 FROM wage_sheet WHERE id = OLD.sheet_id AND state = 'closed')"
LOCKS = (
    ('wage_sheet_update', 'UPDATE ON wage_sheet', "OLD.state = 'closed'"),
    ('wage_sheet_delete', 'DELETE ON wage_sheet', "OLD.state = 'closed'"),
    ('wage_line_insert', 'INSERT ON wage_line', NEW_SHEET),
    ('wage_line_update', 'UPDATE ON wage_line', f'{OLD_SHEET} OR {NEW_SHEET}'),
    ('wage_line_delete', 'DELETE ON wage_line', OLD_SHEET),
    ('wage_month_update', 'UPDATE ON wage_month', ''),
    ('wage_month_delete', 'DELETE ON wage_month', ''),
    ('payslip_step_update', 'UPDATE ON payslip_step', ''),
    ('payslip_step_delete', 'DELETE ON payslip_step', ''),
)
REFUSAL = 'a closed wage month never changes'


def lock_closed_months() -> None:
    if op.get_bind().dialect.name == 'sqlite':
        for name, what, condition in LOCKS:
            when = f'WHEN {condition} ' if condition else ''
            op.execute(f"CREATE TRIGGER locked_{name} BEFORE {what} {when}BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END")
        return
    for name, what, condition in LOCKS:
        back = 'OLD' if what.startswith('DELETE') else 'NEW'
        refuse = f"RAISE EXCEPTION '{REFUSAL}';"
        body = f'IF {condition} THEN {refuse} END IF; RETURN {back};' if condition else refuse
        op.execute(f'CREATE OR REPLACE FUNCTION locked_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$')
        op.execute(f'CREATE TRIGGER locked_{name} BEFORE {what} FOR EACH ROW EXECUTE FUNCTION locked_{name}()')


def unlock_closed_months() -> None:
    is_sqlite = op.get_bind().dialect.name == 'sqlite'
    for name, what, _ in LOCKS:
        op.execute(f'DROP TRIGGER locked_{name}' + ('' if is_sqlite else f' ON {what.rpartition(" ")[2]}'))
        if not is_sqlite:
            op.execute(f'DROP FUNCTION locked_{name}()')
