"""What the hands at the simulated POS can be told."""

from __future__ import annotations

from typing import Literal

from pydantic import AliasChoices, Field

from drivers.simulators.base import Parameters

Step = Literal["begun", "card", "pin", "sent", "charged", "answered", "settled"]
"""Moments of an order: written down, card there, PIN typed, on its way to the bank, booked there, written down as
approved with the reply not sent; and of a settlement."""


class Present(Parameters):
    """A card or a payment code held before the terminal, now or (``auto``) whenever it asks.

    ``torn`` pulls the card out before the bank has answered; ``takes`` is how long it stays in afterwards.
    """

    card: Literal["debit", "credit", "poor", "expired", "locked", "wallet"] = "debit"
    entry: Literal["chip", "contactless", "magstripe", "qr"] = "chip"
    pin: Literal["right", "wrong", "cancel"] = "right"
    fault: Literal["none", "unreadable", "multiple", "torn"] = "none"
    takes: float = Field(2.0, ge=0, le=60)


class Auto(Present):
    """``on`` false: nobody is there any more."""

    on: bool = True


class Host(Parameters):
    """The bank: reachable or not; ``loseAnswers`` books the next so many and lets the answer vanish."""

    reachable: bool = True
    lose_answers: int = Field(0, ge=0, le=100)


class CutAt(Parameters):
    """At the next ``at`` the power goes, the cable is pulled, or the bank is lost."""

    at: Step
    what: Literal["power", "line", "host"] = "power"


class LoseReplies(Parameters):
    """The terminal does the next ``count`` orders and says nothing of how they ended."""

    count: int = Field(1, ge=1, le=100)


class Naks(Parameters):
    """The next ``count`` good frames are answered by NAK."""

    count: int = Field(1, ge=1, le=100)


class Slow(Parameters):
    """The bank takes so many seconds; null is as usual."""

    seconds: float | None = Field(None, ge=0, le=300)


class Mismatch(Parameters):
    """By how much the bank has counted otherwise."""

    fen: int = Field(1, ge=-(10**9), le=10**9)


class Paper(Parameters):
    """The roll for the merchant's slips."""

    level: Literal["full", "low", "out"]


class Power(Parameters):
    """The mains switch; memory outlives it."""

    state: Literal["on", "off"] = Field(validation_alias=AliasChoices("state", "power"))
