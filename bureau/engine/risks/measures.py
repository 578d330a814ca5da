"""The comparisons that hints are made of: each a pure function of the facts and the limits of its rule.

``hit`` is None where there is nothing to compare. ``values`` fill the words of the rule, with a hint and without one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from bureau.engine.names import period_name
from bureau.engine.risks.facts import Facts, PeriodFacts
from bureau.texts import LANGUAGES, say
from kiosk.domain.ids import Fen
from kiosk.domain.money import format_yuan
from sync.models import Texts

Limits = Mapping[str, int]
Value = str | Texts


@dataclass(frozen=True, slots=True)
class Compared:
    """What a comparison came to."""

    hit: bool | None
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Measure:
    """A comparison: the limits that its rule has to give, the values that its words may name, and what it does."""

    limits: frozenset[str]
    values: frozenset[str]
    compare: Callable[[Facts, Limits], Compared]


MEASURES: Final[dict[str, Measure]] = {}
Compare = Callable[[Facts, Limits], Compared]


def measure(name: str, limits: str, values: str) -> Callable[[Compare], Compare]:
    """Register a comparison under the name that rules use."""

    def register(compare: Compare) -> Compare:
        MEASURES[name] = Measure(frozenset(limits.split()), frozenset(values.split()), compare)
        return compare

    return register


@measure("unfiled", "", "due count oldest")
def unfiled(facts: Facts, limits: Limits) -> Compared:
    """Returns whose limit has passed and that nobody filed."""
    count = len(facts.unfiled)
    oldest = say("risk.oldest", what=facts.unfiled[0]) if count else _nothing()
    due = str(max(facts.due_count, count))
    return Compared(
        count > 0 if facts.due_count or count else None, {"due": due, "count": str(count), "oldest": oldest}
    )


@measure("overdue", "", "count amount late_fee")
def overdue(facts: Facts, limits: Limits) -> Compared:
    """Dues whose limit has passed and that nobody paid."""
    values = {
        "count": str(facts.overdue_count),
        "amount": _yuan(facts.overdue_fen),
        "late_fee": _yuan(facts.overdue_late_fee_fen),
    }
    return Compared(facts.overdue_count > 0, values)


@measure("undeclared", "gap_fen", "period invoiced declared gap")
def undeclared(facts: Facts, limits: Limits) -> Compared:
    """The period with the largest gap between invoices and what its return says of invoiced sales.

    A small-scale return tells ordinary and special apart: neither makes up for the other (票表比对).
    """
    filed = [one for one in facts.periods if one.declared_fen is not None]
    if not filed:
        return Compared(None, dict.fromkeys(("period", "invoiced", "declared", "gap"), "0"))
    worst = max(filed, key=lambda one: (gap(one), one.first))
    declared = _declared_invoiced(worst)
    values: dict[str, Value] = {
        "period": worst.name,
        "invoiced": _yuan(worst.invoiced_fen),
        "declared": _yuan(declared),
        "gap": _yuan(gap(worst)),
    }
    return Compared(gap(worst) >= limits["gap_fen"], values)


def gap(period: PeriodFacts) -> int:
    """By how much its invoices are above its return, kind by kind where the return tells them apart; at least 0."""
    if period.declared_fen is None:
        return 0
    if period.declared_ordinary_fen is None or period.declared_special_fen is None:
        return max(0, period.invoiced_fen - period.declared_fen)
    ordinary = max(0, period.invoiced_ordinary_fen - period.declared_ordinary_fen)
    return ordinary + max(0, period.invoiced_special_fen - period.declared_special_fen)


def _declared_invoiced(period: PeriodFacts) -> int:
    if period.declared_ordinary_fen is None or period.declared_special_fen is None:
        return period.declared_fen or 0
    return period.declared_ordinary_fen + period.declared_special_fen


@measure("threshold", "sales_fen", "months sales limit")
def threshold(facts: Facts, limits: Limits) -> Compared:
    """Sales of the months back against the most that a small-scale taxpayer may have; the larger of both sources."""
    declared = sum(one.declared_fen or 0 for one in facts.periods)
    sales = max(facts.sales_fen, declared)
    values = {"months": str(facts.months), "sales": _yuan(sales), "limit": _yuan(limits["sales_fen"])}
    return Compared(sales > limits["sales_fen"] if facts.small_scale else None, values)


@measure("zero-returns", "in_a_row", "count collected invoiced")
def zero_returns(facts: Facts, limits: Limits) -> Compared:
    """Nil returns one after the other up to the last one filed, and what was collected or invoiced meanwhile."""
    filed = [one for one in facts.periods if one.declared_fen is not None]
    row = list(takewhile(lambda one: one.declared_fen == 0, filed))
    collected, invoiced = sum(one.collected for one in row), sum(one.invoiced_fen for one in row)
    values = {"count": str(len(row)), "collected": str(collected), "invoiced": _yuan(invoiced)}
    hit = len(row) >= limits["in_a_row"] and (collected > 0 or invoiced > 0)
    return Compared(hit if filed else None, values)


@measure("unchecked", "days", "days limit")
def unchecked(facts: Facts, limits: Limits) -> Compared:
    """How long the earliest used invoice has waited to be checked."""
    days = (facts.day - facts.unchecked_since).days if facts.unchecked_since is not None else 0
    return Compared(days > limits["days"], {"days": str(days), "limit": str(limits["days"])})


@measure("late-filed", "times", "months all count")
def late_filed(facts: Facts, limits: Limits) -> Compared:
    """Returns that were filed after their limit."""
    values = {"months": str(facts.months), "all": str(facts.filed_count), "count": str(facts.filed_late)}
    return Compared(facts.filed_late >= limits["times"] if facts.filed_count else None, values)


@measure("late-paid", "times", "months all count late_fee")
def late_paid(facts: Facts, limits: Limits) -> Compared:
    """Payments that bore a surcharge."""
    values = {
        "months": str(facts.months),
        "all": str(facts.paid_count),
        "count": str(facts.paid_late),
        "late_fee": _yuan(facts.paid_late_fee_fen),
    }
    return Compared(facts.paid_late >= limits["times"] if facts.paid_count else None, values)


@measure("credit", "", "year all count")
def credit(facts: Facts, limits: Limits) -> Compared:
    """Records of the last evaluation of tax credit that nobody made good."""
    values = {"year": facts.credit_year, "all": str(facts.credit_records), "count": str(facts.credit_open)}
    return Compared(facts.credit_open > 0 if facts.credit_year else None, values)


@measure("devices", "", "all count")
def devices(facts: Facts, limits: Limits) -> Compared:
    """Tax-control devices that issue no more, because nobody reported and unlocked them in time."""
    values = {"all": str(facts.devices), "count": str(facts.devices_behind)}
    return Compared(facts.devices_behind > 0 if facts.devices else None, values)


@measure("input-ratio", "percent in_a_row", "count output input percent limit")
def input_ratio(facts: Facts, limits: Limits) -> Compared:
    """Input over output tax of the last periods together."""
    known = [one for one in facts.periods if one.output_fen is not None and one.input_fen is not None]
    last = known[: limits["in_a_row"]]
    output, paid = sum(one.output_fen or 0 for one in last), sum(one.input_fen or 0 for one in last)
    percent = _percent(paid, output)
    values = {
        "count": str(len(last)),
        "output": _yuan(output),
        "input": _yuan(paid),
        "percent": str(percent),
        "limit": str(limits["percent"]),
    }
    enough = len(last) == limits["in_a_row"] and output > 0
    return Compared(paid * 100 >= limits["percent"] * output if enough else None, values)


@measure("red-letters", "percent times", "months count red percent limit")
def red_letters(facts: Facts, limits: Limits) -> Compared:
    """Red-letter invoices against all that was sold before they were taken off."""
    sold = facts.sales_fen + facts.red_fen
    values = {
        "months": str(facts.months),
        "count": str(facts.red_count),
        "red": _yuan(facts.red_fen),
        "percent": str(_percent(facts.red_fen, sold)),
        "limit": str(limits["percent"]),
    }
    hit = facts.red_count >= limits["times"] and facts.red_fen * 100 >= limits["percent"] * sold
    return Compared(hit if sold else None, values)


@measure("near-exemption", "percent times quarter_fen month_fen", "months count limit")
def near_exemption(facts: Facts, limits: Limits) -> Compared:
    """Periods of a small-scale taxpayer whose declared sales are just within the exemption."""
    most = limits["quarter_fen"] if facts.quarterly else limits["month_fen"]
    known = [one.declared_fen for one in facts.periods if one.declared_fen is not None]
    near = [fen for fen in known if fen <= most and fen * 100 >= limits["percent"] * most]
    values = {"months": str(facts.months), "count": str(len(near)), "limit": str(limits["percent"])}
    return Compared(len(near) >= limits["times"] if facts.small_scale and known else None, values)


@measure("swing", "percent least_fen", "period now before percent limit")
def swing(facts: Facts, limits: Limits) -> Compared:
    """The last return against the one before it, where either says enough to matter."""
    known = [one for one in facts.periods if one.declared_fen is not None][:2]
    empty: dict[str, Value] = dict.fromkeys(("period", "now", "before", "percent"), "0")
    if len(known) < 2:
        return Compared(None, {**empty, "limit": str(limits["percent"])})
    now, before = known[0].declared_fen or 0, known[1].declared_fen or 0
    larger = max(now, before)
    values: dict[str, Value] = {
        "period": period_name(known[0].first, known[0].last),
        "now": _yuan(now),
        "before": _yuan(before),
        "percent": str(_percent(abs(now - before), larger)),
        "limit": str(limits["percent"]),
    }
    hit = larger >= limits["least_fen"] and abs(now - before) * 100 >= limits["percent"] * larger
    return Compared(hit, values)


def _percent(part: int, whole: int) -> int:
    """Rounded down; 0 of nothing."""
    return part * 100 // whole if whole > 0 else 0


def _yuan(fen: int) -> str:
    return format_yuan(Fen(fen))


def _nothing() -> Texts:
    return dict.fromkeys(LANGUAGES, "")
