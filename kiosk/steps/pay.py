"""Scan this code: an order that is paid, given up, or in doubt, and never charged twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from config.catalogue.models import Format, PayStep
from kiosk.flow.effects import ClosePayment, Pay
from kiosk.flow.events import Action, Intent, Outcome
from kiosk.flow.pages import Choice, PayPage
from kiosk.steps.base import Ctx, Go, Move, fault_message, refusal_message, step_kind

VALIDITY_S = 120
"""A shown code expires after 120 s (domain note, section 9)."""


@dataclass(frozen=True, slots=True)
class Local:
    """The order as last told by the executor: opening, waiting, asking, paid, expired, doubt, declined."""

    state: str = "opening"
    qr: str = ""
    seconds_left: int = VALIDITY_S
    order: str = ""
    key: str = ""


@step_kind("pay")
class PayDues:
    """One order for all dues of the step; another only after the first is known not to be paid."""

    def enter(self, ctx: Ctx[PayStep]) -> Move:
        """Open the order."""
        dues: list[Mapping[str, Any]] = list(ctx.look(ctx.step.dues) or [])
        amount = int(ctx.look(ctx.step.amount) or 0)
        if not dues or amount == 0:
            return Move(go=Go.NEXT, answer={"state": "nothing", "amount_fen": 0})
        effect = Pay(tuple(str(d["due"]) for d in dues), amount)
        return Move(local=Local(), effects=(effect,))

    def on_intent(self, ctx: Ctx[PayStep], intent: Intent) -> Move:
        """Try again after a lapse, give up waiting, or go on with the result in doubt."""
        local = _local(ctx)
        match local.state, intent.action, intent.value:
            case "waiting", Action.SECOND, "later":
                return Move(local=replace(local, state="asking"), effects=(ClosePayment(),))
            case (("expired" | "declined"), Action.PROCEED, _):
                return replace_entry(self.enter(ctx))
            case (("expired" | "declined"), Action.SECOND, "later"):
                return Move(go=Go.NEXT, answer=_left(local, "unpaid"))
            case "doubt", Action.PROCEED, _:
                return Move(go=Go.NEXT, answer=_left(local, "doubt"))
            case "paid", Action.PROCEED, _:
                return Move(local=local)
        return Move(local=local)

    def on_outcome(self, ctx: Ctx[PayStep], outcome: Outcome) -> Move:
        """The order moved on."""
        local, data = _local(ctx), outcome.data
        if outcome.fault == "in-doubt":
            # Neither paid nor unpaid is known: nothing here may lead to a second order beside this one.
            doubtful = replace(local, state="doubt", key=str(data.get("key", "")))
            return Move(local=doubtful, redraw=True)
        if outcome.fault:
            return Move(local=local, message=fault_message(ctx, outcome.fault))
        refusal = data.get("refusal")
        if isinstance(refusal, Mapping):
            return Move(local=local, message=refusal_message(ctx, refusal))
        if outcome.partial:
            told = Local(
                state=str(data.get("state", local.state)),
                qr=str(data.get("qr", local.qr)),
                seconds_left=int(str(data.get("seconds_left", local.seconds_left))),
                order=str(data.get("order", local.order)),
            )
            return Move(local=told)
        state = str(data["state"])
        if state == "paid":
            return Move(go=Go.NEXT, answer=data)
        order, key = str(data.get("order", local.order)), str(data.get("key", ""))
        return Move(local=replace(local, state=state, order=order, key=key), redraw=True)

    def page(self, ctx: Ctx[PayStep]) -> PayPage:
        """Amount, code and countdown; no name on a page that neighbours can see."""
        local = _local(ctx)
        state = "asking" if local.state == "opening" else local.state
        actions = {"expired": "pay.again", "declined": "pay.again", "doubt": "pay.doubt.go-on"}
        action = ctx.t(actions[state]) if state in actions else ""
        later = Choice("later", ctx.t("pay.later")) if state in ("waiting", "expired", "declined") else None
        amount = ctx.look(ctx.step.amount)
        return PayPage(
            title=ctx.t("pay.doubt.title") if state == "doubt" else ctx.say(ctx.step.title),
            lead=ctx.t("pay.doubt.lead") if state == "doubt" else ctx.say(ctx.step.lead),
            action=action,
            second=later,
            state=state,
            amount=ctx.show_as(Format.MONEY, amount),
            qr=local.qr if state == "waiting" else "",
            seconds_left=local.seconds_left,
            seconds_total=VALIDITY_S,
            message=ctx.t(f"pay.state.{state}"),
            facts=((ctx.t("pay.order"), local.order),) if state == "doubt" and local.order else (),
        )


def _left(local: Local, state: str) -> dict[str, object]:
    """What the step leaves when it was not paid; the key is what the slip's code follows."""
    return {"state": state, "order": local.order, **({"key": local.key} if local.key else {})}


def replace_entry(move: Move) -> Move:
    """A second entry into the same step is a new page."""
    return replace(move, redraw=True)


def _local(ctx: Ctx[Any]) -> Local:
    local = ctx.state.local
    return local if isinstance(local, Local) else Local()
