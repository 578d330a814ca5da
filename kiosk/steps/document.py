"""A document on the reader: what its steps tell meanwhile, what is no identification, and the claim that it makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from config.clock import CHINA
from kiosk.domain.formatting import as_date
from kiosk.domain.people import DocumentKind
from kiosk.flow.effects import Effect, ReadDocument
from kiosk.flow.events import Outcome
from kiosk.flow.pages import IdentifyPage
from kiosk.steps.base import Ctx, Titles

LAYOUTS = {
    "resident": DocumentKind.RESIDENT_ID,
    "hk-macau-taiwan": DocumentKind.HMT_RESIDENCE,
    "foreign-2017": DocumentKind.FOREIGN_PERMANENT,
    "foreign-2023": DocumentKind.FOREIGN_PERMANENT,
}
LAY_AGAIN = ("noMedia", "mediaMustBeRepresented", "invalidMedia", "invalidData", "cardCollision")
"""Faults after which the reader simply waits for the card once more."""
PROGRESS = {
    "reading": ("reading", "identify.reading"),
    "away": ("away", "identify.fault.deviceNotReady"),
    "back": ("again", "identify.fault.mediaMustBeRepresented"),
}
"""What the reader tells meanwhile: the page's state and its words."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The page's state and words, and the card once it was read whole (state ``done``)."""

    state: str = "waiting"
    message: str = ""
    card: Mapping[str, Any] = field(default_factory=dict)


def told(ctx: Ctx[Any], now: Reading, outcome: Outcome) -> tuple[Reading, tuple[Effect, ...]]:
    """What the reader's word makes of it, and what is asked of the reader next."""
    if outcome.partial:
        state, words = PROGRESS[str(outcome.data.get("state", "reading"))]
        if state == now.state == "again":
            return now, ()  # it stands there already, with what was wrong
        return Reading(state, ctx.t(words)), ()
    if outcome.fault:
        words = ctx.told("identify.fault", outcome.fault, "device")
        if outcome.fault in LAY_AGAIN:
            return Reading("again", words), (ReadDocument(),)
        return Reading("failed", words), ()
    if problem := _problem(ctx, outcome.data):
        return Reading("failed", ctx.t(f"identify.fault.{problem}")), ()
    return Reading("done", card=outcome.data), ()


def reader_page(ctx: Ctx[Any], now: Reading, words: Titles) -> IdentifyPage:
    """Put the document there; ``words`` are the page's titles."""
    words["action"] = ctx.t("identify.once-more") if now.state == "failed" else ""
    return IdentifyPage(
        **words,
        state=now.state,
        message=now.message,
        where=ctx.t("identify.where"),
        tips=(ctx.t("identify.tip.flat"), ctx.t("identify.tip.case")),
    )


def claim_of(card: Mapping[str, Any]) -> dict[str, object]:
    """Whose it is, as the wire's PersonClaim without its evidence."""
    return {
        "kind": LAYOUTS[card["layout"]].value,
        "number": card["number"],
        "name": card["name"] or card["latinName"],
    }


def _problem(ctx: Ctx[Any], card: Mapping[str, Any]) -> str | None:
    """Expired or not yet valid documents are no identification (domain note, section 2.1)."""
    today = ctx.around.now().astimezone(CHINA).date()
    if as_date(card["validFrom"]) > today + timedelta(days=1):
        return "notYetValid"
    if card.get("validTo") and as_date(card["validTo"]) < today:
        return "expired"
    return None
