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
from kiosk.steps.consult.drawing import FOLLOW, OFFICER, PRINT, SERVICE, page_of, usable
from kiosk.steps.consult.local import Local, Looking
from kiosk.steps.consult.sheet import sheet_blocks

RECEIPT: Final = "receiptPrinter"
IN_DOUBT: Final = "in-doubt"
"""The fault of a sheet of which nobody can say whether it came out (``kiosk.executor``)."""


@step_kind("consult")
class Consult:
    """Look up, show, go on from there; the way back leads through what was looked at."""

    def enter(self, ctx: Ctx[ConsultStep]) -> Move:
        """Look up what was typed."""
        return _look_up(ctx, str(ctx.look(ctx.step.words) or ""), None)

    def on_outcome(self, ctx: Ctx[ConsultStep], outcome: Outcome) -> Move:
        """What the library says, or whether the sheet came out; one may come while the other is waited for."""
        local, says = ctx.state.local, "entries" in outcome.data
        if isinstance(local, Local):  # what the library says late is waited for by nobody
            late = says or not local.sheet
            return Move(local=local) if late else Move(local=_printed(local, outcome), redraw=True)
        before = local.before if isinstance(local, Looking) else None
        if before is not None and before.sheet and not says and (outcome.data or outcome.fault == IN_DOUBT):
            return Move(local=Looking(_printed(before, outcome)))
        bad = failed(ctx, outcome)
        if bad is not None:
            return bad
        opened = str(outcome.data["entries"][0]["id"]) if outcome.data["state"] == "answered" else ""
        fresh = Local(outcome.data, opened, before=before)
        if before is not None:
            fresh = replace(fresh, sheet=before.sheet, paper=before.paper)
        return Move(local=fresh, redraw=True)

    def on_intent(self, ctx: Ctx[ConsultStep], intent: Intent) -> Move:
        """Something to read, ask, open or print; or enough."""
        local = ctx.state.local
        if not isinstance(local, Local) or local.printing:
            return Move(local=local)
        match intent.action:
            case Action.CHOOSE:
                return _chosen(ctx, local, intent.value)
            case Action.SECOND if intent.value == PRINT and usable(ctx, local):
                once = () if local.sheet else (PrintSlip(sheet_blocks(ctx, local)),)
                return Move(
                    local=replace(local, printing=True, sheet=True, printed=""), effects=once, redraw=True
                )
            case Action.PROCEED:
                return Move(go=Go.NEXT, answer=_left(local))
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


def _printed(local: Local, outcome: Outcome) -> Local:
    """What came of the sheet."""
    came = outcome.fault in ("", IN_DOUBT) and came_out(outcome.data)
    told = outcome.fault or str(outcome.data.get("outcome", "uncertain"))
    return replace(local, printing=False, sheet=False, printed=told, paper=local.paper or came)


def _left(local: Local) -> dict[str, object]:
    """What the end page has to know: a sheet that is under way is taken as well."""
    return {"state": local.told["state"], "delivered": local.paper or local.sheet}


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
    if value == OFFICER and local.entry is None:
        return Move(local=local, go=Go.OPEN, opens=OFFICER)
    if value.startswith(FOLLOW) and local.entry is not None:
        more = local.entry["more"]
        number = value.removeprefix(FOLLOW)
        if number.isdigit() and int(number) < len(more):
            return _look_up(ctx, ctx.say(more[int(number)]), local)
    if any(value == str(entry["id"]) for entry in local.told["entries"]):
        return Move(local=replace(local, opened=value, printed=""), redraw=True)
    return Move(local=local)
