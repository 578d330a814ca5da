"""``bureau departure …``: travellers' refunds as customs and the agency see them, and the stores on record."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bureau.commands.common import AsJson, ConfigFile, plain, show, told
from bureau.commands.matters import Limit, Officer, Reader, core, reader_name
from bureau.commands.proposals import act
from kiosk.domain.ids import Fen
from kiosk.domain.masking import mask_number
from kiosk.domain.money import format_yuan

if TYPE_CHECKING:
    from bureau.ports.departures import Departure, DepartureState, RefundShop

app = typer.Typer(help="Departure refunds of travellers.", no_args_is_help=True, rich_markup_mode=None)
Number = Annotated[str, typer.Argument(help="The application's number, as on form and slip.")]
Store = Annotated[str, typer.Argument(help="The store's taxpayer number.")]
Day = Annotated[datetime | None, typer.Option("--day", formats=["%Y-%m-%d"], help="Else today.")]


@app.command("list")
@told
def list_applications(
    every: Annotated[bool, typer.Option("--all", help="Those that are over too.")] = False,
    limit: Limit = 50,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Applications that customs or the agency have still to see, who leaves first on top."""
    with core(config) as work:
        states: tuple[DepartureState | None, ...] = (None,) if every else ("filed", "inspected")
        listed = [one for state in states for one in work.departures.listed(state, limit)]
    listed.sort(key=lambda one: (one.leaves_on, one.application))
    found = [_told(one) for one in listed[:limit]]
    lines = [
        f"{one['application']}  {one['state']:9} leaves {one['leaves_on']}  {format_yuan(Fen(one['paid_fen']))}"
        for one in found
    ]
    show(found, as_json, lines or ["no application waits"])


@app.command("show")
@told
def show_application(
    number: Number, officer: Reader = None, config: ConfigFile = None, as_json: AsJson = False
) -> None:
    """One application with its invoices, to be compared with passport, goods and form."""
    from bureau.engine import looks
    from bureau.errors import DepartureRefused

    with core(config) as work:
        one = work.departures.find(number)
        if one is None:
            raise DepartureRefused(f"there is no application {number}; see: bureau departure list")
        looks.by_officer(work, one.person, "case", reader_name(officer), "departure.show")
    found = {
        **_told(one),
        "name": one.name,
        "nationality": one.nationality,
        "passport": mask_number(one.person.number),
        "lines": plain(one.lines),
    }
    show(found, as_json, [f"{name}: {plain(value)}" for name, value in found.items()])


@app.command()
@told
def inspect(number: Number, officer: Officer, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Customs saw the goods and stamped the form."""
    from bureau.engine.departing import deciding

    act(
        officer,
        config,
        as_json,
        lambda work, who: deciding.inspect(work, number, who),
        _told,
        lambda done: f"{number} is inspected; the agency pays {format_yuan(Fen(done.paid_fen))} yuan",
    )


@app.command()
@told
def refund(number: Number, officer: Officer, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """The agency paid."""
    from bureau.engine.departing import deciding

    act(
        officer,
        config,
        as_json,
        lambda work, who: deciding.refund(work, number, who),
        _told,
        lambda done: f"{number} is paid: {format_yuan(Fen(done.paid_fen))} yuan",
    )


@app.command()
@told
def refuse(
    number: Number,
    officer: Officer,
    reason: Annotated[str, typer.Option("--reason", help="Why, in Chinese; the slip's page tells it.")],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Nothing is paid; the invoices can be asked for again."""
    from bureau.engine.departing import deciding

    act(
        officer,
        config,
        as_json,
        lambda work, who: deciding.refuse(work, number, who, reason),
        _told,
        lambda _: f"{number} is refused",
    )


@app.command()
@told
def shops(config: ConfigFile = None, as_json: AsJson = False) -> None:
    """The stores on record, with their days."""
    with core(config) as work:
        found = [_store(one) for one in work.departures.shops()]
    lines = [f"{s['taxpayer']}  {s['name']}  {s['since']} – {s['until'] or ''}".rstrip() for s in found]
    show(found, as_json, lines or ["no store is on record"])


@app.command()
@told
def enlist(
    taxpayer: Store, officer: Officer, day: Day = None, config: ConfigFile = None, as_json: AsJson = False
) -> None:
    """Put a store on record from a day on."""
    from bureau.engine.departing import deciding

    act(
        officer,
        config,
        as_json,
        lambda work, who: deciding.enlist(work, taxpayer, who, day.date() if day is not None else None),
        _store,
        lambda done: f"{taxpayer} is on record from {done.since}",
    )


@app.command()
@told
def strike(
    taxpayer: Store, officer: Officer, day: Day = None, config: ConfigFile = None, as_json: AsJson = False
) -> None:
    """Take a store off the record after a day; what was bought there until then is still refunded."""
    from bureau.engine.departing import deciding

    act(
        officer,
        config,
        as_json,
        lambda work, who: deciding.strike(work, taxpayer, who, day.date() if day is not None else None),
        _store,
        lambda done: f"{taxpayer} is on record until {done.until}",
    )


def _store(shop: RefundShop) -> dict[str, Any]:
    return {"taxpayer": shop.taxpayer, "name": shop.name, "since": shop.since, "until": shop.until}


def _told(one: Departure) -> dict[str, Any]:
    """Without who it is: a list is read over shoulders."""
    return {
        "application": one.application,
        "state": one.state,
        "leaves_on": one.leaves_on,
        "port": one.port,
        "count": len(one.lines),
        "refund_fen": one.refund_fen,
        "fee_fen": one.fee_fen,
        "paid_fen": one.paid_fen,
        "accepted_at": one.accepted_at,
        "inspected_by": one.inspected_by,
        "ended_by": one.ended_by,
        "reason": one.reason,
    }
