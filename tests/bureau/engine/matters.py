"""Matters as a terminal asks for them, for the tests of several of their kinds."""

from __future__ import annotations

from typing import Any

from bureau.city.cast import HEMU
from tests.bureau.terminals import Terminal, subject

MULAN = subject("he-mulan", HEMU, "L")
PHONE = "13900002345"
CHANGE, CONFIRM, DETAILS, VERIFY = (
    "registration.change",
    "registration.confirm",
    "registration.query",
    "registration.verify",
)


def details(terminal: Terminal, who: dict[str, Any] = MULAN) -> dict[str, Any]:
    found: dict[str, Any] = terminal.data("registration.details", who, service=DETAILS)
    return found


def progress(terminal: Terminal, who: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = terminal.data(
        "progress.list", who or subject("he-mulan", evidence="document", face=None), service="progress.query"
    )["rows"]
    return rows


def change(terminal: Terminal, who: dict[str, Any] = MULAN, **fields: Any) -> Any:
    """As the terminal sends it: every row of the form, what nobody gave is None."""
    data = {"phone": None, "bank": None, "account": None, "address": None, **fields}
    return terminal.do("matter.submit", data, who)


def code(answer: Any) -> str:
    assert answer.state == "refused" and answer.refusal is not None
    return str(answer.refusal.code)


def notices(terminal: Terminal) -> list[str]:
    return [n["kind"] for n in terminal.data("person.profile", subject("he-mulan"))["notices"]]
