"""SANE in this program's words: what a status means, which of a backend's own values is meant, and bytes as a picture.

After the SANE standard, version 1.06: statuses 4.2.7, frames 3.2 and 4.3.9, well-known options 4.4 and appendix.
Backends differ in the words of ``mode`` and ``source``; the lists here hold those of the backends in sane-backends.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from drivers.errors import (
    DeviceError,
    DeviceNotReady,
    HardwareFault,
    LinkLost,
    MediaMissing,
    NotAuthorised,
    ProtocolError,
    ReadFailed,
    UnsupportedData,
    UserFault,
)
from drivers.ports_documents import PageColour, PageSide

Picture = NDArray[np.uint8]
"""Rows × columns, or rows × columns × red, green, blue."""

CANCELLED: Final = 2
IO_ERROR: Final = 9

_MODES: Final = {
    PageColour.BINARY: ("lineart", "black & white", "black and white", "binary", "monochrome", "halftone"),
    PageColour.GRAY: ("gray", "grey", "grayscale", "true gray", "8-bit gray", "256-level gray"),
    PageColour.FULL: (
        "color",
        "24bit color",
        "24-bit color",
        "true color",
        "full color",
        "color - 16 million",
    ),
}
_DUPLEX: Final = ("duplex",)
_BACK: Final = ("adf back", "back", "adf backside")
_FEEDERS: Final = ("adf front", "adf", "automatic document feeder", "feeder", "front", "simplex")
_FLATBED: Final = ("flatbed", "platen")


def failure(status: int) -> DeviceError:
    """What a status other than GOOD is in this program's errors (standard, table 1)."""
    match status:
        case 1 | 4:
            return UnsupportedData(
                "the scanner refuses this setting; choose another size, colour or resolution"
            )
        case 2:
            return ReadFailed("the scan was cancelled")
        case 3:
            return DeviceNotReady("another program uses the scanner; end that program")
        case 6:
            return HardwareFault(
                "mediaJammed", "the sheet is jammed in the scanner; open its cover and take it out"
            )
        case 7:
            return MediaMissing("no sheet lies in the scanner")
        case 8:
            return UserFault("the scanner's cover is open; close it", "coverOpen")
        case 9:
            return LinkLost("the scanner is lost; check its cable and power")
        case 10:
            return UnsupportedData("the scanner has no memory for a page so large; lower the resolution")
        case 11:
            return NotAuthorised(
                "the scanner refuses us; check group 'scanner' here, or saned.conf at its host"
            )
    return ReadFailed(f"the scanner ended with status {status}")


def mode_word(allowed: Sequence[str], colour: PageColour) -> str | None:
    """The backend's word for ``colour``; None when it has none."""
    return _first(allowed, _MODES[colour])


def source_word(allowed: Sequence[str], sides: Sequence[PageSide]) -> str | None:
    """The backend's word for the source that gives ``sides``; a feeder before the flatbed. None for none."""
    if PageSide.FRONT not in sides:
        return _first(allowed, _BACK)
    if PageSide.BACK in sides:
        return _first(allowed, _DUPLEX)
    return _first(allowed, _FEEDERS) or _first(allowed, _FLATBED)


def _first(allowed: Sequence[str], wanted: Sequence[str]) -> str | None:
    """The first of ``wanted`` that is allowed, whole words before parts of longer ones."""
    for same in (str.__eq__, str.__contains__):
        for word in wanted:
            for candidate in allowed:
                if same(candidate.lower(), word) and ("duplex" in word or "duplex" not in candidate.lower()):
                    return candidate
    return None


def lines_meant(begun: Mapping[str, Any], ended: Mapping[str, Any], size: int, *, drawn_in: bool) -> int:
    """How many lines a frame of ``size`` bytes should have, -1 when nobody ever knew.

    While it runs its lines are certain, or -1 (4.3.8); what is told behind its end is but an estimate of the next
    one. One thing is believed of it: a backend whose feeder looks for the sheet's end, where ``drawn_in`` says that
    there is one, then tells just as many lines as came. On a glass nothing ends before the size that was set.
    """
    lines, came = int(begun["lines"]), size // max(1, int(begun["bytes_per_line"]))
    return came if drawn_in and 0 < came < lines and int(ended["lines"]) == came else lines


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame: its kind (``gray``, ``rgb``, or one of three passes), size and bytes.

    ``lines`` is -1 when nobody knew them before: as many as came.
    """

    kind: str
    bytes_per_line: int
    pixels_per_line: int
    lines: int
    depth: int
    data: bytes | bytearray

    @classmethod
    def of(cls, told: Mapping[str, Any], data: bytes | bytearray) -> Frame:
        """From what libsane says of it; raise ``ProtocolError`` for a size that cannot be."""
        frame = cls(
            str(told["format"]),
            int(told["bytes_per_line"]),
            int(told["pixels_per_line"]),
            int(told["lines"]),
            int(told["depth"]),
            data,
        )
        if (
            frame.depth not in (1, 8, 16)
            or frame.bytes_per_line < frame._needed()
            or frame.pixels_per_line < 1
        ):
            raise ProtocolError("the scanner describes a picture that cannot be")
        return frame

    def _needed(self) -> int:
        samples = self.pixels_per_line * (3 if self.kind == "rgb" else 1)
        return -(-samples * self.depth // 8)

    def picture(self) -> Picture:
        """The frame's lines; raise ``ReadFailed`` when any of them is missing.

        With ``depth`` 1 a set bit is black (3.2.1), elsewhere a greater value is brighter. 16 bits come in the
        machine's order and keep their upper eight.
        """
        came = len(self.data) // self.bytes_per_line
        if came < 1 or came < self.lines:
            raise ReadFailed("the scan broke off in the middle of the page; scan it again")
        rows = np.frombuffer(self.data, np.uint8, came * self.bytes_per_line).reshape(
            came, self.bytes_per_line
        )
        rows = rows[: self.lines] if self.lines > 0 else rows
        channels = 3 if self.kind == "rgb" else 1
        width = self.pixels_per_line * channels
        # One copy and none between: whoever gets the picture overwrites it, and ``data`` is overwritten too.
        if self.depth == 1:
            samples = np.unpackbits(rows, axis=1, count=width)
            np.subtract(1, samples, out=samples)
            samples *= 255
        elif self.depth == 16:
            upper = 1 if sys.byteorder == "little" else 0
            samples = np.ascontiguousarray(rows[:, upper : width * 2 : 2])
        else:
            samples = np.ascontiguousarray(rows[:, :width])
        return samples if channels == 1 else samples.reshape(len(samples), self.pixels_per_line, 3)


def assembled(frames: Sequence[Frame]) -> Picture:
    """The picture of one page: a single frame, or the three passes of an old scanner in any order.

    Raise ``ProtocolError`` when they make no picture.
    """
    if len(frames) == 1 and frames[0].kind in ("gray", "rgb"):
        return frames[0].picture()
    passes = {frame.kind: frame.picture() for frame in frames}
    if passes.keys() != {"red", "green", "blue"}:
        raise ProtocolError("the scanner's passes make no picture")
    height = min(len(one) for one in passes.values())
    width = min(one.shape[1] for one in passes.values())
    picture = np.stack([passes[name][:height, :width] for name in ("red", "green", "blue")], axis=2)
    for one in passes.values():
        if one.flags.writeable:
            one.fill(0)
    return picture
