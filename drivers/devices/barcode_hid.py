"""The USB code scanner that is no serial port: a keyboard held per device, or HID point-of-sale reports.

Its keys never reach the screen: what has the focus there does not matter, and nothing that a stranger shows to the
scanner can press a button.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final, Protocol

from config.clock import Clock
from drivers.binding.identity import Kind
from drivers.devices.barcode import CONFIRM_S, SerialBarcodeReader
from drivers.devices.options import Options
from drivers.devices.registry import driver
from drivers.devices.traits import Traits
from drivers.errors import DeviceError
from drivers.protocols.barcode import MAX_CODE, Cutter
from drivers.protocols.hid_pos import ReportCutter
from drivers.protocols.keyboard_wedge import Alt, WedgeCutter
from drivers.transports.channel import Channel
from drivers.transports.hid import HidLink

_SUFFIXES: Final = {"enter": b"\r", "tab": b"\t", "none": None}
_GAP_MS: Final = 500
"""Scanners leave up to some 100 ms between two keys when set to be slow; nobody types a code so evenly."""
_LATE: Final = 0.5
"""Part of the gap by which its end comes late only where the whole machine stood still."""


class HidCutter(Cutter, Protocol):
    """What makes codes of the device's bytes, and knows that silence says something too."""

    def restart(self) -> None:
        """Forget everything: the device was opened anew."""
        ...

    def idle(self) -> list[bytes]:
        """The device has been silent for longer than a scanner is within a code: what is complete with that."""
        ...


class HidBarcodeReader(SerialBarcodeReader):
    """Implements ``BarcodeReader`` as the serial scanner does; only how bytes become codes is another.

    Args:
        channel: the device.
        clock: business time, for the time of a status.
        cutter: makes codes of what the device sends.
        gap_s: silence after which a code has ended, or what came of it is forgotten.
        light_on: output report that switches the light on; empty for a scanner that is always on.
        light_off: output report that switches it off.
        as_utf8: give GB 18030 text as UTF-8; else the bytes as they come.
        check: asks whether the device is there; raises ``LinkLost``.
        confirm_s: seconds between two such questions.
    """

    def __init__(
        self,
        channel: Channel,
        clock: Clock,
        cutter: HidCutter,
        gap_s: float = _GAP_MS / 1000,
        light_on: bytes = b"",
        light_off: bytes = b"",
        as_utf8: bool = True,
        check: Callable[[], None] = lambda: None,
        confirm_s: float = CONFIRM_S,
    ) -> None:
        super().__init__(channel, clock, cutter, light_on, light_off, as_utf8, check, confirm_s)
        self._cutter = cutter
        self._gap_s = gap_s
        self._silence: asyncio.TimerHandle | None = None

    async def _greet(self) -> None:
        await super()._greet()
        self._cutter.restart()

    def _received(self, data: bytes) -> None:
        self._hush()
        super()._received(data)
        self._listen()

    def _listen(self) -> None:
        self._silence = asyncio.get_running_loop().call_later(self._gap_s, self._silent)

    def _silent(self) -> None:
        silence = self._silence
        self._silence = None
        if silence is not None and asyncio.get_running_loop().time() - silence.when() > self._gap_s * _LATE:
            # The machine has stood still: what the scanner sent meanwhile is still to come, and it is the rest of
            # what came before, no code of its own.
            return self._listen()
        self._take(self._cutter.idle())

    def _broken(self, error: DeviceError) -> None:
        self._hush()
        super()._broken(error)

    def _hush(self) -> None:
        if self._silence is not None:
            self._silence.cancel()
            self._silence = None


def _utf8(options: Options) -> bool:
    return options.choice("encoding", ("utf-8", "raw"), "utf-8") == "utf-8"


def _gap(options: Options) -> float:
    return options.integer("gap_ms", _GAP_MS, 20, 5000) / 1000


@driver("barcode-hid-keyboard", Traits(node=Kind.INPUT))
def _create_keyboard(options: Options, clock: Clock) -> HidBarcodeReader:
    link = HidLink(options.text("port"), "keyboard", simulated=options.flag("simulated_port", False))
    suffix = _SUFFIXES[options.choice("suffix", tuple(_SUFFIXES), "enter")]
    alt: Alt = (
        "unicode" if options.choice("alt", ("gb18030", "unicode"), "gb18030") == "unicode" else "gb18030"
    )
    cutter = WedgeCutter(suffix, options.integer("max_bytes", MAX_CODE, 16, 65536), alt)
    return HidBarcodeReader(
        Channel(link, options.tap), clock, cutter, _gap(options), as_utf8=_utf8(options), check=link.check
    )


@driver("barcode-hid-pos", Traits(node=Kind.HID))
def _create_pos(options: Options, clock: Clock) -> HidBarcodeReader:
    link = HidLink(options.text("port"), "raw", simulated=options.flag("simulated_port", False))
    return HidBarcodeReader(
        Channel(link, options.tap),
        clock,
        ReportCutter(options.integer("max_bytes", MAX_CODE, 16, 65536)),
        _gap(options),
        options.bytes_hex("light_on", ""),
        options.bytes_hex("light_off", ""),
        _utf8(options),
        link.check,
    )
