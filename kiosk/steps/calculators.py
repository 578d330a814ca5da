"""Figures a form derives from what the centre knows and what the person typed; one class a return or an enquiry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol

from config.clock import CHINA
from kiosk.domain.errors import DomainError
from kiosk.domain.formatting import as_date
from kiosk.domain.ids import Fen
from kiosk.domain.tax.parameters import built_in
from kiosk.domain.tax.returns import KINDS, Kind
from kiosk.domain.tax.vat_small import VatSmallInput, compute
from kiosk.steps.tax_calendar import TaxCalendar
from kiosk.steps.worked import Calculators


class Calculator(Protocol):
    """Derives the figures of one return, or of what is only asked."""

    def unaided(self, now: datetime, city_rate: str) -> Mapping[str, Any]:
        """What can be filled in without the centre (offline)."""
        ...

    def derive(self, known: Mapping[str, Any], typed: Mapping[str, Any], today: date) -> Mapping[str, Any]:
        """All figures of the form and of the effect; ``typed`` amounts in fen by row id."""
        ...


class VatSmall:
    """小规模纳税人增值税及附加税费, with the effective-dated parameters of the last day of the period."""

    def unaided(self, now: datetime, city_rate: str) -> Mapping[str, Any]:
        """The last quarters, no sales known, the hall's own city rate, halves granted to all small-scale taxpayers."""
        quarters = last_quarters(now.astimezone(CHINA).date())
        return {
            "quarters": quarters,
            **quarters[0],
            "quarterly": True,
            "ordinary_sales_fen": 0,
            "special_sales_fen": 0,
            "city_rate": city_rate,
            "half_six_taxes": True,
        }

    def derive(self, known: Mapping[str, Any], typed: Mapping[str, Any], today: date) -> Mapping[str, Any]:
        """Figures by the rules in force on the period's last day."""
        known = {**known, **named_quarter(known, typed)}
        ordinary = typed.get("ordinary", known["ordinary_sales_fen"])
        uninvoiced = typed.get("uninvoiced", known.get("uninvoiced_sales_fen", 0))
        most = _freed_most(known, ordinary, uninvoiced)
        freed = min(typed.get("freed", known.get("freed_sales_fen", 0)), most or 0)
        figures = VatSmallInput(
            ordinary_fen=Fen(ordinary),
            special_fen=Fen(known["special_sales_fen"]),
            uninvoiced_fen=Fen(uninvoiced),
            quarterly=known["quarterly"],
            city_rate=Decimal(known["city_rate"]),
            half_six_taxes=known["half_six_taxes"],
            day=as_date(known["period_last"]),
            reduced=not known.get("reduced_waived", False),
            threshold=not known.get("threshold_waived", False),
            freed_fen=Fen(freed),
            returned_fen=Fen(known.get("returned_sales_fen", 0)),
            carried_fen=Fen(known.get("carried_fen", 0)),
        )
        result = compute(figures, built_in())
        return {
            **known,
            "ordinary_sales_fen": ordinary,
            "invoiced_fen": ordinary + known["special_sales_fen"],
            "uninvoiced_fen": uninvoiced,
            "freed_sales_fen": freed,
            "freed_most_fen": most,
            "threshold_waived": not figures.threshold,
            "reduced_waived": not figures.reduced,
            "returned_sales_fen": figures.returned_fen,
            "deducted_fen": result.deducted_fen,
            "carried_left_fen": figures.carried_fen - result.deducted_fen,
            "residual_fen": result.residual_fen,
            "levy_rate": str(result.levy_rate),
            "vat_fen": result.vat_fen,
            "city_fen": result.city_fen,
            "education_fen": result.education_fen,
            "local_education_fen": result.local_education_fen,
            "total_fen": result.total_fen,
            "exempt": result.exempt,
            "parameters_hash": result.parameters_hash,
        }


class FactsOf:
    """A return of facts: those that are known, of what it is about (a source), and what was typed over them."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind

    def unaided(self, now: datetime, city_rate: str) -> Mapping[str, Any]:
        """The last quarters and the hall's own city rate; the rest is typed."""
        quarters = last_quarters(now.astimezone(CHINA).date())
        given = {**quarters[0], "city_rate": city_rate}
        facts = {name: value for name, value in given.items() if name in self._kind.fields}
        named = {"quarters": quarters, "quarter": quarters[0]["quarter"]} if "period_first" in facts else {}
        return {**named, "facts": facts}

    def derive(self, known: Mapping[str, Any], typed: Mapping[str, Any], today: date) -> Mapping[str, Any]:
        """Each fact by its name, and once none is missing the period, each tax as ``<tax>_fen`` and what is to be paid.

        A tax of which a relief was granted is the whole one; ``relieved_fen`` is taken off it.
        """
        sources = known.get("sources") or []
        wanted = typed.get("source") or (sources[0]["id"] if sources else "")
        about: Mapping[str, Any] = next((one["facts"] for one in sources if one["id"] == wanted), {})
        facts = {**known.get("facts", {}), **about}
        named = named_quarter(known, typed)
        facts.update((n, value) for n, value in {**named, **typed}.items() if n in self._kind.fields)
        figures = {**known, **named, **facts, "source": wanted, "facts": facts}
        try:
            computed = self._kind.compute(facts, built_in())
        except DomainError:  # not all of it is typed yet
            return figures
        forgiven = {computed.relieved: computed.relieved_fen}
        taxes = {
            f"{line.code.replace('-', '_')}_fen": int(line.tax_fen + forgiven.get(line.code, 0))
            for line in computed.lines
        }
        return {
            **figures,
            **taxes,
            "period_first": computed.period_first.isoformat(),
            "period_last": computed.period_last.isoformat(),
            "limit_date": computed.limit.isoformat(),
            "total_fen": int(computed.total_fen),
            "refund_fen": int(computed.refund_fen),
            "relieved_fen": int(computed.relieved_fen),
            "relief_basis": known.get("relief_basis", {}) if computed.relieved_fen else {},
            "parameters_hash": computed.parameters_hash,
        }


class Corrected:
    """A return of whatever form that corrects another: what was declared, and what was typed over it.

    It leaves ``facts`` of each form: of the VAT return, which is told line by line, its lines.
    """

    LINES = (
        "ordinary_sales_fen",
        "special_sales_fen",
        "levy_rate",
        "city_rate",
        "half_six_taxes",
        "freed_sales_fen",
        "threshold_waived",
        "reduced_waived",
        "returned_sales_fen",
        "vat_fen",
        "city_fen",
        "education_fen",
        "local_education_fen",
    )

    def unaided(self, now: datetime, city_rate: str) -> Mapping[str, Any]:
        """Nothing: without the centre nobody knows what was declared."""
        return {}

    def derive(self, known: Mapping[str, Any], typed: Mapping[str, Any], today: date) -> Mapping[str, Any]:
        """As the form of the return does it."""
        form = known["form"]
        figures = CALCULATORS[form].derive({**known, **(known.get("vat") or {})}, typed, today)
        if form != VAT_SMALL:
            return figures
        facts = {name: figures[name] for name in self.LINES}
        named = {"uninvoiced_sales_fen": "uninvoiced_fen", "carried_fen": "deducted_fen"}
        return {**figures, "facts": {**facts, **{name: figures[of] for name, of in named.items()}}}


def _freed_most(known: Mapping[str, Any], ordinary: int, uninvoiced: int) -> int | None:
    """Most sales that can be of an exempt project: invoiced since it is on file, or not; None: none is on file."""
    invoiced: int | None = known.get("freed_invoiced_fen")
    return None if invoiced is None else min(invoiced, ordinary) + uninvoiced


VAT_SMALL = "vat-small"
QUARTERS = 4
"""How many quarters a return may be of that nobody could look up; of an older one with the network."""


def last_quarters(today: date) -> list[dict[str, str]]:
    """The calendar quarters before ``today``, the latest first, each with its name and first and last day.

    ``since`` is the first day once more: a nil return may cover several, and nobody said so of this one.
    """
    found, after = [], date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    for _ in range(QUARTERS):
        last = after - timedelta(days=1)
        after = date(last.year, last.month - 2, 1)
        first = after.isoformat()
        days = {"period_first": first, "period_last": last.isoformat()}
        found.append({"quarter": first, **days, "since": first})
    return found


def named_quarter(known: Mapping[str, Any], typed: Mapping[str, Any]) -> Mapping[str, str]:
    """The quarter that the person named; nothing where it is known, or left as it was."""
    quarters: Sequence[Mapping[str, str]] = known.get("quarters") or []
    return next((one for one in quarters if one["quarter"] == typed.get("quarter")), {})


RETURNS: dict[str, Calculator] = {
    VAT_SMALL: VatSmall(),
    "correction": Corrected(),
    **{name: FactsOf(kind) for name, kind in KINDS.items()},
}
"""Those whose figures are filed."""
CALCULATORS: dict[str, Calculator] = {**RETURNS, "tax-calendar": TaxCalendar(), "worked": Calculators()}
