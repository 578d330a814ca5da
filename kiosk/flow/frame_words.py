"""Words shared by the frame and the end page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from kiosk.flow.pages import Choice
from kiosk.flow.state import Answers
from kiosk.steps.base import Ctx

CARD_ENTRIES: Final = ("chip", "contactless", "magstripe")
"""How a card was read (``PaymentTerminal``'s ``entry``); a code shown to the terminal is no card."""


def things_to_take(take: Sequence[str], data: Answers) -> list[str]:
    """What a service says, without the bank card of somebody who paid with none."""
    by_card = any(left.get("entry") in CARD_ENTRIES for left in data.values())
    return [thing for thing in take if thing != "bank-card" or by_card]


def take_choices(ctx: Ctx[Any], take: list[str]) -> tuple[Choice, ...]:
    """Belongings as icons with their word."""
    icons = {
        "id": "id",
        "paper": "paper",
        "phone": "phone",
        "invoices": "collect",
        "certificate": "cert",
        "bank-card": "bankcard",
    }
    return tuple(Choice(item, ctx.t(f"take.{item}"), icon=icons[item]) for item in take)
