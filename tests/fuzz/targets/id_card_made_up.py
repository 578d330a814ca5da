"""A made-up person in place of a real card's text block."""

from __future__ import annotations

from datetime import date

from drivers.protocols.id_card import LAYOUTS
from drivers.protocols.id_card_made_up import _wrong_field as wrong_field
from drivers.protocols.id_card_made_up import made_up
from drivers.protocols.sam_v import TEXT_BYTES
from tests.drivers.protocols.cards import FOREIGN_2017, FOREIGN_2023, RESIDENT, TAIWAN, block

LONGEST = 260
PARSES = ("drivers.protocols.id_card_made_up",)
TODAY = date(2026, 10, 12)
MARK = slice(248, 250)


def check(data: bytes) -> None:
    """Any block: one of the same layout, refused for the same field, the same for all who are told apart by neither."""
    given = made_up(data, TODAY)
    assert len(given) == TEXT_BYTES
    if len(data) < TEXT_BYTES:
        assert given == made_up(b"", TODAY), "something of a torn block is kept"
        return
    mark = data[MARK].decode("utf-16-le", "replace")
    wrong = wrong_field(data, TODAY)
    if mark in LAYOUTS:
        assert given[MARK] == data[MARK]
        assert wrong not in LAYOUTS[mark].fields or wrong_field(given, TODAY) == wrong
    assert made_up(given, TODAY) == given or wrong is not None or mark not in LAYOUTS


def seeds() -> list[bytes]:
    """The four layouts, of made-up people, with and without a wrong field."""
    cards = [block(fields) for fields in (RESIDENT, TAIWAN, FOREIGN_2017, FOREIGN_2023)]
    return [*cards, *(card[:122] + b"\1\0" + card[124:] for card in cards), cards[0][:100]]
