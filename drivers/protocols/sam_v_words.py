"""The status words of a SAM_V module: which belong to which command, and what each asks of us."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final

from drivers.protocols.sam_v import Command, Reply, card_blocks


class Meaning(enum.StrEnum):
    """What a status word means for the driver (domain note, section 3, table of SW3)."""

    OK = "ok"
    ABSENT = "absent"  # the item is not on this card
    FOUND = "found"
    NO_CARD = "noCard"
    SELECT_FAILED = "selectFailed"
    PLACE_AGAIN = "placeAgain"
    SECURITY = "security"
    NOT_RECOGNISED = "notRecognised"
    RETRY = "retry"
    FAULT = "fault"
    OUT_OF_SERVICE = "outOfService"


@dataclass(frozen=True, slots=True)
class Word:
    """One status word: its meaning and its name for the log."""

    meaning: Meaning
    name: str


WORDS: Final = {
    0x90: Word(Meaning.OK, "success"),
    0x91: Word(Meaning.ABSENT, "item not on the card"),
    0x9F: Word(Meaning.FOUND, "card found"),
    0x01: Word(Meaning.FAULT, "port not open"),
    0x02: Word(Meaning.FAULT, "receive timeout"),
    0x03: Word(Meaning.FAULT, "transfer error"),
    0x05: Word(Meaning.FAULT, "SAM serial line unusable"),
    0x09: Word(Meaning.FAULT, "file"),
    0x10: Word(Meaning.RETRY, "checksum"),
    0x11: Word(Meaning.RETRY, "length"),
    0x21: Word(Meaning.RETRY, "command"),
    0x23: Word(Meaning.RETRY, "not allowed"),
    0x24: Word(Meaning.RETRY, "unknown error"),
    0x31: Word(Meaning.SECURITY, "card refused the SAM"),
    0x32: Word(Meaning.SECURITY, "SAM refused the card"),
    0x33: Word(Meaning.NOT_RECOGNISED, "information check"),
    0x37: Word(Meaning.NOT_RECOGNISED, "finger check"),
    0x3F: Word(Meaning.NOT_RECOGNISED, "information length"),
    0x40: Word(Meaning.NOT_RECOGNISED, "unknown card type"),
    0x41: Word(Meaning.PLACE_AGAIN, "read failed"),
    0x47: Word(Meaning.PLACE_AGAIN, "random number failed"),
    0x60: Word(Meaning.OUT_OF_SERVICE, "SAM self-test failed"),
    0x66: Word(Meaning.OUT_OF_SERVICE, "SAM not authorised"),
    0x80: Word(Meaning.NO_CARD, "no card"),
    0x81: Word(Meaning.SELECT_FAILED, "select failed"),
}
"""SW3 to meaning. A word that is not here is no answer at all."""

_GOOD_DATA: Final = {
    Command.STATUS: (0x90, 0),
    Command.RESET: (0x90, 0),
    Command.SAM_ID: (0x90, 16),
    Command.FIND: (0x9F, 4),
    Command.SELECT: (0x90, 8),
}
_OWN_WORDS: Final[dict[int, set[Command]]] = {
    0x80: {Command.FIND},
    0x81: {Command.SELECT},
    0x91: set(),  # the newest address, which nobody asks for
    0x41: {Command.READ_BASE},
    0x47: {Command.READ_BASE, Command.SELECT},
}


def answers(command: Command, reply: Reply) -> bool:
    """Whether ``reply`` can be the answer to ``command``.

    A late answer to an earlier request must not be taken for the answer to this one, so the word and the
    number of data bytes both have to fit.
    """
    word = WORDS.get(reply.sw)
    if word is None:
        return False
    if word.meaning in (Meaning.OK, Meaning.FOUND):
        if command is Command.READ_BASE:
            return reply.sw == 0x90 and card_blocks(reply.data) is not None
        return _GOOD_DATA[command] == (reply.sw, len(reply.data))
    return not reply.data and command in _OWN_WORDS.get(reply.sw, {command})
