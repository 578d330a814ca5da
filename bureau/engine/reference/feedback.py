"""Complaints and tip-offs in the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import case as if_
from sqlalchemy import select

from bureau.engine.reference.context import Context, Type
from bureau.ports.feedback import Desk, FeedbackAct, FeedbackCase, FeedbackState
from bureau.store import tables

TYPES: Mapping[Desk, str] = {"complaint": Type.COMPLAINT, "report": Type.TIP_OFF}


class ReferenceFeedback:
    """Implements ``Feedback``."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def number_for(self, key: str, desk: Desk) -> str:
        """The number of the one that the effect with this key brings."""
        return self._context.number_for(TYPES[desk], f"feedback:{key}")

    def add(self, case: FeedbackCase) -> None:
        """Enter one."""
        self._context.connection.execute(tables.feedback_case.insert().values(**asdict(case)))

    def case(self, number: str, *, lock: bool = False) -> FeedbackCase | None:
        """One by its number."""
        t = tables.feedback_case
        query = select(t).where(t.c.number == number)
        query = query.with_for_update() if lock else query
        row = self._context.connection.execute(query).mappings().one_or_none()
        return None if row is None else FeedbackCase(**_named(row))

    def by_key(self, key: str) -> FeedbackCase | None:
        """The one that the effect with this key brought."""
        t = tables.feedback_case
        row = self._context.connection.execute(select(t).where(t.c.key == key)).mappings().one_or_none()
        return None if row is None else FeedbackCase(**_named(row))

    def of_phone(self, mobile: str, limit: int) -> Sequence[FeedbackCase]:
        """Complaints that named this phone, the latest first."""
        t = tables.feedback_case
        query = select(t).where(t.c.desk == "complaint", t.c.mobile == mobile)
        query = query.order_by(t.c.received_at.desc(), t.c.number.desc()).limit(limit)
        return [FeedbackCase(**_named(row)) for row in self._context.connection.execute(query).mappings()]

    def change(self, case: FeedbackCase) -> None:
        """Keep what was decided of it."""
        t = tables.feedback_case
        self._context.connection.execute(t.update().where(t.c.number == case.number).values(**asdict(case)))

    def note(self, act: FeedbackAct) -> None:
        """Keep what was done; the database changes no row of it."""
        self._context.connection.execute(tables.feedback_act.insert().values(**asdict(act)))

    def acts(self, number: str) -> Sequence[FeedbackAct]:
        """What was done with it, in order."""
        t = tables.feedback_act
        query = select(t).where(t.c.number == number).order_by(t.c.seq)
        return [FeedbackAct(**_named(row)) for row in self._context.connection.execute(query).mappings()]

    def listed(self, desk: Desk, states: Sequence[FeedbackState], limit: int) -> Sequence[FeedbackCase]:
        """Those of a desk in these states, the one whose next term ends first on top."""
        t = tables.feedback_case
        due = if_((t.c.state == "received", t.c.accept_by), else_=t.c.answer_by)
        query = select(t).where(t.c.desk == desk, t.c.state.in_(states)).order_by(due, t.c.number)
        rows = self._context.connection.execute(query.limit(limit)).mappings()
        return [FeedbackCase(**_named(row)) for row in rows]


def _named(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(name): value for name, value in row.items()}
