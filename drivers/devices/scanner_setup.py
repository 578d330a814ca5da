"""What a SANE scanner offers, and the settings of its backend that an order of ours comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from drivers.errors import DriverConfigError, UnsupportedData
from drivers.ports_documents import PageColour, PageOrder, PageSide, PageSize, ScannerAbility
from drivers.protocols.sane import mode_word, source_word

Setting = tuple[str, str | int | float]
SENSORS: Final = ("page-loaded", "cover-open", "double-feed")
"""Well-known read-only options (standard, appendix) and the one of the fujitsu backend for two sheets at once."""
_TYPICAL: Final = (75, 100, 150, 200, 240, 300, 400, 600)
_MM_PER_INCH: Final = 25.4


@dataclass(frozen=True, slots=True)
class Words:
    """A backend's own words for the two sources, where ours do not find them; ``auto`` looks for them."""

    front: str = "auto"
    duplex: str = "auto"


class Setup:
    """The options of one opened scanner."""

    def __init__(
        self, options: Mapping[str, Mapping[str, Any]], words: Words, extra: Sequence[Setting]
    ) -> None:
        self._options = options
        self._words = words
        self._extra = tuple(extra)
        self.sensors = tuple(name for name in SENSORS if options.get(name, {}).get("readable"))

    def ability(self) -> ScannerAbility:
        """In our words."""
        duplex = self._source((PageSide.FRONT, PageSide.BACK)) is not None
        modes = self._allowed("mode")
        colours = tuple(colour for colour in PageColour if mode_word(modes, colour))
        return ScannerAbility(
            tuple(PageSide) if duplex else (PageSide.FRONT,),
            colours if modes else (PageColour.FULL,),
            self._resolutions(),
            self.has_feeder,
            "page-loaded" in self.sensors,
        )

    @property
    def has_feeder(self) -> bool:
        """Whether a sheet is drawn in; a flatbed alone has none."""
        word = self._source((PageSide.FRONT,))
        return word is not None and "flatbed" not in word.lower()

    def settings(self, order: PageOrder) -> list[Setting]:
        """What to set, in this order; raise ``UnsupportedData`` for what the scanner lacks.

        The source comes first: it changes how large a page may be. The size of the page comes before the
        corners, which some backends limit by it.
        """
        found: list[Setting] = []
        if word := self._wanted_source(order.sides):
            found.append(("source", word))
        modes = self._allowed("mode")
        if modes:
            if (mode := mode_word(modes, order.colour)) is None:
                raise UnsupportedData(f"the scanner has no {order.colour}; it has: {', '.join(modes)}")
            found.append(("mode", mode))
        if self._settable("resolution"):
            if order.dpi not in self._resolutions():
                raise UnsupportedData(f"the scanner has no {order.dpi} dpi")
            found.append(("resolution", order.dpi))
        return [*found, *self._corners(order), *self._extra]

    def _corners(self, order: PageOrder) -> list[Setting]:
        width, height = order.size.millimetres
        found: list[Setting] = []
        if order.size is not PageSize.A4:
            width, height = height, width  # cards and passports are laid in with the long edge across
        for name, value in (("page-width", width), ("page-height", height)):
            if self._settable(name):
                found.append((name, self._length(name, value, order.dpi)))
        for name, value in (("tl-x", 0.0), ("tl-y", 0.0), ("br-x", width), ("br-y", height)):
            if self._settable(name):
                found.append((name, self._length(name, value, order.dpi)))
        return found

    def _length(self, name: str, millimetres: float, dpi: int) -> float | int:
        """In the option's own unit, and no longer than the bed."""
        option = self._options[name]
        value = millimetres if option["unit"] == "mm" else round(millimetres * dpi / _MM_PER_INCH)
        limits = option["range"]
        return min(max(value, limits[0]), limits[1]) if limits else value

    def _wanted_source(self, sides: Sequence[PageSide]) -> str | None:
        found = self._source(sides)
        if found is None and PageSide.BACK in sides:
            raise UnsupportedData("the scanner sees one side; turn the sheet over and scan again")
        return found

    def _source(self, sides: Sequence[PageSide]) -> str | None:
        allowed = self._allowed("source")
        own = self._words.duplex if PageSide.BACK in sides else self._words.front
        return own if own in allowed else source_word(allowed, sides)

    def _resolutions(self) -> tuple[int, ...]:
        option = self._options.get("resolution")
        if option is None:
            return ()
        if limits := option["range"]:
            return tuple(dpi for dpi in _TYPICAL if limits[0] <= dpi <= limits[1])
        return tuple(sorted(round(value) for value in option["allowed"]))

    def _allowed(self, name: str) -> Sequence[str]:
        option = self._options.get(name)
        return [str(value) for value in option["allowed"]] if option and option["settable"] else []

    def _settable(self, name: str) -> bool:
        return bool(self._options.get(name, {}).get("settable"))


def extra_settings(text: str) -> list[Setting]:
    """Settings of a backend's own from ``name=value;name=value``: true and false, numbers, else words.

    Raise ``DriverConfigError`` for what is no pair.
    """
    found: list[Setting] = []
    for pair in filter(None, (part.strip() for part in text.split(";"))):
        name, equals, value = (word.strip() for word in pair.partition("="))
        if not name or not equals:
            raise DriverConfigError("option 'set' is written as name=value;name=value")
        found.append((name, _typed(value)))
    return found


def _typed(value: str) -> str | int | float:
    if value in ("true", "false"):
        return int(value == "true")
    for kind in (int, float):
        try:
            return kind(value)
        except ValueError:
            continue
    return value
