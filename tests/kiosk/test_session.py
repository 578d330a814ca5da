"""The session: screens and touches, mistakes of ours, what is left between visits, and out of service."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from typing import Any

import pytest

from kiosk.flow.effects import CompareFace, Issued, Note, ReadDocument, StopWaiting, Wipe
from kiosk.flow.engine import Engine
from kiosk.flow.events import Action, Intent, Outcome
from kiosk.flow.pages import Screen
from kiosk.flow.power_words import power_notice
from kiosk.flow.state import FlowState, Phase
from kiosk.session import Session
from kiosk.steps.base import Ctx
from tests.kiosk.flow.visitor import CARD, PASSED, PROFILE, surroundings
from tests.kiosk.sessions import SECRET, outside
from tests.shipped import CATALOGUE


class Recorder:
    """An executor that only writes down what it is asked."""

    def __init__(self) -> None:
        self.issued: list[Issued] = []

    def issue(self, issued: Issued) -> None:
        self.issued.append(issued)

    def effects(self, kind: type) -> list[Any]:
        return [i.effect for i in self.issued if isinstance(i.effect, kind)]


def engine() -> Engine:
    return Engine(CATALOGUE, surroundings())


class Broken(Engine):
    """Fails on one action, or while it draws."""

    __slots__ = ()

    def step(self, state: FlowState, event: Any) -> Any:
        if isinstance(event, Intent) and event.action is Action.COUNT:
            raise ZeroDivisionError("a mistake of ours")
        return super().step(state, event)

    def screen(self, state: FlowState) -> Screen:
        if state.mode == "elder":
            raise KeyError("a text that nobody wrote")
        return super().screen(state)


async def begun(made: Engine | None = None, lang: str = "zh-CN") -> tuple[Session, Recorder, list[Screen]]:
    session, recorder, seen = Session(lang), Recorder(), []
    session.on_screen(seen.append)
    session.begin(made or engine(), recorder)  # type: ignore[arg-type]
    session.world(outside())
    return session, recorder, seen


async def touch(session: Session, action: Action, value: str = "", text: str = "") -> None:
    session.send(Intent(action, value, text))
    await asyncio.sleep(0)


async def signed_in(session: Session, recorder: Recorder) -> str:
    """Card read and face compared; the id of the question that is open then."""
    await touch(session, Action.BEGIN)
    await touch(session, Action.OPEN, "declare.vat-small")
    session.told(Outcome(recorder.issued[-1].id, CARD))
    await touch(session, Action.PROCEED)
    assert isinstance(recorder.issued[-1].effect, CompareFace)
    session.told(Outcome(recorder.issued[-1].id, PASSED))
    return recorder.issued[-1].id


async def test_whoever_comes_late_gets_the_present_screen_at_once_and_equal_ones_are_told_once() -> None:
    session, _, seen = await begun()
    late: list[Screen] = []
    session.on_screen(late.append)
    assert late == seen[-1:]
    before = len(seen)
    session.world(outside())
    await touch(session, Action.PROCEED)
    assert len(seen) == before


async def test_touches_may_come_from_another_thread() -> None:
    session, recorder, seen = await begun()
    thread = threading.Thread(target=session.send, args=(Intent(Action.BEGIN),))
    thread.start()
    await asyncio.to_thread(thread.join)
    await asyncio.sleep(0)
    assert seen[-1].page.kind == "home"
    assert recorder.effects(Note)


def test_a_touch_before_the_core_is_there_or_after_it_has_gone_is_nothing() -> None:
    session = Session("zh-CN")
    session.send(Intent(Action.BEGIN))

    async def life() -> None:
        session.begin(engine(), Recorder())  # type: ignore[arg-type]

    asyncio.run(life())
    session.send(Intent(Action.BEGIN))


async def test_previews_go_to_whoever_draws_them() -> None:
    session, _, _ = await begun()
    frames: list[bytes] = []
    session.on_preview(frames.append)
    session.preview(b"\xff\xd8")
    session.preview(b"")
    assert frames == [b"\xff\xd8", b""]


async def test_it_says_how_long_the_core_has_been_silent() -> None:
    session = Session("zh-CN")
    assert session.silent_s == float("inf")
    session.beat()
    assert session.silent_s < 5


# --- mistakes of ours -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("mistake", [(Action.COUNT, "1"), (Action.MODE, "elder")], ids=["step", "drawing"])
async def test_a_flow_that_fails_ends_the_visit_and_wipes_it(mistake: tuple[Action, str]) -> None:
    session, recorder, seen = await begun(Broken(CATALOGUE, surroundings()), "en-US")
    late = await signed_in(session, recorder)
    visit = session._state.visit
    await touch(session, *mistake)
    assert seen[-1].page.kind == "attract"
    assert seen[-1].lang == "en-US"
    assert not any(secret in repr(session._state) for secret in SECRET)
    kinds = [type(i.effect) for i in recorder.issued[-3:]]
    assert kinds == [StopWaiting, Note, Wipe]
    assert recorder.issued[-1].effect == Wipe(visit)
    assert {i.visit for i in recorder.issued[-3:]} == {visit}
    # the late answer of that visit is nobody's, however far the next one has come
    await touch(session, Action.BEGIN)
    before = session._state
    session.told(Outcome(late, PROFILE))
    assert session._state == before


async def test_effects_of_one_visit_never_have_the_numbers_of_another() -> None:
    session, recorder, _ = await begun(Broken(CATALOGUE, surroundings()))
    for end in ((Action.COUNT, "1"), (Action.EXPIRE, ""), (Action.MODE, "elder")):
        await signed_in(session, recorder)
        await touch(session, *end)
        if end[0] is Action.EXPIRE:
            await touch(session, Action.PROCEED)
    numbers = [i.id for i in recorder.issued]
    assert len(numbers) == len(set(numbers))


# --- between visits -------------------------------------------------------------------------------------------


async def test_the_next_person_finds_nothing_of_the_last_one() -> None:
    session, recorder, seen = await begun()
    late = await signed_in(session, recorder)
    session.told(Outcome(late, PROFILE))
    await touch(session, Action.LANGUAGE, "en-US")
    await touch(session, Action.LEAVE)
    await touch(session, Action.PROCEED)
    assert seen[-1].page.kind == "attract"
    assert (seen[-1].lang, seen[-1].mode) == ("zh-CN", "standard")
    assert not any(secret in repr((session._state, seen[-1])) for secret in SECRET)
    await touch(session, Action.BEGIN)
    await touch(session, Action.OPEN, "declare.vat-small")
    assert isinstance(recorder.issued[-1].effect, ReadDocument)
    assert session._state.person is None


async def test_someone_who_only_looks_in_leaves_no_key_behind() -> None:
    session, recorder, seen = await begun()
    await touch(session, Action.BEGIN)
    visit = session._state.visit
    await touch(session, Action.LEAVE)
    assert seen[-1].page.kind == "attract"
    assert recorder.issued[-1].effect == Wipe(visit)


async def test_calling_staff_when_nobody_is_here_writes_no_line_for_nobody() -> None:
    session, recorder, seen = await begun()
    await touch(session, Action.CALL_STAFF)
    assert recorder.effects(Note) == []
    assert seen[-1].status_note
    await touch(session, Action.BEGIN)
    await touch(session, Action.CALL_STAFF)
    assert [note.kind for note in recorder.effects(Note)] == ["visit.begun", "staff.called"]


# --- out of service -------------------------------------------------------------------------------------------


async def test_nobody_begins_while_the_terminal_is_out_of_service() -> None:
    session, _, seen = await begun(lang="en-US")
    session.world(outside(out_of_service="storage"))
    assert seen[-1].page.kind == "outOfService"
    await touch(session, Action.BEGIN)
    assert seen[-1].page.kind == "outOfService"
    session.world(outside())
    assert (seen[-1].page.kind, seen[-1].lang) == ("attract", "en-US")


async def test_until_what_the_last_visit_left_is_settled_the_screen_says_so_and_nobody_begins() -> None:
    session, recorder, seen = Session("zh-CN"), Recorder(), list[Screen]()
    session.on_screen(seen.append)
    session.begin(engine(), recorder, closed="starting")  # type: ignore[arg-type]
    assert seen[-1].page.kind == "outOfService"
    assert "正在核对" in str(seen[-1].page)
    await touch(session, Action.BEGIN)
    assert seen[-1].page.kind == "outOfService"
    session.world(outside())
    assert seen[-1].page.kind == "attract"


async def test_a_visit_that_only_looked_at_home_is_wiped_when_the_terminal_closes() -> None:
    session, recorder, seen = await begun()
    await touch(session, Action.BEGIN)
    visit = session._state.visit
    session.world(outside(out_of_service="storage"))
    assert seen[-1].page.kind == "outOfService"
    assert recorder.issued[-1].effect == Wipe(visit)
    assert session._state.visit == ""


async def test_a_visit_under_way_is_finished_and_then_the_terminal_is_closed() -> None:
    session, recorder, seen = await begun()
    late = await signed_in(session, recorder)
    session.world(outside(out_of_service="storage"))
    session.told(Outcome(late, PROFILE))
    assert session._state.phase is Phase.SERVICE
    await touch(session, Action.BACK)
    assert seen[-1].page.kind == "home"
    await touch(session, Action.OPEN, "pay.due")
    assert seen[-1].page.kind == "farewell", "nothing new begins"
    await touch(session, Action.PROCEED)
    assert seen[-1].page.kind == "outOfService"


async def test_when_the_battery_is_low_a_visitor_reads_what_becomes_of_what_they_began() -> None:
    session, recorder, seen = await begun()
    late = await signed_in(session, recorder)
    session.told(Outcome(late, PROFILE))
    session.world(replace(outside(), power="battery"))
    assert (seen[-1].notice_title, seen[-1].status_note) == ("", "停电，正用备用电池，业务照常")
    assert session.visiting
    session.world(replace(outside(out_of_service="power"), power="low"))
    assert seen[-1].notice_title == "停电了"
    assert "还没有提交" in seen[-1].notice_text
    await touch(session, Action.LANGUAGE, "en-US")
    assert "has not been sent" in seen[-1].notice_text
    session.end_visit()
    assert seen[-1].page.kind == "farewell"
    session.end_visit()
    assert seen[-1].page.kind == "farewell", "it reminds of the card"
    await touch(session, Action.PROCEED)
    assert "停电了，本机正在安全关机" in str(seen[-1].page)
    assert not session.visiting
    session.world(outside())
    assert (seen[-1].page.kind, seen[-1].notice_title) == ("attract", "")


@pytest.mark.parametrize(
    ("kind", "words"),
    [("review", "还没有提交"), ("submit", "请不要离开"), ("pay", "不会丢"), ("slip", "已经办成")],
)
async def test_the_notice_is_about_the_step_under_way(kind: str, words: str) -> None:
    session, recorder, seen = await begun()
    late = await signed_in(session, recorder)
    session.told(Outcome(late, PROFILE))
    steps = CATALOGUE["declare.vat-small"].service.steps
    at = next(number for number, step in enumerate(steps) if step.kind == kind)
    lost = replace(outside(), power="low")
    state = replace(session._state, index=at, world=lost, local=None)
    assert words in power_notice(Ctx(steps[at], state, surroundings()))[1]
