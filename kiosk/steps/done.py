"""The end page: it is done, this is its number, this happens next, take your things."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from typing import Any, Final

from config.catalogue.models import DoneStep, Format, LabelledValue, PayStep, SlipStep
from kiosk.flow.effects import PrintSlip
from kiosk.flow.events import Action, Intent, Outcome
from kiosk.flow.frame_words import take_choices, things_to_take
from kiosk.flow.pages import Choice, DonePage
from kiosk.steps.base import Ctx, Go, Move, step_kind
from kiosk.steps.endings import coming, ended, reference_of, taken_back
from kiosk.steps.slip import code_of, slip_blocks

FORM: Final = "form"
"""The choice, and the first of the steps behind this one that print what was filed."""


class Paper(enum.IntEnum):
    """What slip the person has, by what counts most when several were printed."""

    NONE = 0
    DOUBT = 1
    PART = 2
    WHOLE = 3

    @classmethod
    def told(cls, told: Mapping[str, Any]) -> Paper:
        """As the printing told it."""
        outcome = told.get("outcome")
        if outcome == "printed":
            return cls.WHOLE
        if told.get("partly"):
            return cls.PART
        return cls.NONE if outcome in (None, "notPrinted") else cls.DOUBT


_NOTES: Final = {
    Paper.NONE: ("done.no-slip",),
    Paper.DOUBT: ("done.doubt-slip",),
    Paper.PART: ("done.half-slip", "done.half-slip.scan"),
    Paper.WHOLE: ("done.slip", "done.scan"),
}
"""What the slip is good for; a torn one is good for nothing, and a whole one makes up for it."""
_CODE_NOTES: Final = {
    Paper.NONE: ("done.code.photo",),
    Paper.DOUBT: ("done.code.doubt",),
    Paper.PART: ("done.half-slip", "done.code.photo"),
    Paper.WHOLE: ("done.code.slip",),
}
"""The same of a slip whose code is what the person came for."""


@step_kind("done")
class Done:
    """Rate next, or another service, or one more slip."""

    def enter(self, ctx: Ctx[DoneStep]) -> Move:
        """Just show it."""
        return Move()

    def on_intent(self, ctx: Ctx[DoneStep], intent: Intent) -> Move:
        """Finish (rating comes next), another service, or the slip once more."""
        if intent.action is Action.PROCEED:
            return Move(go=Go.NEXT, answer={})
        if intent.action is Action.SECOND and intent.value == "another":
            return Move(go=Go.HOME)
        if intent.action is Action.SECOND and intent.value == FORM and self._form(ctx):
            return Move(go=Go.NEXT, answer={"form": True})
        if intent.action is Action.SECOND and intent.value == "slip":
            again = self._slip_again(ctx)
            return Move(local=ctx.state.local, effects=(again,) if again else ())
        return Move(local=ctx.state.local)

    def on_outcome(self, ctx: Ctx[DoneStep], outcome: Outcome) -> Move:
        """The second slip is out, or is not; the page stays."""
        now = Paper.told({**outcome.data, **({"outcome": outcome.fault} if outcome.fault else {})})
        return Move(local=max(self._paper(ctx), now))

    def page(self, ctx: Ctx[DoneStep]) -> DonePage:
        """Title and stamp by how it ended."""
        step = ctx.step
        offline, unpaid = ctx.state.offline, ctx.look("pay.state") in ("unpaid", "doubt", "nothing")
        title = ctx.say(step.title)
        if offline and step.title_offline:
            title = ctx.say(step.title_offline)
        elif (unpaid or not ctx.look("pay")) and step.title_unpaid:
            title = ctx.say(step.title_unpaid)
        stamp = ctx.say(step.stamp_offline) if offline and step.stamp_offline else ctx.say(step.stamp)
        for ending in step.endings:
            if ended(ctx, ending.when):
                title, stamp = ctx.say(ending.title), ctx.say(ending.stamp)
                break
        code = code_of(ctx) if step.follow else ""
        beside = _beside(ctx)
        return DonePage(
            title=title,
            lead=_about(ctx),
            action=ctx.t("done.finish"),
            second=Choice("another", ctx.t("done.another")),
            quiet=tuple(self._quiet(ctx)),
            stamp=stamp,
            moment=ctx.show_as(Format.MOMENT, ctx.around.now()),
            reference_label=ctx.say(step.reference_label or (beside.label if beside else {}))
            or ctx.t("done.reference"),
            reference=ctx.show_as(beside.format, reference_of(ctx)) if beside else reference_of(ctx),
            reference_notes=self._notes(ctx) if code else (),
            qr=code,
            next_title=ctx.t("done.next"),
            next_steps=self._next(ctx),
            take_title=ctx.t("done.take"),
            take=take_choices(ctx, self._take(ctx)),
        )

    def _next(self, ctx: Ctx[DoneStep]) -> tuple[Choice, ...]:
        named = tuple(
            Choice(str(i), ctx.say(one.title), ctx.say(note), one.icon)
            for i, (one, note) in enumerate(coming(ctx))
        )
        return (*_unsettled(ctx), *named)

    def _notes(self, ctx: Ctx[DoneStep]) -> tuple[str, ...]:
        """What to do with the code beside them: the slip has it, or it has to be taken along from here."""
        paper, code = self._paper(ctx), code_of(ctx)
        if ctx.step.code and code.startswith("https://") and paper is Paper.NONE:
            return (ctx.t("done.code.open"),)
        if not any(isinstance(step, SlipStep) for step in ctx.service.steps):
            return (ctx.t("done.code.read" if ctx.step.code else "done.code.follow"),)
        notes = (_CODE_NOTES if ctx.step.code else _NOTES)[paper]
        return tuple(ctx.t(note) for note in notes if note != "done.slip" or reference_of(ctx))

    def _paper(self, ctx: Ctx[DoneStep]) -> Paper:
        return ctx.state.local if isinstance(ctx.state.local, Paper) else Paper.told(ctx.look("slip") or {})

    def _take(self, ctx: Ctx[DoneStep]) -> list[str]:
        """What is there to be taken; a slip printed from this page counts as well."""
        data, slip = ctx.state.data, self._paper(ctx)
        if slip is not Paper.NONE:
            data = {**data, "slip": {"outcome": "printed"}}
        card = ["id"] if ctx.service.unnamed and ctx.state.world.card is True else []
        return [*card, *things_to_take(ctx.service, ctx.step.take, data)]

    def _quiet(self, ctx: Ctx[DoneStep]) -> Iterator[Choice]:
        """Paper that nobody gets unasked: what was filed on a sheet of its own, the slip (once more)."""
        if self._form(ctx):
            yield Choice(FORM, ctx.t("done.form"))
        if self._slip_again(ctx):
            first = self._paper(ctx) is Paper.NONE
            yield Choice("slip", ctx.t("done.slip-first" if first else "done.slip-again"))

    def _form(self, ctx: Ctx[DoneStep]) -> bool:
        """Whether what was filed can be printed: the service has the steps, the network and the printer are there."""
        world = ctx.state.world
        there = world.online and not ctx.state.offline and world.devices.get("documentPrinter", False)
        filed = bool(ctx.look("file")) and not taken_back(ctx)
        return there and filed and any(step.id == FORM for step in ctx.service.steps)

    def _slip_again(self, ctx: Ctx[DoneStep]) -> PrintSlip | None:
        slip = next((s for s in ctx.service.steps if s.kind == "slip"), None)
        if slip is None or not ctx.state.world.devices.get("receiptPrinter", False):
            return None
        if ctx.look("carrier.choice") == "phone":  # who wanted nothing printed is offered no copy of a slip
            return None
        again = {"type": "text", "text": ctx.t("slip.again"), "align": "center", "bold": True}
        mark = () if self._paper(ctx) is Paper.NONE else (again,)
        blocks = slip_blocks(Ctx(slip, ctx.state, ctx.around))
        return PrintSlip((*blocks[:2], *mark, *blocks[2:]), reprint=True, kept=slip.sheet is None)


def _beside(ctx: Ctx[DoneStep]) -> LabelledValue | None:
    """The row of the slip that has the same number, with which the person compares it."""
    slips = (step for step in ctx.service.steps if isinstance(step, SlipStep))
    return next((row for slip in slips for row in slip.rows if row.value == ctx.step.reference), None)


def _about(ctx: Ctx[DoneStep]) -> str:
    """What it was about, with its label; nothing where nobody knows it."""
    about = ctx.step.about
    value = ctx.show(about) if about is not None else ""
    return ctx.t("done.about", label=ctx.say(about.label), value=value) if about is not None and value else ""


def _unsettled(ctx: Ctx[DoneStep]) -> Iterator[Choice]:
    """What to do about a payment that was not made or is in doubt, where the service has no words of its own for it."""
    pays = next((step for step in ctx.service.steps if isinstance(step, PayStep)), None)
    if pays is None or any("paid" in one.unless for one in ctx.step.next):
        return
    state = ctx.look(f"{pays.id}.state")
    if state == "doubt":
        note = "pay.doubt.next.unnamed" if pays.notice else "pay.doubt.next.note"
        yield Choice("doubt", ctx.t("pay.doubt.next"), ctx.t(note), "warn")
    elif state == "unpaid":
        yield Choice("unpaid", ctx.t("pay.unpaid.next"), ctx.t("pay.unpaid.next.note"), "clock")
