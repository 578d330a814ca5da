"""A demand (责令限期改正, 责令限期缴纳) as the document that has to be served (税收征收管理法 arts. 40, 62)."""

from __future__ import annotations

from bureau.engine.messages import Values
from bureau.engine.names import day_name
from bureau.engine.reminding.matters import Open
from bureau.ports.core import Core
from bureau.ports.documents import Document, NewDocument
from bureau.ports.registration import Taxpayer
from bureau.texts import say
from kiosk.domain.ids import Fen
from kiosk.domain.money import format_yuan

ISSUER = "催报催缴"
"""By whom a document was issued that the daily round made."""


def demand(core: Core, taxpayer: Taxpayer, one: Open, days: int) -> str:
    """Issue it with its term, which runs from service; its number."""
    words: Values = {
        "tax": one.taxes,
        "period": one.period,
        "limit": day_name(one.limit),
        "amount": format_yuan(Fen(one.amount_fen)),
        "days": str(days),
    }
    body = tuple(
        say(f"document.demand.{one.what}.{part}", **words) for part in ("facts", "order", "else", "remedy")
    )
    new = NewDocument(taxpayer.taxpayer, say(f"document.demand.{one.what}"), body, ISSUER, days, one.matter)
    return core.documents.issue(new).document


def demanded(core: Core, taxpayer: Taxpayer, one: Open) -> Document | None:
    """The demand of the matter, the one that waits before those that were served; None: it was never made."""
    return next((made for made in core.documents.of(taxpayer.taxpayer) if made.matter == one.matter), None)
