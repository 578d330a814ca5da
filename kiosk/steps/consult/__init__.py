"""The library is asked, or looked through: answers with their source, follow-ups, the right service, a sheet of paper.

What was asked lives in the visit's state alone. It is put into no record, and the sheet has the library's own words.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from config.catalogue.models import ConsultStep
from config.clock import CHINA
from kiosk.flow.effects import LookUp, PrintSlip
from kiosk.flow.events import Action, Intent, Outcome
from kiosk.flow.frame_words import came_out
from kiosk.flow.pages import Page, PrintPage
from kiosk.steps.asking import failed, working
from kiosk.steps.base import Ctx, Go, Move, step_kind
from kiosk.steps.consult.drawing import FOLLOW, PRINT, SERVICE, page_of, usable
from kiosk.steps.consult.local import Local, Looking
from kiosk.steps.consult.sheet import sheet_blocks

RECEIPT: Final = "receiptPrinter"


@step_kind("consult")
class Consult:
    """Look up, show, go on from there; the way back leads through what was looked at."""

    def enter(self, ctx: Ctx[ConsultStep]) -> Move:
        """Look up what was typed."""
        return _look_up(ctx, str(ctx.look(ctx.step.words) or ""), None)

    def on_outcome(self, ctx: Ctx[ConsultStep], outcome: Outcome) -> Move:
        """What the library says, or whether the sheet came out."""
        local = ctx.state.local
        if isinstance(local, Local):
            printed = outcome.fault or str(outcome.data.get("outcome", "uncertain"))
            paper = local.paper or (outcome.fault in ("", "in-doubt") and came_out(outcome.data))
            return Move(local=replace(local, printing=False, printed=printed, paper=paper), redraw=True)
        before = local.before if isinstance(local, Looking) else None
        bad = failed(ctx, outcome)
        if bad is not None:
            return bad
        opened = str(outcome.data["entries"][0]["id"]) if outcome.data["state"] == "answered" else ""
        paper = before is not None and before.paper
        return Move(local=Local(outcome.data, opened, paper=paper, before=before), redraw=True)

    def on_intent(self, ctx: Ctx[ConsultStep], intent: Intent) -> Move:
        """Something to read, ask, open or print; or enough."""
        local = ctx.state.local
        if not isinstance(local, Local) or local.printing:
            return Move(local=local)
        match intent.action:
            case Action.CHOOSE:
                return _chosen(ctx, local, intent.value)
            case Action.SECOND if intent.value == PRINT and usable(ctx, local):
                printing = replace(local, printing=True, printed="")
                return Move(local=printing, effects=(PrintSlip(sheet_blocks(ctx, local)),), redraw=True)
            case Action.PROCEED:
                return Move(go=Go.NEXT, answer={"state": local.told["state"], "delivered": local.paper})
        return Move(local=local)

    def back(self, ctx: Ctx[ConsultStep]) -> Move | None:
        """To the list, to what was looked at before, else to the words."""
        local = ctx.state.local
        if isinstance(local, Looking) and local.before is not None:
            return Move(local=local.before, redraw=True)
        if not isinstance(local, Local):
            return None
        if local.printing:
            return Move(local=replace(local, printing=False), redraw=True)
        if local.opened != local.first:
            return Move(local=replace(local, opened=local.first, printed=""), redraw=True)
        return Move(local=local.earlier, redraw=True) if local.before is not None else None

    def page(self, ctx: Ctx[ConsultStep]) -> Page:
        """A moment's wait, a list, an answer, an honest word, or paper that comes."""
        local = ctx.state.local
        if not isinstance(local, Local):
            return working(ctx)
        if local.printing:
            return PrintPage(
                title=ctx.t("consult.printing"),
                lead=ctx.t("consult.printing.lead"),
                illustration=RECEIPT,
                where=ctx.t("slip.where"),
            )
        return page_of(ctx, local)


def _look_up(ctx: Ctx[ConsultStep], words: str, before: Local | None) -> Move:
    day = str(ctx.look(ctx.step.day) or "") if ctx.step.day else ""
    today = ctx.around.now().astimezone(CHINA).date().isoformat()
    search = ctx.step.does == "search" and before is None
    wanted = LookUp(words, ctx.state.lang, day or today, today, search)
    return Move(local=Looking(before), effects=(wanted,), redraw=before is not None)


def _chosen(ctx: Ctx[Any], local: Local, value: str) -> Move:
    """An entry, a follow-up of the one that is open, or the service that does it."""
    if value == SERVICE:
        opens = local.service
        return Move(local=local, go=Go.OPEN, opens=opens) if opens else Move(local=local)
    if value.startswith(FOLLOW) and local.entry is not None:
        more = local.entry["more"]
        number = value.removeprefix(FOLLOW)
        if number.isdigit() and int(number) < len(more):
            return _look_up(ctx, ctx.say(more[int(number)]), local)
    if any(value == str(entry["id"]) for entry in local.told["entries"]):
        return Move(local=replace(local, opened=value, printed=""), redraw=True)
    return Move(local=local)
