"""Saves what can be read of a damaged journal: each record is signed on its own, so each that reads is worth it."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import cbor2
from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DBAPIError

from sync.errors import RecordError, StoreError
from sync.identity import TerminalIdentity
from sync.journal.tables import record
from sync.records import SignedRecord
from sync.sqlite import open_reader, store_error

_SMALLEST = 300
"""No record takes less than this many bytes: bounds how many there can be when the file cannot tell."""


@dataclass(frozen=True, slots=True)
class Salvaged:
    """How many records were saved, how many are missing between them, and the last one saved."""

    saved: int
    lost: int
    last: str


def salvage(path: Path, output: Path, identity: TerminalIdentity | None = None) -> Salvaged:
    """Write every readable envelope of ``path`` to ``output``, a CBOR sequence (RFC 8742) of byte strings.

    With an ``identity`` a record of its epoch is only saved when its signature fits. The journal is only
    read; raises ``StoreError`` when nothing of it can be read at all.
    """
    seen: dict[str, set[int]] = defaultdict(set)
    last = ""
    descriptor = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        for envelope in _envelopes(path):
            with suppress(RecordError):
                signed = SignedRecord.parse(envelope)
                found = signed.record
                if identity is not None and found.epoch == identity.epoch:
                    signed.verify(identity.verifier)
                seen[found.epoch].add(found.seq)
                last = f"{found.epoch}/{found.seq}"
                file.write(cbor2.dumps(envelope))
        file.flush()
        os.fsync(file.fileno())
    saved = sum(map(len, seen.values()))
    lost = sum(max(numbers) - len(numbers) for numbers in seen.values())
    return Salvaged(saved, lost, last or "none")


def read_salvaged(path: Path) -> Iterator[SignedRecord]:
    """The records of a file that ``salvage`` wrote."""
    with path.open("rb") as file:
        size = path.stat().st_size
        while file.tell() < size:
            yield SignedRecord.parse(cbor2.load(file))


def _envelopes(path: Path) -> Iterator[bytes]:
    """Each row by its own lookup, so that a damaged page costs its own rows only."""
    try:
        engine = open_reader(path)
    except StoreError:
        engine = open_reader(path, immutable=True)
    try:
        with engine.connect() as connection:
            for position in range(1, _last(connection, path) + 1):
                with suppress(DBAPIError):
                    query = select(record.c.envelope).where(record.c.position == position)
                    envelope = connection.execute(query).scalar()
                    if envelope is not None:
                        yield envelope
    except DBAPIError as error:
        raise store_error(path, error) from error
    finally:
        engine.dispose()


def _last(connection: Connection, path: Path) -> int:
    with suppress(DBAPIError):
        found = connection.execute(select(func.max(record.c.position))).scalar()
        return int(found or 0)
    return path.stat().st_size // _SMALLEST
