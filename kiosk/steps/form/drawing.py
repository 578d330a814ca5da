"""The form as a page: the rows of this page, what was typed into them, and where the rest comes from."""

from __future__ import annotations

from config.catalogue.models import Format, FormRowModel, FormStep, Input
from kiosk.domain.errors import FieldError
from kiosk.domain.identifiers import check_registered
from kiosk.flow.pages import Choice, FormPage, FormRow
from kiosk.steps.base import Ctx
from kiosk.steps.calculators import RETURNS
from kiosk.steps.continuing import offered
from kiosk.steps.drafts import drafted
from kiosk.steps.form.inputs import KINDS
from kiosk.steps.form.local import (
    Local,
    editable,
    figures,
    kind_of,
    options,
    page_of,
    pages,
    rows_on,
    scanned,
    text_of,
)
from kiosk.steps.printed import sure_of
from kiosk.steps.rows import look_in


def form_page(ctx: Ctx[FormStep], local: Local) -> FormPage:
    """The rows of the page that is open."""
    number, count = page_of(ctx, local), pages(ctx, local)
    shown = rows_on(ctx, local, number)
    words = ctx.titles()
    filed = ctx.step.calculator in RETURNS
    if ctx.state.offline and filed:
        words["lead"] = ctx.t("form.offline")
    if any(sure_of(ctx, row) is not None for row in rows_on(ctx, local, 0)):
        words["lead"] = ctx.t("form.printed")
    if not last_page(ctx, local):
        words["action"] = ctx.t("form.next")
    saved = ctx.t("form.saved") if filed else ctx.t("form.kept")
    return FormPage(
        **words,
        **ctx.owner(),
        rows=tuple(_row(ctx, local, row) for row in shown),
        focused=local.focused,
        quiet=() if local.focused and ctx.state.mode == "elder" else offered(ctx),  # large keys need its room
        errors=tuple(local.errors[row.id] for row in shown if row.id in local.errors),
        note=ctx.t("form.page", page=number + 1, pages=count) if count > 1 else saved,
    )


def last_page(ctx: Ctx[FormStep], local: Local) -> bool:
    """Whether the main button ends the form; also for who only came back to change one thing."""
    return page_of(ctx, local) == pages(ctx, local) - 1 or ctx.state.return_to is not None


def _row(ctx: Ctx[FormStep], local: Local, row: FormRowModel) -> FormRow:
    if not editable(ctx, row):
        return _fixed(ctx, local, row)
    kind, text = kind_of(row), text_of(ctx, local, row)
    yes_no = ("yes", "no") if kind is Input.YES_NO else ()
    # How a figure is typed is of no use to who compares one, and takes the room of what warns of it.
    compared = bool(text) and row.id not in local.typed and sure_of(ctx, row) is not None
    return FormRow(
        id=row.id,
        label=ctx.say(row.label)
        if not row.optional or row.note
        else ctx.t("form.optional", label=ctx.say(row.label)),
        value=_shown(ctx, local, row, text),
        note=_doubt(ctx, local, row) or ("" if compared else ctx.say(row.note)),
        source=_source(ctx, local, row),
        editable=True,
        keypad=KINDS[kind].keypad,
        error=local.errors.get(row.id, ""),
        strong=row.strong,
        input=str(kind),
        most=row.max_length or 0,
        choices=tuple(Choice(word, ctx.show_as(Format.YES_NO, word)) for word in yes_no),
        chosen=text if yes_no else "",
        doubtful=compared and sure_of(ctx, row) is False,
        endings=tuple(f"@{ending}" for ending in row.endings),
    )


def _fixed(ctx: Ctx[FormStep], local: Local, row: FormRowModel) -> FormRow:
    known = figures(ctx, local)
    value = look_in(ctx, known, row.value) if row.value else None
    until = look_in(ctx, known, row.until) if row.until else None
    words = _shown(ctx, local, row, text_of(ctx, local, row))
    return FormRow(
        id=row.id,
        label=ctx.say(row.label),
        value=words if row.input is Input.OPTION else ctx.show_as(row.format, value, until),
        note=ctx.say(row.note),
        source=ctx.say(row.source),
        strong=row.strong,
    )


def _shown(ctx: Ctx[FormStep], local: Local, row: FormRowModel, text: str) -> str:
    """What was typed as it was typed while the keys are open; what was known beforehand is masked until then."""
    kind = KINDS[kind_of(row)]
    typed = row.id in local.typed
    if kind_of(row) is Input.OPTION:
        return next((c.title for c in options(ctx, local, row) if c.id == text), "")
    if row.id == local.focused and typed:
        return text
    if row.id == local.focused and kind_of(row) is not Input.MONEY:
        return text if kind.fits.fullmatch(text) else ""
    if kind.masked and not typed:
        return ctx.show_as(kind.masked, text)
    return kind.shown(text, ctx.state.lang) if text else ""


def _source(ctx: Ctx[FormStep], local: Local, row: FormRowModel) -> str:
    """Where the value comes from; after a correction, that it is the person's."""
    begun, read = drafted(ctx, row) is not None, scanned(ctx, row) is not None
    sure = sure_of(ctx, row)
    if not read and sure is None and (row.editable != "yes" or not (row.source or begun)):
        return ""
    if row.id in local.typed:
        return ctx.t("form.corrected")
    if not text_of(ctx, local, row):
        return ""
    if begun:
        return ctx.t("form.from-phone")
    if sure is not None:
        return ctx.t("form.from-print" if sure else "form.from-print.doubtful")
    return ctx.t("form.from-code") if read else ctx.say(row.source)


def _doubt(ctx: Ctx[FormStep], local: Local, row: FormRowModel) -> str:
    """A credit code with a wrong check character: old ones have it, so it only warns (domain note, 2.2)."""
    if kind_of(row) is not Input.USCC or row.id not in local.typed:
        return ""
    try:
        return "" if check_registered(local.typed[row.id]).check_ok else ctx.t("claim.doubtful")
    except FieldError:
        return ""
