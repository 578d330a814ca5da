"""What goes wrong during a visit, one of these each time, drawn by a seed; what is mended afterwards, as staff would.

Nothing here leaves sheets in doubt: a terminal whose dispenser waits for its staff serves no more invoices, and the
soak is about serving. Sheets in doubt are for ``tests/drivers/services/test_conservation.py`` and ``make chaos``.
"""

from __future__ import annotations

import contextlib
import random
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.soak.hall import Upon
from ui.walk.hands import HandsError

if TYPE_CHECKING:
    from tests.soak.hall import Hall

CERTIFICATE, INVOICES, RETURN = "certificate.iit-record", "invoice.collect", "declare.vat-small"


@dataclass(frozen=True, slots=True)
class Trouble:
    """One fault: on which page of which service it strikes, and how."""

    service: str
    kind: str
    state: str
    act: Callable[[Hall], object]

    @property
    def needs_face(self) -> bool:
        """Whether the visitor must look into the camera for it; the others are let in by the staff, which is quicker."""
        return (self.kind, self.state) == ("capture", "looking")

    def upon(self) -> Upon:
        """As the hall wants it."""
        return Upon(self.kind, self.state, self.act)


def _signal(service: str, number: signal.Signals) -> Callable[[Hall], object]:
    return lambda hall: hall.strike(service, number)


def _hand(device: str, action: str, **parameters: object) -> Callable[[Hall], object]:
    return lambda hall: hall.hands.do(device, action, **parameters)


def _again(program: str) -> Callable[[Hall], object]:
    """A program is killed and started again at once, as systemd does."""

    def act(hall: Hall) -> object:
        def kill_and_start() -> None:
            hall.stack.kill(program)
            hall.stack.start(program)

        return hall.in_background(kill_and_start)

    return act


_CRASHES = {
    f"{service}-{number.name}": Trouble(which, kind, state, _signal(service, number))
    for number in (signal.SIGSEGV, signal.SIGSTOP)
    for service, which, kind, state in (
        ("IdCardReader", CERTIFICATE, "identify", "reading"),
        ("FaceCamera", CERTIFICATE, "capture", "looking"),
        ("DocumentPrinter", CERTIFICATE, "print", "printing"),
        ("ReceiptPrinter", CERTIFICATE, "print", "take"),
        ("BarcodeReader", CERTIFICATE, "working", ""),
        ("InvoiceDispenser", INVOICES, "dispense", "take"),
    )
}

TROUBLES: dict[str, Trouble] = _CRASHES | {
    "card-taken": Trouble(CERTIFICATE, "identify", "reading", _hand("idReader", "remove")),
    "reader-unplugged": Trouble(CERTIFICATE, "capture", "consent", _hand("idReader", "unplug")),
    "camera-unplugged": Trouble(CERTIFICATE, "capture", "looking", _hand("camera", "unplug")),
    "camera-covered": Trouble(CERTIFICATE, "capture", "looking", _hand("camera", "covered")),
    "laser-empty": Trouble(CERTIFICATE, "print", "printing", _hand("documentPrinter", "media-empty")),
    "laser-jam": Trouble(CERTIFICATE, "print", "printing", _hand("documentPrinter", "jam")),
    "laser-cover": Trouble(CERTIFICATE, "print", "printing", _hand("documentPrinter", "cover", state="open")),
    "laser-unplugged": Trouble(CERTIFICATE, "print", "printing", _hand("documentPrinter", "unplug")),
    "slip-paper-out": Trouble(CERTIFICATE, "review", "", _hand("receiptPrinter", "paper", level="out")),
    "slip-cover": Trouble(CERTIFICATE, "review", "", _hand("receiptPrinter", "cover", state="open")),
    "slip-unplugged": Trouble(CERTIFICATE, "print", "take", _hand("receiptPrinter", "unplug")),
    "slip-paper-out-invoices": Trouble(
        INVOICES, "dispense", "moving", _hand("receiptPrinter", "paper", level="out")
    ),
    "devices-killed": Trouble(CERTIFICATE, "review", "", _again("devices")),
    "sync-killed": Trouble(CERTIFICATE, "working", "", _again("sync")),
    "centre-killed": Trouble(CERTIFICATE, "capture", "looking", _again("bureau")),
    "return-refused-twice": Trouble(RETURN, "review", "", _again("sync")),
}

WHOLE_PROGRAMS = {"devices-killed", "sync-killed", "centre-killed", "return-refused-twice"}

_MENDING: tuple[tuple[str, str, dict[str, object]], ...] = (
    *((device, "replug", {}) for device in ("idReader", "receiptPrinter", "documentPrinter", "camera")),
    *(
        (device, "clear", {})
        for device in ("idReader", "receiptPrinter", "documentPrinter", "camera", "dispenser")
    ),
    ("idReader", "remove", {}),
    ("dispenser", "take", {}),
    ("receiptPrinter", "cover", {"state": "closed"}),
    ("receiptPrinter", "paper", {"level": "full"}),
    ("receiptPrinter", "take", {}),
    ("documentPrinter", "cover", {"state": "closed"}),
    ("documentPrinter", "load", {}),
    ("documentPrinter", "take", {}),
    ("camera", "none", {}),
)


BEGINNING = 40
"""In so many first visits whole programs are killed too. Later all of them must live: a program that began anew has
forgotten what it leaked, and takes some fifty visits until it holds all it ever will."""


def draw(chance: random.Random, number: int) -> str:
    """The trouble's name of visit ``number``, counted from one."""
    names = sorted(TROUBLES if number <= BEGINNING else TROUBLES.keys() - WHOLE_PROGRAMS)
    return chance.choices(names, [_weight(name) for name in names])[0]


def _weight(name: str) -> int:
    if name in WHOLE_PROGRAMS:
        return 9  # three or four of each in the beginning
    # A driver that stands still is noticed after 12 s: seldom, for the sake of the other visits.
    return 1 if name.endswith("SIGSTOP") else 3


def mend(hall: Hall) -> None:
    """Whatever it was: cables in, covers shut, paper in, nothing left lying."""
    for device, action, parameters in _MENDING:
        with contextlib.suppress(HandsError):  # it was not broken
            hall.hands.do(device, action, **parameters)
