"""The first shape of our own tables; a version is never edited once a district runs it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import VARCHAR

revision = "0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True)
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def code(length: int) -> sa.types.TypeEngine[str]:
    """Returns the type of a code that is compared byte by byte."""
    return sa.String(length).with_variant(VARCHAR(length, collation="C"), "postgresql")


def upgrade() -> None:
    """Makes the tables, and the start of the chain of events that each event follows."""
    _access_log()
    _account()
    _attempts()
    _chain_head()
    _counter()
    _event()
    _release()
    _submission()
    _account_grant()
    _breach()
    _consent()
    _correction()
    _erasure()
    _event_value()
    _identity()
    _invitation()
    _past_password()
    _recovery_code()
    _second_factor()
    _sop_version()
    _web_session()
    _case()
    _draft()
    _field_record()
    _erased()
    _case_document()
    _emergency()
    _issued_letter()
    _task()
    _referral()
    _clocks()
    _twins()
    _screening()
    _case_need()
    _case_transfer()
    _note()
    _photo()
    _letter_draft()
    _letter_mark()
    _letter_file()
    _letter_check()
    _reserved_number()
    _print_job()
    _print_item()
    op.execute("INSERT INTO chain_head (id, hash) VALUES (1, '" + "0" * 64 + "')")


def _access_log() -> None:
    op.create_table(
        "access_log",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(120), nullable=False),
        sa.Column("page", sa.String(120), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("because", sa.Text(), server_default="", nullable=False),
        sa.Column("seal", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_access_log"),
    )
    op.create_index("ix_access_log_actor_id_at", "access_log", ["actor_id", "at"], unique=False)
    op.create_index("ix_access_log_at", "access_log", ["at"], unique=False)


def _account() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(80), nullable=False),
        sa.Column("label", sa.String(120), nullable=False),
        sa.Column("password", sa.String(200), nullable=False),
        sa.Column("password_at", MOMENT, nullable=True),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("without_factor", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("login", name="uq_account_login"),
    )


def _attempts() -> None:
    op.create_table(
        "attempts",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_attempts"),
    )


def _chain_head() -> None:
    op.create_table(
        "chain_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("number", KEY, server_default="0", nullable=False),
        sa.Column("seal", sa.String(64), nullable=True),
        sa.Column("key", sa.String(16), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_chain_head"),
    )


def _counter() -> None:
    op.create_table(
        "counter",
        sa.Column("series", sa.String(120), nullable=False),
        sa.Column("period", sa.String(10), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("series", "period", name="pk_counter"),
    )


def _event() -> None:
    op.create_table(
        "event",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(60), nullable=False),
        sa.Column("subject_id", KEY, nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("seal", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
    )
    op.create_index("ix_event_subject", "event", ["subject", "subject_id", "id"], unique=False)


def _release() -> None:
    op.create_table(
        "release",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("format", sa.Integer(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("templates", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("applied_at", MOMENT, nullable=False),
        sa.Column("applied_by", sa.String(80), nullable=False),
        sa.Column("backup", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_release"),
    )


def _submission() -> None:
    op.create_table(
        "submission",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("led_to", sa.String(200), nullable=False),
        sa.Column("content", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_submission"),
    )


def _account_grant() -> None:
    op.create_table(
        "account_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("area", code(13), nullable=False),
        sa.Column("acting", sa.String(3), nullable=False),
        sa.Column("for_id", sa.Integer(), nullable=True),
        sa.Column("since", MOMENT, nullable=True),
        sa.Column("until", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_account_grant_account_id"),
        sa.ForeignKeyConstraint(["for_id"], ["account.id"], name="fk_account_grant_for_id"),
        sa.PrimaryKeyConstraint("id", name="pk_account_grant"),
        sa.UniqueConstraint(
            "account_id", "role", "area", "since", name="uq_account_grant_account_id_role_area_since"
        ),
    )


def _breach() -> None:
    op.create_table(
        "breach",
        sa.Column("id", KEY, nullable=False),
        sa.Column("noticed_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("reported_by", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("measures", sa.Text(), nullable=False),
        sa.Column("contact", sa.String(200), nullable=False),
        sa.Column("since", MOMENT, nullable=True),
        sa.Column("until", MOMENT, nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("whose", sa.JSON(), nullable=False),
        sa.Column("authority_told_at", MOMENT, nullable=True),
        sa.Column("people_told_at", MOMENT, nullable=True),
        sa.Column("status", sa.String(10), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_breach_account_id"),
        sa.ForeignKeyConstraint(["reported_by"], ["account.id"], name="fk_breach_reported_by"),
        sa.PrimaryKeyConstraint("id", name="pk_breach"),
    )


def _consent() -> None:
    op.create_table(
        "consent",
        sa.Column("id", KEY, nullable=False),
        sa.Column("resident_id", KEY, nullable=False),
        sa.Column("case_id", KEY, nullable=True),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("recipient", sa.String(40), nullable=True),
        sa.Column("how", sa.String(10), nullable=False),
        sa.Column("witness", sa.String(120), nullable=True),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("taken_by", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawal", sa.String(200), nullable=True),
        sa.ForeignKeyConstraint(["taken_by"], ["account.id"], name="fk_consent_taken_by"),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["account.id"], name="fk_consent_withdrawn_by"),
        sa.PrimaryKeyConstraint("id", name="pk_consent"),
    )
    op.create_index("ix_consent_resident_id_purpose", "consent", ["resident_id", "purpose"], unique=False)


def _correction() -> None:
    op.create_table(
        "correction",
        sa.Column("id", KEY, nullable=False),
        sa.Column("resident_id", KEY, nullable=False),
        sa.Column("wanted", sa.Text(), nullable=False),
        sa.Column("evidence", sa.String(200), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("event_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(["answered_by"], ["account.id"], name="fk_correction_answered_by"),
        sa.ForeignKeyConstraint(["asked_by"], ["account.id"], name="fk_correction_asked_by"),
        sa.PrimaryKeyConstraint("id", name="pk_correction"),
    )
    op.create_index("ix_correction_resident_id", "correction", ["resident_id"], unique=False)
    op.create_index("ix_correction_status_due_at", "correction", ["status", "due_at"], unique=False)


def _erasure() -> None:
    op.create_table(
        "erasure",
        sa.Column("id", KEY, nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("ground", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("cases", sa.JSON(), nullable=False),
        sa.Column("residents", sa.JSON(), nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decision", sa.String(200), nullable=True),
        sa.Column("checked_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"], name="fk_erasure_decided_by"),
        sa.ForeignKeyConstraint(["proposed_by"], ["account.id"], name="fk_erasure_proposed_by"),
        sa.PrimaryKeyConstraint("id", name="pk_erasure"),
    )
    op.create_index("ix_erasure_status_id", "erasure", ["status", "id"], unique=False)


def _event_value() -> None:
    op.create_table(
        "event_value",
        sa.Column("event_id", KEY, autoincrement=False, nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_event_value_event_id"),
        sa.PrimaryKeyConstraint("event_id", name="pk_event_value"),
    )


def _identity() -> None:
    op.create_table(
        "identity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(200), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_identity_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_identity"),
        sa.UniqueConstraint("issuer", "subject", name="uq_identity_issuer_subject"),
    )
    op.create_index("ix_identity_account_id", "identity", ["account_id"], unique=False)


def _invitation() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_invitation_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_invitation"),
        sa.UniqueConstraint("code", name="uq_invitation_code"),
    )
    op.create_index("ix_invitation_account_id", "invitation", ["account_id"], unique=False)


def _past_password() -> None:
    op.create_table(
        "past_password",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("password", sa.String(200), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_past_password_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_past_password"),
    )
    op.create_index("ix_past_password_account_id", "past_password", ["account_id"], unique=False)


def _recovery_code() -> None:
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_recovery_code_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_recovery_code"),
    )
    op.create_index("ix_recovery_code_account_id", "recovery_code", ["account_id"], unique=False)


def _second_factor() -> None:
    op.create_table(
        "second_factor",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(200), nullable=False),
        sa.Column("since", MOMENT, nullable=True),
        sa.Column("last_step", KEY, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_second_factor_account_id"),
        sa.PrimaryKeyConstraint("account_id", name="pk_second_factor"),
    )


def _sop_version() -> None:
    op.create_table(
        "sop_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sop", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("format", sa.Integer(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("renamed", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name="fk_sop_version_release_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sop_version"),
        sa.UniqueConstraint("sop", "number", name="uq_sop_version_sop_number"),
    )


def _web_session() -> None:
    op.create_table(
        "web_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("locked_at", MOMENT, nullable=True),
        sa.Column("factor_at", MOMENT, nullable=True),
        sa.Column("device", sa.String(60), nullable=False),
        sa.Column("kept", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_web_session_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_web_session"),
        sa.UniqueConstraint("token", name="uq_web_session_token"),
    )
    op.create_index("ix_web_session_account_id", "web_session", ["account_id"], unique=False)


def _case() -> None:
    op.create_table(
        "case",
        sa.Column("id", KEY, nullable=False),
        sa.Column("number", code(60), nullable=False),
        sa.Column("area", code(13), nullable=False),
        sa.Column("centre", sa.String(40), nullable=False),
        sa.Column("access", sa.String(20), nullable=False),
        sa.Column("resident_id", KEY, nullable=True),
        sa.Column("reporter_name", sa.String(120), nullable=True),
        sa.Column("reporter_phone", sa.String(20), nullable=True),
        sa.Column("reporter_relation", sa.String(80), nullable=True),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("program", sa.String(40), nullable=False),
        sa.Column("complaint", sa.String(40), nullable=False),
        sa.Column("priority", sa.String(40), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("sop", sa.String(40), nullable=False),
        sa.Column("sop_version_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(20), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("outcome", sa.String(40), nullable=True),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *_ticket(),
        sa.Column("reporter", sa.String(10), nullable=True),
        sa.Column("without_nik", sa.String(40), nullable=True),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("may_close", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["opened_by"], ["account.id"], name="fk_case_opened_by"),
        sa.ForeignKeyConstraint(["sop_version_id"], ["sop_version.id"], name="fk_case_sop_version_id"),
        sa.PrimaryKeyConstraint("id", name="pk_case"),
        sa.UniqueConstraint("number", name="uq_case_number"),
        sa.UniqueConstraint("ticket_code", name="uq_case_ticket_code"),
    )
    op.create_index("ix_case_area_id", "case", ["area", "id"], unique=False)
    op.create_index("ix_case_due_at_id", "case", ["due_at", "id"], unique=False)
    op.create_index("ix_case_program", "case", ["program"], unique=False)
    op.create_index("ix_case_resident_id", "case", ["resident_id"], unique=False)
    op.create_index("ix_case_status_area_id", "case", ["status", "area", "id"], unique=False)
    op.create_index("ix_case_status_id", "case", ["status", "id"], unique=False)


def _erased() -> None:
    op.create_table(
        "erased",
        sa.Column("id", KEY, nullable=False),
        sa.Column("erasure_id", KEY, nullable=True),
        sa.Column("subject", sa.String(60), nullable=False),
        sa.Column("subject_id", KEY, nullable=False),
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["erasure_id"], ["erasure.id"], name="fk_erased_erasure_id"),
        sa.PrimaryKeyConstraint("id", name="pk_erased"),
        sa.UniqueConstraint("subject", "subject_id", name="uq_erased_subject_subject_id"),
    )
    op.create_index("ix_erased_erasure_id", "erased", ["erasure_id"], unique=False)


def _case_document() -> None:
    op.create_table(
        "case_document",
        sa.Column("id", KEY, nullable=False),
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("document", sa.String(40), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("follow_by", sa.Date(), nullable=True),
        sa.Column("note", sa.String(200), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_case_document_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_case_document"),
        sa.UniqueConstraint("case_id", "document", name="uq_case_document_case_id_document"),
    )


def _emergency() -> None:
    op.create_table(
        "emergency",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("judged_at", MOMENT, nullable=True),
        sa.Column("judged_by", sa.Integer(), nullable=True),
        sa.Column("justified", sa.Boolean(), nullable=True),
        sa.Column("note", sa.String(500), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_emergency_account_id"),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_emergency_case_id"),
        sa.ForeignKeyConstraint(["judged_by"], ["account.id"], name="fk_emergency_judged_by"),
        sa.PrimaryKeyConstraint("id", name="pk_emergency"),
    )
    op.create_index("ix_emergency_account_id", "emergency", ["account_id"], unique=False)
    op.create_index("ix_emergency_case_id", "emergency", ["case_id"], unique=False)


def _issued_letter() -> None:
    op.create_table(
        "issued_letter",
        sa.Column("id", KEY, nullable=False),
        sa.Column("case_id", KEY, nullable=True),
        sa.Column("area", code(13), nullable=False),
        sa.Column("letter", sa.String(40), nullable=False),
        sa.Column("number", code(120), nullable=True),
        sa.Column("series", sa.String(120), nullable=True),
        sa.Column("period", sa.String(10), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.Column("numbered", sa.String(10), nullable=False),
        sa.Column("destination", sa.String(40), nullable=True),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("template_digest", sa.String(64), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("issued_at", MOMENT, nullable=False),
        sa.Column("issued_by", sa.Integer(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=True),
        sa.Column("pdf_digest", sa.String(64), nullable=True),
        sa.Column("engine", sa.String(80), nullable=True),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("replaced_by", KEY, nullable=True),
        sa.Column("check_digest", sa.String(64), nullable=True),
        sa.Column("statement", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_issued_letter_case_id"),
        sa.ForeignKeyConstraint(["issued_by"], ["account.id"], name="fk_issued_letter_issued_by"),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name="fk_issued_letter_release_id"),
        sa.ForeignKeyConstraint(["replaced_by"], ["issued_letter.id"], name="fk_issued_letter_replaced_by"),
        sa.PrimaryKeyConstraint("id", name="pk_issued_letter"),
        sa.UniqueConstraint("check_digest", name="uq_issued_letter_check_digest"),
        sa.UniqueConstraint("number", name="uq_issued_letter_number"),
        sa.UniqueConstraint("series", "period", "sequence", name="uq_issued_letter_series_period_sequence"),
    )
    op.create_index("ix_issued_letter_area_id", "issued_letter", ["area", "id"], unique=False)
    op.create_index("ix_issued_letter_area_issued_at", "issued_letter", ["area", "issued_at"], unique=False)
    op.create_index("ix_issued_letter_case_id", "issued_letter", ["case_id"], unique=False)
    op.create_index("ix_issued_letter_pdf_digest", "issued_letter", ["pdf_digest"], unique=False)


def _task() -> None:
    op.create_table(
        "task",
        sa.Column("id", KEY, nullable=False),
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("step", sa.String(40), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("area", code(13), nullable=False),
        sa.Column("access", sa.String(20), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("assigned_to", sa.Integer(), nullable=True),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("derivation", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("completed_at", MOMENT, nullable=True),
        sa.Column("completed_by", sa.Integer(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("paused_at", MOMENT, nullable=True),
        sa.Column("branch", sa.String(90), nullable=False),
        sa.Column("after_id", KEY, nullable=True),
        sa.Column("ended_by", KEY, nullable=True),
        sa.Column("draft", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["assigned_to"], ["account.id"], name="fk_task_assigned_to"),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_task_case_id"),
        sa.ForeignKeyConstraint(["completed_by"], ["account.id"], name="fk_task_completed_by"),
        sa.PrimaryKeyConstraint("id", name="pk_task"),
    )
    op.create_index("ix_task_assigned_to", "task", ["assigned_to"], unique=False)
    op.create_index("ix_task_case_id", "task", ["case_id"], unique=False)
    op.create_index("ix_task_completed_by", "task", ["completed_by"], unique=False)
    op.create_index("ix_task_role_due", "task", ["status", "role", "due_at", "id"], unique=False)
    op.create_index(
        "uq_task_open_step",
        "task",
        ["case_id", "step"],
        unique=True,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index("ix_task_worklist", "task", ["status", "role", "area", "due_at", "id"], unique=False)


def _referral() -> None:
    op.create_table(
        "referral",
        sa.Column("id", KEY, nullable=False),
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("destination", sa.String(40), nullable=False),
        sa.Column("letter_id", KEY, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("issued_at", MOMENT, nullable=False),
        sa.Column("reply_due_at", MOMENT, nullable=True),
        sa.Column("replied_at", MOMENT, nullable=True),
        *_life_of_referral(),
        sa.Column("task_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_referral_case_id"),
        sa.ForeignKeyConstraint(["letter_id"], ["issued_letter.id"], name="fk_referral_letter_id"),
        sa.PrimaryKeyConstraint("id", name="pk_referral"),
        sa.UniqueConstraint("page_code", name="uq_referral_page_code"),
    )
    op.create_index("ix_referral_case_id", "referral", ["case_id"], unique=False)


def _ticket() -> tuple[sa.Column[Any], ...]:
    """The columns of a case with which its resident follows it."""
    return (
        sa.Column("ticket_code", code(20), nullable=True),
        sa.Column("ticket_secret", sa.String(64), nullable=True),
        sa.Column("ticket_failures", sa.Integer(), nullable=False),
    )


def _life_of_referral() -> tuple[sa.Column[Any], ...]:
    """The columns of a referral beyond its making out and its reply."""
    return (
        sa.Column("step", sa.String(40), nullable=True),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("act_by", MOMENT, nullable=True),
        sa.Column("noted_at", MOMENT, nullable=True),
        sa.Column("way", sa.String(20), nullable=True),
        sa.Column("reason", sa.String(40), nullable=True),
        sa.Column("missing", sa.JSON(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("confirmed_by", sa.String(20), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("evidence_on", sa.Date(), nullable=True),
        sa.Column("frozen", sa.JSON(), nullable=True),
        sa.Column("page_code", code(20), nullable=True),
        sa.Column("page_secret", sa.String(64), nullable=True),
        sa.Column("page_failures", sa.Integer(), nullable=False),
        sa.Column("page_until", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
    )


def _clocks() -> None:
    _clock()
    _case_pause()
    _clock_level()
    _notice()
    op.create_table(
        "sweep",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("lease_until", MOMENT, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sweep"),
    )


def _clock() -> None:
    op.create_table(
        "clock",
        sa.Column("id", KEY, nullable=False),
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("subject_id", KEY, nullable=False),
        sa.Column("step", sa.String(40), nullable=False),
        sa.Column("limits", sa.String(120), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("warn_at", MOMENT, nullable=False),
        sa.Column("derivation", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("paused_at", MOMENT, nullable=True),
        sa.Column("stopped_at", MOMENT, nullable=True),
        sa.Column("breached_at", MOMENT, nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("next_at", MOMENT, nullable=True),
        sa.Column("failure", sa.String(80), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_clock_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_clock"),
        sa.UniqueConstraint("kind", "subject_id", name="uq_clock_kind_subject_id"),
    )
    op.create_index("ix_clock_case_id", "clock", ["case_id"], unique=False)
    op.create_index("ix_clock_next_at_id", "clock", ["next_at", "id"], unique=False)


def _case_pause() -> None:
    op.create_table(
        "case_pause",
        sa.Column("id", KEY, nullable=False),
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("task_id", KEY, nullable=True),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("label", sa.String(120), nullable=False),
        sa.Column("owner", sa.String(20), nullable=False),
        sa.Column("stops", sa.String(60), nullable=False),
        sa.Column("note", sa.String(200), nullable=True),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("started_by", sa.Integer(), nullable=True),
        sa.Column("until", MOMENT, nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_case_pause_case_id"),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name="fk_case_pause_task_id"),
        sa.ForeignKeyConstraint(["started_by"], ["account.id"], name="fk_case_pause_started_by"),
        sa.ForeignKeyConstraint(["ended_by"], ["account.id"], name="fk_case_pause_ended_by"),
        sa.PrimaryKeyConstraint("id", name="pk_case_pause"),
    )
    op.create_index("ix_case_pause_case_id", "case_pause", ["case_id"], unique=False)


def _clock_level() -> None:
    op.create_table(
        "clock_level",
        sa.Column("id", KEY, nullable=False),
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("clock_id", KEY, nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("should_at", MOMENT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_clock_level_case_id"),
        sa.ForeignKeyConstraint(["clock_id"], ["clock.id"], name="fk_clock_level_clock_id"),
        sa.PrimaryKeyConstraint("id", name="pk_clock_level"),
        sa.UniqueConstraint("clock_id", "level", name="uq_clock_level_clock_id_level"),
    )
    op.create_index("ix_clock_level_case_id", "clock_level", ["case_id"], unique=False)


def _notice() -> None:
    op.create_table(
        "notice",
        sa.Column("id", KEY, nullable=False),
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("clock_id", KEY, nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(40), nullable=False),
        sa.Column("whom", sa.String(60), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(40), nullable=True),
        sa.Column("area", code(13), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("done_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_notice_case_id"),
        sa.ForeignKeyConstraint(["clock_id"], ["clock.id"], name="fk_notice_clock_id"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_notice_account_id"),
        sa.ForeignKeyConstraint(["done_by"], ["account.id"], name="fk_notice_done_by"),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
        sa.UniqueConstraint("clock_id", "level", "whom", name="uq_notice_clock_id_level_whom"),
    )
    op.create_index("ix_notice_case_id", "notice", ["case_id"], unique=False)
    op.create_index("ix_notice_account_id_done_at", "notice", ["account_id", "done_at"], unique=False)
    op.create_index("ix_notice_role_done_at_area", "notice", ["role", "done_at", "area"], unique=False)


def _twins() -> None:
    op.create_table(
        "match_key",
        sa.Column("id", KEY, nullable=False),
        sa.Column("resident_id", KEY, nullable=False),
        sa.Column("key", code(40), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_match_key"),
    )
    op.create_index("ix_match_key_key_resident_id", "match_key", ["key", "resident_id"], unique=False)
    op.create_index("ix_match_key_resident_id", "match_key", ["resident_id"], unique=False)
    op.create_table(
        "twin",
        sa.Column("id", KEY, nullable=False),
        sa.Column("resident_id", KEY, nullable=False),
        sa.Column("other_id", KEY, nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("clauses", sa.String(40), nullable=False),
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("found_at", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(200), nullable=True),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"], name="fk_twin_decided_by"),
        sa.PrimaryKeyConstraint("id", name="pk_twin"),
        sa.UniqueConstraint("resident_id", "other_id", name="uq_twin_resident_id_other_id"),
    )
    op.create_index("ix_twin_other_id", "twin", ["other_id"], unique=False)
    op.create_index("ix_twin_status_score_id", "twin", ["status", "score", "id"], unique=False)
    op.create_table(
        "merge",
        sa.Column("id", KEY, nullable=False),
        sa.Column("stays_id", KEY, nullable=False),
        sa.Column("gone_id", KEY, nullable=False),
        sa.Column("hidden_id", KEY, nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name="fk_merge_made_by"),
        sa.ForeignKeyConstraint(["undone_by"], ["account.id"], name="fk_merge_undone_by"),
        sa.PrimaryKeyConstraint("id", name="pk_merge"),
        sa.UniqueConstraint("hidden_id", name="uq_merge_hidden_id"),
    )
    op.create_index("ix_merge_gone_id", "merge", ["gone_id"], unique=False)
    op.create_index("ix_merge_stays_id", "merge", ["stays_id"], unique=False)
    op.create_table(
        "merge_kept",
        sa.Column("merge_id", KEY, autoincrement=False, nullable=False),
        sa.Column("resident_id", KEY, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed", sa.JSON(), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["merge_id"], ["merge.id"], name="fk_merge_kept_merge_id"),
        sa.PrimaryKeyConstraint("merge_id", name="pk_merge_kept"),
    )
    op.create_index("ix_merge_kept_resident_id", "merge_kept", ["resident_id"], unique=False)


def _screening() -> None:
    op.create_table(
        "screening",
        sa.Column("id", KEY, nullable=False),
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_screening_case_id"),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name="fk_screening_made_by"),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name="fk_screening_release_id"),
        sa.PrimaryKeyConstraint("id", name="pk_screening"),
    )
    op.create_index("ix_screening_case_id", "screening", ["case_id"], unique=False)


def _case_need() -> None:
    op.create_table(
        "case_need",
        sa.Column("id", KEY, nullable=False),
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("complaint", sa.String(40), nullable=False),
        sa.Column("outcome", sa.String(40), nullable=True),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_case_need_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_case_need"),
        sa.UniqueConstraint("case_id", "complaint", name="uq_case_need_case_id_complaint"),
    )


def _case_transfer() -> None:
    op.create_table(
        "case_transfer",
        sa.Column("id", KEY, nullable=False),
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("number", code(60), nullable=False),
        sa.Column("program", sa.String(40), nullable=False),
        sa.Column("complaint", sa.String(40), nullable=False),
        sa.Column("access", sa.String(20), nullable=False),
        sa.Column("from_area", code(13), nullable=False),
        sa.Column("to_area", code(13), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("offered_at", MOMENT, nullable=False),
        sa.Column("offered_by", sa.Integer(), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_case_transfer_case_id"),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"], name="fk_case_transfer_decided_by"),
        sa.ForeignKeyConstraint(["offered_by"], ["account.id"], name="fk_case_transfer_offered_by"),
        sa.PrimaryKeyConstraint("id", name="pk_case_transfer"),
    )
    op.create_index("ix_case_transfer_case_id", "case_transfer", ["case_id"], unique=False)
    op.create_index("ix_case_transfer_from_area", "case_transfer", ["status", "from_area"], unique=False)
    op.create_index("ix_case_transfer_to_area", "case_transfer", ["status", "to_area"], unique=False)


def _note() -> None:
    op.create_table(
        "note",
        sa.Column("id", KEY, nullable=False),
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("audience", sa.String(10), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("place", sa.String(120), nullable=True),
        sa.Column("company", sa.String(120), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("author", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawal", sa.String(200), nullable=True),
        sa.ForeignKeyConstraint(["author"], ["account.id"], name="fk_note_author"),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_note_case_id"),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["account.id"], name="fk_note_withdrawn_by"),
        sa.PrimaryKeyConstraint("id", name="pk_note"),
    )
    op.create_index("ix_note_case_id", "note", ["case_id"], unique=False)


def _photo() -> None:
    op.create_table(
        "photo",
        sa.Column("id", KEY, nullable=False),
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("note_id", KEY, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("author", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("image", sa.LargeBinary(), nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("removal", sa.String(20), nullable=True),
        sa.ForeignKeyConstraint(["author"], ["account.id"], name="fk_photo_author"),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_photo_case_id"),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name="fk_photo_note_id"),
        sa.PrimaryKeyConstraint("id", name="pk_photo"),
    )
    for column in ("case_id", "note_id"):
        op.create_index(f"ix_photo_{column}", "photo", [column], unique=False)


def _draft() -> None:
    op.create_table(
        "draft",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.String(200), nullable=False),
        sa.Column("form", sa.String(200), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_draft_account_id"),
        sa.PrimaryKeyConstraint("key", name="pk_draft"),
    )
    op.create_index("ix_draft_account_id_page", "draft", ["account_id", "page"], unique=False)
    op.create_index("ix_draft_at", "draft", ["at"], unique=False)


def _field_record() -> None:
    op.create_table(
        "field_record",
        sa.Column("id", KEY, nullable=False),
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("received_by", sa.Integer(), nullable=False),
        sa.Column("differs", sa.String(200), nullable=False),
        sa.Column("known", sa.Boolean(), nullable=False),
        sa.Column("checked_at", MOMENT, nullable=True),
        sa.Column("checked_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_field_record_case_id"),
        sa.ForeignKeyConstraint(["checked_by"], ["account.id"], name="fk_field_record_checked_by"),
        sa.ForeignKeyConstraint(["received_by"], ["account.id"], name="fk_field_record_received_by"),
        sa.PrimaryKeyConstraint("id", name="pk_field_record"),
        sa.UniqueConstraint("key", name="uq_field_record_key"),
    )
    op.create_index("ix_field_record_case_id", "field_record", ["case_id"], unique=False)
    op.create_index("ix_field_record_checked_at_id", "field_record", ["checked_at", "id"], unique=False)


def _letter_draft() -> None:
    op.create_table(
        "letter_draft",
        sa.Column("id", KEY, nullable=False),
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("area", code(13), nullable=False),
        sa.Column("task_id", KEY, nullable=True),
        sa.Column("letter", sa.String(40), nullable=False),
        sa.Column("wanted", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("drafted_at", MOMENT, nullable=False),
        sa.Column("drafted_by", sa.Integer(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("letter_id", KEY, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_letter_draft_case_id"),
        sa.ForeignKeyConstraint(["drafted_by"], ["account.id"], name="fk_letter_draft_drafted_by"),
        sa.ForeignKeyConstraint(["letter_id"], ["issued_letter.id"], name="fk_letter_draft_letter_id"),
        sa.PrimaryKeyConstraint("id", name="pk_letter_draft"),
    )
    op.create_index("ix_letter_draft_case_id", "letter_draft", ["case_id"], unique=False)


def _letter_mark() -> None:
    op.create_table(
        "letter_mark",
        sa.Column("id", KEY, nullable=False),
        sa.Column("draft_id", KEY, nullable=False),
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(10), nullable=False),
        sa.Column("officer", sa.String(40), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_letter_mark_account_id"),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_letter_mark_case_id"),
        sa.ForeignKeyConstraint(["draft_id"], ["letter_draft.id"], name="fk_letter_mark_draft_id"),
        sa.PrimaryKeyConstraint("id", name="pk_letter_mark"),
    )
    op.create_index("ix_letter_mark_draft_id", "letter_mark", ["draft_id"], unique=False)


def _letter_file() -> None:
    op.create_table(
        "letter_file",
        sa.Column("id", KEY, nullable=False),
        sa.Column("letter_id", KEY, nullable=False),
        sa.Column("case_id", KEY, nullable=True),
        sa.Column("area", code(13), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("media_type", sa.String(40), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("signer", sa.String(120), nullable=True),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["added_by"], ["account.id"], name="fk_letter_file_added_by"),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_letter_file_case_id"),
        sa.ForeignKeyConstraint(["letter_id"], ["issued_letter.id"], name="fk_letter_file_letter_id"),
        sa.PrimaryKeyConstraint("id", name="pk_letter_file"),
    )
    op.create_index("ix_letter_file_digest", "letter_file", ["digest"], unique=False)
    op.create_index("ix_letter_file_case_id", "letter_file", ["case_id"], unique=False)
    op.create_index("ix_letter_file_letter_id", "letter_file", ["letter_id"], unique=False)


def _letter_check() -> None:
    op.create_table(
        "letter_check",
        sa.Column("letter_id", KEY, nullable=False),
        sa.Column("case_id", KEY, nullable=True),
        sa.Column("area", code(13), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_letter_check_case_id"),
        sa.ForeignKeyConstraint(["letter_id"], ["issued_letter.id"], name="fk_letter_check_letter_id"),
        sa.PrimaryKeyConstraint("letter_id", name="pk_letter_check"),
    )
    op.create_index("ix_letter_check_case_id", "letter_check", ["case_id"], unique=False)


def _reserved_number() -> None:
    op.create_table(
        "reserved_number",
        sa.Column("id", KEY, nullable=False),
        sa.Column("area", code(13), nullable=False),
        sa.Column("letter", sa.String(40), nullable=False),
        sa.Column("series", sa.String(120), nullable=False),
        sa.Column("period", sa.String(10), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("number", code(120), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("subject", sa.String(200), nullable=True),
        sa.Column("letter_id", KEY, nullable=True),
        sa.Column("reserved_at", MOMENT, nullable=False),
        sa.Column("reserved_by", sa.Integer(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["issued_letter.id"], name="fk_reserved_number_letter_id"),
        sa.ForeignKeyConstraint(["reserved_by"], ["account.id"], name="fk_reserved_number_reserved_by"),
        sa.PrimaryKeyConstraint("id", name="pk_reserved_number"),
        sa.UniqueConstraint("number", name="uq_reserved_number_number"),
        sa.UniqueConstraint("series", "period", "sequence", name="uq_reserved_number_series_period_sequence"),
    )
    op.create_index("ix_reserved_number_area", "reserved_number", ["area"], unique=False)


def _print_job() -> None:
    op.create_table(
        "print_job",
        sa.Column("id", KEY, nullable=False),
        sa.Column("area", code(13), nullable=False),
        sa.Column("letter", sa.String(40), nullable=False),
        sa.Column("asked", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("packing", sa.String(10), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("seen_at", MOMENT, nullable=True),
        sa.Column("worker", sa.String(40), nullable=True),
        sa.Column("result", sa.LargeBinary(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name="fk_print_job_created_by"),
        sa.PrimaryKeyConstraint("id", name="pk_print_job"),
    )
    op.create_index("ix_print_job_created_by", "print_job", ["created_by"], unique=False)


def _print_item() -> None:
    op.create_table(
        "print_item",
        sa.Column("id", KEY, nullable=False),
        sa.Column("job_id", KEY, nullable=False),
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("letter_id", KEY, nullable=True),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("problem", sa.String(60), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_print_item_case_id"),
        sa.ForeignKeyConstraint(["job_id"], ["print_job.id"], name="fk_print_item_job_id"),
        sa.ForeignKeyConstraint(["letter_id"], ["issued_letter.id"], name="fk_print_item_letter_id"),
        sa.PrimaryKeyConstraint("id", name="pk_print_item"),
        sa.UniqueConstraint("job_id", "place", name="uq_print_item_job_id_place"),
    )
    op.create_index("ix_print_item_case_id", "print_item", ["case_id"], unique=False)
