"""Nobody touches the screen: the question, the countdown, the end; and any touch begins anew."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPoint

from tests.ui.cabinet import Cabinet
from ui.gallery import settle
from ui.items import is_text, touchable
from ui.samples import samples

TICK = 0.15


def _waiting(cabinet: Cabinet, after: int = 60, warning: int = 30, name: str = "form") -> None:
    cabinet.show(replace(samples()[name], idle_after_s=after, idle_warning_s=warning), patient=False)


def _pass(cabinet: Cabinet, seconds: float) -> None:
    cabinet.hours.now += seconds
    settle(TICK)


def _texts(cabinet: Cabinet) -> list[str]:
    return [str(i.property("text")) for i, _ in touchable(cabinet.window) if is_text(i)]


def test_after_the_time_without_a_touch_the_question_counts_down(cabinet: Cabinet) -> None:
    _waiting(cabinet)
    _pass(cabinet, 59)
    assert cabinet.find("overlay:idle") is None
    _pass(cabinet, 2)
    assert cabinet.find("idle:stay") is not None
    assert "29" in _texts(cabinet)
    _pass(cabinet, 20)
    assert "9" in _texts(cabinet)
    assert cabinet.sent() == []


def test_when_nobody_answers_the_visit_expires_once(cabinet: Cabinet) -> None:
    _waiting(cabinet)
    _pass(cabinet, 91)
    _pass(cabinet, 200)
    assert cabinet.sent() == [("expire", "", "")]
    assert cabinet.find("overlay:idle") is None


def test_saying_i_am_here_takes_the_question_away_for_the_whole_time_again(cabinet: Cabinet) -> None:
    _waiting(cabinet)
    _pass(cabinet, 70)
    cabinet.touch("idle:stay")
    assert cabinet.find("overlay:idle") is None
    _pass(cabinet, 59)
    assert cabinet.find("overlay:idle") is None and cabinet.sent() == []


def test_any_touch_answers_the_question_and_does_nothing_else(cabinet: Cabinet) -> None:
    _waiting(cabinet)
    _pass(cabinet, 70)
    cabinet.touch_at(QPoint(20, 700))
    assert cabinet.find("overlay:idle") is None
    assert cabinet.sent() == []


def test_the_other_answer_leaves_at_once(cabinet: Cabinet) -> None:
    _waiting(cabinet)
    _pass(cabinet, 70)
    cabinet.touch("idle:leave")
    assert cabinet.sent() == [("leave", "", "")]


def test_touches_put_the_question_off_as_often_as_they_like(cabinet: Cabinet) -> None:
    _waiting(cabinet)
    for _ in range(4):
        _pass(cabinet, 50)
        cabinet.touch_at(QPoint(540, 150))
    assert cabinet.find("overlay:idle") is None and cabinet.sent() == []


def test_other_figures_on_the_page_do_not_count_as_somebody_being_here(cabinet: Cabinet) -> None:
    _waiting(cabinet)
    _pass(cabinet, 50)
    changed = replace(samples()["form-typing"], idle_after_s=60, idle_warning_s=30)
    cabinet.core.update(changed)
    _pass(cabinet, 12)
    assert cabinet.find("overlay:idle") is not None


def test_a_page_that_says_so_is_never_idle(cabinet: Cabinet) -> None:
    _waiting(cabinet, after=0, name="dispense")
    _pass(cabinet, 4000)
    assert cabinet.find("overlay:idle") is None and cabinet.sent() == []


def test_the_question_goes_when_a_device_brings_another_page(cabinet: Cabinet) -> None:
    _waiting(cabinet, name="identify")
    _pass(cabinet, 70)
    assert cabinet.find("overlay:idle") is not None
    _waiting(cabinet, name="capture")
    settle(TICK)
    assert cabinet.find("overlay:idle") is None


def test_elder_mode_waits_as_long_as_its_page_says(cabinet: Cabinet) -> None:
    page = replace(samples(mode="elder")["form"], idle_after_s=180, idle_warning_s=45)
    cabinet.show(page, patient=False)
    _pass(cabinet, 179)
    assert cabinet.find("overlay:idle") is None
    _pass(cabinet, 2)
    assert "44" in _texts(cabinet)


def test_a_card_that_was_taken_away_puts_the_question_at_once_and_once(cabinet: Cabinet) -> None:
    _waiting(cabinet)
    asked = replace(samples()["form"], idle_after_s=60, idle_warning_s=30, card_taken=True)
    cabinet.show(asked, patient=False)
    settle(TICK)
    assert "身份证拿走了，还要继续办吗？" in _texts(cabinet)
    cabinet.touch("idle:stay")
    assert cabinet.find("overlay:idle") is None
    cabinet.show(replace(asked, online=False), patient=False)
    _pass(cabinet, 59)
    assert cabinet.find("overlay:idle") is None, "said once, it is not asked again for the same card"
    _pass(cabinet, 32)
    assert cabinet.sent() == [("expire", "", "")]
