"""The words inside the stamp unit's frames as values; see docs/stamp-unit-protocol.md.

The frames are those of the dispenser (``drivers.protocols.dispenser``).
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from typing import Final, TypeVar

from drivers.errors import ProtocolError

MOTIONS: Final = "HFKEZ"
"""First letters of the commands that move something."""
LAST_JOB: Final = 99_999_999
_COUNT: Final = re.compile(r"[0-9]{1,9}", re.ASCII)
_JOB: Final = re.compile(r"[0-9]{8}", re.ASCII)
_Word = TypeVar("_Word", bound=enum.StrEnum)


class UnitState(enum.StrEnum):
    """What the unit is doing."""

    IDLE = "idle"
    BUSY = "busy"
    JAM = "jam"
    COVER = "cover"
    ERROR = "error"


class Ink(enum.StrEnum):
    """How full the pad is."""

    OK = "ok"
    LOW = "low"
    OUT = "out"


class Result(enum.StrEnum):
    """How a motion ended."""

    OK = "ok"
    JAM = "jam"
    EMPTY = "empty"
    COVER = "cover"
    INK = "ink"
    NONE = "none"
    DONE = "done"


_RESULTS: Final = {
    "H": (Result.OK, Result.JAM, Result.COVER),
    "F": (Result.OK, Result.EMPTY, Result.JAM, Result.COVER),
    "K": (Result.OK, Result.DONE, Result.NONE, Result.INK, Result.JAM, Result.COVER),
    "E": (Result.OK, Result.NONE, Result.JAM, Result.COVER),
    "Z": (Result.OK, Result.JAM, Result.COVER),
}


@dataclass(frozen=True, slots=True)
class Sensors:
    """Answer to ``S``."""

    state: UnitState
    ink: Ink
    feeder: bool
    bed: bool
    impressions: int
    last_job: int


def identity(body: str) -> tuple[str, str, str]:
    """Answer to ``I``: model, serial number, firmware."""
    model, serial, firmware = _fields(body, "I", 3)
    return model, serial, firmware


def sensors(body: str) -> Sensors:
    """Answer to ``S``."""
    state, ink, feeder, bed, impressions, job = _fields(body, "S", 6)
    if not _COUNT.fullmatch(impressions) or not _JOB.fullmatch(job):
        raise ProtocolError("the stamp unit sent a count that is no number; check its firmware")
    return Sensors(
        _one_of(UnitState, state),
        _one_of(Ink, ink),
        _flag(feeder, "sheets", "empty"),
        _flag(bed, "sheet", "empty"),
        int(impressions),
        int(job),
    )


def stamping(job: int) -> str:
    """The command to stamp under ``job``; raise ``ValueError`` for a number the protocol does not have."""
    if not 1 <= job <= LAST_JOB:
        raise ValueError(f"a job's number is 1 to {LAST_JOB}")
    return f"K{job:08d}"


def moved(body: str, command: str) -> Result:
    """Answer to a motion; ``K`` is answered with its job's number.

    Raise ``ProtocolError`` for a result that this motion cannot have.
    """
    (result,) = _fields(body, command, 1)
    found = _one_of(Result, result)
    if found not in _RESULTS[command[0]]:
        raise ProtocolError(f"the stamp unit answered '{command[0]}' with '{found}', which cannot be")
    return found


def _fields(body: str, head: str, count: int) -> list[str]:
    parts = body.split("|")
    if parts[0] != head or len(parts) != count + 1:
        raise ProtocolError(f"the stamp unit answered '{head[0]}' with another form; check its firmware")
    return parts[1:]


def _one_of(kind: type[_Word], text: str) -> _Word:
    try:
        return kind(text)
    except ValueError:
        raise ProtocolError("the stamp unit used a word the protocol does not have") from None


def _flag(text: str, yes: str, no: str) -> bool:
    if text not in (yes, no):
        raise ProtocolError("the stamp unit used a word the protocol does not have")
    return text == yes
