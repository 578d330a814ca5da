"""Our interface for a signature on one document.

The standard's Biometric lists signatures among its types, but knows no document that one belongs to.
"""

from __future__ import annotations

import enum
from typing import Annotated, Final

from pydantic import Field

from drivers.xfs.catalogue import Command, Interface, signal, words
from drivers.xfs.payload import Data, Nothing, Payload, word

Digest = Annotated[Data, Field(min_length=32, max_length=32)]


class Picture(enum.StrEnum):
    """How the ink is drawn besides."""

    SVG = "svg"
    PNG = "png"


class Pad(enum.StrEnum):
    """What the pad is doing."""

    IDLE = "idle"
    SIGNING = "signing"
    ENDED = "ended"
    ERROR = "error"
    UNKNOWN = "unknown"


class SignIn(Payload):
    """``documentDigest`` is the SHA-256 of the document that is being signed."""

    document_digest: Digest
    pictures: list[Annotated[Picture, word(Picture)]] | None = None


class SignOut(Payload):
    """``signature`` is the compact form, which holds the digest; ``seal`` its SHA-256."""

    document_digest: Digest
    signature: Annotated[Data, Field(repr=False)]
    seal: Digest
    points: int
    duration_ms: int
    svg: Annotated[Data | None, Field(repr=False)] = None
    png: Annotated[Data | None, Field(repr=False)] = None


class PadStatus(Payload):
    """The ``signaturePad`` object of Common.Status."""

    pad: Annotated[Pad, word(Pad)] | None = None


PRESENT_PEN: Final = signal("SignaturePad.PresentPenEvent", "1.0")
CLEARED: Final = signal("SignaturePad.ClearedEvent", "1.0")
SIGN: Final = Command(
    "SignaturePad.Sign",
    SignIn,
    SignOut,
    version="1.0",
    completion="1.0",
    errors=words("signatureTooShort penOutOfArea refused invalidData"),
    events=(PRESENT_PEN, CLEARED),
    moves=True,
)
CONFIRM: Final = Command(
    "SignaturePad.Confirm", Nothing, Nothing, version="1.0", completion="1.0", beside=True, acts=True
)
CLEAR: Final = Command(
    "SignaturePad.Clear", Nothing, Nothing, version="1.0", completion="1.0", beside=True, acts=True
)
RESET: Final = Command("SignaturePad.Reset", Nothing, Nothing, version="1.0", completion="1.0", moves=True)
INTERFACE: Final = Interface("SignaturePad", (SIGN, CONFIRM, CLEAR, RESET), status=PadStatus)
