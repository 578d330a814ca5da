"""Whether the prize of a ticket can be claimed."""

from __future__ import annotations

from bureau.engine.einvoices.checking import Finding, finding_of
from bureau.engine.lottery import tickets
from bureau.engine.lottery.rules import rules
from bureau.engine.names import day_in_words
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
        raise refuse("ticketOver", until=day_in_words(ticket.claim_until))
    if not _still_sold(core, ticket):
        raise refuse("ticketTakenBack")
    return ticket


def _still_sold(core: Core, ticket: Ticket) -> bool:
    """Whether as much of the invoice stands as one has to have to be drawn for: the prize is for a purchase."""
    code, _, number = ticket.invoice.rpartition("-")
    invoice, table = core.einvoices.find(code, number), rules().at(ticket.day)
    if invoice is None or table is None:
        return False
    whole = finding_of(invoice) is Finding.VALID
    return whole or invoice.left_fen >= table.least_fen
