"""``bureau queue …``: what a window of a hall does with the numbers that wait, and who waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from bureau.commands.common import AsJson, ConfigFile, show, told
from bureau.commands.matters import core
from config.clock import CHINA
from kiosk.domain.masking import mask_mobile, mask_number

if TYPE_CHECKING:
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


def _say(ticket: QueueTicket, as_json: bool, words: str) -> None:
    told = _told(ticket)
    show(told, as_json, [f"{told['number']} {words}"])


def _told(ticket: QueueTicket) -> dict[str, Any]:
    from bureau.engine.queue.rules import rules
    from bureau.engine.queue.taking import shown

    kind, _, number = ticket.visitor.partition(":")
    return {
        "number": shown(ticket, rules()),
        "line": ticket.line,
        "state": ticket.state,
        "window": ticket.window,
        "elder": ticket.elder,
        "visitor": f"{kind} {mask_mobile(number) if kind == 'phone' else mask_number(number)}",
        "taken_at": ticket.taken_at.astimezone(CHINA),
        "called_at": ticket.called_at.astimezone(CHINA) if ticket.called_at else None,
        "ended_at": ticket.ended_at.astimezone(CHINA) if ticket.ended_at else None,
    }
