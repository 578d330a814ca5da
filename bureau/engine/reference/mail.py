"""Letters and remembered mailboxes in the store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, select

from bureau.engine.reference.context import Context
from bureau.ports.mail import ENDED, Enclosed, Letter, LetterState
from bureau.ports.registration import PersonKey
from bureau.store import tables
from kiosk.domain.people import DocumentKind


class ReferenceMail:
    """Implements ``Mail``."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def add(self, letter: Letter, files: Sequence[Enclosed]) -> None:
        """Keep a new one, queued."""
        self._context.connection.execute(
            tables.letter.insert().values(
                key=letter.key,
                kind=letter.kind,
                reference=letter.reference,
                person_kind=letter.person.kind.value,
                person_number=letter.person.number,
                lang=letter.lang,
                sealed=letter.sealed,
                shown=letter.shown,
                made_at=letter.made_at,
                due_at=letter.due_at,
                until=letter.until,
                state=letter.state,
                tries=letter.tries,
                reply=letter.reply,
                ended_at=letter.ended_at,
            )
        )
        rows = [
            {"key": letter.key, "name": one.name, "content": one.content, "sha256": one.sha256}
            for one in files
        ]
        self._context.connection.execute(tables.letter_file.insert(), rows)

    def since(self, person: PersonKey, moment: datetime) -> Sequence[Letter]:
        """Those of the person from then on, with the person's own row held: two terminals count one after the other."""
        held = tables.person
        whose = and_(held.c.kind == person.kind.value, held.c.number == person.number)
        self._context.connection.execute(select(held.c.number).where(whose).with_for_update())
        t = tables.letter
        query = select(t).where(_of(t, person), t.c.made_at >= moment).order_by(t.c.made_at)
        return [_letter(row) for row in self._context.connection.execute(query)]

    def take(self, now: datetime, again_at: datetime) -> Letter | None:
        """The queued letter that is due longest; what another program has just taken is passed over."""
        t = tables.letter
        query = select(t.c.key).where(t.c.state == "queued", t.c.due_at <= now)
        query = query.order_by(t.c.due_at, t.c.key).limit(1).with_for_update(skip_locked=True)
        key = self._context.connection.execute(query).scalar()
        if key is None:
            return None
        taken = t.update().where(t.c.key == key).values(tries=t.c.tries + 1, due_at=again_at)
        self._context.connection.execute(taken)
        return self.find(key)

    def find(self, key: str) -> Letter | None:
        """The letter of this effect."""
        t = tables.letter
        row = self._context.connection.execute(select(t).where(t.c.key == key)).one_or_none()
        return None if row is None else _letter(row)

    def files(self, key: str) -> Sequence[Enclosed]:
        """What is enclosed."""
        t = tables.letter_file
        rows = self._context.connection.execute(select(t).where(t.c.key == key).order_by(t.c.name))
        return [Enclosed(row.name, row.content, row.sha256) for row in rows]

    def later(self, key: str, due_at: datetime, reply: str) -> None:
        """Leave it queued until then."""
        t = tables.letter
        queued = t.update().where(t.c.key == key, t.c.state == "queued")
        self._context.connection.execute(queued.values(due_at=due_at, reply=reply))

    def end(self, key: str, state: LetterState, reply: str) -> bool:
        """It was sent, refused or given up; of what was sent no content is left."""
        t, f = tables.letter, tables.letter_file
        ended = t.update().where(t.c.key == key, t.c.state == "queued")
        told = {"state": state, "reply": reply, "ended_at": self._context.now}
        if self._context.connection.execute(ended.values(told)).rowcount != 1:
            return False
        if state == "sent":
            self._context.connection.execute(f.update().where(f.c.key == key).values(content=b""))
        return True

    def again(self, key: str, until: datetime) -> bool:
        """Queue one that was refused or given up once more."""
        t = tables.letter
        lost = t.c.state.in_(("refused", "given-up"))
        queued = t.update().where(t.c.key == key, lost, t.c.sealed != b"")
        told = {"state": "queued", "due_at": self._context.now, "until": until, "ended_at": None}
        return self._context.connection.execute(queued.values(told)).rowcount == 1

    def letters(self, state: LetterState | None, limit: int) -> Sequence[Letter]:
        """The latest first."""
        t = tables.letter
        query = select(t).order_by(t.c.made_at.desc(), t.c.key).limit(limit)
        query = query if state is None else query.where(t.c.state == state)
        return [_letter(row) for row in self._context.connection.execute(query)]

    def forget(self, today: datetime, before: datetime) -> None:
        """Delete the addresses of letters sent before today, and whole letters that ended long ago."""
        t, f = tables.letter, tables.letter_file
        sent = t.update().where(t.c.state == "sent", t.c.made_at < today, t.c.sealed != b"")
        self._context.connection.execute(sent.values(sealed=b"", shown=""))
        old = and_(t.c.state.in_(ENDED), t.c.ended_at < before)
        # Held first: one that is queued again meanwhile would lose its files and stay.
        keys = list(self._context.connection.execute(select(t.c.key).where(old).with_for_update()).scalars())
        self._context.connection.execute(delete(f).where(f.c.key.in_(keys)))
        self._context.connection.execute(delete(t).where(t.c.key.in_(keys)))

    def remember(self, person: PersonKey, sealed: bytes) -> None:
        """Keep the person's own mailbox, in place of an earlier one."""
        self.drop(person)
        values = {"person_kind": person.kind.value, "person_number": person.number}
        row = {**values, "sealed": sealed, "since": self._context.now}
        self._context.connection.execute(tables.mailbox.insert().values(row))

    def remembered(self, person: PersonKey) -> bytes | None:
        """Their mailbox as it was sealed."""
        t = tables.mailbox
        return self._context.connection.execute(select(t.c.sealed).where(_of(t, person))).scalar()

    def drop(self, person: PersonKey) -> None:
        """Keep no mailbox of theirs."""
        t = tables.mailbox
        self._context.connection.execute(delete(t).where(_of(t, person)))


def _of(table: Any, person: PersonKey) -> ColumnElement[bool]:
    return and_(table.c.person_kind == person.kind.value, table.c.person_number == person.number)


def _letter(row: Row[Any]) -> Letter:
    return Letter(
        key=row.key,
        kind=row.kind,
        reference=row.reference,
        person=PersonKey(DocumentKind(row.person_kind), row.person_number),
        lang=row.lang,
        sealed=row.sealed,
        shown=row.shown,
        made_at=row.made_at,
        due_at=row.due_at,
        until=row.until,
        state=row.state,
        tries=row.tries,
        reply=row.reply,
        ended_at=row.ended_at,
    )
