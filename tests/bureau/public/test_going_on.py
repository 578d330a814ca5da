"""Going on on a phone in a real browser, over a running centre and a real acquirer's page: taken, corrected, paid, issued."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect

from bureau.acquirer.cli import PAYEE
from bureau.acquirer.client import AcquirerClient
from bureau.acquirer.ledger import Ledger
from bureau.acquirer.service import create_app
from bureau.api.problems import add_handlers
from bureau.app import assemble
from bureau.ports.acquirer import Acquirers
from bureau.public.routes import create_router, told
from config.settings import load_bureau
from tests.bureau import stores
from tests.bureau.conftest import Centre
from tests.bureau.doubles import Banks, DraftOffice, HandClock
from tests.bureau.engine.test_agency import LI, number_of, sales
from tests.bureau.engine.test_going_on import handed
from tests.bureau.public.test_browser import AUDIT, browser, visit
from tests.bureau.public.test_drafts import poor
from tests.bureau.serving import served
from tests.bureau.terminals import Terminal

__all__ = ["browser"]


@dataclass
class Hall:
    """A centre with its pages, the acquirer with its own, and a terminal."""

    url: str
    bank: str
    centre: Centre
    terminal: Terminal

    def link(self, who: dict[str, Any] = LI, **more: Any) -> str:
        answer = handed(self.terminal, who, **more)
        return self.url + urlsplit(str(answer.result["url"])).path

    def charged(self) -> int:
        found: int = requests.get(f"{self.bank}/ledger", timeout=5).json()["count"]
        return found

    def goes_wrong(self, **faults: float) -> None:
        requests.post(f"{self.bank}/faults", json=faults, timeout=5).raise_for_status()


@pytest.fixture
def backend() -> str:
    return "sqlite"


@pytest.fixture
def hall(city_url: str, tmp_path: Path) -> Iterator[Hall]:
    clock = HandClock()
    pages = FastAPI()
    with served(pages) as url:
        books = create_app(Ledger(tmp_path / "acquirer.db", clock), "http://bank.invalid", PAYEE, url)
        with served(books) as bank:
            books.state.base_url = bank
            settings = load_bureau(
                None, {"BUREAU_STATE_DIR": str(tmp_path / "state"), "BUREAU_DATABASE__URL": city_url}
            )
            client, office = AcquirerClient(bank), DraftOffice()
            acquirers = Acquirers(client, None)
            container = assemble(
                settings, clock=clock, acquirers=acquirers, office=office, published=stores.published()
            )
            pages.include_router(create_router(container.site))
            add_handlers(pages, partial(told, container.site))
            centre = Centre(container, clock, None, office, tmp_path, acquirers, Banks(clock))  # type: ignore[arg-type]
            yield Hall(url, bank, centre, centre.terminal())
            container.close()


def taken(browser: Browser, hall: Hall, size: str = "phone", lang: str = "zh-CN", **more: Any) -> Page:
    page = visit(browser, size, lang)
    page.goto(hall.link(**more))
    page.locator("button.main").click()
    page.wait_for_url("**/c/*lang=*")
    return page


@pytest.mark.parametrize(("size", "lang"), [("phone", "zh-CN"), ("small", "en-US"), ("desk", "en-US")])
def test_from_the_code_to_the_invoice_and_no_page_is_clipped(
    browser: Browser, hall: Hall, size: str, lang: str
) -> None:
    page, found = visit(browser, size, lang), {}
    page.goto(hall.link())

    def looked(name: str) -> None:
        found[name] = page.evaluate(AUDIT) + poor(page)

    looked("take")
    page.locator("button.main").click()
    page.wait_for_url("**/c/*lang=*")
    looked("fill")
    assert page.locator('[name="goods.gross_fen"]').input_value() == "10100.00"
    page.locator('[name="goods.gross_fen"]').fill("20200")
    page.locator("button.main").click()
    looked("review")
    assert page.get_by_text("¥207.00").first.is_visible()
    page.locator("button.main").click()
    page.wait_for_url("**/c/*lang=*")
    looked("pay")
    page.locator("button.main").click()
    page.wait_for_url("**/c/*lang=*")
    looked("paying")
    page.locator("a.main").click()
    page.wait_for_url("**/p/*")
    page.locator("button.main").click()
    page.wait_for_url("**/p/*back=*")
    page.locator("a.btn").click()
    page.wait_for_url("**/c/*")
    looked("done")
    (sale,) = sales(hall.centre, number_of(LI))
    assert page.get_by_text(sale.number).is_visible() and hall.charged() == 1
    page.goto(hall.url + urlsplit(str(page.locator("a.main").get_attribute("href"))).path)
    assert sale.number in page.content(), "the existing link to the files"
    page.context.close()
    assert [f"{name}: {problem}" for name, problems in found.items() for problem in problems] == []


def test_a_second_phone_is_refused_and_the_first_goes_on(browser: Browser, hall: Hall) -> None:
    link = hall.link()
    first, second, late = visit(browser), visit(browser), visit(browser)
    first.goto(link)
    second.goto(link)
    assert "禾木" not in first.content(), "nothing is shown before it is taken"
    first.locator("button.main").click()
    first.wait_for_url("**/c/*lang=*")
    second.locator("button.main").click()
    assert second.locator("h1").text_content() == "已经在另一部手机上打开"
    late.goto(link)
    assert late.locator("h1").text_content() == "已经在另一部手机上打开"
    late.goto(first.url)
    assert late.locator("h1").text_content() == "这次续办已经结束", "the address alone opens nothing"
    first.reload()
    assert first.locator('[name="buyer.name"]').input_value() == "云川禾木文具有限公司"
    first.goto(link)
    assert first.locator('[name="buyer.name"]').count() == 1, "the link leads its own phone back"
    for page in (first, second, late):
        page.context.close()


def test_the_phones_secret_is_out_of_the_reach_of_scripts_and_other_sites(hall: Hall) -> None:
    link = hall.link()
    answer = requests.post(link, data={"do": "take"}, timeout=5, allow_redirects=False)
    cookie = answer.headers["Set-Cookie"].lower()
    assert all(word in cookie for word in ("httponly", "samesite=lax", "path=/c;", "max-age=1800"))
    key = urlsplit(link).path.rpartition("/")[2].partition(".")[0]
    assert answer.headers["Location"].startswith(f"/c/{key}?"), (
        "the link's secret does not stay in the address"
    )
    page = requests.get(f"{hall.url}/c/{key}", timeout=5)
    assert page.status_code == 410 and "禾木" not in page.text and page.headers["Cache-Control"] == "no-store"


def test_declined_then_paid_it_is_charged_once(browser: Browser, hall: Hall) -> None:
    page = taken(browser, hall)
    page.locator("button.main").click()
    page.locator("button.main").click()
    page.wait_for_url("**/c/*lang=*")
    page.locator("button.main").click()
    page.wait_for_url("**/c/*lang=*")
    page.get_by_role("button", name="这笔先不付了").click()
    page.wait_for_url("**/c/*lang=*")
    assert page.get_by_text("没有扣款。可以再付一次。").is_visible() and hall.charged() == 0
    hall.goes_wrong(decline=1)
    page.get_by_role("button", name="去缴税").click()
    page.wait_for_url("**/c/*lang=*")
    page.locator("a.main").click()
    page.locator("button.main").click()
    expect(page.get_by_text("余额不足")).to_be_visible()
    page.locator("button.main").click()
    page.wait_for_url("**/p/*back=*")
    page.get_by_role("link", name="返回办税页面").click()
    page.wait_for_url("**/c/*")
    assert page.locator("h1").text_content() == "发票已开具" and hall.charged() == 1
    page.context.close()


def test_the_cashier_leads_back_to_no_site_but_the_bureaus(browser: Browser, hall: Hall) -> None:
    page = taken(browser, hall)
    page.locator("button.main").click()
    page.locator("button.main").click()
    page.wait_for_url("**/c/*lang=*")
    page.locator("button.main").click()
    page.wait_for_url("**/c/*lang=*")
    order = urlsplit(str(page.locator("a.main").get_attribute("href"))).path
    page.context.close()
    for back in ("https://evil.example/", "javascript:alert(1)", f"{hall.url}.evil.example/", hall.url):
        text = requests.get(hall.bank + order, params={"back": back}, timeout=5).text
        assert "evil" not in text and "javascript:" not in text and "返回办税页面" not in text
    text = requests.get(hall.bank + order, params={"back": f"{hall.url}/c/1", "lang": "zh"}, timeout=5).text
    assert "返回办税页面" in text


def test_hostile_links_have_a_page_that_says_nothing(hall: Hall) -> None:
    key = urlsplit(hall.link()).path.rpartition("/")[2].partition(".")[0]
    for link in ("x", "<b>", key, f"{key}.", f"{key}.guess", f"{key.upper()}.x", f"{key}.{'x' * 4000}"):
        for answer in (
            requests.get(f"{hall.url}/c/{link}", timeout=5, cookies={f"visit-{key}": "guess"}),
            requests.post(
                f"{hall.url}/c/{link}", data={"do": "pay"}, timeout=5, cookies={f"visit-{key}": "guess"}
            ),
        ):
            assert answer.status_code in (404, 410) and "<b>" not in answer.text and "禾木" not in answer.text
