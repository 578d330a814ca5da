from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bureau.acquirer.errors import (
    AlreadyPaidError,
    LedgerError,
    NoSuchOrderError,
    OrderClosedError,
    OrderConflictError,
    PaymentDeclinedError,
)
from bureau.acquirer.ledger import Ledger, mask_payer
from tests.bureau.acquirer.conftest import HandClock
from tests.depth import examples

LIFE = timedelta(seconds=120)


def test_an_order_is_paid_once_and_stays_paid(books: Ledger) -> None:
    books.open("order-1", 409_584, "增值税及附加", LIFE)
    paid = books.pay("order-1", "13812345678")
    assert (paid.state, paid.amount_fen, paid.payer_masked) == ("paid", 409_584, "138****5678")
    with pytest.raises(AlreadyPaidError):
        books.pay("order-1", "someone else")
    assert books.close_order("order-1").state == "paid"
    assert [line.order for line in books.payments()] == ["order-1"]
    assert books.attempts() == {"paid": 1, "alreadyPaid": 1}


def test_a_hundred_phones_at_once_move_the_money_once(books: Ledger) -> None:
    books.open("order-1", 100, "x", LIFE)

    def attempt(i: int) -> bool:
        try:
            books.pay("order-1", f"1380000{i:04d}")
        except AlreadyPaidError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(100))) == 1
    assert books.attempts() == {"paid": 1, "alreadyPaid": 99}


def test_opening_again_gives_the_first_order_and_another_amount_is_refused(
    books: Ledger, clock: HandClock
) -> None:
    first = books.open("order-1", 100, "x", LIFE)
    clock.forward(seconds=30)
    assert books.open("order-1", 100, "x", LIFE) == first
    with pytest.raises(OrderConflictError):
        books.open("order-1", 101, "x", LIFE)


def test_an_order_runs_out_after_its_life(books: Ledger, clock: HandClock) -> None:
    books.open("order-1", 100, "x", LIFE)
    clock.forward(seconds=119.9)
    assert books.get("order-1").state == "created"
    clock.forward(seconds=0.2)
    assert (books.get("order-1").state, books.get("order-1").reason) == ("closed", "expired")
    with pytest.raises(OrderClosedError):
        books.pay("order-1", "")
    assert books.payments() == []


def test_a_closed_order_takes_no_money_and_closing_again_changes_nothing(books: Ledger) -> None:
    books.open("order-1", 100, "x", LIFE)
    closed = books.close_order("order-1")
    assert books.close_order("order-1") == closed
    with pytest.raises(OrderClosedError):
        books.pay("order-1", "")


def test_a_declined_payment_leaves_the_order_open(books: Ledger) -> None:
    books.open("order-1", 100, "x", LIFE)
    with pytest.raises(PaymentDeclinedError):
        books.decline("order-1")
    assert books.get("order-1").state == "created"
    assert books.attempts() == {"insufficientFunds": 1}


def test_nothing_is_known_of_an_order_never_opened(books: Ledger) -> None:
    for call in (books.get, books.close_order, books.decline):
        with pytest.raises(NoSuchOrderError):
            call("order-9")


def test_payments_fall_on_the_business_day_in_china(books: Ledger, clock: HandClock) -> None:
    for name, hours in (("order-1", 0), ("order-2", 14.3), ("order-3", 0.1)):
        clock.forward(hours=hours)
        books.open(name, 100, "x", LIFE)
        books.pay(name, "")
    assert [line.order for line in books.payments(date(2026, 10, 12))] == ["order-1", "order-2"]
    assert [line.order for line in books.payments(date(2026, 10, 13))] == ["order-3"]


def test_nobody_can_change_or_remove_a_payment_in_the_file(tmp_path: Path, clock: HandClock) -> None:
    books = Ledger(tmp_path / "b.db", clock)
    books.open("order-1", 100, "x", LIFE)
    books.pay("order-1", "")
    books.close()
    file = sqlite3.connect(tmp_path / "b.db")
    for change in ("UPDATE payments SET amount_fen = 1", "DELETE FROM payments"):
        with pytest.raises(sqlite3.IntegrityError, match="never"):
            file.execute(change)
    file.close()


@given(
    st.lists(
        st.tuples(st.sampled_from(["open", "pay", "close", "later", "decline"]), st.integers(0, 2)),
        max_size=30,
    )
)
@settings(max_examples=examples(40), deadline=None)
def test_whatever_happens_money_moves_once_an_order_and_only_while_it_is_open(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    clock = HandClock()
    books = Ledger(tmp_path_factory.mktemp("h") / "b.db", clock)
    expected: set[str] = set()
    for action, which in steps:
        order = f"order-{which}"
        try:
            if action == "open":
                books.open(order, 100 + which, "x", LIFE)
            elif action == "pay":
                may = books.get(order).state == "created"
                books.pay(order, "")
                assert may
                expected.add(order)
            elif action == "close":
                state = books.close_order(order).state
                assert state == ("paid" if order in expected else "closed")
            elif action == "decline":
                books.decline(order)
            else:
                clock.forward(seconds=70)
        except LedgerError:
            pass
    assert sorted(line.order for line in books.payments()) == sorted(expected)
    books.close()


@pytest.mark.parametrize(
    ("payer", "masked"),
    [("13812345678", "138****5678"), ("沈知舟", "沈**"), ("", ""), (" Li Wei ", "L* W**")],
)
def test_payers_are_kept_masked(payer: str, masked: str) -> None:
    assert mask_payer(payer) == masked
