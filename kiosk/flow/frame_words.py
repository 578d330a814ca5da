"""Words shared by the frame and the end page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from config.catalogue.models import Service
from kiosk.flow.pages import Choice
from kiosk.flow.state import Answers

if TYPE_CHECKING:
    from kiosk.steps.base import Ctx

CARD_ENTRIES: Final = ("chip", "contactless", "magstripe")
"""How a card was read (``PaymentTerminal``'s ``entry``); a code shown to the terminal is no card."""


_MADE_BY: Final = {
    "paper": ("slip", "consult", "navigate"),
    "certificate": ("print",),
    "document": ("print",),
    "invoices": ("dispense", "print"),
}
"""The kinds of step whose paper a thing is; an electronic invoice is printed."""


def things_to_take(service: Service, take: Sequence[str], data: Answers) -> list[str]:
    """What a service says, without what this person has not.

    A bank card not used, a document where a phone took its place, paper that never came out. The originals that lay
    under the camera are among them wherever a page was taken.
    """
    by_card = any(left.get("entry") in CARD_ENTRIES for left in data.values())
    card_read = any(step.kind == "identify" for step in service.steps)
    by_phone = not card_read and any(
        step.kind == "phone" and data.get(step.id, {}).get("mobile") for step in service.steps
    )
    collects = [step.id for step in service.steps if step.kind == "collect"]
    scanned = not collects or any(data.get(name, {}).get("shown") for name in collects)
    there = {
        "bank-card": by_card,
        "id": not by_phone,
        "ukey": ukey_inside(service, data),
        "phone": scanned,
    } | {
        thing: any(came_out(data.get(step.id)) for step in service.steps if step.kind in kinds)
        for thing, kinds in _MADE_BY.items()
    }
    left = [thing for thing in take if there.get(thing, True)]
    laid = any(data.get(step.id) for step in service.steps if step.kind == "pages")
    return [*left, "originals"] if laid else left


def to_unlock(data: Answers) -> bool:
    """Whether a tax UKey is due to be unlocked: by the answer to its report, else by what it is due for."""
    return (data.get("report") or data.get("status") or {}).get("next") == "unlock"


def to_object(data: Answers) -> bool:
    """Whether an answer of the bureau may be asked for once more: it can be, and somebody is not content with it."""
    content = data.get("opinion", {}).get("choice") not in ("dissatisfied", "angry")
    return not content and bool(data.get("case", {}).get("may_object"))


def ukey_read(service: Service, data: Answers) -> bool:
    """Whether a tax UKey was read in this service."""
    return any(step.kind == "ukey" and data.get(step.id) for step in service.steps)


def ukey_inside(service: Service, data: Answers) -> bool:
    """Whether a tax UKey was read and, for all that is known, is in the reader still."""
    steps = [data.get(step.id) for step in service.steps if step.kind == "ukey"]
    return any(steps) and not any(left and left.get("taken") for left in steps)


def came_out(left: Mapping[str, Any] | None) -> bool:
    """Whether paper of that step is there, or may be: only what certainly is not leaves the list."""
    if left is None or "delivered" in left:
        return bool(left and left["delivered"])
    return left.get("outcome") != "notPrinted" or bool(left.get("partly"))


def take_choices(ctx: Ctx[Any], take: list[str]) -> tuple[Choice, ...]:
    """Belongings as icons with their word."""
    icons = {
        "id": "id",
        "passport": "passport",
        "paper": "paper",
        "phone": "phone",
        "invoices": "collect",
        "certificate": "cert",
        "document": "cert",
        "originals": "cert",
        "bank-card": "bankcard",
        "ukey": "ukey",
    }
    return tuple(Choice(item, ctx.t(f"take.{item}"), icon=icons[item]) for item in take)
