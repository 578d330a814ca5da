"""今天: what waits for this officer, what is late first, and what stands out in the halls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from fastapi import Request
from markupsafe import Markup
from nicegui import ui

from bureau.analytics.alerts import Alerts
from bureau.console.analytics_words import counted, source, supply, topic, worse
from bureau.console.case_words import SOON_DAYS
from bureau.console.desk import Desk, desk_of
from bureau.console.html import Tone, badge, link, number, show, table
from bureau.console.live import Watch
from bureau.console.pages.analytics import PATH as ANALYTICS
from bureau.console.pages.cases import Row, case_table, rows_of
from bureau.console.parts import Parts
from bureau.console.shell import console_page, frame, heading
from bureau.console.worklists import WORKLISTS
from bureau.console.worklists.pattern import Worklist
from bureau.officers.roles import Act
from bureau.ports.system import Work

FIRST: Final = 8
"""So many of the most urgent cases."""
ALERTS_SHOWN: Final = 10
"""What else stands out is told on the page that it leads to."""


def install(parts: Parts, watch: Watch) -> None:
    """Add the page."""

    @console_page("/")
    async def today(request: Request) -> None:
        await _today(desk_of(parts, request), watch)


@dataclass(frozen=True, slots=True)
class Found:
    """What waits: the cases, and of each worklist how many wait, and how many of them are late; what stands out."""

    cases: Sequence[Row]
    others: Sequence[tuple[Worklist[Any, Any], int, int]]
    alerts: Alerts


async def _today(desk: Desk, watch: Watch) -> None:
    mine = [one for one in WORKLISTS if desk.may(one.see)]
    watches = desk.may(Act.ANALYTICS_SEE)

    async def found() -> Found:
        cases: Sequence[Row] = ()
        if desk.may(Act.CASES_SEE):
            cases = await desk.watch(Act.CASES_SEE, lambda work, _: rows_of(work, decided=False))
        others = [(one, *await desk.watch(one.see, partial(_waits, desk, one))) for one in mine]
        alerts = await desk.count(Act.ANALYTICS_SEE, desk.parts.alarm.now) if watches else Alerts()
        return Found(cases, others, alerts)

    first = await found()
    with frame(desk, "today", desk.say("place.today")):

        @ui.refreshable
        def drawn(now: Found) -> None:
            _drawn(desk, now)

        drawn(first)

        async def again() -> None:
            drawn.refresh(await found())

        for topic in ("cases", *(one.key for one in mine), *(("alerts",) if watches else ())):
            watch.follow(topic, again)


def _waits(desk: Desk, worklist: Worklist[Any, Any], work: Work, _officer: str) -> tuple[int, int]:
    return worklist.waits(desk, work)


def _drawn(desk: Desk, now: Found) -> None:
    if desk.may(Act.CASES_SEE):
        _cases(desk, now.cases)
    else:
        lead = "today.other-places" if not now.others else ""
        heading(desk, desk.say("today.hello", name=desk.officer.name), lead=desk.say(lead) if lead else "")
    if now.others:
        with ui.element("section").classes("card"):
            show(Markup("<h2>{}</h2>").format(desk.say("today.others")), _others(desk, now))
    if told := _told(desk, now.alerts):
        with ui.element("section").classes("card"):
            _alerts(desk, told)


def _others(desk: Desk, now: Found) -> Markup:
    return table(
        desk.say("today.others"),
        [desk.say(f"today.{name}") for name in ("place", "waits", "late-ones")],
        [
            (
                link(desk.say(f"place.{one.key}"), one.path),
                str(waiting),
                badge(str(late), "bad") if late else "—",
            )
            for one, waiting, late in now.others
        ],
        "",
    )


def _told(desk: Desk, alerts: Alerts) -> list[tuple[str, Markup]]:
    """What is about what, and what stands out in it."""
    topics = [
        (
            desk.say("today.alert.topic", source=source(desk, one), topic=topic(desk, one)),
            badge(desk.say("today.alert.rises", week=one.weeks[-1], usual=f"{one.usual:.1f}"), "warn"),
        )
        for one in alerts.topics
    ]
    terminals = [
        (
            desk.say("today.alert.place", terminal=one.terminal, hall=desk.told(one.hall_name)),
            Markup(" ").join(badge(word, "bad") for word in worse(desk, one)),
        )
        for one in alerts.terminals
    ]
    supplies = [
        (
            desk.say("today.alert.place", terminal=one.terminal, hall=desk.told(one.hall_name)),
            Markup("{} {}").format(
                supply(desk, one),
                badge(desk.say("today.alert.fill", left=counted(desk, one.counter, one.left)), "bad"),
            ),
        )
        for one in alerts.supplies
    ]
    centres = [
        (
            desk.told(one.name),
            badge(desk.say("today.alert.silent", since=desk.moment(one.heard_at or one.since)), "bad"),
        )
        for one in alerts.centres
    ]
    return topics + terminals + supplies + centres


def _alerts(desk: Desk, told: Sequence[tuple[str, Markup]]) -> None:
    show(
        Markup('<div class="headed"><h2>{}</h2>{}</div>').format(
            desk.say("today.alerts"), link(desk.say("place.analytics"), ANALYTICS)
        ),
        table(
            desk.say("today.alerts"),
            [desk.say("today.alert.where"), desk.say("today.alert.what")],
            told[:ALERTS_SHOWN],
            "",
        ),
    )
    if len(told) > ALERTS_SHOWN:
        show(Markup("<p>{}</p>").format(desk.say("today.alert.more", count=len(told) - ALERTS_SHOWN)))


def _cases(desk: Desk, rows: Sequence[Row]) -> None:
    today = desk.today()
    waiting = [row for row in rows if not row.case.wanted]
    late = sum(1 for row in waiting if row.case.due_on < today)
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
