"""Faults that a walk can meet, by name: what the cabinet or the bank does, and what tells that it happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import requests

from kiosk.stack import Stack
from ui.walk.hands import Hands

Rows = Sequence[Mapping[str, Any]]
DOUBT_S = 120
"""The bank is silent for longer than the visitor is patient and the terminal asks (about 45 s in all)."""
PATIENCE_S = 4.0
"""Then a person whose phone says "paid" touches the way on."""


@dataclass(frozen=True, slots=True)
class Trace:
    """What a fault leaves when it happens: a page that was shown, and what the journal says; both must be there.

    ``page`` is the end of a picture's name, ``record`` a kind of effect and what its outcome holds; no outcome at
    all is None.
    """

    page: str
    kind: str = ""
    says: Mapping[str, object] | None = None

    def missing(self, pages: Sequence[str], journal: Rows) -> str:
        """What should be there and is not; empty when the fault was met."""
        if not any(name.endswith(f"-{self.page}.png") for name in pages):
            return f"the page {self.page} was not shown"
        if not self.kind:
            return ""
        outcomes = [r["body"] for r in journal if (r["kind"], r["phase"]) == (self.kind, "outcome")]
        if self.says is None:
            return f"the journal has a {self.kind} that came to an end" if outcomes else ""
        if not any(all(body.get(k) == v for k, v in self.says.items()) for body in outcomes):
            wanted = ", ".join(f"{name} {value}" for name, value in self.says.items())
            return f"the journal has no {self.kind} with {wanted}"
        return ""


@dataclass(frozen=True, slots=True)
class Fault:
    """``strike`` runs once, just before the visitor begins; ``trace`` is looked for when they have gone."""

    summary: str
    strike: Callable[[Hands, Stack], None]
    trace: Trace | None
    sheets_taken: bool = True
    pay: bool = True
    mend: Callable[[Hands, Stack], None] = lambda _hands, _stack: None
    """What staff does when the visitor has gone."""
    card: str = ""
    """The bank card that the visitor uses; empty: the phone, or what was asked for."""
    debit: bool = False
    """Whether the visitor has the account of the agreement debited."""
    pulls_ukey: bool = False
    """Whether the visitor pulls the UKey out once they have seen what it says, and puts it back in when asked."""
    patience_s: float | None = None
    """How long the visitor looks at a code that is paid and still shown; None: until it goes."""


def _nothing(_hands: Hands, _stack: Stack) -> None:
    """The visitor alone does it."""


def _device(device: str, action: str, **parameters: object) -> Callable[[Hands, Stack], None]:
    def strike(hands: Hands, _stack: Stack) -> None:
        hands.do(device, action, **parameters)

    return strike


def _acquirer(**faults: int) -> Callable[[Hands, Stack], None]:
    def strike(_hands: Hands, stack: Stack) -> None:
        requests.post(f"{stack.acquirer_url}/faults", json=faults, timeout=10).raise_for_status()

    return strike


def _account(**changed: object) -> Callable[[Hands, Stack], None]:
    """What the banks have of every account that may be debited."""

    def strike(_hands: Hands, stack: Stack) -> None:
        where = f"{stack.acquirer_url}/treasury/accounts"
        for account in requests.get(where, timeout=10).json():
            requests.put(where, json={**account, **changed}, timeout=10).raise_for_status()

    return strike


def _stopped(cause: str) -> Trace:
    return Trace("dispense-problem", "dispense", {"cause": cause})


FAULTS: dict[str, Fault] = {
    "none": Fault("nothing goes wrong", _nothing, None),
    "slip-paper-out": Fault(
        "no receipt paper", _device("receiptPrinter", "paper", level="out"), Trace("done-no-slip", "slip")
    ),
    "jam": Fault(
        "the dispenser jams at the third sheet", _device("dispenser", "jamAt", k=3), _stopped("mediaJammed")
    ),
    "wrong-number": Fault(
        "the third sheet carries another number",
        _device("dispenser", "wrongNumberAt", k=3, number="99999999"),
        _stopped("numberMismatch"),
    ),
    "double-feed": Fault(
        "the third feed draws two sheets", _device("dispenser", "doubleAt", k=3), _stopped("doubleFeed")
    ),
    "not-taken": Fault("nobody takes the invoices", _nothing, _stopped("notTaken"), sheets_taken=False),
    "not-paid": Fault(
        "the person pays later",
        _nothing,
        Trace("pay-expired", "payment.create", {"state": "expired"}),
        pay=False,
    ),
    "card-declined": Fault(
        "the bank declines the card",
        _nothing,
        Trace("pay-declined", "charge", {"state": "declined", "why": "insufficientFunds"}),
        card="poor",
    ),
    "card-unplugged": Fault(
        "the cable of the card terminal comes off while the bank is charging",
        _device("pos", "cutAt", at="sent", what="line"),
        Trace("pay-doubt", "charge", {"state": "paid"}),
        card="debit",
        mend=_device("pos", "replug"),
    ),
    "card-power-cut": Fault(
        "the card terminal loses its power before the bank was asked",
        _device("pos", "cutAt", at="pin", what="power"),
        Trace("pay-doubt", "charge", {"state": "ended", "why": "powerLost"}),
        card="debit",
        mend=_device("pos", "power", state="on"),
    ),
    "card-reversed": Fault(
        "the bank charges and its answer is lost: the card terminal reverses",
        _device("pos", "host", loseAnswers=1),
        Trace("pay-declined", "charge", {"state": "declined", "why": "reversed"}),
        card="debit",
    ),
    "debit-short": Fault(
        "the account that is to be debited is short",
        _account(balance_fen=100),
        Trace("pay-declined", "payment.create", {"state": "declined", "why": "insufficientFunds"}),
        debit=True,
    ),
    "debit-account-closed": Fault(
        "the account that is to be debited is closed",
        _account(state="closed"),
        Trace("pay-declined", "payment.create", {"state": "declined", "why": "accountClosed"}),
        debit=True,
    ),
    "debit-doubt": Fault(
        "the bank debits and does not answer",
        _acquirer(debit_doubtful=1, doubt_s=DOUBT_S),
        Trace("pay-doubt", "payment.create", {"state": "doubt"}),
        debit=True,
    ),
    "ukey-pulled": Fault(
        "the UKey is pulled out before it is unlocked",
        _nothing,
        Trace("ukey-again", "device.unlock", {"state": "accepted"}),
        pulls_ukey=True,
    ),
    "payment-doubt": Fault(
        "the bank does not answer while the money moves",
        _acquirer(doubtful=1, doubt_s=DOUBT_S),
        Trace("pay-doubt", "payment.create", {"state": "doubt"}),
        patience_s=PATIENCE_S,
    ),
}
