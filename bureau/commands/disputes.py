"""``bureau stock disputes`` and ``settle``: what a terminal told and does not add up, settled by two people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bureau.commands.common import AsJson, ConfigFile, opened, show, told
from bureau.errors import StockRefused
from kiosk.domain.errors import RangeError
from kiosk.domain.invoices import InvoiceRange

if TYPE_CHECKING:
    from bureau.engine.reference.context import Context
    from bureau.ports.invoices import Reservation


@contextmanager
def _context(config: Path | None) -> Iterator[Context]:
    from bureau.engine.reference.context import Context
    from bureau.opening import business_clock

    with opened(config) as (settings, database), database.write() as connection:
        yield Context(connection, business_clock(settings).now(), "")


@told
def list_disputes(config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Reservations whose settlement did not add up, the oldest first."""
    from bureau.engine.reference.disputes import Disputes

    with _context(config) as context:
        found = [_told(one) for one in Disputes(context).listed()]
    lines = [
        f"{d['reservation']}  {d['terminal']} {d['unit']}  {d['code']}  {d['first']}-{d['last']}  {d['taxpayer']}"
        for d in found
    ]
    show(found, as_json, lines or ["nothing is in dispute"])


@told
def settle(
    reservation: Annotated[str, typer.Argument(help="The reservation's number.")],
    operator: Annotated[str, typer.Option("--operator", help="Who does it.")],
    witness: Annotated[str, typer.Option("--witness", help="The second person.")],
    cause: Annotated[str, typer.Option("--cause", help="What was found, and how.")],
    delivered: Annotated[
        list[str] | None, typer.Option(help="With the enterprise: FIRST-LAST; may be given again.")
    ] = None,
    quarantined: Annotated[
        list[str] | None,
        typer.Option(help="In a bin or the way of the cabinet: FIRST-LAST; may be given again."),
    ] = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Say what became of disputed numbers; those named nowhere lie in their unit. Then count the unit."""
    from bureau.engine.reference.disputes import Disputes
    from bureau.ports.stock import Hands

    with _context(config) as context:
        given, spoilt = (tuple(map(_range, texts or ())) for texts in (delivered, quarantined))
        movement = Disputes(context).settle(reservation, given, spoilt, Hands(operator, witness), cause)
    show(
        {"reservation": reservation, "movement": movement}, as_json, [f"{movement}: {reservation} is settled"]
    )


def _range(text: str) -> InvoiceRange:
    first, _, last = text.partition("-")
    try:
        return InvoiceRange(first, last or first)
    except RangeError as error:
        raise StockRefused("other", f"{text!r}: {error}; write FIRST-LAST as printed") from error


def _told(found: Reservation) -> dict[str, object]:
    return {
        "reservation": found.reservation,
        "terminal": found.terminal,
        "unit": found.unit,
        "code": found.code,
        "first": found.numbers.first,
        "last": found.numbers.last,
        "taxpayer": found.taxpayer,
    }


def add_to(app: typer.Typer) -> None:
    """As commands of ``bureau stock``."""
    app.command("disputes")(list_disputes)
    app.command()(settle)
