"""The visit goes on on the person's own phone: handed over, its code shown for as long as it is good, then the end."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar, Final, Generic, TypeVar

from config.catalogue.models import BaseStep, ContinueStep
from kiosk.flow.effects import Submit, Wait
from kiosk.flow.events import Action, Intent, Outcome
from kiosk.flow.pages import Choice, ContinuePage, Page
from kiosk.flow.state import After
from kiosk.steps.asking import working
from kiosk.steps.base import Ctx, Go, Move, fault_message, refusal_message, step_kind
from sync.models import EffectKind

S = TypeVar("S", bound=BaseStep)
PHONE: Final = "phone"
"""The quiet choice on a page from which a visit may go on on a phone."""
TICK_S: Final = 1.0
OWN: Final = ("known", "typed", "asked", "drafted")
"""What steps keep for who comes back to them: nothing of it was answered."""


@dataclass(frozen=True, slots=True)
class Local:
    """The link once the centre has given it, and how long it is good still."""

    url: str = ""
    until: str = ""
    seconds: int = 0
    left: int = 0


class ShownCode(ABC, Generic[S]):
    """A code for the person's own phone, with the time that it is good for, until they go on.

    ``texts`` begins the ids of the words; ``go`` is where the person goes then.
    """

    texts: ClassVar[str]
    page_type: ClassVar[type[ContinuePage]]
    go: ClassVar[Go]

    @abstractmethod
    def effect(self, ctx: Ctx[S]) -> Submit:
        """What makes the link."""

    @abstractmethod
    def failed(self, ctx: Ctx[S], outcome: Outcome) -> Move | None:
        """Why there is no link; None when there is one."""

    def enter(self, ctx: Ctx[S]) -> Move:
        """Have the link made."""
        return Move(local=Local(), effects=(self.effect(ctx),))

    def on_intent(self, ctx: Ctx[S], intent: Intent) -> Move:
        """On, for whoever has it on their phone."""
        local = _local(ctx)
        if local.url and intent.action is Action.PROCEED:
            return Move(go=self.go, answer={"shown": True})
        return Move(local=local)

    def on_outcome(self, ctx: Ctx[S], outcome: Outcome) -> Move:
        """The link, or why there is none; then the seconds."""
        local = _local(ctx)
        if local.url:
            return self._tick(ctx, local)
        if (failed := self.failed(ctx, outcome)) is not None:
            return failed
        seconds = int(str(outcome.data["seconds"]))
        shown = Local(str(outcome.data["url"]), str(outcome.data["expires_at"]), seconds, seconds)
        return Move(local=shown, effects=(Wait(TICK_S),), redraw=True)

    def _tick(self, ctx: Ctx[S], local: Local) -> Move:
        until = datetime.fromisoformat(local.until)
        left = max(0, min(local.seconds, int((until - ctx.around.now()).total_seconds())))
        return Move(local=replace(local, left=left), effects=(Wait(TICK_S),) if left else ())

    def page(self, ctx: Ctx[S]) -> Page:
        """The code with its countdown, and what to do; what to take along is told at the end."""
        local = _local(ctx)
        if not local.url:
            return working(ctx)
        over = local.left == 0
        return self.page_type(
            title=ctx.t(f"{self.texts}.over") if over else ctx.say(ctx.step.title),
            lead=ctx.t(f"{self.texts}.over.lead") if over else ctx.say(ctx.step.lead),
            action=ctx.t(f"{self.texts}.end"),
            note="" if over else ctx.t(f"{self.texts}.note"),
            state="over" if over else "shown",
            qr="" if over else local.url,
            seconds_left=local.left,
            seconds_total=local.seconds,
            points=() if over else self._points(ctx),
        )

    def _points(self, ctx: Ctx[S]) -> tuple[Choice, ...]:
        return tuple(
            Choice(str(n), ctx.t(f"{self.texts}.point.{n}"), icon=icon)
            for n, icon in ((1, "scan"), (2, "check"), (3, "lock"))
        )


@step_kind("continue")
class ContinueOnPhone(ShownCode[ContinueStep]):
    """Nothing can be taken back: the first phone owns it from now on."""

    texts = "continue"
    page_type = ContinuePage
    go = Go.LEAVE

    def effect(self, ctx: Ctx[ContinueStep]) -> Submit:
        """Hand over what the file names, as far as it was answered."""
        answers = {name: _answered(ctx.look(name)) for name in ctx.step.keeps if ctx.look(name)}
        return Submit(EffectKind.VISIT_CONTINUE, {"answers": answers})

    def failed(self, ctx: Ctx[ContinueStep], outcome: Outcome) -> Move | None:
        """Nothing was handed over, and the visit ends."""
        local = _local(ctx)
        if outcome.fault:
            return Move(local=local, message=fault_message(ctx, outcome.fault))
        refusal = outcome.data.get("refusal")
        if isinstance(refusal, Mapping):
            return Move(local=local, message=refusal_message(ctx, refusal, After.HOME))
        return None


def offered(ctx: Ctx[Any]) -> tuple[Choice, ...]:
    """The quiet choice, where the service goes on on phones and the centre can be asked."""
    goes_on = any(isinstance(step, ContinueStep) for step in ctx.service.steps)
    return (Choice(PHONE, ctx.t("continue.choose")),) if goes_on and not ctx.state.offline else ()


def chosen(ctx: Ctx[Any], intent: Intent) -> bool:
    """Whether the person chose to go on on their phone."""
    return intent.action is Action.SECOND and intent.value == PHONE and bool(offered(ctx))


def _local(ctx: Ctx[Any]) -> Local:
    return ctx.state.local if isinstance(ctx.state.local, Local) else Local()


def _answered(left: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in left.items() if name not in OWN}
