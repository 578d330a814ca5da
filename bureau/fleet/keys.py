"""The centre's own two key pairs: one signs receipts and answers, one opens what terminals seal."""

from __future__ import annotations

from dataclasses import dataclass

from sync.cbor import decode, encode
from sync.crypto import ED25519_BYTES, KeyStore, SealingKey, Signer, b64, new_signer, signer
from sync.errors import KeyStoreError

_SIGNING = "bureau-signing"
_SEALING = "bureau-sealing"


@dataclass(frozen=True, slots=True)
class BureauKeys:
    """Held in memory; every process of the centre has the same."""

    signer: Signer
    sealing: SealingKey

    @classmethod
    def open(cls, keystore: KeyStore, signature: str = "ed25519") -> BureauKeys:
        """The stored keys, made at the first start; ``signature`` names the algorithm of the signing one then.

        Raises ``KeyStoreError`` when one is there and the other is not: terminals were enrolled with both.
        """
        signing, sealing = keystore.load(_SIGNING), keystore.load(_SEALING)
        if signing is None and sealing is None:
            made, secret = new_signer(signature)
            keystore.save(_SEALING, SealingKey.generate().private)
            keystore.save(
                _SIGNING, secret if made.algorithm == "ed25519" else encode([made.algorithm, secret])
            )
            signing, sealing = keystore.load(_SIGNING), keystore.load(_SEALING)
        if signing is None or sealing is None:
            raise KeyStoreError("one of the centre's two keys is missing: restore the folder from its backup")
        return cls(_signer(signing), SealingKey(sealing))

    @property
    def verify_key(self) -> str:
        """Base64 of the public key that receipts are checked with."""
        return b64(self.signer.public_key)

    @property
    def sealing_key(self) -> str:
        """Base64 of the public key that terminals seal to."""
        return b64(self.sealing.public)


def _signer(kept: bytes) -> Signer:
    """Of what the key store keeps: an Ed25519 seed alone, or the id of another algorithm and its secret."""
    if len(kept) == ED25519_BYTES:
        return signer("ed25519", kept)
    algorithm, secret = decode(kept)
    return signer(algorithm, secret)
