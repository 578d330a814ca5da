"""The first and the last month of a record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from config.catalogue.models import ChooseStep, Format
from kiosk.flow.events import Action, Intent
from kiosk.flow.pages import Choice, ChoosePage, Page
from kiosk.steps.base import Ctx, Move
from kiosk.steps.choose.source import Local

MONTHS_SHOWN = 12


class Months:
    """The first and the last month of a record; the last twelve with the whole of them chosen."""

    def begin(self, ctx: Ctx[ChooseStep], answer: Mapping[str, Any]) -> Move:
        """Offer the months up to the last; the year of the last record is chosen to begin with."""
        months = _months(answer)
        last = max((m for m in _marked(answer) if m in months), default=months[-1])
        first = next(m for m in months if m >= max(f"{last[:4]}-01", months[0]))
        return Move(local=Local(answer, chosen=(min(first, last), last)))

    def choose(self, ctx: Ctx[ChooseStep], local: Local, intent: Intent) -> Local:
        """The first touch sets the first month, the second the last; a third begins anew."""
        months = _months(local.answer)
        if intent.action is Action.SECOND and intent.value == "all":
            return replace(local, chosen=(months[0], months[-1]))
        if intent.value not in months:
            return local
        if len(local.chosen) == 1:
            first, last = sorted((local.chosen[0], intent.value))
            return replace(local, chosen=(first, last))
        return replace(local, chosen=(intent.value,))

    def result(self, ctx: Ctx[ChooseStep], local: Local) -> Mapping[str, object] | None:
        """First and last month; one touch alone is that month."""
        return {"first": local.chosen[0], "last": local.chosen[-1]} if local.chosen else None

    def page(self, ctx: Ctx[ChooseStep], local: Local) -> Page:
        """A grid of months; those with a record are tagged."""
        marked, tag = set(_marked(local.answer)), local.answer.get("tag")
        tags = (ctx.say(tag) if tag else ctx.t("months.income"),)
        options = tuple(
            Choice(m, ctx.show_as(Format.MONTH, m), tags=tags if m in marked else ())
            for m in _months(local.answer)
        )
        first, last = local.chosen[0], local.chosen[-1]
        return ChoosePage(
            **ctx.titles(),
            **ctx.owner(),
            shape="months",
            options=options,
            selected=local.chosen,
            facts=((ctx.t("months.chosen"), ctx.show_as(Format.PERIOD, first, last)),),
            quiet=(Choice("all", ctx.t("months.all", count=len(options)), icon="clock"),),
        )


def _marked(answer: Mapping[str, Any]) -> list[str]:
    """The months with a record: of income (``iit.months``), or of whatever the answer's tag says."""
    marked: list[str] = answer["with_income"] if "with_income" in answer else answer["with_record"]
    return marked


def _months(answer: Mapping[str, Any]) -> list[str]:
    """The last ``MONTHS_SHOWN`` months up to the last with a record."""
    year, month = int(answer["last"][:4]), int(answer["last"][5:])
    months: list[str] = []
    while len(months) < MONTHS_SHOWN:
        months.append(f"{year:04}-{month:02}")
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
    return [m for m in reversed(months) if m >= answer["first"]]
