"""Giving a row by touch: one of its options, or year, month and day one after the other.

Nothing is typed and nothing impossible can be touched: no month without its days, no day beyond the limits.
"""

from __future__ import annotations

import calendar
from dataclasses import replace
from datetime import date

from config.catalogue.models import Format, FormRowModel, FormStep, Input
from kiosk.flow.pages import Choice, ChoosePage
from kiosk.steps.base import Ctx
from kiosk.steps.form.check import span
from kiosk.steps.form.local import Local, kind_of, options, text_of, today

YEARS_A_PAGE = 12
CLOSE = "close"


def page(ctx: Ctx[FormStep], local: Local, row: FormRowModel) -> ChoosePage:
    """What can be touched now for ``row``."""
    if kind_of(row) is Input.OPTION:
        return _options(ctx, local, row)
    if not local.part:
        return _years(ctx, local, row)
    return _months(ctx, local, row) if len(local.part) == 4 else _days(ctx, local, row)


def chosen(ctx: Ctx[FormStep], local: Local, row: FormRowModel, value: str) -> Local:
    """After a touch: the next part of the date, or back to the form with the value in its row."""
    shown = page(ctx, local, row)
    offered = {choice.id for choice in (*shown.options, *shown.quiet) if choice.enabled}
    if value not in offered:
        return local
    whole = {Input.OPTION: True, Input.MONTH: len(value) == 7, Input.DATE: len(value) == 10}[kind_of(row)]
    if not whole:
        return replace(local, part=value)
    errors = {k: v for k, v in local.errors.items() if k != row.id}
    return replace(local, typed={**local.typed, row.id: value}, errors=errors, focused="", part="", window=0)


def turned(ctx: Ctx[FormStep], local: Local, row: FormRowModel, number: str) -> Local:
    """Another page of years."""
    shown = page(ctx, local, row)
    if not number.isdigit() or not 1 <= int(number) <= shown.pages:
        return local
    return replace(local, window=int(number))


def back(local: Local) -> Local:
    """The part before: from the days to the months, to the years, to the form."""
    if len(local.part) == 7:
        return replace(local, part=local.part[:4])
    return replace(local, part="") if local.part else replace(local, focused="", window=0)


def _options(ctx: Ctx[FormStep], local: Local, row: FormRowModel) -> ChoosePage:
    current = text_of(ctx, local, row)
    return ChoosePage(
        **ctx.owner(),
        title=ctx.say(row.question),
        lead=ctx.say(row.note) or ctx.t("form.pick.touch"),
        options=options(ctx, local, row),
        selected=(current,) if current else (),
        second=_close(ctx),
    )


def _years(ctx: Ctx[FormStep], local: Local, row: FormRowModel) -> ChoosePage:
    first, last = span(ctx, local, row)
    years = list(range(first.year, last.year + 1))
    count = -(-len(years) // YEARS_A_PAGE)
    current = text_of(ctx, local, row)[:4]
    begin = int(current) if current.isdigit() else min(max(today(ctx).year, first.year), last.year)
    window = local.window or count - (last.year - begin) // YEARS_A_PAGE
    end = len(years) - (count - window) * YEARS_A_PAGE
    shown = years[max(0, end - YEARS_A_PAGE) : end]
    lang_year = [Choice(f"{year:04}", ctx.t("form.pick.year.one", year=year)) for year in shown]
    return ChoosePage(
        **ctx.owner(),
        title=ctx.t("form.pick.year", label=ctx.say(row.label)),
        lead=ctx.say(row.note),
        shape="grid",
        columns=3,
        options=tuple(lang_year),
        selected=(current,) if current else (),
        second=_close(ctx),
        quiet=_now(ctx, local, row),
        page=window,
        pages=count,
        page_text=f"{shown[0]} – {shown[-1]}",
    )


def _months(ctx: Ctx[FormStep], local: Local, row: FormRowModel) -> ChoosePage:
    first, last = span(ctx, local, row)
    cells = []
    for number in range(1, 13):
        month = f"{local.part}-{number:02}"
        inside = first.isoformat()[:7] <= month <= last.isoformat()[:7]
        cells.append(Choice(month, ctx.t(f"form.pick.month.{number}"), enabled=inside))
    return ChoosePage(
        **ctx.owner(),
        title=ctx.t("form.pick.month", label=ctx.say(row.label)),
        lead=ctx.t("form.pick.so-far", chosen=ctx.t("form.pick.year.one", year=int(local.part))),
        shape="grid",
        columns=3,
        options=tuple(cells),
        selected=(text_of(ctx, local, row)[:7],),
        second=_close(ctx),
    )


def _days(ctx: Ctx[FormStep], local: Local, row: FormRowModel) -> ChoosePage:
    first, last = span(ctx, local, row)
    year, month = int(local.part[:4]), int(local.part[5:])
    cells = []
    for number in range(1, calendar.monthrange(year, month)[1] + 1):
        day = date(year, month, number)
        cells.append(Choice(day.isoformat(), str(number), enabled=first <= day <= last))
    return ChoosePage(
        **ctx.owner(),
        title=ctx.t("form.pick.day", label=ctx.say(row.label)),
        lead=ctx.t("form.pick.so-far", chosen=ctx.show_as(Format.MONTH, local.part)),
        shape="grid",
        columns=7,
        options=tuple(cells),
        selected=(text_of(ctx, local, row),),
        second=_close(ctx),
    )


def _now(ctx: Ctx[FormStep], local: Local, row: FormRowModel) -> tuple[Choice, ...]:
    """Today, or this month, in one touch: most likely of what may not lie ahead."""
    if row.latest != "today" or span(ctx, local, row)[0] > today(ctx):
        return ()
    day = today(ctx).isoformat()
    if kind_of(row) is Input.MONTH:
        month = ctx.show_as(Format.MONTH, day)
        return (Choice(day[:7], ctx.t("form.pick.this-month", month=month), icon="clock"),)
    return (Choice(day, ctx.t("form.pick.today", day=ctx.show_as(Format.DATE, day)), icon="clock"),)


def _close(ctx: Ctx[FormStep]) -> Choice:
    return Choice(CLOSE, ctx.t("form.pick.close"), icon="back")
