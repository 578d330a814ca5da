"""Rows of the centre's answer written for the person: titles, lines, tags, and why one cannot be taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from config.catalogue.models import Format, RowsModel, Shown, StateWords
from kiosk.domain.paths import look
from kiosk.flow.pages import Choice
from kiosk.steps.base import Ctx

Row = Mapping[str, Any]


class Closable(Protocol):
    """A model that says which fields tell whether a row may be taken, and why not."""

    @property
    def row_id(self) -> str:
        """The field that names a row."""
        ...

    @property
    def enabled(self) -> str:
        """The field that says whether; empty: every row may be taken."""
        ...

    @property
    def reason(self) -> str:
        """The field with the words for why not, a text or one in each language."""
        ...


def look_in(ctx: Ctx[Any], answer: Row, path: str) -> Any:
    """The value at ``path``: in ``answer`` when it begins with the step's own name, else in the visit's data."""
    if path.split(".", 1)[0] != ctx.step.id:
        return ctx.look(path)
    return look({ctx.step.id: answer}, path)


def rows_at(ctx: Ctx[Any], answer: Row, path: str) -> Sequence[Row]:
    """The rows at ``path``; none where nothing stands."""
    found = look_in(ctx, answer, path)
    return [row for row in found if isinstance(row, Mapping)] if isinstance(found, Sequence) else []


def write(ctx: Ctx[Any], shown: Shown, row: Row) -> str:
    """One field of a row; a sum of money with its sign."""
    value = row.get(shown.field)
    state = _state(shown, value)
    if state is not None:
        return ctx.say(state.title)
    text = ctx.show_as(shown.format, value, row.get(shown.until_field))
    return f"¥{text}" if text and shown.format is Format.MONEY else text


def tone(shown: Shown, row: Row) -> str:
    """The tone of a tag: plain, due or done."""
    state = _state(shown, row.get(shown.field))
    return state.tone if state is not None else "plain"


def usable(model: Closable, row: Row) -> bool:
    """Whether the row may be taken."""
    return not model.enabled or bool(row.get(model.enabled))


def reason(ctx: Ctx[Any], model: Closable, row: Row) -> str:
    """Why the row cannot be taken; empty when it can."""
    if usable(model, row) or not model.reason:
        return ""
    return ctx.show_as(Format.TEXTS, row.get(model.reason))


def name(model: Closable, row: Row) -> str:
    """What names the row."""
    return str(row.get(model.row_id, ""))


def choices(ctx: Ctx[Any], model: RowsModel, rows: Sequence[Row]) -> tuple[Choice, ...]:
    """One choice a row."""
    return tuple(_choice(ctx, model, row) for row in rows)


def _choice(ctx: Ctx[Any], model: RowsModel, row: Row) -> Choice:
    tags = [(write(ctx, shown, row), tone(shown, row)) for shown in model.tags]
    tags = [(text, how) for text, how in tags if text]
    return Choice(
        id=name(model, row),
        title=write(ctx, model.title, row),
        note=" · ".join(filter(None, (_labelled(ctx, shown, row) for shown in model.note))),
        icon=str(row.get(model.icon_of) or "") if model.icon_of else model.icon,
        tags=tuple(text for text, _ in tags),
        enabled=usable(model, row),
        reason=reason(ctx, model, row),
        tag_tones=tuple(how for _, how in tags),
    )


def _labelled(ctx: Ctx[Any], shown: Shown, row: Row) -> str:
    text = write(ctx, shown, row)
    return f"{ctx.say(shown.label)} {text}" if text and shown.label else text


def _state(shown: Shown, value: object) -> StateWords | None:
    word = str(value).lower() if isinstance(value, bool) else str(value)
    return next((state for state in shown.states if state.when == word), None)
