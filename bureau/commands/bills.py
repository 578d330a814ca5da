"""``bureau bill …``: payment vouchers (缴款凭证) over what is owed, issued and withdrawn by officers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bureau.commands.common import AsJson, ConfigFile, show, told
from bureau.commands.matters import Limit, Officer, core, officer_name
from kiosk.domain.ids import Fen
from kiosk.domain.money import format_yuan

if TYPE_CHECKING:
    from bureau.ports.bills import Bill
    from bureau.ports.core import Core

Number = Annotated[str, typer.Argument(help="The voucher's number.")]
app = typer.Typer(help="Payment vouchers.", no_args_is_help=True, rich_markup_mode=None)


@app.command()
@told
def issue(
    taxpayer: Annotated[str, typer.Argument(help="Who owes: the taxpayer's number.")],
    officer: Officer,
    due: Annotated[
        list[str] | None,
        typer.Option("--due", help="One due; again for more. Without it, all that are open."),
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=15, help="For so many days it can be paid.")] = 15,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Issue a voucher over open dues of a taxpayer; whoever holds it may pay it at a terminal."""
    from bureau.engine import bills
    from bureau.engine.rules import Rules
    from kiosk.domain.tax.parameters import built_in

    with core(config) as work:
        bill = bills.issue(work, taxpayer, due or (), officer_name(officer), days, Rules(built_in()))
        found = _told(work, bill)
    amount = format_yuan(Fen(found["tax_fen"]))
    line = f"voucher {bill.bill}: {len(bill.dues)} dues, {amount} yuan of tax, until {bill.valid_until}"
    show(found, as_json, [line])


@app.command("list")
@told
def list_bills(limit: Limit = 50, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Vouchers, the latest issued first, each with how it stands today."""
    with core(config) as work:
        found = [_told(work, bill) for bill in work.bills.listed(limit)]
    lines = [
        f"{b['bill']}  {b['state']:9} until {b['valid_until']}  {b['taxpayer']}  {format_yuan(Fen(b['tax_fen']))}"
        for b in found
    ]
    show(found, as_json, lines or ["no voucher"])


@app.command()
@told
def sheet(
    bill: Number,
    out: Annotated[Path, typer.Option("--out", help="The PDF to be written.", dir_okay=False)],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Write a voucher as one A4 sheet with its code, to be handed out."""
    from bureau.certificates import bill_sheet
    from bureau.errors import BillRefused
    from bureau.fleet.terminals import BUREAU_NAME

    with core(config) as work:
        found = work.bills.bill(bill)
        owner = work.registration.taxpayer(found.taxpayer) if found is not None else None
    if found is None or owner is None:
        raise BillRefused(f"no voucher {bill}: see `bureau bill list`")
    out.write_bytes(bill_sheet.draw(found, owner.name, BUREAU_NAME["zh-CN"]))
    show({"bill": bill, "file": str(out)}, as_json, [str(out)])


@app.command()
@told
def withdraw(
    bill: Number,
    officer: Officer,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Let nobody pay by a voucher any more; a payment that is under way goes on."""
    from bureau.engine import bills

    with core(config) as work:
        found = _told(work, bills.withdraw(work, bill, officer_name(officer)))
    show(found, as_json, [f"voucher {bill} is withdrawn"])


def _told(work: Core, bill: Bill) -> dict[str, Any]:
    from bureau.engine.bills import state_of

    return {
        "bill": bill.bill,
        "state": state_of(work, bill),
        "taxpayer": bill.taxpayer,
        "dues": [due.due for due in bill.dues],
        "tax_fen": sum(due.amount_fen for due in bill.dues),
        "issued_at": bill.issued_at,
        "issued_by": bill.issued_by,
        "valid_until": bill.valid_until,
        "withdrawn_on": bill.withdrawn_on,
        "paid_on": bill.paid_on,
    }
