"""An officer is asked for and talked to at a distance; who finds nobody is led on to be called back.

The conversation is the visit's (``kiosk.flow.talk``): the engine keeps asking the centre for news, here and on the
pages of other services. This step opens it, draws it, and says what the person writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from config.catalogue.models import Input, OfficerStep
from kiosk.flow import talk as talks
from kiosk.flow.effects import Ask
from kiosk.flow.events import Action, Intent, Outcome
from kiosk.flow.pages import Choice, FormPage, FormRow, MessagePage, Page
from kiosk.flow.state import After, Message, ServiceState
from kiosk.flow.talk import Bubble, Talk
from kiosk.flow.talk_page import SpeechLine, TalkPage
from kiosk.steps.asking import unreachable, working
from kiosk.steps.base import Ctx, Go, Move, fault_message, refusal_message, step_kind
from kiosk.steps.form.inputs import KINDS

QUICK: Final = ("yes", "no", "again", "unclear", "moment", "thanks")
"""Answers that one touch gives; their words are ``officer.quick.*``."""
FEW: Final = 4
OPEN: Final = "open:"
ROW: Final = "line"
LONGEST: Final = 100
ONCE: Final = "consultOnce"


@dataclass(frozen=True, slots=True)
class Local:
    """``does``: asking (the centre), talking, writing (the keys are open), ending (asked once more)."""

    does: str = "talking"
    words: str = field(default="", repr=False)


@step_kind("officer")
class TalkToOfficer:
    """Open it, or go on with the one of this visit."""

    def enter(self, ctx: Ctx[OfficerStep]) -> Move:
        """Ask for an officer; without the network nobody can be talked to."""
        if ctx.state.talk is not None:
            return Move(local=Local())
        if ctx.state.offline:
            return Move(go=Go.NEXT, answer={"state": "offline", "number": ""})
        asked = {
            "visit": ctx.state.visit,
            "topic": ctx.look(ctx.step.topic),
            "words": ctx.look(ctx.step.words),
        }
        return Move(local=Local("asking"), effects=(Ask("consult.open", asked),))

    def on_outcome(self, ctx: Ctx[OfficerStep], outcome: Outcome) -> Move:
        """Somebody will answer, nobody does, or the centre is away."""
        if _local(ctx).does != "asking":
            return Move(local=ctx.state.local)
        if unreachable(outcome):
            return Move(go=Go.NEXT, answer={"state": "offline", "number": ""}, offline=True)
        if outcome.fault:
            return Move(local=ctx.state.local, message=fault_message(ctx, outcome.fault))
        refusal = outcome.data.get("refusal")
        if isinstance(refusal, Mapping):
            if refusal.get("code") != ONCE:
                return Move(local=ctx.state.local, message=refusal_message(ctx, refusal))
            return _nobody(ctx, ctx.t("officer.once"))
        if outcome.data["state"] == "nobody":
            return _nobody(ctx, ctx.t("officer.nobody.body"))
        told = outcome.data
        opened = Talk(
            number=str(told["number"]),
            asked_at=ctx.around.now(),
            wait_s=int(told["wait_s"]),
            ahead=int(told["ahead"]),
        )
        return Move(local=Local(), talk=opened, redraw=True)

    def on_intent(self, ctx: Ctx[OfficerStep], intent: Intent) -> Move:
        """Something to say, a service to open, the end, or no more waiting."""
        local, talk = _local(ctx), ctx.state.talk
        if talk is None:
            return Move(local=local)
        if local.does == "writing":
            return _writes(ctx, local, talk, intent)
        if local.does == "ending":
            return _ends(talk, intent)
        match talk.state, intent.action, intent.value:
            case "waiting", Action.PROCEED, _:
                return Move(go=Go.NEXT, answer={"state": "nobody", "number": ""}, hangs_up=True)
            case "taken", Action.PROCEED, _:
                return Move(local=Local("writing"), redraw=True)
            case "taken", Action.SECOND, "end":
                return Move(local=Local("ending"), redraw=True)
            case "taken", Action.CHOOSE, name if name in QUICK:
                return Move(local=local, talk=talks.say(talk, ctx.t(f"officer.quick.{name}")), redraw=True)
            case "taken", Action.CHOOSE, name if name.startswith(OPEN):
                return _opens(ctx, local, talk, name.removeprefix(OPEN))
            case "ended", Action.PROCEED, _:
                state = "talked" if talk.answered else "nobody"
                left = {"state": state, "number": talk.number if talk.answered else ""}
                return Move(go=Go.NEXT, answer=left, hangs_up=not talk.answered)
        return Move(local=local)

    def page(self, ctx: Ctx[OfficerStep]) -> Page:
        """A moment's wait, the wait for an officer, what was said, the keys, or the question before the end."""
        local, talk = _local(ctx), ctx.state.talk
        if talk is None:
            return working(ctx)
        if local.does == "writing" and talk.goes_on:
            return _keys(ctx, local)
        if local.does == "ending" and talk.goes_on:
            return MessagePage(
                title=ctx.t("officer.end.title"),
                action=ctx.t("officer.end.sure"),
                second=Choice("stay", ctx.t("officer.end.stay")),
                body=(ctx.t("officer.end.body"),),
            )
        return _waits(ctx, talk) if talk.state == "waiting" else _talks(ctx, talk)


def _local(ctx: Ctx[OfficerStep]) -> Local:
    return ctx.state.local if isinstance(ctx.state.local, Local) else Local()


def _nobody(ctx: Ctx[OfficerStep], body: str) -> Move:
    """Told in a moment, and on to the call-back."""
    message = Message("info", ctx.t("officer.nobody.title"), (body, ctx.t("officer.nobody.call")), After.NEXT)
    return Move(local=Local(), answer={"state": "nobody", "number": ""}, message=message)


def _writes(ctx: Ctx[OfficerStep], local: Local, talk: Talk, intent: Intent) -> Move:
    match intent.action:
        case Action.FILL if intent.value == ROW:
            fits = len(intent.text) <= LONGEST and KINDS[Input.TEXT].fits.fullmatch(intent.text)
            return Move(local=replace(local, words=intent.text) if fits else local)
        case Action.PROCEED if local.words.strip() and talk.state == "taken":
            return Move(local=Local(), talk=talks.say(talk, local.words.strip()), redraw=True)
        case Action.SECOND if intent.value == "cancel":
            return Move(local=Local(), redraw=True)
        case Action.PROCEED if not talk.goes_on:
            return Move(local=Local(), redraw=True)
    return Move(local=local)


def _ends(talk: Talk, intent: Intent) -> Move:
    match intent.action:
        case Action.PROCEED:
            return Move(local=Local(), talk=talks.ended(talk, "person"), redraw=True)
        case Action.SECOND:
            return Move(local=Local(), redraw=True)
    return Move(local=Local("ending"))


def _opens(ctx: Ctx[OfficerStep], local: Local, talk: Talk, service: str) -> Move:
    """The service that the officer proposed; the conversation goes on there."""
    proposed = any(line.service == service for line in talk.lines)
    return Move(local=local, go=Go.OPEN, opens=service) if proposed else Move(local=local)


def _waits(ctx: Ctx[OfficerStep], talk: Talk) -> TalkPage:
    late = talk.late(ctx.around.now())
    how = "late" if late else "next" if talk.ahead == 0 else "ahead"
    minutes = max(1, round(talk.wait_s / 60))
    return TalkPage(
        title=ctx.t("officer.late.title" if late else "officer.waiting.title"),
        lead=ctx.t("officer.late.lead" if late else "officer.waiting.lead", minutes=minutes),
        action=ctx.t("officer.call-me"),
        state="late" if late else "waiting",
        paragraphs=(ctx.t(f"officer.waiting.{how}", count=talk.ahead),),
        facts=((ctx.t("officer.number"), talk.number),),
    )


def _talks(ctx: Ctx[OfficerStep], talk: Talk) -> TalkPage:
    over = not talk.goes_on
    why = f"officer.over.{talk.ended_by or 'officer'}"
    return TalkPage(
        title=ctx.t("officer.over.title" if over else "officer.title"),
        lead=ctx.t(why) if over else ctx.t("officer.lead", number=talk.number),
        action=ctx.t("officer.go-on" if over else "officer.write"),
        action_icon="" if over else "edit",
        second=None if over else Choice("end", ctx.t("officer.end")),
        state="ended" if over else "talking",
        paragraphs=() if over or talk.lines else (ctx.t("officer.here"),),
        lines=tuple(_line(ctx, one, over) for one in talk.lines),
        quick=() if over else tuple(Choice(name, ctx.t(f"officer.quick.{name}")) for name in _quick(ctx)),
    )


def _quick(ctx: Ctx[OfficerStep]) -> tuple[str, ...]:
    """Fewer where words are large: what is said needs the room."""
    return QUICK[:FEW] if ctx.state.mode == "elder" else QUICK


def _line(ctx: Ctx[OfficerStep], one: Bubble, over: bool) -> SpeechLine:
    text = one.text.get("") or ctx.say(one.text)
    return SpeechLine(
        mine=one.mine,
        who=ctx.t("officer.me" if one.mine else "officer.officer"),
        text=ctx.t("officer.proposes") if one.service else text,
        title=ctx.say(one.title),
        source=ctx.say(one.source),
        opens=_way(ctx, one) if one.service and not over else None,
    )


def _way(ctx: Ctx[OfficerStep], one: Bubble) -> Choice | None:
    """The key that opens a proposed service, closed with its reason where it cannot be used now."""
    published = ctx.services.get(one.service)
    if published is None:
        return None
    service = published.service
    now = ctx.state.world.services.get(service.id, ServiceState(True))
    reason = "" if now.usable else ctx.t(f"closed.{now.reason}")
    return Choice(
        f"{OPEN}{service.id}",
        ctx.say(service.title),
        ctx.say(service.summary),
        service.icon,
        (),
        now.usable,
        reason,
    )


def _keys(ctx: Ctx[OfficerStep], local: Local) -> FormPage:
    row = FormRow(
        id=ROW,
        label=ctx.t("officer.words"),
        value=local.words,
        editable=True,
        keypad=KINDS[Input.TEXT].keypad,
        input=str(Input.TEXT),
        most=LONGEST,
    )
    return FormPage(
        title=ctx.t("officer.words.title"),
        action=ctx.t("officer.send"),
        action_enabled=bool(local.words.strip()),
        second=Choice("cancel", ctx.t("officer.cancel")),
        rows=(row,),
        focused=ROW,
    )
