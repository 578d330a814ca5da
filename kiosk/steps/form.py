"""A prefilled form: the person looks, fills what only they know, and sees the figures follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from config.catalogue.models import FormRowModel, FormStep
from kiosk.domain.errors import FieldError
from kiosk.domain.money import fen
from kiosk.flow.events import Action, Intent, Outcome
from kiosk.flow.pages import FormPage, FormRow, Page
from kiosk.flow.state import After, Message
from kiosk.steps.asking import ask, failed, unreachable, working
from kiosk.steps.base import Ctx, Go, Move, step_kind
from kiosk.steps.calculators import CALCULATORS
from kiosk.steps.formatting import as_date

MAX_YUAN_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Local:
    """What the centre knows, what was typed so far by row, and the row whose keypad is open."""

    known: Mapping[str, Any]
    typed: Mapping[str, str] = field(default_factory=dict)
    focused: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


@step_kind("form")
class Form:
    """Prefill, edit, derive."""

    def enter(self, ctx: Ctx[FormStep]) -> Move:
        """Come back to what was typed, ask the centre, or begin unaided when offline."""
        kept = ctx.look(ctx.step.id)
        if isinstance(kept, Mapping) and "typed" in kept:
            return Move(local=Local(kept["known"], kept["typed"]))
        if ctx.state.offline or ctx.step.ask is None:
            return Move(local=self._unaided(ctx))
        return ask(ctx, ctx.step.ask)

    def on_outcome(self, ctx: Ctx[FormStep], outcome: Outcome) -> Move:
        """The prefill is here; a return of this period filed already is said before anything is typed."""
        if unreachable(outcome) and ctx.service.offline == "queue":
            return Move(local=self._unaided(ctx), offline=True, redraw=True)
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
        """A row opened, a key pressed, or the main button."""
        local = ctx.state.local
        if not isinstance(local, Local):
            return Move(local=local)
        match intent.action:
            case Action.EDIT:
                editable = intent.value in {r.id for r in self._rows(ctx) if _editable(ctx, r)}
                return Move(local=replace(local, focused=intent.value if editable else ""))
            case Action.FILL:
                return Move(local=self._fill(ctx, local, intent))
            case Action.PROCEED:
                return self._proceed(ctx, local)
        return Move(local=local)

    def page(self, ctx: Ctx[FormStep]) -> Page:
        """The rows, or a moment's wait."""
        local = ctx.state.local
        if not isinstance(local, Local):
            return working(ctx)
        figures = self._figures(ctx, local)
        rows = tuple(self._row(ctx, local, row, figures) for row in self._rows(ctx))
        words = ctx.titles()
        if ctx.state.offline:
            words["lead"] = ctx.t("form.offline")
        return FormPage(
            **words,
            **ctx.owner(),
            rows=rows,
            focused=local.focused,
            errors=tuple(local.errors.values()),
            note=ctx.t("form.saved"),
        )

    def _unaided(self, ctx: Ctx[FormStep]) -> Local:
        calculator = CALCULATORS[ctx.step.calculator]
        return Local(calculator.unaided(ctx.around.now(), ctx.around.city_rate))

    def _rows(self, ctx: Ctx[FormStep]) -> list[FormRowModel]:
        hidden = "offline" if ctx.state.offline else "online"
        return [row for row in ctx.step.rows if row.hidden != hidden]

    def _fill(self, ctx: Ctx[FormStep], local: Local, intent: Intent) -> Local:
        row = next((r for r in self._rows(ctx) if r.id == intent.value and _editable(ctx, r)), None)
        if row is None or not _typeable(intent.text):
            return local
        errors = {k: v for k, v in local.errors.items() if k != row.id}
        return replace(local, typed={**local.typed, row.id: intent.text}, errors=errors, focused=row.id)

    def _proceed(self, ctx: Ctx[FormStep], local: Local) -> Move:
        errors = {
            row.id: ctx.t("form.amount.wrong", label=ctx.say(row.label))
            for row in self._rows(ctx)
            if _editable(ctx, row) and _amount(local.typed.get(row.id, "0")) is None
        }
        if errors:
            return Move(local=replace(local, errors=errors, focused=next(iter(errors))))
        figures = self._figures(ctx, local)
        limit = ctx.around.offline_max_fen
        if ctx.state.offline and figures["total_fen"] > limit:
            body = ctx.t("form.offline.too-much", limit=limit // 100)
            message = Message("refused", ctx.t("message.refused"), (body,), After.HOME)
            return Move(local=local, message=message)
        answer = {**figures, "known": dict(local.known), "typed": dict(local.typed)}
        return Move(go=Go.NEXT, answer=answer)

    def _figures(self, ctx: Ctx[FormStep], local: Local) -> Mapping[str, Any]:
        typed = {row: _amount(text) or 0 for row, text in local.typed.items()}
        today = as_date(ctx.around.now())
        return CALCULATORS[ctx.step.calculator].derive(local.known, typed, today)

    def _row(
        self, ctx: Ctx[FormStep], local: Local, row: FormRowModel, figures: Mapping[str, Any]
    ) -> FormRow:
        editable = _editable(ctx, row)
        until = figures.get(row.until.split(".", 1)[1]) if row.until else None
        value = ctx.show_as(row.format, figures.get(row.value.split(".", 1)[1]), until)
        if editable and row.id in local.typed and row.id == local.focused:
            value = local.typed[row.id]
        return FormRow(
            id=row.id,
            label=ctx.say(row.label),
            value=value,
            note=ctx.say(row.note),
            source="" if editable else ctx.say(row.source),
            editable=editable,
            keypad=row.keypad if editable else "",
            error=local.errors.get(row.id, ""),
            strong=row.strong,
        )


def _editable(ctx: Ctx[FormStep], row: FormRowModel) -> bool:
    return row.editable == "yes" or (row.editable == "offline" and ctx.state.offline)


def _typeable(text: str) -> bool:
    """Digits with at most one point and two decimals, as the money keypad gives them."""
    whole, _, cents = text.partition(".")
    digits = (whole + cents).isascii() and (whole + cents).isdigit()
    return text == "" or (digits and 1 <= len(whole) <= MAX_YUAN_DIGITS and len(cents) <= 2)


def _amount(text: str) -> int | None:
    """Fen of a typed amount; empty counts as zero; None when it is no amount."""
    try:
        return int(fen(Decimal(text or "0")))
    except (InvalidOperation, FieldError, ValueError):
        return None
