"""上下级机关: how the centres below stand beside each other, and where this one stands; sums of nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from functools import partial
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from markupsafe import Markup
from nicegui import ui

from bureau.analytics.centres import CentreSums
from bureau.analytics.scope import Scope
from bureau.analytics.sheets import as_csv
from bureau.console.desk import Desk, desk_of
from bureau.console.html import badge, show, table, tabs
from bureau.console.parts import Parts
from bureau.console.shell import console_page, frame, heading
from bureau.levels.centres import SUSPENDED
from bureau.levels.superior import Standing
from bureau.officers.roles import Act
from kiosk.domain.ids import Fen
from kiosk.domain.money import format_yuan

PATH: Final = "/centres"
SPANS: Final = (1, 7, 28)
"""Days that are looked at, the last of them yesterday: each centre has told of it by then."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the page shows."""

    centres: Sequence[CentreSums]
    above: Standing | None


def install(parts: Parts) -> APIRouter:
    """Add the page; the router has its figures as a file."""
    router = APIRouter()

    @console_page(PATH)
    async def page(request: Request, days: str = "") -> None:
        await _page(desk_of(parts, request), _asked(days))

    @router.get(f"{PATH}/files/centres.csv")
    async def file(request: Request, days: str = "") -> Response:
        desk, asked = desk_of(parts, request), _asked(days)
        seen = await desk.count(Act.ANALYTICS_SEE, partial(_seen, desk, asked))
        told = await run_in_threadpool(as_csv, [_row(one) for one in seen.centres])
        headers = {"Content-Disposition": f'attachment; filename="centres-{asked}-{desk.today()}.csv"'}
        return Response("\ufeff" + told, media_type="text/csv; charset=utf-8", headers=headers)

    return router


def _asked(days: str) -> int:
    return int(days) if days in map(str, SPANS) else SPANS[1]


def _scope(today: date, days: int) -> Scope:
    return Scope(today - timedelta(days=days), today - timedelta(days=1))


def _seen(desk: Desk, days: int) -> Seen:
    parts = desk.parts
    reports = parts.analytics.centres
    return Seen(reports.centres(_scope(desk.today(), days), parts.clock.now()), parts.above.standing())


async def _page(desk: Desk, days: int) -> None:
    seen = await desk.count(Act.ANALYTICS_SEE, partial(_seen, desk, days))
    scope = _scope(desk.today(), days)
    with frame(desk, "centres", desk.say("place.centres")):
        span = desk.say("centres.span", first=desk.day(scope.first), last=desk.day(scope.last))
        heading(desk, desk.say("place.centres"), lead=span)
        with ui.element("section").classes("card"):
            show(
                Markup("<h2>{}</h2>").format(desk.say("centres.above")),
                Markup("<p>{}</p>").format(_above(desk, seen)),
            )
        spans = [(f"{PATH}?days={n}", _days(desk, n), n == days) for n in SPANS]
        show(tabs(desk.say("analytics.which-days"), spans))
        with ui.element("section").classes("card"):
            show(
                Markup('<div class="headed"><h2>{}</h2><a href="{}" download>{}</a></div>').format(
                    desk.say("centres.below"),
                    f"{PATH}/files/centres.csv?days={days}",
                    desk.say("analytics.file"),
                )
            )
            show(_table(desk, seen.centres))


def _days(desk: Desk, count: int) -> str:
    return desk.say("centres.days", count=count) if count > 1 else desk.say("centres.yesterday")


def _above(desk: Desk, seen: Seen) -> str:
    if seen.above is None:
        return desk.say("centres.none-above")
    heard = desk.moment(seen.above.heard_at) if seen.above.heard_at else desk.say("centres.never")
    return desk.say(
        "centres.stands", above=desk.told(seen.above.superior), code=seen.above.centre, heard=heard
    )


def _table(desk: Desk, centres: Sequence[CentreSums]) -> Markup:
    names = (
        "name",
        "state",
        "last",
        "visits",
        "done-share",
        "trouble-share",
        "satisfied",
        "terminals",
        "paid",
    )
    return table(
        desk.say("centres.below"),
        [desk.say(f"centres.{name}") for name in names],
        [
            (
                _name(desk, one),
                _state(desk, one),
                desk.day(one.last) if one.last else "—",
                f"{one.figures.visits:,}" if one.days else "—",
                _share(one.done_share),
                _share(one.figures.trouble / one.figures.uses if one.figures.uses else None),
                _share(one.satisfied_share),
                f"{one.figures.terminals / one.days:.0f}" if one.days else "—",
                format_yuan(Fen(one.figures.paid_fen)) if one.days else "—",
            )
            for one in centres
        ],
        desk.say("centres.none-below"),
    )


def _name(desk: Desk, one: CentreSums) -> Markup:
    """Further in for each centre that stands between it and this one."""
    return Markup('<span class="level" style="--level: {}">{}</span>').format(one.depth, desk.told(one.name))


def _state(desk: Desk, one: CentreSums) -> Markup:
    if one.state == SUSPENDED:
        return badge(desk.say("centres.is-suspended"), "warn")
    if one.silent:
        return badge(desk.say("centres.is-silent"), "bad")
    return badge(desk.say("centres.is-active"), "good")


def _share(part: float | None) -> str:
    return "—" if part is None else f"{part:.1%}"


def _row(one: CentreSums) -> dict[str, object]:
    plain = {field.name: getattr(one, field.name) for field in fields(one) if field.name != "figures"}
    return {**plain, "name": one.name["zh-CN"], **one.figures.model_dump()}
