"""Choose one of a few: enterprise and role, months, invoice kind, count, dues, share of one, rows of an answer.

Or options of the file. Each source is a small class.
"""

from __future__ import annotations

from dataclasses import replace

from config.catalogue.models import ChooseStep
from kiosk.flow.events import Action, Intent, Outcome
from kiosk.flow.pages import Page
from kiosk.steps.asking import Asking, ask, failed, unreachable, working
from kiosk.steps.base import Ctx, Go, Move, step_kind
from kiosk.steps.choose.dues import DuesToPay
from kiosk.steps.choose.entitlement import Count, Entitlement
from kiosk.steps.choose.months import Months
from kiosk.steps.choose.options import Options
from kiosk.steps.choose.roles import Roles
from kiosk.steps.choose.rows import Rows
from kiosk.steps.choose.share import Share
from kiosk.steps.choose.source import Local, Source


@step_kind("choose")
class Choose:
    """Ask when the step says so, then offer."""

    def enter(self, ctx: Ctx[ChooseStep]) -> Move:
        """Ask first, or offer at once."""
        if ctx.step.ask is None:
            return SOURCES[ctx.step.source].begin(ctx, {})
        more = {"units": list(ctx.state.world.units)} if ctx.step.source == "entitlement" else {}
        return ask(ctx, ctx.step.ask, more)

    def on_outcome(self, ctx: Ctx[ChooseStep], outcome: Outcome) -> Move:
        """The answer is here; a step that is left out offline is left out as well when the network goes now."""
        if unreachable(outcome) and ctx.service.offline == "queue" and "offline" in ctx.step.unless:
            return Move(go=Go.NEXT, answer={}, offline=True)
        return failed(ctx, outcome) or SOURCES[ctx.step.source].begin(ctx, outcome.data)

    def on_intent(self, ctx: Ctx[ChooseStep], intent: Intent) -> Move:
        """A choice, or the main button."""
        local = ctx.state.local
        if not isinstance(local, Local):
            return Move(local=local)
        source = SOURCES[ctx.step.source]
        if intent.action is Action.PROCEED:
            result = source.result(ctx, local)
            if result is None:
                return Move(local=replace(local, error=ctx.t("choose.first")))
            return Move(go=Go.NEXT, answer=result)
        return Move(local=replace(source.choose(ctx, local, intent), error=""))

    def page(self, ctx: Ctx[ChooseStep]) -> Page:
        """The options, or a moment's wait."""
        local = ctx.state.local
        return SOURCES[ctx.step.source].page(ctx, local) if isinstance(local, Local) else working(ctx)


SOURCES: dict[str, Source] = {
    "roles": Roles(),
    "months": Months(),
    "entitlement": Entitlement(),
    "count": Count(),
    "dues": DuesToPay(),
    "share": Share(),
    "rows": Rows(),
    "options": Options(),
}

__all__ = ["Asking", "Choose", "Local", "SOURCES", "Source"]
