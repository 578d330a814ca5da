"""One effect at the centre: shown as work under way, answered by a number or a clear no.

Scanned pages go ahead of it, one effect a page: a record holds one page and no more. It names them by their keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from config.catalogue.models import SubmitStep
from kiosk.flow.effects import Submit
from kiosk.flow.events import Intent, Outcome
from kiosk.flow.pages import StepMark, WorkingPage
from kiosk.flow.state import After, Message
from kiosk.steps.base import Ctx, Go, Move, fault_message, refusal_message, step_kind
from kiosk.steps.pages import Paper, papers_of
from sync.models import EffectKind


@dataclass(frozen=True, slots=True)
class Local:
    """The effect is under way, or page ``len(sent)`` of those that go ahead of it.

    ``queue``: what belongs together arrives in its order, so once a page waits all that follows waits behind it.
    """

    queue: bool = False
    sent: tuple[Mapping[str, object], ...] = ()
    pages: int = 0


@step_kind("submit")
class SubmitEffect:
    """Submit at once; queue it when the transaction is offline and the service allows that."""

    def enter(self, ctx: Ctx[SubmitStep]) -> Move:
        """Gather the data the file names and go."""
        queue = ctx.state.offline and ctx.step.offline == "queue"
        return self._send(ctx, Local(queue, pages=len(_papers(ctx))))

    def on_intent(self, ctx: Ctx[SubmitStep], intent: Intent) -> Move:
        """Nothing can be touched while it works."""
        return Move(local=ctx.state.local)

    def on_outcome(self, ctx: Ctx[SubmitStep], outcome: Outcome) -> Move:
        """Accepted, queued, refused, or made elsewhere already."""
        data, local = outcome.data, ctx.state.local
        assert isinstance(local, Local), "entered"
        if outcome.fault:
            return Move(local=local, message=fault_message(ctx, outcome.fault, After.HOME))
        if data.get("state") == "refused":
            refusal: Mapping[str, Any] = data["refusal"]
            return Move(local=local, message=refusal_message(ctx, refusal))
        if data.get("state") == "duplicate":
            return Move(local=local, message=self._duplicate(ctx, data))
        queued = bool(data.get("queued"))
        if len(local.sent) < local.pages:
            paper = _papers(ctx)[len(local.sent)]
            sent = (*local.sent, {"key": data["key"], "sha256": paper.sha256})
            return self._send(ctx, replace(local, queue=local.queue or queued, sent=sent))
        name = once(ctx, ctx.step)
        done = frozenset({name} if name else ())
        return Move(go=Go.NEXT, answer=data, offline=True if queued else None, done_once=done)

    def page(self, ctx: Ctx[SubmitStep]) -> WorkingPage:
        """What is being done, in words."""
        local = ctx.state.local
        steps = [
            StepMark(ctx.t("working.checked"), "done"),
            StepMark(ctx.say(ctx.step.title), "now"),
            StepMark(ctx.t("working.record"), "later"),
        ]
        if isinstance(local, Local) and local.pages:
            left = len(local.sent) < local.pages
            number = min(len(local.sent) + 1, local.pages)
            words = ctx.t("working.page", number=number, count=local.pages)
            steps.insert(1, StepMark(words, "now" if left else "done"))
            steps[2] = replace(steps[2], state="later" if left else "now")
        return WorkingPage(title=ctx.say(ctx.step.title), lead=ctx.t("working.moment"), steps=tuple(steps))

    def _send(self, ctx: Ctx[SubmitStep], local: Local) -> Move:
        """The next page, else the effect itself."""
        if len(local.sent) < local.pages:
            paper = _papers(ctx)[len(local.sent)]
            page = {"sha256": paper.sha256, "jpeg": paper.jpeg}
            return Move(local=local, effects=(Submit(EffectKind.MATERIAL_PAGE, page, local.queue),))
        data = {n: v["const"] if isinstance(v, Mapping) else ctx.look(v) for n, v in ctx.step.data.items()}
        named = {"pages": [dict(one) for one in local.sent]} if local.pages else {}
        return Move(local=local, effects=(Submit(ctx.step.effect, {**data, **named}, local.queue),))

    def _duplicate(self, ctx: Ctx[SubmitStep], data: Mapping[str, object]) -> Message:
        number = str(data.get("declaration") or data.get("number") or data.get("key"))
        facts = ((ctx.t("form.declared.number"), number),)
        body = (ctx.t("form.declared.body"),)
        return Message("info", ctx.t("form.declared.title"), body, After.HOME, facts)


def once(ctx: Ctx[Any], step: SubmitStep) -> str:
    """The name under which it is remembered that this was done; empty: it may be done again."""
    return f"{step.effect}:{ctx.look(step.once)}" if step.once else ""


def _papers(ctx: Ctx[SubmitStep]) -> tuple[Paper, ...]:
    return papers_of(ctx.look(ctx.step.pages)) if ctx.step.pages else ()
