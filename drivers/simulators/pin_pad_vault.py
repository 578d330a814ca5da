"""Inside the simulated PIN pad: keys that nobody can read out, TR-31 key blocks of version D, PIN blocks.

Written from the standards: ANSI X9.143 (TR-31) key derivation binding method for AES, ISO 9564-1 formats 0 and 4.
An SM4 key has the proprietary algorithm letter ``4``; its PIN block is format 4 with SM4 (GB/T 32907) in AES's place.
"""

from __future__ import annotations

import hmac
import re
import secrets
from dataclasses import dataclass, field

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import BlockCipherAlgorithm, Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC

CAPACITY = 16
_HEADER = 16
_MAC = 16
_LENGTHS = {"A": (16, 24, 32), "T": (16, 24), "4": (16,)}


class RefusedError(Exception):
    """What the pad answers in place of ``ok``."""


@dataclass(frozen=True, slots=True)
class VaultKey:
    """A key and what it may be used for."""

    usage: str
    algorithm: str
    mode: str
    value: bytes = field(repr=False)

    @property
    def check(self) -> bytes:
        """Key check value: the first three bytes of an encrypted block of zeros."""
        size = 8 if self.algorithm == "T" else 16
        return _encrypted(self.algorithm, self.value, bytes(size))[:3]


class Vault:
    """All keys are gone with ``erase``."""

    def __init__(self) -> None:
        self.keys: dict[str, VaultKey] = {}

    def erase(self) -> None:
        """Tampered with, or the key memory's battery is flat."""
        self.keys.clear()

    def inject(self, name: str, value: bytes) -> None:
        """Put a key block protection key in, as a key ceremony does, outside the protocol."""
        self.keys[name] = VaultKey("K1", "A", "D", value)

    def load(self, name: str, protector: str, block: str) -> VaultKey:
        """Take a key block; the key is stored only when everything is right."""
        held = self.keys.get(protector)
        if held is None:
            raise RefusedError("keyNotFound")
        if held.usage != "K1":
            raise RefusedError("useViolation")
        if name in self.keys:
            raise RefusedError("duplicateKey")
        if len(self.keys) >= CAPACITY:
            raise RefusedError("noKeyRam")
        key = unwrap(held.value, block)
        self.keys[name] = key
        return key

    def pin_block(self, name: str, style: str, account: str, pin: str) -> bytes:
        """The PIN under a PIN key."""
        key = self.keys.get(name)
        if key is None:
            raise RefusedError("keyNotFound")
        if key.usage != "P0" or key.mode not in "EB":
            raise RefusedError("useViolation")
        if (style == "0") != (key.algorithm == "T"):
            raise RefusedError("formatNotSupported")
        if not re.fullmatch("[0-9]{12,19}", account):
            raise RefusedError("invalidData")
        if style == "0":
            plain = _xor(
                bytes.fromhex(f"0{len(pin):X}{pin}".ljust(16, "F")), bytes.fromhex("0000" + account[-13:-1])
            )
            return _encrypted("T", key.value, plain)
        pin_field = bytes.fromhex(f"4{len(pin):X}{pin}".ljust(16, "A")) + secrets.token_bytes(8)
        account_field = bytes.fromhex(f"{len(account) - 12}{account}".ljust(32, "0"))
        once = _encrypted(key.algorithm, key.value, pin_field)
        return _encrypted(key.algorithm, key.value, _xor(once, account_field))


def unwrap(protection: bytes, block: str) -> VaultKey:
    """The key in a block of version D."""
    if block[:1] != "D" or block[12:14] != "00" or len(block) != int(block[1:5]):
        raise RefusedError("formatNotSupported")
    usage, algorithm, mode = block[5:7], block[7], block[8]
    if algorithm not in _LENGTHS:
        raise RefusedError("algorithmNotSupported")
    if (
        usage not in ("P0", "K1")
        or (usage == "P0" and mode not in "EB")
        or (usage == "K1" and algorithm != "A")
    ):
        raise RefusedError("useViolation")
    secret, mac = bytes.fromhex(block[_HEADER : -2 * _MAC]), bytes.fromhex(block[-2 * _MAC :])
    cipher = Cipher(algorithms.AES(_derived(protection, 0)), modes.CBC(mac)).decryptor()
    plain = cipher.update(secret) + cipher.finalize()
    counted = _cmac(_derived(protection, 1), block[:_HEADER].encode("ascii") + plain)
    if not hmac.compare_digest(counted, mac):
        raise RefusedError("signatureInvalid")
    length = int.from_bytes(plain[:2], "big") // 8
    if length not in _LENGTHS[algorithm] or 2 + length > len(plain):
        raise RefusedError("invalidKeyLength")
    return VaultKey(usage, algorithm, mode, plain[2 : 2 + length])


def _derived(protection: bytes, use: int) -> bytes:
    """The key for encryption (0) or for the MAC (1) of a block."""
    bits = len(protection) * 8
    kind = {128: 2, 192: 3, 256: 4}[bits]
    out = b""
    for counter in range(1, 2 + (bits > 128)):
        fixed = bytes((counter, 0, use, 0, 0, kind)) + bits.to_bytes(2, "big")
        out += _cmac(protection, fixed)
    return out[: bits // 8]


def _cmac(key: bytes, data: bytes) -> bytes:
    counted = CMAC(algorithms.AES(key))
    counted.update(data)
    return counted.finalize()


def _encrypted(algorithm: str, key: bytes, data: bytes) -> bytes:
    kinds: dict[str, type[BlockCipherAlgorithm]] = {"A": algorithms.AES, "T": TripleDES, "4": algorithms.SM4}
    # Double length is K1 K2 K1.
    value = key + key[:8] if algorithm == "T" and len(key) == 16 else key
    cipher = Cipher(kinds[algorithm](value), modes.ECB()).encryptor()  # type: ignore[call-arg]
    return cipher.update(data) + cipher.finalize()


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
