"""The tax calendar of a month for a kind of taxpayer, worked out at the terminal from the tables of the release."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from config.clock import CHINA
from kiosk.domain.formatting import as_date
from kiosk.domain.tax.calendar import Entry, Who, month_calendar
from kiosk.domain.tax.parameters import built_in
from kiosk.steps.in_words import Said, day, said, same

NO_WORDS: Final[Said] = {}


class TaxCalendar:
    """One form: which kind of taxpayer, and which month. It leaves ``entries``, one row each thing to do."""

    def unaided(self, now: datetime, city_rate: str) -> Mapping[str, Any]:
        """This month; from the first year whose holidays are in the tables to the end of the next one."""
        today = now.astimezone(CHINA).date()
        return {
            "month": f"{today:%Y-%m}",
            "earliest": date(min(built_in().calendar), 1, 1).isoformat(),
            "latest": date(today.year + 1, 12, 31).isoformat(),
        }

    def derive(self, known: Mapping[str, Any], typed: Mapping[str, Any], today: date) -> Mapping[str, Any]:
        """The month's entries once it is said of whom; ``holidays_basis``: whose arrangement moved them."""
        wanted, parameters = typed.get("who"), built_in()
        month = as_date(typed.get("month") or known["month"])
        year = parameters.calendar.get(month.year)
        basis = said("calendar.holidays", basis=year.legal_basis) if year else said("calendar.no-holidays")
        entries = month_calendar(Who(wanted), month, parameters) if wanted else ()
        return {
            **known,
            "month": f"{month:%Y-%m}",
            "holidays_basis": basis,
            "parameters_hash": parameters.hash,
            "entries": [_row(one, today) for one in entries],
        }


def _row(entry: Entry, today: date) -> Mapping[str, Any]:
    """As a list shows it: days as ISO text, words in each language, states as codes."""
    moved = entry.limit != entry.plain
    return {
        "id": f"{entry.duty}-{entry.first.isoformat()}",
        "what": said(f"calendar.duty.{entry.duty}"),
        "limit": entry.limit.isoformat(),
        "state": "over" if entry.limit < today else "open" if entry.opens <= today else "later",
        "moved": "yes" if moved else "",
        "provisional": "yes" if entry.provisional else "",
        "first": entry.first.isoformat(),
        "last": entry.last.isoformat(),
        "why": _why(entry) if moved else NO_WORDS,
        "basis": same(entry.basis),
    }


def _why(entry: Entry) -> Said:
    """The law's own day, and what moved it."""
    holiday = entry.holiday
    if holiday is None:
        return said(f"calendar.why.{entry.why}", plain=day(entry.plain))
    first, last = day(holiday.first), day(holiday.last)
    return said(f"calendar.why.{entry.why}", plain=day(entry.plain), first=first, last=last)
