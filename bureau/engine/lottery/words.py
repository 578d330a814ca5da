"""A draw in finished words, for the screen and the slip."""

from __future__ import annotations

from bureau.engine.names import day_in_words
from bureau.ports.einvoices import IssuedInvoice
from bureau.ports.lottery import Round, Ticket
from bureau.texts import LANGUAGES, joined, say
from kiosk.domain.ids import Fen
from kiosk.domain.money import format_yuan
from sync.models import PreviewFact, SheetShown, Texts


def drawn_sheet(ticket: Ticket, round_: Round, invoice: IssuedInvoice) -> SheetShown:
    """What was drawn, by what, and how anybody checks it."""
    won = ticket.prize_fen > 0
    name = "won" if won else "blank"
    statements = [say("lottery.odds", odds=odds_in_words(round_))] if not won else []
    if won:
        statements.append(say("lottery.claim", until=day_in_words(ticket.claim_until)))
    statements.append(say("lottery.check"))
    return SheetShown(
        title=say(f"lottery.{name}.title", amount=format_yuan(Fen(ticket.prize_fen))),
        facts=[
            _fact("invoice", invoice.number),
            _fact("seller", invoice.seller_name),
            _fact("ticket", ticket.ticket),
            _fact("drawn", f"{ticket.drawn:06}"),
            _fact("commitment", ticket_commitment(round_)),
        ],
        columns=[],
        rows=[],
        total=[_fact("prize", format_yuan(Fen(ticket.prize_fen)))] if won else [],
        statements=statements,
    )


def ticket_commitment(round_: Round) -> str:
    """The head of the commitment: enough to compare by eye, the whole is on the public page."""
    return round_.commitment[:16].upper()


def odds_in_words(round_: Round) -> Texts:
    """Each prize and how many of a million draws have it."""
    return joined(
        [say("lottery.odd", amount=format_yuan(Fen(fen)), share=str(share)) for fen, share in round_.odds]
    )


def _fact(name: str, value: str) -> PreviewFact:
    return PreviewFact(label=say(f"lottery.fact.{name}"), value=dict.fromkeys(LANGUAGES, value))
