"""Whatever is sold and comes back, over years: the VAT that stays paid is that of what was really sold, to the fen.

The books are a list of invoices and a list of returns; form, tables and what is carried are the product's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, cast

import pytest

from bureau.engine.carrying import ledger, returned_of
from bureau.engine.rules import Rules
from bureau.ports.core import Core
from bureau.ports.returns import Filed, Kept, Sales, TakenBack
from kiosk.domain.ids import Fen
from kiosk.domain.money import round_fen, yuan
from kiosk.domain.tax.parameters import built_in
from kiosk.steps.calculators import CALCULATORS

RULES = Rules(built_in())
QUARTERS = [
    (date(year, month, 1), date(year + month // 10, (month + 2) % 12 + 1, 1) - timedelta(days=1))
    for year in (2024, 2025, 2026)
    for month in (1, 4, 7, 10)
]
MOST = 60_000_000


@dataclass
class Invoice:
    day: date
    kind: Any
    net: int
    sold_on: date | None = None
    left: int = 0


@dataclass
class Books:
    """Stands where the core's returns stand; nobody has an exempt project."""

    invoices: list[Invoice] = field(default_factory=list)
    filed: list[Kept] = field(default_factory=list)

    @property
    def returns(self) -> Books:
        return self

    def taken_back(self, taxpayer: str) -> list[TakenBack]:
        return [TakenBack(one.day, one.sold_on, one.kind, -one.net) for one in self.invoices if one.sold_on]

    def filings(self, taxpayer: str, since: date) -> list[Kept]:
        return [one for one in self.filed if one.filed.period_last >= since]

    def sales(self, taxpayer: str, first: date, last: date) -> Sales:
        mine = [one for one in self.invoices if first <= one.day <= last]
        net = {kind: sum(one.net for one in mine if one.kind == kind) for kind in ("ordinary", "special")}
        return Sales(len(mine), net["ordinary"], net["special"])

    def trade(self, random: Random, first: date, last: date, *, back: float) -> None:
        """Some is sold in the quarter, and some of what was sold until then comes back."""
        for _ in range(random.randrange(5)):
            day, net = first + timedelta(random.randrange((last - first).days)), random.randrange(1, MOST)
            self.invoices.append(Invoice(day, random.choice(["ordinary", "special"]), net, left=net))
        for sold in [one for one in self.invoices if one.left]:
            if random.random() < back:
                taken = random.choice([sold.left, random.randrange(1, sold.left + 1)])
                day = max(sold.day, last - timedelta(random.randrange(20)))
                self.invoices.append(Invoice(day, sold.kind, -taken, sold.day))
                sold.left -= taken

    def file(self, first: date, last: date, uninvoiced: int, *, waived: bool) -> dict[str, Any]:
        """By the terminal's form, with all that may be taken off."""
        sales = self.sales("", first, last)
        told = {
            "tax": "vat-small",
            "period_first": first.isoformat(),
            "period_last": last.isoformat(),
            "ordinary_sales_fen": max(sales.ordinary_fen, 0),
            "special_sales_fen": max(sales.special_fen, 0),
            "uninvoiced_sales_fen": uninvoiced,
            "city_rate": "0.07",
            "half_six_taxes": True,
            "threshold_waived": waived,
            "returned_sales_fen": returned_of(sales),
        }
        carried = ledger(cast(Core, self), RULES, "").available((first, last))
        known = {**told, "quarterly": True, "carried_fen": carried}
        figures = {**CALCULATORS["vat-small"].derive(known, {"uninvoiced": uninvoiced}, last)}
        kept = {**figures, **told, "carried_fen": figures["deducted_fen"]}
        filed = Filed(last.isoformat(), "", "vat-small", first, last, 0, datetime(2027, 1, 1, tzinfo=UTC))
        self.filed.append(Kept(filed, kept, "", last, stands=True, owed_fen=0))
        return figures


def played(seed: int, *, waived: bool) -> tuple[int, int, int, int]:
    """Tax that was paid, what is left of it to take off, all sales, and how many returns left something over."""
    random, books = Random(seed), Books()
    paid = uninvoiced = over = 0
    for first, last in QUARTERS:
        books.trade(random, first, last, back=0.9 if last == QUARTERS[-1][1] else 0.25)
        more = random.choice([0, random.randrange(MOST)])
        figures = books.file(first, last, more, waived=waived)
        paid, uninvoiced, over = (
            paid + figures["vat_fen"],
            uninvoiced + more,
            over + bool(figures["residual_fen"]),
        )
    end = ledger(cast(Core, books), RULES, "")
    assert end.overdrawn() == []
    return paid, sum(end.balances().values()), sum(one.net for one in books.invoices) + uninvoiced, over


@pytest.mark.parametrize("seed", range(40))
def test_who_is_taxed_on_everything_has_paid_the_tax_of_what_was_sold(seed: int) -> None:
    paid, left, sold, over = played(seed, waived=True)
    assert abs(paid - left - round_fen(yuan(Fen(sold)) / 100)) <= 2 * len(QUARTERS)
    assert over


@pytest.mark.parametrize("seed", range(40))
def test_below_the_threshold_no_more_is_given_back_than_was_paid(seed: int) -> None:
    paid, left, _, _ = played(seed, waived=False)
    assert 0 <= left <= paid
