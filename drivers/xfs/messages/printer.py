"""Printer as a receipt and a document printer need it."""

from __future__ import annotations

import enum
from typing import Annotated, Final

from pydantic import Field

from drivers.ports import Media, Supply
from drivers.xfs.catalogue import Command, Event, Interface, signal, words
from drivers.xfs.payload import Data, Nothing, Payload, word


class Move(enum.StrEnum):
    """Where the paper goes after the page."""

    EJECT = "eject"
    RETRACT = "retract"
    PARK = "park"
    EXPEL = "expel"
    EJECT_TO_TRANSPORT = "ejectToTransport"
    STACK = "stack"


class Turn(enum.StrEnum):
    """Turning a page of a passbook."""

    FORWARD = "forward"
    BACKWARD = "backward"


class YesNo(enum.StrEnum):
    """Whether data is expected back."""

    NO = "no"
    YES = "yes"


class Threshold(enum.StrEnum):
    """Level that a supply has reached."""

    FULL = "full"
    LOW = "low"
    OUT = "out"


class MediaControl(Payload):
    """What to do with the paper after the page; no flag means nothing."""

    move: Annotated[Move, word(Move)] | None = None
    turn_page: Annotated[Turn, word(Turn)] | None = None
    perforate: bool = False
    cut: bool = False
    skip: bool = False
    flush: bool = False
    partial_cut: bool = False
    alarm: bool = False
    turn_media: bool = False
    stamp: bool = False
    rotate180: bool = False

    def asked(self) -> frozenset[str]:
        """The names of what is asked for, as the capabilities have them."""
        flags = {
            name for name in ("perforate", "cut", "skip", "flush", "alarm", "stamp") if getattr(self, name)
        }
        if self.partial_cut:
            flags.add("partialCut")
        if self.turn_media:
            flags.add("turnMedia")
        if self.rotate180:
            flags.add("rotate180")
        if self.turn_page is not None:
            flags.add(f"page{self.turn_page.capitalize()}")
        if self.move is not None:
            flags.add(self.move.value)
        return frozenset(flags)


class PrintRawIn(Payload):
    """The printer's own bytes."""

    input_data: Annotated[YesNo, word(YesNo)]
    data: Data


class PrintRawOut(Payload):
    """What the printer answered."""

    data: Data | None = None


class PrintNativeIn(Payload):
    """A document in the printer's own format: PDF, or receipt blocks as JSON (``drivers/receipt.py``)."""

    data: Data
    media_control: MediaControl | None = None
    paper_source: str | None = None


class PrintFormIn(Payload):
    """A form of the printer's own list and the values of its fields; of several lines where a field repeats."""

    form_name: str
    media_name: str | None = None
    alignment: str | None = None
    offset_x: int | None = None
    offset_y: int | None = None
    resolution: str | None = None
    media_control: MediaControl | None = None
    paper_source: str | None = None
    fields: Annotated[dict[str, str | list[str]], Field(max_length=200, repr=False)]


class FormList(Payload):
    """The forms that can be printed."""

    form_list: list[str]


class ControlMediaIn(Payload):
    """What to do with the paper inside."""

    media_control: MediaControl


class ResetIn(Payload):
    """Where paper inside goes: ``eject``, ``expel`` or a unit. A word here, not an object."""

    media_control: str | None = None


class Presented(Payload):
    """Which bunch of how many was presented."""

    wad_index: int
    total_wads: int


class PaperThreshold(Payload):
    """A paper source reached a level."""

    paper_source: str
    threshold: Annotated[Threshold, word(Threshold)]


class SupplyThreshold(Payload):
    """Toner or ink reached a level."""

    state: Annotated[Threshold, word(Threshold)]


class PrinterStatus(Payload):
    """The ``printer`` object of Common.Status."""

    media: Annotated[Media, word(Media)] | None = None
    paper: dict[str, Annotated[Supply, word(Supply)]] | None = None
    toner: Annotated[Supply, word(Supply)] | None = None
    ink: Annotated[Supply, word(Supply)] | None = None
    lamp: str | None = None
    media_on_stacker: int | None = None
    paper_type: dict[str, str] | None = None
    black_mark_mode: str | None = None


MEDIA_PRESENTED: Final = Event("Printer.MediaPresentedEvent", Presented)
NO_MEDIA: Final = signal("Printer.NoMediaEvent")
MEDIA_INSERTED: Final = signal("Printer.MediaInsertedEvent")
MEDIA_REJECTED: Final = signal("Printer.MediaRejectedEvent")
PAPER_THRESHOLD: Final = Event("Printer.PaperThresholdEvent", PaperThreshold, unsolicited=True)
TONER_THRESHOLD: Final = Event("Printer.TonerThresholdEvent", SupplyThreshold, unsolicited=True)

RAW_ERRORS: Final = words(
    "shutterFail mediaJammed paperJammed paperOut tonerOut mediaRetained blackMark mediaRetracted"
)
NATIVE_ERRORS: Final = words(
    """shutterFail mediaJammed paperJammed paperOut tonerOut noMediaPresent flushFail retractBinFull stackerFull
    pageTurnFail mediaTurnFail inkOut sequenceInvalid mediaOverflow mediaRetained blackMark sourceInvalid
    mediaRejected mediaRetracted"""
)
PRINT_RAW: Final = Command(
    "Printer.PrintRaw",
    PrintRawIn,
    PrintRawOut,
    version="3.0",
    completion="3.0",
    errors=RAW_ERRORS,
    events=(MEDIA_PRESENTED,),
    moves=True,
    graceful=True,
)
PRINT_NATIVE: Final = Command(
    "Printer.PrintNative",
    PrintNativeIn,
    Nothing,
    version="3.0",
    errors=NATIVE_ERRORS,
    events=(NO_MEDIA, MEDIA_INSERTED, MEDIA_PRESENTED, MEDIA_REJECTED),
    moves=True,
    graceful=True,
)
PRINT_FORM: Final = Command(
    "Printer.PrintForm",
    PrintFormIn,
    Nothing,
    version="3.0",
    completion="3.0",
    errors=NATIVE_ERRORS - {"noMediaPresent"}
    | words(
        """formNotFound fieldSpecFailure fieldError mediaNotFound mediaSkewed charSetData mediaSize msfError
        noMSF"""
    ),
    events=(NO_MEDIA, MEDIA_INSERTED, MEDIA_PRESENTED, MEDIA_REJECTED),
    moves=True,
    graceful=True,
)
GET_FORM_LIST: Final = Command("Printer.GetFormList", Nothing, FormList, beside=True)
CONTROL_MEDIA: Final = Command(
    "Printer.ControlMedia",
    ControlMediaIn,
    Nothing,
    version="3.0",
    errors=words(
        """noMediaPresent flushFail retractBinFull stackerFull pageTurnFail mediaTurnFail shutterFail mediaJammed
        paperJammed paperOut inkOut tonerOut sequenceInvalid mediaRetained blackMark mediaRetracted"""
    ),
    events=(MEDIA_PRESENTED,),
    moves=True,
)
RESET: Final = Command(
    "Printer.Reset",
    ResetIn,
    Nothing,
    version="3.0",
    errors=words("shutterFail retractBinFull mediaJammed paperJammed"),
    events=(MEDIA_PRESENTED,),
    moves=True,
)
INTERFACE: Final = Interface(
    "Printer",
    (PRINT_RAW, PRINT_NATIVE, PRINT_FORM, GET_FORM_LIST, CONTROL_MEDIA, RESET),
    (PAPER_THRESHOLD, TONER_THRESHOLD),
    PrinterStatus,
)
