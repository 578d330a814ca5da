"""Storage: units that hold sheets to dispense, and bins that take them back."""

from __future__ import annotations

import enum
from typing import Annotated, Final

from pydantic import ConfigDict, Field

from drivers.xfs.catalogue import Command, Event, Interface, words
from drivers.xfs.payload import Nothing, Payload, UnitId, word


class UnitState(enum.StrEnum):
    """Whether a unit can be used."""

    OK = "ok"
    INOPERATIVE = "inoperative"
    MISSING = "missing"
    NOT_CONFIGURED = "notConfigured"
    MANIPULATED = "manipulated"


class Level(enum.StrEnum):
    """How full a unit is."""

    OK = "ok"
    FULL = "full"
    HIGH = "high"
    LOW = "low"
    EMPTY = "empty"


class CardCapabilities(Payload):
    """What a unit is for."""

    type: str
    hardware_sensors: bool


class CardConfiguration(Payload):
    """What the staff set: ``threshold`` is the count at which it is low."""

    card_id: str | None = Field(None, alias="cardID")
    threshold: Annotated[int, Field(ge=0)] | None = None


class CardCounts(Payload):
    """Sheets loaded and left."""

    initial_count: int | None = None
    count: int | None = None
    retain_count: int | None = None
    replenishment_status: Annotated[Level, word(Level)] | None = None


class CardUnit(Payload):
    """A unit that dispenses."""

    capabilities: CardCapabilities | None = None
    configuration: CardConfiguration | None = None
    status: CardCounts | None = None


class BinCapabilities(Payload):
    """How often a bin may be used."""

    max_retracts: int


class BinCounts(Payload):
    """What lies in a bin; ``in`` is the standard's word."""

    index: int | None = None
    initial: Annotated[int, Field(ge=0)] | None = None
    inside: int | None = Field(None, alias="in")
    replenishment_status: Annotated[Level, word(Level)] | None = None


class BinUnit(Payload):
    """A bin that takes sheets back."""

    capabilities: BinCapabilities | None = None
    status: BinCounts | None = None


class Unit(Payload):
    """One unit; only ``card`` or ``printer`` is set."""

    id: str | None = None
    position_name: str | None = None
    capacity: int | None = None
    status: Annotated[UnitState, word(UnitState)] | None = None
    serial_number: str | None = None
    card: CardUnit | None = None
    printer: BinUnit | None = None


class Units(Payload):
    """Units by their key."""

    storage: dict[UnitId, Unit]


class SetCard(Payload):
    """New values of a dispensing unit."""

    configuration: CardConfiguration | None = None
    status: CardCounts | None = None


class SetUnit(Payload):
    """New values of one unit."""

    card: SetCard | None = None
    printer: BinUnit | None = None


class SetStorageIn(Payload):
    """New values by unit."""

    storage: Annotated[dict[UnitId, SetUnit], Field(min_length=1)]


class ChangedUnits(Payload):
    """Changed units directly by their key, with no wrapper around them."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Unit]


GET_STORAGE: Final = Command("Storage.GetStorage", Nothing, Units, completion="2.1", beside=True)
SET_STORAGE: Final = Command(
    "Storage.SetStorage",
    SetStorageIn,
    Nothing,
    version="2.1",
    errors=words("invalidUnit noExchangeActive storageUnitError"),
    operator=True,
)
START_EXCHANGE: Final = Command(
    "Storage.StartExchange",
    Nothing,
    Nothing,
    errors=words("storageUnitError exchangeActive transactionActive"),
    operator=True,
)
END_EXCHANGE: Final = Command(
    "Storage.EndExchange",
    Nothing,
    Nothing,
    errors=words("storageUnitError noExchangeActive"),
    operator=True,
)
CHANGED: Final = Event("Storage.StorageChangedEvent", ChangedUnits, "2.1", unsolicited=True)
THRESHOLD: Final = Event("Storage.StorageThresholdEvent", ChangedUnits, "2.1", unsolicited=True)
COUNTS: Final = Event("Storage.CountsChangedEvent", ChangedUnits, unsolicited=True)
INTERFACE: Final = Interface(
    "Storage", (GET_STORAGE, SET_STORAGE, START_EXCHANGE, END_EXCHANGE), (CHANGED, THRESHOLD, COUNTS)
)
