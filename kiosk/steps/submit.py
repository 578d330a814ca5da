"""One effect at the centre: shown as work under way, answered by a number or a clear no."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from config.catalogue.models import SubmitStep
from kiosk.flow.effects import Submit
from kiosk.flow.events import Intent, Outcome
from kiosk.flow.pages import StepMark, WorkingPage
from kiosk.flow.state import After, Message
from kiosk.steps.base import Ctx, Go, Move, fault_message, refusal_message, step_kind


@dataclass(frozen=True, slots=True)
class Local:
    """The effect is under way."""


@step_kind("submit")
class SubmitEffect:
    """Submit at once; queue it when the transaction is offline and the service allows that."""

    def enter(self, ctx: Ctx[SubmitStep]) -> Move:
        """Gather the data the file names and go."""
        data = {n: v["const"] if isinstance(v, Mapping) else ctx.look(v) for n, v in ctx.step.data.items()}
        queue = ctx.state.offline and ctx.step.offline == "queue"
        return Move(local=Local(), effects=(Submit(ctx.step.effect, data, queue),))

    def on_intent(self, ctx: Ctx[SubmitStep], intent: Intent) -> Move:
        """Nothing can be touched while it works."""
        return Move(local=ctx.state.local)

    def on_outcome(self, ctx: Ctx[SubmitStep], outcome: Outcome) -> Move:
        """Accepted, queued, refused, or made elsewhere already."""
        data = outcome.data
        if outcome.fault:
            return Move(local=Local(), message=fault_message(ctx, outcome.fault, After.HOME))
        if data.get("state") == "refused":
            refusal: Mapping[str, Any] = data["refusal"]
            return Move(local=Local(), message=refusal_message(ctx, refusal))
        if data.get("state") == "duplicate":
            return Move(local=Local(), message=self._duplicate(ctx, data))
        queued = bool(data.get("queued"))
        return Move(go=Go.NEXT, answer=data, offline=True if queued else None)

    def page(self, ctx: Ctx[SubmitStep]) -> WorkingPage:
        """What is being done, in words."""
        steps = (
            StepMark(ctx.t("working.checked"), "done"),
            StepMark(ctx.say(ctx.step.title), "now"),
            StepMark(ctx.t("working.record"), "later"),
        )
        return WorkingPage(title=ctx.say(ctx.step.title), lead=ctx.t("working.moment"), steps=steps)

    def _duplicate(self, ctx: Ctx[SubmitStep], data: Mapping[str, object]) -> Message:
        number = str(data.get("declaration") or data.get("number") or data.get("key"))
        facts = ((ctx.t("form.declared.number"), number),)
        body = (ctx.t("form.declared.body"),)
        return Message("info", ctx.t("form.declared.title"), body, After.HOME, facts)
