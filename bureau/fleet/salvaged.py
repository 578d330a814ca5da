"""Takes in what was saved from a dead terminal's disk (``kiosk sync salvage``) and carried here by hand.

Nothing is believed for where it came from: each record bears its terminal's signature, and what is sealed opens with
the centre's key alone. A record whose signature does not fit is left out and told: on a dying disk a byte turns, and
that must cost this one record, not all that people had handed in. What the terminal had handed over to its queue is
carried out as if it had come by the network; the same key is never carried out twice. What was begun and never decided
is left to a person, who asks the visitor.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bureau.errors import BureauError, FleetError
from sync.audit import MAX_BYTES, MAX_RECORDS, AuditBatch
from sync.crypto import BodyOpener, Verifier
from sync.effects import EFFECT_KINDS, OpenedEffect, open_effect
from sync.errors import RecordError, SyncError
from sync.models import AuditReceipt, EffectAnswer
from sync.records import Phase, SignedRecord

log = logging.getLogger("kiosk.bureau")


class Register(Protocol):
    """What must be known of terminals."""

    def record_key(self, terminal: str, epoch: str) -> Verifier | None:
        """The key of records of that epoch."""
        ...

    def state(self, terminal: str) -> str:
        """``active``, ``suspended``, …; raises ``FleetError`` for an unknown one."""
        ...

    def epoch(self, terminal: str) -> str:
        """That of its last enrolment; raises ``FleetError`` for an unknown one."""
        ...


class Chains(Protocol):
    """Where audit chains are held."""

    def take(self, batch: AuditBatch) -> AuditReceipt:
        """Hold what follows; how far that is now."""
        ...


class Desk(Protocol):
    """Where effects are carried out."""

    def submit(self, opened: OpenedEffect, *, queued: bool) -> EffectAnswer:
        """The answer to an effect, the first one for ever."""
        ...


@dataclass(frozen=True, slots=True)
class Matter:
    """One effect: its key, kind and number in the chain, and what came of it or why nothing did."""

    key: str
    kind: str
    seq: int
    state: str


@dataclass(slots=True)
class TakenIn:
    """What became of a file. ``undecided`` and ``refused`` want a person.

    ``missing`` records could not be read; ``spoilt`` ones are in the file, but not as any terminal signed them;
    ``broken`` says where the file itself breaks off: how much stood behind that nobody can tell.
    """

    terminal: str
    records: int = 0
    held: dict[str, int] = field(default_factory=dict)
    carried_out: list[Matter] = field(default_factory=list)
    undecided: list[Matter] = field(default_factory=list)
    refused: list[Matter] = field(default_factory=list)
    missing: int = 0
    spoilt: int = 0
    broken: str = ""

    @property
    def done(self) -> bool:
        """Whether nothing is left for a person."""
        return not (self.undecided or self.refused or self.missing or self.spoilt or self.broken)


def take_in(
    records: Iterable[SignedRecord], register: Register, chains: Chains, desk: Desk, opener: BodyOpener
) -> TakenIn:
    """Hold the chain and carry out what waited; may be repeated, also after it was broken off.

    Raises ``FleetError`` for a file of several terminals, of none, or of one that still works: two that send the same
    matters would not harm each other, but staff should know which of them speaks. A machine that was enrolled under
    the name since is another one, and works on. Raises ``RecordError`` for a number under which its terminal signed
    two different records.
    """
    genuine, spoilt = _sorted_out(records, register)
    terminal = _only({signed.record.terminal for signed in genuine}, spoilt)
    epochs = _by_epoch(genuine)
    if register.state(terminal) == "active" and register.epoch(terminal) in epochs:
        raise FleetError(f"{terminal} still works here; `bureau terminal suspend {terminal}` first")
    taken = TakenIn(terminal, spoilt=spoilt)
    for epoch, rows in epochs.items():
        taken.records += len(rows)
        taken.missing += rows[-1].record.seq - len(rows)
        taken.held[epoch] = _hold(terminal, epoch, rows, chains)
        _carry_out(rows, register, desk, opener, taken)
    return taken


def _sorted_out(records: Iterable[SignedRecord], register: Register) -> tuple[list[SignedRecord], int]:
    """The records that a terminal known here has signed, and how many others there are."""
    keys: dict[tuple[str, str], Verifier | None] = {}
    genuine, spoilt = [], 0
    for signed in records:
        try:
            whose = (signed.record.terminal, signed.record.epoch)
            key = keys[whose] if whose in keys else keys.setdefault(whose, register.record_key(*whose))
            if key is None:
                raise RecordError(f"no key is known for epoch {whose[1]} of {whose[0]}")
            signed.verify(key)
        except RecordError as error:
            log.warning("a record is left out: %s", error)
            spoilt += 1
        else:
            genuine.append(signed)
    return genuine, spoilt


def _by_epoch(records: Iterable[SignedRecord]) -> dict[str, list[SignedRecord]]:
    """The records of each epoch in their order, each once; raises ``RecordError`` for two of the same number."""
    found: dict[str, dict[int, SignedRecord]] = defaultdict(dict)
    for signed in records:
        record = signed.record
        known = found[record.epoch].setdefault(record.seq, signed)
        if known.envelope != signed.envelope:
            raise RecordError(
                f"the file has two different records {record.seq} of epoch {record.epoch}, both signed by the "
                "terminal: somebody has copied it; keep the disk as evidence"
            )
    return {epoch: [numbered[seq] for seq in sorted(numbered)] for epoch, numbered in found.items()}


def _only(names: set[str], spoilt: int) -> str:
    if spoilt and not names:
        raise FleetError(
            f"none of the {spoilt} records is signed by a terminal enrolled here; "
            "see `bureau terminal list`, or salvage the disk again"
        )
    if len(names) != 1:
        found = ", ".join(sorted(names)) or "none"
        raise FleetError(f"a file is of one terminal; this one is of {found}")
    return next(iter(names))


def _hold(terminal: str, epoch: str, rows: Sequence[SignedRecord], chains: Chains) -> int:
    """Up to the first gap: the chain is taken in order or not at all."""
    held = chains.take(AuditBatch(terminal, epoch, [])).seq
    for batch in _batches(list(_following(rows, held))):
        held = chains.take(AuditBatch(terminal, epoch, batch)).seq
    if held < rows[-1].record.seq:
        log.warning(
            "terminal %s: the chain of epoch %s ends at %d; records are missing", terminal, epoch, held
        )
    return held


def _following(rows: Sequence[SignedRecord], held: int) -> Iterator[SignedRecord]:
    """What follows on the record ``held`` without a gap."""
    for signed in rows:
        if signed.record.seq == held + 1:
            held += 1
            yield signed
        elif signed.record.seq > held:
            return


def _batches(rows: Sequence[SignedRecord]) -> Iterator[list[SignedRecord]]:
    batch: list[SignedRecord] = []
    size = 0
    for signed in rows:
        if batch and (len(batch) == MAX_RECORDS or size + len(signed.envelope) > MAX_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(signed)
        size += len(signed.envelope)
    if batch:
        yield batch


def _carry_out(
    rows: Sequence[SignedRecord], register: Register, desk: Desk, opener: BodyOpener, taken: TakenIn
) -> None:
    """Effects of the centre in the order in which they were begun."""
    phases: dict[str | None, set[Phase]] = defaultdict(set)
    for signed in rows:
        phases[signed.record.key].add(signed.record.phase)
    for signed in rows:
        record = signed.record
        if record.phase is not Phase.INTENT or record.kind not in EFFECT_KINDS or record.key is None:
            continue
        seen = phases[record.key]
        if Phase.HANDOVER in seen:
            _submit(signed, register, desk, opener, taken)
        elif not seen & {Phase.OUTCOME, Phase.SETTLED}:
            taken.undecided.append(Matter(record.key, record.kind, record.seq, "undecided"))


def _submit(signed: SignedRecord, register: Register, desk: Desk, opener: BodyOpener, taken: TakenIn) -> None:
    record = signed.record
    assert record.key is not None
    try:
        answer = desk.submit(open_effect(signed.envelope, register.record_key, opener), queued=True)
    except (RecordError, BureauError, SyncError) as error:
        log.warning("effect %s of %s cannot be carried out: %s", record.key, record.terminal, error)
        taken.refused.append(Matter(record.key, record.kind, record.seq, str(error)))
        return
    taken.carried_out.append(Matter(record.key, record.kind, record.seq, str(answer.state)))
