"""CardReader as readers of ID cards and of chip cards need it."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import Field

from drivers.ports import ChipPower, ChipProtocol, Media
from drivers.xfs.catalogue import Command, Interface, signal, words
from drivers.xfs.payload import Data, Nothing, Payload, UnitId, word


class ChipState(enum.StrEnum):
    """State of the chip's power."""

    UNKNOWN = "unknown"
    ONLINE = "online"
    BUSY = "busy"
    POWERED_OFF = "poweredOff"
    NO_DEVICE = "noDevice"
    HARDWARE_ERROR = "hardwareError"
    NO_CARD = "noCard"


class Module(enum.StrEnum):
    """Health of a part of the reader."""

    OK = "ok"
    INOPERABLE = "inoperable"
    UNKNOWN = "unknown"


class Source(enum.StrEnum):
    """Why a source that was asked for holds no data."""

    DATA_MISSING = "dataMissing"
    DATA_INVALID = "dataInvalid"
    DATA_TOO_LONG = "dataTooLong"
    DATA_TOO_SHORT = "dataTooShort"
    NOT_SUPPORTED = "dataSourceNotSupported"
    SOURCE_MISSING = "dataSourceMissing"


class ReadRawDataIn(Payload):
    """Which sources to read; absent means no."""

    chip: bool = False
    track1: bool = False
    track2: bool = False
    track3: bool = False
    security: bool = False
    flux_inactive: bool = False
    watermark: bool = False
    memory_chip: bool = False
    track1_front: bool = False
    front_image: bool = False
    back_image: bool = False
    track1_jis: bool = False
    track3_jis: bool = False
    ddi: bool = False


class ChipData(Payload):
    """What one chip gave; a null status means the data is good."""

    status: Annotated[Source, word(Source)] | None = None
    data: Data | None = None


class ReadRawDataOut(Payload):
    """The chips found."""

    chip: list[ChipData] | None = None


class ResetIn(Payload):
    """Where a card inside would go; readers here hold none."""

    to: str | None = None
    storage_id: UnitId | None = None


class ChipPowerIn(Payload):
    """What to do."""

    chip_power: Annotated[ChipPower, word(ChipPower)]


class ChipPowerOut(Payload):
    """The chip's answer to reset, where the hardware tells it."""

    chip_data: Data | None = None


class ChipIo(Payload):
    """An APDU, or the answer to one. ``chipData`` may be a PIN: it is never written anywhere."""

    chip_protocol: Annotated[ChipProtocol, word(ChipProtocol)]
    chip_data: Data = Field(repr=False)


class IfmOut(Payload):
    """The reader's own identifiers."""

    ifm_identifiers: dict[str, str]


class CardReaderStatus(Payload):
    """The ``cardReader`` object of Common.Status."""

    media: Annotated[Media, word(Media)] | None = None
    chip_power: Annotated[ChipState, word(ChipState)] | None = None
    chip_module: Annotated[Module, word(Module)] | None = None


INSERT_CARD: Final = signal("CardReader.InsertCardEvent")
MEDIA_INSERTED: Final = signal("CardReader.MediaInsertedEvent")
INVALID_MEDIA: Final = signal("CardReader.InvalidMediaEvent")
MEDIA_REMOVED: Final = signal("CardReader.MediaRemovedEvent", unsolicited=True)
_READING = (INSERT_CARD, MEDIA_INSERTED, INVALID_MEDIA)

READ_RAW_DATA: Final = Command(
    "CardReader.ReadRawData",
    ReadRawDataIn,
    ReadRawDataOut,
    completion="3.0",
    errors=words(
        "mediaJam shutterFail noMedia invalidMedia cardTooShort cardTooLong securityFail cardCollision"
    ),
    events=_READING,
    moves=True,
)
RESET: Final = Command(
    "CardReader.Reset", ResetIn, Nothing, errors=words("mediaJam shutterFail retainBinFull"), moves=True
)
CHIP_POWER: Final = Command(
    "CardReader.ChipPower",
    ChipPowerIn,
    ChipPowerOut,
    completion="3.0",
    errors=words("chipPowerNotSupported mediaJam noMedia invalidMedia invalidData atrNotObtained"),
    moves=True,
)
CHIP_IO: Final = Command(
    "CardReader.ChipIO",
    ChipIo,
    ChipIo,
    version="3.0",
    completion="3.0",
    errors=words(
        "mediaJam noMedia invalidMedia invalidData protocolNotSupported atrNotObtained cardCollision"
    ),
    moves=True,
)
QUERY_IFM: Final = Command("CardReader.QueryIFMIdentifier", Nothing, IfmOut)

INTERFACE: Final = Interface(
    "CardReader", (READ_RAW_DATA, RESET, CHIP_POWER, CHIP_IO, QUERY_IFM), (MEDIA_REMOVED,), CardReaderStatus
)


def was_removed(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether a card that was there in the status ``before`` is gone ``after``; from or to unknown is no removal."""
    old, new = (status.get(INTERFACE.key, {}).get("media") for status in (before, after))
    return bool(old == Media.PRESENT and new == Media.NOT_PRESENT)
