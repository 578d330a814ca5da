"""Who gets where: every page for every role, and what is tried from outside."""

from __future__ import annotations

import asyncio
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
import websockets

from bureau.console.map import PLACES, open_to, place_of
from bureau.console.way_in import COOKIE, STEP_COOKIE
from bureau.officers.roles import Role
from tests.bureau.console.conftest import PASSWORD, Console, running

PAGES = {
    "today": "/",
    "cases": "/cases",
    "complaints": "/complaints",
    "a complaint": "/complaints/67990026101200000001",
    "ratings": "/ratings",
    "a low rating": "/ratings/61990026101200000001",
    "tip-offs": "/tip-offs",
    "a tip-off": "/tip-offs/68990026101200000001",
    "mutual help": "/mutual",
    "a question": "/mutual/69990026101200000001",
    "school": "/school",
    "a session": "/school/000001",
    "refunds": "/refunds",
    "a refund": "/refunds/42990026101200000001",
    "stock": "/stock",
    "the shelf": "/stock/shelf@1",
    "a slip": "/stock/54990026101200000001",
    "levels": "/centres",
    "surveys": "/surveys",
    "a survey": "/surveys/opening-hours",
    "offenders": "/offenders",
    "an offender": "/offenders/66990026101200000001",
    "software": "/software",
    "a version": "/software/export-helper@0.9.0",
    "knowledge": "/knowledge",
    "a notice": "/knowledge/3",
    "an answer": "/knowledge/pay-how",
    "open data": "/open-data",
    "a release": "/open-data/vat-returns-2026-Q2-1",
    "pools": "/lottery",
    "a pool": "/lottery/second",
    "prizes": "/prizes",
    "a prize": "/prizes/64990026101200000019",
    "inspections": "/inspections",
    "an inspection": "/inspections/72990026101200000001",
    "its record": "/inspections/72990026101200000001/visit",
    "its paper": "/inspections/72990026101200000001/paper",
    "remote officer": "/remote",
    "a conversation": "/remote/71990026101200000001",
    "call-backs": "/call-backs",
    "a call-back": "/call-backs/71990026101200000001",
    "analytics": "/analytics",
    "a service": "/analytics/services/pay.due",
    "a file": "/analytics/files/days.csv",
    "officers": "/officers",
    "trail": "/trail",
    "a case": "/cases/1",
    "its page": "/cases/1/pages/1",
    "an officer": "/officers/chief",
}


class Browser(requests.Session):
    """A client that does as browsers do: it says from which page it asks, and trusts the demonstration's authority."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        self.console, self.trust_env = console, False
        self.verify = str(console.settings.state_dir / "tls" / "ca.pem")

    def post_from(self, path: str, origin: str | None, **data: str) -> requests.Response:
        headers = {"Origin": origin} if origin else {}
        return self.post(self.console.url + path, data=data, headers=headers, allow_redirects=False)

    def see(self, path: str) -> requests.Response:
        return self.get(self.console.url + path, allow_redirects=False)

    def sign_in(self, login: str) -> requests.Response:
        self.post_from("/sign-in", self.console.url, login=login, password=PASSWORD)
        return self.post_from("/sign-in/code", self.console.url, code=self.console.figures(login))


@pytest.fixture
def client(console: Console) -> Iterator[Browser]:
    with Browser(console) as made:
        yield made


@pytest.mark.parametrize("role", [*Role, None])
def test_every_page_is_open_to_those_roles_alone_that_the_map_names(
    console: Console, client: Browser, role: Role | None
) -> None:
    roles = [role] if role else []
    login = f"only-{role.value if role else 'nothing'}"
    console.officer(login, login, *roles)
    assert client.sign_in(login).status_code == 303
    for path in PAGES.values():
        place = place_of(path)
        assert place is not None
        seen = client.see(path).status_code
        if open_to(roles, place):
            assert seen in (200, 404), path  # the scanned page of a case that is not there
        else:
            assert seen == 403, path


@pytest.mark.parametrize(
    "path",
    [
        "/sign-inner",
        "/sign-in/x",
        "/enrolx",
        "/assets/a/b",
        "/assets/none.css",
        "/_nicegui/x",
        "/_nicegui_ws/",
    ],
)
def test_what_lies_beside_the_way_in_is_not_there(client: Browser, path: str) -> None:
    seen = client.see(path)
    assert seen.status_code in (403, 404)
    assert len(seen.content) < 100, "no page is made for it"


def test_a_form_that_is_larger_than_any_of_ours_is_not_read(console: Console, client: Browser) -> None:
    assert client.post_from("/sign-in", console.url, login="x" * 20_000).status_code == 413


def test_a_file_in_place_of_a_form_is_not_read(console: Console, client: Browser) -> None:
    sent = client.post(
        f"{console.url}/enrol",
        files={"code": b"x" * 100_000},
        headers={"Origin": console.url},
        allow_redirects=False,
    )
    assert sent.status_code == 413


def test_whoever_was_on_the_way_to_a_page_gets_there_with_all_that_was_asked(client: Browser) -> None:
    assert client.see("/cases?state=decided").headers["Location"] == "/sign-in?next=/cases%3Fstate%3Ddecided"


def test_what_is_looked_for_on_the_trail_is_kept_only_where_it_is_no_persons(
    console: Console, client: Browser
) -> None:
    console.officer("only-auditor", "only-auditor", Role.AUDITOR)
    client.sign_in("only-auditor")
    for asked in ("110101199003078515", "<b>", "fang-li", "63990026101200000018"):
        assert client.see(f"/trail?subject={asked}").status_code == 200
    kept = [one.subject for one in console.trail.latest(officer="only-auditor", limit=4)]
    assert kept == ["63990026101200000018", "fang-li", "", ""]


def test_a_page_is_shown_though_it_waits_for_another_program_to_write(
    console: Console, client: Browser
) -> None:
    console.officer("only-auditor", "only-auditor", Role.AUDITOR)
    client.sign_in("only-auditor")
    writes = threading.Event()

    def write() -> None:
        with console.database.write():
            writes.set()
            time.sleep(4)  # longer than the framework's limit, shorter than the store's

    other = threading.Thread(target=write)
    other.start()
    assert writes.wait(10)
    assert client.see("/trail").status_code == 200
    other.join()


def test_every_place_of_the_map_is_asked_for() -> None:
    assert {place_of(path) for path in PAGES.values()} == set(PLACES)


@pytest.mark.parametrize("path", [*PAGES.values(), "/cases/../trail", "/nowhere"])
def test_whoever_is_not_signed_in_sees_nothing(client: Browser, path: str) -> None:
    seen = client.see(path)
    assert seen.status_code in (303, 403)
    assert "nicegui" not in seen.text


@pytest.mark.parametrize("cookie", ["", "x", "a" * 5000, "'; DROP TABLE officer; --", '"\\303'])
def test_no_other_cookie_opens_a_page(client: Browser, cookie: str) -> None:
    seen = client.get(
        f"{client.console.url}/cases", headers={"Cookie": f"{COOKIE}={cookie}"}, allow_redirects=False
    )
    assert seen.status_code == 303


def test_the_first_step_is_no_session(console: Console, client: Browser) -> None:
    console.officer("fang-li", "方丽", Role.APPROVAL)
    client.post_from("/sign-in", console.url, login="fang-li", password=PASSWORD)
    step = client.cookies[STEP_COOKIE]
    assert client.see("/").status_code == 303
    client.cookies.set(COOKIE, step)
    assert client.see("/").status_code == 303


@pytest.mark.parametrize("origin", [None, "https://evil.example", "null", "http://127.0.0.1:1"])
def test_a_form_of_another_site_changes_nothing(
    console: Console, client: Browser, origin: str | None
) -> None:
    console.officer("fang-li", "方丽", Role.APPROVAL)
    client.sign_in("fang-li")
    assert client.post_from("/sign-in/out", origin).status_code == 403
    assert client.see("/").status_code == 200
    assert client.post_from("/sign-in", origin, login="fang-li", password=PASSWORD).status_code == 403


def _socket(console: Console, cookie: str, origin: str) -> str:
    """What a WebSocket of the framework gets: open, or how it was refused."""
    trust = ssl.create_default_context(cafile=str(console.settings.state_dir / "tls" / "ca.pem"))

    async def ask() -> str:
        address = f"wss://{urlsplit(console.url).netloc}/_nicegui_ws/socket.io/?EIO=4&transport=websocket"
        headers = {"Cookie": f"{COOKIE}={cookie}"} if cookie else {}
        try:
            async with websockets.connect(
                address,
                ssl=trust,
                origin=origin,
                additional_headers=headers,  # type: ignore[arg-type]
            ) as line:
                return str(await asyncio.wait_for(line.recv(), 5))[:1]
        except websockets.exceptions.InvalidStatus as refused:
            return str(refused.response.status_code)

    return asyncio.run(ask())


def test_a_websocket_opens_for_a_session_and_from_our_own_page_alone(
    console: Console, client: Browser
) -> None:
    console.officer("fang-li", "方丽", Role.APPROVAL)
    client.sign_in("fang-li")
    token = client.cookies[COOKIE]
    assert _socket(console, token, console.url) == "0"  # engine.io says hello
    assert _socket(console, token, "https://evil.example") == "403"
    assert _socket(console, "", console.url) == "403"
    client.post_from("/sign-in/out", console.url)
    assert _socket(console, token, console.url) == "403"


@pytest.mark.parametrize(
    "wanted", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:1", "/\nx"]
)
def test_signing_in_leads_nowhere_else(console: Console, client: Browser, wanted: str) -> None:
    console.officer("fang-li", "方丽", Role.APPROVAL)
    client.post_from("/sign-in", console.url, login="fang-li", password=PASSWORD, next=wanted)
    answer = client.post_from("/sign-in/code", console.url, code=console.figures("fang-li"), next=wanted)
    assert answer.headers["Location"] == "/"


def test_a_session_is_kept_where_no_script_and_no_other_site_gets_at_it(
    console: Console, client: Browser
) -> None:
    console.officer("fang-li", "方丽", Role.APPROVAL)
    answer = client.sign_in("fang-li")
    (cookie,) = [line for line in answer.headers["Set-Cookie"].split(", ") if line.startswith(f"{COOKIE}=")]
    assert {"HttpOnly", "Secure", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


@pytest.mark.parametrize("path", ["/sign-in", "/enrol", "/"])
def test_every_answer_has_the_headers_of_a_page_that_nobody_frames_or_keeps(
    console: Console, client: Browser, path: str
) -> None:
    console.officer("fang-li", "方丽", Role.APPROVAL)
    client.sign_in("fang-li")
    headers = client.see(path).headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


def test_what_others_wrote_is_text_and_nothing_else(console: Console, client: Browser) -> None:
    hostile = "<script>alert(1)</script>"
    console.officer("fang-li", hostile, Role.APPROVAL)  # known already in this session of tests, or hostile
    console.officer("mallory", hostile, Role.APPROVAL)
    case = console.open_case("registration.change", "gao-wei", 9, address=hostile)
    client.sign_in("mallory")
    for path in ("/", f"/cases/{case.case}", f"/trail?officer={hostile}"):
        assert hostile not in client.see(path).text


def test_one_address_may_not_guess_for_ever(tmp_path: Path, sqlite_template: Path) -> None:
    with (
        running(tmp_path, sqlite_template, BUREAU_LIMITS__SIGN_INS_PER_MINUTE="5") as strict,
        Browser(strict) as client,
    ):
        told = [
            client.post_from("/sign-in?lang=en", strict.url, login=f"nobody-{n}", password="x" * 12).text
            for n in range(6)
        ]
        assert strict.trail.head()[0] == 0, "whoever guesses names fills no trail"
    assert ["Too many attempts" in one for one in told] == [False] * 5 + [True]
