"""``bureau deliver …``: paper invoices that a courier brings, from the shelf to the signature.

Numbers move in the stock ledger with each step (docs/paper-invoices.md). Who receives a parcel is shown by ``show``
alone, which is on record.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bureau.commands.common import AsJson, ConfigFile, opened, plain, show, told
from bureau.commands.matters import Limit, Officer, Reader, core, officer_name, reader_name
from bureau.commands.stock import Code, First, Last, Operator, Witness

if TYPE_CHECKING:
    from bureau.engine.rules import Rules
    from bureau.ports.core import Core
    from bureau.ports.deliveries import Delivery
    from bureau.ports.materials import Vault

app = typer.Typer(help="Paper invoices by courier.", no_args_is_help=True, rich_markup_mode=None)
Number = Annotated[str, typer.Argument(help="The order's number.")]
Reason = Annotated[str, typer.Option("--reason", help="Why, in Chinese; the enterprise reads it.")]
Courier = Annotated[str, typer.Option("--courier", help="ems or sf.")]


@app.command("list")
@told
def list_orders(
    every: Annotated[bool, typer.Option("--all", help="Ended ones too.")] = False,
    limit: Limit = 50,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Orders that wait for somebody, the oldest on top; one that is on its way for too long is marked LATE."""
    from bureau.engine.delivering.following import DAYS_ON_THE_WAY
    from bureau.ports.deliveries import OPEN, State

    ended: tuple[State, ...] = ("delivered", "returned", "lost", "cancelled")
    with core(config) as work:
        late = work.now - timedelta(days=DAYS_ON_THE_WAY)
        listed = work.deliveries.listed((*OPEN, *ended) if every else OPEN, limit)
        found = [{**_told(one), "late": one.state == "sent" and one.since < late} for one in listed]
    lines = [
        f"{o['order']}  {o['state']:9} {o['ordered_on']}  {o['taxpayer']}  {o['kind']} x {o['count']}"
        f"  {o['numbers']}  {o['consignment']}{'  LATE' if o['late'] else ''}".rstrip()
        for o in found
    ]
    show(found, as_json, lines or ["no order waits"])


@app.command("show")
@told
def show_order(
    number: Number, officer: Reader = None, config: ConfigFile = None, as_json: AsJson = False
) -> None:
    """One order with who receives it, for the label; whoever ordered it sees later who looked."""
    from bureau.engine import looks
    from bureau.engine.reference.work import ReferenceSystem
    from bureau.errors import DeliveryRefused
    from bureau.fleet.vault import SealingVault
    from bureau.opening import business_clock, open_keys

    with opened(config) as (settings, database):
        vault = SealingVault(open_keys(settings).sealing)
        with ReferenceSystem(database, business_clock(settings)).write() as work:
            order = work.core.deliveries.order(number)
            case = work.core.matters.case(number)
            if order is None or case is None:
                raise DeliveryRefused(f"there is no order {number}: see `bureau deliver list --all`")
            looks.by_officer(work.core, case.person, "case", reader_name(officer), "deliver.show")
            found = {**_told(order), **_recipient(work.core, order, vault)}
    show(found, as_json, [f"{name}: {plain(value)}" for name, value in found.items()])


@app.command()
@told
def pack(
    number: Number,
    code: Code,
    first: First,
    last: Last,
    operator: Operator,
    witness: Witness,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Put these numbers of the shelf into the parcel; refused when the enterprise may not have them any more."""
    from bureau.engine.delivering import following
    from bureau.engine.reference.stockroom import read_code
    from bureau.ports.deliveries import Parcel
    from kiosk.domain.invoices import InvoiceRange

    parcel = Parcel(read_code(code).code, InvoiceRange(first, last))
    with core(config) as work:
        done = following.pack(work, number, parcel, operator, witness, _rules())
    _say(done, as_json)


@app.command()
@told
def unpack(
    number: Number, operator: Operator, witness: Witness, config: ConfigFile = None, as_json: AsJson = False
) -> None:
    """Take them out again, back to the shelf: the order waits as before."""
    from bureau.engine.delivering import following

    with core(config) as work:
        done = following.unpack(work, number, operator, witness)
    _say(done, as_json)


@app.command("hand-over")
@told
def hand_over(
    number: Number,
    consignment: Annotated[str, typer.Argument(help="The number on the courier's label.")],
    courier: Courier = "ems",
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """The courier has the parcel; whoever ordered it is told the number."""
    from bureau.engine.delivering import following

    with core(config) as work:
        done = following.hand_over(work, number, courier, consignment)
    _say(done, as_json)


@app.command()
@told
def delivered(
    number: Number,
    signed_by: Annotated[str, typer.Option("--signed-by", help="Who signed, as on the courier's proof.")],
    officer: Officer,
    on: Annotated[datetime, typer.Option("--on", formats=["%Y-%m-%d"], help="The day of the signature.")],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Somebody has signed: the numbers are the enterprise's."""
    from bureau.engine.delivering import following

    with core(config) as work:
        done = following.delivered(work, number, on.date(), signed_by, officer_name(officer))
    _say(done, as_json)


@app.command()
@told
def returned(
    number: Number,
    operator: Operator,
    witness: Witness,
    reason: Reason,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """The parcel is back and whole: its numbers wait in quarantine for `bureau stock release`."""
    from bureau.engine.delivering import following

    with core(config) as work:
        done = following.returned(work, number, operator, witness, reason)
    _say(done, as_json)


@app.command()
@told
def lost(
    number: Number,
    operator: Operator,
    witness: Witness,
    reason: Reason,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """The courier has lost it: its numbers are lost, and a case `parcel-lost` is opened."""
    from bureau.engine.delivering import following

    with core(config) as work:
        done = following.lost(work, number, operator, witness, reason)
    _say(done, as_json)


@app.command()
@told
def cancel(number: Number, reason: Reason, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Cancel what is not packed; whoever ordered it is told why."""
    from bureau.engine.delivering import following

    with core(config) as work:
        done = following.cancel(work, number, reason)
    _say(done, as_json)


@app.command("import")
@told
def take(
    file: Annotated[Path, typer.Argument(help="CSV: consignment,status,day,signed_by.", exists=True)],
    officer: Officer,
    courier: Courier = "ems",
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Take what the courier reports; what came back or got lost is told, for two people to say."""
    from bureau.engine.delivering import courier as reports
    from bureau.errors import DeliveryRefused

    try:
        text = file.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise DeliveryRefused(f"{file} is not UTF-8") from error
    with core(config) as work:
        found = list(reports.take(work, courier, text, officer_name(officer)))
    lines = [f"line {one.line}: {one.consignment}  {one.outcome}  {one.told}".rstrip() for one in found]
    show(found, as_json, lines or ["the file has no lines"])
    if any(one.outcome == "wrong" for one in found):
        raise typer.Exit(1)


def _rules() -> Rules:
    from bureau.engine.rules import Rules
    from kiosk.domain.tax.parameters import built_in

    return Rules(built_in())


def _recipient(work: Core, order: Delivery, vault: Vault) -> dict[str, Any]:
    """Name, phone and address; without any of its own the registered ones, and none once the order has ended."""
    from bureau.ports.deliveries import OPEN

    if order.recipient is not None:
        found: dict[str, Any] = json.loads(vault.open(order.order, order.recipient))
        return found
    taxpayer = work.registration.taxpayer(order.taxpayer)
    if order.state not in OPEN or taxpayer is None:
        return {}
    facts = work.registration.facts(order.taxpayer, order.ordered_on)
    return {"name": taxpayer.name, "phone": facts.get("phone"), "address": facts.get("address")}


def _say(order: Delivery, as_json: bool) -> None:
    found = _told(order)
    what = f"{found['kind']} x {found['count']} {found['numbers']} {found['consignment']}".rstrip()
    show(found, as_json, [f"order {order.order} is {order.state}: {what}"])


def _told(order: Delivery) -> dict[str, Any]:
    parcel = order.parcel
    numbers = f"{parcel.code} {parcel.numbers.first}-{parcel.numbers.last}" if parcel is not None else ""
    return {
        "order": order.order,
        "taxpayer": order.taxpayer,
        "kind": order.kind,
        "count": order.count,
        "state": order.state,
        "ordered_on": order.ordered_on,
        "numbers": numbers,
        "consignment": f"{order.courier} {order.consignment}".strip(),
        "ended_on": order.ended_on,
        "signed_by": order.signed_by,
        "reason": order.reason,
    }
