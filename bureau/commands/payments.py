"""``bureau payments …``: orders, the daily comparison with the acquirers, and charges that are given back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bureau.commands.common import AsJson, ConfigFile, moment, opened, plain, show, told, typed_fen
from bureau.commands.matters import Limit, Officer, core, officer_name
from kiosk.domain.ids import Fen
from kiosk.domain.money import format_yuan

if TYPE_CHECKING:
    from bureau.engine.reference.work import ReferenceSystem
    from bureau.ports.acquirer import Acquirers
    from bureau.ports.core import Core
    from bureau.ports.repayments import Repayment

app = typer.Typer(
    help="Payment orders, the daily comparison, charges given back.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Second = Annotated[str, typer.Option("--second", help="The second officer, another one.")]
Reason = Annotated[str, typer.Option("--reason", help="Why, on one line; the acquirer keeps it.")]


@app.command("list")
@told
def list_payments(limit: Limit = 50, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """The newest orders with their state and voucher."""
    from sqlalchemy import select

    from bureau.store import tables

    t, b = tables.payment_order, tables.booking
    columns = (t.c.order_no, t.c.state, t.c.amount_fen, t.c.created_at, t.c.paid_at, t.c.tries, b.c.voucher)
    query = select(*columns).outerjoin(b, b.c.order_no == t.c.order_no)
    query = query.order_by(t.c.created_at.desc(), t.c.order_no.desc()).limit(limit)
    with opened(config) as (_settings, database), database.read() as connection:
        found = [dict(row) for row in connection.execute(query).mappings()]
    lines = [_order_line(payment) for payment in found]
    show(found, as_json, lines or ["no order was made"])


def _order_line(payment: dict[str, Any]) -> str:
    amount = format_yuan(Fen(payment["amount_fen"]))
    state, voucher = payment["state"], payment["voucher"] or ""
    return f"{moment(payment['created_at'])}  {payment['order_no']}  {state:9} {amount:>14}  {voucher}"


@app.command()
@told
def reconcile(
    day: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="The business day.")],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Compare a day with the acquirers' files, of codes and of cards; may be repeated."""
    from bureau.engine.reconcile import Reconciler

    wanted: date = day.date()
    with _outside(config) as (system, acquirers):
        result = Reconciler(system, acquirers).run(wanted)
    lines = [f"{line.order}  {line.result:12} {line.action}" for line in result.lines]
    show({"balanced": result.balanced, **_whole(result)}, as_json, [*lines, _verdict(result.balanced)])
    if not result.balanced:
        raise typer.Exit(3)


@app.command()
@told
def refund(
    what: Annotated[str, typer.Argument(metavar="ORDER|CASE", help="The order, or the case about it.")],
    officer: Officer,
    second: Second,
    reason: Reason,
    yuan: Annotated[
        int | None, typer.Option("--yuan", parser=typed_fen, help="A part of it; else all that is owed.")
    ] = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Have the acquirer give a charge back that never entered the treasury; by two officers.

    Ends with 3 while the acquirer's answer is not known: it is asked again by itself.
    """
    from bureau.engine.repaying.ordering import Hands
    from bureau.engine.repaying.sending import Repayer

    hands = Hands(officer_name(officer), officer_name(second), reason)
    with _outside(config) as (system, acquirers):
        done = Repayer(system, acquirers).order(what, hands, yuan)
    with core(config) as work:
        _looked(work, done, hands.officer, "payments.refund")
    show(done, as_json, [_line(done)])
    if done.state in ("ordered", "refused"):
        raise typer.Exit(3)


@app.command()
@told
def refunds(
    every: Annotated[bool, typer.Option("--all", help="Confirmed and refused ones too.")] = False,
    limit: Limit = 1000,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Charges on their way back, the oldest first."""
    from bureau.ports.repayments import UNDER_WAY

    with core(config) as work:
        wanted = (*UNDER_WAY, "refused", "confirmed") if every else UNDER_WAY
        found = work.repayments.listed(wanted, limit)
    show(found, as_json, [_line(one) for one in found] or ["no charge is on its way back"])


@app.command()
@told
def refused(
    number: Annotated[str, typer.Argument(metavar="REFUND", help="Its number, from `payments refunds`.")],
    officer: Officer,
    second: Second,
    reason: Reason,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Enter what the acquirer's desk says: it did not give this back and never will. By two officers."""
    from bureau.engine.repaying.ordering import Hands, refused_by_desk

    hands = Hands(officer_name(officer), officer_name(second), reason)
    with core(config) as work:
        done = refused_by_desk(work, number, hands)
        _looked(work, done, hands.officer, "payments.refused")
    show(done, as_json, [_line(done)])


@contextmanager
def _outside(config: ConfigFile) -> Iterator[tuple[ReferenceSystem, Acquirers]]:
    """The core and the acquirers, in as many transactions as it takes."""
    from bureau.engine.reference.work import ReferenceSystem
    from bureau.opening import business_clock, open_acquirers

    with opened(config) as (settings, database):
        clock = business_clock(settings)
        yield ReferenceSystem(database, clock), open_acquirers(settings, clock)


def _looked(work: Core, done: Repayment, officer: str, command: str) -> None:
    """An order of an enterprise is no data of a person."""
    from bureau.engine import looks

    order = work.payments.order(done.order)
    owner = work.registration.owner(order.taxpayer) if order is not None else None
    if owner is not None:
        looks.by_officer(work, owner.key, "payment", officer, command)


def _line(one: Repayment) -> str:
    amount = format_yuan(Fen(one.amount_fen))
    word = f"  {one.word}" if one.word else ""
    return f"{one.repayment}  {one.state:10} {amount:>12}  order {one.order}  case {one.case}{word}"


def _whole(result: object) -> dict[str, object]:
    found = plain(result)
    assert isinstance(found, dict)
    return found


def _verdict(balanced: bool) -> str:
    return "balanced" if balanced else "not balanced: see `bureau cases list`"
