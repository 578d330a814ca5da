"""How a service ended, by what its steps left, and what happens next because of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from config.catalogue.models import DoneStep, NextModel, SlipStep, Texts
from config.clock import CHINA
from kiosk.domain.tax_control import last_day, month_after
from kiosk.flow.frame_words import to_unlock
from kiosk.steps.base import Ctx


def coming(ctx: Ctx[SlipStep] | Ctx[DoneStep]) -> list[tuple[NextModel, Texts]]:
    """What happens next, of all that the step names, each with its note: the file's, or the centre's own."""
    facts = {
        "offline": ctx.state.offline,
        "online": not ctx.state.offline,
        "nothing-due": ctx.look("file.total_fen") == 0,
        "in-doubt": ctx.look("pay.state") in ("doubt", "unpaid"),
        "paid": ctx.look("pay.state") not in ("doubt", "unpaid"),
        "whole": not ctx.look("pay.left_fen"),
        "no-unlock": not to_unlock(ctx.state.data),
        "written": not ended(ctx, "not-written"),
        "not-written": ended(ctx, "not-written"),
        "behind": _behind(ctx),
        "up-to-date": not _behind(ctx),
        "month-runs": ctx.look("status.next") == "wait",
        "month-over": ctx.look("status.next") != "wait",
        "not-taken-back": not taken_back(ctx),
        "no-mailbox": not mailed(ctx),
        "to-mailbox": mailed(ctx),
        "no-refund": not ctx.look("file.overpaid_fen"),
        "delivered": not ended(ctx, "none-delivered"),
        "none-delivered": ended(ctx, "none-delivered"),
        "anonymous": ctx.look("naming.choice") != "named",
        "named": ctx.look("naming.choice") == "named",
        "objected": ended(ctx, "objected"),
        "not-objected": not ended(ctx, "objected"),
        "talked": ended(ctx, "talked"),
        "not-talked": not ended(ctx, "talked"),
        "not-won": ended(ctx, "not-won"),
    }
    left = [one for one in ctx.step.next if not any(facts.get(name, False) for name in one.unless)]
    noted = [(one, ctx.look(one.note_of) if one.note_of else one.note) for one in left]
    return [(one, note) for one, note in noted if note or not one.note_of]


def reference_of(ctx: Ctx[SlipStep] | Ctx[DoneStep]) -> str:
    """The number that it is known by, or nothing."""
    named = (path for path in (ctx.step.reference, ctx.step.reference_or) if path)
    return next((str(ctx.look(path)) for path in named if ctx.look(path)), "")


def ended(ctx: Ctx[Any], how: str) -> bool:
    """Whether the service ended that way; by what its steps left."""
    left = [(step.kind, ctx.look(step.id)) for step in ctx.service.steps]
    match how:
        case "unpaid":
            return any(kind == "pay" and a and a.get("state") in ("unpaid", "nothing") for kind, a in left)
        case "in-part":
            return any(kind == "pay" and a and a.get("left_fen") for kind, a in left)
        case "in-doubt":
            return any(kind == "pay" and a and a.get("state") == "doubt" for kind, a in left)
        case "not-printed":
            sheets = _sheet_lost(ctx)
            return sheets or any(
                a and (kind == "print" and a.get("outcome") != "printed" or _unsent(ctx, kind, a))
                for kind, a in left
            )
        case "printed":
            return any(kind == "print" and a and a.get("outcome") == "printed" for kind, a in left)
        case "sent":
            printed = any(kind == "print" and a for kind, a in left)
            return not printed and any(kind == "collect" and a and a.get("shown") for kind, a in left)
        case "mailed":
            return mailed(ctx)
        case "taken-back":
            return taken_back(ctx)
        case "not-rated":
            return not ctx.look("file")
        case "objected":
            return bool(ctx.look("file.again"))
        case "talked":
            return bool(ctx.look("officer.state") == "talked")
        case "looked":
            return _only_read(ctx)
        case "settled":
            return bool(ctx.look("file.state") == "approved")
        case "not-won":
            return bool(ctx.look("draw")) and not ctx.look("draw.prize_fen")
        case "reported":
            return bool(ctx.look("report")) and not ctx.look("unlock")
        case "not-written":
            return any(kind == "ukey" and a and a.get("written") is False for kind, a in left)
    return any(kind == "dispense" and a and not a.get("delivered") for kind, a in left)


def _only_read(ctx: Ctx[Any]) -> bool:
    """Whether a UKey was read and nothing done with it, or a list in which nothing was touched."""
    if ctx.look("ukey") is not None:
        return not ctx.look("report") and not ctx.look("unlock")
    return ctx.look("found.picked") is False


def mailed(ctx: Ctx[Any]) -> bool:
    """Whether it goes to a mailbox, which the step ``way`` chose."""
    return bool(ctx.look("way.id") == "mailbox")


def taken_back(ctx: Ctx[Any]) -> bool:
    """Whether a return was taken back (作废), and nothing of its kind filed instead."""
    return bool(ctx.look("how.way") == "withdraw")


def _sheet_lost(ctx: Ctx[Any]) -> bool:
    """Whether a sheet that is printed as a slip did not come out, and nothing else has what it says."""
    slips = [step for step in ctx.service.steps if isinstance(step, SlipStep) and step.sheet]
    left = [ctx.look(step.id) for step in slips]
    return any(one and one.get("outcome") != "printed" for one in left)


def _unsent(ctx: Ctx[Any], kind: str, left: Mapping[str, Any]) -> bool:
    """Whether a phone alone should have got it, and got no code."""
    return kind == "collect" and not left.get("shown") and ctx.look("carrier.choice") == "phone"


def _behind(ctx: Ctx[Any]) -> bool:
    """Whether the month after the one that a UKey was unlocked for is over as well."""
    month = ctx.look("unlock.month")
    if month is None:
        return False
    following = month_after(date.fromisoformat(str(month)))
    return last_day(following) < ctx.around.now().astimezone(CHINA).date()
