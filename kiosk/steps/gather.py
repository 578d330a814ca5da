"""One code after the other is held before the reader; the list of them grows, with what the centre says of each."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from config.catalogue.models import Format, GatherStep
from kiosk.domain import scanned
from kiosk.domain.errors import FieldError
from kiosk.domain.invoice_qr import parse_invoice_qr
from kiosk.domain.money import fen
from kiosk.flow.effects import Ask, ReadCode, StopWaiting
from kiosk.flow.events import Action, Intent, Outcome
from kiosk.flow.list_pages import ListPage, ListRow
from kiosk.flow.pages import Choice, Page, ScanPage
from kiosk.flow.state import After
from kiosk.steps.asking import unreachable, working
from kiosk.steps.base import Ctx, Go, Move, fault_message, refusal_message, step_kind
from kiosk.steps.scan import HOLD_AGAIN

Invoice = Mapping[str, object]
MORE, LIST, REMOVE = "more", "list", "remove"
SUMS: Final = ("refund_fen", "fee_fen", "paid_fen", "way")
"""What is kept of the centre's answer for the steps that follow."""


@dataclass(frozen=True, slots=True)
class Local:
    """``state``: waiting, away, again, failed (at the reader), asking (the centre), list.

    ``judged`` is the centre's answer about all of them; None: it was not asked.
    """

    state: str = "waiting"
    invoices: tuple[Invoice, ...] = ()
    judged: Mapping[str, Any] | None = field(default=None, repr=False)
    message: str = ""
    chosen: str = ""


@step_kind("gather")
class Gather:
    """Leaves what counts of it; nothing is left while nothing counts."""

    def enter(self, ctx: Ctx[GatherStep]) -> Move:
        """Wait for the first, or look again at those that were read before: the days may be others."""
        held = ctx.look(f"{ctx.step.id}.held")
        invoices = tuple(held) if isinstance(held, Sequence) else ()
        return _asked(ctx, Local(invoices=invoices)) if invoices else _waiting(Local())

    def on_intent(self, ctx: Ctx[GatherStep], intent: Intent) -> Move:
        """Another one, a row, its removal, or on."""
        local = _local(ctx)
        match local.state, intent.action, intent.value:
            case "failed", Action.PROCEED, _:
                return _waiting(local)
            case "waiting" | "away" | "again" | "failed", Action.SECOND, value if (
                value == LIST and local.invoices
            ):
                listed = replace(local, state="list", message="", chosen="")
                return Move(local=listed, effects=(StopWaiting(),), redraw=True)
            case "list", Action.SECOND, value if value == MORE and len(local.invoices) < ctx.step.most:
                return _waiting(local)
            case "list", Action.CHOOSE, number if any(one["number"] == number for one in local.invoices):
                return Move(local=replace(local, chosen="" if number == local.chosen else number))
            case "list", Action.SECOND, value if value == REMOVE and local.chosen:
                return _without(ctx, local)
            case "list", Action.PROCEED, _ if _counting(local):
                return Move(go=Go.NEXT, answer=_left(local))
        return Move(local=local)

    def on_outcome(self, ctx: Ctx[GatherStep], outcome: Outcome) -> Move:
        """A code, or what the centre says of all of them."""
        local = _local(ctx)
        if local.state == "asking":
            return self._judged(ctx, local, outcome)
        if outcome.partial:
            return Move(local=replace(local, state="away", message=ctx.t("scan.state.away")))
        if outcome.fault:
            return _again(local, outcome.fault, ctx.told("scan.fault", outcome.fault, "device"))
        try:
            read = _invoice(str(outcome.data["data"]))
        except FieldError as error:
            words = ctx.t("scan.other.invoice") if error.code == "other" else ctx.t(error.text_id)
            return _again(local, "invalidData", words)
        if any(one["number"] == read["number"] for one in local.invoices):
            return _again(local, "invalidData", ctx.t("gather.twice"))
        return _asked(ctx, replace(local, invoices=(*local.invoices, read)))

    def _judged(self, ctx: Ctx[GatherStep], local: Local, outcome: Outcome) -> Move:
        if unreachable(outcome) and ctx.service.offline == "queue":
            return Move(local=replace(local, state="list", judged=None), offline=True, redraw=True)
        if outcome.fault:
            return Move(local=local, message=fault_message(ctx, outcome.fault))
        refusal = outcome.data.get("refusal")
        if isinstance(refusal, Mapping):
            return Move(local=local, message=refusal_message(ctx, refusal, After.HOME))
        return Move(local=replace(local, state="list", judged=outcome.data), redraw=True)

    def back(self, ctx: Ctx[GatherStep]) -> Move | None:
        """From the reader to the list, and from there to the step before."""
        local = _local(ctx)
        if local.state in ("list", "asking") or not local.invoices:
            return None
        return Move(local=replace(local, state="list", message=""), effects=(StopWaiting(),), redraw=True)

    def page(self, ctx: Ctx[GatherStep]) -> Page:
        """The reader, a moment's wait, or what there is so far."""
        local = _local(ctx)
        if local.state == "asking":
            return working(ctx)
        return _list_page(ctx, local) if local.state == "list" else _scan_page(ctx, local)


def _local(ctx: Ctx[GatherStep]) -> Local:
    local = ctx.state.local
    return local if isinstance(local, Local) else Local()


def _invoice(data: str) -> Invoice:
    """What the code of a 数电票 says; raises ``FieldError`` for any other: its code has no total."""
    found = parse_invoice_qr(scanned.decoded(base64.b64decode(data)))
    if found.code or not found.amount_with_tax:
        raise FieldError("paper", "gather.paper")
    return {
        "number": found.number,
        "issued": found.issued.isoformat(),
        "amount_fen": int(fen(found.amount)),
    }


def _waiting(local: Local) -> Move:
    waiting = replace(local, state="waiting", message="", chosen="")
    return Move(local=waiting, effects=(ReadCode(),), redraw=True)


def _again(local: Local, fault: str, words: str) -> Move:
    if fault in HOLD_AGAIN:
        return Move(local=replace(local, state="again", message=words), effects=(ReadCode(),))
    return Move(local=replace(local, state="failed", message=words))


def _asked(ctx: Ctx[GatherStep], local: Local) -> Move:
    """Kept at once, so that whoever has to begin anew after a fault holds nothing before the reader again."""
    kept = {"held": list(local.invoices)}
    if ctx.state.offline:
        return Move(local=replace(local, state="list", judged=None, chosen=""), answer=kept, redraw=True)
    params = {name: ctx.look(path) for name, path in ctx.step.ask.params.items()}
    question = Ask(ctx.step.ask.query, {**params, "invoices": list(local.invoices)})
    asking = replace(local, state="asking", message="", chosen="")
    return Move(local=asking, answer=kept, effects=(question,), redraw=True)


def _without(ctx: Ctx[GatherStep], local: Local) -> Move:
    """One less; those of its store and day may not reach the minimum any more."""
    rest = tuple(one for one in local.invoices if one["number"] != local.chosen)
    if rest:
        return _asked(ctx, replace(local, invoices=rest))
    return replace(_waiting(Local()), answer={"held": []})


def _lines(local: Local) -> Mapping[str, Mapping[str, Any]]:
    return {} if local.judged is None else {line["number"]: line for line in local.judged["lines"]}


def _counting(local: Local) -> list[Invoice]:
    """Those that are handed in: of what the centre has judged what counts, else all of them."""
    lines = _lines(local)
    return [one for one in local.invoices if local.judged is None or lines[str(one["number"])]["eligible"]]


def _left(local: Local) -> Mapping[str, object]:
    counting = _counting(local)
    sums = {} if local.judged is None else {name: local.judged[name] for name in SUMS}
    return {
        "held": list(local.invoices),
        "invoices": counting,
        "count": len(counting),
        "total_fen": sum(int(str(one["amount_fen"])) for one in counting),
        **sums,
    }


def _scan_page(ctx: Ctx[GatherStep], local: Local) -> ScanPage:
    words, number = ctx.titles(), len(local.invoices) + 1
    words["action"] = ctx.t("scan.once-more") if local.state == "failed" else ""
    if number > 1:
        words["title"] = ctx.t("gather.next", number=number)
    listed = (Choice(LIST, ctx.t("gather.enough"), ctx.t("gather.so-far", count=number - 1), icon="check"),)
    return ScanPage(
        **words,
        **ctx.owner(),
        state=local.state,
        message=local.message,
        where=ctx.t("scan.where"),
        tips=() if local.message else (ctx.t("scan.tip.flat"), ctx.t("scan.tip.near")),
        others=listed if local.invoices else (),
    )


def _list_page(ctx: Ctx[GatherStep], local: Local) -> ListPage:
    lines = _lines(local)
    more = Choice(MORE, ctx.t("gather.more")) if len(local.invoices) < ctx.step.most else None
    return ListPage(
        title=ctx.say(ctx.step.listed),
        lead=ctx.t("gather.offline" if local.judged is None else "gather.lead"),
        action=ctx.say(ctx.step.action),
        action_enabled=bool(_counting(local)),
        second=more,
        quiet=(Choice(REMOVE, ctx.t("gather.remove"), icon="x"),) if local.chosen else (),
        rows=tuple(_row(ctx, one, lines.get(str(one["number"]))) for one in local.invoices),
        pick="one",
        selected=(local.chosen,) if local.chosen else (),
        icon=ctx.step.icon,
        facts=_facts(ctx, local),
    )


def _row(ctx: Ctx[GatherStep], one: Invoice, line: Mapping[str, Any] | None) -> ListRow:
    """Of what the centre has judged store and refund, or why there is none; else what the code says."""
    number, total = str(one["number"]), ctx.show_as(Format.MONEY, one["amount_fen"])
    lines = [
        (ctx.t("gather.issued"), ctx.show_as(Format.DATE, one["issued"])),
        (ctx.t("gather.total"), total),
    ]
    if line is None:
        return ListRow(number, number, lines=tuple(lines))
    lines.insert(0, (ctx.t("gather.number"), number))
    eligible = bool(line["eligible"])
    refund = ctx.show_as(Format.MONEY, line["refund_fen"])
    return ListRow(
        number,
        str(line["shop"] or ctx.t("gather.unknown")),
        amount=refund if eligible else "",
        tags=(ctx.t("gather.counts" if eligible else "gather.no-refund"),),
        tag_tones=("done" if eligible else "due",),
        lines=tuple(lines if eligible else [*lines, (ctx.t("gather.why"), ctx.say(line["why_not"]))]),
    )


def _facts(ctx: Ctx[GatherStep], local: Local) -> tuple[tuple[str, str], ...]:
    if local.judged is None:
        return ((ctx.t("gather.listed"), str(len(local.invoices))),)
    return tuple(
        (ctx.t(f"gather.sum.{name}"), ctx.show_as(Format.MONEY, local.judged[f"{name}_fen"]))
        for name in ("refund", "fee", "paid")
    )
