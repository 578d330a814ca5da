"""Which characters a printer's own font has, and how wide each is: the same rule for every kind of printer.

A printer in Chinese mode takes one-byte codes for Latin and two-byte codes for Han characters and marks. A
four-byte code of GB 18030 is never sent: models without it print its bytes as stray digits (``¥`` comes out as
"0 6"). What the font has not is drawn as dots, for that run alone.
"""

from __future__ import annotations

import enum
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from drivers.visible import visible

_SAME: Final = str.maketrans({"\u00a5": "\uffe5", "\u00a0": " ", "\u2009": " ", "\u2013": "-", "\u2011": "-"})
"""U+00A5 has no two-byte code, U+FFE5 has (A3A4) and is the sign that Chinese accounts use."""
_TABS: Final = frozenset("\u00b7\u2014")
"""GB 2312 has both (A1A4, A1AA); Python's codec of that name maps the two codes elsewhere."""


class Coverage(enum.StrEnum):
    """What the font in the printer holds: GB/T 2312-1980, GBK 1.0, or nothing that is to be trusted."""

    GB2312 = "gb2312"
    GBK = "gbk"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbours printed in the same way. ``code`` is what is sent; None means that dots are."""

    text: str
    code: bytes | None
    cells: int

    @property
    def own(self) -> bool:
        """Whether the printer's font prints it."""
        return self.code is not None


def normalised(text: str) -> str:
    """``text`` as paper can have it: one code a character, no invisible marks, the yuan sign of accounts.

    Raise ``ValueError`` for a control character: it would be an order to the printer.
    """
    kept = visible(text).translate(_SAME)
    if any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in kept):
        raise ValueError("has a control character; take it out")
    return kept


def cells(text: str) -> int:
    """Width in half cells: Latin takes one, all else two, so that columns stay columns."""
    return sum(1 if is_half(c) else 2 for c in text)


def is_half(character: str) -> bool:
    """Whether a character takes half a cell: ASCII, and other letters of the Latin and like scripts."""
    return character <= "~" or (character < "\u0590" and character.isalpha())


def code_of(character: str, coverage: Coverage) -> bytes | None:
    """The one or two bytes that the font has for ``character``, or None."""
    if coverage is Coverage.NONE:
        return None
    if " " <= character <= "~":
        return character.encode("ascii")
    if is_half(character):
        return None  # the font would set é in a full cell
    try:
        code = character.encode("gbk")
    except UnicodeEncodeError:
        return None
    if len(code) != 2:
        return None
    return code if coverage is Coverage.GBK or character in _TABS or _in_gb2312(character, code) else None


def _in_gb2312(character: str, code: bytes) -> bool:
    try:
        return character.encode("gb2312") == code
    except UnicodeEncodeError:
        return False


def runs(text: str, coverage: Coverage) -> Iterator[Run]:
    """``text`` (normalised) in stretches that are all the printer's own or all dots."""
    stretch, codes = "", b""
    for character in text:
        code = code_of(character, coverage)
        if stretch and (code is None) is bool(codes):
            yield Run(stretch, codes or None, cells(stretch))
            stretch, codes = "", b""
        stretch, codes = stretch + character, codes + (code or b"")
    if stretch:
        yield Run(stretch, codes or None, cells(stretch))
