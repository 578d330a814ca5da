"""Checks that the journal's rows hold together: no row missing, each linked, signed and as it was signed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select

from sync.chain import ChainWalk
from sync.errors import ChainBroken, RecordError
from sync.identity import TerminalIdentity
from sync.journal.file import JournalFile
from sync.journal.tables import record
from sync.records import Record, SignedRecord


def check_file(file: JournalFile, identity: TerminalIdentity, tail: int | None = None) -> None:
    """Walk the file, or only its last ``tail`` records; raises ``ChainBroken`` where it does not fit.

    Links are checked in every epoch, signatures in this identity's, whose key is known.
    """
    last = file.end().position if tail is not None else 0
    after = max(0, last - (tail or 0)) if tail is not None else 0
    walks: dict[str, ChainWalk] = {}
    expected = after
    for rows in file.pages(select(record), after):
        for row in rows:
            expected += 1
            if row.position != expected:
                raise ChainBroken(row.epoch, row.seq, f"row {expected} is missing")
            try:
                signed = SignedRecord.parse(row.envelope)
                found = signed.record
            except RecordError as error:
                raise ChainBroken(row.epoch, row.seq, f"it cannot be read ({error})") from error
            if row.epoch not in walks:
                walks[row.epoch] = _start(row.epoch, signed, identity, whole=after == 0)
            walks[row.epoch].follow(signed)
            if _columns(row) != _fields(found):
                raise ChainBroken(row.epoch, row.seq, "its row does not agree with what was signed")


def _start(epoch: str, first: SignedRecord, identity: TerminalIdentity, *, whole: bool) -> ChainWalk:
    """A walk from the epoch's beginning or, in the middle, from what ``first`` says it follows."""
    found = first.record
    mine = epoch == identity.epoch
    walk = ChainWalk(found.terminal, epoch, identity.verifier if mine else None)
    if mine:
        walk.terminal = identity.terminal
    if not whole:
        walk.seq = found.seq - 1
        walk.head = found.prev if walk.seq else None
    return walk


def _columns(row: Row[Any]) -> tuple[object, ...]:
    return (row.epoch, row.seq, row.transaction_id, row.visit, row.kind, row.phase, row.key)


def _fields(found: Record) -> tuple[object, ...]:
    return (
        found.epoch,
        found.seq,
        found.transaction,
        found.visit,
        found.kind,
        str(found.phase),
        found.key,
    )
