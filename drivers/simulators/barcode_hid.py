"""The simulated USB code scanner: the same scanner, but it types, or sends point-of-sale reports."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from drivers.simulators.barcode_scanner import AIM, BarcodeScannerSimulator, Scan
from drivers.simulators.base import Pace
from drivers.simulators.hid_events import SUFFIX_KEYS, Typing, keystrokes, reports


class HidScannerSimulator(BarcodeScannerSimulator):
    """A pseudo terminal carries the kernel's records in place of ``/dev/input/event…`` or ``/dev/hidraw…``.

    A scanner that types has no light to command; ``typing`` says how it types what the US layout lacks.
    """

    def __init__(
        self,
        link: Path,
        pace: Pace,
        mode: Literal["keyboard", "pos"],
        name: str = "barcode",
        *,
        typing: Typing = "bytes",
        suffix: Literal["enter", "tab", "none"] = "enter",
    ) -> None:
        super().__init__(link, pace, name)
        self._mode = mode
        self._typing = typing
        self._suffix = suffix

    def state(self) -> dict[str, object]:
        """What the serial one shows, and the mode."""
        return {**super().state(), "mode": self._mode}

    def coded(self, code: Scan) -> bytes:
        """Keys or reports; reports always say the symbology."""
        if self._mode == "pos":
            return reports(code.model_copy(update={"aim": False}).data(), AIM[code.symbology])
        return keystrokes(code.data(), self._typing, code.encoding, SUFFIX_KEYS.get(self._suffix))
