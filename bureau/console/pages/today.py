"""今天: what waits for this officer, what is late first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from fastapi import Request
from markupsafe import Markup
from nicegui import ui

from bureau.console.case_words import SOON_DAYS
from bureau.console.desk import Desk, desk_of
from bureau.console.html import Tone, number, show
from bureau.console.live import Watch
from bureau.console.pages.cases import Row, case_table, rows_of
from bureau.console.parts import Parts
from bureau.console.shell import frame, heading
from bureau.officers.roles import Act

FIRST: Final = 8
"""So many of the most urgent cases."""


def install(parts: Parts, watch: Watch) -> None:
    """Add the page."""

    @ui.page("/")
    async def today(request: Request) -> None:
        await _today(desk_of(parts, request), watch)


async def _today(desk: Desk, watch: Watch) -> None:
    async def found() -> Sequence[Row]:
        if not desk.may(Act.CASES_SEE):
            return []
        return await desk.watch(Act.CASES_SEE, lambda work, _: rows_of(work, decided=False))

    rows = await found()
    with frame(desk, "today", desk.say("place.today")):

        @ui.refreshable
        def drawn(rows: Sequence[Row]) -> None:
            _drawn(desk, rows)

        drawn(rows)

        async def again() -> None:
            drawn.refresh(await found())

        watch.follow("cases", again)


def _drawn(desk: Desk, rows: Sequence[Row]) -> None:
    today = desk.today()
    waiting = [row for row in rows if not row.case.wanted]
    late = sum(1 for row in waiting if row.case.due_on < today)
    if not desk.may(Act.CASES_SEE):
        heading(desk, desk.say("today.hello", name=desk.officer.name), lead=desk.say("today.other-places"))
        return
    key = "today.late" if late else "today.waiting" if waiting else "today.nothing"
    heading(desk, desk.say(key, count=len(waiting), late=late))
    soon = sum(1 for row in waiting if 0 <= (row.case.due_on - today).days <= SOON_DAYS)
    figures: Sequence[tuple[int, str, Tone]] = (
        (late, "today.figure-late", "bad" if late else "plain"),
        (soon, "today.figure-soon", "warn" if soon else "plain"),
        (len(waiting), "today.figure-waiting", "plain"),
        (len(rows) - len(waiting), "today.figure-owner", "plain"),
    )
    shown = Markup("").join(number(str(count), desk.say(told), tone) for count, told, tone in figures)
    show(Markup('<div class="figures">{}</div>').format(shown))
    with ui.element("section").classes("card"):
        show(Markup("<h2>{}</h2>").format(desk.say("today.first")))
        show(case_table(desk, waiting[:FIRST]))
