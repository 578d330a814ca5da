"""The words inside the dispenser's frames as values: an answer that is not of the protocol is refused.

Bodies are fields joined by ``|``; see docs/dispenser-protocol.md.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from typing import Final, TypeVar

from drivers.errors import ProtocolError

_Word = TypeVar("_Word", bound=enum.StrEnum)
_COUNT: Final = re.compile(r"[0-9]{1,9}", re.ASCII)
_NUMBER: Final = re.compile(r"[0-9A-Za-z]{1,32}", re.ASCII)


class UnitState(enum.StrEnum):
    """What the whole unit is doing."""

    IDLE = "idle"
    BUSY = "busy"
    JAM = "jam"
    COVER = "cover"
    ERROR = "error"


class Stock(enum.StrEnum):
    """How full one storage unit is."""

    OK = "ok"
    EMPTY = "empty"
    LOW = "low"
    MISSING = "missing"


class Feed(enum.StrEnum):
    """How feeding one sheet to the gate ended."""

    OK = "ok"
    EMPTY = "empty"
    JAM = "jam"
    DOUBLE = "double"


class Move(enum.StrEnum):
    """How accepting, rejecting, presenting, retracting or resetting ended."""

    OK = "ok"
    JAM = "jam"
    NONE = "none"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Identity:
    """Answer to ``I``."""

    model: str
    serial: str
    firmware: str


@dataclass(frozen=True, slots=True)
class Sensors:
    """Answer to ``S``: what the unit senses, and its totals since it was made."""

    state: UnitState
    tray_paper: bool
    shutter_open: bool
    fed: int
    exited: int
    rejected: int
    retracted: int


@dataclass(frozen=True, slots=True)
class UnitStock:
    """Answer to ``U``: how full the unit is and the sheet in front, None where it cannot be read."""

    stock: Stock
    count: int
    code: str | None
    number: str | None


@dataclass(frozen=True, slots=True)
class Fed:
    """Answer to ``F``: the sheet now held at the gate."""

    result: Feed
    number: str | None
    thickness_um: int


@dataclass(frozen=True, slots=True)
class Moved:
    """Answer to ``A``, ``R``, ``P``, ``T`` and ``Z``; ``count`` with ``T`` only."""

    result: Move
    count: int = 0


_MOVES: Final = {
    "A": (Move.OK, Move.JAM, Move.NONE),
    "R": (Move.OK, Move.JAM, Move.FULL, Move.NONE),
    "P": (Move.OK,),
    "T": (Move.OK, Move.JAM, Move.FULL),
    "Z": (Move.OK, Move.JAM, Move.FULL),
}


def _fields(body: str, head: str, count: int) -> list[str]:
    parts = body.split("|")
    if parts[0] != head or len(parts) != count + 1:
        raise ProtocolError(f"the dispenser answered '{head}' with another form; check its firmware")
    return parts[1:]


def _integer(text: str) -> int:
    if not _COUNT.fullmatch(text):
        raise ProtocolError("the dispenser sent a count that is no number; check its firmware")
    return int(text)


def _optional(text: str, absent: str) -> str | None:
    if text == absent:
        return None
    if not _NUMBER.fullmatch(text):
        raise ProtocolError("the dispenser sent a number of a form no invoice has; check its reader")
    return text


def _one_of(kind: type[_Word], text: str) -> _Word:
    try:
        return kind(text)
    except ValueError:
        raise ProtocolError("the dispenser used a word the protocol does not have") from None


def _flag(text: str, yes: str, no: str) -> bool:
    if text not in (yes, no):
        raise ProtocolError("the dispenser used a word the protocol does not have")
    return text == yes


def identity(body: str) -> Identity:
    """Answer to ``I``."""
    return Identity(*_fields(body, "I", 3))


def sensors(body: str) -> Sensors:
    """Answer to ``S``."""
    state, tray, shutter, *totals = _fields(body, "S", 7)
    fed, exited, rejected, retracted = map(_integer, totals)
    return Sensors(
        _one_of(UnitState, state),
        _flag(tray, "paper", "empty"),
        _flag(shutter, "open", "closed"),
        fed,
        exited,
        rejected,
        retracted,
    )


def stock(body: str, unit: int) -> UnitStock:
    """Answer to ``U<unit>``."""
    state, count, code, number = _fields(body, f"U{unit}", 4)
    return UnitStock(_one_of(Stock, state), _integer(count), _optional(code, "-"), _optional(number, "-"))


def fed(body: str, unit: int) -> Fed:
    """Answer to ``F<unit>``."""
    result, number, thickness = _fields(body, f"F{unit}", 3)
    return Fed(_one_of(Feed, result), _optional(number, "?"), _integer(thickness))


def moved(body: str, command: str) -> Moved:
    """Answer to ``A``, ``R``, ``P``, ``T`` or ``Z``."""
    result, *rest = _fields(body, command, 2 if command == "T" else 1)
    move = _one_of(Move, result)
    if move not in _MOVES[command]:
        raise ProtocolError(f"the dispenser answered '{command}' with '{move}', which cannot be")
    return Moved(move, _integer(rest[0]) if rest else 0)


class Event(enum.StrEnum):
    """What the unit says of itself."""

    TAKEN = "taken"
    COVER_OPEN = "coverOpen"
    COVER_CLOSED = "coverClosed"
    TRAY = "tray"


@dataclass(frozen=True, slots=True)
class Notice:
    """One unsolicited message; ``sheets`` with ``tray`` only."""

    event: Event
    sheets: int | None = None


_NOTICES: Final = {
    "E|taken": Notice(Event.TAKEN),
    "E|cover|open": Notice(Event.COVER_OPEN),
    "E|cover|closed": Notice(Event.COVER_CLOSED),
}


def notice(body: str) -> Notice:
    """An unsolicited message; raise ``ProtocolError`` for one the protocol does not have."""
    if body in _NOTICES:
        return _NOTICES[body]
    head, _, sheets = body.rpartition("|")
    if head != "E|tray":
        raise ProtocolError("the dispenser sent an event the protocol does not have; check its firmware")
    return Notice(Event.TRAY, _integer(sheets))
