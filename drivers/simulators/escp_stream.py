"""Takes an ESC/P byte stream apart into operations, however the bytes are split on the way.

Lengths follow the public ESC/P reference; real-time questions are picked out before (``RealTime``), wherever
they stand, as a printer's receiving interrupt does.
"""

from __future__ import annotations

from collections.abc import Generator

from drivers.simulators.escpos_stream import Op

_ESC, _FS, _DLE = 0x1B, 0x1C, 0x10
_FIXED = {
    _ESC: {
        **dict.fromkeys(b"@0124567MPgEFGHO<i#:", 0),
        **dict.fromkeys(b"U3AJ+CNQlxkRtp-SWw !airj\x19/%", 1),
        **dict.fromkeys(b"$\\", 2),
    },
    _FS: {
        **dict.fromkeys(b"&.\x0e\x0f\x12\x14JKUVD", 0),
        **dict.fromkeys(b"-!WIk", 1),
        **dict.fromkeys(b"ST", 2),
    },
}
_NAMES = {_ESC: "ESC", _FS: "FS"}
_CONTROLS = {0x08: "BS", 0x09: "HT", 0x0A: "LF", 0x0B: "VT", 0x0C: "FF", 0x0D: "CR", 0x18: "CAN"}
_PINS_24 = range(32, 73)

_Take = Generator[int, None, bytes]


class RealTime:
    """Separates DLE EOT n and DLE ENQ n from the rest of the stream."""

    def __init__(self) -> None:
        self._kept = b""

    def feed(self, data: bytes) -> tuple[list[tuple[int, int]], bytes]:
        """The real-time orders in ``data`` as (kind, n), and what is left to print."""
        data, self._kept = self._kept + data, b""
        orders: list[tuple[int, int]] = []
        rest = bytearray()
        at = 0
        while at < len(data):
            if data[at] != _DLE:
                rest.append(data[at])
                at += 1
                continue
            if len(data) - at < 3 and data[at + 1 :] in (b"", b"\x04", b"\x05"):
                self._kept = data[at:]
                break
            if data[at + 1] in (0x04, 0x05) and 1 <= data[at + 2] <= 4:
                orders.append((data[at + 1], data[at + 2]))
                at += 3
            else:
                rest.append(data[at])
                at += 1
        return orders, bytes(rest)


class EscpReader:
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
        done = self._done.copy()
        self._done.clear()
        return done

    @property
    def waiting(self) -> int:
        """Bytes of a command that is not whole yet."""
        return len(self._kept)

    def _take(self, count: int) -> _Take:
        while len(self._kept) < count:
            yield count
        taken = bytes(self._kept[:count])
        del self._kept[:count]
        return taken

    def _run(self) -> Generator[int, None, None]:
        while True:
            if not self._kept:
                yield 1
            first = self._kept[0]
            if first >= 0x20:
                end = next((i for i, byte in enumerate(self._kept) if byte < 0x20), len(self._kept))
                self._done.append(Op("text", data=(yield from self._take(end))))
                continue
            yield from self._take(1)
            if first in _FIXED:
                yield from self._command(first)
            else:
                self._done.append(Op(_CONTROLS.get(first, "ignored"), bytes([first])))

    def _command(self, lead: int) -> Generator[int, None, None]:
        kind = (yield from self._take(1))[0]
        name = f"{_NAMES[lead]} {chr(kind)}"
        if kind in _FIXED[lead]:
            self._done.append(Op(name, (yield from self._take(_FIXED[lead][kind]))))
        elif lead == _ESC and kind == ord("*"):
            args = yield from self._take(3)
            wide = 3 if args[0] in _PINS_24 else 1
            data = yield from self._take((args[1] + 256 * args[2]) * wide)
            self._done.append(Op(name, args, data))
        elif lead == _ESC and kind == ord("("):
            head = yield from self._take(3)
            data = yield from self._take(head[1] + 256 * head[2])
            self._done.append(Op(f"{name}{chr(head[0])}", data=data))
        else:
            self._done.append(Op("unknown", bytes([lead, kind])))
