"""What do I want to do (办税向导): a few questions, then the service that does it with what to bring.

What was answered lives in the visit's state alone; no question goes anywhere, so it is the same without the network.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from config.catalogue.models import NavigateStep, Service
from config.navigator import Question, shipped
from kiosk.flow.effects import PrintSlip
from kiosk.flow.events import Action, Intent, Outcome
from kiosk.flow.frame_words import came_out
from kiosk.flow.pages import Page, PrintPage
from kiosk.steps.base import Ctx, Go, Move, step_kind
from kiosk.steps.navigate.drawing import PRINT, SERVICE, checklist_page, printer_there, question_page
from kiosk.steps.navigate.sheet import as_text, sheet_blocks

RECEIPT: Final = "receiptPrinter"
IN_DOUBT: Final = "in-doubt"
"""The fault of a sheet of which nobody can say whether it came out (``kiosk.executor``)."""


@dataclass(frozen=True, slots=True)
class Local:
    """``way``: the questions that were asked, the last one open; ``service``: where they ended, or empty.

    ``printing``: a sheet is waited for; ``sheet``: one is under way, also where somebody reads on; ``printed``: what
    came of the last one, or empty; ``paper``: one came out at this visit, or may have.
    """

    way: tuple[str, ...]
    service: str = ""
    printing: bool = False
    sheet: bool = False
    printed: str = ""
    paper: bool = False


@step_kind("navigate")
class Navigate:
    """Ask, ask again, and show what to bring; the way back leads through the questions."""

    def enter(self, ctx: Ctx[NavigateStep]) -> Move:
        """From the first question."""
        return Move(local=Local((shipped().start,)))

    def on_outcome(self, ctx: Ctx[NavigateStep], outcome: Outcome) -> Move:
        """Whether the sheet came out."""
        local = _local(ctx)
        if not local.sheet:
            return Move(local=local)
        came = outcome.fault in ("", IN_DOUBT) and came_out(outcome.data)
        told = outcome.fault or str(outcome.data.get("outcome", "uncertain"))
        now = replace(local, printing=False, sheet=False, printed=told, paper=local.paper or came)
        return Move(local=now, redraw=local.printing)

    def on_intent(self, ctx: Ctx[NavigateStep], intent: Intent) -> Move:
        """An answer, the service itself, a sheet, or the list for later."""
        local = _local(ctx)
        if local.printing:
            return Move(local=local)
        match intent.action:
            case Action.CHOOSE if not local.service:
                return _answered(ctx, local, intent.value)
            case Action.CHOOSE if intent.value == SERVICE:
                return Move(local=local, go=Go.OPEN, opens=local.service)
            case Action.SECOND if intent.value == PRINT and local.service and printer_there(ctx):
                once = () if local.sheet else (PrintSlip(sheet_blocks(ctx, _service(ctx, local))),)
                now = replace(local, printing=True, sheet=True, printed="")
                return Move(local=now, effects=once, redraw=True)
            case Action.PROCEED if local.service:
                return Move(go=Go.NEXT, answer=_left(ctx, local))
        return Move(local=local)

    def back(self, ctx: Ctx[NavigateStep]) -> Move | None:
        """To what is read while a sheet is printed, to the last question, to the one before it."""
        local = _local(ctx)
        if local.printing:
            return Move(local=replace(local, printing=False), redraw=True)
        if local.service:
            return Move(local=replace(local, service="", printed=""), redraw=True)
        return Move(local=replace(local, way=local.way[:-1]), redraw=True) if len(local.way) > 1 else None

    def page(self, ctx: Ctx[NavigateStep]) -> Page:
        """A question, the list, or paper that comes."""
        local = _local(ctx)
        if local.printing:
            return PrintPage(
                title=ctx.t("navigate.printing"),
                lead=ctx.t("navigate.printing.lead"),
                illustration=RECEIPT,
                where=ctx.t("slip.where"),
            )
        if local.service:
            return checklist_page(ctx, _service(ctx, local), local.printed)
        return question_page(ctx, _open(local), len(local.way))


def _local(ctx: Ctx[Any]) -> Local:
    local = ctx.state.local
    return local if isinstance(local, Local) else Local((shipped().start,))


def _open(local: Local) -> Question:
    return shipped().question(local.way[-1])


def _service(ctx: Ctx[Any], local: Local) -> Service:
    return ctx.services[local.service].service


def _answered(ctx: Ctx[NavigateStep], local: Local, value: str) -> Move:
    """On to the next question or to the service; nothing where that is no answer."""
    option = next((one for one in _open(local).options if one.leads == value), None)
    if option is None:
        return Move(local=local)
    now = replace(local, service=value) if option.service else replace(local, way=(*local.way, value))
    return Move(local=now, redraw=True)


def _left(ctx: Ctx[NavigateStep], local: Local) -> dict[str, object]:
    """What the end page shows; a sheet that is under way is taken along as well."""
    service = _service(ctx, local)
    return {
        "service": service.id,
        "title": dict(service.title),
        "code": as_text(ctx, service),
        "delivered": local.paper or local.sheet,
    }
