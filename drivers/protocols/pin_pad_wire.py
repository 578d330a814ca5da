"""The PIN pad's traffic without card numbers, PIN blocks, keys, and what was typed: lengths, states, refusals remain.

A digit of a PIN should never come from a pad; one that comes all the same is a zero here, and still the fault it is.
"""

from __future__ import annotations

from typing import ClassVar, Final

from drivers.protocols.framed_wire import Form, FramedWire, forms
from drivers.protocols.pin_pad import REFUSALS

_NAME: Final = "[A-Za-z0-9._-]{1,24}"
_TEXT: Final = "[A-Za-z0-9 ._-]{0,24}"
_KEY: Final = r"(?:(?P<digit>[0-9])|\*|enter|cancel|auto|clear|back)"


class PinPadWire(FramedWire):
    """Names of keys are hidden too: they are the bureau's."""

    questions: ClassVar[str] = "ISR"
    asked: ClassVar[tuple[Form, ...]] = forms(
        "[ISQ]",
        r"[LR]\|[0-9]{1,3}",
        r"M\|(?:data|pin)\|[0-9]{1,2}\|[0-9]{1,2}\|[01]\|[0-9eckb]{1,14}",
        rf"K\|(?P<name>{_NAME})\|(?P<protector>{_NAME})\|(?P<block>[0-9A-Z]+)",
        rf"D\|(?P<name>{_NAME})",
        rf"P\|(?P<name>{_NAME})\|[04]\|(?P<account>[0-9]{{12,19}})",
    )
    told: ClassVar[tuple[Form, ...]] = forms(
        rf"I\|{_TEXT}\|{_TEXT}\|{_TEXT}\|[0-9]{{1,3}}",
        r"S\|(?:idle|data|pin)\|(?:ok|tampered)\|(?:ready|none)\|[0-9]{1,3}",
        rf"[ER]\|[0-9]{{1,3}}\|{_KEY}\|[0-9]{{1,2}}",
        r"[LR]\|[0-9]{1,3}\|none",
        rf"[MQDKP]\|(?:ok|{'|'.join(REFUSALS)})",
        r"K\|ok\|(?P<check>[0-9A-F]{6})\|[0-9]{1,4}",
        r"P\|ok\|(?P<block>[0-9A-F]{32}|[0-9A-F]{16})",
        rf"L\|[0-9]{{1,3}}\|(?P<name>{_NAME})\|[A-Z0-9]{{2}}\|[A-Z]\|[A-Z]\|(?P<check>[0-9A-F]{{6}})\|[0-9]{{1,4}}",
        r"T\|[a-z]{1,16}",
    )
