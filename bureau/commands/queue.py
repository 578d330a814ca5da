"""``bureau queue …``: what a window of a hall does with the numbers that wait, and who waits."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bureau.commands.common import AsJson, ConfigFile, opened, show, told
from bureau.commands.matters import core
from bureau.errors import QueueRefused
from config.clock import CHINA
from kiosk.domain.masking import mask_mobile, mask_number

if TYPE_CHECKING:
    from bureau.ports.appointments import Appointment
    from bureau.ports.queue import QueueTicket

app = typer.Typer(help="Queue numbers of a hall.", no_args_is_help=True, rich_markup_mode=None)
Hall = Annotated[str, typer.Option("--hall", help="The hall, such as H-01.")]
Window = Annotated[int, typer.Option("--window", min=1, help="The window's number.")]


@app.command()
@told
def call(hall: Hall, window: Window, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Call the next to the window: elders first, then by number."""
    from bureau.engine.queue import calling

    with core(config) as work:
        found = calling.call(work, hall, window)
    if found is None:
        show(None, as_json, [f"nobody waits for window {window}"])
        return
    _say(found, as_json, f"please come to window {window}")


@app.command()
@told
def serve(hall: Hall, window: Window, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Whoever was called to the window is served; how long it took counts for the times that are told."""
    from bureau.engine.queue import calling

    with core(config) as work:
        done = calling.end(work, hall, window, "served")
    _say(done, as_json, "is served")


@app.command()
@told
def miss(hall: Hall, window: Window, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Whoever was called did not come: the number is over (过号), a new one may be taken."""
    from bureau.engine.queue import calling

    with core(config) as work:
        done = calling.end(work, hall, window, "missed")
    _say(done, as_json, "did not come")


@app.command("list")
@told
def list_numbers(
    hall: Hall,
    every: Annotated[bool, typer.Option("--all", help="Also those that are over.")] = False,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Today's numbers in the order in which they were taken."""
    from bureau.engine.queue import calling

    with core(config) as work:
        found = [_told(t) for t in calling.listed(work, hall) if every or t.state in ("waiting", "called")]
    lines = [
        f"{t['number']}  {t['state']:8} {t['window'] or '':>2}  {t['line']:18} {t['visitor']}" for t in found
    ]
    show(found, as_json, lines or ["nobody waits"])


@app.command()
@told
def appointments(
    hall: Hall,
    day: Annotated[str, typer.Option("--day", help="The day, such as 2026-10-13.")],
    every: Annotated[bool, typer.Option("--all", help="Also those that were cancelled.")] = False,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Who has booked a time of that day, by time."""
    from bureau.engine.queue import closing

    with core(config) as work:
        listed = closing.listed(work, hall, _day(day))
        found = [_booked(a, work.now) for a in listed if every or a.state != "cancelled"]
    show(found, as_json, [_line(a) for a in found] or ["nobody has booked"])


@app.command()
@told
def close(
    hall: Hall,
    day: Annotated[str, typer.Option("--day", help="The day, such as 2026-10-13.")],
    begins: Annotated[str, typer.Option("--from", help="From when, such as 09:30; the whole day else.")] = "",
    minutes: Annotated[int, typer.Option("--minutes", min=1, max=1440, help="How long from then.")] = 30,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Take no bookings for a time or a day; who had booked is told by phone and may move."""
    from bureau.engine.queue import closing

    at = datetime.combine(_day(day), _clock(begins), CHINA)
    length = timedelta(minutes=minutes) if begins else timedelta(days=1)
    with opened(config) as (settings, _):
        url = settings.public_url
    with core(config) as work:
        found = [_booked(a, work.now) for a in closing.close(work, hall, at, length, url)]
    show(found, as_json, [f"closed; {len(found)} booked then", *(_line(a) for a in found)])


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise QueueRefused(f"{typed!r} is no day: write 2026-10-13") from None


def _clock(typed: str) -> time:
    try:
        return time.fromisoformat(typed) if typed else time()
    except ValueError:
        raise QueueRefused(f"{typed!r} is no time: write 09:30") from None


def _booked(appointment: Appointment, now: datetime) -> dict[str, Any]:
    from bureau.engine.queue.appointed import shown
    from bureau.engine.queue.booking import missed

    return {
        "number": shown(appointment),
        "at": appointment.at.astimezone(CHINA),
        "line": appointment.line,
        "state": "missed" if missed(appointment, now) else appointment.state,
        "visitor": masked(appointment.visitor),
        "told_by_phone": bool(appointment.mobile),
    }


def _line(booked: dict[str, Any]) -> str:
    return f"{booked['number']}  {booked['at']:%H:%M}  {booked['state']:9} {booked['line']:18} {booked['visitor']}"


def masked(visitor: str) -> str:
    """Who it is, for an officer: the kind, and the number but for its middle."""
    kind, _, number = visitor.partition(":")
    return f"{kind} {mask_mobile(number) if kind == 'phone' else mask_number(number)}"


def _say(ticket: QueueTicket, as_json: bool, words: str) -> None:
    told = _told(ticket)
    show(told, as_json, [f"{told['number']} {words}"])


def _told(ticket: QueueTicket) -> dict[str, Any]:
    from bureau.engine.queue.rules import rules
    from bureau.engine.queue.taking import shown

    return {
        "number": shown(ticket, rules()),
        "line": ticket.line,
        "state": ticket.state,
        "window": ticket.window,
        "elder": ticket.elder,
        "visitor": masked(ticket.visitor),
        "due": ticket.due.astimezone(CHINA) if ticket.due else None,
        "taken_at": ticket.taken_at.astimezone(CHINA),
        "called_at": ticket.called_at.astimezone(CHINA) if ticket.called_at else None,
        "ended_at": ticket.ended_at.astimezone(CHINA) if ticket.ended_at else None,
    }
