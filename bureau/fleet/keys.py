"""The centre's own two key pairs: one signs receipts and answers, one opens what terminals seal."""

from __future__ import annotations

from dataclasses import dataclass

from sync.crypto import Ed25519Signer, KeyStore, SealingKey, Signer, b64
from sync.errors import KeyStoreError

_SIGNING = "bureau-signing"
_SEALING = "bureau-sealing"


@dataclass(frozen=True, slots=True)
class BureauKeys:
    """Held in memory; every process of the centre has the same."""

    signer: Signer
    sealing: SealingKey

    @classmethod
    def open(cls, keystore: KeyStore) -> BureauKeys:
        """The stored keys, made at the first start.

        Raises ``KeyStoreError`` when one is there and the other is not: terminals were enrolled with both.
        """
        signing, sealing = keystore.load(_SIGNING), keystore.load(_SEALING)
        if signing is None and sealing is None:
            made = Ed25519Signer.generate()
            keystore.save(_SEALING, SealingKey.generate().private)
            keystore.save(_SIGNING, made.seed)
            signing, sealing = keystore.load(_SIGNING), keystore.load(_SEALING)
        if signing is None or sealing is None:
            raise KeyStoreError("one of the centre's two keys is missing: restore the folder from its backup")
        return cls(Ed25519Signer.from_seed(signing), SealingKey(sealing))

    @property
    def verify_key(self) -> str:
        """Base64 of the public key that receipts are checked with."""
        return b64(self.signer.public_key)

    @property
    def sealing_key(self) -> str:
        """Base64 of the public key that terminals seal to."""
        return b64(self.sealing.public)
