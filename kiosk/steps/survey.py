"""A survey: one question a page, forwards and backwards; what may be passed by is passed by with the same button."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from config.catalogue.models import Input, SubmitStep
from config.catalogue.surveys import SurveyStep
from kiosk.domain.concealing import conceal
from kiosk.flow.events import Action, Intent, Outcome
from kiosk.flow.pages import Choice, ChoosePage, FormPage, FormRow, Page
from kiosk.flow.state import After, Message
from kiosk.steps.base import Ctx, Go, Move, Titles, step_kind
from kiosk.steps.form.inputs import KINDS
from kiosk.steps.submit import once
from sync.models import MOST_WORDS

Asked = Mapping[str, Any]
"""One question, as ``sync.models.SurveyQuestion`` has it."""
SHORTEST = 2
"""Words that somebody gives where they have to."""


@dataclass(frozen=True, slots=True)
class Local:
    """The question that is open, what was chosen and written so far by question, and whether the keys are open."""

    at: int = 0
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict, repr=False)
    keys: bool = False
    error: str = ""


@step_kind("survey")
class TakeSurvey:
    """The questions, then what was answered goes on to the next step."""

    def enter(self, ctx: Ctx[SurveyStep]) -> Move:
        """From the first question; whoever has answered it in this visit is thanked, and asked nothing."""
        submits = [step for step in ctx.service.steps if isinstance(step, SubmitStep)]
        if any(once(ctx, step) in ctx.state.done_once for step in submits):
            body = (ctx.t("survey.once.body"),)
            return Move(local=Local(), message=Message("info", ctx.t("survey.once.title"), body, After.HOME))
        return Move(local=Local())

    def on_outcome(self, ctx: Ctx[SurveyStep], outcome: Outcome) -> Move:
        """Nothing is waited for."""
        return Move(local=ctx.state.local)

    def on_intent(self, ctx: Ctx[SurveyStep], intent: Intent) -> Move:
        """An option, the keys, or the main button."""
        local, asked = _local(ctx), _open(ctx)
        match intent.action:
            case Action.CHOOSE if asked["kind"] != "words":
                return Move(local=_touched(ctx, local, asked, intent.value))
            case Action.EDIT if asked["kind"] == "words":
                opens = intent.value == asked["question"]
                return Move(local=replace(local, keys=opens))
            case Action.FILL if asked["kind"] == "words" and intent.value == asked["question"]:
                return Move(local=_written(local, asked, intent.text))
            case Action.PROCEED:
                return _proceed(ctx, local, asked)
        return Move(local=local)

    def back(self, ctx: Ctx[SurveyStep]) -> Move | None:
        """To the question before."""
        local = _local(ctx)
        return Move(local=_turned(local, local.at - 1), redraw=True) if local.at > 0 else None

    def page(self, ctx: Ctx[SurveyStep]) -> Page:
        """The question that is open."""
        local, asked = _local(ctx), _open(ctx)
        note = ctx.t("survey.at", number=local.at + 1, count=len(_asked(ctx)))
        if asked["kind"] == "words":
            return _words_page(ctx, local, asked, note)
        chosen = local.chosen.get(asked["question"], ())
        return ChoosePage(
            **_titles(ctx, local, asked),
            note=note,
            action_enabled=bool(chosen or asked["optional"]),
            shape="many" if asked["kind"] == "many" else "list",
            options=tuple(Choice(one["option"], ctx.say(one["title"])) for one in asked["options"]),
            selected=chosen,
            errors=(local.error,) if local.error else (),
        )


def _local(ctx: Ctx[SurveyStep]) -> Local:
    local = ctx.state.local
    return local if isinstance(local, Local) else Local()


def _asked(ctx: Ctx[SurveyStep]) -> Sequence[Asked]:
    return ctx.look(ctx.step.of)["questions"]  # type: ignore[no-any-return]


def _open(ctx: Ctx[SurveyStep]) -> Asked:
    return _asked(ctx)[_local(ctx).at]


def _turned(local: Local, at: int) -> Local:
    return replace(local, at=at, keys=False, error="")


def _titles(ctx: Ctx[SurveyStep], local: Local, asked: Asked) -> Titles:
    """The question; how it is answered; and what the button does."""
    how = "most" if asked["kind"] == "many" and asked["most"] else str(asked["kind"])
    lead = ctx.t(f"survey.how.{how}", most=asked["most"])
    last = local.at == len(_asked(ctx)) - 1
    return {
        "title": ctx.say(asked["ask"]),
        "lead": ctx.t("survey.optional", how=lead) if asked["optional"] else lead,
        "action": ctx.say(ctx.step.action) if last else ctx.t("survey.next"),
    }


def _words_page(ctx: Ctx[SurveyStep], local: Local, asked: Asked, note: str) -> FormPage:
    row = FormRow(
        id=asked["question"],
        label=ctx.t("survey.words"),
        value=local.words.get(asked["question"], ""),
        note=ctx.t("survey.words.note"),
        editable=True,
        keypad=KINDS[Input.TEXT].keypad,
        error=local.error,
        input=str(Input.TEXT),
        most=MOST_WORDS,
    )
    return FormPage(
        **_titles(ctx, local, asked),
        note=note,
        rows=(row,),
        focused=row.id if local.keys else "",
        errors=(local.error,) if local.error else (),
    )


def _touched(ctx: Ctx[SurveyStep], local: Local, asked: Asked, option: str) -> Local:
    """One in place of another, or one more and one less of several; beyond the most nothing is taken."""
    if option not in {one["option"] for one in asked["options"]}:
        return local
    name, chosen = asked["question"], local.chosen.get(asked["question"], ())
    if asked["kind"] == "one":
        now: tuple[str, ...] = (option,)
    elif option in chosen:
        now = tuple(one for one in chosen if one != option)
    elif asked["most"] and len(chosen) >= asked["most"]:
        return replace(local, error=ctx.t("survey.most", most=asked["most"]))
    else:
        now = (*chosen, option)
    return replace(local, chosen={**local.chosen, name: now}, error="")


def _written(local: Local, asked: Asked, text: str) -> Local:
    if len(text) > MOST_WORDS or not KINDS[Input.TEXT].fits.fullmatch(text):
        return local
    return replace(local, words={**local.words, asked["question"]: text}, keys=True, error="")


def _proceed(ctx: Ctx[SurveyStep], local: Local, asked: Asked) -> Move:
    """To the next question, or on with all that was answered."""
    if told := _missing(ctx, local, asked):
        return Move(local=replace(local, error=told, keys=asked["kind"] == "words"))
    if local.at + 1 < len(_asked(ctx)):
        return Move(local=_turned(local, local.at + 1), redraw=True)
    found = (_reply(ctx, local, one) for one in _asked(ctx))
    return Move(go=Go.NEXT, answer={"answers": [reply for reply in found if reply]})


def _missing(ctx: Ctx[SurveyStep], local: Local, asked: Asked) -> str:
    """What to mend, or nothing."""
    name = asked["question"]
    if asked["kind"] != "words":
        return "" if local.chosen.get(name) or asked["optional"] else ctx.t("choose.first")
    written = local.words.get(name, "").strip()
    if not written and asked["optional"]:
        return ""
    return "" if len(written) >= SHORTEST else ctx.t("survey.words.short", least=SHORTEST)


def _reply(ctx: Ctx[SurveyStep], local: Local, asked: Asked) -> Mapping[str, object] | None:
    """What was answered to one question; None: nothing."""
    name = asked["question"]
    if asked["kind"] == "words":
        words = conceal(local.words.get(name, "").strip(), ctx.state.lang).text[:MOST_WORDS]
        return {"question": name, "options": [], "words": words} if words else None
    chosen = local.chosen.get(name, ())
    return {"question": name, "options": list(chosen), "words": ""} if chosen else None
