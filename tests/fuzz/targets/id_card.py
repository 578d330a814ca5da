"""The four layouts of a resident ID card's text block."""

from __future__ import annotations

from datetime import date

from drivers.errors import MediaInvalid
from drivers.ports import IdCard
from drivers.protocols.id_card import parse
from drivers.protocols.id_number import check_digit
from tests.drivers.protocols.cards import FOREIGN_2017, FOREIGN_2023, RESIDENT, TAIWAN, block

PARSES = ("drivers.protocols.id_card", "drivers.protocols.id_number", "drivers.protocols.private_use")
LONGEST = 260
TODAY = date(2026, 10, 12)
PHOTO = bytes(1024)
NUMBER = slice(122, 122 + 36)


def check(data: bytes) -> None:
    """A text block of any size; when the first byte is odd its number gets a right check digit."""
    repaired, text = data[:1], bytearray(data[1:])
    if repaired and repaired[0] & 1 and len(text) == 256:
        _repair(text)
    try:
        card = parse(bytes(text), PHOTO, TODAY)
    except MediaInvalid as error:
        _tells_nothing(str(error), bytes(text))
        return
    _believable(card)


def _repair(text: bytearray) -> None:
    digits = bytes(text[NUMBER]).decode("utf-16-le", "replace")[:17]
    if len(digits) == 17 and digits.isascii() and digits.isdigit():
        text[122 + 34 : 122 + 36] = check_digit(digits).encode("utf-16-le")


def _tells_nothing(message: str, text: bytes) -> None:
    """An error names the field, never what stands in it."""
    number = text[NUMBER].decode("utf-16-le", "replace").strip()
    assert len(number) < 8 or number not in message, "the message holds the card's number"


def _believable(card: IdCard) -> None:
    assert card.name and card.birth <= TODAY and card.sex in ("0", "1", "2", "9")
    assert card.valid_to is None or card.valid_to >= card.valid_from
    texts = (card.name, card.latin_name, card.address, card.authority, card.travel_permit)
    assert not any(_control(text) for text in texts if text)
    assert len(card.number) in (15, 18) and card.number.isascii()


def _control(text: str) -> bool:
    return any(ord(char) < 0x20 or 0x7F <= ord(char) < 0xA0 for char in text)


def seeds() -> list[bytes]:
    """The four layouts, of made-up people."""
    cards = [block(fields) for fields in (RESIDENT, TAIWAN, FOREIGN_2017, FOREIGN_2023)]
    return [bytes((repair,)) + card for card in cards for repair in (0, 1)]
