"""A made-up person in the layout of a real card's text block: the same layout, and wrong where the real one is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from drivers.errors import MediaInvalid
from drivers.protocols.id_card import LAYOUTS, parse
from drivers.protocols.sam_v import PHOTO_BYTES, TEXT_BYTES

_MARK: Final = slice(248, 250)
_PEOPLE: Final[Mapping[str, Mapping[str, str]]] = {
    " ": {
        "name": "样本",
        "sex": "2",
        "nation": "01",
        "birth": "19491231",
        "address": "样本市样本路一号",
        "number": "11010519491231002X",
        "authority": "样本市公安局",
        "valid_from": "20200101",
        "valid_to": "长期",
    },
    "J": {
        "name": "樣本",
        "sex": "2",
        "birth": "19940823",
        "address": "样本市样本路一号",
        "number": "810000199408230021",
        "authority": "样本市公安局",
        "valid_from": "20200101",
        "valid_to": "20991231",
        "travel_permit": "H00000000",
        "issue_count": "01",
    },
    "I": {
        "latin": "SAMPLE PERSON",
        "sex": "2",
        "number": "KAZ110090123105",
        "nationality": "KAZ",
        "name": "样本",
        "valid_from": "20200101",
        "valid_to": "20991231",
        "birth": "19901231",
        "version": "01",
        "authority": "1500",
    },
    "Y": {
        "name": "样本",
        "sex": "1",
        "issue_count": "01",
        "birth": "19850101",
        "latin": "SAMPLE PERSON",
        "number": "932682198501010017",
        "valid_from": "20200101",
        "valid_to": "20991231",
        "nationality": "SAU",
    },
}
"""By type mark. The resident's number is the example of GB 11643-1999; the others are invented."""

_FIELD: Final = re.compile(r"field '([a-z_]+)'")


def made_up(text: bytes, today: date) -> bytes:
    """256 bytes for the ``text`` of a real card, which may be cut short: nothing of it is kept but its type mark.

    A real block that ``parse`` refuses gives one that is refused for the same field.
    """
    mark = _mark(text)
    values = dict(_PEOPLE.get(mark, _PEOPLE[" "]))
    fields = LAYOUTS.get(mark, LAYOUTS[" "]).fields
    wrong = _wrong_field(text, today)
    if wrong is not None and wrong in fields:
        # A control character is refused in every field of every layout.
        values[wrong] = "\x01" + values.get(wrong, "")[1:]
    block = bytearray(" ".encode("utf-16-le") * (TEXT_BYTES // 2))
    for name, (offset, length) in fields.items():
        raw = values.get(name, "").encode("utf-16-le")[:length]
        block[offset : offset + len(raw)] = raw
    block[_MARK] = mark.encode("utf-16-le")
    return bytes(block)


def _mark(text: bytes) -> str:
    """The type mark; one that nobody knows stays unknown, but is not written down."""
    if len(text) < TEXT_BYTES:
        return " "
    found = text[_MARK].decode("utf-16-le", "replace")
    return found if found in LAYOUTS else "Q"


def _wrong_field(text: bytes, today: date) -> str | None:
    if len(text) < TEXT_BYTES:
        return None
    try:
        parse(text, bytes(PHOTO_BYTES), today)
    except MediaInvalid as error:
        named = _FIELD.search(str(error))
        return named[1] if named else None
    return None
