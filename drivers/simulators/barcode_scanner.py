"""The simulated barcode scanner: sends what it reads with a carriage return behind it."""

from __future__ import annotations

import base64
import binascii
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from drivers.simulators.base import Outcome, Pace, Parameters, action
from drivers.simulators.errors import ActionRefusedError, BadParameterError
from drivers.simulators.serial_device import SerialSimulator

BAUD = 9600
_TRIGGER_ON, _TRIGGER_OFF = b"\x16T\r", b"\x16U\r"
_BEEP_S = 0.06
AIM = {"qr": b"]Q1", "code128": b"]C0", "datamatrix": b"]d1", "pdf417": b"]L0", "ean13": b"]E0"}


class Scan(Parameters):
    """A code before the window: ``text`` in ``encoding``, or raw bytes.

    ``aim`` puts the symbology identifier of ISO/IEC 15424 in front, as scanners do when set so.
    """

    text: str | None = None
    bytes_b64: str | None = Field(None, alias="bytes_b64")
    encoding: Literal["utf-8", "gb18030"] = "utf-8"
    symbology: Literal["qr", "code128", "datamatrix", "pdf417", "ean13"] = "qr"
    aim: bool = False

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.text is None) == (self.bytes_b64 is None):
            raise ValueError("give either text or bytes_b64")
        return self

    def data(self) -> bytes:
        """What goes on the line, without the suffix."""
        if self.text is not None:
            body = self.text.encode(self.encoding)
        else:
            try:
                body = base64.b64decode(self.bytes_b64 or "", validate=True)
            except binascii.Error as error:
                raise BadParameterError(f"bytes_b64 is not base64: {error}") from None
        return (AIM[self.symbology] if self.aim else b"") + body


class BarcodeScannerSimulator(SerialSimulator):
    """Serial scanner, always on; the host's trigger commands (SYN T CR, SYN U CR) only switch the light.

    With ``trigger_mode`` a code is read only while the light is on.
    """

    def __init__(self, link: Path, pace: Pace, name: str = "barcode", *, trigger_mode: bool = False) -> None:
        super().__init__(name, link, pace)
        self._trigger_mode = trigger_mode
        self._light = not trigger_mode
        self._scans = 0
        self._heard_tail = b""

    def state(self) -> dict[str, object]:
        """Light and number of codes sent."""
        return {**self.line_state(), "light": self._light, "counts": {"scans": self._scans}}

    def received(self, data: bytes) -> None:
        """Follow trigger commands; everything else is a setting this scanner does not have."""
        heard = self._heard_tail + data
        on, off = heard.rfind(_TRIGGER_ON), heard.rfind(_TRIGGER_OFF)
        if max(on, off) >= 0:
            self._light = on > off or not self._trigger_mode
        self._heard_tail = heard[-2:]

    @action("scan", Scan)
    async def scan(self, code: Scan) -> Outcome:
        """Hold a code before the window."""
        data = code.data()
        if not self.port.plugged:
            raise ActionRefusedError("the scanner is unplugged; replug it first")
        if not self._light:
            raise ActionRefusedError("the scanner's light is off; the terminal has not asked for a code")
        await self.pace.sleep(_BEEP_S)
        self.send(self.coded(code))
        self._scans += 1
        return {"bytes": len(data)}

    def coded(self, code: Scan) -> bytes:
        """What goes on the line for a code."""
        return code.data() + b"\r"
