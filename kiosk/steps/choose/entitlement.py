"""The kinds of paper invoices that may be collected, and how many sheets of the chosen one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from config.catalogue.models import ChooseStep
from kiosk.flow.events import Action, Intent
from kiosk.flow.pages import Choice, ChoosePage, Page
from kiosk.flow.state import After, Message
from kiosk.steps.base import Ctx, Move, refusal_message
from kiosk.steps.choose.source import Local


class Entitlement:
    """The invoice kinds that may be collected, each with how many and what binds."""

    def begin(self, ctx: Ctx[ChooseStep], answer: Mapping[str, Any]) -> Move:
        """A refusal for all kinds is a page of its own."""
        if answer.get("blocked"):
            return Move(local=Local(answer), message=refusal_message(ctx, answer["blocked"]))
        usable = [k["kind"] for k in _kinds(answer) if k["allowed"] > 0]
        if not answer["kinds"]:
            title, body = ctx.t("entitlement.none.title"), (ctx.t("entitlement.none.body"),)
            return Move(local=Local(answer), message=Message("refused", title, body, After.HOME))
        return Move(local=Local(answer, chosen=(usable[0],) if len(usable) == 1 else ()))

    def choose(self, ctx: Ctx[ChooseStep], local: Local, intent: Intent) -> Local:
        """One kind with something left to collect."""
        usable = {k["kind"] for k in _kinds(local.answer) if k["allowed"] > 0}
        return replace(local, chosen=(intent.value,)) if intent.value in usable else local

    def result(self, ctx: Ctx[ChooseStep], local: Local) -> Mapping[str, object] | None:
        """The kind as the centre told it, with the next number of the unit it lies in."""
        if not local.chosen:
            return None
        kind = next(k for k in _kinds(local.answer) if k["kind"] == local.chosen[0])
        unit = next((u for u in ctx.state.world.units if u["unit"] == kind["unit"]), None)
        return None if unit is None else {**kind, "next_number": unit["next_number"]}

    def page(self, ctx: Ctx[ChooseStep], local: Local) -> Page:
        """Rows with the number allowed, or why none."""
        options = tuple(
            Choice(
                k["kind"],
                ctx.say(k["kind_name"]),
                note=ctx.t("entitlement.note", held=k["unused_held"], month=k["collected_this_month"]),
                icon="collect",
                tags=(ctx.t("entitlement.allowed", count=k["allowed"]),),
                enabled=k["allowed"] > 0,
                reason=ctx.say(k["binding_text"]) if k["allowed"] == 0 else "",
            )
            for k in _kinds(local.answer)
        )
        return ChoosePage(
            **ctx.titles(),
            **ctx.owner(),
            options=options,
            selected=local.chosen,
            action_enabled=bool(local.chosen),
        )


def _kinds(answer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Each kind once, from the unit that can give most of it: to the person units do not matter."""
    best: dict[str, Mapping[str, Any]] = {}
    for told in answer["kinds"]:
        known = best.get(told["kind"])
        if known is None or told["allowed"] > known["allowed"]:
            best[told["kind"]] = told
    return list(best.values())


class Count:
    """How many sheets, up to what is allowed."""

    def begin(self, ctx: Ctx[ChooseStep], answer: Mapping[str, Any]) -> Move:
        """Begin with one sheet: nobody carries away more than they meant to."""
        return Move(local=Local(ctx.look(ctx.step.of or ""), count=1))

    def choose(self, ctx: Ctx[ChooseStep], local: Local, intent: Intent) -> Local:
        """The stepper's number, kept within 1 and what is allowed."""
        if intent.action is not Action.COUNT or not intent.value.isdigit():
            return local
        return replace(local, count=max(1, min(int(intent.value), local.answer["allowed"])))

    def result(self, ctx: Ctx[ChooseStep], local: Local) -> Mapping[str, object] | None:
        """The count."""
        return {"count": local.count}

    def page(self, ctx: Ctx[ChooseStep], local: Local) -> Page:
        """A stepper with the limits that led to the highest number."""
        kind = local.answer
        facts = (
            (ctx.t("count.allowed"), ctx.t("count.sheets", count=kind["allowed"])),
            (ctx.t("count.binding"), ctx.say(kind["binding_text"])),
            (ctx.t("count.held"), ctx.t("count.sheets", count=kind["unused_held"])),
            (ctx.t("count.month"), f"{kind['collected_this_month']} / {kind['monthly_max']}"),
        )
        return ChoosePage(
            **ctx.titles(),
            **ctx.owner(),
            shape="count",
            count=local.count,
            count_max=kind["allowed"],
            count_unit=ctx.t("count.unit"),
            facts=facts,
        )
