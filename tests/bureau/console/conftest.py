"""The console as its own program over a small city, officers with authenticators, and a real Chromium."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bureau.certificates.office import open_office
from bureau.city import stock_desk, visits
from bureau.city.cast import FIRMS, PERSONAS
from bureau.city.stock import code_of
from bureau.engine.feedback import filing, ratings
from bureau.engine.inspecting import issuing
from bureau.engine.inspecting.recording import Officers
from bureau.engine.reference.work import ReferenceSystem
from bureau.engine.remote import calling, desk, talking
from bureau.engine.remote.sealing import Office
from bureau.fleet.keys import BureauKeys
from bureau.fleet.notes import sign_note
from bureau.fleet.terminals import BUREAU_NAME
from bureau.fleet.vault import SealingVault
from bureau.levels.centres import Centres
from bureau.levels.wire import CentreAt, CentreDay, DayReport, Figures, JoinCentre
from bureau.officers.accounts import Accounts
from bureau.officers.opening import open_accounts, open_trail
from bureau.officers.roles import Role
from bureau.officers.trail import Trail
from bureau.opendata.releases import Releases
from bureau.opening import business_clock, open_keys
from bureau.ports.matters import MatterCase, NewCase
from bureau.ports.refunds import Account, GivenBack, NewRefund
from bureau.ports.registration import PersonKey
from bureau.ports.stock import SHELF, OnTheWay
from bureau.store import tables
from bureau.store.database import Database
from config.bureau_settings import BureauSettings
from config.clock import CHINA
from config.loopback import free_ports
from config.settings import load_bureau
from kiosk.domain.ids import uuid7
from kiosk.domain.invoices import InvoiceRange, add
from kiosk.domain.people import Role as Post
from sync.crypto import b64, new_signer
from sync.models import (
    CallBack,
    FeedbackComplain,
    FeedbackRate,
    FeedbackReport,
    RemoteOpen,
    RemoteTalk,
    RowShown,
    Said,
    ScreenShown,
)
from tests.browser import CHROMIUM
from tests.bureau import stores
from tests.bureau.doubles import HandClock
from tests.bureau.inspections import Desk
from tests.bureau.served_documents import FIRM
from tests.shipped import CATALOGUE

COMPLAINT = {
    "kind": "manner", "about": "officer", "place": "一号办税厅", "officer": "钱窗口", "day": "2026-10-10",
    "facts": "问材料时不耐烦", "wish": "请一次说清楚", "name": "唐悦", "mobile": "13912340007",
}  # fmt: skip
TIP_OFF = {
    "conduct": "hidden-income", "target": "翠湖小吃店", "address": "翠湖路", "facts": "只收现金，从不开票",
    "naming": "anonymous",
}  # fmt: skip
ASKED = "个人出租住房要交增值税吗"
PASSWORD = "correct horse battery"
SIZES = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
SHOTS = os.environ.get("KIOSK_CONSOLE_SHOTS", "")
"""A folder for pictures of every page that a journey passes; empty: none are kept."""


SILENT = "15302000000"
LEVELS: dict[str, Any] = {
    "15301000000": {"under": None, "texts": {"zh-CN": "云川市税务局", "en-US": "Yunchuan Tax Service"}},
    "15301210000": {
        "under": "15301000000",
        "texts": {"zh-CN": "石桥县<税务局>", "en-US": "Shiqiao <County>"},
    },
    SILENT: {"under": None, "texts": {"zh-CN": "湖东市税务局", "en-US": "Hudong Tax Service"}},
}


@dataclass
class Console:
    """The running program, and the store beside it."""

    settings: BureauSettings
    database: Database
    keys: BureauKeys
    process: subprocess.Popen[bytes]
    env: dict[str, str]
    secrets: dict[str, str] = field(default_factory=dict)
    roles: dict[str, frozenset[Role]] = field(default_factory=dict)
    visited: bool = False
    levelled: bool = False

    @property
    def url(self) -> str:
        return self.settings.console_url

    @property
    def accounts(self) -> Accounts:
        return open_accounts(self.database, self.keys)

    @property
    def trail(self) -> Trail:
        return open_trail(self.settings, self.database, self.keys)

    @property
    def system(self) -> ReferenceSystem:
        return ReferenceSystem(self.database, business_clock(self.settings))

    def officer(self, login: str, name: str, *roles: Role, lang: str = "zh-CN") -> None:
        """Somebody who has taken up their account; done once a session of tests, in which files run in any company."""
        held = self.roles.setdefault(login, frozenset(roles))
        assert held == frozenset(roles), f"{login} is somebody else in another file: take another name"
        if login in self.secrets:
            return
        code = self.accounts.invite(login, name, roles, "test", lang)
        self.secrets[login] = self.accounts.invitation(code).secret
        self.accounts.take_up(code, PASSWORD, self.figures(login))

    def figures(self, login: str) -> str:
        """What the authenticator shows now. That it counts once is tested elsewhere: nobody waits for the next here."""
        t = tables.officer
        with self.database.write() as connection:
            connection.execute(t.update().where(t.c.officer == login).values(last_step=0))
        return pyotp.TOTP(self.secrets[login]).now()

    def open_case(self, matter: str, persona: str, due_in: int, **fields: str | int | bool) -> MatterCase:
        """A case of that persona's enterprise, as the engine would open it."""
        who = next(one for one in PERSONAS if one.id == persona)
        firm = next((one for one in FIRMS if any(p == persona for p, _ in one.people)), None)
        with self.system.write("A-07") as work:
            now = work.core.now
            day = now.astimezone(CHINA).date() + timedelta(due_in)
            key = f"test-{matter}-{persona}-{time.monotonic_ns()}"
            new = NewCase(
                matter, key, PersonKey(who.kind, who.number), firm.taxpayer if firm else None,
                Post("L"), "A-07", fields, now, day, key,
            )  # fmt: skip
            return work.core.matters.open(new)

    def month(self) -> None:
        """Four weeks of visits at the terminals of all halls, up to yesterday; once."""
        if not self.visited:
            self.visited = True
            with self.database.write() as connection:
                visits.plant(connection, stores.SEED, stores.DAY, stores.published()[1], CATALOGUE)
                stock_desk.plant(connection, stores.DAY, partial(sign_note, self.keys))

    def levels(self) -> None:
        """Two centres below, of which the first has one below itself and the other has told nothing for days; once."""
        if self.levelled:
            return
        self.levelled = True
        clock = HandClock(business_clock(self.settings).now())
        centres = Centres(self.database, self.keys, clock)
        for code, name in LEVELS.items():
            if name["under"]:
                continue
            one_time, _ = centres.make_code(code, name["texts"], "test", 5)
            key = b64(new_signer("ed25519")[0].public_key)
            centres.join(JoinCentre(code=one_time, public_key=key))
        today = clock.now().astimezone(CHINA).date()
        told = [CentreAt(centre=code, under=of["under"], name=of["texts"]) for code, of in LEVELS.items()][:2]
        days = [
            CentreDay(
                centre=one.centre,
                day=today - timedelta(days=back),
                figures=Figures(
                    visits=300 + 10 * back, uses=400, done=380 - place, trouble=place * 9, terminals=11, rated=40,
                    rated_low=2, paid=90, paid_fen=4_567_890_12,
                ),
            )
            for place, one in enumerate(told)
            for back in range(1, 5)
        ]  # fmt: skip
        centres.take(told[0].centre, DayReport(centres=told, days=days))
        clock.forward(days=-3)
        centres.take(
            SILENT, DayReport(centres=[CentreAt(centre=SILENT, name=LEVELS[SILENT]["texts"])], days=[])
        )

    def hand_over(self, unit: str) -> OnTheWay:
        """Ten sheets of the shelf that were in this unit of a terminal, and are on their way to the safe."""
        self.month()
        with self.system.write() as work:
            stock, code = work.core.stock, code_of("04", stores.DAY.year)
            shelf = stock.slot(*SHELF)
            assert shelf is not None
            free = [
                held.numbers
                for other, held in shelf.contents
                if (other, held.where.state) == (code, "onHand")
            ]
            numbers = InvoiceRange(add(free[-1].last, -9), free[-1].last)
            stock.load("F-01", unit, code, numbers, stock_desk.KEEPERS)
            number = stock_desk.hand_out(work, partial(sign_note, self.keys), "F-01", "H-06", unit)
            return next(one for one in stock.on_the_way() if one.note == number)

    @property
    def open_data(self) -> Releases:
        """What is opened of the city's data."""
        return Releases(self.database, business_clock(self.settings), self.settings.open_data.districts)

    def complain(self, due_in: int = 1, **changed: object) -> str:
        """A complaint that has come, to be taken up within so many days; its number."""
        return self._filed(FeedbackComplain.model_validate({**COMPLAINT, **changed}), due_in)

    def tip_off(self, due_in: int = 15, **changed: object) -> str:
        """A tip-off that has come, likewise."""
        return self._filed(FeedbackReport.model_validate({**TIP_OFF, **changed}), due_in)

    def low_rating(self) -> str:
        """A visitor was dissatisfied; the number under which somebody looks into it."""
        with self.system.write("A-07") as work:
            item = f"visit-{time.monotonic_ns()}"
            given = FeedbackRate(item=item, level=1, reasons=["slow", "device"])
            ratings.rate(work.core, stores.published()[1], str(uuid7()), "invoice.collect", given)
            return next(one.case.case for one in ratings.listed(work.core, 500) if one.case.reference == item)

    def _filed(self, said: FeedbackComplain | FeedbackReport, due_in: int) -> str:
        with self.system.write("A-07") as work:
            vault, law = SealingVault(self.keys.sealing), stores.published()[1]
            case = filing.filed(work.core, law, vault, uuid7(), said, "7K2M9QX4PD")
            day = work.core.now.astimezone(CHINA).date() + timedelta(due_in)
            work.core.feedback.change(replace(case, accept_by=day, answer_by=day + timedelta(7)))
            return case.number

    def remote(self, officer: str) -> dict[str, str]:
        """Somebody who waits, somebody whom this officer talks to and who shows the screen, and a call-back."""
        with self.system.write("A-07") as work:
            office, now = Office(work.core, SealingVault(self.keys.sealing)), time.monotonic_ns()
            desk.serve(work.core, officer)
            numbers = [
                talking.opened(
                    office, RemoteOpen(visit=f"v-{n}-{now}", topic="house-car", words=ASKED), "zh-CN"
                ).number
                for n in range(2)
            ]
            desk.take(work.core, officer, numbers[0])
            desk.phrase(office, officer, numbers[0], "hello")
            desk.ask_screen(office, officer, numbers[0])
            seen = ScreenShown(
                service="房屋出租申报", title="请看看", rows=[RowShown(label="手机号", mark="wrong")]
            )
            said = [Said(n=1, text="三千二")]
            talking.talked(office, RemoteTalk(visit=f"v-0-{now}", shares="yes", shown=seen, say=said))
            given = CallBack(topic="other", words=ASKED, mobile="13912340031", slot="any")
            by = calling.Asked(uuid7(), f"v-2-{now}", "zh-CN")
            call = calling.asked(office, stores.published()[1], by, given)
            return {"talks": numbers[0], "waits": numbers[1], "call": call.number}

    def inspecting(self, first: str, second: str) -> Desk:
        """What these two do with visits."""
        return Desk(self.system, SealingVault(self.keys.sealing), Officers(first, "检一", second, "检二"))

    def inspections(self, first: str, second: str) -> dict[str, str]:
        """A visit of today with a picture, everything filled in; and one whose record is issued, with much to follow."""
        desk, firm = self.inspecting(first, second), next(f for f in FIRMS if "晨星茶叶" in f.name)
        open_ = desk.order(firm.taxpayer, "blanks").number
        desk.save(open_, desk.entered(open_, "differs", findings="保管柜没有上锁"))
        desk.picture(open_)
        issued = desk.confirmed(FIRM)
        office = open_office(self.settings.state_dir, BUREAU_NAME, self.settings.public_url)
        with ThreadPoolExecutor(
            1
        ) as elsewhere:  # a browser's loop runs in this thread, and sealing has one of its own
            elsewhere.submit(issuing.issue, self.system, office, desk.vault, issued, first).result()
        return {"visit": open_, "issued": issued}

    def allow_refund(self, officer: str) -> str:
        """A refund of an enterprise that this officer has allowed; its number."""
        case = self.open_case("refund.overpaid", "gao-wei", 9)
        assert case.taxpayer is not None
        with self.system.write("A-07") as work:
            today = work.core.now.astimezone(CHINA).date()
            (kept, *_) = work.core.returns.filings(case.taxpayer, today - timedelta(days=900))
            part = GivenBack("vat-small", 9_000_000, entry_date=today - timedelta(days=100))
            new = NewRefund(
                case.case, case.taxpayer, kept.filed.declaration, (part,), Account("icbc", "6217000000000001234"), officer
            )  # fmt: skip
            return work.core.refunds.allow(new).refund

    def acts_of(self, subject: str) -> list[tuple[str, str, str]]:
        """What the trail has of it but looks: officer, act, how it ended; the first first."""
        told = [(one.who.officer, one.act, one.phase) for one in self.trail.latest(subject=subject)]
        return [one for one in reversed(told) if one[2] != "seen"]


@contextmanager
def running(folder: Path, template: Path, **env: str) -> Iterator[Console]:
    """The console's own program over a copy of the small city."""
    url = stores.sqlite_city(template, folder / "bureau.db")
    env = {
        "BUREAU_STATE_DIR": str(folder / "state"),
        "BUREAU_DATABASE__URL": url,
        "BUREAU_CITY__AS_OF": stores.DAY.isoformat(),
        # One offset for the program and for who looks at its store, also when a midnight passes meanwhile.
        "BUREAU_CLOCK__OFFSET_S": str((stores.DAY - datetime.now(CHINA).date()).total_seconds()),
        "BUREAU_CONSOLE__PORT": str(free_ports("console")["console"]),
        "BUREAU_PUBLIC_URL": "https://127.0.0.1:9",
        **env,
    }
    settings = load_bureau(None, env)
    database, keys = Database(url), open_keys(settings)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "bureau.cli", "console", "--json"],
            env={**os.environ, **env},
            stdout=subprocess.PIPE,
            stderr=log,
        )
        assert process.stdout is not None
        told = process.stdout.readline()
        assert told, (folder / "log").read_text()
        assert json.loads(told)["url"] == settings.console_url
        yield Console(settings, database, keys, process, env)
        process.send_signal(signal.SIGTERM)
        process.wait(20)
        process.stdout.close()
    database.close()


@pytest.fixture(scope="session")
def console(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Console]:
    """One for all tests of a worker; they sign in more often than any address may."""
    folder = tmp_path_factory.mktemp("console")
    with running(folder, sqlite_template, BUREAU_LIMITS__SIGN_INS_PER_MINUTE="100000") as made:
        yield made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """As long as its module: while it lives, its loop runs in this thread, and no other may be begun here."""
    with sync_playwright() as play:
        chromium = play.chromium.launch(**CHROMIUM)
        yield chromium
        chromium.close()


SignIn = Callable[..., Page]


@pytest.fixture
def contexts(browser: Browser) -> Iterator[list[BrowserContext]]:
    made: list[BrowserContext] = []
    yield made
    for context in made:
        context.close()


@pytest.fixture
def sign_in(console: Console, browser: Browser, contexts: list[BrowserContext]) -> SignIn:
    """Sign somebody in as a person does: name, password, six figures."""

    return partial(signed_in, console, browser, contexts)


def signed_in(
    console: Console,
    browser: Browser,
    contexts: list[BrowserContext],
    login: str,
    size: str = "desk",
    lang: str = "zh-CN",
) -> Page:
    """A browser in which this officer is signed in."""
    page = visit(browser, contexts, size, lang)
    page.goto(console.url)
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", PASSWORD)
    page.click("button.primary")
    page.fill("input[name=code]", console.figures(login))
    page.click("button.primary")
    page.wait_for_selector(".page h1")
    return page


class Staff:
    """Officers of a module's tests, each signed in once for each look and going on where the last test left off."""

    def __init__(self, console: Console, browser: Browser) -> None:
        self._console, self._browser = console, browser
        self.contexts: list[BrowserContext] = []
        self._pages: dict[tuple[str, str, str], Page] = {}

    def at(self, path: str, login: str, size: str = "desk", lang: str = "zh-CN") -> Page:
        """The officer's browser at that page."""
        key = (login, size, lang)
        if key not in self._pages:
            self._pages[key] = signed_in(self._console, self._browser, self.contexts, login, size, lang)
        page = self._pages[key]
        page.goto(self._console.url + path)
        page.wait_for_selector(".page h1")
        return page


@pytest.fixture(scope="module")
def staff(console: Console, browser: Browser) -> Iterator[Staff]:
    made = Staff(console, browser)
    yield made
    for context in made.contexts:
        context.close()


def press(page: Page, label: str, *, sure: bool = False) -> None:
    """Press a button of the page, and say yes where it is asked once more."""
    page.locator(".page").get_by_role("button", name=label, exact=True).click()
    if sure:
        page.get_by_role("dialog").get_by_role("button", name=label, exact=True).click()


def visit(browser: Browser, contexts: list[BrowserContext], size: str = "desk", lang: str = "zh-CN") -> Page:
    """A browser of somebody's own; an error in a page's script fails the test."""
    context = browser.new_context(viewport=SIZES[size], locale=lang, ignore_https_errors=True)  # type: ignore[arg-type]
    contexts.append(context)
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"a script of the page failed: {error}"))
    return page


def shot(page: Page, name: str) -> None:
    """Keep a picture where pictures are wanted."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
