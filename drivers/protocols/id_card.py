"""The four layouts of a resident ID card's text block: 256 bytes UTF-16LE in, a checked card out.

The mark at byte 248 says which layout it is; an unknown mark is refused, never guessed. The number must be
right in itself and agree with the birth and sex beside it. Source: the domain note, section 3.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from drivers.errors import MediaInvalid
from drivers.ports import IdCard, IdCardLayout
from drivers.protocols import id_number
from drivers.protocols.id_number import NumberFacts
from drivers.protocols.private_use import unify
from drivers.protocols.sam_v import PHOTO_BYTES, TEXT_BYTES

Fields = Mapping[str, tuple[int, int]]
"""Field name to offset and length in bytes."""

_MARK: Final = (248, 2)
_RESIDENT: Final = {
    "name": (0, 30),
    "sex": (30, 2),
    "nation": (32, 4),
    "birth": (36, 16),
    "address": (52, 70),
    "number": (122, 36),
    "authority": (158, 30),
    "valid_from": (188, 16),
    "valid_to": (204, 16),
}
_HK_MACAU_TAIWAN: Final = _RESIDENT | {"travel_permit": (220, 18), "issue_count": (238, 4)}
_FOREIGN_2017: Final = {
    "latin": (0, 120),
    "sex": (120, 2),
    "number": (122, 30),
    "nationality": (152, 6),
    "name": (158, 30),
    "valid_from": (188, 16),
    "valid_to": (204, 16),
    "birth": (220, 16),
    "version": (236, 4),
    "authority": (240, 8),
}
_FOREIGN_2023: Final = {
    "name": (0, 30),
    "sex": (30, 2),
    "issue_count": (32, 4),
    "birth": (36, 16),
    "latin": (52, 70),
    "number": (122, 36),
    "valid_from": (188, 16),
    "valid_to": (204, 16),
    "latin_rest": (220, 22),
    "nationality": (242, 6),
    "former": (250, 6),
}


@dataclass(frozen=True, slots=True)
class _Layout:
    kind: IdCardLayout
    fields: Fields
    facts: Callable[[str, date], NumberFacts | None]


def _by_number(check: Callable[[str], NumberFacts | None]) -> Callable[[str, date], NumberFacts | None]:
    return lambda number, _birth: check(number)


LAYOUTS: Final = {
    " ": _Layout(IdCardLayout.RESIDENT, _RESIDENT, _by_number(id_number.resident)),
    "J": _Layout(IdCardLayout.HK_MACAU_TAIWAN, _HK_MACAU_TAIWAN, _by_number(id_number.special_region)),
    "I": _Layout(IdCardLayout.FOREIGN_2017, _FOREIGN_2017, id_number.foreign_2017),
    "Y": _Layout(IdCardLayout.FOREIGN_2023, _FOREIGN_2023, _by_number(id_number.foreign_2023)),
}
"""Type mark to layout."""

_SEXES: Final = ("0", "1", "2", "9")
"""GB/T 2261.1: unknown, male, female, not stated."""
_NATIONS: Final = frozenset([*(f"{n:02d}" for n in range(1, 57)), "97", "98"])
"""GB/T 3304 codes of the 56 nations, and the two the cards add."""
OLDEST_YEARS: Final = 130
"""Nobody has lived that long. The permit of 2017 has two digits of the year in its number: only this sees a wrong
century."""
_NATIONALITY: Final = re.compile(r"[A-Z]{3}", re.ASCII)
"""GB/T 2659, as ISO 3166-1 alpha-3."""
_FORBIDDEN: Final = re.compile(r"[\x00-\x1f\x7f\x80-\x9f\ud800-\udfff\ufffe\uffff]")


def parse(text: bytes, photo: bytes, today: date) -> IdCard:
    """The card in a text block and its photo; raise ``MediaInvalid`` when anything about it is wrong.

    ``today`` is the business day: a birth after it, or longer ago than anybody lives, is refused. The message names
    the field, never its value.
    """
    if len(text) != TEXT_BYTES or len(photo) != PHOTO_BYTES:
        raise MediaInvalid("the card's blocks have the wrong size; ask for the card to be placed again")
    layout = LAYOUTS.get(_string(text, _MARK, "mark", strip=False))
    if layout is None:
        raise MediaInvalid("the card's type mark is unknown; use another document")
    return _card(layout, _values(text, layout.fields), photo, today)


def _values(text: bytes, fields: Fields) -> dict[str, str]:
    return {name: _string(text, place, name) for name, place in fields.items()}


def _string(text: bytes, place: tuple[int, int], name: str, *, strip: bool = True) -> str:
    offset, length = place
    try:
        value = text[offset : offset + length].decode("utf-16-le")
    except UnicodeDecodeError as error:
        raise _wrong(name) from error
    if _FORBIDDEN.search(value):
        raise _wrong(name)
    return unify(value.rstrip(" ") if strip else value)


def _wrong(name: str) -> MediaInvalid:
    return MediaInvalid(f"the card's field '{name}' cannot be right; ask for the card to be placed again")


def _card(layout: _Layout, values: Mapping[str, str], photo: bytes, today: date) -> IdCard:
    birth = _date(values, "birth")
    valid_from = _date(values, "valid_from")
    valid_to = None if values["valid_to"] == "长期" else _date(values, "valid_to")
    if birth > today or birth.year < today.year - OLDEST_YEARS:
        raise _wrong("birth")
    if valid_to is not None and valid_to < valid_from:
        raise _wrong("valid_to")
    _check_number(layout, values, birth)
    latin = _latin(layout, values)
    name = values["name"] or latin  # a foreigner may have no Chinese name
    if not name:
        raise _wrong("name")
    resident = layout.kind is IdCardLayout.RESIDENT
    if resident and values["nation"] not in _NATIONS:
        raise _wrong("nation")
    if "nationality" in values and not _NATIONALITY.fullmatch(values["nationality"]):
        raise _wrong("nationality")
    return IdCard(
        layout=layout.kind,
        number=values["number"],
        name=name,
        latin_name=latin or None,
        sex=values["sex"],
        nation_code=values["nation"] if resident else None,
        nationality=values.get("nationality") or None,
        birth=birth,
        address=values.get("address") or None,
        authority=values.get("authority") or None,
        valid_from=valid_from,
        valid_to=valid_to,
        travel_permit=values.get("travel_permit") or None,
        issue_count=values.get("issue_count") or None,
        photo=photo,
    )


def _latin(layout: _Layout, values: Mapping[str, str]) -> str:
    """A foreigner's name whole: a blank at the end of its first part stands between two names when more follow."""
    first, rest = values.get("latin", ""), values.get("latin_rest", "")
    if rest:
        first = first.ljust(layout.fields["latin"][1] // 2)
    return (first + rest).strip()


def _date(values: Mapping[str, str], name: str) -> date:
    value = id_number.day(values[name])
    if value is None:
        raise _wrong(name)
    return value


def _check_number(layout: _Layout, values: Mapping[str, str], birth: date) -> None:
    if values["sex"] not in _SEXES:
        raise _wrong("sex")
    facts = layout.facts(values["number"], birth)
    if facts is None:
        raise _wrong("number")
    if facts.birth != birth:
        raise _wrong("birth")
    if facts.sex is not None and values["sex"] in ("1", "2") and facts.sex != values["sex"]:
        raise _wrong("sex")
