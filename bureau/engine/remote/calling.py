"""People who are called back: by when, and what officers did about it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from bureau.engine.remote.rules import rules
from bureau.engine.remote.sealing import Office
from bureau.engine.remote.talking import over
from bureau.engine.rules import Rules
from bureau.engine.subjects import today
from bureau.errors import RemoteRefused
from bureau.ports.core import Core
from bureau.ports.remote import Call, CallState, Tried, Try
from bureau.texts import say
from kiosk.domain.tax.limits import WorkingCalendar
from sync.models import CallBack, CallBackTaken

MOST_NOTE: Final = 100
EVERY: Final[tuple[CallState, ...]] = ("open", "reached", "closed")


@dataclass(frozen=True, slots=True)
class Done:
    """One thing that was done about a call-back, its words opened."""

    at: datetime
    officer: str
    did: Tried
    words: str


@dataclass(frozen=True, slots=True)
class OpenedCall:
    """A call-back with the phone, what it is about, and what was done about it."""

    call: Call
    mobile: str
    words: str
    done: tuple[Done, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """By which effect, in which visit and language somebody asks to be called."""

    key: str
    visit: str
    lang: str


def asked(office: Office, law: Rules, by: Asked, given: CallBack) -> Call:
    """Enter a call-back: its day is counted from when the bureau has it.

    Who still waits for an officer in that visit does so no more.
    """
    core, book = office.core, rules()
    before = core.remote.of_visit(core.terminal, by.visit, lock=True)
    if before is not None and before.state == "waiting":
        core.remote.change(over(before, "person", core))
    number = core.remote.number_for(by.key)
    said = {"mobile": given.mobile, "words": given.words}
    call = Call(
        number=number,
        key=by.key,
        talk=before.number if before is not None else "",
        terminal=core.terminal,
        hall=core.hall,
        lang=by.lang,
        topic=book.topic(given.topic).id,
        slot=given.slot,
        asked_at=core.now,
        call_by=WorkingCalendar(law.current).later(today(core), book.call_within_workdays),
        sealed=office.vault.seal(f"call:{number}", json.dumps(said, ensure_ascii=False).encode()),
    )
    core.remote.add_call(call)
    return call


def told(call: Call) -> CallBackTaken:
    """What whoever asked is told."""
    return CallBackTaken(
        case=call.number,
        topic_text=rules().topic(call.topic).title,
        slot_text=say(f"remote.slot.{call.slot}"),
        call_by=call.call_by,
        state_text=say(f"remote.call.{call.state}"),
        asked_at=call.asked_at,
    )


def listed(core: Core, states: Sequence[CallState] = ("open",), limit: int = 500) -> Sequence[Call]:
    """Those in these states, whose day comes first on top."""
    return core.remote.calls(states, limit)


def late(call: Call, day: date) -> bool:
    """Whether its day is over and nobody was reached."""
    return call.state == "open" and day > call.call_by


def opened(office: Office, number: str) -> OpenedCall:
    """All of it. Raises ``RemoteRefused`` for a number that nobody has."""
    call = office.core.remote.call(number)
    if call is None:
        raise RemoteRefused("noCall", f"there is no call-back {number}: see `bureau remote calls`")
    said = json.loads(office.vault.open(f"call:{number}", call.sealed))
    done = tuple(
        Done(one.at, one.officer, one.did, _words(office, one)) for one in office.core.remote.tried(number)
    )
    return OpenedCall(call, said["mobile"], said["words"], done)


def reached(office: Office, officer: str, number: str, words: str) -> Call:
    """Somebody was called and answered: what was told them. Raises ``RemoteRefused``."""
    return _settled(office, officer, number, "reached", words)


def missed(office: Office, officer: str, number: str) -> Call:
    """Somebody was called and did not answer; it stays to be done. Raises ``RemoteRefused``."""
    call = _open(office.core, number)
    return _done(office, officer, replace(call, tries=call.tries + 1), "missed", "")


def close(office: Office, officer: str, number: str, words: str) -> Call:
    """Try no more, once nobody was reached as often as the rules ask. Raises ``RemoteRefused``."""
    least = rules().tries
    if (call := _open(office.core, number)).tries < least:
        raise RemoteRefused("tries", f"{number} was tried {call.tries} times of {least}", least=least)
    return _settled(office, officer, number, "closed", words)


def _settled(office: Office, officer: str, number: str, did: Tried, words: str) -> Call:
    words = words.strip()
    if not 0 < len(words) <= MOST_NOTE or not words.isprintable():
        raise RemoteRefused("note", f"say what came of it in 1 to {MOST_NOTE} characters", most=MOST_NOTE)
    call = _open(office.core, number)
    tries = call.tries + (did == "reached")
    state: CallState = "reached" if did == "reached" else "closed"
    settled = replace(call, state=state, tries=tries, settled_at=office.core.now)
    return _done(office, officer, settled, did, words)


def _done(office: Office, officer: str, call: Call, did: Tried, words: str) -> Call:
    seq = len(office.core.remote.tried(call.number)) + 1
    sealed = office.vault.seal(f"call:{call.number}:{seq}", words.encode()) if words else None
    office.core.remote.note(Try(call.number, seq, office.core.now, officer, did, sealed))
    office.core.remote.change_call(call)
    return call


def _open(core: Core, number: str) -> Call:
    call = core.remote.call(number, lock=True)
    if call is None:
        raise RemoteRefused("noCall", f"there is no call-back {number}: see `bureau remote calls`")
    if call.state != "open":
        raise RemoteRefused("settled", f"call-back {number} is {call.state}")
    return call


def _words(office: Office, tried: Try) -> str:
    if tried.sealed is None:
        return ""
    return office.vault.open(f"call:{tried.number}:{tried.seq}", tried.sealed).decode()
