"""CardReader as a contactless reader needs it."""

from __future__ import annotations

import enum
from typing import Annotated, Final

from drivers.ports import Media
from drivers.xfs.catalogue import Command, Interface, signal, words
from drivers.xfs.payload import Data, Nothing, Payload, UnitId, word


class ChipPower(enum.StrEnum):
    """What to do with the chip's power."""

    COLD = "cold"
    WARM = "warm"
    OFF = "off"


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
    """Where a card inside would go; a contactless reader holds none."""

    to: str | None = None
    storage_id: UnitId | None = None


class ChipPowerIn(Payload):
    """What to do."""

    chip_power: Annotated[ChipPower, word(ChipPower)]


class ChipPowerOut(Payload):
    """The chip's answer to reset, where the hardware tells it."""

    chip_data: Data | None = None


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
QUERY_IFM: Final = Command("CardReader.QueryIFMIdentifier", Nothing, IfmOut)

INTERFACE: Final = Interface(
    "CardReader", (READ_RAW_DATA, RESET, CHIP_POWER, QUERY_IFM), (MEDIA_REMOVED,), CardReaderStatus
)
