"""VAT preferences on file (优惠备案) and given up (放弃): what they make of the returns and invoices of their months.

Each is an entry of the registration, valid from the first day of its month on, so that what holds of a month is what
was in force then however much was filed since. 增值税法 arts. 23, 24 and 27.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from bureau.engine.matters.kinds import PreferenceKind, matters
from bureau.engine.names import period_name
from bureau.engine.refusals import refuse
from bureau.ports.core import Core
from bureau.ports.returns import Sales
from bureau.texts import joined, say
from sync.models import FactValues, Texts

MATTER = "preference.file"
BEGUN, ENDED = "begun", "ended"


@dataclass(frozen=True, slots=True)
class Standing:
    """How one preference stands on a day: whether it is in force, and since the first day of which month."""

    preference: str
    in_force: bool
    since: date


@dataclass(frozen=True, slots=True)
class OfPeriod:
    """What holds of a period.

    ``freed``: the first days of the months in which sales of an exempt project may be told apart. ``shown``: what is
    on file by name and since when, ``law`` what it does and where that stands; both empty where nothing is.
    """

    threshold_waived: bool = False
    reduced_waived: bool = False
    freed: Sequence[date] = ()
    shown: Texts = field(default_factory=dict)
    law: Texts = field(default_factory=dict)

    @property
    def waived(self) -> FactValues:
        """What was given up, as the facts of a return say it; nothing where nothing was."""
        told = {"threshold_waived": self.threshold_waived, "reduced_waived": self.reduced_waived}
        return {name: True for name, given_up in told.items() if given_up}


def kinds() -> Mapping[str, PreferenceKind]:
    """What can be filed, by its name in the form."""
    return matters()[MATTER].preferences


def standing(core: Core, taxpayer: str, preference: str, day: date) -> Standing | None:
    """How it stands on ``day``; None where nothing was ever filed by then."""
    return _read(preference, core.registration.facts(taxpayer, day).get(_fact(preference)))


def enter(core: Core, taxpayer: str, one: Standing, case: str) -> None:
    """It begins, or ends, with the month of ``one``."""
    word = BEGUN if one.in_force else ENDED
    core.registration.enter(taxpayer, _fact(one.preference), f"{word} {one.since:%Y-%m}", one.since, case)


def in_force(core: Core, taxpayer: str, day: date) -> list[Standing]:
    """Those in force on ``day``, in the order of the form."""
    facts = core.registration.facts(taxpayer, day)
    found = (_read(name, facts.get(_fact(name))) for name in kinds())
    return [one for one in found if one is not None and one.in_force]


def of_period(core: Core, taxpayer: str, first: date, last: date) -> OfPeriod:
    """What holds of the months from ``first`` to ``last``."""
    months = {month: in_force(core, taxpayer, month) for month in _months(first, last)}
    mine = {one.preference: one for held in months.values() for one in held}
    does = {kinds()[name].does for name in mine}
    return OfPeriod(
        threshold_waived="threshold-waived" in does,
        reduced_waived="reduced-waived" in does,
        freed=[
            m for m, held in months.items() if any(kinds()[one.preference].does == "freed" for one in held)
        ],
        shown=joined([shown(one) for one in mine.values()], "semicolon") if mine else {},
        law=joined([_law(name) for name in mine], "semicolon") if mine else {},
    )


def freed_invoiced(core: Core, taxpayer: str, mine: OfPeriod) -> int | None:
    """Sales with ordinary invoices, fen, in the months of an exempt project; None where there is no such month."""
    if not mine.freed:
        return None
    sold: list[Sales] = [core.returns.sales(taxpayer, month, _end(month)) for month in mine.freed]
    return max(sum(sales.ordinary_fen for sales in sold), 0)


def check_told(
    core: Core, taxpayer: str, mine: OfPeriod, told: tuple[bool, bool], freed_fen: int, uninvoiced_fen: int
) -> None:
    """A return says what is on file: what was given up (``told``), and no more exempt sales than there can be.

    Raises ``Refused``: ``preferenceDiffers``.
    """
    invoiced = freed_invoiced(core, taxpayer, mine)
    most = 0 if invoiced is None else invoiced + uninvoiced_fen
    if told != (mine.threshold_waived, mine.reduced_waived) or freed_fen > most:
        raise refuse("preferenceDiffers")


def shown(one: Standing) -> Texts:
    """Its name, and since when."""
    return say("preference.since", name=say(f"preference.{one.preference}"), month=_month_name(one.since))


def _month_name(first: date) -> Texts:
    return period_name(first, first)


def _law(preference: str) -> Texts:
    kind = kinds()[preference]
    return say("preference.law", does=say(f"preference-does.{kind.does}"), law=kind.basis)


def _fact(preference: str) -> str:
    return f"preference.{preference}"


def _read(preference: str, entry: str | int | bool | None) -> Standing | None:
    if entry is None:
        return None
    word, _, month = str(entry).partition(" ")
    return Standing(preference, word == BEGUN, date.fromisoformat(f"{month}-01"))


def _months(first: date, last: date) -> Iterator[date]:
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = _end(month) + timedelta(days=1)


def _end(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
