"""BarcodeReader."""

from __future__ import annotations

import enum
from typing import Annotated, Final

from pydantic import Field

from drivers.xfs.catalogue import Command, Interface, words
from drivers.xfs.payload import Data, Nothing, Payload, word

SYMBOLOGIES: Final = frozenset(
    """ean128 ean8 ean8_2 ean8_5 ean13 ean13_2 ean13_5 jan13 upcA upcE0 upcE0_2 upcE0_5 upcE1 upcE1_2 upcE1_5
    upcA_2 upcA_5 codabar itf code11 code39 code49 code93 code128 msi plessey std2Of5 std2Of5Iata pdf417
    microPdf417 dataMatrix maxiCode codeOne channelCode telepenOriginal telepenAim rss rssExpanded
    rssRestricted compositeCodeA compositeCodeB compositeCodeC posiCodeA posiCodeB triopticCode39 codablockF
    code16K qrCode aztec ukPost planet postnet canadianPost netherlandsPost australianPost japanesePost
    chinesePost koreanPost""".split()
)
"""Names of the standard that a Read may ask for."""


class Scanner(enum.StrEnum):
    """State of the scanner."""

    ON = "on"
    OFF = "off"
    INOPERATIVE = "inoperative"
    UNKNOWN = "unknown"


class ReadIn(Payload):
    """Which symbologies to take; null means all."""

    symbologies: dict[str, bool] | None = None


class Code(Payload):
    """One code; its data is the bytes, whatever their encoding."""

    symbology: str
    barcode_data: Data = Field(repr=False)
    symbology_name: str | None = None


class ReadOut(Payload):
    """The codes read."""

    read_output: Annotated[list[Code], Field(min_length=1)]


class BarcodeStatus(Payload):
    """The ``barcodeReader`` object of Common.Status."""

    scanner: Annotated[Scanner, word(Scanner)] | None = None


READ: Final = Command(
    "BarcodeReader.Read", ReadIn, ReadOut, completion="3.0", errors=words("barcodeInvalid"), moves=True
)
RESET: Final = Command("BarcodeReader.Reset", Nothing, Nothing, moves=True)
INTERFACE: Final = Interface("BarcodeReader", (READ, RESET), status=BarcodeStatus)
