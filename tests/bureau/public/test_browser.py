"""The pages in a real browser: as a person with a phone or at a desk meets them, in both languages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from bureau.certificates import codes
from bureau.ports.certificates import CertificateChange
from bureau.public.texts import text
from kiosk.domain.formatting import group_number
from tests.browser import CHROMIUM
from tests.bureau.public.conftest import KEY, Pages, slip

SIZES = {
    "phone": {"width": 390, "height": 844},
    "small": {"width": 320, "height": 568},
    "desk": {"width": 1280, "height": 800},
}
AUDIT = """() => {
  const problems = [];
  const root = document.documentElement;
  if (root.scrollWidth > innerWidth) problems.push(`wider than the screen: ${root.scrollWidth}`);
  for (const e of document.querySelectorAll('a, button, input:not([type=hidden])')) {
    const r = e.getBoundingClientRect();
    if (r.width && (r.height < 40 || r.width < 44)) problems.push(`small target: ${e.outerHTML.slice(0, 60)}`);
  }
  for (const e of document.querySelectorAll('h1, h2, h3, p, dt, dd, td, th, label, li, button, .number')) {
    if (e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline' && e.clientWidth)
      problems.push(`clipped: ${e.textContent.trim().slice(0, 40)}`);
  }
  for (const e of document.querySelectorAll('td, dd')) {
    const figure = [...e.childNodes].find(n => n.nodeType === 3 && /^\\s*-?\\d[\\d,.\\-]*\\s*$/.test(n.data));
    const range = document.createRange();
    if (figure) range.selectNodeContents(figure);
    if (figure && new Set([...range.getClientRects()].map(r => r.top)).size > 1) problems.push(`torn: ${figure.data.trim()}`);
  }
  for (const e of document.querySelectorAll('input:not([type=hidden])'))
    if (!e.labels.length) problems.push(`no label: ${e.name}`);
  if (document.querySelectorAll('h1').length !== 1) problems.push('not one title');
  return problems;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        chromium = play.chromium.launch(**CHROMIUM)
        yield chromium
        chromium.close()


def visit(browser: Browser, size: str = "phone", lang: str = "zh-CN") -> Page:
    page = browser.new_context(viewport=SIZES[size], locale=lang).new_page()  # type: ignore[arg-type]
    # An upload is looked at by a process of its own, which a busy machine starts late.
    page.set_default_timeout(60_000)
    return page


@pytest.mark.parametrize(("size", "lang"), [("phone", "zh-CN"), ("small", "en-US"), ("desk", "en-US")])
def test_no_page_is_clipped_or_has_targets_too_small(
    browser: Browser, pages: Pages, size: str, lang: str
) -> None:
    page = visit(browser, size, lang)
    logged: list[str] = []
    page.on("console", lambda message: logged.append(message.text))
    found = {}
    addresses = ["/", pages.path, pages.path[:-4] + "AAAA", "/v?n=1&c=2", "/v/file", "/s/none"]
    for state in ("unknown", "refused", "accepted"):
        addresses.append(f"/s/{KEY}?{state}")
    for address in addresses:
        pages.register.slips[KEY] = slip(address.rpartition("?")[2] if "/s/" in address else "unknown")
        page.goto(pages.url + address)
        found[address] = page.evaluate(AUDIT)
    page.context.close()
    assert [f"{address[:12]} {problem}" for address, problems in found.items() for problem in problems] == []
    assert [text for text in logged if "status of 4" not in text] == [], "no blocked style, no script error"


@pytest.mark.parametrize(("size", "lang"), [("phone", "zh-CN"), ("small", "en-US"), ("desk", "en-US")])
def test_one_whose_tax_was_given_back_since_says_so_before_anything_else(
    browser: Browser, pages: Pages, size: str, lang: str
) -> None:
    day = date(2026, 11, 3)
    pages.register.changed[pages.issued.number] = [
        CertificateChange("refunded", day, "71990026110300000012", 123_456),
        CertificateChange("corrected", day, "31990026110300000011", 654_321),
    ]
    page = visit(browser, size, lang)
    page.goto(pages.url + pages.path)
    assert page.get_by_role("heading", level=1).text_content() == text("outdated.title", lang)
    shown = page.inner_text("body")
    assert "1,234.56" in shown and "6,543.21" not in shown and "7199" not in shown
    assert page.evaluate(AUDIT) == []
    page.context.close()


def test_a_person_types_number_and_code_and_reads_the_certificate(browser: Browser, pages: Pages) -> None:
    page = visit(browser)
    page.goto(pages.url)
    page.get_by_label("编号").fill(group_number(pages.issued.number))
    page.get_by_label("验证码").fill(codes.group_code(pages.issued.code).lower())
    page.get_by_role("button", name="查验证明").click()
    assert page.get_by_role("heading", level=1).text_content() == "真实有效"
    page.get_by_role("button", name="English").click()
    assert page.get_by_role("heading", level=1).text_content() == "Genuine and valid"
    expect(page.get_by_text("Wages and salaries").first).to_be_visible()
    page.get_by_label("Number on the paper").fill(pages.issued.number)
    page.get_by_label("Total on the paper (CNY)").fill("4,157.82")
    page.get_by_role("button", name="Compare").click()
    assert page.get_by_role("status").text_content()
    assert "as certified" in (page.get_by_role("status").text_content() or "")
    page.context.close()


def test_a_typing_error_is_marked_at_its_field(browser: Browser, pages: Pages) -> None:
    page = visit(browser, lang="en-US")
    page.goto(pages.url)
    page.get_by_label("Number").fill("2153")
    page.get_by_role("button", name="Check the certificate").click()
    number = page.get_by_label("Number")
    assert number.get_attribute("aria-invalid") == "true"
    assert number.input_value() == "2153"
    assert page.locator("#n-error").inner_text() == "The number has 20 digits"
    page.context.close()


def test_a_person_uploads_a_good_and_a_changed_file(browser: Browser, pages: Pages, tmp_path: Path) -> None:
    changed = bytearray(pages.issued.pdf)
    changed[9000] ^= 1
    page = visit(browser, "desk")
    for content, title in ((pages.issued.pdf, "文件完好"), (bytes(changed), "文件被改过")):
        (tmp_path / "certificate.pdf").write_bytes(content)
        page.goto(pages.url)
        page.get_by_label("证明的 PDF 文件").set_input_files(tmp_path / "certificate.pdf")
        page.get_by_role("button", name="查验文件").click()
        assert page.get_by_role("heading", level=1).text_content() == title
    page.context.close()


@pytest.mark.parametrize("lang", ["zh-CN", "en-US"])
def test_a_person_who_sends_ten_megabytes_reads_why_not_and_sends_the_right_file(
    browser: Browser, pages: Pages, tmp_path: Path, lang: str
) -> None:
    file, button = {
        "zh-CN": ("证明的 PDF 文件", "查验文件"),
        "en-US": ("The certificate as PDF", "Check the file"),
    }[lang]
    large, right = tmp_path / "large.pdf", tmp_path / "right.pdf"
    large.write_bytes(b"%PDF-" + b"x" * 10 * 1024 * 1024)
    right.write_bytes(pages.issued.pdf)
    page = visit(browser, "desk", lang)
    page.goto(pages.url)
    page.get_by_label(file).set_input_files(large)
    page.get_by_role("button", name=button).click()
    expect(page.get_by_text(text("error.file.large", lang))).to_be_visible()
    page.get_by_label(file).set_input_files(right)
    page.get_by_role("button", name=button).click()
    assert page.get_by_role("heading", level=1).text_content() == text("file.intact.title", lang)
    page.context.close()


def test_text_keeps_its_contrast(browser: Browser, pages: Pages) -> None:
    """7:1 for text, by the visual target's own rule; measured on what the browser computed."""
    page = visit(browser)
    page.goto(pages.url + pages.path)
    pairs = page.evaluate(
        """() => [...document.querySelectorAll('h1, h2, p, dt, dd, td, label, .btn, .tag, .pill, footer p')]
        .filter(e => e.textContent.trim()).map(e => {
          let ground = e; while (ground && getComputedStyle(ground).backgroundColor === 'rgba(0, 0, 0, 0)')
            ground = ground.parentElement;
          return [getComputedStyle(e).color, getComputedStyle(ground || document.body).backgroundColor,
                  e.textContent.trim().slice(0, 20)]; })"""
    )
    page.context.close()
    assert len(pairs) > 50
    poor = [pair for pair in pairs if contrast(pair[0], pair[1]) < 7]
    assert poor == [], json.dumps(poor[:3], ensure_ascii=False)


def contrast(one: str, two: str) -> float:
    """WCAG 2 contrast of two ``rgb(…)`` colours."""

    def luminance(colour: str) -> float:
        parts = [int(x) / 255 for x in colour[colour.index("(") + 1 : -1].split(",")[:3]]
        linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
