"""Every page at the desk and on a phone, in both languages: nothing clipped, no accessibility rule broken."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from bureau.officers.roles import Role
from tests.bureau.console.conftest import Console, SignIn, shot, signed_in
from tests.bureau.console.npm import axe

AUDIT = """() => {
  const problems = [];
  const root = document.documentElement;
  if (root.scrollWidth > innerWidth) problems.push(`wider than the screen: ${root.scrollWidth}`);
  const seen = e => e.checkVisibility() && e.getBoundingClientRect().left >= 0;
  for (const e of document.querySelectorAll('button, nav a, .act, input:not([type=hidden])')) {
    const r = e.getBoundingClientRect();
    if (seen(e) && !e.closest('.q-field, .q-checkbox, .q-radio') && (r.height < 40 || r.width < 44))
      problems.push(`small target: ${e.outerHTML.slice(0, 80)}`);
  }
  for (const e of document.querySelectorAll('h1, h2, p, dt, dd, td, th, li, button, .badge, .figure b')) {
    if (seen(e) && e.clientWidth && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline')
      problems.push(`clipped: ${e.textContent.trim().slice(0, 40)}`);
  }
  if (document.querySelectorAll('h1').length !== 1) problems.push('not one title');
  if (document.body.innerText.includes('⟦')) problems.push('a text is missing');
  return problems;
}"""


def _checked(page: Page, name: str) -> None:
    page.wait_for_timeout(300)  # fonts and transitions of what was just drawn
    shot(page, name)
    assert page.evaluate(AUDIT) == [], name
    page.add_script_tag(content=axe().read_text("utf-8"))
    found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    assert [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found] == [], name


@pytest.fixture(scope="module")
def opened(console: Console, browser: Browser) -> Iterator[Callable[[str, str, str], Page]]:
    """The page of somebody who decides, or of who gives roles: signed in once for each look."""
    contexts: list[BrowserContext] = []
    pages: dict[tuple[str, str, str], Page] = {}

    def page_of(who: str, size: str, lang: str) -> Page:
        login = f"{who}-{lang[:2].lower()}"
        if (login, size, lang) not in pages:
            console.officer(login, "全能", *HOLDS[who], lang=lang)
            pages[login, size, lang] = signed_in(console, browser, contexts, login, size, lang)
        return pages[login, size, lang]

    yield page_of
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def case(console: Console) -> str:
    fields = {"phone": "13900002345", "address": "滨江路 12 号"}
    return console.open_case("registration.change", "gao-wei", -2, **fields).case


HOLDS = {
    "decides": (Role.RECEPTION, Role.APPROVAL, Role.AUDITOR),
    "gives": (Role.ADMINISTRATOR, Role.AUDITOR),
}
PATHS = {
    "today": ("decides", "/"),
    "cases": ("decides", "/cases"),
    "decided": ("decides", "/cases?state=decided"),
    "case": ("decides", "/cases/{case}"),
    "no-case": ("decides", "/cases/0"),
    "officers": ("gives", "/officers"),
    "officer": ("gives", "/officers/decides-zh"),
    "own": ("gives", "/officers/gives-{lang}"),
    "trail": ("gives", "/trail"),
}
Opened = Callable[[str, str, str], Page]


@pytest.mark.parametrize("name", PATHS)
@pytest.mark.parametrize("lang", ["zh-CN", "en-US"])
@pytest.mark.parametrize("size", ["desk", "phone"])
def test_every_page_is_whole_and_accessible(
    console: Console, opened: Opened, case: str, size: str, lang: str, name: str
) -> None:
    who, path = PATHS[name]
    console.officer("decides-zh", "全能", *HOLDS["decides"])
    page = opened(who, size, lang)
    page.goto(console.url + path.format(case=case, lang=lang[:2].lower()))
    page.wait_for_selector(".page h1")
    _checked(page, f"{name}-{size}-{lang}")


@pytest.mark.parametrize("lang", ["zh-CN", "en-US"])
def test_the_menu_of_a_phone_is_whole_and_accessible(console: Console, opened: Opened, lang: str) -> None:
    page = opened("decides", "phone", lang)
    page.goto(console.url)
    page.click("summary")
    _checked(page, f"menu-phone-{lang}")


@pytest.mark.parametrize("lang", ["zh-CN", "en-US"])
def test_the_way_in_is_whole_and_accessible(console: Console, sign_in: SignIn, lang: str) -> None:
    console.officer("li-mei", "李梅", Role.RECEPTION, Role.APPROVAL)
    page = sign_in("li-mei", "phone", lang)
    code = console.accounts.invite(f"new-{lang[:2].lower()}", "赵磊", [Role.RECEPTION], "test")
    for path in ("/sign-in", "/enrol", "/officers"):  # the last is not open to her
        page.goto(console.url + path)
        _checked(page, f"{path[1:]}-phone-{lang}")
    page.goto(f"{console.url}/enrol")
    page.fill("input[name=code]", code)
    page.click("button.primary")
    _checked(page, f"take-up-phone-{lang}")


def test_both_languages_have_the_same_texts() -> None:
    from bureau.console.parts import TEXTS, words

    chinese, english = (set(words()[lang].all()) for lang in ("zh-CN", "en-US"))
    assert chinese == english
    assert Path(TEXTS).is_dir()
