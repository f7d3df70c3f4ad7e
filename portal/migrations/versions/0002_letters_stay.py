"""The database itself keeps what an issued letter says: number, data and bytes never change.

Erasure is the exception: data become those of the sheet that takes the letter's place (`letters.stub`).
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FIXED = (
    "number",
    "sequence",
    "period",
    "issued_at",
    "issued_by",
    "release_id",
    "template_digest",
    "valid_until",
)
"""What is written with the row and stays."""
KEPT = ("pdf_digest", "check_digest")
"""What may come later, and stays then."""
SAYS = "what an issued letter says never changes"


def upgrade() -> None:
    """Puts a trigger before every update and delete of a letter."""
    for statement in _sqlite() if op.get_bind().dialect.name == "sqlite" else _postgresql():
        op.execute(statement)


def downgrade() -> None:
    """Takes the triggers away."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER IF EXISTS issued_letter_stays")
        op.execute("DROP TRIGGER IF EXISTS issued_letter_is_kept")
    else:
        op.execute("DROP TRIGGER IF EXISTS issued_letter_stays ON issued_letter")
        op.execute("DROP FUNCTION IF EXISTS issued_letter_stays()")


def _changed(differs: str, data_differs: str, erased: str) -> str:
    """Returns the condition that an update changes what stays; `differs` is the database's word for it."""
    fixed = [f"NEW.{name} {differs} OLD.{name}" for name in FIXED]
    kept = [f"(OLD.{name} IS NOT NULL AND NEW.{name} {differs} OLD.{name})" for name in KEPT]
    content = f"({data_differs} OR (OLD.pdf IS NOT NULL AND NEW.pdf {differs} OLD.pdf))"
    return " OR ".join((*fixed, *kept, f"({content} AND NOT ({erased}))"))


def _sqlite() -> tuple[str, ...]:
    when = _changed("IS NOT", "NEW.data IS NOT OLD.data", "json_extract(NEW.data, '$.erased') IS NOT NULL")
    return (
        f"CREATE TRIGGER issued_letter_stays BEFORE UPDATE ON issued_letter WHEN {when} "
        f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END",
        "CREATE TRIGGER issued_letter_is_kept BEFORE DELETE ON issued_letter "
        f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END",
    )


def _postgresql() -> tuple[str, ...]:
    when = _changed(
        "IS DISTINCT FROM",
        "NEW.data::text IS DISTINCT FROM OLD.data::text",
        "(NEW.data -> 'erased') IS NOT NULL",
    )
    return (
        f"""CREATE FUNCTION issued_letter_stays() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'DELETE' OR {when} THEN
                RAISE EXCEPTION '{SAYS}';
            END IF;
            RETURN NEW;
        END $$""",
        "CREATE TRIGGER issued_letter_stays BEFORE UPDATE OR DELETE ON issued_letter "
        "FOR EACH ROW EXECUTE FUNCTION issued_letter_stays()",
    )
