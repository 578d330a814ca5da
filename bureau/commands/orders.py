"""``bureau order``: paper invoices approved beforehand, picked up at a terminal by their code."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bureau.commands.common import AsJson, ConfigFile, show, told
from bureau.commands.matters import Limit, Officer, core, officer_name

if TYPE_CHECKING:
    from bureau.ports.orders import PickUp

app = typer.Typer(help="Orders of paper invoices.", no_args_is_help=True, rich_markup_mode=None)


@app.command()
@told
def approve(
    taxpayer: Annotated[str, typer.Argument(help="The enterprise's number.")],
    kind: Annotated[str, typer.Argument(help="01 special, 04 ordinary, 11 roll.")],
    count: Annotated[int, typer.Argument(min=1, max=500, help="How many sheets.")],
    officer: Officer,
    days: Annotated[int, typer.Option(min=1, max=30, help="For so many days it can be picked up.")] = 7,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Approve an order within what the enterprise may collect now; its people are told the code."""
    from bureau.engine.ordering import approve_order

    with core(config) as work:
        order = approve_order(work, taxpayer, kind, count, officer_name(officer), timedelta(days=days))
    line = f"order {order.order}: code {order.code}, {order.count} sheets of {order.kind} until {order.expires_on}"
    show(_told(order), as_json, [line])


@app.command("list")
@told
def list_orders(limit: Limit = 50, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Orders, the one that ends first on top; what is left of each. Codes are not shown."""
    with core(config) as work:
        found = [_told(order, code=False) for order in work.orders.listed(limit)]
    lines = [
        f"{o['order']}  {o['taxpayer']}  {o['kind']}  {o['left']} of {o['count']} left"
        f"  {o['state']} until {o['expires_on']}"
        for o in found
    ]
    show(found, as_json, lines or ["no order"])


@app.command()
@told
def cancel(
    order: Annotated[str, typer.Argument(help="The order's number.")],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Let nothing more of an order be picked up; what is being picked up now goes on."""
    from bureau.engine.ordering import cancel_order

    with core(config) as work:
        done = cancel_order(work, order)
    show(_told(done, code=False), as_json, [f"order {done.order} is cancelled"])


def _told(order: PickUp, *, code: bool = True) -> dict[str, Any]:
    shown = {"code": order.code} if code else {}
    return {
        "order": order.order,
        **shown,
        "taxpayer": order.taxpayer,
        "kind": order.kind,
        "count": order.count,
        "left": order.left,
        "expires_on": order.expires_on,
        "state": order.state,
    }
