"""Pages at rest: each under a key of its own that only the centre's sealing key unwraps."""

from __future__ import annotations

from sync.cbor import decode, encode
from sync.crypto import SealingKey
from sync.crypto.sealing import SealedBody, VisitKey, open_sealed

PLACE = "bureau"
"""Stands where a record of a terminal has the terminal's name, so that neither opens as the other."""


class SealingVault:
    """Implements ``Vault`` over the pair of keys that terminals seal to."""

    def __init__(self, key: SealingKey) -> None:
        self._key = key

    def seal(self, name: str, plain: bytes) -> bytes:
        """AES-256-GCM under a fresh key that is wrapped for the centre (``sync.crypto.sealing``)."""
        fresh = VisitKey.generate(PLACE, name, self._key.public)
        return encode(fresh.seal(plain, _bound(name)).to_list())

    def open(self, name: str, sealed: bytes) -> bytes:
        """The plain bytes; raises ``RecordError`` (``SealBroken``) for what was not sealed under this name."""
        body = SealedBody.from_list(decode(sealed))
        return open_sealed(body, self._key.visit_key(PLACE, name, body), _bound(name))


def _bound(name: str) -> bytes:
    return encode(["bureau vault", 1, name])
