"""What is wrong with a row, in the person's language, when they want to go on; and what the rows leave."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from config.catalogue.models import Format, FormRowModel, FormStep, Input
from kiosk.domain.errors import FieldError
from kiosk.domain.money import fen
from kiosk.steps.base import Ctx
from kiosk.steps.form.inputs import KINDS
from kiosk.steps.form.local import (
    PICKED,
    Local,
    editable,
    kind_of,
    prefilled,
    text_of,
    title_of,
    today,
    visible_rows,
)
from kiosk.steps.formatting import as_date
from kiosk.steps.rows import look_in

Bounds = tuple[int | None, int | None]


def wrong(ctx: Ctx[FormStep], local: Local, row: FormRowModel) -> str:
    """What to mend, or nothing. What stood there beforehand is the centre's and is not judged."""
    if not editable(ctx, row):
        return ""
    text, label = text_of(ctx, local, row).strip(), ctx.say(row.label)
    if not text:
        touched = kind_of(row) in PICKED or kind_of(row) is Input.YES_NO
        missing = ctx.t("form.choose", label=label) if touched else ctx.t("form.empty", label=label)
        return "" if row.optional else missing
    if row.id not in local.typed:
        return ""
    try:
        value = KINDS[kind_of(row)].value(text, today(ctx))
    except FieldError as error:
        return (
            ctx.t("form.amount.wrong", label=label) if kind_of(row) is Input.MONEY else ctx.t(error.text_id)
        )
    return _beyond(ctx, local, row, value) or _mislong(ctx, row, text)


def _beyond(ctx: Ctx[FormStep], local: Local, row: FormRowModel, value: object) -> str:
    if not isinstance(value, int) or isinstance(value, bool):
        return ""
    label, (least, most) = ctx.say(row.label), bounds(ctx, local, row)
    if least is not None and value < least:
        return ctx.t("form.less", label=label, limit=_limit(ctx, row, least))
    if most is not None and value > most:
        return ctx.t("form.more", label=label, limit=_limit(ctx, row, most))
    return ""


def _mislong(ctx: Ctx[FormStep], row: FormRowModel, text: str) -> str:
    least, most = row.min_length or 0, row.max_length or len(text)
    if least <= len(text) <= most:
        return ""
    label = ctx.say(row.label)
    if row.min_length == row.max_length:
        return ctx.t("form.length", label=label, count=least)
    if len(text) < least:
        return ctx.t("form.short", label=label, count=least)
    return ctx.t("form.long", label=label, count=most)


def _limit(ctx: Ctx[FormStep], row: FormRowModel, limit: int) -> str:
    return f"¥{ctx.show_as(Format.MONEY, limit)}" if kind_of(row) is Input.MONEY else str(limit)


def bounds(ctx: Ctx[FormStep], local: Local, row: FormRowModel) -> Bounds:
    """The least and the most of a figure, in fen or a number: the file's, drawn closer by what is known."""
    return (
        _closest(max, ctx, local, row, row.min, row.min_of),
        _closest(min, ctx, local, row, row.max, row.max_of),
    )


def _closest(
    pick: Any, ctx: Ctx[FormStep], local: Local, row: FormRowModel, fixed: int | None, path: str | None
) -> int | None:
    told = look_in(ctx, local.known, path) if path else None
    found = [told] if isinstance(told, int) else []
    if fixed is not None:
        found.append(int(fen(Decimal(fixed))) if kind_of(row) is Input.MONEY else fixed)
    return int(pick(found)) if found else None


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
    for row in visible_rows(ctx):
        left[row.id] = _value(ctx, local, row)
        if kind_of(row) is Input.OPTION:
            left[f"{row.id}_title"] = title_of(ctx, local, row, str(left[row.id] or ""))
    return left


def _value(ctx: Ctx[FormStep], local: Local, row: FormRowModel) -> object:
    if not editable(ctx, row) or row.id not in local.typed:
        return prefilled(ctx, local, row)
    text = local.typed[row.id].strip()
    return KINDS[kind_of(row)].value(text, today(ctx)) if text else None


__all__ = ["bounds", "span", "values", "wrong"]
