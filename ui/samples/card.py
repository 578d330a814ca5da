"""The pay page at the card terminal and by agreement, with the words of the texts themselves."""

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


def by_debit(look: Look, pay: PayPage) -> dict[str, PayPage]:
    """The states by name: offered beside the card, to be agreed to, under way, and the longest reasons of a bank."""
    words = Texts(look.lang)
    account = words.get(
        "pay.debit.account", bank=look.t("交通银行", "Bank of Communications"), account="0001"
    )
    other = Choice("qr", words.get("pay.instead.qr"), icon="qr")
    card = Choice("card", words.get("pay.instead.card"), icon="pos")
    later = Choice("later", words.get("pay.later"))
    offer = Choice("debit", words.get("pay.instead.account", account=account), icon="bank")
    debit = replace(
        pay,
        way="debit",
        lead=words.get("pay.lead.debit"),
        qr="",
        code_note="",
        second=other,
        quiet=(card, later),
    )
    agree = replace(
        debit,
        state="agree",
        message=words.get("pay.state.agree", account=account),
        action=words.get("pay.agree.go-on"),
    )
    pages = {
        "offered": replace(pay, second=offer, quiet=(card, *pay.quiet)),
        "expired": replace(
            pay,
            state="expired",
            qr="",
            code_note="",
            message=words.get("pay.state.expired"),
            action=words.get("pay.again.qr"),
            second=replace(offer, title=words.get("pay.instead.debit")),
            quiet=(card, *pay.quiet),
        ),
        "agree": agree,
        "debiting": replace(
            debit, state="debiting", message=words.get("pay.state.debiting"), second=None, quiet=()
        ),
        "closed": replace(
            debit, state="closed", message=words.get("pay.debit.closed"), action=words.get("pay.again.debit")
        ),
    }
    for why in ("insufficientFunds", "accountUnknown"):
        said, again = words.get(f"pay.debit.why.{why}"), words.get("pay.again.debit")
        pages[f"declined-{why}"] = replace(debit, state="declined", message=said, action=again)
    return pages
