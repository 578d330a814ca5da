"""The scripted visitor's finger touches an item where it is drawn."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.staff.desk import StaffAction, StaffIntent
from tests.ui.cabinet import Cabinet
from ui.samples import samples
from ui.samples.staff import staff
from ui.walk.touch import LOOK_FOR_S, STAY, Finger, wait_until


def test_a_page_that_has_just_come_in_is_touched_where_its_keys_come_to_lie(cabinet: Cabinet) -> None:
    finger, sent = Finger(cabinet.window), list[StaffIntent]()
    cabinet.screen.session.staff.attach(sent.append)
    pages = staff("zh-CN")
    for _ in range(3):
        cabinet.core.desk.show(pages["sign-in"])
        wait_until(lambda: finger.find("key:5") is not None, LOOK_FOR_S, "the keypad")
        cabinet.core.desk.show(pages["board"])
        wait_until(lambda: finger.find("staff:handover") is not None, LOOK_FOR_S, "the board")
        finger.tap("staff:handover")
        cabinet.core.desk.show(None)
        wait_until(lambda: finger.find("staff:handover") is None, LOOK_FOR_S, "the public page")
    assert [intent.action for intent in sent] == [StaffAction.HANDOVER] * 3


def test_a_question_before_the_page_is_answered_before_the_page_is_touched(cabinet: Cabinet) -> None:
    asked = replace(samples()["form"], idle_after_s=60, idle_warning_s=30, card_taken=True)
    cabinet.show(asked, patient=False)
    finger = Finger(cabinet.window)
    wait_until(lambda: finger.find(STAY) is not None, LOOK_FOR_S, "the question")
    cabinet.hours.now += 1.0
    finger.tap("main")
    assert finger.find(STAY) is None
    assert cabinet.sent() == [("proceed", "", "")]


def test_keys_that_are_laid_out_anew_in_the_middle_of_a_touch_are_found_again(
    cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch
) -> None:
    finger, pages, anew = Finger(cabinet.window), staff("zh-CN"), list[str]()
    cabinet.core.desk.show(pages["sign-in"])
    wait_until(lambda: finger.find("key:5") is not None, LOOK_FOR_S, "the keypad")
    drawn = finger._next_picture

    def after_another_page(deadline: float) -> None:
        for page, there in (("board", False), ("sign-in", True)) if not anew else ():
            cabinet.core.desk.show(pages[page])
            wait_until(lambda there=there: (finger.find("key:5") is not None) is there, LOOK_FOR_S, page)
            anew.append(page)
        drawn(deadline)

    monkeypatch.setattr(finger, "_next_picture", after_another_page)
    finger.tap("key:5")
    assert anew == ["board", "sign-in"]
