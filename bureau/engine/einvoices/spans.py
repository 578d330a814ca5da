"""Where to look among many issued invoices: stretches of days of which a list of the terminal has room for all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from bureau.engine.names import period_name
from bureau.ports.einvoices import IssuedDay
from bureau.texts import say
from kiosk.domain.tax_control import last_day
from sync.models import EInvoiceSpan, EInvoiceSpans

MOST = 60
"""As many rows as a list of the terminal has."""
LATEST = "latest"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days of one month, both included, and how many invoices were issued on them."""

    first: date
    last: date
    count: int


def spans(days: Sequence[IssuedDay]) -> EInvoiceSpans:
    """Those issued last, and where a list has no room for all, month by month; ``days`` the latest first.

    Nothing where none was issued.
    """
    if not days:
        return EInvoiceSpans(spans=[])
    found = [
        EInvoiceSpan(
            id=LATEST,
            title=say("einvoice.span.latest"),
            note=say("einvoice.span.most", most=str(MOST)),
        )
    ]
    if sum(one.count for one in days) > MOST:
        found += [_told(stretch) for stretch in stretches(days, MOST)]
    return EInvoiceSpans(spans=found)


def stretches(days: Sequence[IssuedDay], most: int) -> Iterator[Stretch]:
    """Whole months, the latest first; one with more than ``most`` invoices is cut between two days, no day is."""
    for _, group in groupby(days, key=lambda one: (one.day.year, one.day.month)):
        left = list(group)
        end = last_day(left[0].day.replace(day=1))
        while left:
            taken = _fitting(left, most)
            rest = left[taken:]
            first = left[taken - 1].day if rest else end.replace(day=1)
            yield Stretch(first, end, sum(one.count for one in left[:taken]))
            left, end = rest, first - timedelta(days=1)


def _fitting(days: Sequence[IssuedDay], most: int) -> int:
    """How many of the days go together; at least one."""
    count = 0
    for number, one in enumerate(days):
        count += one.count
        if number and count > most:
            return number
    return len(days)


def _told(stretch: Stretch) -> EInvoiceSpan:
    first, last = stretch.first, stretch.last
    month = period_name(first, last)
    whole = first.day == 1 and last == last_day(first)
    part = say("einvoice.span.days", month=month, first=str(first.day), last=str(last.day))
    return EInvoiceSpan(
        id=first.isoformat(),
        title=month if whole else part,
        note=say("einvoice.span.count", count=str(stretch.count)),
        first=first,
        last=last,
    )
