"""Faults that a walk can meet, by name: when they strike and what the cabinet or the stack does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import requests

from kiosk.stack import Stack
from ui.walk.hands import Hands


@dataclass(frozen=True, slots=True)
class Fault:
    """``strike`` runs once, just before the visitor begins."""

    summary: str
    strike: Callable[[Hands, Stack], None]
    sheets_taken: bool = True
    pay: bool = True


def _device(device: str, action: str, **parameters: object) -> Callable[[Hands, Stack], None]:
    def strike(hands: Hands, _stack: Stack) -> None:
        hands.do(device, action, **parameters)

    return strike


def _acquirer(**faults: int) -> Callable[[Hands, Stack], None]:
    def strike(_hands: Hands, stack: Stack) -> None:
        requests.post(f"{stack.acquirer_url}/faults", json=faults, timeout=10).raise_for_status()

    return strike


FAULTS: dict[str, Fault] = {
    "none": Fault("nothing goes wrong", lambda _hands, _stack: None),
    "slip-paper-out": Fault("no receipt paper", _device("receiptPrinter", "paper", level="out")),
    "jam": Fault("the dispenser jams at the third sheet", _device("dispenser", "jamAt", k=3)),
    "wrong-number": Fault(
        "the third sheet carries another number",
        _device("dispenser", "wrongNumberAt", k=3, number="99999999"),
    ),
    "double-feed": Fault("the third feed draws two sheets", _device("dispenser", "doubleAt", k=3)),
    "not-taken": Fault("nobody takes the invoices", lambda _hands, _stack: None, sheets_taken=False),
    "not-paid": Fault("the person pays later", lambda _hands, _stack: None, pay=False),
    "payment-doubt": Fault("the bank does not answer while the money moves", _acquirer(doubtful=1)),
}
