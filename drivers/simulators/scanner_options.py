"""The simulated scanner's options, named and limited as those of common feeders' backends."""

from __future__ import annotations

from typing import Final

from drivers.simulators import sane_wire as wire
from drivers.simulators.scanner_feeder import BED, Feeder

_SOURCES: Final = ("Flatbed", "ADF Front", "ADF Back", "ADF Duplex")
_MODES: Final = ("Lineart", "Gray", "Color")
_RELOAD_OPTIONS, _RELOAD_PARAMETERS = 2, 4
_READ_ONLY: Final = wire.SOFT_DETECT


def _length(name: str, longest: float) -> wire.Option:
    return wire.Option(name, wire.FIXED, unit=wire.MM, limits=(0.0, longest, 0.0))


class ScannerOptions:
    """What is chosen, and the sensors that can be asked."""

    def __init__(self, feeder: Feeder) -> None:
        self._feeder = feeder
        self._values: dict[str, wire.Value] = {
            "source": "ADF Front", "mode": "Gray", "resolution": 200,
            "tl-x": 0.0, "tl-y": 0.0, "br-x": 210.0, "br-y": 297.0,
        }  # fmt: skip
        self.listed: tuple[wire.Option, ...] = (
            wire.Option("", wire.INT, "Number of options", caps=_READ_ONLY),
            wire.Option("standard", wire.GROUP, "Standard", size=0, caps=0),
            wire.Option("source", wire.STRING, size=16, allowed=_SOURCES),
            wire.Option("mode", wire.STRING, size=16, allowed=_MODES),
            wire.Option("resolution", wire.INT, unit=wire.DPI, allowed=(100, 150, 200, 300, 400)),
            _length("tl-x", BED[0]),
            _length("tl-y", BED[1]),
            _length("br-x", BED[0]),
            _length("br-y", BED[1]),
            wire.Option("page-loaded", wire.BOOL, "Page loaded", caps=_READ_ONLY),
            wire.Option("cover-open", wire.BOOL, "Cover open", caps=_READ_ONLY),
            wire.Option("double-feed", wire.BOOL, "Double feed", caps=_READ_ONLY),
        )

    @property
    def source(self) -> str:
        """Where the next sheet comes from."""
        return str(self._values["source"])

    @property
    def mode(self) -> str:
        """Lineart, Gray or Color."""
        return str(self._values["mode"])

    @property
    def dpi(self) -> int:
        """Pixels an inch."""
        return int(self._values["resolution"] or 0)

    @property
    def corners(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom in millimetres."""
        left, top, right, bottom = (
            float(self._values[name] or 0) for name in ("tl-x", "tl-y", "br-x", "br-y")
        )
        return left, top, max(left + 1, right), max(top + 1, bottom)

    def get(self, name: str) -> wire.Value:
        """A value; the first option is their number."""
        sensors = {
            "": len(self.listed),
            "page-loaded": self._feeder.loaded,
            "cover-open": self._feeder.cover_open,
            "double-feed": self._feeder.two_at_once,
        }
        return sensors[name] if name in sensors else self._values.get(name)

    def set(self, name: str, value: wire.Value) -> tuple[int, int, wire.Value]:
        """Status, what has to be read again, and the value that was taken."""
        option = next(one for one in self.listed if one.name == name)
        if not option.caps & wire.SOFT_SELECT or value is None:
            return wire.STATUSES["INVAL"], 0, value
        if option.allowed and value not in option.allowed:
            return wire.STATUSES["INVAL"], 0, value
        if option.limits is not None:
            value = min(max(float(value), option.limits[0]), option.limits[1])
        self._values[name] = value
        return 0, _RELOAD_OPTIONS | _RELOAD_PARAMETERS if name == "source" else _RELOAD_PARAMETERS, value

    def parameters(self) -> tuple[int, int, int, int, int, int]:
        """Format, last frame, bytes a line, pixels a line, lines, depth of the next frame."""
        left, top, right, bottom = self.corners
        pixels = max(1, round((_pixels(right) - _pixels(left)) * self.dpi / 300))
        lines = max(1, round((_pixels(bottom) - _pixels(top)) * self.dpi / 300))
        if self.mode == "Color":
            return 1, 1, pixels * 3, pixels, lines, 8
        if self.mode == "Gray":
            return 0, 1, pixels, pixels, lines, 8
        return 0, 1, -(-pixels // 8), pixels, lines, 1


def _pixels(millimetres: float) -> int:
    """Of the master drawing, which the page is scaled from."""
    return round(millimetres * 300 / 25.4)
