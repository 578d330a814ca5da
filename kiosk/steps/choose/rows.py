"""One row of the centre's answer, whatever it is: the file names the fields that are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from config.catalogue.models import ChooseStep, RowsModel
from kiosk.flow.events import Intent
from kiosk.flow.pages import ChoosePage, Page
from kiosk.flow.state import After, Message
from kiosk.steps.base import ALONE, Ctx, Go, Move
from kiosk.steps.choose.source import Local
from kiosk.steps.rows import Row, choices, name, rows_at, usable


class Rows:
    """Leaves the row that was chosen, with all its fields."""

    def begin(self, ctx: Ctx[ChooseStep], answer: Mapping[str, Any]) -> Move:
        """Not one row is a page in the file's words; one that alone can be taken is chosen already, or taken."""
        rows, local = self._rows(ctx, answer), Local(answer)
        if not rows and ctx.step.empty is not None:
            empty = ctx.step.empty
            message = Message("info", ctx.say(empty.title), (ctx.say(empty.body),), After.HOME)
            return Move(local=local, message=message)
        if ctx.step.alone and len(rows) == 1 and usable(_offer(ctx), rows[0]):
            return Move(go=Go.NEXT, answer={**rows[0], ALONE: True})
        open_ones = [row for row in rows if usable(_offer(ctx), row)]
        chosen = (name(_offer(ctx), open_ones[0]),) if len(open_ones) == 1 else ()
        return Move(local=replace(local, chosen=chosen), redraw=True)

    def choose(self, ctx: Ctx[ChooseStep], local: Local, intent: Intent) -> Local:
        """One row that can be taken."""
        row = self._named(ctx, local, intent.value)
        return replace(local, chosen=(intent.value,)) if row and usable(_offer(ctx), row) else local

    def result(self, ctx: Ctx[ChooseStep], local: Local) -> Mapping[str, object] | None:
        """The row as the centre told it."""
        return self._named(ctx, local, local.chosen[0]) if local.chosen else None

    def page(self, ctx: Ctx[ChooseStep], local: Local) -> Page:
        """One option a row."""
        return ChoosePage(
            **ctx.titles(),
            **ctx.owner(),
            options=choices(ctx, _offer(ctx), self._rows(ctx, local.answer)),
            selected=local.chosen,
            action_enabled=bool(local.chosen),
            errors=(local.error,) if local.error else (),
        )

    def _rows(self, ctx: Ctx[ChooseStep], answer: Mapping[str, Any]) -> Sequence[Row]:
        return rows_at(ctx, answer, _offer(ctx).rows)

    def _named(self, ctx: Ctx[ChooseStep], local: Local, wanted: str) -> Row | None:
        return next((r for r in self._rows(ctx, local.answer) if name(_offer(ctx), r) == wanted), None)


def _offer(ctx: Ctx[ChooseStep]) -> RowsModel:
    assert ctx.step.offer is not None, "config/catalogue/checks lets no source rows pass without an offer"
    return ctx.step.offer
