"""Sign-in level 1: whoever holds a phone proves it by the code that was sent there (手机验证码).

The terminal never learns the code but from the person; the centre keeps its hash. Who asks for codes to other
people's phones is held up by the phone, and by the terminal.
"""

from __future__ import annotations

import enum
import hashlib
import hmac
import secrets
import uuid
from datetime import datetime, timedelta
from typing import Final

from bureau.engine.refusals import Refused, refuse
from bureau.engine.subscribing.waiting import shown_to_phone
from bureau.ports.core import Core
from bureau.ports.phones import Challenge
from bureau.ports.system import System
from bureau.texts import say
from kiosk.domain.masking import mask_mobile
from sync.models import Notice, PhoneCode, PhoneProven, Subject

DIGITS: Final = 6
VALID: Final = timedelta(minutes=5)
AGAIN: Final = timedelta(seconds=60)
TRIES: Final = 5
A_DAY, PER_HOUR_AND_TERMINAL = 10, 60
PROVEN_FOR: Final = timedelta(minutes=30)
"""A visit of one person; a terminal forgets it when the visit ends."""
KEPT: Final = timedelta(days=2)


class Found(enum.Enum):
    """What a code turned out to be."""

    RIGHT = enum.auto()
    WRONG = enum.auto()
    SPENT = enum.auto()
    OVER = enum.auto()


def send(system: System, mobile: str, terminal: str) -> PhoneCode:
    """Send a code; raises ``Refused`` when the phone or the terminal has had too many."""
    with system.write(terminal) as work:
        core = work.core
        _hold_up(core, mobile)
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        name = str(uuid.uuid4())
        challenge = Challenge(name, mobile, terminal, _hash(name, code), core.now)
        text = say("sms.code", code=code, minutes=str(VALID // timedelta(minutes=1)))
        core.phones.send(challenge, text["zh-CN"])
    return PhoneCode(challenge=name, mobile_masked=mask_mobile(mobile), digits=DIGITS)


def _hold_up(core: Core, mobile: str) -> None:
    sent = core.phones.sent_to(mobile, core.now - timedelta(days=1))
    if sent and core.now - sent[0] < AGAIN:
        wait = AGAIN - (core.now - sent[0])
        raise refuse("phoneTooSoon", seconds=str(int(wait.total_seconds()) + 1))
    if len(sent) >= A_DAY:
        raise refuse("phoneTooOften")
    if core.phones.sent_from(core.terminal, core.now - timedelta(hours=1)) >= PER_HOUR_AND_TERMINAL:
        raise refuse("phoneTerminalTooOften")


def check(system: System, challenge: str, code: str, terminal: str) -> PhoneProven:
    """The phone is proven by the code; raises ``Refused``. A wrong code counts, whatever else happens."""
    with system.write(terminal) as work:
        core = work.core
        known = core.phones.challenge(challenge)
        found = _judge(core, known, code)
        notices: list[Notice] = []
        if found is Found.RIGHT and known is not None:
            core.phones.proven(challenge)
            notices = shown_to_phone(core, known.mobile)
        elif found is Found.WRONG:
            core.phones.tried(challenge)
    if found is not Found.RIGHT or known is None:
        raise _no(found, 0 if known is None else TRIES - known.tries - 1)
    return PhoneProven(mobile_masked=mask_mobile(known.mobile), notices=notices)


def _judge(core: Core, known: Challenge | None, code: str) -> Found:
    if known is None or known.terminal != core.terminal or core.now - known.sent_at > VALID:
        return Found.OVER
    if known.tries >= TRIES:
        return Found.SPENT
    return (
        Found.RIGHT if hmac.compare_digest(_hash(known.challenge, code), known.code_sha256) else Found.WRONG
    )


def _no(found: Found, left: int) -> Refused:
    match found:
        case Found.WRONG if left > 0:
            return refuse("phoneCodeWrong", left=str(left))
        case Found.OVER:
            return refuse("phoneCodeOver")
    return refuse("phoneCodeSpent")


def phone_of(core: Core, subject: Subject, at: datetime | None = None) -> str:
    """The number that was proven at this terminal in this visit; raises ``Refused``.

    ``at``: when the terminal took what was delivered later. How long codes are remembered bounds it (``KEPT``).
    """
    claim = subject.phone
    if claim is None:
        raise refuse("phoneUnproven")
    known = core.phones.challenge(claim.challenge)
    if (
        known is None
        or known.proven_at is None
        or (known.mobile, known.terminal) != (claim.mobile, core.terminal)
        or min(core.now, at or core.now) - known.proven_at > PROVEN_FOR
    ):
        raise refuse("phoneNotProven")
    return known.mobile


def _hash(challenge: str, code: str) -> str:
    return hashlib.sha256(f"{challenge}:{code}".encode()).hexdigest()
