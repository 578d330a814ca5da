"""The tax calculators (税费计算器): what was typed worked out, as sheets for the screen and for the slip."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from config.catalogue.models import Format
from config.clock import CHINA
from config.parameter_tables import Row
from kiosk.domain.errors import DomainError, ParameterMissingError
from kiosk.domain.formatting import as_date
from kiosk.domain.money import fen, format_yuan
from kiosk.domain.tax.lines import ONE
from kiosk.domain.tax.parameters import TaxParameters, built_in
from kiosk.domain.tax.property_taxes import StampItem
from kiosk.domain.tax.returns.personal import LEVELS
from kiosk.domain.tax.worked import CYCLES, HOMES, INSURED, MONTHS, PLACES, SUMS, Line, Sum, Worked, work
from kiosk.steps.in_words import Said, day, said, same, shown

OFFERED: Final[Mapping[str, tuple[str, ...]]] = {
    "cycle": CYCLES,
    "place": PLACES,
    "homes": tuple(HOMES),
    "item": tuple(StampItem),
    "level": LEVELS,
    "insured": tuple(INSURED),
}
"""What is chosen from, by fact."""
SHOWN: Final[Mapping[str, Format]] = {
    "until": Format.MONTH,
    "month": Format.MONTH,
    "first": Format.MONTH,
    "year": Format.COUNT,
    "months": Format.COUNT,
    "area": Format.COUNT,
    "with_tax": Format.YES_NO,
    "new_energy": Format.YES_NO,
    "half": Format.YES_NO,
}
"""How a fact is written; amounts end in ``_fen``, and what is neither is a day."""
SURE: Final = "K+"


class Calculators:
    """One form for all of them, which ``form`` names; what it leaves are ``sheet``, ``paper`` and ``rules``."""

    def unaided(self, now: datetime, city_rate: str) -> Mapping[str, Any]:
        """What can be chosen, and what most people ask for: today, the period that has just ended, this city."""
        today = now.astimezone(CHINA).date()
        quarter_ends = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1) - timedelta(days=1)
        return {
            "offered": {fact: [_option(fact, one) for one in ids] for fact, ids in OFFERED.items()},
            "usual": {
                "cycle": "quarter",
                "until": f"{quarter_ends:%Y-%m}",
                "with_tax": True,
                "place": _place(Decimal(city_rate), built_in(), today),
                "month": f"{today:%Y-%m}",
                "year": today.year - 1,
                "paid_on": today.isoformat(),
                "bought_on": today.isoformat(),
                "signed_on": today.isoformat(),
                "paid": today.isoformat(),
                "insured": "both",
                "first": f"{today:%Y-%m}",
                "latest": date(today.year + 1, 12, 31).isoformat(),
            },
        }

    def derive(self, known: Mapping[str, Any], typed: Mapping[str, Any], today: date) -> Mapping[str, Any]:
        """Each fact by its name, and once none is missing the sheets; of a day without rules, one that says so."""
        wanted = Sum(known["form"])
        fields, _ = SUMS[wanted]
        given = {fact: typed.get(fact, known["usual"].get(fact)) for fact in fields}
        most = _months(wanted, given)
        if "months" in given and given["months"] is None:
            given["months"] = most if wanted is Sum.WAGES else 1
        figures = {**known, **given, "months_most": most}
        try:
            worked = work(wanted, given, built_in())
        except ParameterMissingError:
            sheet = _sheet(wanted, said("worked.no-rules"))
            return {**figures, "sheet": sheet, "paper": sheet, "rules": []}
        except DomainError:  # not all of it is typed yet
            return figures
        return {
            **figures,
            "sheet": _sheet(wanted, said("worked.advice"), worked),
            "paper": _paper(wanted, given, worked),
            "rules": _rules(worked),
            "worked_fen": int(worked.total_fen),
            "parameters_hash": built_in().hash,
        }


def _option(fact: str, option: str) -> Mapping[str, object]:
    return {"id": option, "title": said(f"worked.option.{fact}.{option}")}


def _place(city_rate: Decimal, parameters: TaxParameters, today: date) -> str:
    """Where this terminal's own taxpayers are, by the rate of its city."""
    rules = parameters.at(today)
    return next(place for place in PLACES if rules.rate(f"surcharges.city-rate-{place}") == city_rate)


def _months(wanted: Sum, given: Mapping[str, Any]) -> int:
    """The most months that there can be: up to that of the wages, or to the end of the year of contributions."""
    if wanted is Sum.WAGES:
        return as_date(given["month"]).month
    return MONTHS + 1 - as_date(given["first"]).month if wanted is Sum.SOCIAL else MONTHS


def _sheet(wanted: Sum, last: Said, worked: Worked | None = None) -> Mapping[str, Any]:
    """As the screen has it (``sync.models.SheetShown``): by whose rules, line by line, and what it comes to."""
    return {
        "title": said(f"worked.title.{wanted}"),
        "facts": [_rules_of(worked)] if worked else [],
        "columns": [
            {"label": said("worked.column.item"), "width": 5, "figures": False},
            {"label": said("worked.column.working"), "width": 5, "figures": True},
            {"label": said("worked.column.amount"), "width": 3, "figures": True},
        ],
        "rows": [[_label(line), same(_working(line)), same(format_yuan(line.fen))] for line in worked.lines]
        if worked
        else [],
        "total": [_total(worked)] if worked else [],
        "statements": [last],
    }


def _paper(wanted: Sum, given: Mapping[str, Any], worked: Worked) -> Mapping[str, Any]:
    """As the slip has it: what was typed as well, and the basis of each rule."""
    sheet = _sheet(wanted, said("worked.advice"), worked)
    facts = [_given(fact, value) for fact, value in given.items() if value not in (None, 0)]
    rules = [said("worked.rule", basis=rule["basis"], days=rule["days"]) for rule in _rules(worked)]
    return {**sheet, "facts": [*facts, _rules_of(worked)], "statements": [*rules, said("worked.advice")]}


def _given(fact: str, value: object) -> Mapping[str, Said]:
    if fact in OFFERED:
        words = said(f"worked.option.{fact}.{value}")
    else:
        words = shown(Format.MONEY if fact.endswith("_fen") else SHOWN.get(fact, Format.DATE), value)
    return {"label": said(f"worked.given.{fact}"), "value": words}


def _rules_of(worked: Worked) -> Mapping[str, Said]:
    return {"label": said("worked.rules-of"), "value": day(worked.day)}


def _total(worked: Worked) -> Mapping[str, Said]:
    return {"label": said(f"worked.total.{worked.total}"), "value": same(f"¥{format_yuan(worked.total_fen)}")}


def _label(line: Line) -> Said:
    """What the line is, and why it is not simply base × rate."""
    words = said(f"worked.line.{line.code}")
    return said("worked.noted", line=words, note=said(f"worked.note.{line.note}")) if line.note else words


def _working(line: Line) -> str:
    """``500,000.00 × 1% × 50%``; empty for an amount that is none of anything."""
    if line.base_fen is None or line.rate is None:
        return ""
    shares = [line.rate, *([line.factor] if line.factor != ONE else [])]
    parts = [format_yuan(line.base_fen), *(_percent(share) for share in shares)]
    if line.days is not None:
        parts.append(str(line.days))
    less = f" − {format_yuan(fen(line.quick))}" if line.quick else ""
    return " × ".join(parts) + less


def _percent(share: Decimal) -> str:
    return f"{(share * 100).normalize():f}%"


def _rules(worked: Worked) -> list[Mapping[str, Any]]:
    """Each basis once, with the days between which its rule holds, and whether the bureau has still to confirm it."""
    return [dict(one) for one in {str(rule): rule for rule in map(_rule, worked.rules)}.values()]


def _rule(row: Row) -> Mapping[str, Any]:
    first, last = day(row.valid_from), day(row.valid_to) if row.valid_to else None
    days = said("worked.until", first=first, last=last) if last else said("worked.since", first=first)
    return {"basis": same(row.legal_basis), "days": days, "sure": "" if row.confidence == SURE else "no"}
