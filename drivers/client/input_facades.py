"""The devices into which a person writes or types, in the application's words."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field

from drivers.client.answers import bytes_of, understood
from drivers.client.connection import OnEvent
from drivers.client.errors import DeviceUnavailable
from drivers.client.hub import DeviceHub
from drivers.errors import InvalidData
from drivers.signature import read_compact
from drivers.xfs.messages.keyboard import DIGITS

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
        with understood(self._role, "SignaturePad.Sign"):
            signed = SignedDocument(*(bytes_of(told[name]) for name in names))
        if not signed.belongs_to(document):
            raise DeviceUnavailable(self._role, "the signature belongs to another document; sign again")
        return signed

    async def confirm(self) -> None:
        """The person pressed the screen's button instead of the pad's."""
        await self._hub.request(self._role, "SignaturePad.Confirm", {}, ASK_WITHIN_S)

    async def clear(self) -> None:
        """Let the person begin anew."""
        await self._hub.request(self._role, "SignaturePad.Clear", {}, ASK_WITHIN_S)


@dataclass(frozen=True, slots=True)
class Typed:
    """An entry in clear: its digits, and what ended it: enter, cancel or auto."""

    digits: str = field(repr=False)
    completion: str


@dataclass(frozen=True, slots=True)
class PinTyped:
    """A PIN entry: how many digits, and what ended it. The PIN itself is in the pad alone."""

    digits: int
    completion: str


class PinPadClient:
    """PIN pad: verification codes in clear, PINs as encrypted blocks, keys for staff."""

    def __init__(self, hub: DeviceHub, role: str = "pinPad") -> None:
        self._hub, self._role = hub, role

    async def type_digits(
        self, most: int, timeout_s: float, *, auto_end: bool = False, on_event: OnEvent | None = None
    ) -> Typed:
        """Let the person type a code of at most ``most`` digits; ``on_event`` hears each key."""
        payload = {"maxLen": most, "autoEnd": auto_end, "activeKeys": _all_keys()}
        told = await self._hub.request(self._role, "Keyboard.DataEntry", payload, timeout_s, on_event)
        with understood(self._role, "Keyboard.DataEntry"):
            digits = "".join(DIGITS[key["digit"]] for key in told["pinKeys"] if key.get("digit"))
            return Typed(digits, str(told["completion"]))

    async def type_pin(
        self,
        least: int,
        most: int,
        timeout_s: float,
        *,
        auto_end: bool = False,
        on_event: OnEvent | None = None,
    ) -> PinTyped:
        """Let the person type a PIN; ``on_event`` hears that a key was pressed, never which digit."""
        payload = {"minLen": least, "maxLen": most, "autoEnd": auto_end, "activeKeys": _all_keys()}
        told = await self._hub.request(self._role, "Keyboard.PinEntry", payload, timeout_s, on_event)
        with understood(self._role, "Keyboard.PinEntry"):
            return PinTyped(int(told["digits"]), str(told["completion"]))

    async def pin_block(self, key: str, format_: str, account: str) -> bytes:
        """The PIN typed last as an encrypted block, ``iso0`` or ``iso4``; ``account`` is the whole card number."""
        data = account[:-1] if format_ == "iso0" else account
        payload = {"customerData": data, "format": format_, "key": key}
        told = await self._hub.request(self._role, "PinPad.GetPinBlock", payload, ASK_WITHIN_S)
        with understood(self._role, "PinPad.GetPinBlock"):
            return bytes_of(told["pinBlock"])

    async def load_key(self, name: str, protector: str, block: str) -> bytes:
        """Load a TR-31 key block; its check value. Needs the operator role."""
        value = base64.b64encode(block.encode("ascii")).decode("ascii")
        payload = {"key": name, "value": value, "decryptKey": protector}
        told = await self._hub.request(self._role, "KeyManagement.ImportKey", payload, ASK_WITHIN_S)
        with understood(self._role, "KeyManagement.ImportKey"):
            return bytes_of(told["verificationData"])

    async def delete_key(self, name: str) -> None:
        """Destroy a key. Needs the operator role."""
        await self._hub.request(self._role, "KeyManagement.DeleteKey", {"key": name}, ASK_WITHIN_S)

    async def keys(self) -> dict[str, dict[str, object]]:
        """What the pad holds, by name: ``keyUsage``, ``algorithm``, ``modeOfUse``, ``keyLength``."""
        told = await self._hub.request(self._role, "KeyManagement.GetKeyDetail", {}, ASK_WITHIN_S)
        with understood(self._role, "KeyManagement.GetKeyDetail"):
            return {name: dict(detail["keyBlockInfo"]) for name, detail in told["keyDetails"].items()}

    async def wipe(self) -> None:
        """Forget an entry, and a PIN that was not used."""
        await self._hub.request(self._role, "Keyboard.Reset", {}, ASK_WITHIN_S)


def _all_keys() -> dict[str, dict[str, bool]]:
    ending = {"enter": {"terminate": True}, "cancel": {"terminate": True}}
    return {**{name: {} for name in DIGITS}, "clear": {}, "backspace": {}, **ending}
