"""How much of one due is paid now: all, its tax before its surcharge, or a part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from config.catalogue.models import ChooseStep, Format
from kiosk.flow.events import Intent
from kiosk.flow.pages import Choice, ChoosePage, Page
from kiosk.steps.base import Ctx, Go, Move
from kiosk.steps.choose.source import Local

ALL: Final = "all"
TAX: Final = "tax"
PART: Final = "part"
ICONS: Final = {ALL: "check", TAX: "declare", PART: "edit"}
LEAST_FEN: Final = 1
"""The smallest sum that anybody can pay."""


class Share:
    """The one due of the step before. Several are paid whole, and nothing is asked.

    The tax may be paid before its surcharge (国家税务总局公告2019年第48号, 1).
    """

    def begin(self, ctx: Ctx[ChooseStep], answer: Mapping[str, Any]) -> Move:
        """All of it is chosen to begin with; what is only one fen is not divided."""
        dues = _dues(ctx)
        if len(dues) != 1 or _figures(dues[0])["total_fen"] <= LEAST_FEN:
            return Move(go=Go.NEXT, answer={"choice": ALL})
        return Move(local=Local(dues[0], chosen=(ALL,)))

    def choose(self, ctx: Ctx[ChooseStep], local: Local, intent: Intent) -> Local:
        """One of them."""
        return replace(local, chosen=(intent.value,)) if intent.value in _ways(local.answer) else local

    def result(self, ctx: Ctx[ChooseStep], local: Local) -> Mapping[str, object] | None:
        """The choice, with the figures of the due for the form that asks for a part."""
        due = local.answer
        known = {"tax_name": due["tax_name"], "least_fen": LEAST_FEN}
        return {"choice": local.chosen[0], **known, **_figures(due)}

    def page(self, ctx: Ctx[ChooseStep], local: Local) -> Page:
        """One row a way, with what it costs now."""
        figures = _figures(local.answer)
        money = {name: ctx.show_as(Format.MONEY, fen) for name, fen in figures.items()}
        amounts = {ALL: money["total_fen"], TAX: money["tax_fen"], PART: ""}
        late = ".late" if figures["late_fee_fen"] else ""
        options = tuple(
            Choice(
                way,
                ctx.t(f"share.{way}"),
                note=ctx.t(f"share.{way}.note{late}", tax=money["tax_fen"], late=money["late_fee_fen"]),
                icon=ICONS[way],
                tags=(f"¥{amounts[way]}",) if amounts[way] else (),
            )
            for way in _ways(local.answer)
        )
        return ChoosePage(**ctx.titles(), **ctx.owner(), options=options, selected=local.chosen)


def _dues(ctx: Ctx[ChooseStep]) -> Sequence[Mapping[str, Any]]:
    return ctx.look(ctx.step.of or "") or ()


def _figures(due: Mapping[str, Any]) -> dict[str, int]:
    tax, late = int(due["amount_fen"]), int(due["late_fee_fen"])
    return {"tax_fen": tax, "late_fee_fen": late, "total_fen": tax + late}


def _ways(due: Mapping[str, Any]) -> tuple[str, ...]:
    """The tax alone is a way of its own where both it and a surcharge are owed."""
    return (ALL, TAX, PART) if due["amount_fen"] and due["late_fee_fen"] else (ALL, PART)
