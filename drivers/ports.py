"""What a device can do, in the words of the service that uses it: the seam between device services and drivers.

A *driver* (``drivers/devices/``) implements one of these ports over a transport; a *device service*
(``drivers/services/``) speaks XFS4IoT and knows only the port. Ports carry no bytes of a wire, no locks
and no serial numbers. All calls are coroutines on the device program's loop; blocking work goes to the
driver's own worker thread. Every call honours cancellation and ends within its ``Deadline``.
"""

from __future__ import annotations

import enum
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Protocol, runtime_checkable

from config.clock import Deadline
from drivers.ports_tax import TaxControl


class DeviceState(enum.StrEnum):
    """XFS4IoT Common.Status ``device``, plus ``unknown`` for a value that is too old to be believed."""

    ONLINE = "online"
    OFFLINE = "offline"
    POWER_OFF = "powerOff"
    NO_DEVICE = "noDevice"
    HARDWARE_ERROR = "hardwareError"
    USER_ERROR = "userError"
    DEVICE_BUSY = "deviceBusy"
    FRAUD_ATTEMPT = "fraudAttempt"
    POTENTIAL_FRAUD = "potentialFraud"
    STARTING = "starting"


GONE: Final = frozenset({DeviceState.OFFLINE, DeviceState.NO_DEVICE, DeviceState.POWER_OFF})
"""What a driver reports when there is nobody at the other end."""


class Supply(enum.StrEnum):
    """XFS4IoT paper and toner levels."""

    FULL = "full"
    LOW = "low"
    OUT = "out"
    JAMMED = "jammed"
    UNKNOWN = "unknown"


class Media(enum.StrEnum):
    """XFS4IoT media state of a reader or printer."""

    PRESENT = "present"
    NOT_PRESENT = "notPresent"
    JAMMED = "jammed"
    ENTERING = "entering"
    RETRACTED = "retracted"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A device's status at one moment.

    ``details`` holds the class-specific values under their XFS4IoT names (``{"printer": {...}}``).
    ``source`` says how it is known: ``polled``, ``pushed`` by the device, or ``inferred``. ``lost`` is why the driver
    no longer holds the hardware, None while it does: a device that reports a fault may still be held.
    """

    device: DeviceState
    details: Mapping[str, object] = field(default_factory=dict)
    observed_at: datetime | None = None
    source: str = "polled"
    lost: str | None = None


StatusListener = Callable[[Snapshot], None]


class Device(Protocol):
    """What every driver has: an idempotent life cycle and a status that is pushed when it changes."""

    @property
    def snapshot(self) -> Snapshot:
        """The last status seen."""
        ...

    def on_status(self, listener: StatusListener) -> None:
        """Call ``listener`` on the loop with each status that differs from the one before."""
        ...

    async def open(self) -> None:
        """Connect and begin to watch; raise ``DeviceNotReady`` when the hardware does not answer."""
        ...

    async def close(self) -> None:
        """Stop watching and release the port; never raises."""
        ...

    async def reset(self, deadline: Deadline) -> None:
        """Bring the hardware back to a known state."""
        ...


class IdCardLayout(enum.StrEnum):
    """The four layouts of the card's text block (domain note, section 3)."""

    RESIDENT = "resident"
    HK_MACAU_TAIWAN = "hk-macau-taiwan"
    FOREIGN_2017 = "foreign-2017"
    FOREIGN_2023 = "foreign-2023"


@dataclass(frozen=True, slots=True)
class IdCard:
    """What one read of a resident ID card gives. ``photo`` is the still encoded chip photo (1024 bytes).

    Personal data: ``repr`` shows the layout alone.
    """

    layout: IdCardLayout
    number: str = field(repr=False)
    name: str = field(repr=False)
    latin_name: str | None = field(repr=False)
    sex: str = field(repr=False)  # "1" male, "2" female, "0" unknown, "9" not stated (GB/T 2261.1)
    nation_code: str | None = field(repr=False)
    nationality: str | None = field(repr=False)
    birth: date = field(repr=False)
    address: str | None = field(repr=False)
    authority: str | None = field(repr=False)
    valid_from: date = field(repr=False)
    valid_to: date | None = field(repr=False)  # None: 长期, no end
    travel_permit: str | None = field(repr=False)
    issue_count: str | None = field(repr=False)
    photo: bytes = field(repr=False)


class IdCardReader(Device, Protocol):
    """Resident ID card reader behind a SAM_V module."""

    async def find(self, deadline: Deadline) -> None:
        """Wait for a card and select it; raise ``MediaMissing`` at the deadline."""
        ...

    async def read(self, deadline: Deadline) -> IdCard:
        """Read text and photo of the selected card; raise ``MediaInvalid`` or ``ReadFailed``."""
        ...

    async def removed(self, deadline: Deadline) -> None:
        """Wait until the card has left the field."""
        ...

    async def sam_id(self, deadline: Deadline) -> str:
        """The security module's number, in its printed form."""
        ...


class PrintOutcome(enum.StrEnum):
    """How a paper job ended. Only ``UNCERTAIN`` asks a person."""

    PRINTED = "printed"
    NOT_PRINTED = "notPrinted"
    UNCERTAIN = "uncertain"
    VOIDED = "voided"
    """A numbered form that was spoilt and marked 作废; its number is used up."""


@dataclass(frozen=True, slots=True)
class PrintResult:
    """Outcome of a job, with the fault that spoiled it (an XFS4IoT error code) and the sheets that came out.

    ``partly``: certainly not all of it was printed, but the beginning may hang from the printer or be in a hand.
    """

    outcome: PrintOutcome
    error_code: str | None = None
    sheets: int = 0
    evidence: Mapping[str, object] = field(default_factory=dict)
    partly: bool = False


class ReceiptPrinter(Device, Protocol):
    """Thermal receipt printer (ESC/POS)."""

    async def print_receipt(
        self, lines: Sequence[Mapping[str, object]], deadline: Deadline, cut_first: bool = False
    ) -> PrintResult:
        """Print and cut one receipt given as blocks (see ``drivers/receipt.py``).

        With ``cut_first`` what an earlier job may have left hanging out is cut off before it: it is another person's.
        """
        ...


class DocumentPrinter(Device, Protocol):
    """A4 laser printer (IPP)."""

    async def print_pdf(self, name: str, pdf: bytes, copies: int, deadline: Deadline) -> PrintResult:
        """Print a PDF under a unique job name; the printer's job state decides the outcome."""
        ...

    async def find_job(self, name: str, age_s: float, deadline: Deadline) -> PrintResult | None:
        """The outcome of a job of that name entered ``age_s`` ago, or None when the printer never had it.

        What the printer has had and forgotten since, as after a power cut, is ``uncertain``.
        """
        ...


@dataclass(frozen=True, slots=True)
class DispensedItem:
    """One invoice that moved: what was expected, what was read, where it went.

    ``held_by`` is what kept it from going where its ``fault`` would have sent it: it still lies in the transport.
    """

    expected: str
    read: str | None
    position: str  # "tray", "reject", "transport"
    fault: str | None = None  # numberMismatch, doubleFeed, mediaJammed, unreadable
    held_by: str | None = None  # rejectBinFull


class InvoiceDispenser(Device, Protocol):
    """Paper-invoice dispenser: feeds numbered sheets one by one and reads what it feeds."""

    async def dispense_one(self, unit: str, expected: str, deadline: Deadline) -> DispensedItem:
        """Feed one sheet of ``unit``, read its number, and bring it to the tray or the reject bin."""
        ...

    async def sensors(self, deadline: Deadline) -> Mapping[str, object]:
        """Counters and sensors: fed, exited, tray, rejected, per unit what lies in front.

        ``fed exited rejected retracted`` are totals since the machine was made (int); ``tray`` is "paper" or
        "empty"; ``shutter`` is "open" or "closed"; ``units`` maps "unit1" to ``status`` (ok, low, empty,
        missing), ``count`` (int), ``code`` and ``number`` of its front sheet (None where not readable). ``serial`` is
        the machine's own, by which the totals are known as its; None or absent where it has none.
        """
        ...

    async def present(self, deadline: Deadline) -> None:
        """Open the tray to the person."""
        ...

    async def taken(self, deadline: Deadline) -> bool:
        """Wait for the tray to be emptied; False when the deadline passes with paper in it."""
        ...

    async def retract(self, deadline: Deadline) -> int:
        """Take back what lies in the tray into the retract bin; the number of sheets moved."""
        ...


@runtime_checkable
class TellsHeldSheet(Protocol):
    """What an ``InvoiceDispenser`` may offer besides: a look at the sheet before it goes on."""

    def on_held(self, listener: Callable[[str, str | None], Awaitable[None]]) -> None:
        """Await ``listener(unit, number read)`` for each sheet at the gate, before it is accepted or rejected.

        The number is then durable before the sheet is out.
        """
        ...


@runtime_checkable
class RawPrinter(Protocol):
    """What a ``ReceiptPrinter`` may offer besides: its own bytes, for XFS4IoT's Printer.PrintRaw."""

    async def print_raw(self, data: bytes, deadline: Deadline) -> PrintResult:
        """Send ``data`` as it is and wait until the printer has done it."""
        ...


@dataclass(frozen=True, slots=True)
class Barcode:
    """One code read: its XFS4IoT symbology name and its bytes, which may be somebody's."""

    symbology: str
    data: bytes = field(repr=False)


class BarcodeReader(Device, Protocol):
    """Serial barcode and QR scanner."""

    async def scan(self, deadline: Deadline, symbologies: Sequence[str] = ()) -> Barcode:
        """Switch the light on and wait for a code, of one of ``symbologies`` when some are named.

        Several may stand on one sheet and come at once: those that are not wanted are passed over, and the wanted
        one behind them is not lost.
        """
        ...


class ChipPower(enum.StrEnum):
    """What to do with a chip's power: XFS4IoT ``chipPower``."""

    COLD = "cold"
    WARM = "warm"
    OFF = "off"


class ChipProtocol(enum.StrEnum):
    """XFS4IoT ``chipProtocol``; contacts speak ``T0`` or ``T1``."""

    T0 = "chipT0"
    T1 = "chipT1"
    NOT_REQUIRED = "chipProtocolNotRequired"
    TYPE_A_PART3 = "chipTypeAPart3"
    TYPE_A_PART4 = "chipTypeAPart4"
    TYPE_B = "chipTypeB"
    NFC = "chipTypeNFC"


@dataclass(frozen=True, slots=True)
class Chip:
    """A chip under power: its answer to reset and the protocol it speaks."""

    atr: bytes
    protocol: ChipProtocol


@dataclass(frozen=True, slots=True)
class PinCheck:
    """Whether a PIN was right; ``tries_left`` before the card locks itself, 0 when it has, None when not told."""

    right: bool
    tries_left: int | None = None


class SmartCardReader(Device, TaxControl, Protocol):
    """Contact reader for chip cards, or a UKey, which is both in one; with the key that its profile describes."""

    async def insert(self, deadline: Deadline) -> None:
        """Wait until a card is in the reader; raise ``MediaMissing``, or ``MediaInvalid`` for a mute one."""
        ...

    async def removed(self, deadline: Deadline) -> None:
        """Wait until no card is in the reader; raise ``DeadlinePassed``."""
        ...

    async def power(self, how: ChipPower, deadline: Deadline) -> Chip | None:
        """Reset the card, or switch it off, which gives None."""
        ...

    async def transmit(self, apdu: bytes, protocol: ChipProtocol, deadline: Deadline) -> bytes:
        """One command APDU and its whole response APDU, chained and collected as the card needs it."""
        ...

    async def verify_pin(self, pin: str, deadline: Deadline) -> PinCheck:
        """Show the PIN to the key application. A wrong one is an answer; it costs a try."""
        ...

    async def certificate(self, deadline: Deadline) -> bytes:
        """The key's X.509 certificate, DER."""
        ...

    async def sign(self, challenge: bytes, deadline: Deadline) -> bytes:
        """The signature over ``challenge``, as the certificate's key verifies it; ``SecurityFailed`` without a PIN."""
        ...


class Camera(Device, Protocol):
    """Face camera: frames stay inside the device program; only JPEG previews and verdicts leave it."""

    def frames(self) -> AsyncIterator[bytes]:
        """JPEG previews, at most ten a second, until the iterator is closed."""
        ...

    async def picture(self, deadline: Deadline) -> bytes:
        """One JPEG."""
        ...

    async def capture(self, count: int, deadline: Deadline) -> Sequence[bytes]:
        """``count`` consecutive frames as JPEG for liveness and matching."""
        ...


@dataclass(frozen=True, slots=True)
class FaceVerdict:
    """A comparison: similarity 0..1 and liveness, with the reason when not live."""

    score: float
    live: bool
    reason: str | None = None  # noFace, severalFaces, still, frozen, black, covered, tooFar


class FaceMatcher(Protocol):
    """Compares live frames with the document's picture. Bureaus plug in a certified one."""

    production_ready: bool

    def verify(self, reference: bytes, frames: Sequence[bytes]) -> FaceVerdict:
        """Compare a decoded reference picture (PNG or JPEG) with live frames (JPEG); blocking."""
        ...


class PhotoDecoder(Protocol):
    """Turns the card's 1024-byte chip photo into a PNG; the real one is a licensed library."""

    production_ready: bool

    def decode(self, photo: bytes) -> bytes | None:
        """PNG bytes, or None when this decoder does not know the format."""
        ...
