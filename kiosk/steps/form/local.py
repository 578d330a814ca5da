"""What a form holds while it is filled in, and what of it every part reads: rows, texts, values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from config.catalogue.models import FormRowModel, FormStep, Input
from kiosk.domain.errors import FieldError
from kiosk.domain.formatting import as_date
from kiosk.domain.inputs import VALUES
from kiosk.flow.pages import Choice
from kiosk.steps.base import Ctx
from kiosk.steps.calculators import CALCULATORS
from kiosk.steps.choose.options import offered
from kiosk.steps.drafts import drafted
from kiosk.steps.form.inputs import known_as
from kiosk.steps.rows import choices, look_in, name, rows_at

ROWS_A_PAGE = 5
"""More than that at once nobody takes in (screens note, section 5)."""
ROWS_A_PAGE_ELDER = 4
ROWS_A_PAGE_TALL = 3
"""In larger words, where several rows hold words: each has its box below its label."""
PICKED = (Input.DATE, Input.MONTH, Input.OPTION)
"""Given by touching one of a few on a page of its own."""


@dataclass(frozen=True, slots=True)
class Local:
    """What the centre knows, what was typed so far by row, and the row whose keys are open.

    ``at``: index of a row on the page that is shown. ``part``: year or month touched so far of a date. ``window``:
    the page of years that is shown, counted from 1; 0: the one with the value.
    """

    known: Mapping[str, Any]
    typed: Mapping[str, str] = field(default_factory=dict)
    focused: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    at: int = 0
    part: str = ""
    window: int = 0


def editable(ctx: Ctx[FormStep], row: FormRowModel) -> bool:
    """Whether the person may give it now."""
    return row.editable == "yes" or (row.editable == "offline" and ctx.state.offline)


def kind_of(row: FormRowModel) -> Input:
    """Its input; the catalogue lets no editable row pass without one."""
    return row.input or Input.TEXT


def visible_rows(ctx: Ctx[FormStep], local: Local) -> list[FormRowModel]:
    """The rows of this visit: some are only there with the network, some only without, some only of one form."""
    hidden = "offline" if ctx.state.offline else "online"
    form = ctx.look(ctx.step.form_of) if ctx.step.form_of else None
    return [
        row
        for row in ctx.step.rows
        if row.hidden != hidden and (not row.forms or form in row.forms) and not _of_nobody(ctx, local, row)
    ]


def _of_nobody(ctx: Ctx[FormStep], local: Local, row: FormRowModel) -> bool:
    """Whether it is a figure of a return that they do not have: nobody told how high it may be, or nothing."""
    if not ctx.step.calculator:
        return False
    if row.seldom and row.value is not None:
        return not look_in(ctx, derived(ctx, local, ctx.step.rows), row.value)
    return row.max_of is not None and look_in(ctx, derived(ctx, local, ctx.step.rows), row.max_of) is None


def row_named(ctx: Ctx[FormStep], local: Local, row_id: str) -> FormRowModel | None:
    """The row the person may give, or None."""
    return next((row for row in visible_rows(ctx, local) if row.id == row_id and editable(ctx, row)), None)


def page_size(ctx: Ctx[FormStep], local: Local) -> int:
    """How many rows stand on one page, as even as can be."""
    rows = visible_rows(ctx, local)
    most = ROWS_A_PAGE
    if ctx.state.mode == "elder" and len(rows) > ROWS_A_PAGE:
        tall = sum(editable(ctx, row) and kind_of(row) is Input.TEXT for row in rows)
        most = ROWS_A_PAGE_ELDER if tall < 2 else ROWS_A_PAGE_TALL
    return -(-len(rows) // -(-len(rows) // most))


def pages(ctx: Ctx[FormStep], local: Local) -> int:
    """How many pages the form has."""
    return -(-len(visible_rows(ctx, local)) // page_size(ctx, local))


def page_of(ctx: Ctx[FormStep], local: Local) -> int:
    """The page, from 0, that is open: the one with the row at ``local.at``."""
    return min(local.at // page_size(ctx, local), pages(ctx, local) - 1)


def rows_on(ctx: Ctx[FormStep], local: Local, page: int) -> Sequence[FormRowModel]:
    """The rows of a page."""
    size = page_size(ctx, local)
    return visible_rows(ctx, local)[page * size : (page + 1) * size]


def scanned(ctx: Ctx[FormStep], row: FormRowModel) -> Any:
    """What a code said of the row; None where none was read, or it says nothing of it."""
    value = ctx.look(row.scanned) if row.scanned else None
    return None if value == "" else value


def prefilled(ctx: Ctx[FormStep], local: Local, row: FormRowModel) -> Any:
    """What is known for the row before anybody types: begun on a phone, else scanned, else as the file says."""
    begun = drafted(ctx, row)
    if begun is not None:
        return begun
    read = scanned(ctx, row)
    if read is not None:
        return read
    return look_in(ctx, figures(ctx, local), row.value) if row.value else None


def text_of(ctx: Ctx[FormStep], local: Local, row: FormRowModel) -> str:
    """What was typed, else what stands there already as if it had been."""
    if row.id in local.typed:
        return local.typed[row.id]
    text = known_as(kind_of(row), prefilled(ctx, local, row))
    if kind_of(row) is Input.OPTION and text not in {c.id for c in options(ctx, local, row) if c.enabled}:
        return ""
    return text


def options(ctx: Ctx[FormStep], local: Local, row: FormRowModel) -> tuple[Choice, ...]:
    """What an option row offers: the file's own, or the rows of an answer."""
    if row.options_of is None:
        return offered(ctx, row.options)
    return choices(ctx, row.options_of, rows_at(ctx, local.known, row.options_of.rows))


def title_of(ctx: Ctx[FormStep], local: Local, row: FormRowModel, option: str) -> object:
    """The words of an option as they were told: in every language, or one text."""
    offer = row.options_of
    if offer is None:
        return next((dict(o.title) for o in row.options if o.id == option), "")
    rows = rows_at(ctx, local.known, offer.rows)
    return next((r.get(offer.title.field) for r in rows if name(offer, r) == option), "")


def today(ctx: Ctx[FormStep]) -> date:
    """The business day."""
    return as_date(ctx.around.now())


def figures(ctx: Ctx[FormStep], local: Local) -> Mapping[str, Any]:
    """What the rows show: what is known, and what a calculator makes of it with what was read from codes and typed."""
    return derived(ctx, local, visible_rows(ctx, local)) if ctx.step.calculator else local.known


def derived(ctx: Ctx[FormStep], local: Local, rows: Sequence[FormRowModel]) -> Mapping[str, Any]:
    """What the calculator of the form makes of these rows."""
    read = {row.id: found for row in rows if (found := scanned(ctx, row)) is not None}
    typed = {row.id: _amount(row, local.typed[row.id]) for row in rows if row.id in local.typed}
    return CALCULATORS[ctx.step.calculator].derive(local.known, {**read, **typed}, today(ctx))


def _amount(row: FormRowModel, text: str) -> Any:
    """What was typed as a value; no figure yet counts as none."""
    counted = kind_of(row) in (Input.MONEY, Input.COUNT)
    try:
        return VALUES[kind_of(row)](text, date.max)
    except (FieldError, ValueError):
        return 0 if counted else None
