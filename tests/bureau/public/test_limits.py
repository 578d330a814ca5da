from __future__ import annotations

from dataclasses import dataclass

import pytest

from bureau.public.limits import Limiter, Rate, network_of
from kiosk.domain.own_numbers import make_number
from tests.bureau.certificates import samples
from tests.bureau.public.conftest import Pages


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


def test_one_address_cannot_ask_without_end(pages: Pages) -> None:
    unknown = make_number("21", "5301", samples.ISSUED_AT.date(), 7)
    codes = [pages.post("/v", n=unknown, c=samples.CODE).status_code for _ in range(25)]
    assert codes[:20] == [404] * 20
    assert set(codes[20:]) == {429}


def test_guessing_at_one_number_never_locks_out_the_qr_code(pages: Pages) -> None:
    for _ in range(21):
        answer = pages.post("/v", n=pages.issued.number, c=samples.CODE)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 60
    assert pages.post("/v", n=pages.issued.number, c=pages.issued.code).status_code == 429
    assert pages.get(pages.path).status_code == 200


def test_an_address_that_asks_too_often_waits(pages: Pages) -> None:
    object.__setattr__(pages.site, "looks", Limiter(Rate(5, 3600)))
    answers = [pages.get(path) for path in (pages.path, "/s/none", "/v?n=1") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200, 404, 404, 422, 429]
    assert "查得太频繁了" in answers[-1].text
    assert pages.get("/").status_code == 200, "reading is free"
