"""Scan this code: an order that is paid, given up, or in doubt, and never charged twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from config.catalogue.models import Format, PayStep
from kiosk.flow.effects import ClosePayment, Pay
from kiosk.flow.events import Action, Intent, Outcome
from kiosk.flow.pages import Choice, PayPage
from kiosk.steps.base import Ctx, Go, Move, refusal_message, step_kind

VALIDITY_S = 120
"""A shown code expires after 120 s (domain note, section 9)."""


@dataclass(frozen=True, slots=True)
class Local:
    """The order as last told by the executor: opening, waiting, asking, paid, expired, doubt, declined.

    Or it was never opened: closed (the centre could not be asked) or refused, with its words in ``told``.
    """

    state: str = "opening"
    qr: str = ""
    seconds_left: int = VALIDITY_S
    order: str = ""
    key: str = ""
    told: str = ""


@step_kind("pay")
class PayDues:
    """One order for all dues of the step; another only after the first is known not to be paid."""

    def enter(self, ctx: Ctx[PayStep]) -> Move:
        """Open the order, over what is due with its late payment surcharge (滞纳金)."""
        dues = _dues(ctx)
        amount = _owed(dues)
        if amount == 0:
            return Move(go=Go.NEXT, answer={"state": "nothing", "amount_fen": 0})
        effect = Pay(tuple(str(d["due"]) for d in dues), amount)
        return Move(local=Local(), effects=(effect,))

    def on_intent(self, ctx: Ctx[PayStep], intent: Intent) -> Move:
        """Try again after a lapse, give up waiting, or go on with the result in doubt."""
        local = _local(ctx)
        match local.state, intent.action, intent.value:
            case "waiting", Action.SECOND, "later":
                return Move(local=replace(local, state="asking"), effects=(ClosePayment(),))
            case (("expired" | "declined" | "closed"), Action.PROCEED, _):
                return replace_entry(self.enter(ctx))
            case (("expired" | "declined" | "closed"), Action.SECOND, "later"):
                return Move(go=Go.NEXT, answer=_left(local, "unpaid"))
            case "refused", Action.PROCEED, _:
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
            # What was filed a step before stays filed: the way to its slip is never cut off from here.
            return Move(local=Local(state="closed"), redraw=True)
        refusal = data.get("refusal")
        if isinstance(refusal, Mapping):
            words = "\n".join(refusal_message(ctx, refusal).body)
            return Move(local=Local(state="refused", told=words), redraw=True)
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
            return Move(go=Go.NEXT, answer={**data, **_paid(ctx, data)})
        order, key = str(data.get("order", local.order)), str(data.get("key", ""))
        return Move(local=replace(local, state=state, order=order, key=key), redraw=True)

    def page(self, ctx: Ctx[PayStep]) -> PayPage:
        """Amount, code and countdown; no name on a page that neighbours can see."""
        local = _local(ctx)
        state = "asking" if local.state == "opening" else local.state
        actions = {
            "expired": "pay.again",
            "declined": "pay.again",
            "closed": "pay.again",
            "refused": "pay.refused.go-on",
            "doubt": "pay.doubt.go-on",
        }
        action = ctx.t(actions[state]) if state in actions else ""
        leavable = state in ("waiting", "expired", "declined", "closed")
        later = Choice("later", ctx.t("pay.later")) if leavable else None
        dues = _dues(ctx)
        late = _late(dues)
        return PayPage(
            title=ctx.t("pay.doubt.title") if state == "doubt" else ctx.say(ctx.step.title),
            lead=ctx.t("pay.doubt.lead") if state == "doubt" else ctx.say(ctx.step.lead),
            action=action,
            second=later,
            state=state,
            amount=ctx.show_as(Format.MONEY, _owed(dues)),
            qr=local.qr if state == "waiting" else "",
            seconds_left=local.seconds_left,
            seconds_total=VALIDITY_S,
            message=local.told or ctx.t(f"pay.state.{state}"),
            amount_note=ctx.t("pay.late-fee", late=ctx.show_as(Format.MONEY, late)) if late else "",
            facts=((ctx.t("pay.order"), local.order),) if state == "doubt" and local.order else (),
        )


def _dues(ctx: Ctx[PayStep]) -> list[Mapping[str, Any]]:
    """What is to be paid; what another payment holds is not asked for twice."""
    return [d for d in ctx.look(ctx.step.dues) or [] if d["payable"]]


def _owed(dues: list[Mapping[str, Any]]) -> int:
    """What the centre asks for: the tax and what its lateness has added to this day (Tax Collection Law, art. 32)."""
    return sum(int(d["amount_fen"]) for d in dues) + _late(dues)


def _late(dues: list[Mapping[str, Any]]) -> int:
    return sum(int(d["late_fee_fen"]) for d in dues)


def _paid(ctx: Ctx[PayStep], data: Mapping[str, object]) -> dict[str, object]:
    """For the slip: what was paid, and what of it for lateness when anything was."""
    late = _late(_dues(ctx))
    return {"paid_fen": data["amount_fen"], **({"late_fee_fen": late} if late else {})}


def _left(local: Local, state: str) -> dict[str, object]:
    """What the step leaves when it was not paid; the key is what the slip's code follows."""
    return {"state": state, "order": local.order, **({"key": local.key} if local.key else {})}


def replace_entry(move: Move) -> Move:
    """A second entry into the same step is a new page."""
    return replace(move, redraw=True)


def _local(ctx: Ctx[Any]) -> Local:
    local = ctx.state.local
    return local if isinstance(local, Local) else Local()
