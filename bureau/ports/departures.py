"""Departure tax refunds (离境退税): the refund stores (退税商店), and travellers' applications."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from bureau.ports.certificates import IN_JSON
from bureau.ports.registration import PersonKey

DepartureState = Literal["filed", "inspected", "refunded", "refused"]
"""``inspected``: customs saw the goods and stamped (海关验核签章); ``refunded``: the refund agency paid."""


@dataclass(frozen=True, slots=True)
class RefundShop:
    """A store on record (备案) from ``since`` to ``until``, both included; None: to this day."""

    __pydantic_config__ = IN_JSON

    taxpayer: str
    name: str
    since: date
    until: date | None = None
    enlisted_by: str = ""
    struck_by: str = ""


@dataclass(frozen=True, slots=True)
class DepartureLine:
    """One invoice: its goods by rate with tax, what is given back before the agency's fee, and the fee, in fen."""

    __pydantic_config__ = IN_JSON

    invoice: str
    shop: str
    shop_name: str
    issued_on: date
    total_fen: int
    at_13_fen: int
    at_9_fen: int
    refund_fen: int
    fee_fen: int


@dataclass(frozen=True, slots=True)
class Departure:
    """An application. Its traveller is whoever holds the passport: they are in no register of the bureau's.

    ``parameters_hash`` names the tables by which it was worked out; ``cash``: so much may be paid out in cash as well.
    """

    __pydantic_config__ = IN_JSON

    application: str
    key: str
    person: PersonKey
    name: str
    nationality: str
    arrived_on: date
    leaves_on: date
    port: str
    cash: bool
    state: DepartureState
    accepted_at: datetime
    terminal: str
    parameters_hash: str
    lines: tuple[DepartureLine, ...]
    inspected_by: str = ""
    inspected_at: datetime | None = None
    ended_by: str = ""
    ended_at: datetime | None = None
    reason: str = ""

    @property
    def total_fen(self) -> int:
        """What the invoices come to, with tax."""
        return sum(line.total_fen for line in self.lines)

    @property
    def refund_fen(self) -> int:
        """Before the agency's fee."""
        return sum(line.refund_fen for line in self.lines)

    @property
    def fee_fen(self) -> int:
        """The agency's."""
        return sum(line.fee_fen for line in self.lines)

    @property
    def paid_fen(self) -> int:
        """What the traveller receives."""
        return self.refund_fen - self.fee_fen


class Departures(Protocol):
    """Stores and applications; of neither is anything deleted."""

    def lock(self, invoices: Sequence[str]) -> None:
        """Nobody else puts any of these invoices on an application until the transaction ends."""
        ...

    def shop(self, taxpayer: str, day: date) -> RefundShop | None:
        """The store as it stands on record for ``day``; None: it was none."""
        ...

    def shops(self) -> Sequence[RefundShop]:
        """All that ever were, by name."""
        ...

    def enlist(self, shop: RefundShop) -> None:
        """On record from its day on."""
        ...

    def strike(self, shop: RefundShop) -> None:
        """No longer on record after its last day."""
        ...

    def number_for(self, key: str) -> str:
        """The number of the application that the effect with this key makes: the same however often it is asked."""
        ...

    def add(self, application: Departure) -> None:
        """Enter one, with its invoices."""
        ...

    def find(self, application: str, *, lock: bool = False) -> Departure | None:
        """One by its number. ``lock``: nobody else changes it until the transaction ends."""
        ...

    def holding(self, invoice: str) -> str | None:
        """The application that holds the invoice and was not refused; None: it can be asked for."""
        ...

    def change(self, application: Departure) -> None:
        """Keep state, who did what and when; one that is refused lets go of its invoices."""
        ...

    def listed(self, state: DepartureState | None, limit: int) -> Sequence[Departure]:
        """Those in that state, or all; who leaves first on top."""
        ...
