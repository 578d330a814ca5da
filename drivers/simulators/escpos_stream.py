"""Takes an ESC/POS byte stream apart into operations, however the bytes are split on the way.

Lengths follow the public command reference of the ESC/POS language; a byte that begins no known command
becomes an ``unknown`` operation, as a printer would swallow it.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

_ESC, _FS, _GS, _DLE = 0x1B, 0x1C, 0x1D, 0x10
_FIXED: dict[int, dict[int, int]] = {
    _ESC: {
        **dict.fromkeys(b"@2imvLS<", 0),
        **dict.fromkeys(b"!-EGMadeJK3tR{V =rTUu%?", 1),
        **dict.fromkeys(b"$\\", 2),
        ord("p"): 3,
        ord("W"): 8,
        ord("c"): 2,
    },
    _FS: {**dict.fromkeys(b"&.", 0), **dict.fromkeys(b"!-CW", 1), **dict.fromkeys(b"Sp?", 2), ord("2"): 74},
    _GS: {ord(":"): 0, **dict.fromkeys(b"!BbarIhwHf/T", 1), **dict.fromkeys(b"LWP$\\", 2), ord("^"): 3},
}
_NAMES = {_ESC: "ESC", _FS: "FS", _GS: "GS"}
_CONTROLS = {0x09: "HT", 0x0A: "LF", 0x0C: "FF", 0x0D: "CR", 0x18: "CAN"}
_CUT_WITH_FEED = (65, 66, 97, 98, 103, 104)


@dataclass(frozen=True, slots=True)
class Op:
    """One operation: ``name`` like ``GS v0``, parameter bytes, and the data behind them."""

    name: str
    args: bytes = b""
    data: bytes = b""

    @property
    def size(self) -> int:
        """Room it takes in the printer's buffer, in bytes."""
        return len(self.args) + len(self.data) + 3

    @property
    def word(self) -> int:
        """The first two parameter bytes as a little-endian number."""
        return int.from_bytes(self.args[:2], "little")


_Take = Generator[int, None, bytes]


class StreamReader:
    """Feeds bytes in, takes operations out; characters come as ``text`` with their raw bytes."""

    def __init__(self) -> None:
        self._kept = bytearray()
        self._done: list[Op] = []
        self._machine = self._run()
        self._need = next(self._machine)

    def feed(self, data: bytes) -> list[Op]:
        """The operations that ``data`` completes."""
        self._kept += data
        while len(self._kept) >= self._need:
            self._need = next(self._machine)
        # The list itself must stay: an operation half way through holds on to it.
        done = self._done.copy()
        self._done.clear()
        return done

    def _take(self, count: int) -> _Take:
        while len(self._kept) < count:
            yield count
        taken = bytes(self._kept[:count])
        del self._kept[:count]
        return taken

    def _until(self, stop: int) -> _Take:
        at = self._kept.find(stop)
        while at < 0:
            yield len(self._kept) + 1
            at = self._kept.find(stop)
        return (yield from self._take(at + 1))[:-1]

    def _run(self) -> Generator[int, None, None]:
        while True:
            if not self._kept:
                yield 1
            first = self._kept[0]
            if first >= 0x20:
                yield from self._text()
                continue
            yield from self._take(1)
            if first in _FIXED:
                yield from self._command(first)
            elif first == _DLE:
                yield from self._real_time()
            elif first in _CONTROLS:
                self._done.append(Op(_CONTROLS[first]))
            else:
                self._done.append(Op("unknown", bytes([first])))

    def _text(self) -> Generator[int, None, None]:
        """All printable bytes at hand; a two-byte character may be split, the printer joins it again."""
        end = next((i for i, byte in enumerate(self._kept) if byte < 0x20), len(self._kept))
        self._done.append(Op("text", data=(yield from self._take(end))))

    def _real_time(self) -> Generator[int, None, None]:
        kind = (yield from self._take(1))[0]
        if kind == 0x04:
            args = yield from self._take(1)
            if args[0] in (7, 8, 18):
                args += yield from self._take(1)
            self._done.append(Op("DLE EOT", args))
        elif kind == 0x05:
            self._done.append(Op("DLE ENQ", (yield from self._take(1))))
        elif kind == 0x14:
            function = yield from self._take(1)
            self._done.append(Op("DLE DC4", function + (yield from self._take(7 if function[0] == 8 else 2))))
        else:
            self._done.append(Op("unknown", bytes([_DLE, kind])))

    def _command(self, lead: int) -> Generator[int, None, None]:
        kind = (yield from self._take(1))[0]
        name = f"{_NAMES[lead]} {chr(kind)}"
        if kind in _FIXED[lead]:
            self._done.append(Op(name, (yield from self._take(_FIXED[lead][kind]))))
        elif lead == _ESC and kind == ord("D"):
            self._done.append(Op(name, data=(yield from self._until(0))))
        elif lead == _ESC and kind == ord("*"):
            args = yield from self._take(3)
            columns = args[1] + 256 * args[2]
            self._done.append(
                Op(name, args, (yield from self._take(columns * (3 if args[0] in (32, 33) else 1))))
            )
        elif kind == ord("(") and lead in (_GS, _FS, _ESC):
            head = yield from self._take(3)
            data = yield from self._take(head[1] + 256 * head[2])
            self._done.append(Op(f"{name}{chr(head[0])}", data=data))
        elif lead == _GS:
            yield from self._graphics(kind, name)
        else:
            self._done.append(Op("unknown", bytes([lead, kind])))

    def _graphics(self, kind: int, name: str) -> Generator[int, None, None]:
        if kind == ord("V"):
            args = yield from self._take(1)
            if args[0] in _CUT_WITH_FEED:
                args += yield from self._take(1)
            self._done.append(Op(name, args))
        elif kind in b"vQ":
            args = (yield from self._take(6))[1:]
            wide, high = args[1] + 256 * args[2], args[3] + 256 * args[4]
            self._done.append(Op(f"{name}0", args, (yield from self._take(wide * high))))
        elif kind == ord("8"):
            head = yield from self._take(5)
            data = yield from self._take(int.from_bytes(head[1:5], "little"))
            self._done.append(Op(f"GS ({chr(head[0])}", data=data))
        elif kind == ord("k"):
            args = yield from self._take(1)
            if args[0] <= 6:
                data = yield from self._until(0)
            else:
                data = yield from self._take((yield from self._take(1))[0])
            self._done.append(Op(name, args, data))
        elif kind == ord("*"):
            args = yield from self._take(2)
            self._done.append(Op(name, args, (yield from self._take(args[0] * args[1] * 8))))
        else:
            self._done.append(Op("unknown", bytes([_GS, kind])))
