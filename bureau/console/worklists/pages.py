"""Draws a worklist: its list, which follows what changes, and the page of one entry."""

from __future__ import annotations

import math
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from fastapi import Request
from markupsafe import Markup
from nicegui import ui

from bureau.console.desk import Desk, desk_of
from bureau.console.html import link, pager, search, show, table, tabs, timeline
from bureau.console.live import Watch
from bureau.console.parts import Parts
from bureau.console.shell import console_page, doing, frame, heading, problem
from bureau.console.worklists.forms import draw_deed
from bureau.console.worklists.pattern import LISTED, Deed, Sheet, Values, Worklist
from bureau.engine.refusals import Refused
from bureau.errors import BureauError, CaseChanged
from bureau.ports.system import Work

R = TypeVar("R")
E = TypeVar("E")
PAGE: Final = 50
"""Rows on one page of a list that is searched."""
LONGEST_SEARCH: Final = 80


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a list is asked for: its tab, the words that its rows have, and which page of them, from 1 on."""

    tab: str
    find: str
    page: int


def install(parts: Parts, watch: Watch, worklist: Worklist[Any, Any]) -> None:
    """Add the two pages."""

    @console_page(worklist.path)
    async def several(request: Request, tab: str = "", find: str = "", page: str = "") -> None:
        wanted = Wanted(
            tab if tab in worklist.tabs else worklist.tabs[0], find.strip()[:LONGEST_SEARCH], _whole(page)
        )
        await _list(desk_of(parts, request), watch, worklist, wanted)

    @console_page(f"{worklist.path}/{{number}}")
    async def one(request: Request, number: str) -> None:
        # what is no number of this list is not kept on the trail: it may be anybody's
        asked = number if re.fullmatch(worklist.number, number) else ""
        await _one(desk_of(parts, request), watch, worklist, asked)


def _whole(written: str) -> int:
    """The number of a page as it stands in an address, which anybody may have written."""
    return int(written) if re.fullmatch(r"[1-9]\d{0,5}", written, re.ASCII) else 1


async def _list(desk: Desk, watch: Watch, worklist: Worklist[R, Any], wanted: Wanted) -> None:
    here = wanted.tab

    async def found() -> Sequence[R]:
        rows = await desk.watch(worklist.see, lambda work, _: worklist.rows(desk, work, here))
        return _with(worklist, rows, wanted.find)

    rows = await found()
    begin = [deed for deed in worklist.begin if desk.may(deed.act)]
    known = await desk.watch(worklist.see, lambda work, _: worklist.begin_with(desk, work)) if begin else None
    with frame(desk, worklist.key, desk.say(f"place.{worklist.key}")):
        heading(desk, desk.say(f"{worklist.key}.title"), lead=desk.said(f"{worklist.key}.lead"))
        if len(worklist.tabs) > 1:
            named = [
                (f"{worklist.path}?tab={one}", desk.say(f"{worklist.key}.tab.{one}"), one == here)
                for one in worklist.tabs
            ]
            show(tabs(desk.say("tabs"), named))
        if worklist.found_by is not None:
            looked_for = [("find", desk.say("list.find"), wanted.find)]
            show(search(worklist.path, looked_for, desk.say("find"), {"tab": here}))
        with ui.element("section").classes("card"):

            @ui.refreshable
            def drawn(rows: Sequence[R]) -> None:
                if worklist.found_by is not None:
                    _paged(desk, worklist, rows, wanted)
                    return
                if len(rows) >= LISTED:
                    show(Markup("<p>{}</p>").format(desk.say("list.cut", count=LISTED)))
                show(_table(desk, worklist, here, rows))

            drawn(rows)
        for deed in begin:
            with ui.element("section").classes("card decide"):
                show(Markup("<h2>{}</h2>").format(desk.say(deed.words)))
                draw_deed(desk, deed, known, partial(_begun, desk, deed, known), deed.worked)

        async def again() -> None:
            drawn.refresh(await found())

        watch.follow(worklist.key, again)


def _with(worklist: Worklist[R, Any], rows: Sequence[R], find: str) -> Sequence[R]:
    """Those that have all the words somewhere, in whichever case."""
    if worklist.found_by is None or not find:
        return rows
    words = find.casefold().split()
    said = ((row, "\n".join(worklist.found_by(row)).casefold()) for row in rows)
    return [row for row, text in said if all(word in text for word in words)]


def _paged(desk: Desk, worklist: Worklist[R, Any], rows: Sequence[R], wanted: Wanted) -> None:
    """One page of the rows; the last one where there are fewer by now."""
    last = max(1, math.ceil(len(rows) / PAGE))
    here = min(wanted.page, last)
    none = desk.say("list.none-found", words=wanted.find) if wanted.find else ""
    show(_table(desk, worklist, wanted.tab, rows[(here - 1) * PAGE : here * PAGE], none))

    def to(page: int, words: str) -> Markup | str:
        asked = urlencode({"tab": wanted.tab, "find": wanted.find, "page": page})
        return link(desk.say(words), f"{worklist.path}?{asked}") if 1 <= page <= last else ""

    if last > 1:
        show(
            pager(
                desk.say("list.pages"),
                desk.say("list.page", page=here, last=last, count=len(rows)),
                to(here - 1, "list.before"),
                to(here + 1, "list.next"),
            )
        )


def _table(desk: Desk, worklist: Worklist[R, Any], tab: str, rows: Sequence[R], none: str = "") -> Markup:
    return table(
        desk.say(f"{worklist.key}.tab.{tab}"),
        [desk.say(f"{worklist.key}.{column}") for column in worklist.columns_of.get(tab, worklist.columns)],
        [worklist.cells(desk, row) for row in rows],
        none or desk.said(f"{worklist.key}.none.{tab}") or desk.say(f"{worklist.key}.none"),
    )


async def _begun(desk: Desk, deed: Deed[Any], known: object, values: Values) -> None:
    def work(open_work: Work, officer: str) -> object:
        return deed.do(desk, open_work, officer, known, values)

    details = deed.details(values)
    if await doing(desk, lambda: desk.act(deed.act, "", work, details), desk.say(f"{deed.words}.done")):
        ui.navigate.reload()


async def _one(desk: Desk, watch: Watch, worklist: Worklist[Any, E], number: str) -> None:
    above = (desk.say(f"place.{worklist.key}"), worklist.path)

    def opened(work: Work, officer: str) -> E:
        return worklist.open(desk, work, officer, number)

    try:
        first = await desk.look(worklist.see, number, opened)
    except (BureauError, Refused) as error:
        with frame(desk, worklist.key, above[0]):
            heading(desk, problem(desk, error), above=above)
        return
    sections = ui.refreshable(lambda one: _sections(worklist.sheet(desk, one)))
    deeds = ui.refreshable(lambda one: _deeds(desk, worklist, number, one, again))
    shown = [first]

    async def again(done: bool = True) -> None:
        """After a deed: the page anew, or of a live one what has changed. Deeds stay while somebody fills them in."""
        if not worklist.live:
            ui.navigate.reload()
            return
        now = await desk.watch(worklist.see, opened)
        sections.refresh(now)
        if done or worklist.shown(now) != worklist.shown(shown[0]):
            deeds.refresh(now)
        shown[0] = now

    sheet = worklist.sheet(desk, first)
    with frame(desk, worklist.key, sheet.title):
        heading(desk, sheet.title, above=above, lead=sheet.lead)
        with ui.element("div").classes("two"):
            with ui.element("div"):
                sections(first)
            with ui.element("div"):
                if sheet.history:
                    with ui.element("section").classes("card"):
                        show(Markup("<h2>{}</h2>").format(desk.say("history")), timeline(sheet.history))
                deeds(first)

    if worklist.live:
        watch.follow(worklist.key, partial(again, done=False))


def _sections(sheet: Sheet) -> None:
    for title, body in sheet.sections:
        with ui.element("section").classes("card"):
            show(Markup("<h2>{}</h2>").format(title), body)


def _deeds(
    desk: Desk, worklist: Worklist[Any, E], number: str, one: E, again: Callable[[], Awaitable[None]]
) -> None:
    deeds = [deed for deed in worklist.deeds if desk.may(deed.act) and deed.offered(desk, one)]
    if deeds:
        with ui.element("section").classes("card decide"):
            show(Markup("<h2>{}</h2>").format(desk.say("decide")))
            for deed in deeds:
                draw_deed(
                    desk, deed, one, partial(_done, desk, worklist, number, one, deed, again), deed.worked
                )


async def _done(
    desk: Desk,
    worklist: Worklist[Any, E],
    number: str,
    one: E,
    deed: Deed[E],
    again: Callable[[], Awaitable[None]],
    values: Values,
) -> None:
    """Nobody says yes to what they never saw: where the entry is not as the page shows it, nothing is done."""

    def work(open_work: Work, officer: str) -> object:
        if worklist.current(open_work, one) != worklist.shown(one):
            raise CaseChanged(number)
        return deed.do(desk, open_work, officer, one, values)

    details = deed.details(values)
    if await doing(desk, lambda: desk.act(deed.act, number, work, details), desk.say(f"{deed.words}.done")):
        await again()
