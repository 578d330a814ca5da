"""Conversations and call-backs of the remote officer in the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, select

from bureau.engine.reference.context import Context, Type
from bureau.ports.remote import Call, CallState, Line, Talk, TalkState, Try
from bureau.store import tables
from bureau.store.insert import insert_into

UNCHANGED: Final = ("number", "visit", "terminal")


class ReferenceRemote:
    """Implements ``Remote``."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def lock(self) -> None:
        """One at a time."""
        self._context.hold("remote")

    def number_for(self, key: str) -> str:
        """The same key has the same number ever after."""
        return self._context.number_for(Type.REMOTE, f"remote:{key}")

    def add(self, talk: Talk) -> None:
        """Enter a conversation."""
        self._context.connection.execute(tables.remote_talk.insert().values(**asdict(talk)))

    def find(self, number: str, *, lock: bool = False) -> Talk | None:
        """One by its number."""
        t = tables.remote_talk
        return self._one(select(t).where(t.c.number == number), lock)

    def of_visit(self, terminal: str, visit: str, *, lock: bool = False) -> Talk | None:
        """That of a visit at this terminal."""
        t = tables.remote_talk
        return self._one(select(t).where(t.c.terminal == terminal, t.c.visit == visit), lock)

    def change(self, talk: Talk) -> None:
        """Keep everything but what it is known by."""
        t = tables.remote_talk
        row = {name: value for name, value in asdict(talk).items() if name not in UNCHANGED}
        self._context.connection.execute(t.update().where(t.c.number == talk.number).values(**row))

    def listed(self, states: Sequence[TalkState], limit: int) -> Sequence[Talk]:
        """Who has waited longest first."""
        t = tables.remote_talk
        return self._several(
            select(t).where(t.c.state.in_(states)).order_by(t.c.asked_at, t.c.number).limit(limit)
        )

    def latest(self, limit: int) -> Sequence[Talk]:
        """Those that are over, the latest first."""
        t = tables.remote_talk
        query = select(t).where(t.c.state == "ended").order_by(t.c.asked_at.desc(), t.c.number.desc())
        return self._several(query.limit(limit))

    def of_officer(self, officer: str) -> Talk | None:
        """The one that they have taken."""
        t = tables.remote_talk
        return self._one(select(t).where(t.c.officer == officer, t.c.state == "taken"), lock=False)

    def say(self, line: Line) -> None:
        """Add a line."""
        self._context.connection.execute(tables.remote_line.insert().values(**asdict(line)))

    def lines(self, number: str, after: int = 0) -> Sequence[Line]:
        """In order."""
        t = tables.remote_line
        query = select(t).where(t.c.number == number, t.c.seq > after).order_by(t.c.seq)
        return [Line(**_named(row)) for row in self._context.connection.execute(query).mappings()]

    def serve(self, officer: str, until: datetime | None) -> None:
        """The officer answers until then."""
        connection, t = self._context.connection, tables.remote_duty
        first = insert_into(connection, t).values(officer=officer, until=until)
        connection.execute(first.on_conflict_do_update(index_elements=[t.c.officer], set_={"until": until}))

    def serving(self) -> Mapping[str, datetime]:
        """Until when each answers."""
        t = tables.remote_duty
        rows = self._context.connection.execute(select(t.c.officer, t.c.until).where(t.c.until.is_not(None)))
        return {str(officer): until for officer, until in rows}

    def add_call(self, call: Call) -> None:
        """Enter a call-back."""
        self._context.connection.execute(tables.call_back.insert().values(**asdict(call)))

    def call(self, number: str, *, lock: bool = False) -> Call | None:
        """One by its number."""
        t = tables.call_back
        query = select(t).where(t.c.number == number)
        rows = self._context.connection.execute(query.with_for_update() if lock else query).mappings()
        return next((Call(**_named(row)) for row in rows), None)

    def change_call(self, call: Call) -> None:
        """Keep state, tries and when it was settled."""
        t = tables.call_back
        changed = {"state": call.state, "tries": call.tries, "settled_at": call.settled_at}
        self._context.connection.execute(t.update().where(t.c.number == call.number).values(**changed))

    def calls(self, states: Sequence[CallState], limit: int) -> Sequence[Call]:
        """Whose day comes first on top."""
        t = tables.call_back
        query = select(t).where(t.c.state.in_(states)).order_by(t.c.call_by, t.c.asked_at, t.c.number)
        rows = self._context.connection.execute(query.limit(limit)).mappings()
        return [Call(**_named(row)) for row in rows]

    def note(self, tried: Try) -> None:
        """Keep what was done."""
        self._context.connection.execute(tables.call_back_try.insert().values(**asdict(tried)))

    def tried(self, number: str) -> Sequence[Try]:
        """In order."""
        t = tables.call_back_try
        rows = self._context.connection.execute(select(t).where(t.c.number == number).order_by(t.c.seq))
        return [Try(**_named(row)) for row in rows.mappings()]

    def forget(self, before: datetime) -> None:
        """Forget what is over since before then."""
        talk, line, call, tried = (
            tables.remote_talk,
            tables.remote_line,
            tables.call_back,
            tables.call_back_try,
        )
        over = select(talk.c.number).where(talk.c.ended_at < before)
        settled = select(call.c.number).where(call.c.settled_at < before)
        for statement in (
            line.delete().where(line.c.number.in_(over)),
            talk.delete().where(talk.c.ended_at < before),
            tried.delete().where(tried.c.number.in_(settled)),
            call.delete().where(call.c.settled_at < before),
        ):
            self._context.connection.execute(statement)

    def _one(self, query: Select[Any], lock: bool) -> Talk | None:
        rows = self._context.connection.execute(query.with_for_update() if lock else query).mappings()
        return next((Talk(**_named(row)) for row in rows), None)

    def _several(self, query: Select[Any]) -> Sequence[Talk]:
        return [Talk(**_named(row)) for row in self._context.connection.execute(query).mappings()]


def _named(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(name): value for name, value in row.items()}
