"""What is more than chance: quantiles of buckets, terminals beside their peers, topics that rise."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bureau.analytics.peers import Peer, beyond_chance, compared
from bureau.analytics.spread import BUCKETS, GROWTH, bucket, quantile
from bureau.analytics.topics import Topic, judged


@given(st.lists(st.floats(0.01, 3 * 3600), min_size=1, max_size=200), st.floats(0, 1))
def test_a_quantile_of_buckets_is_at_most_an_eighth_off(seconds: list[float], share: float) -> None:
    counts: dict[int, int] = {}
    for one in seconds:
        counts[bucket(one)] = counts.get(bucket(one), 0) + 1
    found = quantile(counts, share)
    rank = next(n for n in range(1, len(seconds) + 1) if n >= share * len(seconds))
    exact = max(1.0, sorted(seconds)[rank - 1])
    assert found is not None
    assert exact / GROWTH**0.51 <= found <= exact * GROWTH**0.51


def test_buckets_grow_and_end() -> None:
    assert [bucket(0), bucket(1), bucket(1.01), bucket(10**9)] == [0, 0, 1, BUCKETS - 1]
    assert quantile({}, 0.5) is None
    with pytest.raises(ValueError, match="share"):
        quantile({1: 1}, 1.5)


def peer(name: str, uses: int, done: int, trouble: int = 0) -> Peer:
    return Peer(name, "H-01", {}, uses, uses, done, trouble, 60.0)


def test_a_terminal_that_is_worse_is_told_at_what() -> None:
    peers = [peer(f"A-{n}", 400, 360, 4) for n in range(9)]
    found = {one.terminal: one.worse for one in compared([*peers, peer("A-9", 400, 300, 30)])}
    assert found.pop("A-9") == ("done", "trouble")
    assert set(found.values()) == {()}


def test_little_is_no_finding_and_better_is_none_either() -> None:
    peers = [peer(f"A-{n}", 400, 360) for n in range(5)]
    few, better, slightly = peer("few", 20, 2), peer("better", 400, 399), peer("slightly", 40_000, 35_000)
    assert all(not one.worse for one in compared([*peers, few, better, slightly]))
    assert compared([peer("alone", 400, 10)])[0].worse == ()


def test_of_terminals_that_are_all_alike_hardly_one_is_called_worse() -> None:
    random = Random(7)
    rounds = wrong = 0
    for _ in range(200):
        peers = [peer(f"A-{n}", 150, sum(random.random() < 0.85 for _ in range(150))) for n in range(12)]
        rounds += 1
        wrong += any(one.worse for one in compared(peers))
    assert wrong / rounds <= 0.1


def test_the_step_up_rule_is_the_one_that_was_published() -> None:
    # the 15 values of Benjamini and Hochberg 1995, section 3.2: the first four are rejected at 0.05
    values = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
              0.7590, 1.0000]  # fmt: skip
    chances = {f"{n:02}": value for n, value in enumerate(values)}
    assert beyond_chance(chances, 0.05) == ["00", "01", "02", "03"]
    assert beyond_chance({}, 0.05) == []


def test_a_topic_that_rises_is_told_and_one_that_is_always_loud_is_not() -> None:
    loud = Topic("feedback", "manner", (40, 42, 38, 41, 39, 40, 44, 37, 43))
    new = Topic("question", "invoice", (0, 1, 0, 0, 2, 0, 1, 0, 9))
    once = Topic("idea", "hall", (0, 0, 0, 0, 0, 0, 0, 0, 2))
    found = {one.topic: one.rises for one in judged([loud, new, once])}
    assert found == {"manner": False, "invoice": True, "hall": False}
    assert new.usual == 0.5


def test_of_topics_that_are_alike_each_week_hardly_any_rises() -> None:
    random = Random(3)
    alarms = 0
    for _ in range(200):
        weeks = [[sum(random.random() < 0.05 for _ in range(100)) for _ in range(9)] for _ in range(10)]
        alarms += any(
            one.rises for one in judged([Topic("x", str(n), tuple(of)) for n, of in enumerate(weeks)])
        )
    assert alarms / 200 <= 0.1
