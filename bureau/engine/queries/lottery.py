"""``lottery.ticket``: the prize that a ticket's holder may claim."""

from __future__ import annotations

from collections.abc import Mapping

from bureau.engine.lottery.claiming import claimable
from bureau.engine.queries.registry import Query, of_actor
from bureau.engine.subjects import Actor
from bureau.ports.core import Core
from bureau.ports.system import System
from sync.models import TicketCode, TicketPrize


def questions(system: System) -> Mapping[str, Query]:
    """The queries of the invoice lottery."""
    return {"lottery.ticket": of_actor(system, TicketCode, TicketPrize, _prize)}


def _prize(core: Core, _: Actor, asked: TicketCode) -> TicketPrize:
    ticket = claimable(core, asked.ticket, asked.code)
    return TicketPrize(prize_fen=ticket.prize_fen, claim_until=ticket.claim_until)
