"""What of a traveller's purchases is refunded, and why the rest is not: by the register and the tables of the day.

The rules are in ``kiosk.domain.tax.departure_refund``. Here is what only the centre knows: the invoice itself, whose it
is, whether its store is on record, and whether it was asked for before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from bureau.engine.refusals import refuse
from bureau.engine.subjects import today
from bureau.ports.core import Core
from bureau.ports.departures import DepartureLine
from bureau.ports.einvoices import IssuedInvoice
from bureau.texts import say
from kiosk.domain.ids import Fen
from kiosk.domain.tax.departure_refund import Purchase, Reason, Refund, compute, in_cash
from kiosk.domain.tax.parameters import TaxParameters
from sync.models import DepartureAssessed, DepartureInvoice, DepartureTrip, DepartureWish, PersonClaim, Texts
from sync.models import DepartureLine as LineTold

AT_13: Final = Decimal("0.13")
AT_9: Final = Decimal("0.09")


@dataclass(frozen=True, slots=True)
class Judged:
    """One invoice that was asked about: what is refunded on it (``line``), or why nothing is (``why``)."""

    asked: DepartureInvoice
    shop: str | None = None
    line: DepartureLine | None = None
    why: Texts | None = None


@dataclass(frozen=True, slots=True)
class Assessment:
    """All of them, in the order in which they were asked about."""

    judged: tuple[Judged, ...]
    cash: bool

    @property
    def lines(self) -> tuple[DepartureLine, ...]:
        """Those on which something is given back."""
        return tuple(one.line for one in self.judged if one.line is not None)

    @property
    def way(self) -> Texts:
        """How it can be paid out."""
        return say("departure.way.any" if self.cash else "departure.way.transfer")


@dataclass(frozen=True, slots=True)
class _Found:
    """An invoice that is the traveller's own, from a store on record, with the goods that count."""

    invoice: IssuedInvoice
    purchase: Purchase

    @property
    def together(self) -> tuple[str, date]:
        """Whose minimum it counts for: one store, one day (财政部公告2015年第3号, 三)."""
        return self.invoice.seller, self.invoice.issued_on


def trip(core: Core, wish: DepartureTrip) -> int:
    """The days of the stay; raises ``Refused`` for days that cannot be."""
    day = today(core)
    if wish.arrived_on > day or wish.arrived_on > wish.leaves_on:
        raise refuse("departureArrival")
    if wish.leaves_on < day:
        raise refuse("departureGone")
    return (wish.leaves_on - wish.arrived_on).days


def assess(core: Core, who: PersonClaim, wish: DepartureWish, parameters: TaxParameters) -> Assessment:
    """Each invoice by itself, and together with those of its store and day; raises ``Refused`` for the days alone."""
    stay = trip(core, wish)
    looked = [_look(core, who, asked) for asked in _once(wish.invoices)]
    together = _together(found for _, found, _ in looked if found is not None)
    judged = tuple(
        _judge(asked, found, why, wish.leaves_on, parameters, stay, together)
        for (asked, found, why) in looked
    )
    paid = sum(one.line.refund_fen - one.line.fee_fen for one in judged if one.line is not None)
    return Assessment(judged, in_cash(Fen(paid), wish.leaves_on, parameters))


def told(core: Core, found: Assessment) -> DepartureAssessed:
    """On the wire."""
    lines = found.lines
    refund, fee = sum(line.refund_fen for line in lines), sum(line.fee_fen for line in lines)
    return DepartureAssessed(
        lines=[
            LineTold(
                number=one.asked.number,
                issued=one.asked.issued,
                amount_fen=one.asked.amount_fen,
                shop=one.shop,
                eligible=one.line is not None,
                refund_fen=one.line.refund_fen if one.line is not None else 0,
                why_not=one.why,
            )
            for one in found.judged
        ],
        count=len(lines),
        total_fen=sum(line.total_fen for line in lines),
        refund_fen=refund,
        fee_fen=fee,
        paid_fen=refund - fee,
        way=found.way,
        as_of=core.now,
    )


def _once(invoices: Sequence[DepartureInvoice]) -> list[DepartureInvoice]:
    """Each invoice once, however often it was held before the reader."""
    return list({one.number: one for one in invoices}.values())


def _look(
    core: Core, who: PersonClaim, asked: DepartureInvoice
) -> tuple[DepartureInvoice, _Found | None, Texts | None]:
    """The invoice with its goods, or the first reason why it is none to be refunded.

    Of an invoice that is another's nothing is told but that it is not the traveller's.
    """
    invoice = core.einvoices.find("", asked.number)
    if invoice is None or (invoice.issued_on, invoice.total_fen) != (asked.issued, asked.amount_fen):
        return asked, None, say("departure.why.unknown")
    if invoice.buyer_number.strip().upper() != who.number:
        return asked, None, say("departure.why.another")
    if invoice.state != "valid" or invoice.taken_back_fen:
        return asked, None, say("departure.why.taken-back")
    if core.departures.shop(invoice.seller, invoice.issued_on) is None:
        return asked, None, say("departure.why.shop")
    if (held := core.departures.holding(invoice.number)) is not None:
        return asked, None, say("departure.why.asked", application=held)
    purchase = bought(invoice)
    if not purchase.total_fen:
        return asked, None, say("departure.why.rate")
    return asked, _Found(invoice, purchase), None


def bought(invoice: IssuedInvoice) -> Purchase:
    """What of an invoice counts: its goods at 13 and at 9 per cent, with tax; everything else is not refunded."""
    sums: dict[Decimal, int] = defaultdict(int)
    for line in invoice.lines:
        if line.rate:
            sums[Decimal(line.rate)] += line.net_fen + line.tax_fen
    return Purchase(invoice.issued_on, Fen(sums[AT_13]), Fen(sums[AT_9]))


def _together(found: Iterable[_Found]) -> Mapping[tuple[str, date], int]:
    sums: dict[tuple[str, date], int] = defaultdict(int)
    for one in found:
        sums[one.together] += one.purchase.total_fen
    return sums


def _judge(
    asked: DepartureInvoice,
    found: _Found | None,
    why: Texts | None,
    leaves_on: date,
    parameters: TaxParameters,
    stay: int,
    together: Mapping[tuple[str, date], int],
) -> Judged:
    if found is None:
        return Judged(asked, why=why)
    invoice = found.invoice
    in_all = Fen(together[found.together])
    refund = compute(found.purchase, leaves_on, parameters, days_in_china=stay, together_fen=in_all)
    if refund.reason is not Reason.NONE:
        return Judged(asked, invoice.seller_name, why=_why(refund.reason, found, leaves_on, parameters))
    return Judged(asked, invoice.seller_name, _line(found, refund))


def _line(found: _Found, refund: Refund) -> DepartureLine:
    invoice, purchase = found.invoice, found.purchase
    return DepartureLine(
        invoice=invoice.number,
        shop=invoice.seller,
        shop_name=invoice.seller_name,
        issued_on=invoice.issued_on,
        total_fen=invoice.total_fen,
        at_13_fen=purchase.at_13_fen,
        at_9_fen=purchase.at_9_fen,
        refund_fen=refund.refund_fen,
        fee_fen=refund.fee_fen,
    )


def _why(reason: Reason, found: _Found, leaves_on: date, parameters: TaxParameters) -> Texts:
    """The rule of the day of the purchase, in words."""
    rules = parameters.at(found.purchase.day)
    values = {
        "minimum": str(rules.amount("departure-refund.minimum") // 100),
        "days": str(rules.number("departure-refund.days-before-leaving")),
        "stay": str(rules.number("departure-refund.days-of-stay")),
    }
    return say(f"departure.why.{reason.value}", **values)
