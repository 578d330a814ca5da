"""What is given of an enterprise, kind by kind: figures of the books as of now, and of no person anything."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Final

from bureau.engine.duties import VAT_GENERAL
from bureau.engine.rules import VAT_SMALL
from bureau.engine.subjects import today
from bureau.ports.core import Core
from bureau.ports.registration import Taxpayer
from config.clock import CHINA

YEARS_BACK: Final = 2
"""How far back figures go: two calendar years before this one."""
Values = Mapping[str, Any]


def _registration(core: Core, taxpayer: Taxpayer, since: date) -> Any:
    return {
        "state": taxpayer.state,
        "registered_on": taxpayer.registered_on.isoformat(),
        "general_taxpayer": not taxpayer.small_scale,
    }


def _credit(core: Core, taxpayer: Taxpayer, since: date) -> Any:
    found = core.archives.credit(taxpayer.taxpayer)
    return [
        {
            "year": one.year,
            "grade": one.grade,
            "points": one.points,
            "published_on": one.published_on.isoformat(),
        }
        for one in found
        if one.year >= since.year and one.published_on <= today(core)
    ]


def _sales(core: Core, taxpayer: Taxpayer, since: date) -> Any:
    """Declared sales of each period of VAT, in fen without tax."""
    names = ("ordinary_sales_fen", "special_sales_fen", "uninvoiced_sales_fen", "sales_fen")
    return [
        {
            "first": one.filed.period_first.isoformat(),
            "last": one.filed.period_last.isoformat(),
            "sales_fen": sum(value for name in names if isinstance(value := one.figures.get(name), int)),
        }
        for one in core.returns.filings(taxpayer.taxpayer, since)
        if one.stands and one.filed.tax in (VAT_SMALL, VAT_GENERAL)
    ]


def _paid(core: Core, taxpayer: Taxpayer, since: date) -> Any:
    """What entered the treasury by year, refunds taken off, surcharges apart; in fen."""
    years: dict[int, dict[str, int]] = {}
    for one in core.returns.entered(taxpayer.taxpayer, since, today(core)):
        year = years.setdefault(one.entry_date.year, {"tax_fen": 0, "late_fee_fen": 0})
        year["tax_fen"] += one.amount_fen
        year["late_fee_fen"] += one.late_fee_fen
    return [{"year": year, **sums} for year, sums in sorted(years.items())]


def _filing(core: Core, taxpayer: Taxpayer, since: date) -> Any:
    kept = [one for one in core.returns.filings(taxpayer.taxpayer, since) if one.stands]
    late = sum(one.filed.filed_at.astimezone(CHINA).date() > one.limit_date for one in kept)
    return {
        "filed": len(kept),
        "late": late,
        "open_dues": len(core.returns.overdue(taxpayer.taxpayer, today(core))),
    }


KINDS: Final[Mapping[str, Callable[[Core, Taxpayer, date], Any]]] = {
    "registration": _registration,
    "credit": _credit,
    "sales": _sales,
    "paid": _paid,
    "filing": _filing,
}


def gather(core: Core, taxpayer: Taxpayer, kinds: Iterable[str]) -> dict[str, Any]:
    """The kinds that are named, with whose they are and as of when."""
    since = date(today(core).year - YEARS_BACK, 1, 1)
    head = {
        "taxpayer": taxpayer.taxpayer,
        "name": taxpayer.name,
        "as_of": core.now.isoformat(),
        "since": since.isoformat(),
    }
    return {**head, **{kind: KINDS[kind](core, taxpayer, since) for kind in kinds}}


def as_bytes(values: Values) -> bytes:
    """One spelling, of which the digest is kept."""
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def last_day(given: date, days: int) -> date:
    """The last day of a term of days; the day itself does not count (民法典 art. 201)."""
    return given + timedelta(days=days)
