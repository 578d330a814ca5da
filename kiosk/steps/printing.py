"""A finished document comes out of the printer; only when nobody can know whether it did, a person is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from config.catalogue.models import PrintStep
from kiosk.flow.effects import COPIES_SPENT, PrintDocument
from kiosk.flow.events import Action, Intent, Outcome
from kiosk.flow.pages import Choice, PrintPage
from kiosk.steps.base import Ctx, Go, Move, Titles, step_kind


@dataclass(frozen=True, slots=True)
class Local:
    """printing, take, problem; ``error`` is the printer's fault code, ``uncertain`` asks the person.

    ``copy`` names the copy that certainly did not come out, to be printed again without a mark.
    """

    state: str = "printing"
    progress: float = 0.0
    error: str = ""
    uncertain: bool = False
    tries: int = 1
    copy: str = ""
    said: Mapping[str, str] | None = None
    """The centre's own words on why there is no further copy."""


@step_kind("print")
class Print:
    """Print once; after a certain failure print again; when in doubt offer one marked reprint."""

    def enter(self, ctx: Ctx[PrintStep]) -> Move:
        """Fetch and print."""
        return Move(local=Local(), effects=(self._effect(ctx),))

    def on_intent(self, ctx: Ctx[PrintStep], intent: Intent) -> Move:
        """Paper taken, print again, or go on without."""
        local = _local(ctx)
        if local.state == "take" and intent.action is Action.PROCEED:
            return Move(go=Go.NEXT, answer={"outcome": "printed"})
        if local.error == COPIES_SPENT and intent.action is Action.PROCEED:
            return Move(go=Go.NEXT, answer={"outcome": "notPrinted"})
        if local.state == "problem" and intent.action is Action.PROCEED:
            again = Local(tries=local.tries + 1, copy=local.copy)
            return Move(local=again, effects=(self._effect(ctx, local.copy),), redraw=True)
        if local.state == "problem" and intent.action is Action.SECOND:
            outcome = {"have": "printed", "later": "notPrinted"}.get(intent.value)
            return Move(go=Go.NEXT, answer={"outcome": outcome}) if outcome else Move(local=local)
        return Move(local=local)

    def on_outcome(self, ctx: Ctx[PrintStep], outcome: Outcome) -> Move:
        """The printer's truth."""
        local = _local(ctx)
        if outcome.partial:
            return Move(local=replace(local, progress=float(str(outcome.data.get("progress", 0)))))
        result = outcome.fault or str(outcome.data["outcome"])
        if result == "printed":
            return Move(local=replace(local, state="take", progress=1.0), redraw=True)
        error = str(outcome.data.get("error") or outcome.fault or "unknown")
        # What is in doubt may lie in the tray; only what certainly did not happen is simply done again.
        uncertain = result not in ("notPrinted", "internal")
        copy = (local.copy or str(outcome.data.get("key") or "")) if result == "notPrinted" else ""
        texts = outcome.data.get("texts")
        said = texts if isinstance(texts, Mapping) else None
        problem = replace(local, state="problem", error=error, uncertain=uncertain, copy=copy, said=said)
        return Move(local=problem, redraw=True)

    def page(self, ctx: Ctx[PrintStep]) -> PrintPage:
        """Coming, take it, or what went wrong and what to do."""
        local = _local(ctx)
        words: Titles = {"title": ctx.say(ctx.step.title), "lead": ctx.say(ctx.step.lead), "action": ""}
        second = None
        message = ""
        if local.state == "take":
            count = int(ctx.look(ctx.step.pages) or 1)
            words = {
                "title": ctx.t("print.take"),
                "lead": ctx.t("print.take.lead", count=count),
                "action": ctx.t("print.taken"),
            }
        elif local.state == "problem":
            name = "uncertain" if local.uncertain else "failed"
            words = {
                "title": ctx.t(f"print.{name}.title"),
                "lead": ctx.t(f"print.{name}.lead"),
                "action": ctx.t("print.again"),
            }
            second = (
                Choice("have", ctx.t("print.have"))
                if local.uncertain
                else Choice("later", ctx.t("print.later"))
            )
            message = ctx.told("printer", local.error, "unknown")
            if local.error == COPIES_SPENT:
                words = {
                    "title": ctx.t("print.spent.title"),
                    "lead": ctx.t("print.spent.lead"),
                    "action": ctx.t("print.spent.go-on"),
                }
                second, message = None, ctx.say(local.said) if local.said else message
        return PrintPage(
            **words,
            state=local.state,
            where=ctx.t("print.where"),
            message=message,
            second=second,
            progress=local.progress,
        )

    def _effect(self, ctx: Ctx[PrintStep], copy: str = "") -> PrintDocument:
        return PrintDocument(str(ctx.look(ctx.step.document)), int(ctx.look(ctx.step.pages) or 1), copy)


def _local(ctx: Ctx[Any]) -> Local:
    local = ctx.state.local
    return local if isinstance(local, Local) else Local()
