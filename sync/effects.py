"""An effect on its way: the journalled intent as it is sent, and how the bureau opens it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import ValidationError

from sync.crypto import BodyOpener, Verifier
from sync.errors import RecordError
from sync.models import EffectBody, EffectKind
from sync.records import Phase, Record, SignedRecord

MEDIA_TYPE = "application/cbor"
QUEUED = "queued"
"""Value of the header ``Delivery`` on what sync delivers: the person has gone without an answer."""
SealedEffect = SignedRecord
"""What is posted to ``/v1/effects``: the signed intent, sealed, byte for byte as it is in the journal."""

EFFECT_KINDS = frozenset(str(kind) for kind in EffectKind)
"""Kinds that the centre carries out; all others happen at the terminal."""


@dataclass(frozen=True, slots=True)
class OpenedEffect:
    """A received effect: the record, its plain body, and the hash that tells one body from another."""

    record: Record
    body: EffectBody
    fingerprint: str


def open_effect(
    envelope: bytes, lookup: Callable[[str, str], Verifier | None], opener: BodyOpener
) -> OpenedEffect:
    """Check and open what a terminal posted.

    ``lookup(terminal, epoch)`` gives the terminal's key, ``opener`` is the bureau's sealing key. Raises
    ``RecordError`` (``SignatureInvalid``, ``SealBroken``, ``UnknownAlgorithm``) for anything that is not a
    well-formed intent signed by that terminal and sealed for this bureau.
    """
    signed = SignedRecord.parse(envelope)
    claimed = signed.record
    key = lookup(claimed.terminal, claimed.epoch)
    if key is None:
        raise RecordError(f"no key is known for terminal {claimed.terminal}, epoch {claimed.epoch}")
    record = signed.verify(key)
    if record.phase is not Phase.INTENT:
        raise RecordError(f"an effect is sent by its intent, not by its {record.phase}")
    try:
        body = EffectBody.model_validate(record.open(opener))
    except ValidationError as error:
        raise RecordError(f"the body is not an effect: {error.error_count()} mistakes") from error
    if (body.key, str(body.kind)) != (record.key, record.kind):
        raise RecordError("the sealed body belongs to another effect than the record says")
    return OpenedEffect(record, body, str(signed.hash()))
