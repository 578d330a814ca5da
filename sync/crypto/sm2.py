"""SM2 signatures over SM3 digests (GB/T 32918.2-2016), as the commercial cryptography of a regulated hall asks.

The arithmetic is Tongsuo's (``tongsuopy``, extra ``sm``), which is loaded when the first such key is. A signature is
r and s of 32 bytes each; the signer's identity is the default one of GB/T 35276 (``1234567812345678``). A public key
travels as its SubjectPublicKeyInfo (RFC 5480 with the curve 1.2.156.10197.1.301), so that nobody takes it for a key of
another algorithm. A key box registers its own signer (``register_signer``) instead, and then no private key is here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from sync.errors import KeyStoreError, SignatureInvalid

ALGORITHM = "sm2-sm3"
NUMBER_BYTES = 32
PUBLIC_BYTES = 91
"""Of a SubjectPublicKeyInfo with the point uncompressed, the one form that is taken."""


@dataclass(frozen=True, slots=True)
class Sm2Signer:
    """Signs with a private key held in memory."""

    key: Any

    @classmethod
    def from_private(cls, private: bytes) -> Sm2Signer:
        """The key of a PKCS #8 structure (RFC 5958, DER); raises ``KeyStoreError``."""
        return cls(_loaded(_tongsuo().serialization.load_der_private_key, private, None))

    @classmethod
    def generate(cls) -> Sm2Signer:
        """A new random key; raises ``KeyStoreError`` without the library."""
        ec = _tongsuo().ec
        return cls(ec.generate_private_key(ec.SM2()))

    @property
    def secret(self) -> bytes:
        """The PKCS #8 structure, for the key store."""
        forms = _tongsuo().serialization
        made: bytes = self.key.private_bytes(
            forms.Encoding.DER, forms.PrivateFormat.PKCS8, forms.NoEncryption()
        )
        return made

    @property
    def algorithm(self) -> str:
        """``sm2-sm3``."""
        return ALGORITHM

    @property
    def public_key(self) -> bytes:
        """The SubjectPublicKeyInfo (91 bytes, DER)."""
        return _public_bytes(self.key.public_key())

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of r and s."""
        library = _tongsuo()
        r, s = decode_dss_signature(self.key.sign(message, library.ec.ECDSA(library.hashes.SM3())))
        return r.to_bytes(NUMBER_BYTES, "big") + s.to_bytes(NUMBER_BYTES, "big")


@dataclass(frozen=True, slots=True)
class Sm2Verifier:
    """Checks SM2 signatures."""

    key: Any

    @classmethod
    def from_public(cls, public: bytes) -> Sm2Verifier:
        """The verifier of a SubjectPublicKeyInfo in its one DER form; raises ``KeyStoreError``."""
        made = cls(_loaded(_tongsuo().serialization.load_der_public_key, public))
        if len(public) != PUBLIC_BYTES or made.public_key != public:
            raise KeyStoreError("an SM2 public key is its SubjectPublicKeyInfo in DER, uncompressed")
        return made

    @property
    def algorithm(self) -> str:
        """``sm2-sm3``."""
        return ALGORITHM

    @property
    def public_key(self) -> bytes:
        """The SubjectPublicKeyInfo (91 bytes, DER)."""
        return _public_bytes(self.key)

    def verify(self, signature: bytes, message: bytes) -> None:
        """Return when it fits; raise ``SignatureInvalid`` when not."""
        if len(signature) != 2 * NUMBER_BYTES:
            raise SignatureInvalid("an SM2 signature has 64 bytes")
        library = _tongsuo()
        numbers = (
            int.from_bytes(part, "big") for part in (signature[:NUMBER_BYTES], signature[NUMBER_BYTES:])
        )
        try:
            self.key.verify(encode_dss_signature(*numbers), message, library.ec.ECDSA(library.hashes.SM3()))
        except (library.InvalidSignature, library.InternalError) as error:  # the latter: r or s out of range
            raise SignatureInvalid("the SM2 signature does not fit") from error


@dataclass(frozen=True, slots=True)
class _Tongsuo:
    """What is used of the library."""

    ec: Any
    hashes: Any
    serialization: Any
    InvalidSignature: Any
    InternalError: Any
    UnsupportedAlgorithm: Any


def _tongsuo() -> _Tongsuo:
    try:
        from tongsuopy.crypto import exceptions, hashes, serialization
        from tongsuopy.crypto.asymciphers import ec
    except ImportError as error:
        raise KeyStoreError(
            "SM2 keys need the library of the extra `sm`, which is not installed: pip install 'tax-kiosk[sm]'"
        ) from error
    return _Tongsuo(
        ec,
        hashes,
        serialization,
        exceptions.InvalidSignature,
        exceptions.InternalError,
        exceptions.UnsupportedAlgorithm,
    )


def _loaded(load: Any, data: bytes, *words: Any) -> Any:
    library = _tongsuo()
    try:
        key = load(data, *words)
        curve = key.curve.name
    except (
        ValueError,
        TypeError,
        AttributeError,
        library.InternalError,
        library.UnsupportedAlgorithm,
    ) as error:
        raise KeyStoreError("not an SM2 key") from error
    if curve != library.ec.SM2.name:
        raise KeyStoreError(f"a key on the curve {curve}, not SM2")
    return key


def _public_bytes(key: Any) -> bytes:
    forms = _tongsuo().serialization
    made: bytes = key.public_bytes(forms.Encoding.DER, forms.PublicFormat.SubjectPublicKeyInfo)
    return made
