"""What stands on the city's invoices: lines that add up to the sums, buyers' numbers, check codes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from random import Random

from bureau.city import words
from bureau.city.numbers import credit_code
from bureau.city.sales import Invoice, split
from bureau.ports.einvoices import InvoiceLine
from kiosk.domain.ids import Fen
from kiosk.domain.money import round_fen, yuan

MOST_LINES = 3
CHECK_CODE_DIGITS = 20
PUBLIC_BODY = "12"
"""How the credit code of a school or a hospital begins (GB 32100)."""


@dataclass(frozen=True, slots=True)
class Detail:
    """What an invoice says beyond its sums."""

    lines: tuple[InvoiceLine, ...]
    buyer_number: str
    check_code: str


class Details:
    """Makes them, from a random source of their own, so that no sale is another for it."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def of(
        self, industry: str, made: Iterable[Invoice], rate: Callable[[date], Decimal]
    ) -> Iterator[tuple[Invoice, Detail]]:
        """Each invoice with its detail; a red-letter one repeats what it takes back, with negative figures."""
        known: dict[str, Detail] = {}
        for invoice in made:
            if invoice.red_of:
                first = known[invoice.red_of]
                lines = tuple(_negative(line) for line in first.lines)
                yield invoice, Detail(lines, first.buyer_number, "")
                continue
            known[invoice.id] = Detail(
                self._lines(industry, invoice, rate(invoice.issued_on)),
                buyer_number(invoice.buyer),
                self._check_code(invoice),
            )
            yield invoice, known[invoice.id]

    def _lines(self, industry: str, invoice: Invoice, rate: Decimal) -> tuple[InvoiceLine, ...]:
        """One to three lines; the last one carries what rounding leaves of the tax."""
        goods = words.GOODS.get(industry, words.SERVICES)
        count = self._random.randint(1, min(MOST_LINES, len(goods)))
        chosen = self._random.sample(goods, count)
        parts = split(self._random, count, invoice.net_fen)
        taxes = [int(round_fen(yuan(Fen(part)) * rate)) for part in parts]
        taxes[-1] = invoice.tax_fen - sum(taxes[:-1])
        return tuple(
            InvoiceLine(name, unit, str(self._random.randint(1, 40)), part, str(rate), tax)
            for (name, unit), part, tax in zip(chosen, parts, taxes, strict=True)
        )

    def _check_code(self, invoice: Invoice) -> str:
        """校验码: ordinary paper has one, special paper and 数电票 have none."""
        if not invoice.code or invoice.kind == "special":
            return ""
        return "".join(str(self._random.randrange(10)) for _ in range(CHECK_CODE_DIGITS))


@cache
def buyer_number(buyer: str) -> str:
    """The credit code of a buyer of the city, the same ever; individuals have none."""
    return credit_code(Random(buyer), PUBLIC_BODY) if buyer in words.BUSINESSES else ""


def _negative(line: InvoiceLine) -> InvoiceLine:
    quantity = f"-{line.quantity}" if line.quantity else ""
    return replace(line, quantity=quantity, net_fen=-line.net_fen, tax_fen=-line.tax_fen)
