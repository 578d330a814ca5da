"""``bureau lottery …``: the rounds of the invoice lottery, and prizes on their way to their owners."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bureau.commands.common import AsJson, ConfigFile, show, told
from bureau.commands.matters import Limit, core
from kiosk.domain.ids import Fen
from kiosk.domain.masking import mask_card
from kiosk.domain.money import format_yuan

if TYPE_CHECKING:
    from bureau.ports.lottery import Ticket, TicketState

app = typer.Typer(help="The invoice lottery.", no_args_is_help=True, rich_markup_mode=None)
Number = Annotated[str, typer.Argument(help="The ticket's number.")]
On = Annotated[datetime, typer.Option("--on", formats=["%Y-%m-%d"], help="The day in the bank's note.")]


@app.command("list")
@told
def list_tickets(
    every: Annotated[bool, typer.Option("--all", help="Also those without a prize, and paid ones.")] = False,
    limit: Limit = 50,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Prizes that wait to be paid, the oldest on top."""
    states: tuple[TicketState, ...] = ("blank", "won", "ordered", "paid", "returned")
    with core(config) as work:
        found = [_told(one) for one in work.lottery.listed(states if every else ("ordered",), limit)]
    lines = [
        f"{t['ticket']}  {t['state']:8} {format_yuan(Fen(t['prize_fen'])):>9}  {t['bank']} {t['account']}"
        for t in found
    ]
    show(found, as_json, lines or ["no prize waits to be paid"])


@app.command()
@told
def paid(number: Number, on: On, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """The prize was paid; its owner is told."""
    from bureau.engine.lottery import settling

    with core(config) as work:
        done = settling.paid(work, number, on.date())
    _say(done, as_json)


@app.command()
@told
def returned(
    number: Number,
    on: On,
    reason: Annotated[str, typer.Option("--reason", help="What the owner is told, in Chinese.")],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """The bank sent it back; its owner is told why and claims it again."""
    from bureau.engine.lottery import settling

    with core(config) as work:
        done = settling.returned(work, number, on.date(), reason)
    _say(done, as_json)


def _say(ticket: Ticket, as_json: bool) -> None:
    told = _told(ticket)
    show(
        told,
        as_json,
        [f"ticket {ticket.ticket} is {ticket.state}: {format_yuan(Fen(ticket.prize_fen))} yuan"],
    )


def _told(ticket: Ticket) -> dict[str, Any]:
    return {
        "ticket": ticket.ticket,
        "day": ticket.day,
        "invoice": ticket.invoice,
        "drawn": ticket.drawn,
        "prize_fen": ticket.prize_fen,
        "state": ticket.state,
        "case": ticket.case,
        "bank": ticket.bank,
        "account": mask_card(ticket.account) if ticket.account else "",
        "settled_on": ticket.settled_on,
        "reason": ticket.reason,
    }
