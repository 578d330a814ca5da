"""Signatures and hashes behind small protocols, each named by an algorithm id that travels with its result.

Ed25519 (RFC 8032) with SHA-256, or SM2 with SM3 (GB/T 32918, GB/T 32905) where the settings say so (``KeySettings``). A
key box plugs in with ``register_signer`` and ``register_verifier`` and no other change, because every hash,
signature and seal says which algorithm made it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sync.crypto import sm2
from sync.errors import KeyStoreError, RecordError, SignatureInvalid, UnknownAlgorithm

ED25519_BYTES = 32
"""Of a public key (RFC 8032, 5.1.5)."""


class Signer(Protocol):
    """Makes signatures; the private key may live in a key box and never be seen."""

    @property
    def algorithm(self) -> str:
        """The id of the algorithm, such as ``ed25519``."""
        ...

    @property
    def public_key(self) -> bytes:
        """The public key: raw for Ed25519, a SubjectPublicKeyInfo for any other."""
        ...

    def sign(self, message: bytes) -> bytes:
        """The signature over ``message``."""
        ...


class Verifier(Protocol):
    """Checks signatures of one public key."""

    @property
    def algorithm(self) -> str:
        """The id of the algorithm, such as ``ed25519``."""
        ...

    @property
    def public_key(self) -> bytes:
        """The public key: raw for Ed25519, a SubjectPublicKeyInfo for any other."""
        ...

    def verify(self, signature: bytes, message: bytes) -> None:
        """Return when ``signature`` fits; raise ``SignatureInvalid`` when not."""
        ...


@dataclass(frozen=True, slots=True)
class Ed25519Signer:
    """Signs with a private key held in memory."""

    key: Ed25519PrivateKey

    @classmethod
    def from_seed(cls, seed: bytes) -> Ed25519Signer:
        """The key of a 32-byte seed (RFC 8032, 5.1.5)."""
        try:
            return cls(Ed25519PrivateKey.from_private_bytes(seed))
        except ValueError as error:
            raise KeyStoreError(f"not an Ed25519 key: {error}") from error

    @classmethod
    def generate(cls) -> Ed25519Signer:
        """A new random key."""
        return cls(Ed25519PrivateKey.generate())

    @property
    def seed(self) -> bytes:
        """The 32 private bytes, for the key store."""
        return self.key.private_bytes_raw()

    @property
    def algorithm(self) -> str:
        """``ed25519``."""
        return "ed25519"

    @property
    def public_key(self) -> bytes:
        """The 32 bytes of the public key."""
        return self.key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """The 64-byte signature."""
        return self.key.sign(message)


@dataclass(frozen=True, slots=True)
class Ed25519Verifier:
    """Checks Ed25519 signatures."""

    key: Ed25519PublicKey

    @classmethod
    def from_public(cls, public: bytes) -> Ed25519Verifier:
        """The verifier of a 32-byte public key."""
        try:
            return cls(Ed25519PublicKey.from_public_bytes(public))
        except ValueError as error:
            raise KeyStoreError(f"not an Ed25519 public key: {error}") from error

    @property
    def algorithm(self) -> str:
        """``ed25519``."""
        return "ed25519"

    @property
    def public_key(self) -> bytes:
        """The 32 bytes of the public key."""
        return self.key.public_bytes_raw()

    def verify(self, signature: bytes, message: bytes) -> None:
        """Return when it fits; raise ``SignatureInvalid`` when not."""
        try:
            self.key.verify(signature, message)
        except InvalidSignature as error:
            raise SignatureInvalid("the Ed25519 signature does not fit") from error


def _sm3(data: bytes) -> bytes:
    state = hashes.Hash(hashes.SM3())
    state.update(data)
    return state.finalize()


_digests: dict[str, Callable[[bytes], bytes]] = {
    "sha256": lambda data: hashlib.sha256(data).digest(),
    "sm3": _sm3,
}
_verifiers: dict[str, Callable[[bytes], Verifier]] = {
    "ed25519": Ed25519Verifier.from_public,
    sm2.ALGORITHM: sm2.Sm2Verifier.from_public,
}
_signers: dict[str, Callable[[bytes], Signer]] = {
    "ed25519": Ed25519Signer.from_seed,
    sm2.ALGORITHM: sm2.Sm2Signer.from_private,
}

DIGEST = "sha256"
"""The hash of what says no other."""
CHAINED_BY = {sm2.ALGORITHM: "sm3"}
"""The hash that a signer's records are chained with, where it is another."""


def register_digest(algorithm: str, function: Callable[[bytes], bytes]) -> None:
    """Make a hash known under its id."""
    _digests[algorithm] = function


def register_verifier(algorithm: str, from_public: Callable[[bytes], Verifier]) -> None:
    """Make a signature algorithm known: how a verifier is made of a raw public key."""
    _verifiers[algorithm] = from_public


def register_signer(algorithm: str, from_private: Callable[[bytes], Signer]) -> None:
    """Make a signature algorithm known: how a signer is made of what the key store keeps."""
    _signers[algorithm] = from_private


def digest(data: bytes, algorithm: str = DIGEST) -> bytes:
    """The hash of ``data``; raises ``UnknownAlgorithm``."""
    try:
        return _digests[algorithm](data)
    except KeyError:
        raise UnknownAlgorithm("hash", algorithm) from None


def verifier(algorithm: str, public: bytes) -> Verifier:
    """The verifier of a public key; raises ``UnknownAlgorithm`` or ``KeyStoreError``."""
    if algorithm not in _verifiers:
        raise UnknownAlgorithm("signature", algorithm)
    return _verifiers[algorithm](public)


def verifier_of(public: bytes) -> Verifier:
    """The verifier of a public key that travels without the id of its algorithm; raises ``KeyStoreError``.

    The key says itself what it is for: 32 bytes are Ed25519's, a SubjectPublicKeyInfo names its algorithm, and SM2's is
    the one that is taken.
    """
    return verifier("ed25519" if len(public) == ED25519_BYTES else sm2.ALGORITHM, public)


def signer(algorithm: str, private: bytes) -> Signer:
    """The signer of a stored private key; raises ``UnknownAlgorithm`` or ``KeyStoreError``."""
    if algorithm not in _signers:
        raise UnknownAlgorithm("signature", algorithm)
    return _signers[algorithm](private)


def new_signer(algorithm: str) -> tuple[Signer, bytes]:
    """A new random key, and what the key store keeps of it (``signer`` makes it again).

    Raises ``UnknownAlgorithm``, or ``KeyStoreError`` where its library is not installed.
    """
    if algorithm == "ed25519":
        ed25519 = Ed25519Signer.generate()
        return ed25519, ed25519.seed
    if algorithm == sm2.ALGORITHM:
        made = sm2.Sm2Signer.generate()
        return made, made.secret
    raise UnknownAlgorithm("signature", algorithm)


@dataclass(frozen=True, slots=True)
class Hash:
    """A hash with the id of the algorithm that made it."""

    algorithm: str
    value: bytes

    @classmethod
    def of(cls, data: bytes, algorithm: str = DIGEST) -> Self:
        """The hash of ``data``."""
        return cls(algorithm, digest(data, algorithm))

    @classmethod
    def parse(cls, text: str) -> Self:
        """From ``sha256:<hex>``; raises ``RecordError``."""
        algorithm, _, value = text.partition(":")
        try:
            return cls(algorithm, bytes.fromhex(value))
        except ValueError as error:
            raise RecordError(f"{text[:20]!r} is not a hash") from error

    def __str__(self) -> str:
        """``sha256:<hex>``, as it travels in JSON."""
        return f"{self.algorithm}:{self.value.hex()}"
