"""A finger on the glass becomes the right intent, on every control of every page."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.flow.pages import FormPage
from tests.ui.cabinet import Cabinet
from ui.samples import samples

TOUCHES = [
    ("attract", "begin", ("begin", "", "")),
    ("attract", "language:en-US", ("language", "en-US", "")),
    ("attract", "mode:elder", ("mode", "elder", "")),
    ("home", "tile:declare", ("open", "declare", "")),
    ("home", "tile:consult", ("open", "consult", "")),
    ("home", "tile:progress", ("open", "progress", "")),
    ("home", "language:en-US", ("language", "en-US", "")),
    ("home", "mode:elder", ("mode", "elder", "")),
    ("home", "bar:elder", ("mode", "elder", "")),
    ("home", "bar:language", ("language", "en-US", "")),
    ("home-degraded", "tile:cert", ("open", "cert", "")),
    ("identify", "second:qr", ("second", "qr", "")),
    ("identify", "back", ("back", "", "")),
    ("identify-failed", "main", ("proceed", "", "")),
    ("capture-consent", "main", ("proceed", "", "")),
    ("capture-consent", "second:staff", ("second", "staff", "")),
    ("capture-again", "main", ("proceed", "", "")),
    ("consent", "second:no", ("second", "no", "")),
    ("choose-enterprise", "option:1", ("choose", "1", "")),
    ("choose-enterprise", "second:bind", ("second", "bind", "")),
    ("choose-enterprise", "main", ("proceed", "", "")),
    ("choose-dues", "option:c", ("choose", "c", "")),
    ("choose-months", "option:2026-03", ("choose", "2026-03", "")),
    ("choose-months", "second:all", ("second", "all", "")),
    ("choose-count", "count:more", ("count", "6", "")),
    ("choose-count", "count:less", ("count", "4", "")),
    ("choose-count", "count:most", ("count", "25", "")),
    ("form", "row:uninvoiced", ("edit", "uninvoiced", "")),
    ("form", "second:invoices", ("second", "invoices", "")),
    ("form-typing", "key:7", ("fill", "uninvoiced", "7")),
    ("form-typing", "key:back", ("fill", "uninvoiced", "34000.0")),
    ("form-typing", "key:clear", ("fill", "uninvoiced", "")),
    ("form-typing", "key:done", ("edit", "", "")),
    ("form-uscc", "key:Y", ("fill", "uscc", "91530100MA6K0M7XY")),
    ("review", "change:return", ("change", "return", "")),
    ("review", "main", ("proceed", "", "")),
    ("review-sheet", "sheet:next", ("page", "2", "")),
    ("review-sheet", "second:phone", ("second", "phone", "")),
    ("pay", "second:later", ("second", "later", "")),
    ("pay-doubt", "main", ("proceed", "", "")),
    ("print-take", "main", ("proceed", "", "")),
    ("print-problem", "second:have", ("second", "have", "")),
    ("dispense-problem", "main", ("proceed", "", "")),
    ("done", "main", ("proceed", "", "")),
    ("done", "second:another", ("second", "another", "")),
    ("done", "second:slip", ("second", "slip", "")),
    ("rate", "level:5", ("choose", "5", "")),
    ("rate", "second:skip", ("second", "skip", "")),
    ("rate-low", "reason:unclear", ("choose", "unclear", "")),
    ("rate-low", "main", ("proceed", "", "")),
    ("message-problem", "second:home", ("second", "home", "")),
    ("farewell", "main", ("proceed", "", "")),
]


@pytest.mark.parametrize(("page", "name", "intent"), TOUCHES)
def test_a_touch_sends_the_intent_of_the_control_with_the_serial_of_the_page(
    cabinet: Cabinet, page: str, name: str, intent: tuple[str, str, str]
) -> None:
    serial = cabinet.sample(page)
    cabinet.touch(name)
    assert [i.serial for i in cabinet.intents()] == [serial]
    assert cabinet.sent() == [intent]


@pytest.mark.parametrize("page", ["home", "choose-enterprise", "form", "review", "pay", "done", "rate-low"])
def test_the_lying_panel_takes_the_same_touches(lying: Cabinet, page: str) -> None:
    for shown, name, intent in (t for t in TOUCHES if t[0] == page):
        if lying.sample(shown) and lying.find(name) is None:
            continue  # the header's pills are on the rail's keys there
        lying.touch(name)
        assert lying.sent() == [intent]


ONLY_HELD = {("out-of-service", "staffCorner")}
"""What answers a held finger only: nobody else has anything to do on that page."""


def _spells(cabinet: Cabinet, target: str) -> bool:
    """A key of the text keypad: it begins a word, or is the method that is on."""
    ime = cabinet.screen.session.ime
    spelled = str(ime.property("spelled")) != ""
    ime.forget()
    return spelled or target == f"key:method:{ime.property('method')}"


@pytest.mark.parametrize("name", list(samples()))
def test_nothing_on_a_page_can_be_touched_in_vain(cabinet: Cabinet, name: str) -> None:
    screen = samples()[name]
    cabinet.spells()  # a keypad that learns Chinese meanwhile is another one under the finger
    cabinet.show(screen)
    if cabinet.find("overlay:notice") is not None:
        cabinet.touch("notice:read")  # the page behind it is the home page, which is touched for itself
        assert cabinet.find("overlay:notice") is None
        return
    dead = []
    for target in cabinet.names():
        if (name, target) in ONLY_HELD:
            continue
        cabinet.window.setProperty("asking", "")
        cabinet.sent()
        cabinet.voice.said.clear()
        before = cabinet.names()
        cabinet.touch(target)
        opened = cabinet.window.property("asking") or _spells(cabinet, target)
        turned = target.startswith("pager:") and cabinet.names() != before
        if not (cabinet.sent() or opened or cabinet.voice.said or turned):
            dead.append(target)
        if turned:
            cabinet.show(screen)
    assert dead == []
    assert cabinet.warnings == []


def test_an_option_that_cannot_be_taken_says_why_and_takes_no_touch(cabinet: Cabinet) -> None:
    cabinet.sample("choose-enterprise")
    cabinet.touch("option:2")
    assert cabinet.sent() == []
    option = cabinet.find("option:2")
    assert option is not None and not option.isEnabled()


def test_the_main_button_takes_no_touch_while_it_is_not_its_turn(cabinet: Cabinet) -> None:
    cabinet.sample("rate")
    cabinet.touch("main")
    assert cabinet.sent() == []


def test_there_is_no_way_out_while_sheets_are_coming(cabinet: Cabinet) -> None:
    cabinet.sample("dispense")
    assert not {"back", "leave", "main"} & set(cabinet.names())
    assert {"help", "staff"} <= set(cabinet.names())


def test_touching_anywhere_on_the_picture_begins(cabinet: Cabinet) -> None:
    cabinet.sample("attract")
    item = cabinet.find("anywhere")
    assert item is not None
    cabinet.touch_at(item.mapToScene(item.boundingRect().topLeft()).toPoint() + cabinet_point(300, 700))
    assert cabinet.sent() == [("begin", "", "")]


def cabinet_point(x: int, y: int):  # type: ignore[no-untyped-def]
    from PySide6.QtCore import QPoint

    return QPoint(x, y)


def test_leaving_asks_first_and_staying_is_the_main_answer(cabinet: Cabinet) -> None:
    cabinet.sample("form")
    cabinet.touch("leave")
    assert cabinet.sent() == []
    cabinet.touch("leave:no")
    assert cabinet.find("overlay:leave") is None
    cabinet.touch("leave")
    cabinet.touch("leave:yes")
    assert cabinet.sent() == [("leave", "", "")]


def test_nothing_under_a_question_can_be_touched(cabinet: Cabinet) -> None:
    cabinet.sample("form")
    row = cabinet.find("row:uninvoiced")
    assert row is not None
    place = row.mapToScene(row.boundingRect().center()).toPoint()
    cabinet.touch("leave")
    cabinet.touch_at(place)
    assert cabinet.sent() == []


def test_calling_staff_sends_it_and_says_so(cabinet: Cabinet) -> None:
    cabinet.sample("form")
    cabinet.touch("staff")
    assert cabinet.sent() == [("callStaff", "", "")]
    cabinet.touch("staff:close")
    assert cabinet.find("overlay:staff") is None


def test_help_explains_the_page_and_leads_to_contrast_and_staff(cabinet: Cabinet) -> None:
    cabinet.sample("form")
    cabinet.touch("help")
    cabinet.touch("help:contrast")
    assert cabinet.screen.session.theme.property("contrast") is True
    cabinet.touch("help:contrast")
    cabinet.touch("help:staff")
    assert cabinet.sent() == [("callStaff", "", "")]
    assert cabinet.find("overlay:staff") is not None


def test_a_new_page_takes_an_open_question_away(cabinet: Cabinet) -> None:
    cabinet.sample("form")
    cabinet.touch("help")
    cabinet.sample("review")
    assert cabinet.find("overlay:help") is None


def test_reading_aloud_says_title_and_instruction_and_no_figure(cabinet: Cabinet) -> None:
    cabinet.sample("review")
    cabinet.touch("read")
    (said,) = cabinet.voice.said
    assert said[1] == "zh-CN"
    assert "提交前，请再核对一遍" in said[0]
    assert "4,095.84" not in said[0] and "禾木" not in said[0]


def test_without_a_voice_no_key_offers_one_and_elder_mode_shows_help(cabinet: Cabinet) -> None:
    cabinet.screen.session.speech.use(None)
    try:
        cabinet.sample("form")
        assert cabinet.find("read") is None
        cabinet.sample("form", mode="elder")
        assert cabinet.find("help") is not None
    finally:
        cabinet.screen.session.speech.use(cabinet.voice)


def test_quick_fingers_on_the_keypad_lose_nothing_while_the_core_is_slow(cabinet: Cabinet) -> None:
    cabinet.sample("form-typing")
    for key in ("key:1", "key:2", "key:.", "key:5"):
        cabinet.touch(key)
    assert [text for _, _, text in cabinet.sent()] == ["1", "12", "12.", "12.5"]


def test_a_form_of_many_rows_is_paged_and_nothing_is_out_of_reach(cabinet: Cabinet) -> None:
    page = samples(mode="elder")["form"]
    assert isinstance(page.page, FormPage)
    rows = tuple(replace(row, id=f"{row.id}{n}") for n in range(3) for row in page.page.rows)
    cabinet.show(replace(page, page=replace(page.page, rows=rows)))
    seen = set()
    for _ in range(12):
        seen |= {name for name in cabinet.names() if name.startswith("row:")}
        if "pager:next" not in cabinet.names():
            break
        cabinet.touch("pager:next")
    assert seen == {"row:uninvoiced0", "row:uninvoiced1", "row:uninvoiced2"}
    assert cabinet.find("pager:previous") is not None


def test_the_notice_of_a_power_failure_stands_until_it_is_read_and_comes_again_with_the_next(
    cabinet: Cabinet,
) -> None:
    form = samples()["form"]
    lost = replace(form, notice_title="停电了", notice_text="还没有提交")
    cabinet.show(form)
    assert cabinet.find("overlay:notice") is None
    cabinet.show(lost)
    assert cabinet.find("overlay:notice") is not None
    cabinet.touch("notice:read")
    assert cabinet.find("overlay:notice") is None
    cabinet.show(replace(lost, notice_text="已经办成"))
    assert cabinet.find("overlay:notice") is None, "read once, it stays away"
    cabinet.show(form)
    cabinet.show(lost)
    assert cabinet.find("overlay:notice") is not None
    assert cabinet.sent() == []
