"""How visits went: steps and ends as the flow moves, seconds where they were spent, and nothing of whoever was there."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kiosk.flow.effects import Ask
from kiosk.flow.events import Action, Outcome
from kiosk.flow.state import WorldChanged
from kiosk.steps.phone import CARD as BY_CARD
from kiosk.use import UseKeeper, VisitWatch
from sync.models import ServiceUse, VisitUse
from sync.use import UseSpool
from tests.kiosk.flow.test_certificate import MONTHS
from tests.kiosk.flow.visitor import CARD, DEVICES, NOW, PROFILE, UNITS, Visitor
from tests.kiosk.test_session import Recorder, begun, touch

REFUSAL = {
    "code": "identityUnknown",
    "text": {"zh-CN": "查不到", "en-US": "Not found"},
    "next_step": {"zh-CN": "请到窗口", "en-US": "Ask at a counter"},
    "deadline": None,
}


@dataclass
class Hand:
    """A clock that goes when it is told to."""

    at: float = 0.0

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.at)

    def monotonic(self) -> float:
        return 1_000.0 + self.at


@dataclass
class Watched(Visitor):
    """A visitor beside whom the watch stands; each move takes as long as the hand says."""

    clock: Hand = field(default_factory=Hand)
    kept: list[VisitUse] = field(default_factory=list)
    takes: float = 0.0

    def __post_init__(self) -> None:
        self.watch = VisitWatch(self.clock, self.kept.append)

    def _step(self, event: Any) -> None:
        before = self.state
        self.clock.at += self.takes
        super()._step(event)
        self.watch.saw(before, event, self.state, self.page.kind, False)

    def fails(self) -> None:
        before, (self.state, _) = self.state, self.engine.abandon(self.state)
        self.watch.saw(before, Outcome("e1", {}), self.state, self.page.kind, True)

    @property
    def only(self) -> ServiceUse:
        (visit,) = self.kept
        (service,) = visit.services
        return service


@pytest.fixture
def visitor() -> Watched:
    made = Watched().world()
    assert isinstance(made, Watched)
    return made


def test_each_step_has_the_seconds_that_were_spent_at_it(visitor: Watched) -> None:
    visitor.takes = 2.0
    visitor.sign_in("certificate.iit-record")
    visitor.takes = 7.0
    visitor.touch(Action.LEAVE)
    visitor.touch(Action.PROCEED)
    (visit,) = visitor.kept
    assert (visit.lang, visit.mode, visit.signed_in) == ("zh-CN", "standard", "document")
    assert visit.began == NOW.replace(minute=30), "the quarter of an hour, no more"
    service = visitor.only
    assert (service.service, service.ended, service.code) == ("certificate.iit-record", "left", "")
    assert service.at == service.steps[-1].step
    first = service.steps[0]
    assert (first.kind, first.came, first.seconds) == ("identify", 1, 8.0)
    assert service.steps[-1].seconds == 7.0
    assert service.seconds == sum(step.seconds for step in service.steps)
    assert visit.seconds == 8.0 + 2.0 + 7.0 + 7.0, (
        "the home page and the farewell are time of the visit as well"
    )


def test_time_at_a_page_of_work_is_told_apart(visitor: Watched) -> None:
    visitor.sign_in("certificate.iit-record")
    while visitor.page.kind != "working":
        visitor.touch(Action.PROCEED)
    step = visitor.state.step.id
    visitor.clock.at += 4.5
    visitor.touch(Action.LANGUAGE, "en-US")
    visitor.fails()
    waited = next(one for one in visitor.only.steps if one.step == step)
    assert waited.waited_s == 4.5 <= waited.seconds
    assert visitor.only.ended == "failed"
    assert visitor.kept[0].lang == "en-US"


@pytest.mark.parametrize(
    ("action", "ended"), [(Action.EXPIRE, "expired"), (Action.LEAVE, "left"), (Action.BACK, "home")]
)
def test_how_a_person_turned_back(visitor: Watched, action: Action, ended: str) -> None:
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "certificate.iit-record")
    visitor.touch(action)
    visitor.touch(Action.EXPIRE)
    visitor.touch(Action.EXPIRE)
    assert visitor.only.ended == ended
    assert visitor.only.at == visitor.only.steps[0].step


def asking(visitor: Watched) -> None:
    """Signed in, and the centre is asked for the months of the record."""
    visitor.sign_in("certificate.iit-record")
    assert isinstance(visitor.asked, Ask)


def test_a_trouble_after_which_the_person_went_on_is_forgotten(visitor: Watched) -> None:
    asking(visitor)
    visitor.answer(fault="unreachable")
    visitor.touch(Action.PROCEED)  # once more
    visitor.answer(MONTHS)
    visitor.touch(Action.LEAVE)
    visitor.touch(Action.EXPIRE)
    assert (visitor.only.ended, visitor.only.code) == ("left", "")


@pytest.mark.parametrize(
    ("answer", "ended", "code"),
    [
        ({"fault": "unreachable"}, "trouble", "unreachable"),
        ({"data": {"refusal": REFUSAL}}, "refused", "identityUnknown"),
    ],
)
def test_what_a_message_said_last_is_why_it_ended(
    visitor: Watched, answer: dict[str, Any], ended: str, code: str
) -> None:
    asking(visitor)
    visitor.answer(**answer)
    visitor.touch(Action.SECOND)
    visitor.touch(Action.LEAVE)
    visitor.touch(Action.EXPIRE)
    assert (visitor.only.ended, visitor.only.code) == (ended, code)


def test_whoever_is_told_that_there_is_nothing_to_do_was_not_refused(visitor: Watched) -> None:
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "appointment.cancel")
    visitor.touch(Action.SECOND, BY_CARD)
    visitor.answer(CARD)
    visitor.answer({"rows": []})
    assert visitor.page.kind == "message"
    visitor.touch(Action.PROCEED)
    visitor.touch(Action.LEAVE)
    visitor.touch(Action.EXPIRE)
    assert visitor.only.ended == "told"


def test_nothing_of_a_person_is_in_it(visitor: Watched) -> None:
    visitor.sign_in("certificate.iit-record")
    visitor.touch(Action.LEAVE)
    visitor.touch(Action.EXPIRE)
    told = visitor.kept[0].model_dump_json()
    for secret in (
        CARD["name"],
        CARD["number"],
        CARD["birth"],
        PROFILE["roles"][0]["taxpayer"],
        "id-1",
        "id-2",
    ):
        assert secret not in told


def test_whoever_touches_nothing_more_than_the_first_page_is_a_visit_without_a_service(
    visitor: Watched,
) -> None:
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.LEAVE)
    (visit,) = visitor.kept
    assert (visit.services, visit.signed_in) == ([], "no")


def test_a_terminal_that_goes_out_of_service_ends_the_visit_that_is_at_its_home_page(
    visitor: Watched,
) -> None:
    from kiosk import availability
    from tests.shipped import CATALOGUE

    visitor.touch(Action.BEGIN)
    closed = availability.world(CATALOGUE, True, DEVICES, UNITS, out_of_service="starting")
    visitor._step(WorldChanged(closed))
    assert len(visitor.kept) == 1


async def test_a_watch_that_fails_harms_no_visit(caplog: pytest.LogCaptureFixture) -> None:
    session, recorder, seen = await begun()
    assert isinstance(recorder, Recorder)

    def broken(*_: object) -> None:
        raise ZeroDivisionError("a mistake of ours")

    session.on_move(broken)
    await touch(session, Action.BEGIN)
    await touch(session, Action.LEAVE)
    assert [screen.page.kind for screen in seen[-2:]] == ["home", "attract"]
    assert [record.getMessage() for record in caplog.records] == [
        "a move of the flow could not be watched; no more is watched"
    ]


async def test_the_keeper_leaves_visits_in_order_and_a_disk_that_refuses_loses_them_alone(
    tmp_path: Path, visitor: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(3):
        visitor.touch(Action.BEGIN)
        visitor.touch(Action.LEAVE)
    spool, keeper = UseSpool(tmp_path), UseKeeper(UseSpool(tmp_path))
    for visit in visitor.kept:
        keeper.keep(visit)
    await keeper.close()
    assert [visit for _, visit in spool.oldest()] == visitor.kept
    nowhere = tmp_path / "file"
    nowhere.write_text("no folder")
    lost = UseKeeper(UseSpool(nowhere))
    await asyncio.to_thread(lost.keep, visitor.kept[0])
    await lost.close()
    assert "the use of a visit is lost" in caplog.text
