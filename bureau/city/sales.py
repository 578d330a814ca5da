"""What the enterprises sold: electronic invoices that add up, some on paper, a few taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate
from random import Random
from typing import Literal

from bureau.city import words
from bureau.city.characters import Turnover
from bureau.city.places import DIGITAL_AREA
from bureau.ports.einvoices import invoice_id
from kiosk.domain.ids import Fen
from kiosk.domain.money import round_fen, yuan

LEAST_FEN = 1_000
"""No invoice is for less than ten yuan, unless all of them together are."""
CHANNEL = "1"
PAPER = {"04": "ordinary", "11": "ordinary", "01": "special"}
"""Kinds of paper, and which of our two kinds of sale is written on each."""


@dataclass(frozen=True, slots=True)
class Invoice:
    """One invoice; ``code`` is empty for an electronic one (数电票), whose number has 20 digits."""

    number: str
    kind: Literal["ordinary", "special"]
    issued_on: date
    buyer: str
    net_fen: int
    tax_fen: int
    state: Literal["valid", "void", "red"] = "valid"
    code: str = ""
    red_of: str = ""
    """Of a red-letter one: the invoice that it takes back, by its id."""

    @property
    def id(self) -> str:
        """How it is told from all others (``bureau.ports.einvoices``)."""
        return invoice_id(self.code, self.number)


class DigitalNumbers:
    """Running numbers of the city's electronic invoices: year, area, channel, number (domain note, 2.3)."""

    def __init__(self) -> None:
        self._last = 0

    def next(self, day: date) -> str:
        """The next one."""
        self._last += 1
        return f"{day:%y}{DIGITAL_AREA}{CHANNEL}{self._last:015d}"


@dataclass(frozen=True, slots=True)
class Seller:
    """What is the same on all invoices of one seller; ``rate`` is that of a day, ``plain`` sells without a slip."""

    random: Random
    numbers: DigitalNumbers
    rate: Callable[[date], Decimal]
    plain: bool

    def invoices(self, first: date, last: date, sales: Turnover) -> list[Invoice]:
        """As many invoices of those days as ``sales`` says, whose net amounts add up to exactly its sums."""
        parts = [("ordinary", amount) for amount in split(self.random, sales.count, sales.net_fen)]
        parts += [
            ("special", amount) for amount in split(self.random, sales.special_count, sales.special_fen)
        ]
        days = (last - first).days + 1
        dates = sorted(first + timedelta(days=self.random.randrange(days)) for _ in parts)
        self.random.shuffle(parts)
        made = [self._invoice(kind, day, net) for day, (kind, net) in zip(dates, parts, strict=True)]
        return made if self.plain else [*made, *self._taken_back(made, last)]

    def _invoice(self, kind: str, day: date, net_fen: int) -> Invoice:
        tax = round_fen(yuan(Fen(net_fen)) * self.rate(day))
        return Invoice(
            self.numbers.next(day),
            "special" if kind == "special" else "ordinary",
            day,
            self.random.choice(words.BUSINESSES if kind == "special" else words.BUYERS),
            net_fen,
            tax,
        )

    def _taken_back(self, made: Iterable[Invoice], last: date) -> list[Invoice]:
        """One in forty is taken back by a red-letter invoice some days later."""
        found = []
        for invoice in made:
            if self.random.random() < 0.025:
                day = min(last, invoice.issued_on + timedelta(days=self.random.randrange(1, 9)))
                net, tax = -invoice.net_fen, -invoice.tax_fen
                number = self.numbers.next(day)
                red = replace(invoice, number=number, issued_on=day, net_fen=net, tax_fen=tax, state="red")
                found.append(replace(red, red_of=invoice.id))
        return found


def split(random: Random, count: int, total: int) -> list[int]:
    """``count`` amounts of uneven size that add up to ``total``; none below ``LEAST_FEN`` if that can be."""
    if not count:
        return []
    least = min(LEAST_FEN, total // count)
    weights = [random.randrange(10, 60) * random.randrange(10, 60) for _ in range(count)]
    rest, whole = total - least * count, sum(weights)
    cuts = [rest * reached // whole for reached in accumulate(weights, initial=0)]
    return [least + after - before for before, after in zip(cuts, cuts[1:], strict=False)]


def on_paper(
    random: Random, made: list[Invoice], kind: str, most: int, first: date, last: date
) -> list[Invoice]:
    """The earliest of ``made`` that were written on paper of ``kind`` between those days, ``most`` at most."""
    fitting = [
        i
        for i in made
        if i.kind == PAPER[kind] and i.state == "valid" and not i.code and first <= i.issued_on <= last
    ]
    chosen = fitting if len(fitting) <= most else random.sample(fitting, most)
    return sorted(chosen, key=lambda i: (i.issued_on, i.number))


def totals(made: Iterable[Invoice], first: date, last: date) -> tuple[int, int]:
    """Ordinary and special sales of those days in fen, as the tax core adds them up."""
    counted = [i for i in made if first <= i.issued_on <= last and i.state != "void"]
    ordinary = sum(i.net_fen for i in counted if i.kind == "ordinary")
    return ordinary, sum(i.net_fen for i in counted) - ordinary
