"""Two officers and ten terminals at once: what people say comes to both by itself, and one of them answers it."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bureau.app import assemble
from bureau.city.cast import HEMU
from bureau.officers.roles import Role
from config.settings import CentreSettings
from sync.client import BureauClient
from sync.models import EffectAnswer
from tests.bureau import stores
from tests.bureau.console.conftest import Console, SignIn, running, shot
from tests.bureau.doubles import DraftOffice
from tests.bureau.terminals import CAST, Terminal, subject
from tests.bureau.test_program import program

pytestmark = pytest.mark.timeout(240)
TERMINALS = 10
DESKS = (Role.MODERATION, Role.COMPLAINTS, Role.APPROVAL, Role.REMOTE)
LISTS = ("/mutual", "/ratings", "/complaints", "/call-backs", "/cases")
PEOPLE = [name for name, person in CAST.items() if person.kind.value == "resident-id"][:TERMINALS]


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Console]:
    """One of its own: other tests count the terminals."""
    folder = tmp_path_factory.mktemp("at-once")
    with running(folder, sqlite_template, BUREAU_LIMITS__SIGN_INS_PER_MINUTE="100000") as made:
        yield made


@pytest.fixture(scope="module")
def terminals(console: Console) -> Iterator[list[tuple[Terminal, BureauClient]]]:
    """Ten terminals, and the centre's own program between them and the store that the console reads."""
    container = assemble(console.settings, office=DraftOffice(), published=stores.published())
    env = {name: value for name, value in console.env.items() if name != "BUREAU_PUBLIC_URL"}
    with program("serve", "--port", "0", env=env) as (url, _):
        made = []
        for place in range(TERMINALS):
            terminal = Terminal.enrol(container, container.clock, f"T-{place:02}", f"H-0{1 + place % 5}")
            made.append((terminal, BureauClient(CentreSettings(url=url), terminal.identity)))
        yield made
        for _, client in made:
            client.close()
    container.close()


def _says(
    place: int, terminal: Terminal, client: BureauClient, gate: threading.Barrier
) -> list[EffectAnswer]:
    """All that the people at one terminal say, one thing after the other, as those at the others do too."""
    person, told = subject(PEOPLE[place]), f"第 {place} 台"
    complaint = {
        "kind": "manner", "about": "officer", "place": told, "officer": None, "day": "2026-10-10", "facts": "排队很久",
        "more": None, "wish": "请改进", "name": None, "mobile": None,
    }  # fmt: skip
    call = {"topic": "house-car", "words": told, "mobile": f"1390001{place:04}", "slot": "morning"}
    gate.wait(30)
    records = [
        terminal.intent("help.ask", {"topic": "other", "text": f"{told}几点关机？"}, person),
        terminal.intent("feedback.rate", {"item": f"at-once-{place}", "level": 1, "reasons": ["slow"]}),
        terminal.intent("feedback.complain", complaint),
        terminal.intent("consult.call-back", call, person),
    ]
    if not place:
        moved = {"phone": None, "bank": None, "account": None, "address": "云川市书院路 9 号"}
        records.append(terminal.intent("matter.submit", moved, subject("he-mulan", HEMU, "L")))
    return [client.submit(signed) for signed in records]


def _rows(page: Page) -> int:
    return page.locator("tbody tr").count()


def test_what_ten_terminals_say_comes_to_both_officers_and_one_of_them_settles_it(
    console: Console, sign_in: SignIn, terminals: Sequence[tuple[Terminal, BureauClient]]
) -> None:
    officers = ("wu-yi", "zheng-er")
    pages: dict[tuple[str, str], Page] = {}
    for login in officers:
        console.officer(login, login, *DESKS)
        first = sign_in(login)
        for path in LISTS:
            page = first.context.new_page()
            page.goto(console.url + path)
            page.wait_for_selector(".page h1")
            pages[login, path] = page
    before = {key: _rows(page) for key, page in pages.items()}
    gate = threading.Barrier(TERMINALS)
    with ThreadPoolExecutor(TERMINALS) as pool:
        told = [pool.submit(_says, n, *one, gate) for n, one in enumerate(terminals)]
        answers = [answer for future in told for answer in future.result(120)]
    assert [answer.refusal for answer in answers if answer.refusal] == []
    for (login, path), page in pages.items():
        more = 1 if path == "/cases" else TERMINALS
        expect(page.locator("tbody tr"), f"{login} at {path}").to_have_count(
            before[login, path] + more, timeout=15_000
        )
    shot(pages[officers[0], "/ratings"], "at-once-ratings")
    call = next(a for a in answers if str(a.result.get("case", "")).startswith("71")).result["case"]
    both = [pages[login, "/call-backs"] for login in officers]
    for page in both:
        page.goto(f"{console.url}/call-backs/{call}")
        page.get_by_label("答复了什么").fill("月租金十万以下免税")
        page.get_by_role("button", name="已接通", exact=True).click()
    for page in both:
        page.get_by_role("dialog").get_by_role("button", name="已接通", exact=True).click()
    expect(both[0].locator(".timeline")).to_contain_text(f"{officers[0]} 接通")
    expect(both[1].locator(".q-notification")).to_be_visible()
    assert [one for one in console.acts_of(str(call)) if one[2] == "done"] == [
        (officers[0], "call.reached", "done")
    ]
