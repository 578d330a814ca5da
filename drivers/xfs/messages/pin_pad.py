"""PinPad: the PIN as an encrypted block."""

from __future__ import annotations

import enum
from typing import Annotated, Final

from pydantic import Field

from drivers.xfs.catalogue import Command, Interface, words
from drivers.xfs.messages.key_management import KeyName
from drivers.xfs.payload import Data, Nothing, Payload, word


class Format(enum.StrEnum):
    """PIN block formats of the standard; this pad has ``iso0`` and ``iso4``."""

    IBM3624 = "ibm3624"
    ANSI = "ansi"
    ISO0 = "iso0"
    ISO1 = "iso1"
    ECI2 = "eci2"
    ECI3 = "eci3"
    VISA = "visa"
    DIEBOLD = "diebold"
    DIEBOLD_CO = "dieboldCo"
    VISA3 = "visa3"
    BANKSYS = "banksys"
    EMV = "emv"
    ISO3 = "iso3"
    AP = "ap"
    ISO4 = "iso4"


class GetPinBlockIn(Payload):
    """``customerData``: the account number, for ``iso0`` without its check digit, for ``iso4`` whole.

    ``xorData`` and ``secondEncKey`` would make another block of it: this pad encrypts once.
    """

    customer_data: Annotated[str, Field(pattern=r"^[0-9]{11,19}$", repr=False)]
    format: Annotated[Format, word(Format)]
    key: KeyName
    crypto_method: str | None = None
    xor_data: Annotated[str | None, Field(repr=False)] = None
    second_enc_key: KeyName | None = None


class GetPinBlockOut(Payload):
    """The encrypted block."""

    pin_block: Data


GET_PIN_BLOCK: Final = Command(
    "PinPad.GetPinBlock",
    GetPinBlockIn,
    GetPinBlockOut,
    errors=words(
        "keyNotFound accessDenied keyNoValue useViolation noPin formatNotSupported invalidKeyLength"
        " algorithmNotSupported dukptOverflow cryptoMethodNotSupported"
    ),
    moves=True,
)
RESET: Final = Command("PinPad.Reset", Nothing, Nothing, moves=True)
INTERFACE: Final = Interface("PinPad", (GET_PIN_BLOCK, RESET))
