"""Stamp tax on contracts (印花税) and deed tax on homes (契税)."""

from __future__ import annotations

import enum
from datetime import date
from decimal import Decimal

from kiosk.domain.ids import Fen
from kiosk.domain.money import round_fen, yuan
from kiosk.domain.tax.lines import ONE, Note, TaxLine, line
from kiosk.domain.tax.parameters import TaxParameters


class StampItem(enum.StrEnum):
    """Items of the stamp tax table (印花税税目)."""

    LOAN = "loan"
    FINANCE_LEASE = "finance-lease"
    SALE = "sale"
    WORK = "work"
    CONSTRUCTION = "construction"
    TRANSPORT = "transport"
    TECHNOLOGY = "technology"
    IP_TRANSFER = "ip-transfer"
    LAND_USE_TRANSFER = "land-use-transfer"
    HOUSE_TRANSFER = "house-transfer"
    EQUITY_TRANSFER = "equity-transfer"
    LEASE = "lease"
    CUSTODY = "custody"
    STORAGE = "storage"
    PROPERTY_INSURANCE = "property-insurance"
    BUSINESS_BOOK = "business-book"
    SECURITIES = "securities"


def stamp(item: StampItem, base_fen: Fen, *, half: bool, day: date, parameters: TaxParameters) -> TaxLine:
    """Stamp tax on ``base_fen``; ``half`` claims 六税两费, which securities never have."""
    rules = parameters.at(day)
    relief = rules.rate_or_none("surcharges.half-six-taxes") if half else None
    if item is StampItem.SECURITIES or relief is None:
        return line(item.value, base_fen, rules.rate(f"stamp.{item.value}"))
    return line(item.value, base_fen, rules.rate(f"stamp.{item.value}"), relief, Note.HALF)


def deed_home(
    price_fen: Fen,
    square_metres: Decimal,
    *,
    homes_owned: int,
    day: date,
    parameters: TaxParameters,
    province_rate: Decimal | None = None,
) -> TaxLine:
    """Deed tax on a home bought by a family that will then own ``homes_owned`` (财税 2024年第16号公告).

    The first and the second home have reduced rates; from the third on, ``province_rate`` or the statutory
    rate applies. ``price_fen`` is without VAT.
    """
    rules = parameters.at(day)
    if homes_owned > 2:
        return line("deed", price_fen, province_rate or rules.rate("deed.general-rate"))
    if square_metres <= rules.number("deed.home-small-square-metres"):
        rate = rules.rate("deed.home-small-rate")
    else:
        order = "first" if homes_owned <= 1 else "second"
        rate = rules.rate(f"deed.home-large-{order}-rate")
    return TaxLine("deed", price_fen, rate, ONE, round_fen(yuan(price_fen) * rate), Note.REDUCED)
