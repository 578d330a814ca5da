"""好差评: five levels, none chosen beforehand, reasons when the level is low, may be skipped (domain note, 8)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from config.catalogue.models import RateStep
from kiosk.flow.effects import Submit
from kiosk.flow.events import Action, Intent, Outcome
from kiosk.flow.pages import Choice, RatePage
from kiosk.steps.base import Ctx, Go, Move, step_kind

LOW = 2
"""From this level down reasons may be given and a follow-up case is opened."""
REASONS = ("slow", "unclear", "paper", "device", "other")


@dataclass(frozen=True, slots=True)
class Local:
    """The level chosen (empty: none) and the reasons."""

    level: str = ""
    reasons: tuple[str, ...] = ()


@step_kind("rate")
class Rate:
    """Rate and go; the rating is queued, nobody waits for it."""

    def enter(self, ctx: Ctx[RateStep]) -> Move:
        """Show the faces."""
        return Move(local=Local())

    def on_intent(self, ctx: Ctx[RateStep], intent: Intent) -> Move:
        """A level, a reason, send, or skip."""
        local = _local(ctx)
        match intent.action:
            case Action.CHOOSE if intent.value in "54321" and intent.value:
                reasons = local.reasons if int(intent.value) <= LOW else ()
                return Move(local=Local(intent.value, reasons))
            case Action.CHOOSE if intent.value in REASONS:
                return Move(local=replace(local, reasons=_toggled(local.reasons, intent.value)))
            case Action.PROCEED if local.level:
                data = {
                    "item": ctx.state.transaction,
                    "level": int(local.level),
                    "reasons": list(local.reasons),
                }
                return Move(go=Go.NEXT, answer={}, effects=(Submit("feedback.rate", data, queue=True),))
            case Action.SECOND if intent.value == "skip":
                return Move(go=Go.NEXT, answer={})
        return Move(local=local)

    def on_outcome(self, ctx: Ctx[RateStep], outcome: Outcome) -> Move:
        """Nothing is waited for."""
        return Move(local=ctx.state.local)

    def page(self, ctx: Ctx[RateStep]) -> RatePage:
        """Five faces, and reasons below a low one."""
        local = _local(ctx)
        low = local.level != "" and int(local.level) <= LOW
        return RatePage(
            title=ctx.t("rate.title"),
            lead=ctx.t("rate.lead"),
            action=ctx.t("rate.send"),
            action_enabled=bool(local.level),
            second=Choice("skip", ctx.t("rate.skip")),
            levels=tuple(
                Choice(level, ctx.t(f"rate.level.{level}"), icon=f"face{level}") for level in "54321"
            ),
            selected=local.level,
            reasons=tuple(Choice(r, ctx.t(f"rate.reason.{r}")) for r in REASONS) if low else (),
            chosen_reasons=local.reasons,
        )


def _local(ctx: Ctx[Any]) -> Local:
    local = ctx.state.local
    return local if isinstance(local, Local) else Local()


def _toggled(reasons: tuple[str, ...], reason: str) -> tuple[str, ...]:
    return tuple(r for r in reasons if r != reason) if reason in reasons else (*reasons, reason)
