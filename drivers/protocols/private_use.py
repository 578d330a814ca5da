"""Rare Han characters that old cards carry as private-use codes, brought to the code every font knows.

GB 18030-2000 and GBK kept 80 characters (two-byte codes FE50 to FEA0) at U+E815..U+E864 until Unicode had
them; names issued in those years (䶮 is the known one) still carry the old codes. The mapping is that of
GB 18030-2005 and -2022. Python's own codec knows 66 of the 80.
"""

from __future__ import annotations

from typing import Final

_FIRST: Final = 0xE815
_LATER: Final = {
    0xE816: 0x20087,
    0xE817: 0x20089,
    0xE818: 0x200CC,
    0xE81E: 0x9FB4,
    0xE826: 0x9FB5,
    0xE82B: 0x9FB6,
    0xE82C: 0x9FB7,
    0xE831: 0x215D7,
    0xE832: 0x9FB8,
    0xE83B: 0x2298F,
    0xE843: 0x9FB9,
    0xE854: 0x9FBA,
    0xE855: 0x241FE,
    0xE864: 0x9FBB,
}
"""What GB 18030-2005 added to the code points that the edition of 2000 (Python's codec) left private."""


def _table() -> dict[int, int]:
    trails = [*range(0x50, 0x7F), *range(0x80, 0xA1)]
    old = {_FIRST + i: ord(bytes((0xFE, trail)).decode("gb18030")) for i, trail in enumerate(trails)}
    return old | _LATER


TABLE: Final = _table()
"""Private-use code point to the assigned one."""


def unify(text: str) -> str:
    """``text`` with the 80 private codes of GB 18030-2000 replaced by their characters."""
    return text.translate(TABLE)
