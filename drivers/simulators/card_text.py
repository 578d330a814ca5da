"""Writes the 256-byte text block of a card's chip: UTF-16LE fields at fixed places, padded with spaces.

Places and lengths are those of the domain note, section 3 (resident, J, I and Y layouts).
"""

from __future__ import annotations

from drivers.simulators.cards import Card, Layout

TEXT_BYTES = 256
_MARK_AT = 248
_MARKS = {
    Layout.RESIDENT: " ",
    Layout.HK_MACAU_TAIWAN: "J",
    Layout.FOREIGN_2017: "I",
    Layout.FOREIGN_2023: "Y",
}

Field = tuple[int, int, str]
"""Offset in bytes, length in bytes, text."""


def encode_text(card: Card, mark: str | None = None) -> bytes:
    """The text block of ``card``; ``mark`` replaces the type mark, for a card of a layout nobody knows."""
    fields = {
        Layout.RESIDENT: _resident,
        Layout.HK_MACAU_TAIWAN: _hk_macau_taiwan,
        Layout.FOREIGN_2017: _foreign_2017,
        Layout.FOREIGN_2023: _foreign_2023,
    }[card.layout](card)
    block = bytearray(" ".encode("utf-16-le") * (TEXT_BYTES // 2))
    for offset, length, text in [*fields, (_MARK_AT, 2, mark or _MARKS[card.layout])]:
        coded = text.encode("utf-16-le")[:length]
        block[offset : offset + len(coded)] = coded
    return bytes(block)


def encode_address(address: str) -> bytes:
    """The 70 bytes of the latest address."""
    return address.ljust(35).encode("utf-16-le")[:70]


def _resident(card: Card) -> list[Field]:
    return [
        (0, 30, card.name),
        (30, 2, card.sex),
        (32, 4, card.nation),
        (36, 16, card.birth),
        (52, 70, card.address or ""),
        (122, 36, card.number),
        (158, 30, card.authority or ""),
        (188, 16, card.valid_from),
        (204, 16, card.valid_to),
    ]


def _hk_macau_taiwan(card: Card) -> list[Field]:
    kept = [field for field in _resident(card) if field[0] != 32]  # the nation's place is reserved
    return [*kept, (220, 18, card.travel_permit or ""), (238, 4, card.issue_count or "01")]


def _foreign_2017(card: Card) -> list[Field]:
    return [
        (0, 120, card.latin_name or ""),
        (120, 2, card.sex),
        (122, 30, card.number),
        (152, 6, card.nationality or ""),
        (158, 30, card.name),
        (188, 16, card.valid_from),
        (204, 16, card.valid_to),
        (220, 16, card.birth),
        (236, 4, "01"),
        (240, 8, card.authority_code or ""),
    ]


def _foreign_2023(card: Card) -> list[Field]:
    latin = card.latin_name or ""
    return [
        (0, 30, card.name),
        (30, 2, card.sex),
        (32, 4, card.issue_count or "01"),
        (36, 16, card.birth),
        (52, 70, latin[:35]),
        (122, 36, card.number),
        (188, 16, card.valid_from),
        (204, 16, card.valid_to),
        (220, 22, latin[35:46]),
        (242, 6, card.nationality or ""),
        (250, 6, card.old_permit or ""),
    ]
