"""What is wrong with a row, in the person's language, when they want to go on; and what the rows leave."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from config.catalogue.models import FormRowModel, FormStep, Input
from kiosk.domain import inputs
from kiosk.domain.concealing import conceal
from kiosk.domain.errors import FieldError
from kiosk.domain.formatting import as_date
from kiosk.steps.base import Ctx
from kiosk.steps.form.local import (
    Local,
    editable,
    figures,
    kind_of,
    prefilled,
    text_of,
    title_of,
    today,
    visible_rows,
)
from kiosk.steps.rows import look_in


def wrong(ctx: Ctx[FormStep], local: Local, row: FormRowModel) -> str:
    """What to mend, or nothing. What stood there beforehand is the centre's and is not judged."""
    if not editable(ctx, row):
        return ""
    text, label = text_of(ctx, local, row).strip(), ctx.say(row.label)
    if not text:
        return inputs.missing(row, label, ctx.t)
    if row.id not in local.typed:
        return ""
    try:
        value = inputs.VALUES[kind_of(row)](text, today(ctx))
    except FieldError as error:
        return inputs.misread(row, label, error, ctx.t)
    limits = inputs.bounds(row, _known(ctx, local, row.min_of), _known(ctx, local, row.max_of))
    return inputs.beyond(row, label, value, limits, ctx.t) or inputs.mislong(row, label, text, ctx.t)


def _known(ctx: Ctx[FormStep], local: Local, path: str | None) -> object:
    return look_in(ctx, figures(ctx, local), path) if path else None


def span(ctx: Ctx[FormStep], local: Local, row: FormRowModel) -> tuple[date, date]:
    """The first and the last day that may be chosen: a hundred years back, twenty ahead, unless the file says."""
    now = today(ctx)
    earliest = _day(ctx, local, row.earliest) or date(now.year - 100, 1, 1)
    latest = _day(ctx, local, row.latest) or date(now.year + 20, 12, 31)
    return earliest, max(earliest, latest)


def _day(ctx: Ctx[FormStep], local: Local, told: str | None) -> date | None:
    if told is None:
        return None
    if told == "today":
        return today(ctx)
    found = told if told[0].isdigit() else look_in(ctx, local.known, told)
    return as_date(found) if found else None


def values(ctx: Ctx[FormStep], local: Local) -> Mapping[str, object]:
    """What the rows leave, by row id; an option also leaves its words as ``<row>_title``."""
    left: dict[str, object] = {}
    for row in visible_rows(ctx, local):
        left[row.id] = _value(ctx, local, row)
        if kind_of(row) is Input.OPTION:
            left[f"{row.id}_title"] = title_of(ctx, local, row, str(left[row.id] or ""))
    return left


def right(ctx: Ctx[FormStep], local: Local) -> Mapping[str, object]:
    """The values of those rows that have nothing wrong: a form that is not finished yet."""
    rows = [row for row in visible_rows(ctx, local) if not wrong(ctx, local, row)]
    return {row.id: _value(ctx, local, row) for row in rows}


def _value(ctx: Ctx[FormStep], local: Local, row: FormRowModel) -> object:
    if not editable(ctx, row) or row.id not in local.typed:
        return prefilled(ctx, local, row)
    text = local.typed[row.id].strip()
    if row.conceals:
        text = conceal(text, ctx.state.lang).text
    return inputs.VALUES[kind_of(row)](text, today(ctx)) if text else None


__all__ = ["right", "span", "values", "wrong"]
