"""What officers do (岗位), and what each may see and change at the centre.

Duties that check each other lie in different roles: who gives roles decides no case, and who reads the trail changes
nothing. One officer may hold several; where the law wants two officers, the engine asks for two names all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """An officer's role at the centre."""

    RECEPTION = "reception"
    """受理岗: looks into cases and asks for what is missing."""
    APPROVAL = "approval"
    """审批岗: approves, grants and refuses."""
    AUDITOR = "auditor"
    """内审岗: reads the trail of all officers."""
    ADMINISTRATOR = "administrator"
    """系统管理岗: invites officers, gives and takes roles."""


class Act(StrEnum):
    """Something that a role allows; the trail calls it by this word."""

    CASES_SEE = "cases.see"
    CASE_ASK = "case.ask"
    CASE_PAGES = "case.pages"
    CASE_APPROVE = "case.approve"
    CASE_GRANT = "case.grant"
    CASE_REFUSE = "case.refuse"
    TRAIL_SEE = "trail.see"
    OFFICERS_SEE = "officers.see"
    OFFICER_INVITE = "officer.invite"
    OFFICER_ROLES = "officer.roles"
    OFFICER_DISABLE = "officer.disable"
    OFFICER_UNLOCK = "officer.unlock"


_READING: Final = frozenset({Act.CASES_SEE, Act.CASE_PAGES})

ALLOWED: Final[Mapping[Role, frozenset[Act]]] = {
    Role.RECEPTION: _READING | {Act.CASE_ASK},
    Role.APPROVAL: _READING | {Act.CASE_ASK, Act.CASE_APPROVE, Act.CASE_GRANT, Act.CASE_REFUSE},
    Role.AUDITOR: frozenset({Act.TRAIL_SEE, Act.OFFICERS_SEE}),
    Role.ADMINISTRATOR: frozenset(
        {
            Act.OFFICERS_SEE,
            Act.OFFICER_INVITE,
            Act.OFFICER_ROLES,
            Act.OFFICER_DISABLE,
            Act.OFFICER_UNLOCK,
        }
    ),
}
"""Every role, and all that it allows."""


DECIDING: Final = frozenset({Role.RECEPTION, Role.APPROVAL})


def apart(roles: Iterable[Role]) -> bool:
    """Whether duties that check each other stay apart: who gives roles decides nothing (不相容岗位分离)."""
    held = set(roles)
    return not (Role.ADMINISTRATOR in held and held & DECIDING)


def may(roles: Iterable[Role], act: Act) -> bool:
    """Whether one of the roles allows it."""
    return any(act in ALLOWED[role] for role in roles)
