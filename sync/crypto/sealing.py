"""A body under its visit's key, and that key wrapped for those who may open it.

Each visit has a random AES-256-GCM key (NIST SP 800-38D) with random 96-bit nonces; a counter would repeat
after a disk image is restored. The key is wrapped by HPKE (RFC 9180, base mode, X25519, HKDF-SHA256,
AES-256-GCM) to the bureau inside every record, and by the ``KeyStore`` for the terminal outside the records,
where it can be dropped: that is the shredding.
"""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from sync.cbor import encode
from sync.crypto.algorithms import digest
from sync.errors import KeyStoreError, RecordError, SealBroken, UnknownAlgorithm

BODY_ALGORITHM = "aes-256-gcm"
WRAP_ALGORITHM = "hpke-x25519-hkdf-sha256-aes-256-gcm"
NONCE_BYTES = 12
KEY_BYTES = 32
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def recipient_id(public: bytes) -> str:
    """A short name of a sealing key: the first 8 bytes of its SHA-256, in hex."""
    return digest(public)[:8].hex()


@dataclass(frozen=True, slots=True)
class Wrap:
    """A visit key wrapped for one recipient: by which algorithm, for which of its keys, and the bytes."""

    algorithm: str
    recipient: str
    data: bytes


@dataclass(frozen=True, slots=True)
class SealedBody:
    """A body as it is stored and sent; ``key_id`` names the visit key it is under."""

    algorithm: str
    key_id: bytes
    nonce: bytes
    ciphertext: bytes
    wrap: Wrap

    def to_list(self) -> list[object]:
        """The shape inside a record."""
        wrap = [self.wrap.algorithm, self.wrap.recipient, self.wrap.data]
        return [self.algorithm, self.key_id, self.nonce, self.ciphertext, wrap]

    @classmethod
    def from_list(cls, value: object) -> SealedBody:
        """The body inside a record; raises ``RecordError`` when the shape is another."""
        match value:
            case [
                str(algorithm),
                bytes(key_id),
                bytes(nonce),
                bytes(ciphertext),
                [str(wrap_algorithm), str(recipient), bytes(data)],
            ]:
                return cls(algorithm, key_id, nonce, ciphertext, Wrap(wrap_algorithm, recipient, data))
        raise RecordError("the sealed body has another shape")


def _info(terminal: str, visit: str, key_id: bytes) -> bytes:
    return encode(["tax-kiosk visit key", 1, terminal, visit, key_id])


class BodyOpener(Protocol):
    """Gets at the visit key of a sealed body; raises ``SealBroken`` or ``KeyStoreError``."""

    def visit_key(self, terminal: str, visit: str, body: SealedBody) -> bytes:
        """The 32 bytes of the key."""
        ...


@dataclass(frozen=True, slots=True)
class VisitKey:
    """One visit's key in the clear, with the bureau's wrap that goes into each record."""

    visit: str
    key_id: bytes
    secret: bytes
    wrap: Wrap

    @classmethod
    def generate(cls, terminal: str, visit: str, bureau_public: bytes) -> VisitKey:
        """A new random key, wrapped for the bureau; raises ``KeyStoreError`` for a bad public key."""
        key_id, secret = os.urandom(16), os.urandom(KEY_BYTES)
        try:
            public = X25519PublicKey.from_public_bytes(bureau_public)
            data = _SUITE.encrypt(secret, public, info=_info(terminal, visit, key_id))
        except ValueError as error:
            raise KeyStoreError(f"the bureau's sealing key is not usable: {error}") from error
        return cls(visit, key_id, secret, Wrap(WRAP_ALGORITHM, recipient_id(bureau_public), data))

    def __repr__(self) -> str:
        """Without the secret, so that no log ever holds it."""
        return f"VisitKey(visit={self.visit!r}, key_id={self.key_id.hex()})"

    def seal(self, plain: bytes, aad: bytes) -> SealedBody:
        """Encrypt ``plain``, bound to ``aad``."""
        nonce = os.urandom(NONCE_BYTES)
        ciphertext = AESGCM(self.secret).encrypt(nonce, plain, aad)
        return SealedBody(BODY_ALGORITHM, self.key_id, nonce, ciphertext, self.wrap)


def open_sealed(body: SealedBody, secret: bytes, aad: bytes) -> bytes:
    """The plain bytes; raises ``SealBroken`` or ``UnknownAlgorithm``."""
    if body.algorithm != BODY_ALGORITHM:
        raise UnknownAlgorithm("seal", body.algorithm)
    try:
        return AESGCM(secret).decrypt(body.nonce, body.ciphertext, aad)
    except (InvalidTag, ValueError) as error:
        raise SealBroken("the sealed body was changed or belongs to another record") from error


class SealingKey:
    """The recipient's X25519 key pair: the bureau opens records with it."""

    def __init__(self, private: bytes) -> None:
        """``private`` is 32 raw bytes; raises ``KeyStoreError``."""
        try:
            self._key = X25519PrivateKey.from_private_bytes(private)
        except ValueError as error:
            raise KeyStoreError(f"not an X25519 key: {error}") from error

    @classmethod
    def generate(cls) -> SealingKey:
        """A new random key."""
        return cls(X25519PrivateKey.generate().private_bytes_raw())

    @property
    def private(self) -> bytes:
        """The 32 private bytes, for the key store."""
        return self._key.private_bytes_raw()

    @property
    def public(self) -> bytes:
        """The 32 public bytes."""
        return self._key.public_key().public_bytes_raw()

    def visit_key(self, terminal: str, visit: str, body: SealedBody) -> bytes:
        """Unwrap the visit key of a record; raises ``SealBroken`` or ``UnknownAlgorithm``."""
        if body.wrap.algorithm != WRAP_ALGORITHM:
            raise UnknownAlgorithm("wrap", body.wrap.algorithm)
        if body.wrap.recipient != recipient_id(self.public):
            raise SealBroken(f"sealed for key {body.wrap.recipient}, not for {recipient_id(self.public)}")
        try:
            return _SUITE.decrypt(body.wrap.data, self._key, info=_info(terminal, visit, body.key_id))
        except (InvalidTag, ValueError) as error:
            raise SealBroken("the wrapped visit key was changed or belongs to another visit") from error


def b64(data: bytes) -> str:
    """Standard base64 text, as keys travel in JSON."""
    return base64.b64encode(data).decode("ascii")


def unb64(text: str) -> bytes:
    """The bytes of standard base64; raises ``RecordError``."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:
        raise RecordError(f"not base64: {error}") from error
