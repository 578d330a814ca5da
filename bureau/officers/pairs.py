"""Two officers who do something together: both hold its role now, by their accounts."""

from __future__ import annotations

from bureau.engine.inspecting.recording import Officers
from bureau.errors import InspectionRefused, OfficerUnknown
from bureau.officers.accounts import Accounts, Officer
from bureau.officers.roles import Role


def inspectors(accounts: Accounts, first: str, second: str) -> Officers:
    """Who goes, with their names; raises ``InspectionRefused`` for one who does not hold the role now."""
    one, other = (_inspector(accounts, login) for login in (first, second))
    return Officers(one.login, one.name, other.login, other.name)


def may_inspect(officer: Officer) -> bool:
    """Whether the account is in use and has the role."""
    return officer.state == "active" and Role.INSPECTIONS in officer.roles


def _inspector(accounts: Accounts, login: str) -> Officer:
    try:
        found = accounts.officer(login)
    except OfficerUnknown as error:
        raise InspectionRefused("second", f"{login} is no officer of the console") from error
    if not may_inspect(found):
        raise InspectionRefused("second", f"{login} does not hold the role of inspections")
    return found
