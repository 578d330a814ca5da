"""分析: what the halls' days look like, each report with its figures to be taken away; and one service step by step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from markupsafe import Markup
from nicegui import ui

from bureau.analytics.peers import Peer
from bureau.analytics.ratings import ServiceRated
from bureau.analytics.reports import Analytics, in_order
from bureau.analytics.scope import Scope
from bureau.analytics.sheets import SHEETS, as_csv, sheet
from bureau.analytics.supplies import SupplyLeft
from bureau.analytics.topics import Topic
from bureau.analytics.use import DayUse, How, ServiceUsed, StepUsed, Why
from bureau.analytics.waiting import HallWaited
from bureau.console.analytics_words import counted, service_title, source, supply, told_last, topic, worse
from bureau.console.desk import Desk, desk_of
from bureau.console.html import Tone, badge, link, number, show, table, tabs
from bureau.console.parts import Parts
from bureau.console.plots import bars, heat
from bureau.console.shell import console_page, frame, heading
from bureau.errors import ScopeError
from bureau.officers.roles import Act

PATH: Final = "/analytics"
SPANS: Final = (7, 28, 91)
"""Days that are looked at, the last of them yesterday."""
FIRST_HOUR, LAST_HOUR = 7, 20
SOON: Final = timedelta(days=3)
"""Supplies that have to be filled within these days are marked: staff of a far hall do not go every day."""
SERVICES_SHOWN: Final = 12
TOPICS_SHOWN: Final = 8
SUPPLIES_SHOWN: Final = 12
"""On a phone each row is a card of its own; the files have all."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page was asked for: how many days, and of which hall."""

    days: int
    hall: str

    def scope(self, today: date) -> Scope:
        """Its days, the last of which is yesterday: today is not over."""
        return Scope(today - timedelta(days=self.days), today - timedelta(days=1), self.hall)

    def address(self, path: str = PATH, **other: object) -> str:
        """That page, asked for the same but for ``other``."""
        wanted = {"days": self.days, "hall": self.hall, **other}
        return f"{path}?{urlencode({name: value for name, value in wanted.items() if value})}"


def install(parts: Parts) -> APIRouter:
    """Add the pages; the router has the files."""
    router = APIRouter()

    @console_page(PATH)
    async def overview(request: Request, days: str = "", hall: str = "") -> None:
        await _overview(desk_of(parts, request), _asked(days, hall))

    @console_page(f"{PATH}/services/{{service}}")
    async def one(request: Request, service: str, days: str = "", hall: str = "") -> None:
        await _service(desk_of(parts, request), _asked(days, hall), service)

    @router.get(f"{PATH}/files/{{report}}.csv")
    async def file(
        request: Request, report: str, days: str = "", hall: str = "", service: str = ""
    ) -> Response:
        desk, asked = desk_of(parts, request), _asked(days, hall)
        catalogue = parts.services.current
        read = partial(sheet, report, parts.analytics, asked.scope(desk.today()), catalogue, service)
        try:
            rows = await desk.count(Act.ANALYTICS_SEE, read)
        except ScopeError:
            return Response(status_code=404)
        told = await run_in_threadpool(as_csv, rows)
        name = "-".join(part for part in (report, service, asked.hall, str(desk.today())) if part)
        headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
        return Response("\ufeff" + told, media_type="text/csv; charset=utf-8", headers=headers)

    return router


def _asked(days: str, hall: str) -> Asked:
    wanted = int(days) if days in map(str, SPANS) else SPANS[1]
    return Asked(wanted, hall if hall.isascii() and len(hall) <= 16 else "")


@dataclass(frozen=True, slots=True)
class Seen:
    """All that the overview shows."""

    halls: Mapping[str, Mapping[str, str]]
    days: Sequence[DayUse]
    before: Sequence[DayUse]
    hours: Sequence[Sequence[int]]
    ways: Sequence[How]
    services: Sequence[ServiceUsed]
    waited: Sequence[HallWaited]
    peers: Sequence[Peer]
    topics: Sequence[Topic]
    rated: Sequence[ServiceRated]
    supplies: Sequence[SupplyLeft]


def _seen(reports: Analytics, scope: Scope) -> Seen:
    everywhere = reports.peers.terminals(Scope(scope.first, scope.last))
    return Seen(
        halls={peer.hall: peer.hall_name for peer in sorted(everywhere, key=lambda peer: peer.hall)},
        days=reports.use.by_day(scope),
        before=reports.use.by_day(scope.before()),
        hours=reports.use.by_hour(scope),
        ways=reports.use.how(scope),
        services=reports.use.services(scope),
        waited=reports.waiting.halls(scope),
        peers=[peer for peer in everywhere if scope.hall in ("", peer.hall)],
        topics=reports.topics.weeks(scope.last),
        rated=reports.ratings.services(scope),
        supplies=[one for one in reports.supplies.left(scope) if one.forecast and one.forecast.fill_by],
    )


async def _overview(desk: Desk, asked: Asked) -> None:
    scope = asked.scope(desk.today())
    seen = await desk.count(Act.ANALYTICS_SEE, partial(_seen, desk.parts.analytics, scope))
    with frame(desk, "analytics", desk.say("place.analytics")):
        span = desk.say("analytics.span", first=desk.day(scope.first), last=desk.day(scope.last))
        heading(desk, desk.say("analytics.title"), lead=span)
        _choose(desk, asked, seen.halls)
        if not any(day.visits for day in seen.days):
            with ui.element("section").classes("card"):
                show(Markup('<p class="empty">{}</p>').format(desk.say("analytics.nothing")))
            return
        _figures(desk, seen)
        with _card(desk, asked, "days"):
            _days(desk, seen.days)
        with _card(desk, asked, "hours"):
            _hours(desk, seen.hours)
        with _card(desk, asked, "services"):
            show(_services(desk, asked, seen.services[:SERVICES_SHOWN]))
        with _card(desk, asked, "terminals"):
            show(_peers(desk, seen.peers))
        with _card(desk, asked, "supplies"):
            show(_supplies(desk, seen.supplies[:SUPPLIES_SHOWN]))
        with _card(desk, asked, "waiting"):
            show(_waited(desk, seen.waited))
        with _card(desk, asked, "ratings"):
            show(_rated(desk, seen.rated[:SERVICES_SHOWN]))
        with _card(desk, asked, "ways"):
            show(_ways(desk, seen.ways))
        with _card(desk, asked, "topics"):
            show(_topics(desk, [topic for topic in seen.topics if topic.weeks[-1]][:TOPICS_SHOWN]))


def _choose(desk: Desk, asked: Asked, halls: Mapping[str, Mapping[str, str]]) -> None:
    spans = [
        (asked.address(days=days), desk.say("analytics.span-days", count=days), days == asked.days)
        for days in SPANS
    ]
    show(tabs(desk.say("analytics.which-days"), spans))
    everywhere = [(asked.address(hall=""), desk.say("analytics.every-hall"), not asked.hall)]
    named = [(asked.address(hall=hall), desk.told(name), hall == asked.hall) for hall, name in halls.items()]
    if len(named) > 1:
        show(tabs(desk.say("analytics.which-hall"), everywhere + named))


def _card(desk: Desk, asked: Asked, report: str, **of: str) -> ui.element:
    """A sheet with its heading, and its figures as a file."""
    assert report in SHEETS, report
    card = ui.element("section").classes("card")
    with card:
        address = asked.address(f"{PATH}/files/{report}.csv", **of)
        show(
            Markup('<div class="headed"><h2>{}</h2><a href="{}" download>{}</a></div>').format(
                desk.say(f"analytics.report.{report}"), address, desk.say("analytics.file")
            )
        )
        lead = f"analytics.report.{report}.lead"
        if desk.has(lead):
            show(
                Markup("<p>{}</p>").format(
                    desk.say(lead, count=SUPPLIES_SHOWN if report == "supplies" else SERVICES_SHOWN)
                )
            )
    return card


def _figures(desk: Desk, seen: Seen) -> None:
    def of(days: Sequence[DayUse]) -> tuple[int, int, int]:
        return sum(day.visits for day in days), sum(day.uses for day in days), sum(day.done for day in days)

    (visits, uses, done), (visits_before, uses_before, done_before) = of(seen.days), of(seen.before)
    ill = sum(1 for peer in seen.peers if peer.worse)
    rising = sum(1 for topic in seen.topics if topic.rises)
    figures: Sequence[tuple[str, str, Tone]] = (
        (f"{visits:,}", _beside(desk, "visits", visits_before and f"{visits_before:,}"), "plain"),
        (
            _share(done, uses),
            _beside(desk, "done", uses_before and _share(done_before, uses_before)),
            "plain",
        ),
        (str(ill), desk.say("analytics.figure.terminals"), "bad" if ill else "plain"),
        (str(rising), desk.say("analytics.figure.topics"), "warn" if rising else "plain"),
    )
    shown = Markup("").join(number(value, told, tone) for value, told, tone in figures)
    show(Markup('<div class="figures">{}</div>').format(shown))


def _beside(desk: Desk, figure: str, before: object) -> str:
    told = desk.say(f"analytics.figure.{figure}")
    return desk.say("analytics.before", told=told, before=before) if before else told


def _days(desk: Desk, days: Sequence[DayUse]) -> None:
    bars(
        desk.say("analytics.days.plot"),
        [f"{day.day:%m-%d}" for day in days],
        [
            (desk.say("analytics.uses"), [day.uses for day in days]),
            (desk.say("analytics.done"), [day.done for day in days]),
        ],
    )
    columns = [desk.say(f"analytics.{name}") for name in ("day", "visits", "uses", "done")]
    rows = [(desk.day(day.day), day.visits, day.uses, day.done) for day in reversed(days)]
    _folded(desk, table(desk.say("analytics.report.days"), columns, rows, ""))


def _hours(desk: Desk, week: Sequence[Sequence[int]]) -> None:
    hours = range(FIRST_HOUR, LAST_HOUR)
    weekdays = [desk.say(f"analytics.weekday.{day}") for day in range(1, 8)]
    figures = [[of[hour] for hour in hours] for of in week]
    heat(desk.say("analytics.hours.plot"), [f"{hour}:00" for hour in hours], weekdays, figures)
    rows = [
        (weekdays[day], f"{hour}:00", visits)
        for day, of in enumerate(week)
        for hour, visits in enumerate(of)
        if visits
    ]
    columns = [desk.say(f"analytics.{name}") for name in ("weekday", "hour", "visits")]
    _folded(desk, table(desk.say("analytics.report.hours"), columns, rows, ""))


def _folded(desk: Desk, body: Markup) -> None:
    show(
        Markup('<details class="fold"><summary>{}</summary>{}</details>').format(
            desk.say("analytics.table"), body
        )
    )


def _services(desk: Desk, asked: Asked, services: Sequence[ServiceUsed]) -> Markup:
    names = ("service", "uses", "done-share", "turned", "refused", "trouble", "median", "most")
    return table(
        desk.say("analytics.report.services"),
        [desk.say(f"analytics.{name}") for name in names],
        [
            (
                link(service_title(desk, one.service), asked.address(f"{PATH}/services/{one.service}")),
                one.uses,
                _share(one.done, one.uses - one.opened),
                one.turned,
                one.refused,
                one.trouble,
                _seconds(desk, one.median_s),
                _seconds(desk, one.most_s),
            )
            for one in services
        ],
        desk.say("analytics.nothing"),
    )


def _peers(desk: Desk, peers: Sequence[Peer]) -> Markup:
    names = ("terminal", "hall", "visits", "done-share", "trouble-share", "finding")
    return table(
        desk.say("analytics.report.terminals"),
        [desk.say(f"analytics.{name}") for name in names],
        [
            (
                one.terminal,
                desk.told(one.hall_name),
                one.visits,
                _share(one.done, one.uses),
                _share(one.trouble, one.uses),
                Markup(" ").join(badge(word, "bad") for word in worse(desk, one)) or "—",
            )
            for one in peers
        ],
        desk.say("analytics.nothing"),
    )


def _supplies(desk: Desk, supplies: Sequence[SupplyLeft]) -> Markup:
    names = ("terminal", "hall", "supply", "left", "per-day", "empty", "fill-by")
    return table(
        desk.say("analytics.report.supplies"),
        [desk.say(f"analytics.{name}") for name in names],
        [
            (
                one.terminal,
                desk.told(one.hall_name),
                supply(desk, one),
                counted(desk, one.counter, one.left, one.full),
                counted(desk, one.counter, round(of.per_day)),
                desk.day(of.empty),
                _fill_by(desk, of.fill_by),
            )
            for one in supplies
            if (of := one.forecast)
        ],
        desk.say("analytics.no-supplies"),
    )


def _fill_by(desk: Desk, day: date | None) -> Markup | str:
    told, left = desk.day(day), (day or date.max) - desk.today()
    if left > SOON:
        return told
    return badge(told, "bad" if left <= timedelta() else "warn")


def _waited(desk: Desk, halls: Sequence[HallWaited]) -> Markup:
    names = ("hall", "numbers", "missed", "median", "most", "longest-hour")
    return table(
        desk.say("analytics.report.waiting"),
        [desk.say(f"analytics.{name}") for name in names],
        [
            (
                desk.told(one.name),
                one.all.numbers,
                one.all.missed,
                _minutes(desk, one.all.median_min),
                _minutes(desk, one.all.most_min),
                _longest(desk, one),
            )
            for one in halls
        ],
        desk.say("analytics.nothing-waited"),
    )


def _longest(desk: Desk, hall: HallWaited) -> str:
    """The hour in which people waited longest."""
    known = {hour: one.median_min for hour, one in hall.by_hour.items() if one.median_min is not None}
    if not known:
        return "—"
    hour = max(known, key=lambda hour: known[hour])
    return desk.say("analytics.at-hour", hour=f"{hour}:00", minutes=_minutes(desk, known[hour]))


def _rated(desk: Desk, services: Sequence[ServiceRated]) -> Markup:
    names = ("service", "ratings", "satisfied", "low", "followed", "disregarded")
    return table(
        desk.say("analytics.report.ratings"),
        [desk.say(f"analytics.{name}") for name in names],
        [
            (
                service_title(desk, one.service),
                one.count,
                _share(one.count - one.low, one.count),
                one.low,
                one.followed,
                one.disregarded,
            )
            for one in services
        ],
        desk.say("analytics.not-rated"),
    )


def _ways(desk: Desk, ways: Sequence[How]) -> Markup:
    visits = sum(way.visits for way in ways)
    return table(
        desk.say("analytics.report.ways"),
        [desk.say(f"analytics.{name}") for name in ("lang", "mode", "signed-in", "visits", "visits-share")],
        [
            (
                desk.say(f"analytics.lang.{way.lang}"),
                desk.say(f"analytics.mode.{way.mode}"),
                desk.say(f"analytics.signed-in.{way.signed_in}"),
                way.visits,
                _share(way.visits, visits),
            )
            for way in ways
        ],
        desk.say("analytics.nothing"),
    )


def _topics(desk: Desk, topics: Sequence[Topic]) -> Markup:
    names = ("source", "topic", "week", "usual", "finding")
    return table(
        desk.say("analytics.report.topics"),
        [desk.say(f"analytics.{name}") for name in names],
        [
            (
                source(desk, one),
                topic(desk, one),
                one.weeks[-1],
                f"{one.usual:.1f}",
                badge(desk.say("analytics.rises"), "warn") if one.rises else "—",
            )
            for one in topics
        ],
        desk.say("analytics.quiet"),
    )


# --- one service ------------------------------------------------------------------------------------------


async def _service(desk: Desk, asked: Asked, service: str) -> None:
    scope, reports, catalogue = asked.scope(desk.today()), desk.parts.analytics, desk.parts.services.current
    known = service in catalogue
    order = [step.id for step in catalogue[service].service.steps] if known else []

    def read() -> tuple[Sequence[StepUsed], Sequence[Why]]:
        return in_order(reports.use.steps(scope, service), order), reports.use.why(scope, service)

    steps, why = await desk.count(Act.ANALYTICS_SEE, read)
    title = service_title(desk, service) if known else desk.say("analytics.no-service")
    above = (desk.say("place.analytics"), asked.address())
    with frame(desk, "analytics", title):
        span = desk.say("analytics.span", first=desk.day(scope.first), last=desk.day(scope.last))
        heading(desk, title, above=above, lead=span if known else "")
        if not known:
            return
        with _card(desk, asked, "steps", service=service):
            if steps:
                bars(
                    desk.say("analytics.steps.plot"),
                    [_step(desk, service, one.step) for one in steps],
                    [
                        (desk.say("analytics.came"), [one.came for one in steps]),
                        (desk.say("analytics.ended"), [one.ended for one in steps]),
                    ],
                )
            show(_steps(desk, service, steps))
        with _card(desk, asked, "why", service=service):
            show(_why(desk, why))


def _steps(desk: Desk, service: str, steps: Sequence[StepUsed]) -> Markup:
    names = ("step", "came", "ended", "ended-share", "mean", "waited")
    return table(
        desk.say("analytics.report.steps"),
        [desk.say(f"analytics.{name}") for name in names],
        [
            (
                _step(desk, service, one.step),
                one.came,
                one.ended,
                _share(one.ended, one.came),
                _seconds(desk, one.mean_s),
                _seconds(desk, one.waited_s),
            )
            for one in steps
        ],
        desk.say("analytics.nothing"),
    )


def _why(desk: Desk, why: Sequence[Why]) -> Markup:
    return table(
        desk.say("analytics.report.why"),
        [desk.say(f"analytics.{name}") for name in ("how", "code", "times")],
        [(desk.say(f"analytics.ended.{one.ended}"), told_last(desk, one.code), one.times) for one in why],
        desk.say("analytics.no-why"),
    )


def _step(desk: Desk, service: str, step: str) -> str:
    """Its short name at the top of the screen where it has one, else its title."""
    for one in desk.parts.services.current[service].service.steps:
        if one.id == step:
            words = getattr(one, "mark", None) or getattr(one, "title", None)
            return desk.told(words) if words else desk.say(f"analytics.kind.{one.kind}")
    return step


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "—"


def _seconds(desk: Desk, seconds: float | None) -> str:
    return "—" if seconds is None else desk.say("analytics.seconds", seconds=f"{seconds:.0f}")


def _minutes(desk: Desk, minutes: float | None) -> str:
    return "—" if minutes is None else desk.say("analytics.minutes", minutes=f"{minutes:.0f}")
