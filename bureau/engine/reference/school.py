"""The tax school in the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy import Column, ColumnElement, func, or_, select

from bureau.engine.reference.context import Context
from bureau.ports.school import Enrolment, Evaluation, SchoolEvent, Session
from bureau.store import tables

HELD = "tax school"
FIRST_SESSION = 100001


class ReferenceSchool:
    """Implements ``School``."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def lock(self) -> None:
        """One lock for all: a seat here and another at the same hour there are given one after the other."""
        self._context.hold(HELD)

    def session(self, session: str) -> Session | None:
        """The one of that number."""
        return next(iter(self._sessions(tables.school_session.c.session == session)), None)

    def sessions(self, since: datetime) -> Sequence[Session]:
        """All that end later, by when they begin."""
        return self._sessions(tables.school_session.c.ends > since)

    def _sessions(self, where: ColumnElement[bool]) -> Sequence[Session]:
        t = tables.school_session
        query = select(t).where(where).order_by(t.c.begins, t.c.session)
        return [Session(**dict(row)) for row in self._context.connection.execute(query).mappings()]

    def next_session(self) -> str:
        """One more than the last."""
        last = self._context.connection.execute(select(func.max(tables.school_session.c.session))).scalar()
        return str(int(last) + 1 if last else FIRST_SESSION)

    def plan(self, session: Session) -> None:
        """Enter one."""
        self._context.connection.execute(tables.school_session.insert().values(**asdict(session)))

    def change(self, session: Session) -> None:
        """Keep what changed."""
        t = tables.school_session
        changed = t.update().where(t.c.session == session.session).values(**asdict(session))
        self._context.connection.execute(changed)

    def next_number(self) -> int:
        """One more than the last."""
        return self._next(tables.school_enrolment.c.number)

    def _next(self, column: Column[int]) -> int:
        return int(self._context.connection.execute(select(func.max(column))).scalar() or 0) + 1

    def enrol(self, enrolment: Enrolment) -> None:
        """Enter one."""
        self._context.connection.execute(tables.school_enrolment.insert().values(**asdict(enrolment)))

    def move(self, enrolment: Enrolment) -> None:
        """Keep what changed."""
        t = tables.school_enrolment
        changed = t.update().where(t.c.token == enrolment.token).values(**asdict(enrolment))
        self._context.connection.execute(changed)

    def by_token(self, token: str) -> Enrolment | None:
        """The one of that token."""
        return next(iter(self._enrolments(tables.school_enrolment.c.token == token)), None)

    def of_session(self, session: str) -> Sequence[Enrolment]:
        """By number."""
        return self._enrolments(tables.school_enrolment.c.session == session)

    def of_person(self, visitors: Sequence[str], mobiles: Sequence[str]) -> Sequence[Enrolment]:
        """All under one of the names or phones."""
        t = tables.school_enrolment
        return self._enrolments(or_(t.c.visitor.in_(visitors), t.c.mobile.in_(mobiles)))

    def _enrolments(self, where: ColumnElement[bool]) -> Sequence[Enrolment]:
        t = tables.school_enrolment
        query = select(t).where(where).order_by(t.c.number)
        return [Enrolment(**dict(row)) for row in self._context.connection.execute(query).mappings()]

    def evaluate(self, evaluation: Evaluation) -> None:
        """Enter one, under the next number."""
        t = tables.school_evaluation
        numbered = replace(evaluation, number=self._next(t.c.number))
        self._context.connection.execute(t.insert().values(**asdict(numbered)))

    def evaluations(self, session: str) -> Sequence[Evaluation]:
        """By level and words, so that their order tells nobody who came first."""
        t = tables.school_evaluation
        query = select(t).where(t.c.session == session).order_by(t.c.level, t.c.words, t.c.number)
        return [Evaluation(**dict(row)) for row in self._context.connection.execute(query).mappings()]

    def note(self, event: SchoolEvent) -> None:
        """Enter what was done, under the next number."""
        t = tables.school_event
        numbered = replace(event, number=self._next(t.c.number))
        self._context.connection.execute(t.insert().values(**asdict(numbered)))

    def history(self, session: str) -> Sequence[SchoolEvent]:
        """By number."""
        t = tables.school_event
        query = select(t).where(t.c.session == session).order_by(t.c.number)
        return [SchoolEvent(**dict(row)) for row in self._context.connection.execute(query).mappings()]
