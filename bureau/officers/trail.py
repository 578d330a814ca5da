"""The trail of what officers saw and did: each entry signed, and bound to the one before by its hash.

An act leaves two entries: that it was begun, before anything happens, and how it ended; a look leaves one. An entry
that was edited, taken out or put in is found by ``verify``; an end that was cut off, by whoever kept an earlier head.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal

from sqlalchemy import Connection, select

from bureau.engine.refusals import Refused
from bureau.errors import BureauError, TrailBroken
from bureau.store import tables
from bureau.store.database import Database
from bureau.store.insert import insert_into
from config.clock import Clock
from sync.cbor import decode, encode
from sync.crypto import Hash, Signer, Verifier
from sync.errors import SignatureInvalid

Phase = Literal["seen", "begun", "done", "refused", "failed"]
VERSION: Final = 1
FIRST: Final = Hash.of(b"officers' trail")
"""Stands before the first entry."""
LAST: Final = 2**63 - 1
"""No number is higher."""
_PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class Who:
    """An officer in a session; ``session`` is empty on the command line."""

    officer: str
    session: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it was signed; ``details`` hold no personal data."""

    seq: int
    at: datetime
    who: Who
    act: str
    subject: str
    phase: Phase
    details: Mapping[str, str]
    previous: str

    def body(self) -> bytes:
        """The bytes that are hashed and signed."""
        return encode(
            [
                VERSION,
                self.seq,
                self.at.isoformat(),
                self.who.officer,
                self.who.session,
                self.act,
                self.subject,
                self.phase,
                dict(self.details),
                self.previous,
            ]
        )

    @classmethod
    def of(cls, body: bytes) -> Entry:
        """The entry in signed bytes."""
        _version, seq, at, officer, session, act, subject, phase, details, previous = decode(body)
        moment = datetime.fromisoformat(at)
        return cls(seq, moment, Who(officer, session), act, subject, phase, details, previous)


class Trail:
    """Appends and reads. Thread-safe, and of several programs at once."""

    def __init__(self, database: Database, signer: Signer, clock: Clock) -> None:
        self._database, self._signer, self._clock = database, signer, clock

    def note(
        self, who: Who, act: str, subject: str, phase: Phase, details: Mapping[str, str] | None = None
    ) -> Entry:
        """Append one entry; it is on disk when this returns."""
        with self._database.write() as connection:
            seq, previous = self._head(connection)
            now = self._clock.now().astimezone(UTC)
            entry = Entry(seq + 1, now, who, act, subject, phase, details or {}, previous)
            body = entry.body()
            head = str(Hash.of(body))
            connection.execute(
                tables.officer_trail.insert().values(
                    seq=entry.seq,
                    at=now,
                    officer=who.officer,
                    act=act,
                    subject=subject,
                    phase=phase,
                    body=body,
                    hash=head,
                    signature=self._signer.sign(body),
                )
            )
            connection.execute(tables.officer_trail_head.update().values(seq=entry.seq, hash=head))
        return entry

    @contextmanager
    def act(
        self, who: Who, act: str, subject: str, details: Mapping[str, str] | None = None
    ) -> Iterator[None]:
        """Write down that an act begins, and how it ended: done, refused by what the centre knows, or failed."""
        self.note(who, act, subject, "begun", details)
        try:
            yield
        except Refused as error:
            self.note(who, act, subject, "refused", {"why": error.refusal.code})
            raise
        except BureauError as error:
            self.note(who, act, subject, "refused", {"why": type(error).__name__})
            raise
        except BaseException as error:
            self.note(who, act, subject, "failed", {"why": type(error).__name__})
            raise
        self.note(who, act, subject, "done")

    def latest(
        self, *, limit: int = 100, officer: str = "", subject: str = "", before: int = 0
    ) -> Sequence[Entry]:
        """The newest entries, those before ``before`` alone when it is given."""
        t = tables.officer_trail
        query = select(t.c.body).order_by(t.c.seq.desc()).limit(limit)
        for column, wanted in ((t.c.officer, officer), (t.c.subject, subject)):
            query = query.where(column == wanted) if wanted else query
        query = query.where(t.c.seq < min(before, LAST)) if before else query
        with self._database.read() as connection:
            return [Entry.of(body) for body in connection.execute(query).scalars()]

    def head(self) -> tuple[int, str]:
        """Number and hash of the last entry; whoever keeps it elsewhere proves later that nothing was cut off."""
        t = tables.officer_trail_head
        with self._database.read() as connection:
            row = connection.execute(select(t)).one_or_none()
        return (row.seq, row.hash) if row is not None else (0, str(FIRST))

    def verify(self, verifier: Verifier, known: tuple[int, str] | None = None) -> int:
        """Check every entry; how many there are. ``known`` is a head that was written down before.

        Raises ``TrailBroken`` with the first entry that is not as it was.
        """
        last, head = self.head()  # what comes while this checks is not of this check
        previous, count = str(FIRST), 0
        for row in self._rows(last):
            count += 1
            previous = _checked(row, count, previous, verifier)
            if known is not None and count == known[0] and previous != known[1]:
                raise TrailBroken(count, "is not the one whose hash was written down")
        if (count, previous) != (last, head):
            raise TrailBroken(count + 1, "is missing at the end")
        if known is not None and count < known[0]:
            raise TrailBroken(count + 1, "is missing, though a later one was written down")
        return count

    def _rows(self, last: int) -> Iterator[Any]:
        t, after = tables.officer_trail, 0
        while True:
            query = select(t).where(t.c.seq > after, t.c.seq <= last).order_by(t.c.seq).limit(_PAGE)
            with self._database.read() as connection:
                rows = connection.execute(query).all()
            yield from rows
            if len(rows) < _PAGE:
                return
            after = rows[-1].seq

    def _head(self, connection: Connection) -> tuple[int, str]:
        """The last entry's number and hash, locked until the transaction ends; made when there is none."""
        t = tables.officer_trail_head
        connection.execute(
            insert_into(connection, t).values(one=1, seq=0, hash=str(FIRST)).on_conflict_do_nothing()
        )
        row = connection.execute(select(t).with_for_update()).one()
        return row.seq, row.hash


def _checked(row: Any, seq: int, previous: str, verifier: Verifier) -> str:
    """The hash of an entry that is whole. Raises ``TrailBroken``."""
    if row.seq != seq:
        raise TrailBroken(seq, "is missing")
    try:
        verifier.verify(row.signature, row.body)
    except SignatureInvalid:
        raise TrailBroken(seq, "was changed") from None
    if str(Hash.of(row.body)) != row.hash:
        raise TrailBroken(seq, "was changed")
    entry = Entry.of(row.body)
    shown = (row.at, row.officer, row.act, row.subject, row.phase)
    if (entry.at, entry.who.officer, entry.act, entry.subject, entry.phase) != shown or entry.seq != seq:
        raise TrailBroken(seq, "is shown otherwise than it was signed")
    if entry.previous != previous:
        raise TrailBroken(seq, "does not follow the one before")
    return str(row.hash)
