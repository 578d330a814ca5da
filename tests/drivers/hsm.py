"""The bank's side of a PIN pad: wraps keys and opens PIN blocks, by ``psec`` and, for SM4, by hand."""

from __future__ import annotations

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import BlockCipherAlgorithm, Cipher, algorithms, modes
from psec import pinblock, tr31

ACCOUNT = "6225881234567890123"
KEYS = {
    "A": bytes.fromhex("00112233445566778899AABBCCDDEEFF"),
    "T": bytes.fromhex("0123456789ABCDEFFEDCBA9876543210"),
    "4": bytes.fromhex("0123456789ABCDEFFEDCBA9876543210"),
}
"""A key for each algorithm; ``4`` is SM4."""


def wrap(protection: bytes, algorithm: str, key: bytes, usage: str = "P0", mode: str = "E") -> str:
    """A key block of version D."""
    return tr31.wrap(protection, f"D0000{usage}{algorithm}{mode}00N0000", key)


def check_value(algorithm: str, key: bytes) -> bytes:
    """The first three bytes of an encrypted block of zeros."""
    return _cipher(algorithm, key, bytes(8 if algorithm == "T" else 16), encrypt=True)[:3]


def opened(algorithm: str, key: bytes, block: bytes, account: str = ACCOUNT) -> str:
    """The PIN in a block."""
    if algorithm == "A":
        return pinblock.decipher_pinblock_iso_4(key, block, account)
    if algorithm == "T":
        return pinblock.decode_pinblock_iso_0(_cipher("T", key, block), account)
    field = pinblock.encode_pan_field_iso_4(account)
    once = bytes(a ^ b for a, b in zip(_cipher("4", key, block), field, strict=True))
    return pinblock.decode_pin_field_iso_4(_cipher("4", key, once))


def _cipher(algorithm: str, key: bytes, data: bytes, *, encrypt: bool = False) -> bytes:
    kinds: dict[str, BlockCipherAlgorithm] = {
        "A": algorithms.AES(key),
        "4": algorithms.SM4(key[:16]),
        "T": TripleDES((key + key[:8])[:24]),
    }
    cipher = Cipher(kinds[algorithm], modes.ECB())
    engine = cipher.encryptor() if encrypt else cipher.decryptor()
    return engine.update(data) + engine.finalize()
