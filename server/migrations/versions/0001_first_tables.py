"""first tables

Revision: 0001.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "agent",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent")),
        sa.UniqueConstraint("name", name=op.f("uq_agent_name")),
    )
    op.create_table(
        "audit_row",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.String(length=36), nullable=True),
        sa.Column("action", sa.String(length=48), nullable=False),
        sa.Column("subject_type", sa.String(length=24), nullable=False),
        sa.Column("subject_id", sa.String(length=64), nullable=False),
        sa.Column("detail", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_row")),
    )
    with op.batch_alter_table("audit_row", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_row_at"), ["at"], unique=False)
        batch_op.create_index("ix_audit_row_subject", ["subject_type", "subject_id"], unique=False)

    op.create_table(
        "blob",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("mime", sa.String(length=40), nullable=True),
        sa.Column("expected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_blob")),
    )
    op.create_table(
        "blob_ref",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("op_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("entity_type", sa.String(length=24), nullable=False),
        sa.Column("entity_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("sha256", "op_id", name=op.f("pk_blob_ref")),
    )
    with op.batch_alter_table("blob_ref", schema=None) as batch_op:
        batch_op.create_index("ix_blob_ref_entity", ["entity_type", "entity_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_blob_ref_person_id"), ["person_id"], unique=False)

    op.create_table(
        "calendar_year",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("is_provisional", sa.Boolean(), nullable=False),
        sa.Column("off", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("on", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_calendar_year")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("login", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("password_hash", sa.String(length=160), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("login", name=op.f("uq_person_login")),
    )
    op.create_table(
        "policy_value",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("set_by_id", sa.String(length=36), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_value")),
    )
    with op.batch_alter_table("policy_value", schema=None) as batch_op:
        batch_op.create_index("ix_policy_value_key_from", ["key", "valid_from"], unique=False)

    op.create_table(
        "region",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("centre_lat", sa.Double(), nullable=True),
        sa.Column("centre_lon", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region")),
        sa.UniqueConstraint("name", name=op.f("uq_region_name")),
    )
    op.create_table(
        "scope_member",
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("granted_seq", sa.BigInteger(), nullable=False),
        sa.Column("revoked_seq", sa.BigInteger(), nullable=True),
        sa.Column("why", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "scope_id", name=op.f("pk_scope_member")),
    )
    op.create_table(
        "sync_clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_clock")),
    )
    op.create_table(
        "sync_commit",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("nonce", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_sync_commit")),
    )
    op.create_table(
        "sync_conflict",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("op_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("entity_type", sa.String(length=24), nullable=False),
        sa.Column("entity_id", sa.String(length=64), nullable=False),
        sa.Column("field", sa.String(length=48), nullable=False),
        sa.Column("mine", sa.Text(), nullable=False),
        sa.Column("theirs", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.String(length=36), nullable=True),
        sa.Column("outcome", sa.String(length=24), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_conflict")),
    )
    with op.batch_alter_table("sync_conflict", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sync_conflict_op_id"), ["op_id"], unique=False)

    op.create_table(
        "sync_feed",
        sa.Column("entity_type", sa.String(length=24), nullable=False),
        sa.Column("entity_id", sa.String(length=64), nullable=False),
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("entity_type", "entity_id", "scope_id", name=op.f("pk_sync_feed")),
    )
    with op.batch_alter_table("sync_feed", schema=None) as batch_op:
        batch_op.create_index("ix_sync_feed_scope_seq", ["scope_id", "seq"], unique=False)

    op.create_table(
        "sync_meta",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.String(length=36), nullable=False),
        sa.Column("floor_seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_meta")),
    )
    op.create_table(
        "sync_op",
        sa.Column("op_id", sa.String(length=36), nullable=False),
        sa.Column("client_id", sa.String(length=36), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("form", sa.String(length=24), nullable=False),
        sa.Column("entity_type", sa.String(length=24), nullable=False),
        sa.Column("entity_id", sa.String(length=64), nullable=False),
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("base_v", sa.BigInteger(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("body_sha256", sa.String(length=64), nullable=False),
        sa.Column("blobs", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("times", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("problem", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=True),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("op_id", name=op.f("pk_sync_op")),
    )
    with op.batch_alter_table("sync_op", schema=None) as batch_op:
        batch_op.create_index("ix_sync_op_code", ["code"], unique=False)
        batch_op.create_index("ix_sync_op_entity", ["entity_type", "entity_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sync_op_person_id"), ["person_id"], unique=False)

    op.create_table(
        "upload",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("upload_metadata", sa.String(length=1000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
    )
    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.create_index("uq_upload_person_sha256", ["person_id", "sha256"], unique=True)

    op.create_table(
        "device",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_device_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_device_token_hash")),
    )
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_device_person_id"), ["person_id"], unique=False)

    op.create_table(
        "outlet",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("region_id", sa.String(length=36), nullable=False),
        sa.Column("agent_id", sa.String(length=36), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("position_text", sa.String(length=200), nullable=False),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("position_accuracy_m", sa.Double(), nullable=True),
        sa.Column("position_visit_id", sa.String(length=36), nullable=True),
        sa.Column("person_in_charge", sa.String(length=60), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("cashiers", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("households_nearby", sa.Integer(), nullable=True),
        sa.Column("monthly_payments", sa.Integer(), nullable=True),
        sa.Column("chain_outlets", sa.Integer(), nullable=True),
        sa.Column("is_franchised_or_own_hall", sa.Boolean(), nullable=True),
        sa.Column("floor_area_m2", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.Column("monthly_fee_yuan", sa.BigInteger(), nullable=True),
        sa.Column("outlet_class", sa.String(length=1), nullable=False),
        sa.Column("class_reasons", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("account_no", sa.String(length=40), nullable=True),
        sa.Column("account_made_on", sa.Date(), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("churned_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_outlet_agent_id_agent")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_outlet_region_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outlet")),
        sa.UniqueConstraint("code", name=op.f("uq_outlet_code")),
    )
    with op.batch_alter_table("outlet", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outlet_region_id"), ["region_id"], unique=False)

    op.create_table(
        "person_region",
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("region_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_region_person_id_person")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_person_region_region_id_region")),
        sa.PrimaryKeyConstraint("person_id", "region_id", name=op.f("pk_person_region")),
    )
    op.create_table(
        "person_role",
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_role_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "role", name=op.f("pk_person_role")),
    )
    op.create_table(
        "sync_client",
        sa.Column("client_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=True),
        sa.Column("last_n", sa.BigInteger(), nullable=False),
        sa.Column("skew_ms", sa.BigInteger(), nullable=True),
        sa.Column("app", sa.String(length=40), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_forked", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sync_client_person_id_person")),
        sa.PrimaryKeyConstraint("client_id", name=op.f("pk_sync_client")),
    )
    with op.batch_alter_table("sync_client", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sync_client_device_id"), ["device_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sync_client_person_id"), ["person_id"], unique=False)

    op.create_table(
        "wage_sheet",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("gross_yuan", sa.BigInteger(), nullable=False),
        sa.Column("deductions_yuan", sa.BigInteger(), nullable=False),
        sa.Column("total_yuan", sa.BigInteger(), nullable=False),
        sa.Column("limit_yuan", sa.BigInteger(), nullable=False),
        sa.Column("shortfall_yuan", sa.BigInteger(), nullable=False),
        sa.Column("policy_version", sa.String(length=64), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_wage_sheet_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wage_sheet")),
    )
    with op.batch_alter_table("wage_sheet", schema=None) as batch_op:
        batch_op.create_index("uq_wage_sheet_person_month", ["person_id", "month"], unique=True)

    op.create_table(
        "assignment",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("outlet_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("made_by_id", sa.String(length=36), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlet.id"], name=op.f("fk_assignment_outlet_id_outlet")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_assignment_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index("ix_assignment_outlet_id", ["outlet_id", "starts_on"], unique=False)
        batch_op.create_index("ix_assignment_person_id", ["person_id", "starts_on"], unique=False)
        batch_op.create_index(
            "uq_assignment_open", ["outlet_id"], unique=True, postgresql_where=sa.text("ends_on IS NULL"), sqlite_where=sa.text("ends_on IS NULL")
        )

    op.create_table(
        "finding",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("source_key", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("outlet_id", sa.String(length=36), nullable=True),
        sa.Column("amount_yuan", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlet.id"], name=op.f("fk_finding_outlet_id_outlet")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_finding_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
        sa.UniqueConstraint("source_key", name=op.f("uq_finding_source_key")),
    )
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.create_index("ix_finding_month_state", ["month", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_finding_person_id"), ["person_id"], unique=False)

    op.create_table(
        "outlet_class_change",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("outlet_id", sa.String(length=36), nullable=False),
        sa.Column("outlet_class", sa.String(length=1), nullable=False),
        sa.Column("reasons", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlet.id"], name=op.f("fk_outlet_class_change_outlet_id_outlet")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outlet_class_change")),
    )
    with op.batch_alter_table("outlet_class_change", schema=None) as batch_op:
        batch_op.create_index("ix_outlet_class_change_outlet_from", ["outlet_id", "valid_from"], unique=False)

    op.create_table(
        "outlet_month",
        sa.Column("outlet_id", sa.String(length=36), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("rep_id", sa.String(length=36), nullable=True),
        sa.Column("outlet_class", sa.String(length=1), nullable=False),
        sa.Column("owed", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("visit_ids", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("policy_version", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlet.id"], name=op.f("fk_outlet_month_outlet_id_outlet")),
        sa.ForeignKeyConstraint(["rep_id"], ["person.id"], name=op.f("fk_outlet_month_rep_id_person")),
        sa.PrimaryKeyConstraint("outlet_id", "month", name=op.f("pk_outlet_month")),
    )
    with op.batch_alter_table("outlet_month", schema=None) as batch_op:
        batch_op.create_index("ix_outlet_month_rep", ["month", "rep_id"], unique=False)

    op.create_table(
        "sign_in_code",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("made_by_id", sa.String(length=36), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("device_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_sign_in_code_device_id_device")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_sign_in_code_made_by_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_code_person_id_person")),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_sign_in_code")),
    )
    with op.batch_alter_table("sign_in_code", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_code_person_id", ["person_id"], unique=False)

    op.create_table(
        "sync_slot",
        sa.Column("client_id", sa.String(length=36), nullable=False),
        sa.Column("n", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("op_id", sa.String(length=36), nullable=False),
        sa.Column("problem", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["sync_client.client_id"], name=op.f("fk_sync_slot_client_id_sync_client")),
        sa.PrimaryKeyConstraint("client_id", "n", name=op.f("pk_sync_slot")),
    )
    with op.batch_alter_table("sync_slot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sync_slot_op_id"), ["op_id"], unique=False)

    op.create_table(
        "visit",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("op_id", sa.String(length=36), nullable=False),
        sa.Column("form", sa.String(length=24), nullable=False),
        sa.Column("record_sha256", sa.String(length=64), nullable=False),
        sa.Column("outlet_id", sa.String(length=36), nullable=False),
        sa.Column("rep_id", sa.String(length=36), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("checked_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_out_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("clock_offset_ms", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fix_lat", sa.Double(), nullable=True),
        sa.Column("fix_lon", sa.Double(), nullable=True),
        sa.Column("fix_accuracy_m", sa.Double(), nullable=True),
        sa.Column("fix_taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fix_source", sa.String(length=12), nullable=True),
        sa.Column("distance_m", sa.Double(), nullable=True),
        sa.Column("presence_reason", sa.String(length=16), nullable=True),
        sa.Column("presence_note", sa.Text(), nullable=False),
        sa.Column("has_complaint", sa.Boolean(), nullable=False),
        sa.Column("complaint_note", sa.Text(), nullable=False),
        sa.Column("condition", sa.Text(), nullable=False),
        sa.Column("handling", sa.Text(), nullable=False),
        sa.Column("checklist", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("is_checklist_complete", sa.Boolean(), nullable=False),
        sa.Column("signer_name", sa.String(length=60), nullable=True),
        sa.Column("signer_role", sa.String(length=12), nullable=True),
        sa.Column("signature_sha256", sa.String(length=64), nullable=True),
        sa.Column("signature_refusal", sa.Text(), nullable=True),
        sa.Column("corrects_id", sa.String(length=36), nullable=True),
        sa.Column("was_out_of_scope", sa.Boolean(), nullable=False),
        sa.Column("is_replaced", sa.Boolean(), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=True),
        sa.Column("is_complete", sa.Boolean(), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("needs_review", sa.Boolean(), nullable=False),
        sa.Column("reasons", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("allowed_m", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlet.id"], name=op.f("fk_visit_outlet_id_outlet")),
        sa.ForeignKeyConstraint(["rep_id"], ["person.id"], name=op.f("fk_visit_rep_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
        sa.UniqueConstraint("op_id", name=op.f("uq_visit_op_id")),
    )
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.create_index("ix_visit_on", ["visited_on"], unique=False)
        batch_op.create_index("ix_visit_outlet_on", ["outlet_id", "visited_on"], unique=False)
        batch_op.create_index("ix_visit_rep_on", ["rep_id", "visited_on"], unique=False)

    op.create_table(
        "wage_line",
        sa.Column("sheet_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.Column("unit_yuan", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.Column("amount_yuan", sa.BigInteger(), nullable=False),
        sa.Column("rule_key", sa.String(length=64), nullable=False),
        sa.Column("evidence", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["sheet_id"], ["wage_sheet.id"], name=op.f("fk_wage_line_sheet_id_wage_sheet")),
        sa.PrimaryKeyConstraint("sheet_id", "position", name=op.f("pk_wage_line")),
    )
    op.create_table(
        "finding_evidence",
        sa.Column("finding_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("ref_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"], name=op.f("fk_finding_evidence_finding_id_finding")),
        sa.PrimaryKeyConstraint("finding_id", "kind", "ref_id", name=op.f("pk_finding_evidence")),
    )
    op.create_table(
        "finding_step",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("finding_id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.String(length=36), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_finding_step_by_id_person")),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"], name=op.f("fk_finding_step_finding_id_finding")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_step")),
    )
    with op.batch_alter_table("finding_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_finding_step_finding_id"), ["finding_id"], unique=False)

    op.create_table(
        "visit_photo",
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("slot", sa.String(length=16), nullable=False),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("exif_taken_at", sa.String(length=40), nullable=True),
        sa.Column("exif_lat", sa.Double(), nullable=True),
        sa.Column("exif_lon", sa.Double(), nullable=True),
        sa.Column("is_blurred", sa.Boolean(), nullable=False),
        sa.Column("is_dark", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_visit_photo_visit_id_visit")),
        sa.PrimaryKeyConstraint("visit_id", "position", name=op.f("pk_visit_photo")),
    )
    with op.batch_alter_table("visit_photo", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visit_photo_sha256"), ["sha256"], unique=False)

    op.create_table(
        "visit_review",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("decision", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_visit_review_by_id_person")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_visit_review_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_review")),
    )
    with op.batch_alter_table("visit_review", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visit_review_visit_id"), ["visit_id"], unique=False)


def downgrade() -> None:

    with op.batch_alter_table("visit_review", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_visit_review_visit_id"))

    op.drop_table("visit_review")
    with op.batch_alter_table("visit_photo", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_visit_photo_sha256"))

    op.drop_table("visit_photo")
    with op.batch_alter_table("finding_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_finding_step_finding_id"))

    op.drop_table("finding_step")
    op.drop_table("finding_evidence")
    op.drop_table("wage_line")
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.drop_index("ix_visit_rep_on")
        batch_op.drop_index("ix_visit_outlet_on")
        batch_op.drop_index("ix_visit_on")

    op.drop_table("visit")
    with op.batch_alter_table("sync_slot", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sync_slot_op_id"))

    op.drop_table("sync_slot")
    with op.batch_alter_table("sign_in_code", schema=None) as batch_op:
        batch_op.drop_index("ix_sign_in_code_person_id")

    op.drop_table("sign_in_code")
    with op.batch_alter_table("outlet_month", schema=None) as batch_op:
        batch_op.drop_index("ix_outlet_month_rep")

    op.drop_table("outlet_month")
    with op.batch_alter_table("outlet_class_change", schema=None) as batch_op:
        batch_op.drop_index("ix_outlet_class_change_outlet_from")

    op.drop_table("outlet_class_change")
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_finding_person_id"))
        batch_op.drop_index("ix_finding_month_state")

    op.drop_table("finding")
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index("uq_assignment_open", postgresql_where=sa.text("ends_on IS NULL"), sqlite_where=sa.text("ends_on IS NULL"))
        batch_op.drop_index("ix_assignment_person_id")
        batch_op.drop_index("ix_assignment_outlet_id")

    op.drop_table("assignment")
    with op.batch_alter_table("wage_sheet", schema=None) as batch_op:
        batch_op.drop_index("uq_wage_sheet_person_month")

    op.drop_table("wage_sheet")
    with op.batch_alter_table("sync_client", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sync_client_person_id"))
        batch_op.drop_index(batch_op.f("ix_sync_client_device_id"))

    op.drop_table("sync_client")
    op.drop_table("person_role")
    op.drop_table("person_region")
    with op.batch_alter_table("outlet", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outlet_region_id"))

    op.drop_table("outlet")
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_device_person_id"))

    op.drop_table("device")
    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.drop_index("uq_upload_person_sha256")

    op.drop_table("upload")
    with op.batch_alter_table("sync_op", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sync_op_person_id"))
        batch_op.drop_index("ix_sync_op_entity")
        batch_op.drop_index("ix_sync_op_code")

    op.drop_table("sync_op")
    op.drop_table("sync_meta")
    with op.batch_alter_table("sync_feed", schema=None) as batch_op:
        batch_op.drop_index("ix_sync_feed_scope_seq")

    op.drop_table("sync_feed")
    with op.batch_alter_table("sync_conflict", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sync_conflict_op_id"))

    op.drop_table("sync_conflict")
    op.drop_table("sync_commit")
    op.drop_table("sync_clock")
    op.drop_table("scope_member")
    op.drop_table("region")
    with op.batch_alter_table("policy_value", schema=None) as batch_op:
        batch_op.drop_index("ix_policy_value_key_from")

    op.drop_table("policy_value")
    op.drop_table("person")
    op.drop_table("calendar_year")
    with op.batch_alter_table("blob_ref", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_blob_ref_person_id"))
        batch_op.drop_index("ix_blob_ref_entity")

    op.drop_table("blob_ref")
    op.drop_table("blob")
    with op.batch_alter_table("audit_row", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_row_subject")
        batch_op.drop_index(batch_op.f("ix_audit_row_at"))

    op.drop_table("audit_row")
    op.drop_table("agent")
