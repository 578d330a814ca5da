"""The way in for staff, and their touches."""

from __future__ import annotations

from PySide6.QtTest import QTest

from kiosk.flow.events import Action
from kiosk.staff.desk import StaffAction, StaffIntent
from tests.ui.cabinet import Cabinet
from ui.gallery import settle
from ui.items import touch_point
from ui.samples import samples
from ui.samples.staff import staff


class Listening:
    """Remembers what came over the desk."""

    def __init__(self, cabinet: Cabinet) -> None:
        self.sent: list[StaffIntent] = []
        cabinet.screen.session.staff.attach(self.sent.append)
        self.cabinet = cabinet

    def hold(self, name: str, ms: int) -> None:
        item = self.cabinet.find(name)
        assert item is not None
        point = touch_point(self.cabinet.window, item).toPoint()
        device = self.cabinet._device
        QTest.touchEvent(self.cabinet.window, device).press(1, point, self.cabinet.window).commit()
        QTest.qWait(ms)
        QTest.touchEvent(self.cabinet.window, device).release(1, point, self.cabinet.window).commit()
        settle()


def test_a_finger_held_on_the_mark_asks_for_the_staff_and_begins_no_visit(cabinet: Cabinet) -> None:
    listening = Listening(cabinet)
    hold_ms = cabinet.screen.session.sizes.property("staffHoldMs")
    listening.hold("staffCorner", hold_ms + 300)
    assert listening.sent == [StaffIntent(StaffAction.ENTER)]
    assert cabinet.core.sent == []


def test_a_short_touch_on_the_mark_is_everybody_s(cabinet: Cabinet) -> None:
    listening = Listening(cabinet)
    listening.hold("staffCorner", 50)
    assert listening.sent == []
    assert [intent.action for intent in cabinet.core.sent] == [Action.BEGIN]


def test_every_key_of_the_board_says_what_it_does(cabinet: Cabinet) -> None:
    listening = Listening(cabinet)
    cabinet.core.desk.show(staff("zh-CN")["board"])
    settle()
    for name in (
        "staff:why",
        "staff:load",
        "staff:trials",
        "staff:care",
        "staff:handover",
        "staff:pause",
        "staff:first",
    ):
        cabinet.touch(name)
    assert [(intent.action.value, intent.value) for intent in listening.sent] == [
        ("why", ""),
        ("load", ""),
        ("trials", ""),
        ("care", ""),
        ("handover", ""),
        ("pause", ""),
        ("guide", "a4:documentPrinter"),
    ]
    cabinet.core.desk.show(None)
    settle()


def test_staff_see_their_own_language_and_the_visitor_s_comes_back(cabinet: Cabinet) -> None:
    cabinet.show(samples("en-US", "elder")["home"])
    cabinet.core.desk.show(staff("zh-CN")["board"])
    settle()
    session = cabinet.screen.session
    assert (session.words.property("lang"), session.theme.property("elder")) == ("zh-CN", False)
    cabinet.show(samples("en-US", "elder")["attract"])
    assert session.words.property("lang") == "zh-CN", "what the flow draws behind changes nothing"
    cabinet.core.desk.show(None)
    settle()
    assert (session.words.property("lang"), session.theme.property("elder")) == ("en-US", True)


def test_nothing_behind_the_staff_s_pages_can_be_touched(cabinet: Cabinet) -> None:
    cabinet.core.desk.show(staff("zh-CN")["sign-in"])
    settle()
    assert "anywhere" not in cabinet.names()
    assert "key:5" in cabinet.names()
    cabinet.core.desk.show(None)
    settle()
    assert "anywhere" in cabinet.names()
