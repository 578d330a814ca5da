"""A phone as the tests have it: codes come to the simulated sink of messages."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import select

from bureau.store import tables
from tests.bureau.conftest import Centre
from tests.bureau.terminals import Terminal

MOBILE = "13912340007"
SERVICE = "lottery.draw"


def send(terminal: Terminal, mobile: str = MOBILE) -> dict[str, Any]:
    """Have a code sent there."""
    told: dict[str, Any] = terminal.data("phone.code", None, {"mobile": mobile}, SERVICE)
    return told


def message(centre: Centre, mobile: str = MOBILE) -> str:
    """The latest that came to it."""
    t = tables.sms
    with centre.database.read() as connection:
        query = select(t.c.text).where(t.c.mobile == mobile).order_by(t.c.at.desc())
        return str(connection.execute(query).scalars().first())


def prove(terminal: Terminal, centre: Centre, mobile: str = MOBILE) -> dict[str, str]:
    """The claim of a phone that has proven itself at this terminal."""
    challenge = str(send(terminal, mobile)["challenge"])
    code = re.search(r"[0-9]{6}", message(centre, mobile))
    assert code is not None
    terminal.data("phone.check", None, {"challenge": challenge, "code": code[0]}, SERVICE)
    return {"mobile": mobile, "challenge": challenge}
