"""A list of what the centre holds: declarations, payments, dues, cases, invoices; to read or to choose from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from config.catalogue.checks import ACTING
from config.catalogue.models import Column, Format, ListStep, Total
from kiosk.domain.likeness import plain
from kiosk.flow.events import Action, Intent, Outcome
from kiosk.flow.list_pages import ListPage, ListRow
from kiosk.flow.pages import Page
from kiosk.flow.state import After, Message
from kiosk.steps.asking import ask, failed, working
from kiosk.steps.base import Ctx, Go, Move, Titles, step_kind
from kiosk.steps.rows import Row, look_in, name, reason, rows_at, tone, usable, write

MOST = 60
"""Rows that are listed; who looks for an older one asks for a narrower list."""
TO_READ = ("none", "may", "set")
"""Lists from which nobody has to choose."""
PICKED = "picked"
"""In what a list to read leaves: a row was touched, whose fields are there as well, or others are on than were."""
OF_A_SET = "chosen"
"""In what a set leaves: the names of the rows that are on."""


@dataclass(frozen=True, slots=True)
class Local:
    """What the centre answered, and the rows that are chosen."""

    answer: Row
    chosen: tuple[str, ...] = ()
    error: str = ""


@step_kind("list")
class Listing:
    """Ask when the step says so, then show the rows."""

    def enter(self, ctx: Ctx[ListStep]) -> Move:
        """Ask, or list what an earlier step has brought."""
        return _begin(ctx, {}) if ctx.step.ask is None else ask(ctx, ctx.step.ask)

    def on_outcome(self, ctx: Ctx[ListStep], outcome: Outcome) -> Move:
        """The rows are here."""
        return failed(ctx, outcome) or _begin(ctx, outcome.data)

    def on_intent(self, ctx: Ctx[ListStep], intent: Intent) -> Move:
        """A row touched, or the main button."""
        local = ctx.state.local
        if not isinstance(local, Local):
            return Move(local=local)
        match intent.action:
            case Action.CHOOSE:
                return Move(local=_touched(ctx, local, intent.value))
            case Action.PROCEED:
                left = _left(ctx, local)
                if left is None:
                    return Move(local=replace(local, error=ctx.t("choose.first")))
                return Move(go=Go.NEXT, answer=left)
        return Move(local=local)

    def page(self, ctx: Ctx[ListStep]) -> Page:
        """The rows, or a moment's wait."""
        local = ctx.state.local
        if not isinstance(local, Local):
            return working(ctx)
        rows, as_of = _rows(ctx, local.answer), ctx.step.as_of
        moment = look_in(ctx, local.answer, as_of) if as_of else None
        empty, pick = ctx.step.empty, _pick(ctx, rows)
        return ListPage(
            **_titles(ctx, local, pick),
            **ctx.owner(),
            action_enabled=ctx.step.pick in TO_READ or bool(local.chosen),
            errors=(local.error,) if local.error else (),
            rows=tuple(_row(ctx, row, pick) for row in rows[:MOST]),
            pick=pick,
            selected=local.chosen if pick != "none" else (),
            icon=ctx.step.icon,
            facts=_facts(ctx, local, ctx.step.total) if ctx.step.total and rows else (),
            as_of=ctx.t("list.as-of", moment=ctx.show_as(Format.MOMENT, moment)) if moment else "",
            more=ctx.t("list.more", count=MOST) if len(rows) > MOST else "",
            empty_title="" if rows else ctx.say(empty.title),
            empty_text="" if rows else ctx.say(empty.body),
        )


def _pick(ctx: Ctx[ListStep], rows: Sequence[Row]) -> str:
    """As the page has it: a row that may be touched is as one of several, where the centre and paper are there."""
    if ctx.step.pick not in ("may", "set"):
        return ctx.step.pick
    there = not _acts(ctx) or ctx.state.world.online and not ctx.state.offline and _needed(ctx)
    if not there or not any(usable(ctx.step, row) for row in rows):
        return "none"
    return "one" if ctx.step.pick == "may" else "many"


def _acts(ctx: Ctx[ListStep]) -> bool:
    """Whether a step for a row needs the centre; where each shows what is here already, nothing has to be there."""
    behind = [step for step in ctx.service.steps if "none-picked" in step.unless]
    return any(step.kind in ACTING or getattr(step, "ask", None) is not None for step in behind)


def _needed(ctx: Ctx[ListStep]) -> bool:
    """Whether the devices of the steps for a row work; the service itself does without them."""
    prints = any(step.kind == "print" for step in ctx.service.steps)
    return not prints or ctx.state.world.devices.get("documentPrinter", False)


def _titles(ctx: Ctx[ListStep], local: Local, pick: str) -> Titles:
    """The main button says what happens with the row that was touched; where none may be, nobody is told to."""
    titles = ctx.titles()
    if ctx.step.pick in ("may", "set"):
        titles["lead"] = titles["lead"] if pick != "none" or ctx.state.kept_at else ""
        touched = _changed(ctx, local) if ctx.step.pick == "set" else bool(local.chosen)
        titles["action"] = ctx.say(ctx.step.action_picked) if touched else titles["action"]
    return titles


def _begin(ctx: Ctx[ListStep], answer: Row) -> Move:
    """Where one has to be chosen and there is none, the page that says so is the end of the way."""
    rows, local = _rows(ctx, answer), Local(answer)
    if not rows and ctx.step.pick not in TO_READ:
        empty = ctx.step.empty
        message = Message("info", ctx.say(empty.title), (ctx.say(empty.body),), After.HOME)
        return Move(local=local, message=message)
    if ctx.step.pick == "set":
        return Move(local=replace(local, chosen=_on(ctx, rows)), redraw=True)
    takeable = [name(ctx.step, row) for row in rows[:MOST] if usable(ctx.step, row)]
    alone = ctx.step.pick not in TO_READ and len(takeable) == 1
    return Move(local=replace(local, chosen=tuple(takeable) if alone else ()), redraw=True)


def _rows(ctx: Ctx[ListStep], answer: Row) -> Sequence[Row]:
    rows, narrow = rows_at(ctx, answer, ctx.step.rows), ctx.step.narrow
    wanted = plain(str(ctx.look(narrow.words) or "")) if narrow is not None else ""
    if narrow is None or not wanted:
        return rows
    return [row for row in rows if any(wanted in plain(text) for text in _told(row, narrow.fields))]


def _told(row: Row, fields: Sequence[str]) -> Iterator[str]:
    """What the fields of a row say, in each language."""
    for field in fields:
        value = row.get(field)
        yield from map(str, value.values()) if isinstance(value, Mapping) else (str(value or ""),)


def _on(ctx: Ctx[ListStep], rows: Sequence[Row]) -> tuple[str, ...]:
    """The rows of a set that are on as the centre knows it."""
    return tuple(name(ctx.step, row) for row in rows[:MOST] if row.get(ctx.step.marked))


def _changed(ctx: Ctx[ListStep], local: Local) -> bool:
    return set(local.chosen) != set(_on(ctx, _rows(ctx, local.answer)))


def _touched(ctx: Ctx[ListStep], local: Local, wanted: str) -> Local:
    """One in place of another, or one more and one less of several."""
    rows = _rows(ctx, local.answer)
    takeable = {name(ctx.step, row) for row in rows if usable(ctx.step, row)}
    if _pick(ctx, rows) == "none" or wanted not in takeable:
        return local
    if ctx.step.pick == "may" and wanted in local.chosen:
        return replace(local, chosen=())
    if ctx.step.pick in ("one", "may"):
        return replace(local, chosen=(wanted,), error="")
    if wanted in local.chosen:
        return replace(local, chosen=tuple(c for c in local.chosen if c != wanted))
    return replace(local, chosen=(*local.chosen, wanted), error="")


def _chosen(ctx: Ctx[ListStep], local: Local) -> Sequence[Row]:
    return [row for row in _rows(ctx, local.answer) if name(ctx.step, row) in local.chosen]


def _left(ctx: Ctx[ListStep], local: Local) -> Mapping[str, object] | None:
    """The answer itself, the one row, or several with their sum; None while nothing is chosen."""
    chosen = _chosen(ctx, local)
    if ctx.step.pick == "may" and chosen:
        return {**local.answer, **chosen[0], PICKED: True}
    if ctx.step.pick == "set":
        return {**local.answer, OF_A_SET: list(local.chosen), PICKED: _changed(ctx, local)}
    if ctx.step.pick in TO_READ:
        return local.answer
    if not chosen:
        return None
    if ctx.step.pick == "one":
        return chosen[0]
    total = ctx.step.total
    added = {"total": _added(chosen, total.field)} if total and total.field else {}
    return {"chosen": list(chosen), "count": len(chosen), **added}


def _row(ctx: Ctx[ListStep], row: Row, pick: str) -> ListRow:
    def at(place: str) -> list[Column]:
        return [column for column in ctx.step.columns if column.place == place]

    tags = [(write(ctx, column, row), tone(column, row)) for column in at("tag")]
    touched = ctx.step.pick == "set" and pick != "none"  # the mark of the row says how it stands
    tags = [(text, how) for text, how in tags if text and not touched]
    lines = [(ctx.say(column.label), write(ctx, column, row)) for column in at("line")]
    return ListRow(
        id=name(ctx.step, row),
        title=" ".join(write(ctx, column, row) for column in at("title")),
        amount=" ".join(write(ctx, column, row) for column in at("amount")),
        tags=tuple(text for text, _ in tags),
        tag_tones=tuple(how for _, how in tags),
        lines=tuple((label, text) for label, text in lines if text),
        enabled=usable(ctx.step, row),
        reason="" if ctx.step.pick in ("may", "set") and pick == "none" else reason(ctx, ctx.step, row),
    )


def _facts(ctx: Ctx[ListStep], local: Local, total: Total) -> tuple[tuple[str, str], ...]:
    """The sum below: the centre's, that of what is chosen, or that of every row."""
    several = ctx.step.pick == "many"
    rows = _chosen(ctx, local) if several else _rows(ctx, local.answer)
    raw: Any = look_in(ctx, local.answer, total.value) if total.value else _added(rows, total.field)
    if raw is None:
        return ()
    label = ctx.say(total.label)
    if several and total.field:
        label = ctx.t("list.chosen", label=label, count=len(rows))
    sign = "¥" if total.format is Format.MONEY else ""
    return ((label, f"{sign}{ctx.show_as(total.format, raw)}"),)


def _added(rows: Sequence[Row], field: str) -> int:
    return sum(int(row.get(field) or 0) for row in rows)
