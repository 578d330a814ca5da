"""What a visitor is told when the power has failed: what becomes of what they have begun."""

from __future__ import annotations

from typing import Any, Final

from kiosk.flow.state import FlowState, Phase
from kiosk.steps.base import Ctx

FINAL: Final = ("submit", "pay", "print", "dispense", "slip", "done", "rate")
MOVING: Final = ("submit", "print", "dispense")


def power_notice(ctx: Ctx[Any]) -> tuple[str, str]:
    """Title and text of the notice over the page; both empty while the terminal is not going down."""
    state = ctx.state
    if state.world.power != "low" or state.phase not in (Phase.HOME, Phase.SERVICE):
        return "", ""
    return ctx.t("power.title"), ctx.t(f"power.{_situation(state)}")


def _situation(state: FlowState) -> str:
    """``begun``: nothing final yet; ``moving``: being done now; ``paying``; ``done``: it is behind them."""
    if state.phase is not Phase.SERVICE or state.service is None:
        return "idle"
    kind = state.step.kind
    if state.message is None and kind in MOVING:
        return "moving"
    if kind == "pay":
        return "paying"
    passed = state.service.service.steps[: state.index + 1]
    return "done" if any(step.kind in FINAL for step in passed) else "begun"
