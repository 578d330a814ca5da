"""Tax rules by version: the tables in force and every earlier version published, named by hash."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice

from bureau.engine.names import period_name
from bureau.ports.registration import Taxpayer
from bureau.ports.returns import Cycle
from kiosk.domain.errors import DomainError
from kiosk.domain.tax import vat_small
from kiosk.domain.tax.limits import vat_limit_date
from kiosk.domain.tax.parameters import TaxParameters
from sync.models import Texts

VAT_SMALL = "vat-small"
BOOKED_AS = {"city": "city-construction"}
"""What the books call a tax that the calculation calls otherwise."""
OLDEST_PERIODS = 12
"""How many periods back a return is taken at a terminal; older ones go to a counter."""


@dataclass(frozen=True, slots=True)
class Period:
    """A month or quarter to be filed, and until when."""

    first: date
    last: date
    limit: date

    @property
    def name(self) -> Texts:
        """The period in words."""
        return period_name(self.first, self.last)


class Rules:
    """Finds parameters by hash, and periods by day."""

    def __init__(self, current: TaxParameters, earlier: Iterable[TaxParameters] = ()) -> None:
        self.current = current
        self._versions = {version.hash: version for version in (*earlier, current)}

    def version(self, digest: str) -> TaxParameters | None:
        """The tables that were published under that hash."""
        return self._versions.get(digest)

    def levy_rate(self, period: Period, *, reduced: bool = True) -> Decimal:
        """The levy rate (征收率) of the period, reduced when a reduction is in force and was not given up."""
        return vat_small.levy_rate(self.current.at(period.last), reduced=reduced)[0]

    def limit(self, last: date) -> date | None:
        """Until when a return of a period that ends on ``last`` is due; None for a day of which no rule is known."""
        try:
            return vat_limit_date(last, self.current)
        except (DomainError, OverflowError, ValueError):  # year 10000 is no year of a date
            return None

    def last_period(self, taxpayer: Taxpayer, day: date) -> Period:
        """The latest period that was over before ``day``: a quarter, or a month for monthly filers.

        Of a temporary registration that is over, at most the period in which it ended.
        """
        last = self._start(day, taxpayer.quarterly) - timedelta(1)
        found = self._period(last, taxpayer.quarterly)
        while taxpayer.ended(found.first):
            found = self.period_before(found, taxpayer)
        return found

    def first_period(self, taxpayer: Taxpayer) -> Period:
        """The period in which it began to have to declare."""
        first = self._start(taxpayer.liable_since, taxpayer.quarterly)
        following = self._start(first + timedelta(95 if taxpayer.quarterly else 32), taxpayer.quarterly)
        return self._period(following - timedelta(1), taxpayer.quarterly)

    def period_before(self, period: Period, taxpayer: Taxpayer) -> Period:
        """The one before it."""
        return self._period(period.first - timedelta(1), taxpayer.quarterly)

    def periods(self, taxpayer: Taxpayer, day: date) -> Iterator[Period]:
        """Those that were over before ``day``, the latest first, as far back as the tables reach."""
        try:
            period = self.last_period(taxpayer, day)
            while True:
                yield period
                period = self.period_before(period, taxpayer)
        except DomainError:  # of an older one no rule is known
            return

    def taken(self, taxpayer: Taxpayer, day: date) -> list[Period]:
        """Those of which a return is taken at a terminal on ``day``, the latest first."""
        return list(islice(self.periods(taxpayer, day), OLDEST_PERIODS))

    def named(self, taxpayer: Taxpayer, day: date, first: date, last: date) -> Period | None:
        """The period from ``first`` to ``last`` when a return of it is taken on ``day``, else None."""
        taken = self.taken(taxpayer, day)
        return next((one for one in taken if (one.first, one.last) == (first, last)), None)

    def periods_of(self, cycle: Cycle, day: date) -> Iterator[Period]:
        """Each ``month``, ``quarter`` or ``year`` that was over before ``day``, as ``periods``."""
        try:
            while True:
                period = self._before(cycle, day)
                yield period
                day = period.first
        except DomainError:  # of an older one no rule is known
            return

    def _before(self, cycle: Cycle, day: date) -> Period:
        if cycle == "year":
            last = date(day.year - 1, 12, 31)
            return Period(date(last.year, 1, 1), last, vat_limit_date(last, self.current))
        return self._period(self._start(day, cycle == "quarter") - timedelta(1), cycle == "quarter")

    def _period(self, last: date, quarterly: bool) -> Period:
        return Period(self._start(last, quarterly), last, vat_limit_date(last, self.current))

    def _start(self, day: date, quarterly: bool) -> date:
        month = 3 * ((day.month - 1) // 3) + 1 if quarterly else day.month
        return date(day.year, month, 1)
