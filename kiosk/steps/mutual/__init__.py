"""What other taxpayers asked, answered and proposed is looked through, before or instead of writing oneself.

What the centre has published comes whole, so that topic and words are looked for at the terminal, and it is the same
from what is kept. What somebody types is looked up here (``kiosk.library_desk``) and lives in the visit's state alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from config.catalogue.consulting import MutualStep
from config.clock import CHINA
from kiosk.flow.effects import Ask, LookUp, Submit
from kiosk.flow.events import Action, Intent, Outcome
from kiosk.flow.pages import Page
from kiosk.flow.state import After, Message
from kiosk.steps.asking import failed, unreachable, working
from kiosk.steps.base import Ctx, Go, Move, step_kind
from kiosk.steps.mutual.drawing import HELPED, LEADS_TO, SOLVED, VOTE, page_of, usable
from kiosk.steps.mutual.local import Asking, Local, Searching, rows_of, texts_of


@step_kind("mutual")
class Mutual:
    """Ask, look up, show a list, read one of it; the way back leads through what was read."""

    def enter(self, ctx: Ctx[MutualStep]) -> Move:
        """Ask what is published; without the network only where something kept or the library stands in."""
        if ctx.state.offline and ctx.step.does == "similar":
            return Move(go=Go.NEXT, answer={})
        if ctx.state.offline and ctx.step.does == "nearby":
            return _search(ctx, {})
        return Move(local=Asking(), effects=(Ask(ctx.step.query),))

    def on_outcome(self, ctx: Ctx[MutualStep], outcome: Outcome) -> Move:
        """What is published, then what of it is meant; that thanks were taken is waited for by nobody."""
        local = ctx.state.local
        if isinstance(local, Asking):
            if unreachable(outcome) and ctx.step.does != "browse":
                # The network went just now: what follows is queued, and nothing is to be compared with.
                moved = _search(ctx, {}) if ctx.step.does == "nearby" else Move(go=Go.NEXT, answer={})
                return replace(moved, offline=True)
            return failed(ctx, outcome) or _search(ctx, outcome.data)
        if isinstance(local, Searching) and ("among" in outcome.data or outcome.fault):
            found = outcome.data if ctx.step.does == "nearby" else {"among": outcome.data.get("among", ())}
            return failed(ctx, outcome) or _found(ctx, Local(local.told, found))
        return Move(local=local)

    def on_intent(self, ctx: Ctx[MutualStep], intent: Intent) -> Move:
        """Something to read, a service to go to, thanks, or enough."""
        local = ctx.state.local
        if not isinstance(local, Local):
            return Move(local=local)
        match intent.action:
            case Action.CHOOSE if intent.value in LEADS_TO.values():
                there = usable(ctx, intent.value)
                return Move(local=local, go=Go.OPEN, opens=intent.value) if there else Move(local=local)
            case Action.CHOOSE if local.has(intent.value):
                return Move(local=replace(local, opened=intent.value), redraw=True)
            case Action.SECOND if intent.value == HELPED and local.may_thank(ctx.step.does):
                thanked = replace(local, thanked=local.thanked | {local.opened})
                sent = Submit("help.thank", {"question": local.opened}, queue=True)
                return Move(local=thanked, effects=(sent,), redraw=True)
            case Action.SECOND if intent.value == SOLVED and local.opened:
                body = (ctx.t("mutual.solved.body"),)
                return Move(local=local, message=Message("info", ctx.t("mutual.solved"), body, After.HOME))
            case Action.SECOND if intent.value == VOTE and local.may_vote and usable(ctx, LEADS_TO[VOTE]):
                return Move(local=local, go=Go.OPEN, opens=LEADS_TO[VOTE])
            case Action.PROCEED:
                return Move(go=Go.NEXT, answer={})
        return Move(local=local)

    def back(self, ctx: Ctx[MutualStep]) -> Move | None:
        """From what is read to the list."""
        local = ctx.state.local
        if isinstance(local, Local) and local.opened:
            return Move(local=replace(local, opened=""), redraw=True)
        return None

    def page(self, ctx: Ctx[MutualStep]) -> Page:
        """A list, one of it, or a moment's wait."""
        local = ctx.state.local
        return page_of(ctx, local) if isinstance(local, Local) else working(ctx)


def _words(ctx: Ctx[MutualStep]) -> str:
    return str(ctx.look(ctx.step.words) or "").strip() if ctx.step.words else ""


def _search(ctx: Ctx[MutualStep], told: Mapping[str, Any]) -> Move:
    """Find what is meant; who named no words is shown all of the topic."""
    words = _words(ctx)
    if not words:
        return _found(ctx, Local(told, {}))
    today = ctx.around.now().astimezone(CHINA).date().isoformat()
    wanted = LookUp(words, ctx.state.lang, today, today, False, texts_of(told))
    return Move(local=Searching(told), effects=(wanted,))


def _found(ctx: Ctx[MutualStep], local: Local) -> Move:
    """Where nothing is near, nobody is held up on the way to their own words; a report is always told where it goes."""
    topic = str(ctx.look(ctx.step.topic) or "") if ctx.step.topic else ""
    words = _words(ctx)
    fresh = replace(local, topic=topic, words=words, order=rows_of(local, ctx.step.does, topic, words))
    if ctx.step.does != "browse" and not fresh.order and not fresh.entries and not fresh.reports:
        return Move(go=Go.NEXT, answer={})
    return Move(local=fresh, redraw=True)
