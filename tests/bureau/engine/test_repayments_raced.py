"""Charges given back while others do so too, while days are compared, and with every answer lost in turn."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bureau.engine.repaying import ordering
from bureau.engine.repaying.ordering import Hands
from bureau.errors import RepaymentRefused
from bureau.ports.acquirer import AcquirerLine
from bureau.ports.repayments import Repayment
from sync.models import PaymentStateName as State
from tests.bureau import stores
from tests.bureau.conftest import Centre
from tests.bureau.engine.paying import bookings
from tests.bureau.engine.repaying import (
    HANDS,
    UNKNOWN,
    about,
    back_of,
    charge,
    charged,
    compared,
    freed,
    next_day,
    paid_twice,
    repayer,
    repayments,
    sums,
    today,
)
from tests.bureau.terminals import Terminal

RIVALS = (HANDS, Hands("段丽", "蒋明", "重复扣款"))
FEN = 50_000
_orders = count(1)


def test_two_officers_at_once_give_it_back_once(centre: Centre) -> None:
    charged(centre)
    compared(centre, today(centre))
    barrier = threading.Barrier(2)

    def give(hands: Hands) -> Repayment | str:
        barrier.wait(20)
        try:
            return repayer(centre).order(UNKNOWN, hands)
        except RepaymentRefused as refusal:
            return str(refusal)

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(give, RIVALS))
    (refusal,) = [one for one in results if isinstance(one, str)]
    assert "on their way back already" in refusal
    assert (back_of(centre), len(repayments(centre))) == (FEN, 1)


def test_a_comparison_and_a_refund_at_once_leave_the_money_in_one_place(
    terminal: Terminal, centre: Centre
) -> None:
    """Its dues are free again when both come: the money is booked late, or it goes back, never both."""
    first, second = paid_twice(terminal, centre)
    compared(centre, today(centre))
    freed(centre, second["order"])
    barrier = threading.Barrier(2)

    def give() -> bool:
        barrier.wait(20)
        try:
            repayer(centre).order(first["order"], HANDS)
        except RepaymentRefused:
            return False
        return True

    def compare() -> None:
        barrier.wait(20)
        compared(centre, today(centre))

    with ThreadPoolExecutor(2) as pool:
        gave, done = pool.submit(give), pool.submit(compare)
        done.result(60)
        went_back = gave.result(60)
    with centre.system.read() as work:
        order = work.core.payments.order(first["order"])
    assert order is not None
    assert (order.state is State.APPROVED) == (not went_back)
    assert back_of(centre, first["order"]) == (first["amount_fen"] if went_back else 0)
    assert len(bookings(centre)) == (1 if went_back else 2)


def test_who_comes_second_waits_for_the_first_and_is_told_who_it_was(centre: Centre) -> None:
    """The one is held between its writing and its commit, where a race would be lost."""
    charged(centre)
    compared(centre, today(centre))
    with ThreadPoolExecutor(1) as pool:
        with centre.system.write() as work:
            ordering.order(work.core, UNKNOWN, HANDS)
            rival = pool.submit(repayer(centre).order, UNKNOWN, RIVALS[1])
            with pytest.raises(TimeoutError):
                rival.result(0.5)
        with pytest.raises(RepaymentRefused, match="ordered by 周审核 and 吴复核"):
            rival.result(30)
    assert len(repayments(centre)) == 1


def test_one_repayment_is_asked_about_from_two_sides_and_done_once(centre: Centre) -> None:
    charged(centre)
    compared(centre, today(centre))
    centre.bank.on_refund = ["lost"]
    repayer(centre).order(UNKNOWN, HANDS)
    centre.clock.forward(seconds=6)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: repayer(centre).run_once(), range(2)))
    assert [one.state for one in repayments(centre)] == ["given"]
    assert back_of(centre) == FEN


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("refund"), st.integers(1, FEN), st.sampled_from(["given", "lost", "unheard", "refused"])),
        st.tuples(st.just("resolve"), st.integers(6, 900), st.sampled_from(["given", "lost", "unheard"])),
        st.tuples(st.just("compare"), st.integers(0, 3), st.just("")),
        st.tuples(st.just("late file"), st.integers(0, 1), st.just("")),
        st.tuples(st.just("night"), st.just(0), st.just("")),
    ),
    max_size=10,
)  # fmt: skip


@dataclass
class Quiet:
    """A centre that Hypothesis need not write out."""

    centre: Centre = field(repr=False)


@pytest.fixture
def quiet(tmp_path: Path, sqlite_template: Path, make_centre: Callable[..., Centre]) -> Quiet:
    """One city for every example: each has an order and days of its own."""
    return Quiet(make_centre(stores.sqlite_city(sqlite_template, tmp_path / "bureau.db")))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_the_order_of_answers_and_files_it_goes_back_once_and_the_sums_come_to_zero(
    quiet: Quiet, steps: list[tuple[str, int, str]]
) -> None:
    centre = quiet.centre
    order, bank = f"4199002610{next(_orders):010d}", centre.bank
    hidden: list[AcquirerLine] = []
    bank.charged, bank.given, bank.on_refund = [], [], []
    charged(centre, order, FEN, f"R-{order}")
    first = today(centre)
    compared(centre, first)
    days = [first]
    for step, figure, how in steps:
        match step:
            case "refund":
                bank.on_refund = [how]
                try:
                    repayer(centre).order(order, HANDS, min(figure, max(1, charge(centre, order).owed_fen)))
                except RepaymentRefused:
                    pass
            case "resolve":
                centre.clock.forward(seconds=figure)
                bank.on_refund = [how]
                repayer(centre).run_once()
            case "compare":
                compared(centre, days[-1 - min(figure, len(days) - 1)])
            case "late file" if figure:
                hidden, bank.given = [*hidden, *bank.given], []
            case "late file":
                hidden, bank.given = [], [*bank.given, *hidden]
            case "night":
                next_day(centre)
        if today(centre) != days[-1]:
            days.append(today(centre))
        assert back_of(centre, order) + sum(-line.amount_fen for line in hidden) <= FEN
        assert charge(centre, order).owed_fen >= 0
    bank.given, bank.on_refund = [*bank.given, *hidden], []
    for _ in range(4):  # lost on its way, a part of it, the rest, and the morning after
        centre.clock.forward(seconds=900)
        repayer(centre).run_once()
        if charge(centre, order).owed_fen and not charge(centre, order).asked_fen:
            repayer(centre).order(order, HANDS)
        days.append(next_day(centre))
        for day in dict.fromkeys(days):
            compared(centre, day)
    assert back_of(centre, order) == FEN
    assert not any(case.open for case in about(centre, order))
    assert not any(case.open for one in repayments(centre, order) for case in about(centre, one.repayment))
    assert sums(centre, first) == (0, 0)
