"""红字发票: taking an invoice back, in whole or in part, and never more than is left of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from bureau.ports.einvoices import InvoiceLine, IssuedInvoice
from bureau.texts import say
from sync.models import Texts

WHOLE = "mistake"
"""开票有误 is taken back in whole."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Net and tax of an invoice that were taken back so far, in fen."""

    net_fen: int
    tax_fen: int

    @property
    def total_fen(self) -> int:
        """With tax."""
        return self.net_fen + self.tax_fen


def why_not(invoice: IssuedInvoice) -> Texts:
    """Why it cannot be taken back at a terminal; empty when it can."""
    if invoice.state != "valid":
        return say("einvoice.red.void" if invoice.state == "void" else "einvoice.red.of-red")
    if invoice.code:
        return say("einvoice.red.paper")
    if invoice.left_fen <= 0:
        return say("einvoice.red.none-left")
    if invoice.booked:  # 已入账的，由一方发起、另一方确认 (税务总局公告2024年第11号)
        return say("einvoice.red.booked")
    return say("einvoice.red.special") if invoice.kind == "special" else {}


def red_letter(
    invoice: IssuedInvoice, taken: Taken, amount_fen: int, number: str, day: date
) -> IssuedInvoice:
    """The red-letter invoice that takes ``amount_fen``, with tax, of what is left.

    Net and tax follow what will have been taken back altogether, so that several parts make the whole to the fen.
    Raises ``ValueError`` for nothing, or more than is left.
    """
    together = taken.total_fen + amount_fen
    if not 0 < amount_fen or together > invoice.total_fen:
        raise ValueError("a red-letter invoice takes something, and no more than is left")
    net = _share(invoice.net_fen, together, invoice.total_fen) - taken.net_fen
    whole = amount_fen == invoice.total_fen
    return replace(
        invoice,
        number=number,
        issued_on=day,
        net_fen=-net,
        tax_fen=-(amount_fen - net),
        state="red",
        red_of=invoice.id,
        taken_back_fen=0,
        lines=_lines(invoice, net, amount_fen - net, whole=whole),
    )


def _lines(invoice: IssuedInvoice, net: int, tax: int, *, whole: bool) -> tuple[InvoiceLine, ...]:
    """The invoice's lines with their shares; a part has no quantities, because it is an amount that is taken back."""
    nets = _shares(net, [line.net_fen for line in invoice.lines])
    taxes = _shares(tax, [line.tax_fen for line in invoice.lines])
    return tuple(
        replace(line, quantity=f"-{line.quantity}" if whole else "", net_fen=-own, tax_fen=-its)
        for line, own, its in zip(invoice.lines, nets, taxes, strict=True)
    )


def _shares(amount: int, weights: list[int]) -> list[int]:
    """``amount`` in parts that go with ``weights`` and add up to it."""
    whole, reached, cuts = sum(weights), 0, [0]
    for weight in weights:
        reached += weight
        cuts.append(_share(amount, reached, whole) if whole else amount)
    return [after - before for before, after in pairwise(cuts)]


def _share(amount: int, part: int, whole: int) -> int:
    """``amount`` times ``part`` by ``whole``, half a fen up."""
    return (2 * amount * part + whole) // (2 * whole)
