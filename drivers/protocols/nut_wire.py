"""The traffic with ``upsd`` without users, passwords, places and serial numbers: the measures and the flags remain.

``upsd`` hands out its driver's settings among the variables, an SNMP password too, so only values of known form are
kept (User Manual, list of variables: ``battery.*``, ``input.*``, ``output.*``, ``ups.*``).
"""

from __future__ import annotations

import re
from typing import Final

from drivers.protocols.nut import LONGEST_LINE
from drivers.protocols.wire import Wire, without_long_numbers

_LOGIN: Final = re.compile(rb"(USERNAME|PASSWORD) .*\n", re.DOTALL)
_LIST: Final = re.compile(rb'LIST VAR "[^"\\\n]{1,64}"\n')
_BARE: Final = re.compile(rb"(?:OK|ERR [A-Z-]{1,32}|(?:BEGIN|END) LIST VAR [\w.\"-]{1,66})\r?\n", re.ASCII)
_NUMBER: Final = re.compile(
    rb"VAR [\w.\"-]{1,66} (?:battery|input|output|ups)\.[a-z.]{1,40} \"-?[0-9]{1,6}(?:\.[0-9]{1,3})?\"\r?\n",
    re.ASCII,
)
_FLAGS: Final = re.compile(rb"VAR [\w.\"-]{1,66} ups\.status \"(?:[A-Z]{2,8} ?){1,8}\"\r?\n", re.ASCII)
_HIDDEN: Final = re.compile(rb"(ups|driver|device)\.(?:serial|id|contact|location)[\w.]*", re.ASCII)
_OTHER: Final = re.compile(rb'(VAR [\w."-]{1,66} [a-z0-9._]{1,64} ")([^\n]*)("\r?\n)', re.ASCII)


class NutWire(Wire):
    """One line a write; answers are taken line by line."""

    def __init__(self) -> None:
        self._held = b""

    def outgoing(self, data: bytes) -> bytes:
        """A login without its words."""
        if (login := _LOGIN.fullmatch(data)) is not None:
            return login[1] + b' "0"\n'
        return data if _LIST.fullmatch(data) else bytes(len(data))

    def incoming(self, data: bytes) -> bytes:
        """Lines, each when it is whole; one that does not end is no line of ``upsd``."""
        *lines, self._held = (self._held + data).split(b"\n")
        given = b"".join(_kept(line + b"\n") for line in lines)
        if len(self._held) > LONGEST_LINE:
            given += bytes(len(self._held))
            self._held = b""
        return given

    def settle(self) -> bytes:
        """Half a line."""
        held, self._held = self._held, b""
        return bytes(len(held))

    def idle(self, key: bytes) -> bool:
        """The variables are asked for again and again."""
        return key.startswith(b"LIST ")


def _kept(line: bytes) -> bytes:
    return without_long_numbers(_of_known_form(line).decode("ascii")).encode("ascii")


def _of_known_form(line: bytes) -> bytes:
    if _BARE.fullmatch(line) or _FLAGS.fullmatch(line):
        return line
    if _NUMBER.fullmatch(line) and not _HIDDEN.search(line):
        return line
    if (other := _OTHER.fullmatch(line)) is not None:
        return other[1] + b"0" * len(other[2]) + other[3]
    return bytes(len(line) - 1) + line[-1:]
