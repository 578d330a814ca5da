"""Beginning a service on a phone, over a centre with its own store: filled in, looked through, kept under a code."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import pytest
import requests
import zxingcpp
from fastapi import FastAPI
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from bureau.api.problems import add_handlers
from bureau.city.cast import HEMU
from bureau.public.routes import create_router, told
from kiosk.domain.draft_codes import check_draft_code, new_code
from tests.bureau.conftest import Centre
from tests.bureau.engine.test_agency import HEMU_NAME, LI, SERVICE
from tests.bureau.engine.test_drafts import TYPED, apply, rows
from tests.bureau.public.test_browser import AUDIT, browser, contrast, visit
from tests.bureau.serving import served

__all__ = ["browser"]
FORM = f"/b/{SERVICE}"


@dataclass
class Site:
    """The pages of a running centre."""

    url: str
    centre: Centre
    http: requests.Session

    def post(self, lang: str = "zh-CN", **fields: str) -> requests.Response:
        given = {name.replace("__", "."): value for name, value in fields.items()}
        return self.http.post(
            self.url + FORM,
            data={**TYPED, **given},
            headers={"Accept-Language": lang},
            timeout=10,
            allow_redirects=False,
        )

    def get(self, path: str, lang: str = "zh-CN") -> requests.Response:
        return self.http.get(self.url + path, headers={"Accept-Language": lang}, timeout=10)

    def kept(self) -> str:
        """The address of a new code."""
        answer = self.post(do="keep")
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"]


@pytest.fixture
def backend() -> str:
    return "sqlite"


@pytest.fixture
def site(centre: Centre) -> Iterator[Site]:
    app = FastAPI()
    app.include_router(create_router(centre.container.site))
    add_handlers(app, partial(told, centre.container.site))
    with served(app) as url, requests.Session() as http:
        http.trust_env = False
        yield Site(url, centre, http)


def test_looking_it_through_keeps_nothing(site: Site) -> None:
    page = site.post(do="look")
    assert page.status_code == 200 and "¥103.50" in page.text and HEMU_NAME in page.text
    assert "<script" not in page.text and rows(site.centre) == []
    assert site.post(do="edit").status_code == 200 and rows(site.centre) == []


def test_a_code_is_shown_as_a_picture_and_in_letters_and_says_nothing_of_what_it_holds(site: Site) -> None:
    address = site.kept()
    page = site.get(address)
    code = check_draft_code(address.split("?")[0].rpartition("/")[2])
    assert f"{code[:5]}-{code[5:]}" in page.text and "2026-10-13 09:40" in page.text
    assert HEMU not in page.text and HEMU_NAME not in page.text
    assert "Have one issued" in site.get(address.split("?")[0], "en-US").text
    assert len(rows(site.centre)) == 1, "looking again, and in the other language, keeps no second one"


def test_a_used_an_expired_and_an_unknown_code_each_say_what_to_do(site: Site) -> None:
    address = site.kept().split("?")[0]
    assert apply(site.centre.terminal(), address[-10:], LI).state == "accepted"
    used = site.get(address)
    assert used.status_code == 410 and "已经用过" in used.text and "请重新填" in used.text
    over = site.kept().split("?")[0]
    site.centre.clock.forward(hours=24)
    gone = site.get(over, "en-US")
    assert gone.status_code == 410 and "has expired" in gone.text
    for other in (new_code(), "0000000000", "<b>"):
        unknown = site.get(f"/d/{other}")
        assert unknown.status_code == 404 and "<b>" not in unknown.text


def test_mistakes_are_marked_at_their_rows_and_what_was_typed_stays(site: Site) -> None:
    page = site.post("en-US", do="keep", goods__gross_fen="many", buyer__number="91")
    assert page.status_code == 422 and 'value="many"' in page.text
    assert page.text.count('aria-invalid="true"') == 2 and "A credit code has 18 characters" in page.text
    assert rows(site.centre) == []


def test_a_refusal_says_what_to_do_next(site: Site) -> None:
    page = site.post(do="keep", buyer__name="云川木禾文具有限公司")
    assert page.status_code == 422 and "登记的名称不一致" in page.text and rows(site.centre) == []


def test_one_address_keeps_so_many_and_no_more(site: Site) -> None:
    answers = [site.post(do="keep").status_code for _ in range(21)]
    assert answers == [303] * 20 + [429] and len(rows(site.centre)) == 20


def test_what_is_no_service_of_phones_has_no_page(site: Site) -> None:
    for name in ("pay.due", "nothing", "<b>"):
        answer = site.get(f"/b/{name}")
        assert answer.status_code == 404 and "<b>" not in answer.text


@pytest.mark.parametrize(("size", "lang"), [("phone", "zh-CN"), ("small", "en-US"), ("desk", "en-US")])
def test_no_page_is_clipped_and_all_text_has_contrast(
    browser: Browser, site: Site, size: str, lang: str
) -> None:
    page = visit(browser, size, lang)
    found: dict[str, list[str]] = {}
    page.goto(site.url + FORM)
    found["form"] = page.evaluate(AUDIT) + poor(page)
    page.locator("button.main").click()
    found["mistakes"] = page.evaluate(AUDIT) + poor(page)
    fill(page)
    page.locator("button.main").click()
    found["review"] = page.evaluate(AUDIT) + poor(page)
    page.locator("button.main").click()
    page.wait_for_url("**/d/*")
    found["code"] = page.evaluate(AUDIT) + poor(page)
    page.context.close()
    assert [f"{name}: {problem}" for name, problems in found.items() for problem in problems] == []


def fill(page: Page) -> None:
    for name, text in TYPED.items():
        row = page.locator(f'[name="{name}"]')
        if row.evaluate("e => e.tagName") == "SELECT":
            row.select_option(text)
        else:
            row.fill(text)


def poor(page: Page) -> list[str]:
    """Text with less contrast than 7:1."""
    pairs = page.evaluate(
        """() => [...document.querySelectorAll('h1, h2, p, dt, dd, li, label, .hint, .btn, .pill, footer p')]
        .filter(e => e.textContent.trim()).map(e => {
          let ground = e; while (ground && getComputedStyle(ground).backgroundColor === 'rgba(0, 0, 0, 0)')
            ground = ground.parentElement;
          return [getComputedStyle(e).color, getComputedStyle(ground || document.body).backgroundColor,
                  e.textContent.trim().slice(0, 20)]; })"""
    )
    return [f"faint: {words}" for ink, ground, words in pairs if contrast(ink, ground) < 7]


def test_a_person_begins_it_on_the_phone_and_the_reader_reads_the_screen(
    browser: Browser, site: Site
) -> None:
    page = visit(browser)
    page.goto(site.url)
    page.get_by_role("link", name="代开发票").click()
    page.get_by_role("button", name="下一步：核对").click()
    expect(page.get_by_text("请填写“购买方名称”"), "above the form and at its row").to_have_count(2)
    fill(page)
    page.get_by_role("button", name="English").click()
    assert page.locator('[name="buyer.name"]').input_value() == HEMU_NAME, "the other language loses nothing"
    page.get_by_role("button", name="Look it through").click()
    expect(page.get_by_text("¥103.50").first).to_be_visible()
    page.get_by_role("button", name="It is right, get the code").click()
    page.wait_for_url("**/d/*")
    picture = page.locator(".qr").screenshot()
    page.context.close()
    with Image.open(io.BytesIO(picture)) as image:
        (read,) = zxingcpp.read_barcodes(image.convert("L"))
    assert check_draft_code(read.text.rpartition("/")[2])
