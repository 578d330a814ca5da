"""Tax UKeys of the cast's firms that write invoices on paper: given out long ago, the last month still to be reported.

The device holds what the books hold: its figures are those of the invoices with a code. Its key goes with seed and
number, so that the simulated cabinet can be handed the very device.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, case, func, select

from bureau.city.cast import FIRMS
from bureau.city.characters import Firm
from bureau.engine.rules import Rules
from bureau.engine.tax_control import seals
from bureau.engine.tax_control.standing import issues_until
from bureau.ports.materials import Vault
from bureau.store import tables
from config.clock import CHINA
from kiosk.domain.tax_control import KindTotals, last_day, month_after

KINDS: Final = {"04": "ordinary", "01": "special"}
"""Paper that such a device writes on, and which kind of sale that is in the books."""
UNLOCKED: Final = 6
"""How often each was unlocked before."""
REPORTED: Final = 2
"""Months before the one that is due whose reports are in the books: with it they are a quarter, if it ends one."""
OFFICER: Final = "发行岗 段丽"
COUNTER: Final = "counter"


@dataclass(frozen=True, slots=True)
class Ukey:
    """One firm's device."""

    number: str
    firm: Firm


def ukeys() -> list[Ukey]:
    """Those of the cast; their numbers are the same in each city."""
    firms = [firm for firm in FIRMS if firm.used and firm.state == "normal"]
    return [Ukey(f"6616{place:08d}", firm) for place, firm in enumerate(firms, start=17)]


def plant(connection: Connection, seed: int, as_of: date, rules: Rules, vault: Vault) -> None:
    """Give them out, with the reports and orders of the months before; once, into the city that is there."""
    for one in ukeys():
        cleared, reported = _past(connection, one.firm, as_of)
        connection.execute(
            tables.tax_device.insert().values(
                device=one.number,
                taxpayer=one.firm.taxpayer,
                state="active",
                sealed=seals.kept(vault, one.number, _key(seed, one.number)),
                counter=UNLOCKED,
                cleared=cleared,
                issues_until=issues_until(rules, cleared),
                issued_on=as_of - timedelta(days=400),
                issued_by=OFFICER,
            )
        )
        for month in reported:
            behind = _months(month, cleared)
            taken = datetime.combine(month_after(month), time(9, 5), CHINA) + timedelta(days=3)
            by = {"device": one.number, "month": month, "key": f"history-{one.number}-{month:%Y%m}"}
            kinds = [asdict(kind) for kind in _totals(connection, one.firm, month)]
            report = {"taxpayer": one.firm.taxpayer, "counter": UNLOCKED - behind - 1, "kinds": kinds}
            connection.execute(
                tables.device_report.insert().values(**by, **report, taken_at=taken, terminal=COUNTER)
            )
            if month <= cleared:
                order = {"counter": UNLOCKED - behind, "issues_until": issues_until(rules, month)}
                connection.execute(tables.device_order.insert().values(**by, **order, made_at=taken))


def of_cast(connection: Connection, seed: int, as_of: date) -> Mapping[str, dict[str, object]]:
    """The devices as they stand by the books, by taxpayer, in the words of the simulated card."""
    found: dict[str, dict[str, object]] = {}
    running = as_of.replace(day=1)
    for one in ukeys():
        t = tables.tax_device
        row = connection.execute(select(t).where(t.c.device == one.number)).one_or_none()
        if row is None:
            continue
        held = [month for month in _from(month_after(row.cleared)) if month <= running]
        found[one.firm.taxpayer] = {
            "number": one.number,
            "taxpayer": one.firm.taxpayer,
            "key": _key(seed, one.number).hex(),
            "counter": row.counter,
            "cleared": f"{row.cleared:%Y-%m}",
            "issuesUntil": row.issues_until.isoformat(),
            "running": f"{running:%Y-%m}",
            "months": {f"{m:%Y-%m}": [_said(k) for k in _totals(connection, one.firm, m)] for m in held},
        }
    return found


def _past(connection: Connection, firm: Firm, as_of: date) -> tuple[date, list[date]]:
    """The month that was unlocked last, and those that were reported.

    The one before the last; where that ended a quarter whose return is missing, the one before it.
    """
    due = _before(as_of.replace(day=1), 1)
    cleared = _before(due, 1)
    if cleared.month % 3 == 0 and not _filed(connection, firm, last_day(cleared)):
        cleared = _before(cleared, 1)
    return cleared, [_before(due, back) for back in range(REPORTED, 0, -1)]


def _filed(connection: Connection, firm: Firm, last: date) -> bool:
    t = tables.declaration
    stands = (t.c.taxpayer == firm.taxpayer) & (t.c.period_last == last) & (t.c.state == "filed")
    return connection.execute(select(func.count()).where(stands, t.c.tax.like("vat%"))).scalar_one() > 0


def _totals(connection: Connection, firm: Firm, month: date) -> Iterator[KindTotals]:
    """What was written on each kind of the firm's paper in the month, by kind."""
    t = tables.sale

    def count(state: str) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((t.c.state == state, 1), else_=0)), 0)

    for kind in sorted(set(firm.kinds) & KINDS.keys()):
        sums = [
            func.coalesce(func.sum(case((t.c.state == "void", 0), else_=column)), 0)
            for column in (t.c.net_fen, t.c.tax_fen)
        ]
        query = select(func.count(), count("void"), count("red"), *sums).where(
            t.c.taxpayer == firm.taxpayer,
            t.c.code != "",
            t.c.kind == KINDS[kind],
            t.c.issued_on >= month,
            t.c.issued_on <= last_day(month),
        )
        yield KindTotals(kind, *map(int, connection.execute(query).one()))


def _said(kind: KindTotals) -> dict[str, object]:
    return {
        "kind": kind.kind,
        "issued": kind.issued,
        "voided": kind.voided,
        "red": kind.red,
        "netFen": kind.net_fen,
        "taxFen": kind.tax_fen,
    }


def _key(seed: int, number: str) -> bytes:
    return hashlib.sha256(f"{seed}:tax-device:{number}".encode()).digest()


def _before(month: date, count: int) -> date:
    for _ in range(count):
        month = (month - timedelta(days=1)).replace(day=1)
    return month


def _months(earlier: date, later: date) -> int:
    """How many months ``later`` is behind ``earlier``, below zero when it is before it."""
    return (later.year - earlier.year) * 12 + later.month - earlier.month


def _from(month: date) -> Iterator[date]:
    """This month and the next ones, as many as a device holds at most."""
    for _ in range(24):
        yield month
        month = month_after(month)
