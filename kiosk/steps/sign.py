"""A statement signed by hand: read on the screen, signed on the pad, the ink looked at, then taken or signed again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from config.catalogue.models import SignStep
from config.clock import CHINA
from kiosk.domain.signing import SignedPaper
from kiosk.flow.effects import Note, PressPad, StopWaiting, TakeSignature
from kiosk.flow.events import Action, Intent, Outcome
from kiosk.flow.pages import Choice, Page, SignPage
from kiosk.steps.base import Ctx, Go, Move, step_kind

WAITING = ("opening", "writing", "away")
"""States in which the pad is asked, or waits for the person."""
INK = "ink"
"""The name of the picture that is looked at; there is one at a time."""


@dataclass(frozen=True, slots=True)
class Local:
    """``paper`` and ``lang`` are fixed when the pad is asked: a change of language does not change what is signed."""

    state: str = "ready"
    message: str = ""
    lang: str = ""
    paper: SignedPaper | None = None
    signature: str = field(default="", repr=False)
    png: str = field(default="", repr=False)


@step_kind("sign")
class Sign:
    """Leaves ``text``, its ``sha256``, the ``signature`` (base64), its ``lang`` and the day (``signed_on``)."""

    def enter(self, ctx: Ctx[SignStep]) -> Move:
        """The text first: nobody signs what they have not seen."""
        return Move(local=Local())

    def on_intent(self, ctx: Ctx[SignStep], intent: Intent) -> Move:
        """A key of the state the page is in; while the pad waits, the screen's keys are the pad's."""
        local = _local(ctx)
        match local.state, intent.action, intent.value:
            case (("ready" | "again"), Action.PROCEED, _):
                return self._begin(ctx)
            case "writing", Action.PROCEED, _:
                return Move(local=local, effects=(PressPad("done"),))
            case "writing", Action.SECOND, "again":
                return Move(local=local, effects=(PressPad("again"),))
            case "shown", Action.PROCEED, _:
                note = Note("signed", {"sha256": _paper(ctx, local).digest.hex()})
                return Move(go=Go.NEXT, answer=_left(ctx, local), effects=(note,))
            case "shown", Action.SECOND, "again":
                return self._begin(ctx)
        return Move(local=local)

    def on_outcome(self, ctx: Ctx[SignStep], outcome: Outcome) -> Move:
        """What the pad tells meanwhile, the signature, or why there is none."""
        local = _local(ctx)
        if "pressed" in outcome.data or local.state not in WAITING:
            return Move(
                local=local
            )  # what came of a key the signature tells; nobody waits for one that was given up
        if outcome.partial:
            return self._meanwhile(ctx, local, str(outcome.data.get("state")))
        if outcome.fault or not outcome.data.get("signature"):
            words = ctx.told("sign.fault", outcome.fault or "device", "device")
            return Move(local=Local("again", words), redraw=True)
        signature, png = (str(outcome.data[name]) for name in ("signature", "png"))
        shown = replace(local, state="shown", message="", signature=signature, png=png)
        return Move(local=shown, redraw=True)

    def _meanwhile(self, ctx: Ctx[SignStep], local: Local, state: str) -> Move:
        words = ctx.t(f"sign.state.{state}")
        turned = "away" if state == "away" else "writing"
        redraw = local.state != turned  # its keys come or go
        return Move(local=replace(local, state=turned, message=words), redraw=redraw)

    def back(self, ctx: Ctx[SignStep]) -> Move | None:
        """From the pad to the text, then to the step before."""
        local = _local(ctx)
        if local.state == "ready":
            return None
        effects = (StopWaiting(),) if local.state in WAITING else ()
        return Move(local=Local(), effects=effects, redraw=True)

    def _lead(self, ctx: Ctx[SignStep], local: Local) -> str:
        """What this is; then where the pad is."""
        if local.state == "ready":
            return ctx.say(ctx.step.lead)
        return ctx.t("sign.where") if local.state in ("opening", "writing") else ""

    def _begin(self, ctx: Ctx[SignStep]) -> Move:
        paper = _paper(ctx, Local())
        opening = Local("opening", ctx.t("sign.state.opening"), ctx.state.lang, paper)
        return Move(local=opening, effects=(TakeSignature(paper.digest.hex()),), redraw=True)

    def page(self, ctx: Ctx[SignStep]) -> Page:
        """The text, and beside it the pad or the ink."""
        local = _local(ctx)
        paper = _paper(ctx, local)
        again = Choice("again", ctx.t("sign.again"))
        return SignPage(
            **ctx.owner(),
            title=ctx.say(ctx.step.title) if local.state == "ready" else ctx.t(f"sign.title.{local.state}"),
            lead=self._lead(ctx, local),
            action="" if local.state in ("opening", "away") else ctx.t(f"sign.action.{local.state}"),
            second=again if local.state in ("writing", "shown") else None,
            state=local.state,
            message=local.message,
            where=ctx.t("sign.where"),
            heading=paper.heading,
            paragraphs=paper.paragraphs,
            facts=tuple(paper.facts),
            day=paper.day_in_words,
            picture=INK if local.png else "",
            papers={INK: local.png} if local.png else {},
        )


def _local(ctx: Ctx[Any]) -> Local:
    local = ctx.state.local
    return local if isinstance(local, Local) else Local()


def _paper(ctx: Ctx[SignStep], local: Local) -> SignedPaper:
    """What is being signed; before that, what would be now."""
    if local.paper is not None:
        return local.paper
    step = ctx.step
    facts = tuple((ctx.say(row.label), ctx.show(row)) for row in step.facts)
    today = ctx.around.now().astimezone(CHINA).date()
    return SignedPaper(ctx.say(step.heading), ctx.say(step.statement), facts, today, ctx.state.lang)


def _left(ctx: Ctx[SignStep], local: Local) -> Mapping[str, object]:
    paper = _paper(ctx, local)
    return {
        "text": paper.text,
        "sha256": paper.digest.hex(),
        "signature": local.signature,
        "lang": local.lang,
        "signed_on": paper.day.isoformat(),
    }
