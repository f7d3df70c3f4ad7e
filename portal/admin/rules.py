"""What sqladmin asks before each page, answered from roles.yaml."""

from __future__ import annotations

from typing import Any

from sqladmin.authorization import AuthorizationBackend
from starlette.requests import Request

from portal.access import Actor, may_record, reads, roles_of
from portal.admin.screen import actor_of
from portal.rights import opens
from portal.schema import CASE, RecordAct, Schema, Screen

ACTS: dict[str, RecordAct] = {
    "list": "read",
    "details": "read",
    "create": "create",
    "edit": "edit",
    "export": "export",
}
"""What sqladmin's actions are called in roles.yaml; what is not here (delete, import) nobody may do."""

ANSWERS = "answers."
"""How the identities of an SOP's answers begin; no record type can be called so."""
REFERENCE = "reference."


class RoleRules(AuthorizationBackend):
    """sqladmin's questions, answered by `access`."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema

    def has_permission(self, request: Request, identity: str, action: str, obj: Any | None = None) -> bool:
        """Tells whether the person who asks may do that with a view in at least one area."""
        actor, act = actor_of(request), ACTS.get(action)
        if actor is None:
            return False
        if identity in self.schema.records:
            return act is not None and may_record(self.schema, actor, identity, act)
        if identity.startswith(ANSWERS):
            return self._answers(actor, act)
        if identity.startswith(REFERENCE):
            return act in ("read", "export") and opens(self.schema, actor, _list(identity))
        return True

    def _answers(self, actor: Actor, act: RecordAct | None) -> bool:
        """Answers are read by who sees cases, and leave the portal by who may export people's data."""
        if not opens(self.schema, actor, "answers"):
            return False
        if act == "export":
            return may_record(self.schema, actor, self.schema.subject(), "export") and self._sees_cases(actor)
        return act == "read" and self._sees_cases(actor)

    def _sees_cases(self, actor: Actor) -> bool:
        return actor.everything or any(reads(role, CASE) for _, role in roles_of(self.schema, actor))


def _list(identity: str) -> Screen:
    return "programs" if identity == f"{REFERENCE}programs" else "destinations"
