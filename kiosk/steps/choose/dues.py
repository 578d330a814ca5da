"""The amounts due, any of which may be paid together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from config.catalogue.models import ChooseStep, Format
from kiosk.flow.events import Intent
from kiosk.flow.pages import Choice, ChoosePage, Page
from kiosk.flow.state import After, Message
from kiosk.steps.base import Ctx, Move
from kiosk.steps.choose.source import Local


class DuesToPay:
    """The amounts due; all that can be paid are chosen to begin with."""

    def begin(self, ctx: Ctx[ChooseStep], answer: Mapping[str, Any]) -> Move:
        """Nothing due is good news, on a page of its own."""
        if not answer["dues"]:
            message = Message("info", ctx.t("dues.none.title"), (ctx.t("dues.none.body"),), After.HOME)
            return Move(local=Local(answer), message=message)
        return Move(local=Local(answer, chosen=_payable(answer)))

    def choose(self, ctx: Ctx[ChooseStep], local: Local, intent: Intent) -> Local:
        """A touch takes one out or puts it back; not one whose payment is being confirmed."""
        if intent.value not in _payable(local.answer):
            return local
        if intent.value in local.chosen:
            return replace(local, chosen=tuple(c for c in local.chosen if c != intent.value))
        return replace(local, chosen=(*local.chosen, intent.value))

    def result(self, ctx: Ctx[ChooseStep], local: Local) -> Mapping[str, object] | None:
        """The chosen dues and their sum with late payment surcharge (滞纳金)."""
        chosen = [d for d in local.answer["dues"] if d["due"] in local.chosen]
        total = sum(d["amount_fen"] + d["late_fee_fen"] for d in chosen)
        return {"chosen": chosen, "total_fen": total} if chosen else None

    def page(self, ctx: Ctx[ChooseStep], local: Local) -> Page:
        """One row a due with period and limit date; the sum below."""
        options = tuple(
            Choice(
                d["due"],
                ctx.say(d["tax_name"]),
                note=ctx.t(
                    "dues.note.late" if d["late_fee_fen"] else "dues.note",
                    period=ctx.show_as(Format.PERIOD, d["period_first"], d["period_last"]),
                    limit=ctx.show_as(Format.DATE, d["limit_date"]),
                    late=ctx.show_as(Format.MONEY, d["late_fee_fen"]),
                ),
                icon="declare",
                tags=(f"¥{ctx.show_as(Format.MONEY, d['amount_fen'] + d['late_fee_fen'])}",),
                enabled=d["payable"],
                reason=ctx.say(d["held_text"]),
            )
            for d in local.answer["dues"]
        )
        result = self.result(ctx, local)
        total = result["total_fen"] if result else 0
        return ChoosePage(
            **ctx.titles(),
            **ctx.owner(),
            shape="many",
            options=options,
            selected=local.chosen,
            facts=((ctx.t("dues.total"), f"¥{ctx.show_as(Format.MONEY, total)}"),),
            action_enabled=result is not None,
        )


def _payable(answer: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(d["due"] for d in answer["dues"] if d["payable"])
