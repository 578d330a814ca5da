"""A driver's settings, read strictly: a misspelt or impossible option is told at start, not in the hall."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from drivers.errors import DriverConfigError
from drivers.transports.link import Tap

Value = str | int | float | bool
_T = TypeVar("_T")


class Options:
    """The options of one service; every ``get`` ticks its key off and ``finish`` refuses what is left.

    ``tap`` is to be put into the driver's line: ``Channel(link, options.tap)``.
    """

    def __init__(self, driver: str, values: Mapping[str, Value], tap: Tap | None = None) -> None:
        self.tap = tap
        self._driver = driver
        self._values = dict(values)

    def text(self, key: str, default: str | None = None) -> str:
        """A string; without ``default`` the option must be given."""
        value = self._take(key, default)
        if not isinstance(value, str) or (default is None and not value):
            raise self._wrong(key, "write a text in quotes")
        return value

    def choice(self, key: str, allowed: tuple[str, ...], default: str) -> str:
        """One of ``allowed``."""
        value = self.text(key, default)
        if value not in allowed:
            raise self._wrong(key, f"write one of {', '.join(allowed)}")
        return value

    def integer(self, key: str, default: int | None, low: int, high: int) -> int:
        """A whole number within limits."""
        value = self._take(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise self._wrong(key, f"write a whole number from {low} to {high}")
        return value

    def number(self, key: str, default: float | None, low: float, high: float) -> float:
        """A number within limits."""
        value = self._take(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise self._wrong(key, f"write a number from {low:g} to {high:g}")
        return float(value)

    def flag(self, key: str, default: bool) -> bool:
        """True or false."""
        value = self._take(key, default)
        if not isinstance(value, bool):
            raise self._wrong(key, "write true or false")
        return value

    def bytes_hex(self, key: str, default: str) -> bytes:
        """Bytes written as hexadecimal digits, such as ``16 54 0D``."""
        try:
            return bytes.fromhex(self.text(key, default))
        except ValueError:
            raise self._wrong(key, "write hexadecimal digits, such as '16 54 0D'") from None

    def finish(self) -> None:
        """Refuse options nobody asked for; raise ``DriverConfigError`` that names them."""
        if self._values:
            names = ", ".join(sorted(self._values))
            raise DriverConfigError(f"driver '{self._driver}' has no option {names}; check the spelling")

    def _take(self, key: str, default: _T | None) -> Value | _T:
        value = self._values.pop(key, default)
        if value is None:
            raise DriverConfigError(f"driver '{self._driver}' needs the option '{key}'; add it to its table")
        return value

    def _wrong(self, key: str, fix: str) -> DriverConfigError:
        return DriverConfigError(f"driver '{self._driver}': option '{key}' cannot be that; {fix}")
