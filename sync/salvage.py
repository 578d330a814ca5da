"""Saves what can be read of a damaged journal: each record is signed on its own, so each that reads is worth it."""

from __future__ import annotations

import errno
import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

import cbor2
import pysqlite3.dbapi2 as dbapi

from sync.errors import OutputRefused, RecordError, StoreError, StoreFailed, StoreMissing
from sync.identity import TerminalIdentity
from sync.records import MAX_ENVELOPE, SignedRecord
from sync.sqlite import error_code

_SMALLEST = 300
"""No record takes less than this many bytes: bounds how many there can be when the file cannot tell."""
_SHORTEST = 0x40
"""First byte of an empty byte string in CBOR; up to 23 bytes are added to it (RFC 8949, 3 and 3.1)."""
_LENGTH_BYTES = {0x58: 1, 0x59: 2, 0x5A: 4, 0x5B: 8}
"""First bytes of longer ones, and how many bytes of length follow."""

_END = b"\x40"
"""An empty byte string behind the last record: without it a file that was cut between two records would look whole."""

_BLOCK = 4096
"""Bytes read at once: a disk gives up a sector of this size, or a part of it."""


@dataclass(frozen=True, slots=True)
class Salvaged:
    """How many records were saved, how many are missing between them, and the last one saved."""

    saved: int
    lost: int
    last: str


def salvage(path: Path, output: Path, identity: TerminalIdentity | None = None) -> Salvaged:
    """Write every readable envelope of ``path`` to ``output``, a CBOR sequence (RFC 8742) of byte strings.

    An empty byte string ends it.

    With an ``identity`` a record of its epoch is only saved when its signature fits. The journal itself is
    not opened, only a copy; raises ``StoreError`` when it is no journal at all, and ``OutputRefused`` when
    ``output`` is there already or cannot be written: an earlier save may hold what the disk no longer gives.
    """
    seen: dict[str, set[int]] = defaultdict(set)
    last = ""
    with _new(output) as file:
        for envelope in _envelopes(path):
            with suppress(RecordError):
                signed = SignedRecord.parse(envelope)
                found = signed.record
                if identity is not None and found.epoch == identity.epoch:
                    signed.verify(identity.verifier)
                seen[found.epoch].add(found.seq)
                last = f"{found.epoch}/{found.seq}"
                file.write(cbor2.dumps(envelope))
        if seen:
            file.write(_END)
        file.flush()
        os.fsync(file.fileno())
    saved = sum(map(len, seen.values()))
    lost = sum(max(numbers) - len(numbers) for numbers in seen.values())
    return Salvaged(saved, lost, last or "none")


@contextmanager
def _new(output: Path) -> Iterator[BinaryIO]:
    """A file that was not there before. It goes again when nothing came into it."""
    try:
        descriptor = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        wanted = f"name a file in it, such as {output / 'A-07'}" if output.is_dir() else "give another name"
        raise OutputRefused(f"{output} is there already; {wanted}") from None
    except OSError as error:
        raise OutputRefused(f"{output} cannot be written: {error.strerror}; is the stick mounted?") from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
    except OSError as error:
        raise OutputRefused(f"{output} is not whole ({error}); save again to another place") from error
    finally:
        with suppress(OSError):  # a stick that was pulled out says nothing more
            if output.stat().st_size == 0:
                output.unlink()


@dataclass(frozen=True, slots=True)
class Stick:
    """What a file that ``salvage`` wrote still holds.

    ``unreadable`` records are there, but damaged beyond their form; ``broken`` says where the file breaks off, in
    words, and is empty for one that is whole.
    """

    records: Sequence[SignedRecord]
    unreadable: int = 0
    broken: str = ""


def read_salvaged(path: Path) -> Stick:
    """The records of a file that ``salvage`` wrote; raises ``RecordError`` for one in which there is none."""
    records: list[SignedRecord] = []
    unreadable, broken = 0, "the file has no end; it was cut short, or an older release wrote it"
    with path.open("rb") as file:
        try:
            for envelope in _framed(file):
                if not envelope:
                    broken = "something follows on the end" if file.read(1) else ""
                    break
                try:
                    records.append(SignedRecord.parse(envelope))
                except RecordError:
                    unreadable += 1
        except RecordError as error:
            broken = str(error)
    if not records:
        raise RecordError(
            f"{path}: there is no record in it ({broken or 'all are damaged'}); salvage the disk again"
        )
    return Stick(records, unreadable, broken)


def records_in(file: BinaryIO) -> Iterator[SignedRecord]:
    """The records of a file; raises ``RecordError`` for the first that is none."""
    return map(SignedRecord.parse, _framed(file))


def _framed(file: BinaryIO) -> Iterator[bytes]:
    """The byte strings of a file; raises ``RecordError`` for what is none.

    It may come from anywhere, on a stick: nothing is read of it but byte strings of a record's size (RFC 8949, 3.1),
    so that no length or tag in it can cost more than a record does.
    """
    while head := file.read(1):
        place = file.tell() - 1
        width = _LENGTH_BYTES.get(head[0])
        if width is None and not _SHORTEST <= head[0] < _SHORTEST + 24:
            raise RecordError(f"this is no file of salvaged records; see byte {place}")
        size = int.from_bytes(file.read(width), "big") if width else head[0] - _SHORTEST
        if size > MAX_ENVELOPE:
            raise RecordError(f"no record is as long as {size} bytes, at byte {place}; copy the file again")
        envelope = file.read(size)
        if len(envelope) < size:
            raise RecordError(f"the file ends in the middle of a record, at byte {place}; copy it again")
        yield envelope


def _envelopes(path: Path) -> Iterator[bytes]:
    """Each row by its own lookup, so that a damaged page costs its own rows only."""
    with (
        TemporaryDirectory(prefix="salvage-") as folder,
        closing(_open_copy(path, Path(folder))) as connection,
    ):
        for position in range(1, _last(connection, path) + 1):
            with suppress(dbapi.DatabaseError):
                row = connection.execute(
                    "SELECT envelope FROM record WHERE position = ?", (position,)
                ).fetchone()
                if row is not None:
                    yield row[0]


def _open_copy(path: Path, folder: Path) -> dbapi.Connection:
    """A copy of file and WAL to work on; raises ``StoreError`` when SQLite can make nothing of it."""
    copy = folder / "journal.db"
    try:
        _copy(path, copy)
    except StoreMissing:
        raise StoreError(path, "does not exist", "name the dead disk's own with --journal") from None
    with suppress(StoreMissing):
        _copy(path.with_name(path.name + "-wal"), copy.with_name("journal.db-wal"))
    connection = dbapi.connect(str(copy), isolation_level=None)
    try:
        connection.execute("PRAGMA writable_schema = ON")  # read a file that is shorter than its header says
        connection.execute("SELECT count(*) FROM record")
    except dbapi.DatabaseError as error:
        if "no such table" in str(error) or error_code(error) == dbapi.SQLITE_NOTADB:
            connection.close()
            raise StoreError(
                path, f"is no journal ({error})", "name the dead disk's own with --journal"
            ) from None
    return connection


def _copy(source: Path, target: Path) -> None:
    """Every block that can be read, and zeros for one that the medium no longer gives.

    Raises ``StoreMissing`` and ``StoreFailed`` for the source, and ``OutputRefused`` when the copy has no room.
    """
    try:
        old = source.open("rb", buffering=0)
    except FileNotFoundError:
        raise StoreMissing(source) from None
    except OSError as error:
        raise StoreFailed(source, str(error.strerror)) from error
    with old:
        try:
            _fill(target, _blocks(old.fileno(), source))
        except OSError as error:
            raise OutputRefused(
                f"{target.parent} cannot hold a copy of {source.name} ({error.strerror}); "
                "let TMPDIR name a folder on a disk with more room"
            ) from error


def _fill(target: Path, blocks: Iterator[bytes]) -> None:
    with target.open("wb") as new:
        new.writelines(blocks)


def _blocks(descriptor: int, source: Path) -> Iterator[bytes]:
    """All blocks of the file, each as long as it is there."""
    size = os.fstat(descriptor).st_size
    for place in range(0, size, _BLOCK):
        length = min(_BLOCK, size - place)
        try:
            yield os.pread(descriptor, length, place).ljust(length, b"\0")  # else all behind it would move
        except OSError as error:
            if error.errno != errno.EIO:
                raise StoreFailed(source, str(error.strerror)) from error
            yield bytes(length)


def _last(connection: dbapi.Connection, path: Path) -> int:
    with suppress(dbapi.DatabaseError):
        return int(connection.execute("SELECT max(position) FROM record").fetchone()[0] or 0)
    return path.stat().st_size // _SMALLEST
