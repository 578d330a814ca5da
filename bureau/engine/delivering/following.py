"""What the warehouse and the courier do with an order; everything else about it is refused with the state it is in."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import date

from bureau.engine import messages
from bureau.engine.entitlement import check_standing, check_supply
from bureau.engine.refusals import Refused
from bureau.engine.rules import Rules
from bureau.engine.stockkeeping import none_missing
from bureau.engine.subjects import today
from bureau.errors import DeliveryRefused
from bureau.ports.core import Core
from bureau.ports.deliveries import Delivery, Parcel, State
from bureau.texts import ids
from kiosk.domain.masking import mask_name

CONSIGNMENT = re.compile(r"[A-Z0-9]{8,20}")
"""Numbers of couriers: EMS has 13 (UPU S10), others up to 20 letters and figures."""
DAYS_ON_THE_WAY = 7
"""A parcel that nobody has signed for by then comes back (domain note, section 7.6)."""
MOST_REASON = 100


def pack(core: Core, number: str, parcel: Parcel, operator: str, witness: str, rules: Rules) -> Delivery:
    """Put the numbers into the parcel, if the enterprise may still have them.

    Raises ``DeliveryRefused``, and ``StockRefused`` when they do not lie on the shelf, or its last count did not find
    them.
    """
    order = _order(core, number, {"ordered"})
    if parcel.numbers.count != order.count:
        raise DeliveryRefused(f"{order.count} sheets are ordered, not {parcel.numbers.count}")
    taxpayer = core.registration.taxpayer(order.taxpayer)
    assert taxpayer is not None, "locked a moment ago"
    try:
        check_standing(core, taxpayer, rules)
        check_supply(core, taxpayer)
    except Refused as no:
        why = f"{no.refusal.text['en-US']} ({no.refusal.code})"
        raise DeliveryRefused(f"{why}: cancel the order, or pack it when that is settled") from no
    core.stock.lock()
    none_missing(core, parcel.code, parcel.numbers)
    core.deliveries.pack(order, parcel, operator, witness)
    return _changed(core, replace(order, state="packed", parcel=parcel))


def unpack(core: Core, number: str, operator: str, witness: str) -> Delivery:
    """Take the numbers out of a parcel that has not left: the order waits as before."""
    order = _order(core, number, {"packed"})
    core.deliveries.unpack(order, operator, witness)
    return _changed(core, replace(order, state="ordered", parcel=None))


def hand_over(core: Core, number: str, courier: str, consignment: str) -> Delivery:
    """The courier has the parcel, under this number; who ordered it is told."""
    order, consignment = _order(core, number, {"packed"}), consignment.strip().upper()
    if courier not in ids("courier"):
        raise DeliveryRefused(f"{courier!r} is no courier here: one of {', '.join(sorted(ids('courier')))}")
    if not CONSIGNMENT.fullmatch(consignment):
        raise DeliveryRefused(f"{consignment!r} is no consignment number: 8 to 20 letters and figures")
    if (other := core.deliveries.sent_as(courier, consignment)) is not None:
        raise DeliveryRefused(f"{courier} {consignment} is order {other.order}'s: read the label again")
    return _told(core, replace(order, state="sent", courier=courier, consignment=consignment))


def delivered(core: Core, number: str, on: date, signed_by: str, operator: str) -> Delivery:
    """Somebody has signed: from now on the numbers are the enterprise's."""
    order, signed_by = _order(core, number, {"sent"}), signed_by.strip()
    if not signed_by or not signed_by.isprintable():
        raise DeliveryRefused("say who signed, as the courier's proof has it")
    _check_day(core, order, on)
    core.deliveries.issue(order, operator)
    return _told(core, _ended(order, "delivered", on, signed_by=mask_name(signed_by)))


def returned(core: Core, number: str, operator: str, witness: str, reason: str) -> Delivery:
    """The parcel has come back and two people counted it: the numbers wait on the shelf, in quarantine."""
    order = _order(core, number, {"sent"})
    core.deliveries.take_back(order, operator, witness)
    return _told(core, _ended(order, "returned", today(core), reason=_reason(reason)))


def lost(core: Core, number: str, operator: str, witness: str, reason: str) -> Delivery:
    """The courier has lost the parcel: its numbers are lost, and staff get a case (``parcel-lost``)."""
    order = _order(core, number, {"sent"})
    core.deliveries.lose(order, operator, witness)
    parcel = order.parcel
    assert parcel is not None, "what was sent was packed"
    details: dict[str, object] = {
        "courier": f"{order.courier} {order.consignment}",
        "numbers": f"{parcel.code} {parcel.numbers.first}-{parcel.numbers.last}",
        "said_by": [operator, witness],
    }
    core.cases.open("parcel-lost", order.order, details)
    return _told(core, _ended(order, "lost", today(core), reason=_reason(reason)))


def cancel(core: Core, number: str, reason: str) -> Delivery:
    """An officer cancels what is not packed, with the reason that who ordered it is told."""
    order = _order(core, number, {"ordered"})
    return _told(core, _ended(order, "cancelled", today(core), reason=_reason(reason)))


def withdraw(core: Core, number: str, case: str) -> None:
    """The enterprise itself cancels it, by this case."""
    order = _order(core, number, {"ordered"})
    _changed(core, replace(_ended(order, "cancelled", today(core)), closed_by=case))


def _order(core: Core, number: str, states: Collection[State]) -> Delivery:
    """The order in one of these states, locked after its enterprise; raises ``DeliveryRefused``."""
    seen = core.deliveries.order(number)
    if seen is None:
        raise DeliveryRefused(f"there is no order {number}: see `bureau deliver list --all`")
    core.registration.taxpayer(seen.taxpayer, lock=True)
    order = core.deliveries.order(number, lock=True)
    assert order is not None, "orders are never deleted"
    if order.state not in states:
        raise DeliveryRefused(
            f"order {number} is {order.state}: this is done when it is {' or '.join(states)}"
        )
    return order


def _check_day(core: Core, order: Delivery, on: date) -> None:
    if not order.ordered_on <= on <= today(core):
        raise DeliveryRefused(f"{on}: give a day from {order.ordered_on} to today")


def _reason(reason: str) -> str:
    reason = reason.strip()
    if not reason or len(reason) > MOST_REASON or not reason.isprintable():
        raise DeliveryRefused(f"--reason: say why in 1 to {MOST_REASON} characters; the enterprise reads it")
    return reason


def _ended(order: Delivery, state: State, on: date, *, signed_by: str = "", reason: str = "") -> Delivery:
    """Whom it went to is forgotten with its end (个人信息保护法第四十七条: the purpose is achieved)."""
    return replace(order, state=state, ended_on=on, recipient=None, signed_by=signed_by, reason=reason)


def _changed(core: Core, order: Delivery) -> Delivery:
    core.deliveries.change(order)
    return order


def _told(core: Core, order: Delivery) -> Delivery:
    """Changed, and whoever ordered it is told."""
    case = core.matters.case(order.order)
    person = core.registration.person(case.person) if case is not None else None
    if person is not None:
        core.notices.tell(person, messages.delivery_told(order))
    return _changed(core, order)
