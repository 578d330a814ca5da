"""Whether the prize of a ticket can be claimed."""

from __future__ import annotations

from bureau.engine.lottery import tickets
from bureau.engine.refusals import refuse
from bureau.engine.subjects import today
from bureau.ports.core import Core
from bureau.ports.lottery import Ticket


def claimable(core: Core, number: str, code: str, *, lock: bool = False) -> Ticket:
    """The ticket whose prize is still to be had by whoever knows its claim code; raises ``Refused``."""
    ticket = tickets.found(core, number, code, lock=lock)
    if ticket is None:
        raise refuse("ticketUnknown")
    if ticket.state == "blank":
        raise refuse("ticketBlank")
    if ticket.state not in ("won", "returned"):
        raise refuse("ticketClaimed")
    if today(core) > ticket.claim_until:
        raise refuse("ticketOver", until=ticket.claim_until.isoformat())
    return ticket
