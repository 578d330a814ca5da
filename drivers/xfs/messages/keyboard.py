"""Keyboard: entries in clear, and PIN entries of which only the number of digits is told."""

from __future__ import annotations

import enum
from typing import Annotated, Final

from pydantic import Field

from drivers.xfs.catalogue import Command, Event, Interface, signal, words
from drivers.xfs.payload import Nothing, Payload, word

DIGITS: Final = dict(
    zip("zero one two three four five six seven eight nine".split(), "0123456789", strict=True)
)
"""Names of the standard for the digit keys."""


class Completion(enum.StrEnum):
    """What a key does to an entry."""

    AUTO = "auto"
    ENTER = "enter"
    CANCEL = "cancel"
    CLEAR = "clear"
    BACKSPACE = "backspace"


class ActiveKey(Payload):
    """``terminate``: the entry ends with this key."""

    terminate: bool = False


class DataEntryIn(Payload):
    """``maxLen`` 0 would mean no limit; this pad takes 1 to 99."""

    max_len: Annotated[int, Field(ge=0, le=99)]
    auto_end: bool = False
    active_keys: dict[str, ActiveKey]


class PinKey(Payload):
    """One key of an entry in clear."""

    completion: Completion | None = None
    digit: Annotated[str | None, Field(repr=False)] = None


class DataEntryOut(Payload):
    """Keys that count, in their order, and what ended the entry."""

    keys: int
    pin_keys: Annotated[list[PinKey], Field(repr=False)]
    completion: Annotated[Completion, word(Completion)]


class PinEntryIn(Payload):
    """How many digits a PIN has. ``echo`` is the screen's business."""

    min_len: Annotated[int, Field(ge=0, le=99)]
    max_len: Annotated[int, Field(ge=0, le=99)]
    auto_end: bool = False
    echo: str | None = None
    active_keys: dict[str, ActiveKey]


class PinEntryOut(Payload):
    """Number of digits; the PIN waits in the pad."""

    digits: int
    completion: Annotated[Completion, word(Completion)]


class KeyBody(Payload):
    """A key; ``digit`` is null for a digit of a PIN, and so is ``completion``."""

    completion: Completion | None = None
    digit: Annotated[str | None, Field(repr=False)] = None


ENTER_DATA: Final = signal("Keyboard.EnterDataEvent")
KEY: Final = Event("Keyboard.KeyEvent", KeyBody)
DATA_ENTRY: Final = Command(
    "Keyboard.DataEntry",
    DataEntryIn,
    DataEntryOut,
    errors=words("keyInvalid keyNotSupported noActivekeys"),
    events=(ENTER_DATA, KEY),
    moves=True,
)
PIN_ENTRY: Final = Command(
    "Keyboard.PinEntry",
    PinEntryIn,
    PinEntryOut,
    errors=words(
        "keyInvalid keyNotSupported noActivekeys noTerminatekeys minimumLength tooManyFrames partialFrame"
        " entryTimeout"
    ),
    events=(ENTER_DATA, KEY),
    moves=True,
)
RESET: Final = Command("Keyboard.Reset", Nothing, Nothing, moves=True)
INTERFACE: Final = Interface("Keyboard", (DATA_ENTRY, PIN_ENTRY, RESET))
