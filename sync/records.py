"""The journal record: one canonical form, stored and signed once, sent as it is, readable in thirty years.

``docs/record-format.md`` is the specification and ``tests/sync/vectors/`` holds frozen examples; both sides
build on this module. A record is a deterministic CBOR map with small integer keys; what is stored and sent
is an *envelope* around its bytes and their signature, and neither is ever serialised again.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from sync.cbor import decode, encode
from sync.crypto.algorithms import DIGEST, Hash, Signer, Verifier
from sync.crypto.sealing import BodyOpener, SealedBody, VisitKey, open_sealed
from sync.errors import RecordError, SignatureInvalid

VERSION = 1
ENVELOPE_VERSION = 1
MAX_ENVELOPE = 256 * 1024
"""Largest record taken, in bytes; one audit batch must be able to hold it (transactions note, 3.4)."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Phase(enum.StrEnum):
    """Where an effect stands, from before it begins until the centre has acknowledged it."""

    INTENT = "intent"
    """Durable before the first byte leaves for the device or the wire."""
    HANDOVER = "handover"
    """From here on the sync program delivers it."""
    OUTCOME = "outcome"
    """What came of it."""
    SETTLED = "settled"
    """Nothing is left to be done."""
    NOTE = "note"
    """Something worth keeping that is no effect; needs no key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What somebody wants recorded. ``body`` holds what may be personal and is sealed.

    ``order`` names whose effects are delivered one after the other; without it the taxpayer or person of an
    ``EffectBody`` is taken. Only a keyed hash of it is kept.
    """

    transaction: str
    visit: str
    step: str
    kind: str
    phase: Phase
    key: str | None = None
    service_hash: str = ""
    body: Mapping[str, object]
    order: str | None = None

    def __post_init__(self) -> None:
        if not self.kind or not self.visit:
            raise RecordError("an entry needs a kind and a visit")
        if self.key is None and self.phase is not Phase.NOTE:
            raise RecordError(f"{self.kind}: phase {self.phase} needs the effect's key")

    @property
    def point(self) -> str:
        """The name of this commit: ``kind.phase``."""
        return f"{self.kind}.{self.phase}"


@dataclass(frozen=True, slots=True)
class Moment:
    """When something was recorded, by every clock there is."""

    wall_us: int  # business time, microseconds since 1970 UTC
    error_ms: int | None  # bound of the wall clock's error; None: never compared
    boot_id: str  # /proc/sys/kernel/random/boot_id
    mono_ms: int  # monotonic clock of that boot

    @property
    def wall(self) -> datetime:
        """The business time as an aware UTC datetime."""
        return _EPOCH + timedelta(microseconds=self.wall_us)


def genesis(terminal: str, epoch: str, algorithm: str = DIGEST) -> Hash:
    """What the first record of an epoch is chained to."""
    return Hash.of(encode(["tax-kiosk genesis", VERSION, terminal, epoch]), algorithm)


@dataclass(frozen=True, slots=True)
class Record:
    """One record, its body still sealed."""

    terminal: str
    epoch: str
    seq: int
    transaction: str
    visit: str
    step: str
    kind: str
    phase: Phase
    key: str | None
    service_hash: str
    moment: Moment
    software: str
    prev: Hash
    body: SealedBody

    def to_bytes(self) -> bytes:
        """The canonical bytes: what is hashed and signed."""
        moment = self.moment
        return encode(
            {
                1: VERSION,
                2: self.terminal,
                3: self.epoch,
                4: self.seq,
                5: self.transaction,
                6: self.visit,
                7: self.step,
                8: self.kind,
                9: str(self.phase),
                10: self.key,
                11: self.service_hash,
                12: moment.wall_us,
                13: moment.error_ms,
                14: moment.boot_id,
                15: moment.mono_ms,
                16: self.software,
                17: [self.prev.algorithm, self.prev.value],
                18: self.body.to_list(),
            }
        )

    @classmethod
    def from_bytes(cls, raw: bytes) -> Record:
        """Parse canonical bytes; raises ``RecordError`` for anything that is not exactly such a record."""
        fields = decode(raw)
        if not isinstance(fields, dict) or not _is(fields.get(1), VERSION):
            version = fields.get(1) if isinstance(fields, dict) else None
            raise RecordError(f"record version {version!r} is not known here: update the software")
        if set(fields) != set(range(1, 19)):
            raise RecordError("a version 1 record has exactly the fields 1 to 18")
        text = {n: _typed(fields[n], str, n) for n in (2, 3, 5, 6, 7, 8, 11, 14, 16)}
        number = {n: _number(fields[n], n) for n in (4, 12, 15)}
        key = fields[10] if fields[10] is None else _typed(fields[10], str, 10)
        error = fields[13] if fields[13] is None else _number(fields[13], 13)
        try:
            phase = Phase(fields[9])
        except ValueError as problem:
            raise RecordError(f"phase {fields[9]!r} is not known") from problem
        return cls(
            terminal=text[2],
            epoch=text[3],
            seq=number[4],
            transaction=text[5],
            visit=text[6],
            step=text[7],
            kind=text[8],
            phase=phase,
            key=key,
            service_hash=text[11],
            moment=Moment(number[12], error, text[14], number[15]),
            software=text[16],
            prev=_hash(fields[17]),
            body=SealedBody.from_list(fields[18]),
        )

    @property
    def aad(self) -> bytes:
        """What the sealed body is bound to: it opens in this record only."""
        return body_aad(self.terminal, self.epoch, self.seq, self.kind, self.phase, self.key)

    def open(self, opener: BodyOpener) -> dict[str, Any]:
        """The plain body; raises ``SealBroken``, ``KeyShredded`` or ``KeyStoreError``."""
        secret = opener.visit_key(self.terminal, self.visit, self.body)
        body = decode(open_sealed(self.body, secret, self.aad))
        if not isinstance(body, dict):
            raise RecordError("the body is not a map")
        return body


def body_aad(terminal: str, epoch: str, seq: int, kind: str, phase: Phase, key: str | None) -> bytes:
    """The associated data of a sealed body (transactions note, 3.4: epoch, seq, kind; and more)."""
    return encode(["tax-kiosk record body", VERSION, terminal, epoch, seq, kind, str(phase), key])


def signing_input(purpose: str, payload: bytes) -> bytes:
    """What is signed: the payload under its purpose, so that a signature fits nowhere else."""
    return encode([purpose, payload])


_PURPOSE = "tax-kiosk record v1"


@dataclass(frozen=True)
class SignedRecord:
    """A record's canonical bytes with their signature: what is stored, uploaded and sent."""

    payload: bytes
    algorithm: str
    signature: bytes

    @classmethod
    def make(cls, record: Record, signer: Signer) -> SignedRecord:
        """Serialise and sign, once."""
        payload = record.to_bytes()
        made = cls(payload, signer.algorithm, signer.sign(signing_input(_PURPOSE, payload)))
        made.__dict__["record"] = record  # what it was made of need not be parsed again
        if len(made.envelope) > MAX_ENVELOPE:
            raise RecordError(f"a record of {len(made.envelope)} bytes is larger than {MAX_ENVELOPE}")
        return made

    @classmethod
    def parse(cls, envelope: bytes) -> SignedRecord:
        """From the bytes of an envelope; raises ``RecordError``. The signature is not checked yet."""
        if len(envelope) > MAX_ENVELOPE:
            raise RecordError(f"an envelope of {len(envelope)} bytes is larger than {MAX_ENVELOPE}")
        match decode(envelope):
            case [version, bytes(payload), str(algorithm), bytes(signature)] if _is(
                version, ENVELOPE_VERSION
            ):
                return cls(payload, algorithm, signature)
        raise RecordError("not a version 1 envelope")

    @cached_property
    def envelope(self) -> bytes:
        """``[1, payload, algorithm, signature]`` in deterministic CBOR."""
        return encode([ENVELOPE_VERSION, self.payload, self.algorithm, self.signature])

    @cached_property
    def record(self) -> Record:
        """The record inside; raises ``RecordError``."""
        return Record.from_bytes(self.payload)

    def hash(self, algorithm: str = DIGEST) -> Hash:
        """What the next record is chained to, and the fingerprint of an effect."""
        return Hash.of(self.payload, algorithm)

    def verify(self, verifier: Verifier) -> Record:
        """The record, once the signature fits; raises ``SignatureInvalid`` or ``RecordError``."""
        if verifier.algorithm != self.algorithm:
            raise SignatureInvalid(f"signed with {self.algorithm}, the known key is {verifier.algorithm}")
        verifier.verify(self.signature, signing_input(_PURPOSE, self.payload))
        return self.record


@dataclass(frozen=True, slots=True)
class Place:
    """Where the next record goes: the chain's end, and who writes."""

    terminal: str
    epoch: str
    seq: int
    prev: Hash
    software: str


def make_record(entry: Entry, place: Place, moment: Moment, visit_key: VisitKey) -> Record:
    """Seal the entry's body and put it in its place; raises ``RecordError`` for what cannot be encoded."""
    aad = body_aad(place.terminal, place.epoch, place.seq, entry.kind, entry.phase, entry.key)
    return Record(
        terminal=place.terminal,
        epoch=place.epoch,
        seq=place.seq,
        transaction=entry.transaction,
        visit=entry.visit,
        step=entry.step,
        kind=entry.kind,
        phase=entry.phase,
        key=entry.key,
        service_hash=entry.service_hash,
        moment=moment,
        software=place.software,
        prev=place.prev,
        body=visit_key.seal(encode(dict(entry.body)), aad),
    )


def _is(value: object, number: int) -> bool:
    """Whether it is that integer; ``True`` and ``1.0``, which Python takes for 1, are other values in CBOR."""
    return type(value) is int and value == number


def _typed(value: object, kind: type[str], field: int) -> str:
    if not isinstance(value, kind):
        raise RecordError(f"field {field} is not a {kind.__name__}")
    return value


def _number(value: object, field: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise RecordError(f"field {field} is not an unsigned integer")
    return value


def _hash(value: object) -> Hash:
    match value:
        case [str(algorithm), bytes(raw)]:
            return Hash(algorithm, raw)
    raise RecordError("field 17 is not [algorithm, hash]")
