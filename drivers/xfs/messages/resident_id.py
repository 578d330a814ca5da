"""Our interface for the resident identity card: what the standard's CardReader has no word for."""

from __future__ import annotations

import enum
from datetime import date
from typing import Annotated, Final

from pydantic import Field

from drivers.ports import IdCard, IdCardLayout
from drivers.xfs.catalogue import Command, Interface, words
from drivers.xfs.messages import card_reader
from drivers.xfs.payload import Data, Nothing, Payload, word


class Sam(enum.StrEnum):
    """The security module's health."""

    OK = "ok"
    INOPERABLE = "inoperable"
    UNKNOWN = "unknown"


class ReadIdCardOut(Payload):
    """One card. ``photo`` is the still encoded chip photo; dates are ISO 8601; no end date: 长期."""

    layout: Annotated[IdCardLayout, word(IdCardLayout)]
    number: str = Field(repr=False)
    name: str = Field(repr=False)
    latin_name: str | None = Field(None, repr=False)
    sex: str = Field(repr=False)
    nation_code: str | None = Field(None, repr=False)
    nationality: str | None = Field(None, repr=False)
    birth: Annotated[date, Field(strict=False, repr=False)]
    address: str | None = Field(None, repr=False)
    authority: str | None = Field(None, repr=False)
    valid_from: Annotated[date, Field(strict=False, repr=False)]
    valid_to: Annotated[date | None, Field(strict=False, repr=False)] = None
    travel_permit: str | None = Field(None, repr=False)
    issue_count: str | None = Field(None, repr=False)
    photo: Data = Field(repr=False)

    @classmethod
    def of(cls, card: IdCard) -> ReadIdCardOut:
        """The message of a card."""
        return cls(**{name: getattr(card, name) for name in cls.model_fields})

    def card(self) -> IdCard:
        """The card of a message."""
        return IdCard(**{name: getattr(self, name) for name in type(self).model_fields})


class ResidentIdStatus(Payload):
    """The ``residentIdReader`` object of Common.Status."""

    sam_module: Annotated[Sam, word(Sam)] | None = None
    sam_id: str | None = None


READ_ID_CARD: Final = Command(
    "ResidentIdReader.ReadIdCard",
    Nothing,
    ReadIdCardOut,
    version="1.0",
    completion="1.0",
    errors=words(
        "noMedia invalidMedia cardCollision securityFail invalidData samSelfTestFailed mediaMustBeRepresented"
    ),
    events=(card_reader.INSERT_CARD, card_reader.MEDIA_INSERTED, card_reader.INVALID_MEDIA),
    moves=True,
)
INTERFACE: Final = Interface("ResidentIdReader", (READ_ID_CARD,), status=ResidentIdStatus)
