"""What the services of one cabinet share: lights that show where to put a hand, and doors that forbid motion."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from drivers.xfs.failure import CommandFailed

log = logging.getLogger("kiosk.devices.cabinet")

GUIDES: Final = {
    "idReader": "contactless",
    "smartCardReader": "cardReader",
    "barcodeReader": "scanner",
    "documentScanner": "checkUnit",
    "pinPad": "pinPad",
    "receiptPrinter": "receiptPrinter",
    "documentPrinter": "documentPrinter",
    "invoiceDispenser": "envelopeDispenser",
    "invoicePrinter": "passbookPrinter",
}
"""The XFS4IoT light beside each role's device; for sheets, invoices and forms, which have none, the nearest."""


class Guidance:
    """Turns a device's light on as long as a command waits for the person there; several may wait at once."""

    def __init__(self) -> None:
        self._waiting: Counter[str] = Counter()
        self.switch: Callable[[str, bool], None] = lambda light, on: None

    @contextmanager
    def shine(self, role: str) -> Iterator[None]:
        """Light ``role``'s device meanwhile. A light that fails hinders nobody."""
        light = GUIDES.get(role)
        if light is None:
            yield
            return
        self._waiting[light] += 1
        if self._waiting[light] == 1:
            self.switch(light, True)
        try:
            yield
        finally:
            self._waiting[light] -= 1
            if not self._waiting[light]:
                self.switch(light, False)


class Interlock:
    """Forbids that paper moves while a door is open that the board's profile names.

    What is not known forbids nothing; a door that was open when the board was lost stays open until it is seen shut.
    """

    def __init__(self) -> None:
        self._open: set[str] = set()

    @property
    def why(self) -> str | None:
        """Why nothing may move, None when it may."""
        return f"{', '.join(sorted(self._open))} is open; close it" if self._open else None

    def see(self, doors: Mapping[str, str]) -> None:
        """Doors as they were just seen."""
        for name, state in doors.items():
            if state in ("open", "tampered"):
                self._open.add(name)
            else:
                self._open.discard(name)

    def check(self) -> None:
        """Raise ``CommandFailed`` (``cabinetOpen``) while nothing may move."""
        if self.why is not None:
            raise CommandFailed(self.why, "cabinetOpen")


class Cabinet:
    """One for all services of a program; a service alone has one of its own."""

    def __init__(self) -> None:
        self.guidance = Guidance()
        self.interlock = Interlock()
