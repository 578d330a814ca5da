"""Whose turn it is: in order for each taxpayer, urgent first, and nothing is ever forgotten or starved."""

from __future__ import annotations

import random
from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from sync.backoff import Backoff
from sync.errors import (
    BureauBusy,
    BureauClock,
    BureauDenied,
    BureauError,
    BureauGarbled,
    BureauInProgress,
    BureauRejected,
    BureauSlow,
    BureauTooLarge,
    BureauUnreachable,
    CaptivePortal,
)
from sync.link import Link
from sync.outbox import Item, Lane, Ruling, Schedule, Verdict, lane_of, verdict_of
from sync.outbox.schedule import AGE_S
from tests.depth import examples


def make() -> Schedule:
    dice = random.Random(5)  # of its own: a run that is played again finds the same delays
    return Schedule(lambda lane: Backoff(2.0, 60.0 if lane <= Lane.STOCK else 300.0, dice.uniform))


def item(number: int, tag: str = "a", lane: Lane = Lane.SUBMISSION) -> Item:
    return Item(f"k{number}", "declaration.submit", tag, number, lane)


AGAIN = Ruling(Verdict.AGAIN, None, "500")


class Deliveries(RuleBasedStateMachine):
    """Random additions, answers and failures of several senders, on a clock of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.schedule = make()
        self.now = 0.0
        self.added: list[Item] = []
        self.flying: dict[str, Item] = {}
        self.done: list[Item] = []
        self.parked: set[str] = set()

    @rule(tag=st.sampled_from("abc"), lane=st.sampled_from(list(Lane)))
    def add(self, tag: str, lane: Lane) -> None:
        new = item(len(self.added), tag, lane)
        self.added.append(new)
        self.schedule.add(new, self.now)
        self.schedule.add(new, self.now)

    @rule()
    def take(self) -> None:
        due = self.schedule.wake_at(self.now)
        taken = self.schedule.take(self.now)
        assert (taken is not None) == (due is not None and due <= self.now)
        if taken is not None:
            waiting = [
                i.position
                for i in self.added
                if i.order_tag == taken.order_tag and i not in self.done and i.key not in self.parked
            ]
            assert taken.position == min(waiting), "an earlier effect of the taxpayer was overtaken"
            assert all(f.order_tag != taken.order_tag for f in self.flying.values()), (
                "two of one taxpayer at once"
            )
            self.flying[taken.key] = taken

    @precondition(lambda self: self.flying)
    @rule(data=st.data())
    def answer(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.flying)))
        self.done.append(self.flying.pop(key))
        self.schedule.remove(key, self.now)

    @precondition(lambda self: self.flying)
    @rule(data=st.data(), verdict=st.sampled_from(list(Verdict)), after=st.none() | st.floats(0.0, 100.0))
    def fail(self, data: st.DataObject, verdict: Verdict, after: float | None) -> None:
        key = data.draw(st.sampled_from(sorted(self.flying)))
        del self.flying[key]
        self.schedule.failed(key, Ruling(verdict, after, "no"), self.now)

    @precondition(lambda self: self.flying)
    @rule(data=st.data())
    def park(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.flying)))
        del self.flying[key]
        self.parked.add(key)
        self.schedule.park(key, self.now)

    @precondition(lambda self: self.parked)
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.parked)))
        self.parked.remove(key)
        assert self.schedule.release(key, self.now)

    @rule(seconds=st.floats(0.0, 400.0))
    def wait(self, seconds: float) -> None:
        self.now += seconds

    @invariant()
    def nothing_is_forgotten(self) -> None:
        left = len(self.added) - len(self.done) - len(self.parked)
        assert len(self.schedule) == left
        assert {i.key for i in self.schedule.parked} == self.parked
        oldest = self.schedule.oldest(self.now)
        assert (oldest is None) == (left == 0)

    def teardown(self) -> None:
        """With a healthy centre everything that is not parked is delivered, each once, in the end."""
        for flying in list(self.flying.values()):
            self.schedule.failed(flying.key, AGAIN, self.now)
        keys = [i.key for i in self.done]
        while (due := self.schedule.wake_at(self.now)) is not None:
            self.now = max(self.now, due)
            taken = self.schedule.take(self.now)
            assert taken is not None, "it said it was time and gave nothing: it would never end"
            self.schedule.remove(taken.key, self.now)
            keys.append(taken.key)
        assert sorted(keys) == sorted({i.key for i in self.added} - self.parked)


TestDeliveries = Deliveries.TestCase
TestDeliveries.settings = settings(max_examples=examples(80), stateful_step_count=40, deadline=None)


def drained(schedule: Schedule, now: float = 0.0) -> list[str]:
    order = []
    while (taken := schedule.take(now)) is not None:
        order.append(taken.key)
        schedule.remove(taken.key, now)
    return order


def test_money_goes_before_paper_before_returns_before_reports() -> None:
    schedule = make()
    for number, lane in enumerate([Lane.REPORT, Lane.SUBMISSION, Lane.STOCK, Lane.MONEY]):
        schedule.add(item(number, f"tag{number}", lane), 0.0)
    assert drained(schedule) == ["k3", "k2", "k1", "k0"]
    assert lane_of("payment.create") is Lane.MONEY
    assert lane_of("something.new") is Lane.SUBMISSION


def test_what_a_payment_waits_for_is_as_urgent_as_the_payment() -> None:
    schedule = make()
    schedule.add(item(0, "other", Lane.STOCK), 0.0)
    schedule.add(item(1, "payer", Lane.SUBMISSION), 0.0)
    schedule.add(item(2, "payer", Lane.MONEY), 0.0)
    assert drained(schedule) == ["k1", "k2", "k0"]


def test_a_report_that_waited_long_enough_goes_before_fresh_money() -> None:
    schedule = make()
    schedule.add(item(0, "old", Lane.REPORT), 0.0)
    late = 3 * AGE_S + 1
    for number in range(1, 4):
        schedule.add(item(number, f"t{number}", Lane.MONEY), late)
    assert drained(schedule, late)[0] == "k0"


def test_one_taxpayers_trouble_delays_nobody_else() -> None:
    schedule = make()
    schedule.add(item(0, "ill"), 0.0)
    schedule.add(item(1, "ill"), 0.0)
    schedule.add(item(2, "well"), 0.0)
    taken = schedule.take(0.0)
    assert taken is not None
    schedule.failed(taken.key, Ruling(Verdict.AGAIN, 50.0, "500"), 0.0)
    assert drained(schedule) == ["k2"]
    assert schedule.wake_at(0.0) == 50.0
    schedule.park("k0", 10.0)
    assert drained(schedule, 10.0) == ["k1"], "what is behind a parked effect passes"


def test_retry_after_wins_and_a_request_to_slow_down_is_for_all() -> None:
    schedule = make()
    for number in range(2):
        schedule.add(item(number, f"t{number}"), 0.0)
    taken = schedule.take(0.0)
    assert taken is not None
    schedule.failed(taken.key, Ruling(Verdict.PAUSE, 17.0, "429"), 0.0)
    assert schedule.take(16.9) is None
    assert schedule.wake_at(1.0) == 17.0
    assert len(drained(schedule, 17.0)) == 2


@settings(max_examples=examples(100), deadline=None)
@given(st.integers(0, 5000), st.sampled_from(list(Lane)))
def test_back_off_is_full_jitter_under_its_cap(tries: int, lane: Lane) -> None:
    cap = 60.0 if lane <= Lane.STOCK else 300.0
    seen: list[tuple[float, float]] = []

    def uniform(low: float, high: float) -> float:
        seen.append((low, high))
        return high

    delay = Backoff(2.0, cap, uniform).delay(tries)
    assert seen == [(0.0, delay)]
    assert delay == min(cap, 2.0 * 2.0 ** min(tries, 40))


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (BureauUnreachable("refused"), Verdict.LINK),
        (BureauSlow("15 s"), Verdict.LINK),
        (CaptivePortal("a page"), Verdict.LINK),
        (BureauBusy(503, 9.0), Verdict.LINK),
        (BureauBusy(429, 9.0), Verdict.PAUSE),
        (BureauBusy(500), Verdict.AGAIN),
        (BureauBusy(408), Verdict.AGAIN),
        (BureauGarbled("broken"), Verdict.AGAIN),
        (BureauInProgress(409), Verdict.SHORT),
        (BureauClock(401), Verdict.SHORT),
        (BureauDenied(401, {}), Verdict.HELD),
        (BureauDenied(403, {}), Verdict.HELD),
        (BureauTooLarge(413, {}), Verdict.REFUSED),
        (BureauRejected(400, {}), Verdict.REFUSED),
        (BureauRejected(422, {"code": "key-reused"}), Verdict.REFUSED),
        (BureauRejected(404, {}), Verdict.AGAIN),
    ],
)
def test_each_answer_has_its_class(error: BureauError, verdict: Verdict) -> None:
    ruling = verdict_of(error)
    assert ruling.verdict is verdict
    if isinstance(error, BureauBusy) and error.retry_after:
        assert ruling.retry_after == 9.0


def test_the_link_is_probed_ever_more_slowly_and_everybody_comes_back_at_a_moment_of_their_own() -> None:
    spans: dict[str, list[float]] = defaultdict(list)

    def uniform(low: float, high: float) -> float:
        spans["all"].append(high)
        return high

    link = Link(probe_cap_s=15.0, spread_s=5.0, uniform=uniform)
    assert link.may_send(0.0)
    now = 0.0
    for _ in range(8):
        link.lost("refused", now)
        assert not link.may_send(now)
        now = link.wake_at(now)
        assert link.probe_due(now)
    assert spans["all"] == [1.0, 2.0, 4.0, 8.0, 15.0, 15.0, 15.0, 15.0]
    assert link.down_for(now) == now
    link.reached(now)
    assert link.up
    assert not link.may_send(now + 4.9)
    assert link.may_send(now + 5.0)
    link.lost("503", now + 10, retry_after=40.0)
    assert link.wake_at(now + 10) == now + 50
