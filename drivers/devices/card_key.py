"""The key application of a card: select it, show it the PIN, read its certificate, let it sign."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from config.clock import Deadline
from drivers.devices.card_profile import CardProfile
from drivers.errors import InvalidData, MediaInvalid, ReadFailed, SecurityFailed
from drivers.ports import PinCheck
from drivers.protocols.apdu import OK, SHORT_LE, Command, Response
from drivers.protocols.apdu_words import PIN_WRONG, error_of, required, tries_left

Ask = Callable[[Command, Deadline], Awaitable[Response]]

_DIGEST_INFO_SHA256: Final = bytes.fromhex("3031300D060960864801650304020105000420")
"""In front of the hash in RSASSA-PKCS1-v1_5 (RFC 8017, 9.2, note 1)."""
_RSA_2048: Final = 256
_P256: Final = 32
_MSE: Final = {"pso": (0x41, 0xB6), "internal": (0x41, 0xA4)}
"""MSE: SET for a computation with a key, by the template it names (7816-4:2020, 11.5.11)."""
_OPERATION: Final = {"pso": (0x2A, 0x9E, 0x9A), "internal": (0x88, 0x00, 0x00)}


class KeyApplication:
    """The key of one card, reached through ``ask``. ``forget`` when the card may have been used for else."""

    def __init__(self, profile: CardProfile, ask: Ask) -> None:
        self._profile = profile
        self._ask = ask
        self._selected = False
        self._open = False

    def forget(self) -> None:
        """The card was reset, changed, or spoken to by others: nothing is selected, no PIN was shown."""
        self._selected = self._open = False

    async def verify(self, pin: str, deadline: Deadline) -> PinCheck:
        """Show the PIN; raise ``InvalidData`` for one that no card of this profile could have."""
        data = self._pin_bytes(pin)
        await self._select(deadline)
        self._open = False
        reply = await self._ask(Command(0, 0x20, 0, self._profile.pin.reference, data), deadline)
        if reply.sw == OK:
            self._open = True
            return PinCheck(True)
        if reply.sw == PIN_WRONG:
            return PinCheck(False)
        if (left := tries_left(reply.sw)) is None:
            raise error_of(reply.sw, "verify the PIN")
        return PinCheck(False, left)

    async def certificate(self, deadline: Deadline) -> bytes:
        """The certificate, exactly as long as its own DER says; raise ``ReadFailed`` when it is none."""
        await self._select(deadline)
        place = self._profile.certificate
        required(await self._ask(Command(0, 0xA4, 2, 0x0C, place.file), deadline), "select the certificate")
        head = await self._read(0, 4, deadline)
        size = _der_size(head)
        if not len(head) <= size <= place.most:
            raise ReadFailed("the card's certificate has an impossible length")
        found = bytearray(head)
        while len(found) < size:
            found += await self._read(len(found), min(place.piece, size - len(found)), deadline)
        _parsed(bytes(found))
        return bytes(found)

    async def sign(self, challenge: bytes, deadline: Deadline) -> bytes:
        """Hash ``challenge`` with SHA-256 and let the card sign it: DER for ECDSA, PKCS #1 v1.5 for RSA.

        Raise ``InvalidData`` for nothing to sign, ``SecurityFailed`` before the PIN was shown.
        """
        if not challenge:
            raise InvalidData("there is nothing to sign")
        if not self._open:
            raise SecurityFailed("the PIN has not been shown to the card; verify it first")
        key = self._profile.key
        p1, p2 = _MSE[key.operation]
        algorithm = b"" if key.algorithm_reference is None else bytes((0x80, 1, key.algorithm_reference))
        template = algorithm + bytes((0x84, 1, key.reference))
        required(await self._ask(Command(0, 0x22, p1, p2, template), deadline), "choose the key")
        data = _to_sign(key.algorithm, hashlib.sha256(challenge).digest())
        reply = await self._ask(Command(0, *_OPERATION[key.operation], data, SHORT_LE), deadline)
        return _signature(key.algorithm, required(reply, "sign"))

    async def _select(self, deadline: Deadline) -> None:
        if self._selected:
            return
        select = Command(0, 0xA4, 4, 0, self._profile.application, SHORT_LE)
        required(await self._ask(select, deadline), f"select '{self._profile.name}'")
        self._selected = True

    async def _read(self, offset: int, count: int, deadline: Deadline) -> bytes:
        command = Command(0, 0xB0, offset >> 8, offset & 0xFF, le=count)
        data = required(await self._ask(command, deadline), "read the certificate")
        if not 0 < len(data) <= count:
            raise ReadFailed("the card's certificate ends too early")
        return data

    def _pin_bytes(self, pin: str) -> bytes:
        rules = self._profile.pin
        if not (pin.isascii() and pin.isprintable() and rules.shortest <= len(pin) <= rules.longest):
            raise InvalidData(f"a PIN of this card has {rules.shortest} to {rules.longest} characters")
        return pin.encode("ascii").ljust(rules.length, bytes((rules.pad,)))


def _der_size(head: bytes) -> int:
    """How long the SEQUENCE that begins with ``head`` is; 0 when none begins there."""
    if len(head) < 4 or head[0] != 0x30:
        return 0
    if head[1] < 0x80:
        return 2 + head[1]
    count = head[1] & 0x7F
    return 2 + count + int.from_bytes(head[2 : 2 + count], "big") if count in (1, 2) else 0


def _parsed(der: bytes) -> x509.Certificate:
    try:
        return x509.load_der_x509_certificate(der)
    except ValueError:
        raise ReadFailed("what the card holds as its certificate is none") from None


def _to_sign(algorithm: str, digest: bytes) -> bytes:
    if algorithm == "ecdsa-sha256":
        return digest
    info = _DIGEST_INFO_SHA256 + digest
    if algorithm == "rsa-sha256":
        return info
    return b"\0\1" + b"\xff" * (_RSA_2048 - 3 - len(info)) + b"\0" + info


def _signature(algorithm: str, raw: bytes) -> bytes:
    """As X.509 software takes it; cards give the two halves of an ECDSA signature side by side."""
    if algorithm != "ecdsa-sha256":
        if len(raw) != _RSA_2048:
            raise MediaInvalid("the card's signature has another length than RSA-2048 gives")
        return raw
    if len(raw) != 2 * _P256:
        raise MediaInvalid("the card's signature has another length than P-256 gives")
    return encode_dss_signature(int.from_bytes(raw[:_P256], "big"), int.from_bytes(raw[_P256:], "big"))
