"""A prefilled form: the person looks, corrects, fills what only they know, and sees figures follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from config.catalogue.models import FormRowModel, FormStep, Input
from kiosk.flow.events import Action, Intent, Outcome
from kiosk.flow.pages import Page
from kiosk.flow.state import After, Message
from kiosk.steps.asking import ask, failed, unreachable, working
from kiosk.steps.base import Ctx, Go, Move, step_kind
from kiosk.steps.calculators import CALCULATORS, RETURNS
from kiosk.steps.continuing import chosen
from kiosk.steps.drafts import taken_up
from kiosk.steps.form import picker
from kiosk.steps.form.check import right, values, wrong
from kiosk.steps.form.drawing import form_page, last_page
from kiosk.steps.form.inputs import KINDS
from kiosk.steps.form.local import (
    PICKED,
    Local,
    figures,
    kind_of,
    page_of,
    page_size,
    row_named,
    rows_on,
    visible_rows,
)


@step_kind("form")
class Form:
    """Prefill, edit, derive."""

    def enter(self, ctx: Ctx[FormStep]) -> Move:
        """Come back to what was typed, ask the centre, or begin unaided when offline."""
        kept = ctx.look(ctx.step.id)
        if isinstance(kept, Mapping) and kept.get("asked") == _asked(ctx):
            return Move(local=Local(kept["known"], kept["typed"]))
        if ctx.state.offline or ctx.step.ask is None:
            return Move(local=_unaided(ctx))
        return ask(ctx, ctx.step.ask)

    def on_outcome(self, ctx: Ctx[FormStep], outcome: Outcome) -> Move:
        """The prefill is here; a return of this period filed already is said before anything is typed."""
        if unreachable(outcome) and ctx.service.offline == "queue":
            return Move(local=_unaided(ctx), offline=True, redraw=True)
        bad = failed(ctx, outcome)
        if bad:
            return bad
        if outcome.data.get("declared_already"):
            number = str(outcome.data["declared_already"])
            facts = ((ctx.t("form.declared.number"), number),)
            title, body = ctx.t("form.declared.title"), (ctx.t("form.declared.body"),)
            message = Message("refused", title, body, After.HOME, facts)
            return Move(local=Local(outcome.data), message=message)
        return Move(local=Local(outcome.data), redraw=True)

    def on_intent(self, ctx: Ctx[FormStep], intent: Intent) -> Move:
        """A row opened, a key pressed, one of a few touched, or the main button."""
        local = ctx.state.local
        if not isinstance(local, Local):
            return Move(local=local)
        picking = _picking(ctx, local)
        match intent.action:
            case Action.EDIT:
                return _open(ctx, local, intent.value)
            case Action.FILL:
                return Move(local=_fill(ctx, local, intent))
            case Action.CHOOSE if picking:
                return _turn(local, picker.chosen(ctx, local, picking, intent.value))
            case Action.PAGE if picking:
                return _turn(local, picker.turned(ctx, local, picking, intent.value))
            case Action.SECOND if picking and intent.value == picker.CLOSE:
                return Move(local=replace(local, focused="", part="", window=0), redraw=True)
            case Action.SECOND if picking:
                return _turn(local, picker.chosen(ctx, local, picking, intent.value))
            case Action.PROCEED if not picking:
                return _proceed(ctx, local)
            case Action.SECOND if not picking and chosen(ctx, intent):
                return Move(go=Go.PHONE, answer={**right(ctx, local), **_kept(ctx, local)})
        return Move(local=local)

    def back(self, ctx: Ctx[FormStep]) -> Move | None:
        """Within the form first; out of it with what was typed kept, for who comes again."""
        local = ctx.state.local
        if not isinstance(local, Local):
            return None
        if _picking(ctx, local):
            return Move(local=picker.back(local), redraw=True)
        page = page_of(ctx, local)
        if page > 0 and ctx.state.return_to is None:
            return Move(local=replace(local, at=(page - 1) * page_size(ctx, local), focused=""), redraw=True)
        return Move(go=Go.BACK, answer=_kept(ctx, local))

    def page(self, ctx: Ctx[FormStep]) -> Page:
        """The rows, what one of them offers, or a moment's wait."""
        local = ctx.state.local
        if not isinstance(local, Local):
            return working(ctx)
        picking = _picking(ctx, local)
        return picker.page(ctx, local, picking) if picking else form_page(ctx, local)


def _kept(ctx: Ctx[FormStep], local: Local) -> Mapping[str, object]:
    """What whoever comes back finds as they left it."""
    return {"known": dict(local.known), "typed": dict(local.typed), "asked": _asked(ctx)}


def _asked(ctx: Ctx[FormStep]) -> Mapping[str, object]:
    """For whom and what the form is: for another taxpayer, choice or draft what was kept means nothing."""
    params = ctx.step.ask.params if ctx.step.ask is not None else {}
    whose = {name: ctx.look(f"enterprise.{name}") for name in ("taxpayer", "mandate")}
    chosen = {n: ctx.look(path) for n, path in params.items()}
    return {**whose, "draft": taken_up(ctx), **_which(ctx), **chosen}


def _which(ctx: Ctx[FormStep]) -> Mapping[str, object]:
    """Which of several forms it is; nothing where there is one."""
    return {"form": ctx.look(ctx.step.form_of)} if ctx.step.form_of else {}


def _unaided(ctx: Ctx[FormStep]) -> Local:
    if not ctx.step.calculator:
        return Local(_which(ctx))
    unaided = CALCULATORS[ctx.step.calculator].unaided(ctx.around.now(), ctx.around.city_rate)
    return Local({**unaided, **_which(ctx)})


def _picking(ctx: Ctx[FormStep], local: Local) -> FormRowModel | None:
    """The row whose options or parts are open on a page of their own."""
    row = row_named(ctx, local, local.focused) if local.focused else None
    return row if row and kind_of(row) in PICKED else None


def _open(ctx: Ctx[FormStep], local: Local, row_id: str) -> Move:
    """The keys of a row, on its page of the form; a row that is given by touch opens a page of its own."""
    row = row_named(ctx, local, row_id)
    if row is None or kind_of(row) is Input.YES_NO:
        at = _index(ctx, local, row_id) if row else local.at
        return Move(local=replace(local, focused="", at=at))
    opened = replace(local, focused=row_id, at=_index(ctx, local, row_id), part="", window=0)
    return Move(local=opened, redraw=kind_of(row) in PICKED)


def _index(ctx: Ctx[FormStep], local: Local, row_id: str) -> int:
    return next(i for i, row in enumerate(visible_rows(ctx, local)) if row.id == row_id)


def _turn(before: Local, after: Local) -> Move:
    """A page of its own comes or goes; a touch that means nothing changes nothing."""
    return Move(local=after, redraw=after is not before)


def _fill(ctx: Ctx[FormStep], local: Local, intent: Intent) -> Local:
    row = row_named(ctx, local, intent.value)
    if row is None or not KINDS[kind_of(row)].fits.fullmatch(intent.text):
        return local
    if row.max_length is not None and len(intent.text) > row.max_length:
        return local
    errors = {k: v for k, v in local.errors.items() if k != row.id}
    focused = "" if kind_of(row) is Input.YES_NO else row.id
    return replace(local, typed={**local.typed, row.id: intent.text}, errors=errors, focused=focused)


def _proceed(ctx: Ctx[FormStep], local: Local) -> Move:
    """To the next page of the form, to what has to be mended, or on."""
    last = last_page(ctx, local)
    looked_at = visible_rows(ctx, local) if last else rows_on(ctx, local, page_of(ctx, local))
    errors = {row.id: told for row in looked_at if (told := wrong(ctx, local, row))}
    if errors:
        first = next(row for row in looked_at if row.id in errors)
        keys = first.id if KINDS[kind_of(first)].keypad else ""
        at = _index(ctx, local, first.id)
        moved = page_of(ctx, replace(local, at=at)) != page_of(ctx, local)
        return Move(local=replace(local, errors=errors, focused=keys, at=at), redraw=moved)
    if not last:
        at = (page_of(ctx, local) + 1) * page_size(ctx, local)
        return Move(local=replace(local, at=at, focused="", errors={}), redraw=True)
    return _leave(ctx, local)


def _leave(ctx: Ctx[FormStep], local: Local) -> Move:
    derived: Mapping[str, Any] = figures(ctx, local)
    limit = ctx.around.offline_max_fen
    if ctx.state.offline and ctx.step.calculator in RETURNS and derived.get("total_fen", 0) > limit:
        body = ctx.t("form.offline.too-much", limit=limit // 100)
        message = Message("refused", ctx.t("message.refused"), (body,), After.HOME)
        return Move(local=local, message=message)
    rows = values(ctx, local)
    left = {**rows, **derived} if ctx.step.calculator else {**derived, **rows}
    return Move(go=Go.NEXT, answer={**left, **_kept(ctx, local)})
