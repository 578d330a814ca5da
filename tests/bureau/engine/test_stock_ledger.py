"""The ledger under any sequence of movements: nothing is lost, nothing is in two places, every slot balances."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import DBAPIError

from bureau.engine.reference.context import Context
from bureau.engine.reference.holdings import ReferenceHoldings
from bureau.engine.reference.invoices import ReferenceInvoices
from bureau.engine.reference.stock_check import check_stock
from bureau.engine.reference.stockroom import Stockroom
from bureau.errors import NumbersMoved, SlotLocked, StockDiffers, StockRefused, StockShort
from bureau.ports.holdings import Fate, Settled
from bureau.ports.invoices import Settlement, WantedNumbers
from bureau.ports.stock import SHELF, Hands
from bureau.store import tables
from bureau.store.database import Database
from config.clock import CHINA
from kiosk.domain.errors import RangeError
from kiosk.domain.invoices import InvoiceRange, add
from tests.bureau.conftest import CODE, HANDS, SPECIAL, Centre
from tests.bureau.staff import count_unit

START = datetime(2026, 10, 12, 9, 0, tzinfo=CHINA)
REFUSALS = (StockRefused, StockDiffers, StockShort, SlotLocked, NumbersMoved, RangeError)
numbers = st.integers(0, 60).map(lambda n: f"{n:08d}")
counts = st.integers(1, 12)
slots = st.sampled_from([("A-07", "unit1"), ("A-07", "unit2"), ("B-01", "unit1"), SHELF])


class StockMachine(RuleBasedStateMachine):
    """Operators, terminals and time, in any order, over one small batch of numbers."""

    database: Database
    run_number = 0

    @initialize()
    def begin(self) -> None:
        type(self).run_number += 1
        self.code = f"0530126{self.run_number:05d}"  # a code of its own: the rest of the store stays
        self.now = START
        self.open: list[str] = []

    def _do(self, work: Any) -> Any:
        """One transaction; a refusal leaves nothing behind."""
        try:
            with self.database.write() as connection:
                return work(Context(connection, self.now, ""))
        except REFUSALS:
            return None

    @rule(slot=slots, first=numbers, count=counts)
    def load(self, slot: tuple[str, str], first: str, count: int) -> None:
        span = InvoiceRange.starting(first, count)
        self._do(lambda c: Stockroom(c).load(*slot, self.code, span, HANDS, "04"))

    @rule(slot=slots, count=counts, taxpayer=st.sampled_from(["T1", "T2"]))
    def reserve(self, slot: tuple[str, str], count: int, taxpayer: str) -> None:
        def work(context: Context) -> str:
            invoices = ReferenceInvoices(context)
            seen = invoices.slot(*slot)
            first = seen.next_number if seen is not None and seen.next_number else "00000000"
            wanted = WantedNumbers("k", slot[0], slot[1], taxpayer, "04", self.code,
                                   InvoiceRange.starting(first, count), self.now + timedelta(minutes=5))  # fmt: skip
            return invoices.reserve(wanted).reservation

        if (made := self._do(work)) is not None:
            self.open.append(made)

    @rule(which=st.integers(0, 5), delivered=st.integers(0, 12), bad=st.integers(0, 2))
    def settle(self, which: int, delivered: int, bad: int) -> None:
        if not self.open:
            return
        name = self.open[which % len(self.open)]

        def work(context: Context) -> None:
            invoices = ReferenceInvoices(context)
            reservation = invoices.reservation(name)
            assert reservation is not None
            if reservation.state == "committed":
                return
            every = list(reservation.numbers)
            parts = (every[:delivered], every[delivered : delivered + bad], every[delivered + bad :])
            spans = [(InvoiceRange(part[0], part[-1]),) if part else () for part in parts]
            invoices.settle(reservation, Settlement(*spans, None))

        self._do(work)

    @rule(minutes=st.integers(1, 7))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        self._do(lambda c: ReferenceInvoices(c).expire(self.now))

    @rule(first=numbers, count=counts)
    def release(self, first: str, count: int) -> None:
        self._do(lambda c: Stockroom(c).release(self.code, InvoiceRange.starting(first, count), HANDS))

    @rule(first=numbers, count=counts, how=st.sampled_from(["spoil", "unload"]))
    def take_off(self, first: str, count: int, how: str) -> None:
        span = InvoiceRange.starting(first, count)
        self._do(lambda c: getattr(Stockroom(c), how)(self.code, span, HANDS, "test"))

    @rule(first=numbers, count=counts, taxpayer=st.sampled_from(["T1", "T2"]))
    def take_back(self, first: str, count: int, taxpayer: str) -> None:
        span = InvoiceRange.starting(first, count)
        self._do(lambda c: Stockroom(c).take_back(taxpayer, self.code, span, HANDS))

    @rule(first=numbers, count=counts, taxpayer=st.sampled_from(["T1", "T2"]), fate=st.sampled_from(Fate))
    def account_for(self, first: str, count: int, taxpayer: str, fate: Fate) -> None:
        moved = Settled(taxpayer, self.code, InvoiceRange.starting(first, count), "case", "officer")
        self._do(lambda c: ReferenceHoldings(c).settle(moved, fate))

    @rule(which=st.integers(0, 9), begin=st.integers(0, 12), count=counts, fate=st.sampled_from(Fate))
    def account_for_held(self, which: int, begin: int, count: int, fate: Fate) -> None:
        """The same of numbers that somebody does hold, for most that are made up are nobody's."""
        t = tables.stock_range
        with self.database.read() as connection:
            query = select(t).where(t.c.code == self.code, t.c.holder.is_not(None)).order_by(t.c.first)
            held = connection.execute(query).all()
        if not held:
            return
        row = held[which % len(held)]
        first = min(row.first + begin, row.last)
        span = InvoiceRange(f"{first:08d}", f"{min(first + count - 1, row.last):08d}")
        self._do(lambda c: ReferenceHoldings(c).settle(Settled(row.holder, self.code, span, "case"), fate))

    @invariant()
    def what_was_loaded_is_all_there_is(self) -> None:
        moves, ranges, code = tables.stock_movement, tables.stock_range, getattr(self, "code", "")
        with self.database.read() as connection:
            loaded, held = (
                connection.execute(
                    select(func.coalesce(func.sum(t.c.last - t.c.first + 1), 0)).where(*which)
                ).scalar()
                for t, which in (
                    (moves, (moves.c.code == code, moves.c.type == "LOAD")),
                    (ranges, (ranges.c.code == code,)),
                )
            )
        assert loaded == held

    @invariant()
    def neighbours_that_say_the_same_are_one_range(self) -> None:
        t = tables.stock_range
        with self.database.read() as connection:
            rows = connection.execute(
                select(t).where(t.c.code == getattr(self, "code", "")).order_by(t.c.first)
            ).all()
        for a, b in zip(rows, rows[1:], strict=False):
            same = (a.state, a.place, a.unit, a.holder, a.reservation) == (
                b.state,
                b.place,
                b.unit,
                b.holder,
                b.reservation,
            )
            assert not (same and b.first == a.last + 1)

    @invariant()
    def every_number_is_where_its_movements_put_it(self) -> None:
        with self.database.read() as connection:
            assert check_stock(Context(connection, self.now, "")) == []

    @invariant()
    def no_number_is_in_two_ranges(self) -> None:
        t = tables.stock_range
        with self.database.read() as connection:
            rows = connection.execute(
                select(t).where(t.c.code == getattr(self, "code", "")).order_by(t.c.first)
            ).all()
        for before, after in zip(rows, rows[1:], strict=False):
            assert before.last < after.first


def test_any_sequence_of_movements_keeps_the_ledger_whole(centre: Centre) -> None:
    machine = type("Machine", (StockMachine,), {"database": centre.database})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=12, stateful_step_count=14, deadline=None, derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


def test_the_check_sees_a_ledger_that_was_tampered_with(centre: Centre) -> None:
    centre.load()
    t = tables.stock_range
    with centre.database.write() as connection:
        connection.execute(update(t).where(t.c.place == "A-07").values(last=274_819))
    with centre.database.read() as connection:
        problems = check_stock(Context(connection, START, ""))
    assert any("only the movements say" in problem for problem in problems)
    assert any("20 by movements, 19 on hand" in problem for problem in problems)


def test_the_store_itself_refuses_to_change_the_past(centre: Centre) -> None:
    centre.load()
    t = tables.stock_movement
    for statement in (update(t).values(cause="none"), t.delete()):
        with pytest.raises(DBAPIError, match="append only"), centre.database.write() as connection:
            connection.execute(statement)


def test_two_people_are_two_people() -> None:
    for operator, witness in (("段丽", "段丽"), ("段丽", " "), ("", "蒋明"), ("Duan", "duan ")):
        with pytest.raises(StockRefused):
            Hands(operator, witness)


def test_released_paper_goes_to_the_shelf_and_can_be_loaded_again(centre: Centre) -> None:
    centre.load(count=10)
    with centre.database.write() as connection:
        context = Context(connection, START, "")
        invoices, room = ReferenceInvoices(context), Stockroom(context)
        wanted = WantedNumbers("k", "A-07", "unit1", "T", "04", CODE, InvoiceRange.starting("00274801", 2),
                               START + timedelta(minutes=5))  # fmt: skip
        reservation = invoices.reserve(wanted)
        invoices.settle(reservation, Settlement((), (reservation.numbers,), (), "notTaken"))
        room.release(CODE, reservation.numbers, HANDS)
        room.load("A-07", "unit2", CODE, reservation.numbers, HANDS)
        assert check_stock(context) == []
        seen = invoices.slot("A-07", "unit2")
    assert seen is not None and (seen.next_number, seen.on_hand) == ("00274801", 2)


def test_a_unit_takes_one_code_in_ascending_order(centre: Centre) -> None:
    centre.load(count=10)
    with pytest.raises(StockRefused, match="only higher numbers"):
        centre.load(first="00274700", count=3)
    with pytest.raises(StockRefused, match="holds code"):
        centre.load(code=SPECIAL, first="01652001", count=3)
    centre.load(first="00274811", count=5)


def test_counting_tells_balance_timing_and_difference(centre: Centre) -> None:
    centre.load(count=10)
    whole = InvoiceRange("00274801", "00274810")
    assert count_unit(centre, [(CODE, whole)]) == "BALANCED"
    with centre.database.write() as connection:
        ReferenceInvoices(Context(connection, START, "")).reserve(
            WantedNumbers("k", "A-07", "unit1", "T", "04", CODE, InvoiceRange("00274801", "00274802"),
                          START + timedelta(minutes=5)))  # fmt: skip
    assert count_unit(centre, [(CODE, InvoiceRange("00274803", "00274810"))]) == "TIMING"
    assert count_unit(centre, [(CODE, InvoiceRange("00274804", "00274810"))]) == "DIFFERENCE"
    with centre.database.read() as connection:
        slot = ReferenceInvoices(Context(connection, START, "")).slot("A-07", "unit1")
    assert slot is not None and slot.locked
    assert count_unit(centre, [(CODE, whole)]) == "BALANCED"
    with pytest.raises(StockRefused):
        count_unit(centre, [], unit="unit9")


def test_a_code_must_be_of_a_kind_that_is_known(centre: Centre) -> None:
    with pytest.raises(StockRefused, match="cannot be told"):
        centre.load(code="153012600101", first="00000001")
    with pytest.raises(StockRefused, match="not 01"), centre.database.write() as connection:
        Stockroom(Context(connection, START, "")).load("A-07", "unit1", CODE, InvoiceRange("00000001", "00000002"),
                                                       HANDS, "01")  # fmt: skip
    assert add("00000001", 1) == "00000002"


def test_postgres_and_sqlite_refuse_overlapping_rows(centre: Centre, tmp_path: Path) -> None:
    centre.load(count=10)
    t = tables.stock_range
    with pytest.raises(DBAPIError), centre.database.write() as connection:
        connection.execute(
            insert(t).values(code=CODE, first=274_801, last=274_801, state="onHand", since=START)
        )
