"""Paper invoices come out one by one, each number read and compared; what was moved is settled sheet by sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from config.catalogue.models import DispenseStep
from kiosk.domain.invoices import InvoiceRange
from kiosk.flow.effects import Dispense
from kiosk.flow.events import Action, Intent, Outcome
from kiosk.flow.pages import DispensedSheet, DispensePage
from kiosk.flow.state import After, Message
from kiosk.steps.base import Ctx, Go, Move, fault_message, refusal_message, step_kind


@dataclass(frozen=True, slots=True)
class Local:
    """moving, take, problem; each item as the dispenser told it; what the effect answered in the end."""

    state: str = "moving"
    items: tuple[Mapping[str, Any], ...] = ()
    result: Mapping[str, Any] | None = None


@step_kind("dispense")
class DispenseSheets:
    """One motion for the whole reservation. Nothing moves again by itself."""

    def enter(self, ctx: Ctx[DispenseStep]) -> Move:
        """Feed the reserved numbers."""
        reserved: Mapping[str, Any] = ctx.look(ctx.step.reservation)
        effect = Dispense(
            reservation=reserved["reservation"],
            code=reserved["code"],
            first=reserved["first"],
            last=reserved["last"],
            unit=str(ctx.look(ctx.step.unit)),
        )
        return Move(local=Local(), effects=(effect,))

    def on_intent(self, ctx: Ctx[DispenseStep], intent: Intent) -> Move:
        """After a fault the person reads what happened and goes on to the slip."""
        local = _local(ctx)
        if local.state == "problem" and intent.action is Action.PROCEED and local.result is not None:
            return Move(go=Go.NEXT, answer=local.result)
        return Move(local=local)

    def on_outcome(self, ctx: Ctx[DispenseStep], outcome: Outcome) -> Move:
        """One more sheet, the tray open, or the end."""
        local = _local(ctx)
        if outcome.partial:
            if outcome.data.get("state") == "take":
                return Move(local=replace(local, state="take"), redraw=True)
            return Move(local=replace(local, items=(*local.items, outcome.data)))
        if outcome.fault:
            return Move(local=local, message=fault_message(ctx, outcome.fault, After.HOME))
        refusal = outcome.data.get("refusal")
        if isinstance(refusal, Mapping):
            return Move(local=local, message=refusal_message(ctx, refusal))
        result = outcome.data
        if result.get("cause") is None:
            return Move(go=Go.NEXT, answer=result)
        if not result.get("delivered") and result.get("cause") != "notTaken":
            body = (ctx.told("dispense.cause", str(result["cause"]), "uncertain"), ctx.t("dispense.none"))
            return Move(local=local, message=Message("problem", ctx.t("dispense.stopped"), body, After.HOME))
        return Move(local=replace(local, state="problem", result=result), redraw=True)

    def page(self, ctx: Ctx[DispenseStep]) -> DispensePage:
        """The track of sheets, a tray to empty, or what happened."""
        local = _local(ctx)
        reserved: Mapping[str, Any] = ctx.look(ctx.step.reservation)
        numbers = list(InvoiceRange(reserved["first"], reserved["last"]))
        sheets = tuple(self._sheet(ctx, i, number, local) for i, number in enumerate(numbers))
        title, lead, action = self._words(ctx, local, len(numbers))
        return DispensePage(
            title=title,
            lead=lead,
            action=action,
            state=local.state,
            sheets=sheets,
            where=ctx.t("dispense.where"),
            progress=min(1.0, len(local.items) / len(numbers)),
            message=self._message(ctx, local),
            note=ctx.t("dispense.no-way-back") if local.state == "moving" else "",
        )

    def _words(self, ctx: Ctx[DispenseStep], local: Local, total: int) -> tuple[str, str, str]:
        if local.state == "take":
            good = sum(not item.get("fault") for item in local.items)
            return ctx.t("dispense.take"), ctx.t("dispense.take.lead", count=good), ""
        if local.state == "problem" and local.result is not None:
            lead = ctx.t("dispense.partial", delivered=local.result["delivered"], total=total)
            return ctx.t("dispense.stopped"), lead, ctx.t("dispense.go-on")
        now = min(len(local.items) + 1, total)
        return ctx.t("dispense.moving", now=now, total=total), ctx.t("dispense.moving.lead", total=total), ""

    def _message(self, ctx: Ctx[DispenseStep], local: Local) -> str:
        if local.state == "problem" and local.result is not None:
            return ctx.told("dispense.cause", str(local.result["cause"]), "uncertain")
        return ctx.t("dispense.reads")

    def _sheet(self, ctx: Ctx[DispenseStep], index: int, number: str, local: Local) -> DispensedSheet:
        if index < len(local.items):
            bad = local.items[index].get("fault")
            state = "rejected" if bad else "done"
            return DispensedSheet(f"…{number[-4:]}", state, ctx.t(f"dispense.sheet.{state}"))
        if index == len(local.items) and local.state == "moving":
            return DispensedSheet(f"…{number[-4:]}", "reading", ctx.t("dispense.sheet.reading"))
        return DispensedSheet(str(index + 1), "waiting", ctx.t("dispense.sheet.waiting"))


def _local(ctx: Ctx[Any]) -> Local:
    local = ctx.state.local
    return local if isinstance(local, Local) else Local()
