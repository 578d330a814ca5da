"""Paper invoices, sheet by sheet: a number lies in exactly one place after every transaction."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bureau.conformance.bench import Bench, NotAsked, promise, refused, same, there, true
from bureau.errors import NumbersMoved, SlotLocked, StockDiffers, StockRefused, StockShort
from bureau.ports.holdings import Fate, Settled
from bureau.ports.invoices import Invoices, Settlement, Slot, WantedNumbers
from bureau.ports.system import Work
from kiosk.domain.invoices import InvoiceRange

FEWEST = 4
"""Sheets that must lie in front: one for each fate, and one behind them."""
LIVES = timedelta(minutes=5)


def front(bench: Bench, work: Work) -> Slot:
    """The unit of the manifest; raises ``NotAsked`` when too few sheets lie there."""
    slot = work.core.invoices.slot(bench.manifest.terminal, bench.sheets.unit)
    if slot is None or slot.locked or slot.on_hand < FEWEST or not slot.next_number:
        raise NotAsked(
            f"{FEWEST} sheets in a row in {bench.sheets.unit} of {bench.manifest.terminal}, not locked"
        )
    return slot


def wanted(bench: Bench, slot: Slot, key: str, count: int, skipped: int = 0) -> WantedNumbers:
    """So many sheets from the front, or from behind the first ``skipped``."""
    first = f"{int(slot.next_number or 0) + skipped:08}"
    return WantedNumbers(
        bench.key(key), slot.place, slot.unit, bench.sheets.taxpayer, slot.kind or "", slot.code or "",
        InvoiceRange.starting(first, count), bench.now + LIVES,
    )  # fmt: skip


def _lies(invoices: Invoices, slot: Slot) -> tuple[str | None, int]:
    """What lies in front now, and how many."""
    now = there("invoices/slot", invoices.slot(slot.place, slot.unit))
    return now.next_number, now.on_hand


def _after(slot: Slot, count: int) -> tuple[str | None, int]:
    """The same when so many are gone from the front."""
    left = slot.on_hand - count
    return f"{int(slot.next_number or 0) + count:08}" if left else None, left


@promise(
    "invoices.reserved",
    "`reserve` locks the numbers in front; `held` counts those reserved for the enterprise now.",
    "Move the front of the unit behind the reserved numbers, and count them as the enterprise's.",
    "sheets",
)
def reserved(bench: Bench) -> None:
    """Two sheets of the front."""
    with bench.undone() as work:
        invoices, slot = work.core.invoices, front(bench, work)
        held = invoices.held(bench.sheets.taxpayer, slot.kind or "")
        asked = wanted(bench, slot, "i-1", 2)
        made = invoices.reserve(asked)
        same("invoices/reserve", (made.numbers, made.state, made.movement), (asked.numbers, "open", None))
        same("invoices/reservation", invoices.reservation(made.reservation), made)
        same("invoices/slot: what lies in front, and how many", _lies(invoices, slot), _after(slot, 2))
        same("invoices/held", invoices.held(bench.sheets.taxpayer, slot.kind or ""), held + 2)


@promise(
    "invoices.once",
    "Stock is held by number: a sheet that is reserved is reserved for nobody else.",
    "Refuse with StockDiffers (what lies in front is another number) until the first reservation let go of it.",
    "sheets",
)
def once(bench: Bench) -> None:
    """The same sheet for two keys."""
    with bench.undone() as work:
        slot = front(bench, work)
        work.core.invoices.reserve(wanted(bench, slot, "s-1", 2))
        again = wanted(bench, slot, "s-2", 1)
        refused(
            work,
            StockDiffers,
            "invoices/reserve of a sheet that is reserved",
            lambda: work.core.invoices.reserve(again),
        )
        same("what lies in front after that", _lies(work.core.invoices, slot), _after(slot, 2))


@promise(
    "invoices.in-front",
    "`reserve` raises StockDiffers when others lie in front, StockShort when there are fewer.",
    "Compare code and first number with the ledger, and count what lies in a row behind it.",
    "sheets",
)
def in_front(bench: Bench) -> None:
    """The second sheet first; one more than there are."""
    with bench.undone() as work:
        slot, reserve = front(bench, work), work.core.invoices.reserve
        skips = wanted(bench, slot, "f-1", 1, skipped=1)
        refused(work, StockDiffers, "invoices/reserve past the sheet in front", lambda: reserve(skips))
        code = replace(wanted(bench, slot, "f-2", 1), code="9" * len(slot.code or ""))
        refused(work, (StockDiffers, StockRefused), "invoices/reserve of another code", lambda: reserve(code))
        many = wanted(bench, slot, "f-3", slot.on_hand + 1)
        short = refused(
            work, StockShort, "invoices/reserve of one more than there are", lambda: reserve(many)
        )
        same("how many StockShort says are there", short.available, slot.on_hand)


@promise(
    "invoices.settled",
    "`settle` accounts for every number of a reservation, once.",
    "Move delivered sheets to the enterprise, spoilt ones to quarantine, the rest back; then NumbersMoved.",
    "sheets",
)
def settled(bench: Bench) -> None:
    """One delivered, one spoilt, one back."""
    taxpayer, today = bench.sheets.taxpayer, bench.now.date()
    with bench.undone() as work:
        invoices, slot = work.core.invoices, front(bench, work)
        kind = slot.kind or ""
        before = (invoices.collected(taxpayer, kind, today, today), invoices.held(taxpayer, kind))
        made = invoices.reserve(wanted(bench, slot, "t-1", 3))
        one, two, three = (InvoiceRange.starting(f"{int(made.numbers.first) + n:08}", 1) for n in range(3))
        parts = Settlement((one,), (two,), (three,), "doubleFeed")
        movement = invoices.settle(made, parts)
        known = there("invoices/reservation", invoices.reservation(made.reservation))
        same("its state and movement", (known.state, known.movement), ("committed", movement))
        same("invoices/settled", invoices.settled(known), parts)
        after = (invoices.collected(taxpayer, kind, today, today), invoices.held(taxpayer, kind))
        same("invoices/collected and held, one more each", after, (before[0] + 1, before[1] + 1))
        same("what lies in front", _lies(invoices, slot), _after(slot, 2))
        refused(work, NumbersMoved, "invoices/settle a second time", lambda: invoices.settle(known, parts))


@promise(
    "invoices.expired",
    "`expire` puts numbers of reservations that ran out back on hand.",
    "Compare with the moment that is given, not with the machine's clock.",
    "sheets",
)
def expired(bench: Bench) -> None:
    """Before its time nothing happens, after it the sheets lie in front again."""
    with bench.undone() as work:
        invoices, slot = work.core.invoices, front(bench, work)
        made = invoices.reserve(wanted(bench, slot, "e-1", 2))
        invoices.expire(bench.now)
        state = there("invoices/reservation", invoices.reservation(made.reservation)).state
        same("its state before its time is over", state, "open")
        true("invoices/expire after its time: how many", invoices.expire(bench.now + 2 * LIVES) >= 1, 0)
        state = there("invoices/reservation", invoices.reservation(made.reservation)).state
        same("its state after its time", state, "expired")
        same("what lies in front", _lies(invoices, slot), _after(slot, 0))


@promise(
    "invoices.disputed",
    "A unit under dispute gives nothing until a difference is settled.",
    "Lock the unit with `dispute` and `lock_slot`, and refuse with SlotLocked and the reason.",
    "sheets",
)
def disputed(bench: Bench) -> None:
    """A dispute, then another visitor."""
    with bench.undone() as work:
        invoices, slot = work.core.invoices, front(bench, work)
        made = invoices.reserve(wanted(bench, slot, "d-1", 1))
        invoices.dispute(made)
        next_one = wanted(bench, slot, "d-2", 1, skipped=1)
        locked = refused(
            work, SlotLocked, "invoices/reserve under dispute", lambda: invoices.reserve(next_one)
        )
        now = there("invoices/slot", invoices.slot(slot.place, slot.unit))
        same("whether the unit is locked, and why", (now.locked, now.reason), (True, locked.reason))


@promise(
    "holdings.settled",
    "`settle` moves every number of a range or none, and only from the states that its fate allows.",
    "Look at each sheet before you move the first; raise NumbersMoved when one is not where it may be.",
    "sheets",
)
def holdings_settled(bench: Bench) -> None:
    """Two sheets delivered: the first is used, then both are to be handed in, then the second alone."""
    taxpayer = bench.sheets.taxpayer
    with bench.undone() as work:
        invoices, holdings, slot = work.core.invoices, work.core.holdings, front(bench, work)
        made = invoices.reserve(wanted(bench, slot, "h-1", 2))
        invoices.settle(made, Settlement((made.numbers,), (), (), None))
        both, code = made.numbers, made.code
        first = InvoiceRange.starting(both.first, 1)
        second = InvoiceRange.starting(both.last, 1)

        def states() -> list[str]:
            found = holdings.within(taxpayer, code, both)
            return [state for numbers, state in found for _ in range(numbers.count)]

        def settle(numbers: InvoiceRange, fate: Fate) -> str:
            return holdings.settle(Settled(taxpayer, code, numbers, bench.key("case")), fate)

        same("holdings/within after they were collected", states(), ["issued", "issued"])
        whole = [
            run for run in holdings.runs(taxpayer) if run.code == code and made.numbers.first in run.numbers
        ]
        same(
            "holdings/runs with both in one run", [made.numbers.last in run.numbers for run in whole], [True]
        )
        settle(first, Fate.USED)
        refused(
            work,
            NumbersMoved,
            "holdings/settle of a range of which one is used",
            lambda: settle(both, Fate.RETURNING),
        )
        same("holdings/within after it", states(), ["used", "issued"])
        settle(second, Fate.RETURNING)
        same("holdings/within after the second", states(), ["used", "returning"])
        settle(second, Fate.KEPT)
        same("holdings/within when the counter did not take it", states(), ["used", "issued"])
