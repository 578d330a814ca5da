"""A centre that answers 500, garbage, slowly or never: the real client, core and journal; what the person reads."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from config.settings import CentreSettings
from config.texts import catalogue
from kiosk.centre import CentreClient
from kiosk.flow.events import Action, Intent
from kiosk.flow.pages import DonePage, MessagePage, PayPage
from sync.client import BureauClient
from tests.kiosk.program import Program, World, world
from tests.kiosk.sessions import SECRET, Visit
from tests.kiosk.test_recovery import disagreements, until_settled
from tests.sync.bad_server import BadServer, Script, drip, http, nothing, say

LANGUAGES = ("zh-CN", "en-US")
PATIENT_S, SHORT_S = 10.0, 0.2
"""How long an answer is waited for: only from a server that has none to give a wait is short."""
PORTAL = http(200, b"<html><script>alert(1)</script>Welcome</html>", "text/html")
BAD: dict[str, tuple[Script, str]] = {
    "500": (say(http(500, b"Internal Server Error", "text/plain")), "busy"),
    "503": (say(http(503, b"<h1>no</h1>", "text/html")), "busy"),
    "not-http": (say(b"\x00" * 1000), "garbled"),
    "another-protocol": (say(b"SSH-2.0-OpenSSH_9.2\r\n"), "garbled"),
    "broken-json": (say(http(200, b"{]")), "garbled"),
    "another-form": (say(http(200, b'{"data": "<script>", "extra": []}')), "garbled"),
    "without-end": (say(http(200, b"x" * (5 * 1024 * 1024))), "garbled"),
    "sign-in-page": (say(PORTAL), "garbled"),
    "forbidden": (say(http(403, b'{"code": "terminal-suspended"}', "application/problem+json")), "rejected"),
    "unprocessable": (say(http(422, b'{"code": "request-invalid"}', "application/problem+json")), "rejected"),
    "slowly": (drip(http(200, b"{}"), 0.05), "unreachable"),
    "never": (nothing(), "unreachable"),
    "hangs-up": (say(b""), "unreachable"),
    "half": (say(http(200, b"{}", length=500)), "unreachable"),
}
"""What the server does, and which of the flow's troubles that is."""
SILENT = (BAD["slowly"][0], BAD["never"][0])


class Halves:
    """A centre whose questions are answered well and whose effects meet the bad server, or the other way round."""

    def __init__(self, good: Any, bad: CentreClient, broken: frozenset[str]) -> None:
        self._good, self._bad, self._broken = good, bad, broken

    def __getattr__(self, name: str) -> Any:
        return getattr(self._bad if name in self._broken else self._good, name)


@contextmanager
def bad_centre(program: Program, script: Script, *broken: str) -> Iterator[BadServer]:
    """The program's centre runs ``script`` for the calls named; afterwards the good one is back."""
    with BadServer(script) as server:
        wait_s = SHORT_S if script in SILENT else PATIENT_S
        settings = CentreSettings(url=server.url, connect_timeout_s=wait_s, read_timeout_s=wait_s)
        client = BureauClient(settings, program.world.terminal.identity)
        reached: list[bool] = []
        bad = CentreClient(client, reached.append)
        good = program.means
        halves: Any = Halves(good.centre, bad, frozenset(broken))
        program.executor._means = replace(good, centre=halves)
        try:
            yield server
        finally:
            program.executor._means = good
            bad.close()
            client.close()


async def send(visit: Visit, action: Action, value: str = "", text: str = "") -> None:
    visit.session.send(Intent(action, value, text, visit.seen[-1].serial))
    await asyncio.sleep(0)


async def until_message(visit: Visit, service: str, lang: str, *kinds: str) -> Any:
    """Go on as a visitor in ``lang`` until a message (or one of ``kinds``) stands on the screen."""
    await send(visit, Action.BEGIN)
    await send(visit, Action.LANGUAGE, lang)
    for _ in range(30):
        page = visit.seen[-1].page
        if page.kind in ("message", *kinds):
            return page
        for action, value, text in visit._wishes(service):
            await send(visit, action, value, text)
        await visit.program.idle()
    raise AssertionError(f"stuck at {visit.seen[-1].page}")


def told(visit: Visit, fault: str, lang: str) -> None:
    """The words of that trouble in that language and nothing of the server's."""
    page, words = visit.seen[-1].page, catalogue(lang)
    assert isinstance(page, MessagePage)
    assert (page.title, page.body) == (words[f"fault.{fault}.title"], (words[f"fault.{fault}.body"],))
    assert "script" not in repr(page)
    assert page.action


async def the_next_one_is_served(visit: Visit) -> None:
    """Who was there leaves; somebody else comes, the centre is well again, and the whole service is done."""
    for _ in range(4):
        if visit.seen[-1].page.kind == "attract":
            break
        await send(visit, Action.PROCEED if visit.seen[-1].page.kind == "farewell" else Action.LEAVE)
        await visit.program.idle()
    assert visit.seen[-1].page.kind == "attract"
    assert not any(secret in repr(visit.session._state) for secret in SECRET)
    again = Visit(visit.program)
    await again.play("pay.due")
    assert "done" in again.pages
    await until_settled(visit.program)
    slips = visit.pages.count("print") + 1  # one a visit that got so far
    assert [d for d in disagreements(visit.program) if d != f"slip {slips} times"] == []


@pytest.fixture
def w() -> Iterator[World]:
    with world() as made:
        yield made


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", BAD)
async def test_a_question_to_a_bad_centre_is_told_and_the_next_person_is_served(
    w: World, name: str, lang: str
) -> None:
    script, fault = BAD[name]
    with Program(w) as program:
        visit = Visit(program)
        with bad_centre(program, script, "query") as server:
            await until_message(visit, "certificate.iit-record", lang)
            told(visit, fault, lang)
            assert len(server.requests) == 1, "asked once, and only when somebody touches again"
        await the_next_one_is_served(visit)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["500", "broken-json", "forbidden", "slowly", "never", "hangs-up"])
async def test_a_certificate_a_bad_centre_did_not_issue_is_told_as_not_issued(
    w: World, name: str, lang: str
) -> None:
    script, fault = BAD[name]
    with Program(w) as program:
        visit = Visit(program)
        with bad_centre(program, script, "submit"):
            await until_message(visit, "certificate.iit-record", lang)
            told(visit, fault, lang)
        assert w.cabinet.motions == [], "no sheet has moved"
        await the_next_one_is_served(visit)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["500", "broken-json", "slowly", "never", "hangs-up"])
async def test_a_return_a_bad_centre_did_not_answer_is_received_and_delivered_once(
    w: World, name: str, lang: str
) -> None:
    script, _ = BAD[name]
    with Program(w) as program:
        visit = Visit(program)
        with bad_centre(program, script, "submit"):
            page = await until_message(visit, "declare.vat-small", lang, "done")
            assert isinstance(page, DonePage)
            assert page.stamp == {"zh-CN": "已收到", "en-US": "RECEIVED"}[lang]
            assert page.reference
        await the_next_one_is_served(visit)
        assert len(w.bureau.of("declaration.submit")) == 1


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["500", "broken-json", "slowly", "never", "hangs-up"])
async def test_an_order_a_bad_centre_did_not_open_charges_nobody_and_is_told(
    w: World, name: str, lang: str
) -> None:
    script, _ = BAD[name]
    with Program(w) as program:
        visit = Visit(program)
        with bad_centre(program, script, "submit"):
            page = await until_message(visit, "pay.due", lang, "pay")
        assert isinstance(page, PayPage)
        assert (page.state, page.message) == ("closed", catalogue(lang)["pay.state.closed"])
        assert page.action and page.second, "once more now, or later"
        assert w.bureau.of("payment.create") == []
        await the_next_one_is_served(visit)


async def test_the_same_centre_may_be_asked_again_by_the_same_person(w: World) -> None:
    with Program(w) as program:
        visit = Visit(program)
        with bad_centre(program, BAD["500"][0], "query"):
            await until_message(visit, "pay.due", "en-US")
        await send(visit, Action.PROCEED)
        assert visit.seen[-1].page.kind == "home"
        await send(visit, Action.OPEN, "pay.due")
        await program.idle()
        assert visit.seen[-1].page.kind == "choose", (
            "the person is still known, and their enterprises are there"
        )
