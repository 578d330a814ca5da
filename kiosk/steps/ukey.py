"""A tax UKey: put in and read, left in while its order is written, taken out again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from config.catalogue.models import UkeyStep
from kiosk.flow.effects import AwaitUkeyGone, Effect, Note, ReadUkey, StopWaiting, WriteUkey
from kiosk.flow.events import Action, Intent, Outcome
from kiosk.flow.pages import Choice, Page
from kiosk.flow.state import After, Message
from kiosk.flow.ukey_page import UkeyPage
from kiosk.steps.base import Ctx, Go, Move, step_kind

WAIT_ON: Final = ("noMedia", "tornOut", "otherUkey")
"""Faults that a hand mends: the reader simply waits for the UKey again."""
NONE, LATER = "none", "later"
"""The ways on without the UKey: whoever has none, and whose order is written another time."""


@dataclass(frozen=True, slots=True)
class Local:
    """``state``: waiting, reading, writing, away, again, failed, take; with the words for it."""

    state: str
    message: str = ""


@step_kind("ukey")
class Ukey:
    """``read`` leaves what the device said, ``write`` whether the order is ``written``, ``take``: ``taken``."""

    def enter(self, ctx: Ctx[UkeyStep]) -> Move:
        """Ask the reader; what is in it is taken at once."""
        return Move(local=_begun(ctx), effects=(_effect(ctx),))

    def on_intent(self, ctx: Ctx[UkeyStep], intent: Intent) -> Move:
        """Once more, or on without it."""
        local = _local(ctx)
        match intent.action, intent.value, ctx.step.does:
            case Action.PROCEED, _, "take":
                return Move(go=Go.NEXT, effects=(StopWaiting(),), answer={"taken": False})
            case Action.PROCEED, _, _ if local.state == "failed":
                return Move(local=_begun(ctx), effects=(_effect(ctx),), redraw=True)
            case Action.SECOND, value, "read" if value == NONE:
                none = Message("info", ctx.t("ukey.none.title"), (ctx.t("ukey.none.body"),), After.HOME)
                return Move(local=local, effects=(StopWaiting(),), message=none)
            case Action.SECOND, value, "write" if value == LATER and local.state in ("again", "failed"):
                return Move(go=Go.NEXT, effects=(StopWaiting(),), answer=_written(ctx, done=False))
        return Move(local=local)

    def on_outcome(self, ctx: Ctx[UkeyStep], outcome: Outcome) -> Move:
        """What the UKey says, that it was taken, or why neither."""
        if outcome.partial:
            state = str(outcome.data.get("state", "away"))
            known = _local(ctx)
            if state == "gone":
                return Move(local=Local("again", ctx.t("ukey.fault.tornOut")), redraw=known.state != "again")
            if state == "waiting" and (known.state == "again" or ctx.step.does == "write"):
                return Move(local=known)  # the words stay until the UKey is in again
            return Move(local=Local(state, "" if state == "waiting" else ctx.t(f"ukey.state.{state}")))
        if outcome.fault in WAIT_ON:
            again = Local("again", ctx.told("ukey.fault", outcome.fault, "device"))
            # another UKey is in: it has to be out before the right one is waited for
            effect = AwaitUkeyGone() if outcome.fault == "otherUkey" else _effect(ctx)
            return Move(local=again, effects=(effect,), redraw=_local(ctx).state != "again")
        if outcome.fault:
            return Move(local=Local("failed", ctx.told("ukey.fault", outcome.fault, "device")), redraw=True)
        if ctx.step.does != "take" and "taken" in outcome.data:
            return Move(local=_local(ctx), effects=(_effect(ctx),))
        if ctx.step.does == "write":
            note = Note("device.unlocked", {name: outcome.data[name] for name in ("device", "counter")})
            until = {"issues_until": outcome.data["issues_until"]}
            return Move(go=Go.NEXT, answer={**_written(ctx, done=True), **until}, effects=(note,))
        return Move(go=Go.NEXT, answer=outcome.data)

    def page(self, ctx: Ctx[UkeyStep]) -> Page:
        """Where it goes in or comes out, and what is done with it meanwhile."""
        local, words = _local(ctx), ctx.titles()
        if local.state == "failed":
            words["action"] = ctx.t("ukey.once-more")
        elif ctx.step.does != "take":
            words["action"] = ""
        if ctx.step.does == "write" and local.state == "again":
            words["title"], words["lead"] = ctx.t("ukey.back.title"), ctx.t("ukey.back.lead")
        if ctx.step.does == "write" and local.state == "failed":
            words["title"], words["lead"] = ctx.t("ukey.failed.title"), ""
        out = ctx.step.does == "take"
        return UkeyPage(
            **words,
            **ctx.owner(),
            state=local.state,
            message=local.message,
            illustration="smartCardReader-out" if out else "smartCardReader",
            where=ctx.t("ukey.where"),
            tips=() if out or local.message else (ctx.t("ukey.tip.stay"), ctx.t("ukey.tip.which")),
            others=_others(ctx, local),
        )


def _begun(ctx: Ctx[UkeyStep]) -> Local:
    if ctx.step.does == "take":
        return Local("take")
    return Local("writing", ctx.t("ukey.state.writing")) if ctx.step.does == "write" else Local("waiting")


def _local(ctx: Ctx[Any]) -> Local:
    local = ctx.state.local
    return local if isinstance(local, Local) else _begun(ctx)


def _effect(ctx: Ctx[UkeyStep]) -> Effect:
    if ctx.step.does == "read":
        return ReadUkey()
    if ctx.step.does == "take":
        return AwaitUkeyGone()
    assert ctx.step.order is not None, "config/catalogue/checks lets no step write without an order"
    order: Mapping[str, Any] = ctx.look(ctx.step.order)
    return WriteUkey(str(order["device"]), int(order["counter"]), str(order["order"]), str(order["mac"]))


def _others(ctx: Ctx[UkeyStep], local: Local) -> tuple[Choice, ...]:
    if ctx.step.does == "read" and local.state in ("waiting", "again", "failed"):
        return (Choice(NONE, ctx.t("ukey.none"), ctx.t("ukey.none.note"), icon="help"),)
    if ctx.step.does == "write" and local.state in ("again", "failed"):
        return (Choice(LATER, ctx.t("ukey.later"), ctx.t("ukey.later.note"), icon="slip"),)
    return ()


def _written(ctx: Ctx[UkeyStep], *, done: bool) -> Mapping[str, object]:
    """Whether the order is in the device, also in words for the slip."""
    text_id = "ukey.written" if done else "ukey.not-written"
    return {"written": done, "result": {lang: words.get(text_id) for lang, words in ctx.around.words.items()}}
