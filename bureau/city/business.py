"""What the enterprises did: invoices issued, returns filed, dues paid or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from bureau.city import words
from bureau.city.firms import Registered
from bureau.engine.rules import VAT_SMALL, Period, Rules
from bureau.facts import Taxpayer
from config.clock import CHINA
from kiosk.domain.ids import Fen
from kiosk.domain.own_numbers import make_number
from kiosk.domain.tax.vat_small import VatSmallInput, compute

REGION = "5301"
PERIODS = 4
"""Quarters of history: the last one, which may be open, and three before it."""
Rows = dict[str, list[dict[str, object]]]


@dataclass(frozen=True, slots=True)
class Invoice:
    """One electronic invoice (数电票)."""

    number: str
    kind: str
    issued_on: date
    buyer: str
    net_fen: int
    tax_fen: int


class Numbers:
    """Running numbers of the city's past, apart from those the centre will give: sequences from 5 000 000."""

    def __init__(self) -> None:
        self._last: dict[tuple[str, date], int] = {}
        self._digital = 0

    def next(self, type_: str, day: date) -> str:
        """The next number of that kind on that day."""
        sequence = self._last[type_, day] = self._last.get((type_, day), 5_000_000) + 1
        return make_number(type_, REGION, day, sequence)

    def digital(self, day: date) -> str:
        """A number of an electronic invoice: year, province, channel, running number (domain note, 2.3)."""
        self._digital += 1
        return f"{day:%y}531{self._digital:015d}"


def invoices(
    random: Random, numbers: Numbers, period: Period, sales: tuple[int, int], rate: Decimal
) -> list[Invoice]:
    """As many invoices of the period as ``sales`` says, whose net amounts add up to exactly its sum in fen."""
    count, net_fen = sales
    cuts = sorted(random.randrange(1, net_fen // 100) * 100 for _ in range(count - 1))
    parts = [b - a for a, b in zip([0, *cuts], [*cuts, net_fen], strict=True)]
    parts = _without_nothing(parts)
    days = (period.last - period.first).days + 1
    dates = sorted(period.first + timedelta(days=random.randrange(days)) for _ in parts)
    return [
        Invoice(
            numbers.digital(day),
            "ordinary",
            day,
            random.choice(words.BUYERS),
            amount,
            int((amount * rate).to_integral_value()),
        )
        for day, amount in zip(dates, parts, strict=True)
    ]


def _without_nothing(parts: list[int]) -> list[int]:
    """The same sum in as many parts, none of them nothing: the largest gives way."""
    for place, part in enumerate(parts):
        if part == 0:
            largest = max(range(len(parts)), key=lambda n: parts[n])
            parts[largest] -= 5_000
            parts[place] = 5_000
    return parts


def taxpayer_of(registered: Registered, as_of: date) -> Taxpayer:
    """The enterprise as the registry will have it."""
    firm = registered.firm
    first = as_of.replace(day=1)
    return Taxpayer(
        taxpayer=firm.taxpayer,
        name=firm.name,
        state=firm.state,  # type: ignore[arg-type]
        small_scale=firm.small_scale,
        quarterly=firm.small_scale,
        levy_rate="0.01" if firm.small_scale else "0.13",
        city_rate=firm.city_rate,
        half_six_taxes=firm.small_scale,
        risk=firm.risk,  # type: ignore[arg-type]
        registered_on=registered.registered_on,
        used_verified_to=first - timedelta(days=1) if firm.verified else first - timedelta(days=95),
    )


def history(random: Random, registered: Registered, rules: Rules, as_of: date, numbers: Numbers) -> Rows:
    """Sales, declarations and dues of the last periods."""
    rows: Rows = {"sale": [], "declaration": [], "due": []}
    taxpayer, firm = taxpayer_of(registered, as_of), registered.firm
    period = rules.last_period(taxpayer, as_of)
    for age in range(PERIODS):
        count, net = firm.sales if age == 0 else _like(random, firm.sales)
        if count:
            rate = rules.levy_rate(period) if firm.small_scale else Decimal("0.13")
            made = invoices(random, numbers, period, (count, net), rate)
            rows["sale"] += [_sale_row(firm.taxpayer, invoice) for invoice in made]
        filed = (firm.filed_last, firm.filed_before)[age] if age < 2 else True
        if firm.small_scale and filed and period.last >= registered.registered_on:
            filed_on = min(period.last + timedelta(days=9), period.limit, as_of - timedelta(days=1))
            if filed_on > period.last:
                _file(rows, registered, period, Past(filed_on, net if count else 0, age), rules, numbers)
        period = rules.period_before(period, taxpayer)
    return rows


def _like(random: Random, sales: tuple[int, int]) -> tuple[int, int]:
    count, net = sales
    return (
        (max(1, count - random.randrange(count // 3 + 1)), net * random.randrange(70, 105) // 100)
        if count
        else sales
    )


def _sale_row(taxpayer: str, invoice: Invoice) -> dict[str, object]:
    return {
        "code": "",
        "number": invoice.number,
        "taxpayer": taxpayer,
        "kind": invoice.kind,
        "issued_on": invoice.issued_on,
        "buyer": invoice.buyer,
        "net_fen": invoice.net_fen,
        "tax_fen": invoice.tax_fen,
        "state": "valid",
    }


@dataclass(frozen=True, slots=True)
class Past:
    """A return of the past: when, over which sales, and how many periods ago (0: the last)."""

    day: date
    net_fen: int
    age: int


def _file(
    rows: Rows, registered: Registered, period: Period, past: Past, rules: Rules, numbers: Numbers
) -> None:
    """One return as it was filed, some days into its filing period, and its dues."""
    firm, number = registered.firm, numbers.next("31", past.day)
    given = VatSmallInput(Fen(past.net_fen), Fen(0), Fen(0), True, Decimal(firm.city_rate), True, period.last)
    result = compute(given, rules.current)
    person, role = registered.roles[-1]
    rows["declaration"].append(
        {
            "declaration": number,
            "key": f"history-{number}",
            "taxpayer": firm.taxpayer,
            "tax": VAT_SMALL,
            "period_first": period.first,
            "period_last": period.last,
            "figures": {"ordinary_sales_fen": past.net_fen, "total_fen": result.total_fen},
            "total_fen": result.total_fen,
            "limit_date": period.limit,
            "filed_at": datetime.combine(past.day, time(10, 20), CHINA),
            "terminal": "counter",
            "person_kind": person.kind.value,
            "person_number": person.number,
            "role": role.value,
            "state": "filed",
        }
    )
    unpaid = (past.age == 0 and not firm.paid_last) or (past.age == 1 and firm.overdue)
    state = "open" if unpaid else "paid"
    amounts = {
        "vat": result.vat_fen,
        "city-construction": result.city_fen,
        "education": result.education_fen,
        "local-education": result.local_education_fen,
    }
    rows["due"] += [
        {
            "due": numbers.next("43", past.day),
            "taxpayer": firm.taxpayer,
            "tax": tax,
            "period_first": period.first,
            "period_last": period.last,
            "amount_fen": amount,
            "limit_date": period.limit,
            "declaration": number,
            "state": state,
            "held_by": None,
        }
        for tax, amount in amounts.items()
        if amount
    ]
