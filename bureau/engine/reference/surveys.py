"""Surveys in the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, cast

from sqlalchemy import func, select

from bureau.engine.reference.context import Context
from bureau.ports.surveys import Option, Reply, Survey, SurveyAnswer, SurveyAsks, SurveyEvent
from bureau.store import tables
from bureau.store.insert import insert_into

HELD = "surveys"


class ReferenceSurveys:
    """Implements ``Surveys``."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def lock(self) -> None:
        """The list has no row of its own to lock."""
        self._context.hold(HELD)

    def entries(self) -> Sequence[Survey]:
        """All, the one that ends first on top."""
        t = tables.survey
        query = select(t).order_by(t.c.until, t.c.survey)
        return [_survey(row) for row in self._context.connection.execute(query).mappings()]

    def find(self, survey: str) -> Survey | None:
        """One by its name."""
        t = tables.survey
        rows = self._context.connection.execute(select(t).where(t.c.survey == survey)).mappings()
        return next((_survey(row) for row in rows), None)

    def add(self, survey: Survey) -> None:
        """Enter one."""
        self._context.connection.execute(tables.survey.insert().values(**asdict(survey)))

    def change(self, survey: Survey) -> None:
        """Keep what was decided; what it asks stays."""
        t = tables.survey
        kept = ("state", "decided_by", "decided_at", "closed_at", "reason")
        row = {name: value for name, value in asdict(survey).items() if name in kept}
        self._context.connection.execute(t.update().where(t.c.survey == survey.survey).values(**row))

    def answered(self, survey: str, visit: str) -> bool:
        """Note the visit; False where it stood there."""
        connection, t = self._context.connection, tables.survey_visit
        first = insert_into(connection, t).values(survey=survey, visit=visit).on_conflict_do_nothing()
        return connection.execute(first.returning(t.c.visit)).scalar() is not None

    def take(self, answer: SurveyAnswer) -> None:
        """Enter the answers of one visitor."""
        self._context.connection.execute(tables.survey_answer.insert().values(**asdict(answer)))

    def answers(self, survey: str) -> Sequence[SurveyAnswer]:
        """By their random names."""
        t = tables.survey_answer
        query = select(t).where(t.c.survey == survey).order_by(t.c.token)
        return [_answer(row) for row in self._context.connection.execute(query).mappings()]

    def note(self, event: SurveyEvent) -> None:
        """Enter what was done, under the next number."""
        t = tables.survey_event
        last = cast(int | None, self._context.connection.execute(select(func.max(t.c.number))).scalar())
        row = asdict(replace(event, number=(last or 0) + 1))
        self._context.connection.execute(t.insert().values(**row))

    def history(self, survey: str) -> Sequence[SurveyEvent]:
        """By number."""
        t = tables.survey_event
        query = select(t).where(t.c.survey == survey).order_by(t.c.number)
        return [SurveyEvent(**dict(row)) for row in self._context.connection.execute(query).mappings()]


def _survey(row: Mapping[Any, Any]) -> Survey:
    asks = [
        SurveyAsks(**{**one, "options": tuple(Option(**option) for option in one["options"])})
        for one in row["questions"]
    ]
    return Survey(**{**dict(row), "questions": tuple(asks)})


def _answer(row: Mapping[Any, Any]) -> SurveyAnswer:
    replies = tuple(Reply(one["question"], tuple(one["options"]), one["words"]) for one in row["replies"])
    return SurveyAnswer(**{**dict(row), "replies": replies})
