"""KeyManagement: keys of the encrypting keyboard, loaded as key blocks."""

from __future__ import annotations

import enum
from typing import Annotated, Final

from pydantic import Field

from drivers.xfs.catalogue import Command, Interface, words
from drivers.xfs.payload import Data, Nothing, Payload, word

KeyName = Annotated[str, Field(min_length=1, max_length=24)]


class EncryptionState(enum.StrEnum):
    """State of the encryption module."""

    READY = "ready"
    NOT_READY = "notReady"
    NOT_INITIALIZED = "notInitialized"
    BUSY = "busy"
    UNDEFINED = "undefined"
    INITIALIZED = "initialized"


class Loaded(enum.StrEnum):
    """Whether a key is there."""

    NO = "no"
    YES = "yes"
    UNKNOWN = "unknown"
    CONSTRUCT = "construct"


class KeyAttributes(Payload):
    """Use, algorithm and mode in TR-31's letters."""

    key_usage: str | None = None
    algorithm: str | None = None
    mode_of_use: str | None = None


class VerifyAttributes(Payload):
    """How the check value was made."""

    key_usage: str
    algorithm: str
    mode_of_use: str
    crypto_method: str


class ImportKeyIn(Payload):
    """``value`` is a TR-31 key block; ``decryptKey`` the key that protects it.

    A key in parts (``constructing``), or one with a signature of its own, is none for this pad.
    """

    key: KeyName
    key_attributes: KeyAttributes | None = None
    value: Annotated[Data, Field(repr=False)]
    decrypt_key: KeyName
    constructing: bool = False
    verification_data: Data | None = None
    verify_key: KeyName | None = None


class ImportKeyOut(Payload):
    """The check value: the first bytes of an encrypted block of zeros."""

    verification_data: Data
    verify_attributes: VerifyAttributes
    key_length: int


class KeyIn(Payload):
    """A key by name."""

    key: KeyName


class KeyDetailIn(Payload):
    """A key by name; null means all."""

    key_name: KeyName | None = None


class KeyBlockInfo(Payload):
    """What a key is for."""

    key_usage: str
    algorithm: str
    mode_of_use: str
    key_length: int


class KeyDetail(Payload):
    """One key."""

    loaded: Loaded
    key_block_info: KeyBlockInfo


class KeyDetailOut(Payload):
    """Keys by their name."""

    key_details: dict[str, KeyDetail]


class KeyManagementStatus(Payload):
    """The ``keyManagement`` object of Common.Status."""

    encryption_state: Annotated[EncryptionState, word(EncryptionState)] | None = None


IMPORT_KEY: Final = Command(
    "KeyManagement.ImportKey",
    ImportKeyIn,
    ImportKeyOut,
    errors=words(
        "keyNotFound accessDenied duplicateKey keyNoValue useViolation formatNotSupported invalidKeyLength noKeyRam"
        " signatureNotSupported signatureInvalid randomInvalid algorithmNotSupported modeNotSupported"
        " cryptoMethodNotSupported"
    ),
    operator=True,
)
DELETE_KEY: Final = Command(
    "KeyManagement.DeleteKey", KeyIn, Nothing, errors=words("accessDenied keyNotFound"), operator=True
)
GET_KEY_DETAIL: Final = Command(
    "KeyManagement.GetKeyDetail", KeyDetailIn, KeyDetailOut, errors=words("keyNotFound")
)
INTERFACE: Final = Interface(
    "KeyManagement", (IMPORT_KEY, DELETE_KEY, GET_KEY_DETAIL), status=KeyManagementStatus
)
