from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from config.catalogue import load_catalogue
from kiosk import availability
from kiosk.domain.ids import uuid7
from kiosk.flow.effects import CompareFace, Issued, Note, ReadDocument, StopWaiting, Wipe
from kiosk.flow.engine import Engine
from kiosk.flow.events import Action, Intent, Outcome
from kiosk.flow.pages import ChoosePage, FormPage, Screen
from kiosk.flow.power_words import power_notice
from kiosk.flow.state import FlowState, Phase
from kiosk.session import Session
from kiosk.steps.base import Ctx
from sync.errors import BureauUnreachable
from tests.kiosk.doubles import CODE
from tests.kiosk.flow.test_certificate import MONTHS, RECORD
from tests.kiosk.flow.test_declare import DUE, PREFILL
from tests.kiosk.flow.test_visit import KIND
from tests.kiosk.flow.visitor import CARD, DEVICES, PASSED, PROFILE, ROLE, UNITS, surroundings
from tests.kiosk.program import Program, World, world
from tests.kiosk.test_recovery import disagreements, until_settled

SERVICES = load_catalogue()
SECRET = ("李秀兰", CARD["number"])


class Recorder:
    """An executor that only writes down what it is asked."""

    def __init__(self) -> None:
        self.issued: list[Issued] = []

    def issue(self, issued: Issued) -> None:
        self.issued.append(issued)

    def effects(self, kind: type) -> list[Any]:
        return [i.effect for i in self.issued if isinstance(i.effect, kind)]


def outside(*, online: bool = True, out_of_service: str = "", **devices: bool) -> Any:
    return availability.world(SERVICES, online, {**DEVICES, **devices}, UNITS, out_of_service=out_of_service)


def engine() -> Engine:
    return Engine(SERVICES, surroundings())


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
    session, recorder, seen = await begun(Broken(SERVICES, surroundings()), "en-US")
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
    session, recorder, _ = await begun(Broken(SERVICES, surroundings()))
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
    steps = SERVICES["declare.vat-small"].service.steps
    at = next(number for number, step in enumerate(steps) if step.kind == kind)
    lost = replace(outside(), power="low")
    state = replace(session._state, index=at, world=lost, local=None)
    assert words in power_notice(Ctx(steps[at], state, surroundings()))[1]


# --- whole visits, with the real executor and journal ---------------------------------------------------------


class Visit:
    """Goes through one service as a person would; what the readers and the centre say is known beforehand."""

    def __init__(self, program: Program, *, online: bool = True) -> None:
        self.program, self.session, self.seen = program, Session("zh-CN"), []
        self.pages: list[str] = []
        program.executor._tell = self.session.told
        program.people.answers = [("", CARD), ("", PASSED)]
        program.world.bureau.data = {
            "person.profile": PROFILE,
            "iit.months": MONTHS,
            "iit.record": RECORD,
            "vat.prefill": PREFILL,
            "dues.list": {"dues": [DUE], "total_fen": 409_584},
            "invoice.entitlement": {
                "kinds": [{**KIND, "kind": "04", "code": CODE, "allowed": 3}],
                "blocked": None,
            },
        }
        self.session.on_screen(self._show)
        self.session.begin(Engine(SERVICES, replace(surroundings(), mint=uuid7)), program.executor)
        self.session.world(outside(online=online))

    def _show(self, screen: Screen) -> None:
        self.seen.append(screen)
        if self.pages[-1:] != [screen.page.kind]:
            self.pages.append(screen.page.kind)

    async def play(self, service: str) -> None:
        for _ in range(60):
            for action, value, text in self._wishes(service):
                self.session.send(Intent(action, value, text, self.seen[-1].serial))
                await asyncio.sleep(0)
            await self.program.idle()
            if self.pages[-1] == "attract":
                return
        raise AssertionError(f"stuck at {self.pages[-1]}: {self.seen[-1].page}")

    def _wishes(self, service: str) -> list[tuple[Action, str, str]]:
        page = self.seen[-1].page
        match page.kind:
            case "attract":
                return [(Action.BEGIN, "", "")]
            case "home":
                return [(Action.OPEN, service, "")]
            case "rate":
                return [(Action.CHOOSE, "5", ""), (Action.PROCEED, "", "")]
        if isinstance(page, ChoosePage) and page.shape == "count":
            return [(Action.COUNT, "3", ""), (Action.PROCEED, "", "")]
        if isinstance(page, FormPage):
            typed = {"uscc": ROLE["taxpayer"], "ordinary": "352400", "uninvoiced": "34000"}
            fills = [(Action.FILL, row.id, str(typed[row.id])) for row in page.rows if row.editable]
            return [*fills, (Action.PROCEED, "", "")]
        return [(Action.PROCEED, "", "")]


@pytest.fixture
def w() -> Iterator[World]:
    with world() as made:
        yield made


@pytest.mark.parametrize(
    ("service", "tail"),
    [
        ("certificate.iit-record", ["review", "working", "print", "done", "rate"]),
        ("invoice.collect", ["review", "working", "dispense", "print", "done", "rate"]),
        ("declare.vat-small", ["review", "working", "pay", "print", "done", "rate"]),
        ("pay.due", ["choose", "pay", "print", "done", "rate"]),
    ],
)
async def test_a_whole_visit_leaves_everybody_agreed_and_nothing_of_the_person(
    w: World, service: str, tail: list[str]
) -> None:
    with Program(w) as program:
        visit = Visit(program)
        await visit.play(service)
        assert visit.pages[-len(tail) - 2 :] == [*tail, "farewell", "attract"]
        assert all(record.body is None for record in program.records()), "shredded at once"
        assert not any(secret in repr(visit.session._state) for secret in SECRET)
        await until_settled(program)
        assert disagreements(program) == []
        assert w.bureau.of("feedback.rate")


async def test_a_return_filed_without_the_network_is_received_numbered_and_delivered_later(w: World) -> None:
    w.bureau.away = BureauUnreachable("nobody there")
    with Program(w) as program:
        visit = Visit(program, online=False)
        await visit.play("declare.vat-small")
        done = next(s.page for s in visit.seen if s.page.kind == "done")
        assert done.stamp == "已收到"  # type: ignore[attr-defined]
        assert w.bureau.bodies == {}
        w.bureau.away = None
        await until_settled(program)
        assert disagreements(program) == []
        (body,) = w.bureau.of("declaration.submit")
        assert (body.offline, body.subject.role, body.data["total_fen"]) == (True, None, 409_584)
        assert body.subject.taxpayer == ROLE["taxpayer"]


async def test_two_people_one_after_the_other_are_two_visits_under_two_keys(w: World) -> None:
    with Program(w) as program:
        for _ in range(2):
            await Visit(program).play("pay.due")
        visits = {record.record.visit for record in program.records("visit.begun")}
        assert len(visits) == 2
        payers = {body.subject.person.number for body in w.bureau.of("payment.create") if body.subject.person}
        assert payers == {CARD["number"]}
        await until_settled(program)
        assert program.journal.visits_with_key() == set()
