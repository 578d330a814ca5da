"""The devices into which a person writes or types, in the application's words."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field

from drivers.client.connection import OnEvent
from drivers.client.errors import DeviceUnavailable
from drivers.client.hub import DeviceHub
from drivers.errors import InvalidData
from drivers.signature import read_compact

ASK_WITHIN_S = 10.0


@dataclass(frozen=True, slots=True)
class SignedDocument:
    """A signature and what it belongs to. ``compact`` holds the document's digest; ``seal`` is its SHA-256."""

    document: bytes
    compact: bytes = field(repr=False)
    seal: bytes
    svg: bytes = field(repr=False)
    png: bytes = field(repr=False)

    def belongs_to(self, document: bytes) -> bool:
        """Whether this is the signature of the document with that SHA-256, unchanged."""
        try:
            inside = read_compact(self.compact).document
        except InvalidData:
            return False
        return inside == self.document == document and hashlib.sha256(self.compact).digest() == self.seal


class SignaturePadClient:
    """Signature pad."""

    def __init__(self, hub: DeviceHub, role: str = "signaturePad") -> None:
        self._hub, self._role = hub, role

    async def sign(
        self, document: bytes, timeout_s: float, on_event: OnEvent | None = None
    ) -> SignedDocument:
        """Let the person sign the document with this SHA-256; ``on_event`` hears PresentPen and Cleared.

        Raises ``DeviceCommandFailed`` with ``signatureTooShort``, ``penOutOfArea`` (let them try again) or
        ``refused``, and ``DeviceUnavailable`` also when the answer belongs to another document.
        """
        digest = base64.b64encode(document).decode("ascii")
        payload = {"documentDigest": digest, "pictures": ["svg", "png"]}
        told = await self._hub.request(self._role, "SignaturePad.Sign", payload, timeout_s, on_event)
        names = ("documentDigest", "signature", "seal", "svg", "png")
        signed = SignedDocument(*(base64.b64decode(str(told[name])) for name in names))
        if not signed.belongs_to(document):
            raise DeviceUnavailable(self._role, "the signature belongs to another document; sign again")
        return signed

    async def confirm(self) -> None:
        """The person pressed the screen's button instead of the pad's."""
        await self._hub.request(self._role, "SignaturePad.Confirm", {}, ASK_WITHIN_S)

    async def clear(self) -> None:
        """Let the person begin anew."""
        await self._hub.request(self._role, "SignaturePad.Clear", {}, ASK_WITHIN_S)
