"""The interface every service implements."""

from __future__ import annotations

import enum
from typing import Annotated, Final

from pydantic import ConfigDict, Field

from drivers.xfs.catalogue import Command, Event, Interface, words
from drivers.xfs.payload import Nothing, Payload, word


class Free(Payload):
    """An object whose properties are the interfaces' own."""

    model_config = ConfigDict(extra="allow")


class TransactionState(enum.StrEnum):
    """Whether a customer transaction is under way."""

    ACTIVE = "active"
    INACTIVE = "inactive"


class ErrorKind(enum.StrEnum):
    """``ErrorEvent.eventId``."""

    HARDWARE = "hardware"
    SOFTWARE = "software"
    USER = "user"
    FRAUD_ATTEMPT = "fraudAttempt"


class ErrorAction(enum.StrEnum):
    """``ErrorEvent.action``: what mends it."""

    RESET = "reset"
    SOFTWARE_ERROR = "softwareError"
    CONFIGURATION = "configuration"
    CLEAR = "clear"
    MAINTENANCE = "maintenance"
    SUSPEND = "suspend"


class CancelIn(Payload):
    """Which requests of this connection; null means all."""

    request_ids: list[Annotated[int, Field(ge=1)]] | None = None


class SetVersionsIn(Payload):
    """Major versions this connection wants, by full message name."""

    commands: dict[str, Annotated[int, Field(ge=1)]] | None = None
    events: dict[str, Annotated[int, Field(ge=1)]] | None = None


class TransactionStateBody(Payload):
    """A transaction's state and name."""

    state: Annotated[TransactionState, word(TransactionState)]
    transaction_id: Annotated[str, Field(max_length=64)] | None = Field(None, alias="transactionID")


class ErrorBody(Payload):
    """A fault worth telling everybody."""

    event_id: Annotated[ErrorKind, word(ErrorKind)]
    action: Annotated[ErrorAction, word(ErrorAction)]
    vendor_description: str | None = None


STATUS: Final = Command("Common.Status", Nothing, Free, completion="3.0", beside=True)
CAPABILITIES: Final = Command("Common.Capabilities", Nothing, Free, completion="3.0", beside=True)
CANCEL: Final = Command("Common.Cancel", CancelIn, Nothing, errors=words("noMatchingRequestIDs"), beside=True)
SET_VERSIONS: Final = Command("Common.SetVersions", SetVersionsIn, Nothing, beside=True)
GET_TRANSACTION: Final = Command("Common.GetTransactionState", Nothing, TransactionStateBody, beside=True)
SET_TRANSACTION: Final = Command("Common.SetTransactionState", TransactionStateBody, Nothing, acts=True)
STATUS_CHANGED: Final = Event("Common.StatusChangedEvent", Free, "3.0", unsolicited=True)
ERROR: Final = Event("Common.ErrorEvent", ErrorBody, unsolicited=True)

INTERFACE: Final = Interface(
    "Common",
    (STATUS, CAPABILITIES, CANCEL, SET_VERSIONS, GET_TRANSACTION, SET_TRANSACTION),
    (STATUS_CHANGED, ERROR),
)
