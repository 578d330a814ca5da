"""Machine readable zones of travel documents: ICAO Doc 9303, 8th edition, parts 3 to 6. Pure text in, values out.

Letters and digits that readers mix up (O and 0, I and 1 …) are put right only where a field may hold but one kind
(a country holds no digits, a date no letters). In a document number, which may hold both, only an O among digits
and a 0 among letters, and only when exactly one reading makes the check digit right. One digit proves little, so
``corrected`` tells, and a person confirms what was put right. A zone whose check digits do not agree is refused.
"""

from __future__ import annotations

import enum
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

WEIGHTS: Final = (7, 3, 1)
"""Part 3, 4.9."""
_VALUES: Final = {letter: place for place, letter in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")} | {
    "<": 0
}
_TO_DIGIT: Final = str.maketrans("OQDUILZSGBT", "00001125687")
_TO_LETTER: Final = str.maketrans("01258", "OIZSB")
_SPACES: Final = re.compile(r"[ \t\r]")


class MrzLayout(enum.StrEnum):
    """Sizes of documents (part 3, 3): a card, the former card, a passport."""

    TD1 = "td1"
    TD2 = "td2"
    TD3 = "td3"


_SHAPES: Final = {(3, 30): MrzLayout.TD1, (2, 36): MrzLayout.TD2, (2, 44): MrzLayout.TD3}


class MrzError(ValueError):
    """Root: the lines are no machine readable zone that can be relied upon."""


class MrzShapeWrong(MrzError):
    """Neither three lines of 30, nor two of 36 or 44, or a character that no zone has."""


class MrzCheckFailed(MrzError):
    """A check digit disagrees; ``fields`` names where."""

    def __init__(self, fields: Sequence[str]) -> None:
        super().__init__(f"check digit of {', '.join(fields)} is wrong; lay the document again")
        self.fields = tuple(fields)


class MrzFieldWrong(MrzError):
    """The check digits agree but a value cannot be (a month 13, an empty name)."""


@dataclass(frozen=True, slots=True)
class Mrz:
    """One document. Personal data: never logged; ``repr`` shows the kind alone.

    ``expiry`` is the last valid day; ``birth`` may be incomplete on real documents and is then None, with
    ``birth_text`` as printed. ``corrected`` counts characters that were put right.
    """

    layout: MrzLayout
    code: str
    issuer: str
    number: str = field(repr=False)
    family_name: str = field(repr=False)
    given_names: str = field(repr=False)
    nationality: str = field(repr=False)
    birth_text: str = field(repr=False)
    birth: date | None = field(repr=False)
    sex: str = field(repr=False)  # "M", "F", "X" not specified
    expiry: date | None = field(repr=False)
    optional: str = field(default="", repr=False)
    corrected: int = 0


def check_digit(data: str) -> str:
    """Part 3, 4.9. Raise ``MrzShapeWrong`` for a character that has no value."""
    try:
        return str(sum(_VALUES[one] * WEIGHTS[place % 3] for place, one in enumerate(data)) % 10)
    except KeyError as error:
        raise MrzShapeWrong(f"a zone has no character {error.args[0]!r}") from None


def cleaned(text: str) -> list[str]:
    """Lines of a zone out of whatever a reader sends: blanks and empty lines left out, capitals."""
    lines = (_SPACES.sub("", line).upper() for line in text.replace("\r", "\n").split("\n"))
    return [line for line in lines if line]


def parse(lines: Sequence[str], today: date) -> Mrz:
    """The document; ``today`` parts the centuries of its years. Raise an ``MrzError``."""
    sizes = {len(line) for line in lines}
    layout = _SHAPES.get((len(lines), sizes.pop() if len(sizes) == 1 else 0))
    if layout is None:
        raise MrzShapeWrong("a zone has three lines of 30, or two of 36 or 44 characters")
    if wrong := set("".join(lines)) - _VALUES.keys():
        raise MrzShapeWrong(f"a zone has no character {min(wrong)!r}")
    zone = _Zone(layout, lines)
    zone.mend()
    if failed := zone.failed():
        raise MrzCheckFailed(failed)
    return zone.document(today)


@dataclass(frozen=True, slots=True)
class _Place:
    """A field: its line, where it begins and ends there, and the kind of characters it may hold."""

    line: int
    start: int
    end: int
    kind: str = "any"  # "digit", "letter" or "any"


_FIELDS: Final = {
    MrzLayout.TD1: {
        "code": _Place(0, 0, 2, "letter"), "issuer": _Place(0, 2, 5, "letter"),
        "number": _Place(0, 5, 14), "number check": _Place(0, 14, 15, "check"), "optional": _Place(0, 15, 30),
        "birth": _Place(1, 0, 6, "digit"), "birth check": _Place(1, 6, 7, "digit"), "sex": _Place(1, 7, 8, "letter"),
        "expiry": _Place(1, 8, 14, "digit"), "expiry check": _Place(1, 14, 15, "digit"),
        "nationality": _Place(1, 15, 18, "letter"), "optional2": _Place(1, 18, 29),
        "check": _Place(1, 29, 30, "digit"), "names": _Place(2, 0, 30, "letter"),
    },
    MrzLayout.TD2: {
        "code": _Place(0, 0, 2, "letter"), "issuer": _Place(0, 2, 5, "letter"), "names": _Place(0, 5, 36, "letter"),
        "number": _Place(1, 0, 9), "number check": _Place(1, 9, 10, "check"),
        "nationality": _Place(1, 10, 13, "letter"),
        "birth": _Place(1, 13, 19, "digit"), "birth check": _Place(1, 19, 20, "digit"),
        "sex": _Place(1, 20, 21, "letter"),
        "expiry": _Place(1, 21, 27, "digit"), "expiry check": _Place(1, 27, 28, "digit"),
        "optional": _Place(1, 28, 35), "check": _Place(1, 35, 36, "digit"),
    },
    MrzLayout.TD3: {
        "code": _Place(0, 0, 2, "letter"), "issuer": _Place(0, 2, 5, "letter"), "names": _Place(0, 5, 44, "letter"),
        "number": _Place(1, 0, 9), "number check": _Place(1, 9, 10, "digit"),
        "nationality": _Place(1, 10, 13, "letter"),
        "birth": _Place(1, 13, 19, "digit"), "birth check": _Place(1, 19, 20, "digit"),
        "sex": _Place(1, 20, 21, "letter"),
        "expiry": _Place(1, 21, 27, "digit"), "expiry check": _Place(1, 27, 28, "digit"),
        "optional": _Place(1, 28, 42), "optional check": _Place(1, 42, 43, "check"),
        "check": _Place(1, 43, 44, "digit"),
    },
}  # fmt: skip
"""Part 5, 4.2 (TD1), part 6, 4.2 (TD2), part 4, 4.2 (TD3)."""

_WHOLE: Final = {
    MrzLayout.TD1: ((0, 5, 30), (1, 0, 7), (1, 8, 15), (1, 18, 29)),
    MrzLayout.TD2: ((1, 0, 10), (1, 13, 20), (1, 21, 35)),
    MrzLayout.TD3: ((1, 0, 10), (1, 13, 20), (1, 21, 43)),
}
"""What the composite check digit covers, in the same clauses."""


class _Zone:
    """The lines, mended in place."""

    def __init__(self, layout: MrzLayout, lines: Sequence[str]) -> None:
        self._layout = layout
        self._lines = [list(line) for line in lines]
        self._before = "".join(lines)
        self._places = _FIELDS[layout]

    def get(self, name: str) -> str:
        place = self._places[name]
        return "".join(self._lines[place.line][place.start : place.end])

    def put(self, name: str, value: str) -> None:
        place = self._places[name]
        self._lines[place.line][place.start : place.end] = value

    def mend(self) -> None:
        """Put right what a field's kind or its check digit proves."""
        for name, place in self._places.items():
            if place.kind == "digit" or (place.kind == "check" and self.get(name) != "<"):
                self.put(name, self.get(name).translate(_TO_DIGIT))
            elif place.kind == "letter":
                self.put(name, self.get(name).translate(_TO_LETTER))
        for name in ("number", "optional"):
            if f"{name} check" in self._places and not self._agrees(name):
                self._mend_by_check(name)

    def _mend_by_check(self, name: str) -> None:
        """The one reading of the field that its own check digit and the composite one both take, if there is one."""
        before = self.get(name)
        good = []
        for reading in _readings(before):
            self.put(name, reading)
            if self._agrees(name) and self._whole_agrees():
                good.append(reading)
        self.put(name, good[0] if len(good) == 1 else before)

    def failed(self) -> list[str]:
        """Fields whose check digit disagrees."""
        fields = [name.removesuffix(" check") for name in self._places if name.endswith(" check")]
        wrong = [name for name in fields if not self._agrees(name)]
        return wrong or ([] if self._whole_agrees() else ["the whole"])

    def _agrees(self, name: str) -> bool:
        data, shown = self.get(name), self.get(f"{name} check")
        if name == "number" and shown == "<":
            # A number longer than nine goes on in the optional field, its check digit behind it (part 5, note j).
            rest = self.get("optional").split("<")[0]
            return len(rest) >= 2 and check_digit(data + rest[:-1]) == rest[-1]
        if name == "optional" and shown == "<":
            return not data.strip(
                "<"
            )  # part 4, 4.2.2.2: an unused field may have a filler for its check digit
        return check_digit(data) == shown

    def _whole_agrees(self) -> bool:
        spans = ("".join(self._lines[line][start:end]) for line, start, end in _WHOLE[self._layout])
        return check_digit("".join(spans)) == self.get("check")

    def document(self, today: date) -> Mrz:
        family, given = _names(self.get("names"))
        number, optional = self.get("number"), self.get("optional")
        if self.get("number check") == "<":
            rest = optional.split("<")[0]
            number, optional = number + rest[:-1], optional[len(rest) :]
        after = "".join("".join(line) for line in self._lines)
        return Mrz(
            self._layout,
            self.get("code").rstrip("<"),
            self.get("issuer").rstrip("<"),
            number.rstrip("<"),
            family,
            given,
            self.get("nationality").rstrip("<"),
            self.get("birth"),
            _day(self.get("birth"), today, past=True),
            {"M": "M", "F": "F"}.get(self.get("sex"), "X"),
            _day(self.get("expiry"), today, past=False),
            optional.strip("<"),
            sum(one != other for one, other in zip(self._before, after, strict=True)),
        )


def _readings(text: str) -> Iterator[str]:
    """``text`` with an O among digits read as 0 and a 0 among letters as O, in every combination but its own.

    Others are left: the more readings are tried, the likelier one fits by chance.
    """
    doubtful = [place for place, one in enumerate(text) if one in "O0" and _strange(text, place)]
    for letters in itertools.product("O0", repeat=len(doubtful)):
        changed = list(text)
        for place, letter in zip(doubtful, letters, strict=True):
            changed[place] = letter
        if "".join(changed) != text:
            yield "".join(changed)


def _strange(text: str, place: int) -> bool:
    """Whether the neighbours of an O are all digits, or of a 0 all letters."""
    beside = text[max(0, place - 1) : place] + text[place + 1 : place + 2]
    return beside.isdigit() if text[place] == "O" else beside.isalpha()


def _names(text: str) -> tuple[str, str]:
    """Family and given names; fillers inside are blanks (part 3, 4.6). A single name is the family's."""
    family, _, given = text.rstrip("<").partition("<<")
    if not family.strip("<"):
        raise MrzFieldWrong("the zone has no name; lay the document again")
    return family.replace("<", " ").strip(), re.sub("<+", " ", given).strip()


def _day(text: str, today: date, *, past: bool) -> date | None:
    """YYMMDD as a day; None when a part is not known (part 3, 4.8: fillers). Raise ``MrzFieldWrong``.

    A birth lies in the past, so of two centuries the later one that does; a document expires in this century.
    """
    if not text.isdigit():
        return None
    year = 2000 + int(text[:2])
    try:
        found = date(year, int(text[2:4]), int(text[4:]))
        return found.replace(year=year - 100) if past and found > today else found
    except ValueError:
        raise MrzFieldWrong("the zone holds a day that is none; lay the document again") from None
