"""Officers approve orders of paper invoices to be picked up, and cancel them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bureau.engine import messages
from bureau.engine.entitlement import COLLECTORS, within
from bureau.engine.names import kind_name
from bureau.engine.refusals import Refused
from bureau.engine.subjects import today
from bureau.errors import OrderRefused
from bureau.ports.core import Core
from bureau.ports.orders import NewOrder, PickUp

ENOUGH = 10**6
"""Which terminal it will be, and so what lies in it, is not known yet."""


def approve_order(core: Core, taxpayer: str, kind: str, count: int, by: str, keep: timedelta) -> PickUp:
    """An order within what the enterprise may collect now, which its collectors are told; raises ``OrderRefused``."""
    known = core.registration.taxpayer(taxpayer, lock=True)
    if known is None or known.state != "normal":
        raise OrderRefused(f"{taxpayer} is no enterprise in normal state: look it up in the register")
    try:
        within(core, known, kind, count, ENOUGH)
    except Refused as no:
        raise OrderRefused(
            f"{no.refusal.text['en-US']} ({no.refusal.code}): approve what it may have"
        ) from no
    order = core.orders.make(NewOrder(taxpayer, kind, count, today(core) + keep, by))
    for person in core.registration.staff(taxpayer, COLLECTORS, today(core)):
        core.notices.tell(person, messages.order_ready(order, known.name, kind_name(kind)))
    return order


def cancel_order(core: Core, number: str) -> PickUp:
    """Nothing more of it is picked up; raises ``OrderRefused`` for one that is not there or has nothing left."""
    order = core.orders.order(number, lock=True)
    if order is None or order.state != "open" or order.left < 1:
        raise OrderRefused(f"order {number} is not there, cancelled or picked up: see `bureau order list`")
    core.orders.cancel(order)
    return replace(order, state="cancelled")
