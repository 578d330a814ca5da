from __future__ import annotations

from dataclasses import dataclass

import pytest

from bureau.limits import Limiter, Rate, network_of


@dataclass
class Ticks:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_empties_and_fills_again() -> None:
    ticks = Ticks()
    limiter = Limiter(Rate(3, 60), monotonic=ticks)
    assert [limiter.take("a") for _ in range(3)] == [0, 0, 0]
    assert limiter.take("a") == pytest.approx(20)
    assert limiter.wait_s("a") == pytest.approx(20)
    assert limiter.take("b") == 0, "others are not held up"
    ticks.now += 20
    assert limiter.wait_s("a") == 0
    assert limiter.take("a") == 0


def test_memory_stays_bounded() -> None:
    limiter = Limiter(Rate(1, 60), capacity=100)
    for i in range(1000):
        limiter.take(str(i))
    assert limiter.take("999") > 0, "the last ones are remembered"
    assert limiter.take("1") == 0, "the oldest are forgotten"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::ffff", "2001:db8::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("testclient", "testclient"),
    ],
)
def test_an_asker_is_an_address_or_a_network(address: str, network: str) -> None:
    assert network_of(address) == network
