"""Machine readable zones as text, and their check digits."""

from __future__ import annotations

from datetime import date
from functools import reduce

from drivers.protocols.mrz import _SHAPES as SHAPES
from drivers.protocols.mrz import _WHOLE as WHOLE
from drivers.protocols.mrz import Mrz, MrzError, check_digit, cleaned, parse
from tests.drivers.protocols.test_mrz import TD1, TD2, TD3
from tests.fuzz.oracles import refused_by

LONGEST = 120
PARSES = ("drivers.protocols.mrz",)
TODAY = date(2026, 10, 12)
DIGITS = {"td1": ((0, 5, 14), (1, 0, 6), (1, 8, 14)), "td2": ((1, 0, 9), (1, 13, 19), (1, 21, 27))}


def check(data: bytes) -> None:
    """Any text, with an odd first byte under right check digits: a document, or an ``MrzError`` without its number."""
    lines = cleaned(data[1:].decode("latin-1"))
    if data[:1] and data[0] & 1:
        refused_by(MrzError, lambda: _repair(lines))
    found = refused_by(MrzError, lambda: parse(lines, TODAY))
    if found is not None:
        _believable(found)


def _repair(lines: list[str]) -> None:
    """Put the check digits right, the composite one last."""
    layout = SHAPES.get((len(lines), len(lines[0]) if lines else 0))
    if layout is None or len({*map(len, lines)}) != 1:
        return
    for line, start, end in DIGITS.get(layout.value, DIGITS["td2"]):
        _put(lines, line, end, check_digit(lines[line][start:end]))
    if layout.value == "td3":
        _put(lines, 1, 42, check_digit(lines[1][28:42]))
    covered = reduce(str.__add__, (lines[line][start:end] for line, start, end in WHOLE[layout]))
    _put(lines, 1, len(lines[1]) - 1, check_digit(covered))


def _put(lines: list[str], line: int, place: int, digit: str) -> None:
    lines[line] = lines[line][:place] + digit + lines[line][place + 1 :]


def _believable(mrz: Mrz) -> None:
    assert mrz.family_name and mrz.sex in ("M", "F", "X")
    assert mrz.birth is None or mrz.birth <= TODAY
    assert len(mrz.number) < 8 or mrz.number not in repr(mrz), "a document's number in its repr"
    assert "<" not in mrz.family_name + mrz.given_names and mrz.corrected >= 0


def seeds() -> list[bytes]:
    """The specimens of the three layouts, with letters mixed up, a long number, no name."""
    zones = ["\r".join(zone).encode() for zone in (TD1, TD2, TD3)]
    mixed = [zone.replace(b"0", b"O") for zone in zones] + [
        zone.replace(b"ERIKSSON", b"<" * 8) for zone in zones
    ]
    return [bytes((repair,)) + zone for zone in (*zones, *mixed) for repair in (0, 1)]
