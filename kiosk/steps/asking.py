"""The beginning shared by steps that must ask the centre something before they can show anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from config.catalogue.models import Ask as AskModel
from kiosk.flow.effects import Ask
from kiosk.flow.events import Outcome
from kiosk.flow.pages import WorkingPage
from kiosk.flow.state import After
from kiosk.steps.base import Ctx, Move, fault_message, refusal_message


@dataclass(frozen=True, slots=True)
class Asking:
    """Local state while the answer is under way."""


def ask(ctx: Ctx[Any], model: AskModel, more: Mapping[str, object] | None = None) -> Move:
    """Send the step's query."""
    params = {name: ctx.look(path) for name, path in model.params.items()}
    return Move(local=Asking(), effects=(Ask(model.query, {**params, **(more or {})}),))


def failed(ctx: Ctx[Any], outcome: Outcome) -> Move | None:
    """The move for a query that brought no data, or None when it did."""
    if outcome.fault:
        return Move(local=ctx.state.local, message=fault_message(ctx, outcome.fault))
    refusal = outcome.data.get("refusal")
    if isinstance(refusal, Mapping):
        return Move(local=ctx.state.local, message=refusal_message(ctx, refusal, After.HOME))
    return None


def unreachable(outcome: Outcome) -> bool:
    """Whether the centre could not be asked at all."""
    return outcome.fault == "unreachable"


def working(ctx: Ctx[Any]) -> WorkingPage:
    """The page while the answer is under way."""
    return WorkingPage(title=ctx.t("working.fetch"), lead=ctx.t("working.moment"))
