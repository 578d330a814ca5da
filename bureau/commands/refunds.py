"""``bureau refund …``: refunds that were allowed, on their way to the taxpayers' accounts."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bureau.commands.common import AsJson, ConfigFile, show, told
from bureau.commands.matters import Limit, Officer, core, officer_name
from kiosk.domain.ids import Fen
from kiosk.domain.masking import mask_card
from kiosk.domain.money import format_yuan

if TYPE_CHECKING:
    from bureau.ports.core import Core
    from bureau.ports.refunds import Refund

app = typer.Typer(help="Refunds of taxes.", no_args_is_help=True, rich_markup_mode=None)
Number = Annotated[str, typer.Argument(help="The refund's number.")]
On = Annotated[
    datetime, typer.Option("--on", formats=["%Y-%m-%d"], help="The day in the treasury's or the bank's note.")
]


@app.command("list")
@told
def list_refunds(
    every: Annotated[bool, typer.Option("--all", help="Paid ones too.")] = False,
    limit: Limit = 50,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Refunds that wait for somebody, the oldest on top."""
    from bureau.ports.refunds import State

    waiting: tuple[State, ...] = ("approved", "ordered", "returned")
    with core(config) as work:
        found = [_told(one) for one in work.refunds.listed((*waiting, "paid") if every else waiting, limit)]
    lines = [
        f"{r['refund']}  {r['state']:9} {r['taxpayer']}  {format_yuan(Fen(r['total_fen']))}  case {r['case']}"
        for r in found
    ]
    show(found, as_json, lines or ["no refund waits"])


@app.command()
@told
def order(number: Number, officer: Officer, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Have an allowed refund paid, less what is overdue; by another officer than who allowed it."""
    from bureau.engine.refunds import ordering
    from bureau.engine.rules import Rules
    from kiosk.domain.tax.parameters import built_in

    name = officer_name(officer)
    with core(config) as work:
        done = ordering.order(work, number, name, Rules(built_in()))
        _looked(work, done, name, "refund.order")
    _say(done, as_json)


@app.command()
@told
def paid(number: Number, on: On, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """The treasury has paid it; the taxpayer is told."""
    from bureau.engine.refunds import ordering

    with core(config) as work:
        done = ordering.paid(work, number, _day(on))
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
    """The bank has sent it back; the taxpayer is told why."""
    from bureau.engine.refunds import ordering

    with core(config) as work:
        done = ordering.returned(work, number, _day(on), reason)
    _say(done, as_json)


@app.command()
@told
def again(
    number: Number,
    officer: Officer,
    bank: Annotated[str, typer.Option("--bank", help="icbc, abc, boc, ccb, bocom, psbc or rcc.")],
    account: Annotated[str, typer.Option("--account", help="The account's number.")],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Order once more what came back, to the account that its owner has named at a counter."""
    from bureau.engine.refunds import ordering
    from bureau.ports.refunds import Account

    name = officer_name(officer)
    with core(config) as work:
        done = ordering.again(work, number, name, Account(bank, account))
        _looked(work, done, name, "refund.again")
    _say(done, as_json)


def _looked(work: Core, refund: Refund, officer: str, command: str) -> None:
    """A refund of an enterprise is no data of a person."""
    from bureau.engine import looks

    owner = work.registration.owner(refund.taxpayer)
    if owner is not None:
        looks.by_officer(work, owner.key, "payment", officer, command)


def _say(refund: Refund, as_json: bool) -> None:
    shares = (
        f"{format_yuan(Fen(refund.total_fen))} yuan, {format_yuan(Fen(refund.set_off_fen))} of it set off,"
        f" {format_yuan(Fen(refund.to_account_fen))} to the account"
    )
    show(_told(refund), as_json, [f"refund {refund.refund} is {refund.state}: {shares}"])


def _day(on: datetime) -> date:
    return on.date()


def _told(refund: Refund) -> dict[str, Any]:
    return {
        "refund": refund.refund,
        "case": refund.case,
        "taxpayer": refund.taxpayer,
        "declaration": refund.declaration,
        "state": refund.state,
        "tax_fen": refund.tax_fen,
        "late_fee_fen": refund.late_fee_fen,
        "interest_fen": refund.interest_fen,
        "total_fen": refund.total_fen,
        "set_off_fen": refund.set_off_fen,
        "to_account_fen": refund.to_account_fen,
        "bank": refund.account.bank,
        "account": mask_card(refund.account.number),
        "approved_by": refund.approved_by,
        "ordered_by": refund.ordered_by,
        "settled_on": refund.settled_on,
        "reason": refund.reason,
    }
