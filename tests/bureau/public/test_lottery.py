"""A draw of the invoice lottery, looked at and checked by whoever holds the ticket."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser

from bureau.engine.lottery import drawing
from bureau.ports.public import DrawShown
from tests.bureau.certificates import samples
from tests.bureau.public.conftest import KEY, Pages
from tests.bureau.public.test_browser import AUDIT, browser, visit

__all__ = ["browser"]
DAY, SEED, INVOICE, CODE = date(2026, 10, 12), bytes(range(32)), "26991000000000009366", "7K2M9QX4PD"
TICKET = "64990026101200000019"
ODDS = [[80_000, 200], [10_000, 3_000], [2_000, 25_000], [500, 120_000]]


@pytest.fixture
def drawn(pages: Pages) -> DrawShown:
    """A draw of yesterday, as the register has it."""
    number = drawing.number(SEED, INVOICE, KEY)
    made = DrawShown(
        ticket=TICKET,
        invoice=INVOICE,
        key=KEY,
        day=DAY,
        drawn=number,
        prize_fen=drawing.prize(ODDS, number),
        drawn_at=samples.ISSUED_AT,
        claim_until=DAY + timedelta(days=60),
        state="blank",
        commitment=drawing.commitment(DAY, ODDS, SEED),
        odds=ODDS,
        seed=SEED.hex(),
    )
    pages.register.draws[TICKET, CODE] = made
    return made


def test_the_page_does_the_sum_once_the_seed_is_published(pages: Pages, drawn: DrawShown) -> None:
    page = pages.get(f"/l/{TICKET}", c=CODE).text
    assert "已验证" in page and f"{drawn.drawn:06}" in page and drawn.commitment in page
    assert SEED.hex() in page and "200 / 1,000,000" in page
    assert "Checked: seed and odds" in pages.get(f"/l/{TICKET}", "en", c=CODE).text


def test_before_that_it_says_when(pages: Pages, drawn: DrawShown) -> None:
    pages.register.draws[TICKET, CODE] = replace(drawn, seed=None)
    page = pages.get(f"/l/{TICKET}", c=CODE).text
    assert "当天结束后公布" in page and "已验证" not in page and SEED.hex() not in page


@pytest.mark.parametrize(
    "changed",
    [
        {"seed": bytes(32).hex()},
        {"odds": [[80_000, 1]]},
        {"drawn": 1},
        {"prize_fen": 77},
        {"invoice": "26991000000000009367"},
        {"day": DAY + timedelta(days=1)},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_whatever_was_changed_does_not_agree(
    pages: Pages, drawn: DrawShown, changed: dict[str, object]
) -> None:
    pages.register.draws[TICKET, CODE] = replace(drawn, **changed)  # type: ignore[arg-type]
    assert "验证不符" in pages.get(f"/l/{TICKET}", c=CODE).text


@pytest.mark.parametrize("code", ["", "AAAAAAAAAA", "<b>"])
def test_without_the_claim_code_there_is_no_such_page(pages: Pages, drawn: DrawShown, code: str) -> None:
    answer = pages.get(f"/l/{TICKET}", c=code)
    assert answer.status_code == 404 and INVOICE not in answer.text and "<b>" not in answer.text


@pytest.mark.parametrize(("size", "lang"), [("phone", "zh-CN"), ("small", "en-US")])
def test_it_fits_a_phone(browser: Browser, pages: Pages, drawn: DrawShown, size: str, lang: str) -> None:
    pages.register.draws[TICKET, CODE] = replace(drawn, prize_fen=80_000, state="won", seed=None)
    page = visit(browser, size, lang)
    page.goto(f"{pages.url}/l/{TICKET}?c={CODE}")
    assert page.evaluate(AUDIT) == []
    page.context.close()
