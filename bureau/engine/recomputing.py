"""Returns in the books, computed once more (复核): by the facts that they keep, under the tables that they name.

A return is judged by the law of its period, however the tables have changed since. Whatever does not come to the same
fen again was changed in the books, or shows that a release computes otherwise than the one that took the return.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import ValidationError

from bureau.engine.corrections import FIGURES, FORM
from bureau.engine.handlers.returns import lines_of
from bureau.engine.rules import VAT_SMALL, Rules
from bureau.engine.vat_small import vat_return
from bureau.ports.core import Core
from bureau.ports.returns import Kept
from kiosk.domain.errors import DomainError
from kiosk.domain.tax.parameters import TaxParameters
from kiosk.domain.tax.returns import KINDS

MANY = 200
"""Taxpayers asked for at a time."""


class Outcome(enum.StrEnum):
    """What became of it."""

    SAME = "same"
    DIFFERS = "differs"
    RULES_UNKNOWN = "rules-unknown"
    """Its tables were never published here, or this release cannot read them any more."""
    NO_FACTS = "no-facts"
    """What it was computed from is kept elsewhere: with the invoice (代开), or at another core."""


@dataclass(frozen=True, slots=True)
class Recomputed:
    """One return: what it declares, and what it comes to again; in fen."""

    declaration: str
    tax: str
    period_first: date
    period_last: date
    outcome: Outcome
    declared_fen: int
    computed_fen: int | None = None


def recompute_all(core: Core, rules: Rules, since: date, taxpayer: str | None = None) -> Iterator[Recomputed]:
    """Every return of periods that ended on ``since`` or later, replaced ones as well; of one taxpayer, or of all."""
    for number in [taxpayer] if taxpayer else _everybody(core):
        for kept in core.returns.filings(number, since):
            yield recompute(kept, rules)


def recompute(kept: Kept, rules: Rules) -> Recomputed:
    """One return, under the tables that it names."""
    figures, filed = kept.figures, kept.filed
    declared = int(figures.get("total_fen", filed.total_fen))

    def told(outcome: Outcome, computed: int | None = None) -> Recomputed:
        period = (filed.period_first, filed.period_last)
        return Recomputed(filed.declaration, filed.tax, *period, outcome, declared, computed)

    if not (figures.get(FORM) in KINDS or (FORM not in figures and filed.tax == VAT_SMALL)):
        return told(Outcome.NO_FACTS)
    parameters = rules.version(str(figures.get("parameters_hash")))
    if parameters is None:
        return told(Outcome.RULES_UNKNOWN)
    try:
        was, now = _of_facts(figures, parameters) if FORM in figures else _of_vat(figures, parameters)
    except (DomainError, ValidationError, ArithmeticError):
        return told(Outcome.DIFFERS)
    return told(Outcome.SAME if was == now else Outcome.DIFFERS, int(now["total_fen"]))


def _of_facts(
    figures: Mapping[str, Any], parameters: TaxParameters
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """What a return of facts says, and what its facts come to."""
    computed = KINDS[figures[FORM]].compute(figures.get("facts") or {}, parameters)
    now = {
        "lines": lines_of(computed),
        "total_fen": int(computed.total_fen),
        "refund_fen": int(computed.refund_fen),
        **({"relieved_fen": int(computed.relieved_fen)} if computed.relieved_fen else {}),
    }
    return {name: figures.get(name) for name in now}, now


def _of_vat(
    figures: Mapping[str, Any], parameters: TaxParameters
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """What a return of a small-scale taxpayer says, and what its sales come to."""
    data, result = vat_return(figures, parameters)
    told = {"carried_fen": "deducted_fen", **{name: name for name in (*FIGURES.values(), "total_fen")}}
    return {name: getattr(data, name) for name in told}, {
        name: int(getattr(result, of)) for name, of in told.items()
    }


def _everybody(core: Core) -> Iterator[str]:
    after = ""
    while found := core.registration.declaring(after, MANY):
        yield from (taxpayer.taxpayer for taxpayer in found)
        after = found[-1].taxpayer
