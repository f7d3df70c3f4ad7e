"""Somebody with the database in hand: takes away what keeps issued letters as they are."""

from __future__ import annotations

from sqlalchemy.orm import Session


def unguard_letters(session: Session) -> None:
    """Drops the trigger that refuses changes of issued letters, as only the owner of the tables can."""
    connection = session.connection()
    on = "" if connection.dialect.name == "sqlite" else " ON issued_letter"
    connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS issued_letter_stays{on}")
