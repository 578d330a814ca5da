"""The receipt slip: the same facts as on the screen, masked, with the code that finds them again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from config.catalogue.models import DoneStep, Format, SlipStep
from kiosk.domain.scanned import with_number
from kiosk.flow.effects import PrintSlip
from kiosk.flow.events import Intent, Outcome
from kiosk.flow.pages import PrintPage
from kiosk.steps.base import Ctx, Go, Move, step_kind
from kiosk.steps.endings import coming, reference_of
from kiosk.steps.pages import DIGEST_SHOWN, papers_of


@dataclass(frozen=True, slots=True)
class Local:
    """The slip is being printed."""


@step_kind("slip")
class Slip:
    """Print the slip; without paper the last page's code takes its place and says so."""

    def enter(self, ctx: Ctx[SlipStep]) -> Move:
        """Print, or go on when the receipt printer cannot."""
        if not ctx.state.world.devices.get("receiptPrinter", False):
            return Move(go=Go.NEXT, answer={"outcome": "notPrinted"})
        return Move(local=Local(), effects=(PrintSlip(slip_blocks(ctx), kept=ctx.step.sheet is None),))

    def on_intent(self, ctx: Ctx[SlipStep], intent: Intent) -> Move:
        """Nothing to touch."""
        return Move(local=ctx.state.local)

    def on_outcome(self, ctx: Ctx[SlipStep], outcome: Outcome) -> Move:
        """Printed or not, the visit goes on: the effect itself is done."""
        result = outcome.fault or str(outcome.data.get("outcome", "uncertain"))
        partly = {"partly": True} if outcome.data.get("partly") else {}
        return Move(go=Go.NEXT, answer={"outcome": result, **partly})

    def page(self, ctx: Ctx[SlipStep]) -> PrintPage:
        """Your slip is coming."""
        return PrintPage(
            title=ctx.say(ctx.step.title) or ctx.t("slip.title"),
            lead=ctx.say(ctx.step.lead) or ctx.t("slip.lead"),
            illustration="receiptPrinter",
            where=ctx.t("slip.where"),
        )


PAID: Final = ("pay.amount_fen", "pay.paid_fen")
"""Where a total stands that is what was paid."""


def slip_blocks(ctx: Ctx[SlipStep]) -> tuple[Mapping[str, object], ...]:
    """The slip as receipt blocks (``drivers/receipt.py``); rows without a value are left out."""
    step, around = ctx.step, ctx.around
    footer = step.footer_offline if ctx.state.offline and step.footer_offline else step.footer
    heading = step.heading_offline if ctx.state.offline and step.heading_offline else step.heading
    shown = [row for row in step.rows if not row.seldom or ctx.look(row.value)]
    rows = [(ctx.say(row.label), ctx.show(row)) for row in shown]
    blocks: list[Mapping[str, object]] = [
        {"type": "title", "text": ctx.say(around.bureau)},
        {"type": "text", "text": ctx.say(heading), "align": "center", "size": "large", "bold": True},
        {"type": "rule", "style": "line"},
        *({"type": "row", "label": label, "value": value} for label, value in rows if value),
        *_sheet(ctx),
        *_pages(ctx),
        {"type": "rule", "style": "dash"},
    ]
    blocks += _totals(ctx)
    if ctx.look("pay.state") == "doubt":
        blocks.append({"type": "text", "text": ctx.t("pay.doubt.slip"), "bold": True})
    if ctx.look("pay.state") == "unpaid":
        blocks.append({"type": "text", "text": ctx.t("pay.unpaid.slip"), "bold": True})
    for one, note in coming(ctx):
        blocks.append({"type": "text", "text": ctx.say(one.title), "bold": True})
        if note:
            blocks.append({"type": "text", "text": ctx.say(note)})
    blocks += [
        {"type": "space", "mm": 3},
        *_code(ctx, ctx.say(footer)),
        {
            "type": "text",
            "text": f"{ctx.say(around.hall)} {around.terminal}",
            "align": "center",
            "size": "small",
        },
        {
            "type": "text",
            "text": ctx.show_as(Format.MOMENT, around.now()),
            "align": "center",
            "size": "small",
        },
    ]
    return tuple(blocks)


def _totals(ctx: Ctx[SlipStep]) -> Iterator[Mapping[str, object]]:
    """The one figure that counts, in the bar: what was paid, with its taxes above it and in capitals, or the total."""
    total, paid = ctx.step.total, ctx.look("pay.paid_fen")
    if not paid:
        if total is not None and ctx.show(total):
            mark = "¥" if total.format is Format.MONEY else ""
            yield {"type": "total", "label": ctx.say(total.label), "value": mark + ctx.show(total)}
        return
    if total is not None and total.value not in PAID:
        yield {"type": "row", "label": ctx.say(total.label), "value": ctx.show(total)}
    for tax in ctx.look("pay.taxes") or ():
        label, amount = ctx.say(tax["name"]), ctx.show_as(Format.MONEY, tax["amount_fen"])
        yield {"type": "row", "label": label, "value": amount}
    yield {"type": "total", "label": ctx.t("slip.paid"), "value": "¥" + ctx.show_as(Format.MONEY, paid)}
    if words := ctx.in_capitals(paid):
        yield {"type": "text", "text": words, "align": "right", "size": "small"}


def _code(ctx: Ctx[SlipStep], footer: str) -> Iterator[Mapping[str, object]]:
    """The code that leads on; a sheet, or a matter that nothing follows, has the words alone."""
    over = ctx.step.reference_or is not None and not (ctx.step.reference and ctx.look(ctx.step.reference))
    if ctx.step.sheet is None and (code_of(ctx) or not over):
        yield {"type": "qr", "data": code_of(ctx) or ctx.around.public_url, "caption": footer}
    elif footer:
        yield {"type": "text", "text": footer, "align": "center"}


def _sheet(ctx: Ctx[SlipStep]) -> Iterator[Mapping[str, object]]:
    """A sheet in finished words (``sync.models.SheetShown``), line by line: the last column beside the first."""
    told = ctx.look(ctx.step.sheet) if ctx.step.sheet else None
    if not told:
        return
    yield {"type": "text", "text": ctx.say(told["title"]), "align": "center", "bold": True}
    for one in told["facts"]:
        yield {"type": "row", "label": ctx.say(one["label"]), "value": ctx.say(one["value"])}
    yield {"type": "rule", "style": "dash"}
    for row in told["rows"]:
        first, *between, last = (ctx.say(cell) for cell in row)
        yield {"type": "row", "label": first, "value": last}
        for words in filter(None, between):
            yield {"type": "text", "text": words, "align": "right", "size": "small"}
    for one in told["total"]:
        yield {"type": "total", "label": ctx.say(one["label"]), "value": ctx.say(one["value"])}
    for words in told["statements"]:
        yield {"type": "text", "text": ctx.say(words), "size": "small"}


def _pages(ctx: Ctx[SlipStep]) -> Iterator[Mapping[str, object]]:
    """The scanned pages, one a row, with what they can be told from others by."""
    for number, paper in enumerate(papers_of(ctx.look(ctx.step.pages)) if ctx.step.pages else (), start=1):
        label, value = ctx.t("pages.number", number=number), paper.sha256[:DIGEST_SHOWN].upper()
        yield {"type": "row", "label": label, "value": value}


def code_of(ctx: Ctx[SlipStep] | Ctx[DoneStep]) -> str:
    """What the QR code of slip and end page says: what the step names, else where to follow this.

    That of a slip tells the number beside it too, so that a terminal without the network reads it from the paper.
    """
    named = ctx.look(ctx.step.code) if ctx.step.code else None
    if named:
        return str(named)
    address, number = follow_url(ctx), reference_of(ctx)
    return with_number(address, number) if "/s/" in address and isinstance(ctx.step, SlipStep) else address


def follow_url(ctx: Ctx[Any]) -> str:
    """Where to follow this on a phone: the document's own check, else the page of the last effect; empty: nowhere."""
    unpaid = ""
    for step in reversed(ctx.service.steps):
        left = ctx.state.data.get(step.id, {})
        if left.get("verify_url"):
            return str(left["verify_url"])
        if left.get("key"):
            url = f"{ctx.around.public_url}/s/{left['key']}"
            if left.get("state") != "unpaid":
                return url
            unpaid = url  # an order that came to nothing is followed only when there is nothing else
    return unpaid
