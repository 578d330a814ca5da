"""Applications for an invoice that the bureau issues (代开发票申请), from the day they are made to the invoice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from bureau.ports.einvoices import InvoiceLine
from bureau.ports.registration import PersonKey


@dataclass(frozen=True, slots=True)
class Application:
    """One application; ``application`` is the number of the return by which its tax is paid (缴纳税款申报单).

    ``own``: a natural person sells. ``number`` is that of the invoice, once it is issued.
    """

    application: str
    taxpayer: str
    own: bool
    person: PersonKey
    kind: Literal["ordinary", "special"]
    buyer: str
    buyer_number: str
    lines: tuple[InvoiceLine, ...]
    net_fen: int
    tax_fen: int
    remark: str
    applied_at: datetime
    expires_at: datetime
    state: Literal["open", "issued", "lapsed"] = "open"
    number: str = ""


class Agency(Protocol):
    """Keeps applications; each leads to one invoice at most."""

    def open(self, application: Application) -> None:
        """Keep a new one."""
        ...

    def find(self, application: str, *, lock: bool = False) -> Application | None:
        """The application; with ``lock`` nobody else issues or ends it until the transaction ends."""
        ...

    def open_of(self, taxpayer: str) -> Sequence[Application]:
        """The taxpayer's open ones, the oldest first."""
        ...

    def waiting(self, before: datetime) -> Sequence[str]:
        """Numbers of the open ones that were made before that moment, the oldest first."""
        ...

    def issued(self, application: str, number: str) -> None:
        """Its invoice is issued under this number."""
        ...

    def lapsed(self, application: str) -> None:
        """It was not paid, and leads to no invoice any more."""
        ...
