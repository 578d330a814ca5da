"""The centre's word that a key is a terminal's: what another terminal can check without the network.

Given with the identity at enrolment; whoever knows the centre's key can believe what that terminal signed.
"""

from __future__ import annotations

from sync.cbor import encode
from sync.crypto import Signer, Verifier, b64
from sync.records import signing_input

_PURPOSE = "tax-kiosk terminal key v1"


def vouch(signer: Signer, terminal: str, epoch: str, public_key: bytes) -> str:
    """The centre's signature over terminal, epoch and key, in base64."""
    return b64(signer.sign(_vouched(terminal, epoch, public_key)))


def check_vouched(centre: Verifier, terminal: str, epoch: str, public_key: bytes, signature: bytes) -> None:
    """Return when the centre vouched for the key; raise ``SignatureInvalid`` when it did not."""
    centre.verify(signature, _vouched(terminal, epoch, public_key))


def _vouched(terminal: str, epoch: str, public_key: bytes) -> bytes:
    return signing_input(_PURPOSE, encode([terminal, epoch, public_key]))
