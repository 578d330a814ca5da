"""A serial line over pyserial that survives what real ones do: full peers, hang-ups, half-open ports."""

from __future__ import annotations

import contextlib
import termios
import threading
from typing import Final

import serial

from drivers.binding import finding
from drivers.errors import LinkLost

FAULTS: Final = (serial.SerialException, OSError, termios.error)
"""All that a vanished port raises: ``in_waiting`` an OSError, ``flush`` a bare termios.error."""
_CHUNK: Final = 4096
LINE_BITS: Final = 10
"""Of one byte on the line: a start bit, eight bits, a stop bit."""


class SerialLink:
    """One serial port, 8 data bits and 1 stop bit without flow control, opened for this process alone.

    Args:
        port: path of the port, ``kiosk/<role>`` for the device that is bound to a role, or an identity such as
            ``usb:1a86:7523@1-1.4``: the last two are looked for at every opening.
        baud: line speed; may be changed while the port is open.
        write_timeout_s: how long the device may refuse bytes (pyserial's default is for ever).
        parity: ``N``, ``E`` or ``O``.
    """

    def __init__(
        self, port: str, baud: int = 115200, write_timeout_s: float = 2.0, parity: str = serial.PARITY_NONE
    ) -> None:
        self._port = port
        self._baud = baud
        self._write_timeout_s = write_timeout_s
        self._parity = parity
        self._guard = threading.Lock()
        self._serial: serial.Serial | None = None

    @property
    def name(self) -> str:
        """The port as it was named."""
        return finding.shown(self._port)

    @property
    def baud(self) -> int:
        """The line speed in use."""
        return self._baud

    def open(self) -> None:
        """Open the port exclusively and forget what lay in its buffers."""
        self.close()
        node = finding.node(self._port)
        try:
            opened = serial.Serial(
                node,
                self._baud,
                parity=self._parity,
                timeout=None,
                write_timeout=self._write_timeout_s,
                exclusive=True,
                rtscts=False,
                dsrdtr=False,
            )
        except (*FAULTS, ValueError) as error:
            raise LinkLost(f"{self.name} cannot be opened; check cable and power ({_why(error)})") from error
        with contextlib.suppress(*FAULTS):
            opened.reset_input_buffer()
        with self._guard:
            self._serial = opened

    def set_baud(self, baud: int) -> None:
        """Change the speed, at once when the port is open."""
        self._baud = baud
        port = self._serial
        if port is not None:
            try:
                port.baudrate = baud
            except (*FAULTS, ValueError) as error:
                raise LinkLost(f"{self.name} does not take {baud} baud") from error

    def check(self) -> None:
        """Ask the kernel whether the open port is still there; nothing goes over the line. Raise ``LinkLost``."""
        port = self._serial
        if port is None:
            raise LinkLost(f"{self.name} is closed")
        try:
            _ = port.in_waiting
        except (*FAULTS, TypeError) as error:
            raise LinkLost(f"{self.name} has vanished; check cable and power ({_why(error)})") from error

    def dsr(self) -> bool | None:
        """Whether the device says by its DSR line that it is ready; None where the port has no such line."""
        port = self._serial
        if port is None:
            raise LinkLost(f"{self.name} is closed")
        try:
            return bool(port.dsr)
        except (*FAULTS, TypeError):
            return None  # a pseudo terminal and some USB adapters have no modem lines

    def close(self) -> None:
        """Release the port; a waiting read ends."""
        with self._guard:
            port, self._serial = self._serial, None
        if port is not None:
            with contextlib.suppress(*FAULTS):
                port.cancel_read()
                port.cancel_write()
            with contextlib.suppress(*FAULTS, TypeError):
                port.close()

    def read(self) -> bytes:
        """Wait for at least one byte and take what came with it."""
        port = self._serial
        if port is None:
            return b""
        try:
            first = port.read(1)
            waiting = port.in_waiting if first else 0
            return bytes(first + port.read(min(waiting, _CHUNK))) if waiting else bytes(first)
        except (*FAULTS, TypeError, ValueError) as error:
            # TypeError: pyserial compares a descriptor that close() has just set to None.
            if self._serial is not port:
                return b""
            raise LinkLost(f"{self.name} has vanished; check cable and power ({_why(error)})") from error

    def write(self, data: bytes) -> None:
        """Send ``data``, waiting at most the write timeout."""
        port = self._serial
        if port is None:
            raise LinkLost(f"{self.name} is closed")
        try:
            port.write(data)
        except serial.SerialTimeoutException as error:
            raise LinkLost(f"the device on {self.name} takes no data; switch it off and on") from error
        except (*FAULTS, TypeError) as error:
            raise LinkLost(f"{self.name} has vanished; check cable and power ({_why(error)})") from error


def _why(error: BaseException) -> str:
    return type(error).__name__
