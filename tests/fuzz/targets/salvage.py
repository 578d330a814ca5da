"""A dead terminal's sealed records, which come on a stick and are taken in at the centre."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache, partial

import cbor2

from bureau.errors import FleetError
from bureau.fleet.salvaged import TakenIn, take_in
from sync.audit import AuditBatch
from sync.crypto import Verifier, VisitKey, verifier
from sync.effects import OpenedEffect
from sync.errors import RecordError, SignatureInvalid
from sync.identity import TerminalKeys
from sync.models import AuditReceipt, EffectAnswer, EffectState
from sync.records import Entry, Moment, Phase, Place, SignedRecord, genesis, make_record
from sync.salvage import records_in
from tests.fuzz.oracles import refused_by
from tests.fuzz.script import Script

PARSES = ("sync.salvage", "bureau.fleet.salvaged")
LONGEST = 600
logging.getLogger("kiosk.bureau").addHandler(logging.NullHandler())  # what is missing is no news here
NAME, EPOCH, NOW = "A-07", "epoch-1", datetime(2026, 10, 12, tzinfo=UTC)
_OWN, _STRANGER, _CENTRE = (TerminalKeys.generate() for _ in range(3))


class _Remembering:
    """The terminal's real key, which looks at the same signature of the same message once: inputs share most of both."""

    def __init__(self, key: Verifier) -> None:
        self.algorithm, self.public_key = key.algorithm, key.public_key
        self._fits = lru_cache(10_000)(partial(_fits, key))

    def verify(self, signature: bytes, message: bytes) -> None:
        """As the key does."""
        if not self._fits(signature, message):
            raise SignatureInvalid("the signature does not fit")


def _fits(key: Verifier, signature: bytes, message: bytes) -> bool:
    try:
        key.verify(signature, message)
    except SignatureInvalid:
        return False
    return True


_OWN_KEY: Verifier = _Remembering(verifier(_OWN.signing.algorithm, _OWN.signing.public_key))


def check(data: bytes) -> None:
    """The bytes as a file, and a stick put together from a terminal's records: cut, spoilt, doubled, left out."""
    refused_by(RecordError, lambda: list(records_in(io.BytesIO(data))))
    script = Script(data)
    chosen = list(_chosen(script))
    stick = b"".join(cbor2.dumps(envelope) for envelope in chosen)
    how = script.byte()
    if how & 1:
        stick = stick[: script.byte() * 16]
    found = refused_by(RecordError, lambda: list(records_in(io.BytesIO(stick))))
    if found is None:
        return
    assert [signed.envelope for signed in found] == chosen[: len(found)], "a record was read as another"
    _take_in(found, turned=bool(how & 2))


def _chosen(script: Script) -> Iterator[bytes]:
    """A byte a record: which one, or ``0xFF`` and what takes the place of one byte of it."""
    for _ in range(min(script.byte(), 16)):
        number = script.byte()
        envelope = bytearray(_RECORDS[number % len(_RECORDS)].envelope)
        if number >= 0xE0:
            place = int.from_bytes(script.take(2), "big") % len(envelope)
            envelope[place] = script.byte()
        yield bytes(envelope)


def _take_in(records: list[SignedRecord], *, turned: bool) -> None:
    desk, chains = _Desk(), _Chains()
    taken = refused_by(
        (RecordError, FleetError), lambda: take_in(records, _Register(), chains, desk, _CENTRE.sealing)
    )
    if taken is None:
        assert not desk.done, "something was carried out of a file that was refused"
        return
    genuine = [signed for signed in records if _signed(signed)]
    assert taken.spoilt == len(records) - len(genuine)
    _sound(taken, {signed.record.seq for signed in genuine}, desk)
    if turned:
        again = _Desk()
        other = take_in(records[::-1], _Register(), _Chains(), again, _CENTRE.sealing)
        assert (other.carried_out, other.undecided, again.done) == (
            taken.carried_out,
            taken.undecided,
            desk.done,
        ), "in another order it comes to something else"
        assert other.held == taken.held


def _signed(signed: SignedRecord) -> bool:
    """Whether it is one of the terminal's own, as it was written."""
    return signed.envelope in _GENUINE


def _sound(taken: TakenIn, numbers: set[int], desk: _Desk) -> None:
    assert taken.records == len(numbers) and taken.missing == max(numbers) - len(numbers)
    gap = next(number for number in range(1, len(_RECORDS) + 2) if number not in numbers)
    assert taken.held == {EPOCH: gap - 1}, "held behind a gap"
    carried, undecided = ({matter.key for matter in some} for some in (taken.carried_out, taken.undecided))
    assert not carried & undecided
    assert len(desk.done) == len(set(desk.done)) == len(carried), "an effect was carried out twice"


class _Register:
    """Knows one terminal, which works no more."""

    def record_key(self, terminal: str, epoch: str) -> Verifier | None:
        return _OWN_KEY if (terminal, epoch) == (NAME, EPOCH) else None

    def state(self, terminal: str) -> str:
        return "suspended"

    def epoch(self, terminal: str) -> str:
        return EPOCH


@dataclass
class _Chains:
    """Holds what follows without a gap."""

    held: int = 0

    def take(self, batch: AuditBatch) -> AuditReceipt:
        for signed in batch.records:
            assert signed.record.seq == self.held + 1, "the chain was handed over with a gap"
            self.held += 1
        return AuditReceipt(
            terminal=NAME,
            epoch=EPOCH,
            seq=self.held,
            head="",
            incarnation="1",
            server_time=NOW,
            signature="",
        )


@dataclass
class _Desk:
    """Accepts everything, and remembers what."""

    done: list[str] = field(default_factory=list)

    def submit(self, opened: OpenedEffect, *, queued: bool) -> EffectAnswer:
        assert queued and opened.body.data == {"item": opened.body.key}
        self.done.append(opened.body.key)
        return EffectAnswer(key=opened.body.key, state=EffectState.ACCEPTED, received_at=NOW, incarnation="1")


def _records() -> list[SignedRecord]:
    """A chain of six effects as far as each came, and last a record that another terminal signed."""
    chain: list[SignedRecord] = []
    ways = ((Phase.HANDOVER,), (), (Phase.OUTCOME,), (Phase.HANDOVER, Phase.SETTLED), (Phase.HANDOVER,), ())
    for number, phases in enumerate(ways):
        for phase in (Phase.INTENT, *phases):
            chain.append(_record(chain, f"key-{number}", phase, _OWN))
    return [*chain, _record(chain, "key-9", Phase.INTENT, _STRANGER)]


def _record(chain: list[SignedRecord], key: str, phase: Phase, keys: TerminalKeys) -> SignedRecord:
    body = {
        "kind": "feedback.rate",
        "key": key,
        "service": "pay.due",
        "service_hash": "0" * 64,
        "subject": {"person": None, "taxpayer": None, "role": None},
        "accepted_at": NOW.isoformat(),
        "data": {"item": key},
    }
    entry = Entry(
        transaction="t-1", visit="v-1", step="rate", kind="feedback.rate", phase=phase, key=key, body=body
    )
    prev = chain[-1].hash() if chain else genesis(NAME, EPOCH)
    place = Place(NAME, EPOCH, len(chain) + 1, prev, "test/1")
    visit = VisitKey.generate(NAME, "v-1", _CENTRE.sealing.public)
    return SignedRecord.make(make_record(entry, place, Moment(0, 10, "boot", 0), visit), keys.signing)


_RECORDS = _records()
_GENUINE = frozenset(signed.envelope for signed in _RECORDS[:-1])


def seeds() -> list[bytes]:
    """The whole chain, parts of it, in another order, spoilt, cut, a stranger's; and lengths that no record has."""
    last = len(_RECORDS) - 1
    return [
        bytes((last, *range(last))),
        bytes((last, *range(last), 2)),
        bytes((3, 0, 1, 5)),
        bytes((4, 1, 0, 0, 2)),
        bytes((2, 0, last)),
        bytes((2, 0, 0xE1, 0, 200, 7)),
        bytes((2, 0, 1, 1, 20)),
        b"\x5b\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\x5a\x00\x04\x00\x00x",
        b"\x58\x03abc\x43abc",
        b"\x5f\x41a\xff",
        b"\xc2\x41\x01\xd9\xd9\xf7",
    ]
