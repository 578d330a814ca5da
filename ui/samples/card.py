"""The pay page at the card terminal, with the words of the texts themselves."""

from __future__ import annotations

from dataclasses import replace

from config.texts import Texts
from kiosk.flow.pages import Choice, PayPage
from ui.samples.frame import Look

ASKING = ("insert", "again", "other", "several", "confirm", "pin")
DECLINED = {"insufficientFunds": "declined", "unresolvedPayment": "ended", "pinTriesExceeded": "declined"}


def by_card(look: Look, pay: PayPage) -> dict[str, PayPage]:
    """The states by name; the longest reasons among those of what was not charged."""
    words = Texts(look.lang)
    other = Choice("qr", words.get("pay.instead.qr"), icon="qr")
    card = replace(pay, way="card", lead=words.get("pay.lead.card"), qr="", second=other)
    still = replace(card, second=None, quiet=())
    pages = {state: replace(card, state=state, message=words.get(f"pay.state.{state}")) for state in ASKING}
    pages["processing"] = replace(still, state="processing", message=words.get("pay.state.processing"))
    pages["remove"] = replace(
        still, state="remove", message=words.get("pay.state.remove"), action=words.get("pay.remove.go-on")
    )
    pages["remove-unpaid"] = replace(
        still, state="remove", message=words.get("pay.remove.unpaid"), action=words.get("pay.remove.taken")
    )
    for why, state in DECLINED.items():
        said, again = words.get(f"pay.why.{why}"), words.get("pay.again.card")
        pages[f"{state}-{why}"] = replace(card, state=state, message=said, action=again)
    return pages
