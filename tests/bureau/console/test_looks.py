"""Every page at the desk and on a phone, in both languages: nothing clipped, no accessibility rule broken."""

from __future__ import annotations

import itertools
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page

from bureau.engine import stockkeeping
from bureau.engine.mutual import moderating
from bureau.officers.roles import DECIDING, Role
from bureau.ports.stock import Wanted
from kiosk.domain.invoices import InvoiceRange, add
from tests.bureau.console.conftest import Console, SignIn, Staff, shot
from tests.bureau.console.npm import axe
from tests.depth import WHOLE, some

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
  for (const e of document.querySelectorAll('.tabs a'))
    if (e.getBoundingClientRect().height > 60) problems.push(`torn: ${e.textContent}`);
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
def case(console: Console) -> str:
    fields = {"phone": "13900002345", "address": "滨江路 12 号"}
    return console.open_case("registration.change", "gao-wei", -2, **fields).case


@pytest.fixture(scope="module")
def numbers(console: Console, case: str) -> dict[str, str]:
    """One of each list, in the state in which most can be done with it."""
    console.month()
    console.levels()
    with console.system.read() as work:
        waiting = moderating.listed(work.core, ["question"])[0].number
        (idea, *_) = work.core.mutual.listed("idea", ["published"], 1)
        (coming, *_) = work.core.school.sessions(work.core.now)
        (app, *_) = [one for one in work.core.apps.entries() if one.state == "published"]
        offenders = {case.state: case.case_no for case in work.core.publicity.entries()}
        (held, *_) = work.core.school.sessions(work.core.now - timedelta(days=60))
        (prize, *_) = work.core.lottery.listed(["ordered", "paid"], 1)  # of few one was paid at the desk
        ended = [one for one in work.core.stock.slips(["done"], 100) if one.done.case]
        counted = next(one for one in ended if one.wanted.errand == "count")
    way = console.hand_over("unit8")
    with console.system.write() as work:
        rest = tuple((code, InvoiceRange(add(lot.first, 1), lot.last)) for code, lot in way.numbers)
        slip = stockkeeping.propose(work, "somebody", Wanted("arrive", note=way.note, found=rest))
    return {
        "way": way.note,
        "came": slip.slip,
        "counted": counted.slip,
        "differs": counted.done.case,
        "prize": prize.ticket,
        "case": case,
        "complaint": console.complain(-3),
        "tip_off": console.tip_off(),
        "rating": console.low_rating(),
        "question": waiting,
        "idea": idea.number,
        "session": coming.session,
        "held": held.session,
        "software": f"{app.app}@{app.version}",
        "entered": offenders["entered"],
        "ending": offenders["removal-asked"],
        "published": offenders["published"],
        "release": console.open_data.propose("vat-returns", "2026-Q2", "somebody").release,
        "refund": console.allow_refund("somebody"),
        **console.remote("decides-zh"),
        **console.inspections("decides-zh", "decides-en"),
    }


HOLDS = {
    "decides": tuple(set(DECIDING) - {Role.TIP_OFFS, Role.PUBLISHING, Role.STOCK}) + (Role.AUDITOR,),
    "keeps": (Role.STOCK,),
    "publishes": (Role.PUBLISHING,),
    "tips": (Role.TIP_OFFS,),
    "gives": (Role.ADMINISTRATOR, Role.AUDITOR),
}
PATHS = {
    "today": ("decides", "/"),
    "cases": ("decides", "/cases"),
    "decided": ("decides", "/cases?state=decided"),
    "case": ("decides", "/cases/{case}"),
    "no-case": ("decides", "/cases/0"),
    "complaints": ("decides", "/complaints"),
    "complaints-done": ("decides", "/complaints?tab=decided"),
    "complaint": ("decides", "/complaints/{complaint}"),
    "no-complaint": ("decides", "/complaints/0"),
    "ratings": ("decides", "/ratings"),
    "ratings-all": ("decides", "/ratings?tab=all"),
    "rating": ("decides", "/ratings/{rating}"),
    "tip-offs": ("tips", "/tip-offs"),
    "tip-off": ("tips", "/tip-offs/{tip_off}"),
    "waits": ("tips", "/"),
    "mutual": ("decides", "/mutual"),
    "ideas": ("decides", "/mutual?tab=ideas"),
    "question": ("decides", "/mutual/{question}"),
    "idea": ("decides", "/mutual/{idea}"),
    "school": ("decides", "/school"),
    "session": ("decides", "/school/{session}"),
    "held": ("decides", "/school/{held}"),
    "refunds": ("decides", "/refunds"),
    "refund": ("decides", "/refunds/{refund}"),
    "stock": ("keeps", "/stock"),
    "stock-shelf": ("keeps", "/stock?tab=shelf"),
    "stock-terminals": ("keeps", "/stock?tab=terminals"),
    "shelf": ("keeps", "/stock/shelf@1"),
    "stock-way": ("keeps", "/stock?tab=way"),
    "on-the-way": ("keeps", "/stock/{way}"),
    "came": ("keeps", "/stock/{came}"),
    "counted": ("keeps", "/stock/{counted}"),
    "differs": ("keeps", "/stock/{differs}"),
    "surveys": ("decides", "/surveys"),
    "survey": ("decides", "/surveys/hall-service"),
    "survey-proposed": ("publishes", "/surveys/opening-hours"),
    "offenders": ("decides", "/offenders"),
    "offender-entered": ("publishes", "/offenders/{entered}"),
    "offender-ends": ("publishes", "/offenders/{ending}"),
    "offender": ("decides", "/offenders/{published}"),
    "software": ("decides", "/software"),
    "software-proposed": ("publishes", "/software/export-helper@0.9.0"),
    "software-published": ("decides", "/software/{software}"),
    "knowledge": ("decides", "/knowledge"),
    "knowledge-library": ("decides", "/knowledge?tab=library&find=invoice&page=2"),
    "notice-proposed": ("publishes", "/knowledge/3"),
    "answer-proposed": ("publishes", "/knowledge/4"),
    "notice": ("decides", "/knowledge/2"),
    "answer": ("decides", "/knowledge/pay-how"),
    "open-data": ("decides", "/open-data"),
    "release-proposed": ("publishes", "/open-data/{release}"),
    "lottery": ("decides", "/lottery"),
    "lottery-over": ("decides", "/lottery?tab=past"),
    "pool-proposed": ("publishes", "/lottery/third"),
    "pool": ("decides", "/lottery/second"),
    "prizes": ("decides", "/prizes"),
    "prize": ("decides", "/prizes/{prize}"),
    "inspections": ("decides", "/inspections"),
    "inspection": ("decides", "/inspections/{visit}"),
    "inspection-issued": ("decides", "/inspections/{issued}"),
    "visit": ("decides", "/inspections/{visit}/visit"),
    "visit-issued": ("decides", "/inspections/{issued}/visit"),
    "visit-copy": ("decides", "/inspections/{issued}/copy"),
    "no-visit": ("decides", "/inspections/0/visit"),
    "remote": ("decides", "/remote"),
    "remote-waits": ("decides", "/remote/{waits}"),
    "remote-talks": ("decides", "/remote/{talks}"),
    "call-backs": ("decides", "/call-backs"),
    "call-back": ("decides", "/call-backs/{call}"),
    "analytics": ("gives", "/analytics"),
    "a-hall": ("gives", "/analytics?days=91&hall=H-02"),
    "steps": ("gives", "/analytics/services/invoice.collect"),
    "no-service": ("gives", "/analytics/services/none"),
    "levels": ("gives", "/centres"),
    "officers": ("gives", "/officers"),
    "officer": ("gives", "/officers/decides-zh"),
    "own": ("gives", "/officers/gives-{lang}"),
    "trail": ("gives", "/trail"),
}


def _open(console: Console, staff: Staff, who: str, path: str, size: str, lang: str) -> Page:
    """The page of somebody with these roles, signed in once for each look."""
    login = f"{who}-{lang[:2].lower()}"
    console.officer(login, "全能", *HOLDS[who], lang=lang)
    return staff.at(path, login, size, lang)


LOOKS = [*itertools.product(("phone", "desk"), ("en-US", "zh-CN"))]
TIGHTEST = LOOKS[0]
"""The longest words on the narrowest page: each page on every change, and a third of them as at home.

In ``make deep`` each page in each size and each language.
"""
LOOKED_AT = [
    *((*TIGHTEST, name) for name in PATHS),
    *(("desk", "zh-CN", name) for name in some(list(PATHS), len(PATHS) // 3)),
]


@pytest.mark.parametrize(
    ("size", "lang", "name"), [(*look, name) for look in LOOKS for name in PATHS] if WHOLE else LOOKED_AT
)
def test_every_page_is_whole_and_accessible(
    console: Console, staff: Staff, numbers: dict[str, str], size: str, lang: str, name: str
) -> None:
    who, path = PATHS[name]
    console.officer("decides-zh", "全能", *HOLDS["decides"])
    address = path.format(lang=lang[:2].lower(), **numbers)
    _checked(_open(console, staff, who, address, size, lang), f"{name}-{size}-{lang}")


@pytest.mark.parametrize("lang", ["zh-CN", "en-US"])
def test_the_menu_of_a_phone_is_whole_and_accessible(console: Console, staff: Staff, lang: str) -> None:
    page = _open(console, staff, "decides", "/", "phone", lang)
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
