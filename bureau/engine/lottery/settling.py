"""Prizes on their way: paid, or sent back by the bank and to be claimed again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from bureau.engine import messages
from bureau.engine.lottery.rules import rules
from bureau.engine.subjects import today
from bureau.errors import PrizeRefused
from bureau.ports.core import Core
from bureau.ports.lottery import Ticket

MOST_REASON = 200


def paid(core: Core, number: str, day: date) -> Ticket:
    """The treasury has paid it; the owner is told. Raises ``PrizeRefused``."""
    return _settled(core, replace(_ordered(core, number, day), state="paid", settled_on=day, reason=""))


def returned(core: Core, number: str, day: date, reason: str) -> Ticket:
    """The bank sent it back: the owner is told why, and has the whole time to claim it again.

    Raises ``PrizeRefused``.
    """
    reason = reason.strip()
    if not reason or len(reason) > MOST_REASON or not reason.isprintable():
        raise PrizeRefused(
            "words", f"say why in 1 to {MOST_REASON} characters: the owner is told", most=MOST_REASON
        )
    ticket, table = _ordered(core, number, day), rules().at(today(core))
    assert table is not None, "there are tickets, so there are rules"
    until = max(ticket.claim_until, today(core) + timedelta(days=table.claim_within_days))
    return _settled(core, replace(ticket, state="returned", settled_on=day, reason=reason, claim_until=until))


def there(core: Core, number: str, *, lock: bool = False) -> Ticket:
    """The ticket of a prize; raises ``PrizeRefused`` also for one without."""
    ticket = core.lottery.ticket(number, lock=lock)
    if ticket is None or ticket.state == "blank":
        raise PrizeRefused("unknown", f"no ticket {number} has a prize: see `bureau lottery list`")
    return ticket


def _ordered(core: Core, number: str, day: date) -> Ticket:
    if day > today(core):
        raise PrizeRefused("ahead", f"{day} is still to come: give the day of the bank's note")
    ticket = there(core, number, lock=True)
    if ticket.state != "ordered":
        raise PrizeRefused(
            "state", f"ticket {number} is {ticket.state}, not ordered: see `bureau lottery list --all`"
        )
    if day < ticket.day:
        raise PrizeRefused("before", f"{number} was drawn on {ticket.day}; give the day of the bank's note")
    return ticket


def _settled(core: Core, ticket: Ticket) -> Ticket:
    core.lottery.change(ticket)
    person = core.registration.person(ticket.person) if ticket.person is not None else None
    if person is not None:
        core.notices.tell(person, messages.prize_told(ticket))
    return ticket
