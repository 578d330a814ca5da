"""Our interface for a card or UKey that holds a key: what the standard's CardReader has no word for."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field

from drivers.xfs.catalogue import Command, Interface, words
from drivers.xfs.payload import Data, Nothing, Payload

_CARD = "noMedia invalidMedia invalidData protocolNotSupported atrNotObtained"


class VerifyPinIn(Payload):
    """The PIN as typed. It is passed to the card and kept nowhere."""

    pin: Annotated[str, Field(min_length=1, max_length=32, repr=False)]


class VerifyPinOut(Payload):
    """Empty when the PIN was right; with ``pinWrong`` and ``pinBlocked``, the tries left before the card locks."""

    tries_left: int | None = None


class CertificateOut(Payload):
    """An X.509 certificate, DER."""

    certificate: Data


class SignIn(Payload):
    """What to sign; the reader hashes it with SHA-256."""

    challenge: Annotated[Data, Field(max_length=1 << 20)]


class SignOut(Payload):
    """The signature: DER for ECDSA (SEC 1), PKCS #1 v1.5 for RSA."""

    signature: Data


VERIFY_PIN: Final = Command(
    "SigningCard.VerifyPin",
    VerifyPinIn,
    VerifyPinOut,
    version="1.0",
    completion="1.0",
    errors=words(f"{_CARD} pinWrong pinBlocked"),
    moves=True,
)
READ_CERTIFICATE: Final = Command(
    "SigningCard.ReadCertificate",
    Nothing,
    CertificateOut,
    version="1.0",
    completion="1.0",
    errors=words(_CARD),
    moves=True,
)
SIGN: Final = Command(
    "SigningCard.Sign",
    SignIn,
    SignOut,
    version="1.0",
    completion="1.0",
    errors=words(f"{_CARD} securityFail"),
    moves=True,
)
INTERFACE: Final = Interface("SigningCard", (VERIFY_PIN, READ_CERTIFICATE, SIGN))
