from __future__ import annotations

from bureau.limits import Limiter, Rate
from kiosk.domain.own_numbers import make_number
from tests.bureau.certificates import samples
from tests.bureau.public.conftest import Pages


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
