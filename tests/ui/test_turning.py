"""Pages come and go: late presses do not count, other figures keep the page, and a wiped visit leaves nothing."""

from __future__ import annotations

import os
import threading
from dataclasses import replace

import pytest
from PySide6.QtCore import QBuffer, QEvent, QIODevice, QObject
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtQml import QQmlExpression

from kiosk.flow.pages import PayPage, Screen
from kiosk.flow.talk_page import TalkPage
from tests.soak.processes import own_kb
from tests.ui.cabinet import Cabinet
from ui.audit import audit
from ui.gallery import settle
from ui.items import is_text, stage, visible
from ui.samples import samples


def _jpeg() -> bytes:
    image = QImage(64, 48, QImage.Format.Format_RGB32)
    image.fill(QColor("#806040"))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPG")
    return bytes(buffer.data().data())


def _page_item(cabinet: Cabinet) -> QObject:
    loader = next(i for i, _ in visible(stage(cabinet.window)) if i.objectName() == "page")
    item = loader.property("item")
    assert isinstance(item, QObject)
    return item


def _words(cabinet: Cabinet) -> str:
    items = (item for item, _ in visible(stage(cabinet.window)))
    return " ".join(str(item.property("text")) for item in items if is_text(item))


def test_a_press_within_400_ms_of_a_page_change_is_ignored(cabinet: Cabinet) -> None:
    cabinet.show(samples()["review"], patient=False)
    cabinet.hours.now += 0.39
    cabinet.touch("main")
    assert cabinet.sent() == []
    cabinet.hours.now += 0.02
    cabinet.touch("main")
    assert cabinet.sent() == [("proceed", "", "")]


def test_other_figures_on_the_same_page_do_not_hold_presses_back(cabinet: Cabinet) -> None:
    cabinet.sample("form")
    cabinet.core.update(samples()["form-typing"])
    settle()
    cabinet.touch("key:1")
    assert cabinet.sent() == [("fill", "uninvoiced", "1")]


def test_the_same_page_keeps_its_items_and_another_page_destroys_them(cabinet: Cabinet) -> None:
    pay = samples()["pay"]
    cabinet.show(pay)
    first, ended = _page_item(cabinet), []
    first.destroyed.connect(lambda: ended.append("pay"))
    cabinet.core.update(_with(pay, seconds_left=3))
    settle()
    assert _page_item(cabinet) is first and "0:03" in _words(cabinet)
    cabinet.sample("done")
    QGuiApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # QEvent::DeferredDelete
    settle()
    assert ended == ["pay"]


def _with(screen: Screen, **values: object) -> Screen:
    assert isinstance(screen.page, PayPage)
    return replace(screen, page=replace(screen.page, **values))  # type: ignore[arg-type]


def test_a_conversation_shows_its_last_words_and_what_somebody_reads_back_stays(cabinet: Cabinet) -> None:
    talk = samples(mode="elder")["talk"]
    cabinet.show(talk)
    assert isinstance(talk.page, TalkPage)
    first, last = talk.page.lines[0], talk.page.lines[-1]
    assert last.text in _words(cabinet) and first.text not in _words(cabinet)
    while first.text not in _words(cabinet):
        cabinet.touch("pager:previous")
    cabinet.core.update(replace(talk, page=replace(talk.page, lead=talk.page.title)))
    settle()
    assert first.text in _words(cabinet)
    more = replace(last, text="还有别的问题吗？", opens=None)
    cabinet.core.update(replace(talk, page=replace(talk.page, lines=(*talk.page.lines, more))))
    settle()
    assert more.text in _words(cabinet) and first.text not in _words(cabinet)


def test_a_screen_told_from_another_thread_arrives_in_the_qt_thread(cabinet: Cabinet) -> None:
    seen: list[int] = []
    cabinet.screen.session.flow.turned.connect(lambda: seen.append(threading.get_ident()))
    teller = threading.Thread(target=cabinet.core.show, args=(samples()["review"],))
    teller.start()
    teller.join()
    assert seen == []
    settle()
    assert seen == [threading.get_ident()]
    assert "请再核对一遍" in _words(cabinet)


def test_the_language_changes_on_any_page_and_the_page_stays(cabinet: Cabinet) -> None:
    cabinet.sample("review")
    serial = cabinet.core.show(samples("en-US")["review"])
    settle()
    assert serial and "Check before you file" in _words(cabinet) and "Call staff" in _words(cabinet)
    assert "Mon 12 Oct" in _words(cabinet)


def test_elder_mode_makes_everything_larger_and_shows_two_large_keys(cabinet: Cabinet) -> None:
    cabinet.sample("review")
    theme, sizes = cabinet.screen.session.theme, cabinet.screen.session.sizes
    standard = sizes.property("body")
    cabinet.sample("review", mode="elder")
    assert sizes.property("body") > standard
    assert theme.property("elder") is True and theme.property("motion") is False
    assert {"read", "staff"} <= set(cabinet.names()) and "bar:elder" not in cabinet.names()


def test_a_camera_frame_is_drawn_while_the_page_wants_it(cabinet: Cabinet) -> None:
    cabinet.sample("capture")
    cabinet.core.frame(_jpeg())
    settle()
    preview = next(i for i, _ in visible(stage(cabinet.window)) if i.objectName() == "preview")
    middle = preview.mapToScene(preview.boundingRect().center()).toPoint()
    colour = cabinet.window.grabWindow().pixelColor(middle.x(), middle.y() - 60)
    assert abs(colour.red() - 0x80) < 12 and abs(colour.blue() - 0x40) < 12


def test_a_face_is_gone_when_its_camera_ends_and_the_next_page_begins_without_a_picture(
    cabinet: Cabinet,
) -> None:
    cabinet.sample("capture")
    cabinet.core.frame(_jpeg())
    settle()
    assert not cabinet.screen.camera.empty
    cabinet.core.frame(b"")
    settle()
    assert cabinet.screen.camera.empty
    assert cabinet.screen.session.flow.property("preview") == 0
    assert "preview" not in [item.objectName() for item, _ in visible(stage(cabinet.window))]
    cabinet.core.frame(_jpeg())
    settle()
    assert "preview" in [item.objectName() for item, _ in visible(stage(cabinet.window))]


def test_what_is_no_picture_is_no_frame(cabinet: Cabinet) -> None:
    cabinet.sample("capture")
    before = cabinet.screen.session.flow.property("preview")
    cabinet.core.frame(b"not a picture")
    settle()
    assert cabinet.screen.session.flow.property("preview") == before


def test_a_page_is_let_go_of_when_the_next_one_comes(cabinet: Cabinet) -> None:
    """A page holds names and figures: kept by anybody, they outlive the visit, and the memory grows."""
    cabinet.sample("home")
    flow, large = cabinet.screen.session.flow, "x" * 2_000_000
    held = []
    for number in range(40):
        flow.show({**flow.shown, "more": f"{number}{large}"}, flow.around, 1000 + number)
        settle()
        QGuiApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        cabinet.screen.engine.collectGarbage()
        held.append(own_kb(os.getpid()) // 1024)
    assert held[-1] - held[9] < 40, "MiB, ten of the thirty pages since"


def test_a_wiped_visit_leaves_nothing_behind(cabinet: Cabinet) -> None:
    session = cabinet.screen.session
    cabinet.sample("capture")
    cabinet.core.frame(_jpeg())
    cabinet.sample("form-typing")
    cabinet.touch("key:7")
    cabinet.sample("pay")
    session.theme.setContrast(True)
    QGuiApplication.clipboard().setText("5301")
    old, ended = _page_item(cabinet), []
    old.destroyed.connect(lambda: ended.append("page"))
    assert cabinet.screen.qr.kept and not cabinet.screen.camera.empty
    cabinet.sample("farewell")
    QGuiApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    settle()
    assert ended == ["page"]
    assert cabinet.screen.qr.kept == 0 and cabinet.screen.camera.empty
    assert session.flow.property("preview") == 0
    assert QGuiApplication.clipboard().text() == ""
    assert session.theme.property("contrast") is False
    held = str(session.flow.shown) + str(session.flow.around)
    assert "4,095.84" not in held and "34,000" not in held
    cabinet.sample("form-typing")
    cabinet.sent()
    cabinet.touch("key:1")
    assert cabinet.sent() == [("fill", "uninvoiced", "1")]


def test_an_unknown_page_kind_shows_nothing_rather_than_the_page_before(cabinet: Cabinet) -> None:
    from kiosk.flow.pages import Page

    cabinet.sample("review")
    cabinet.show(replace(samples()["review"], page=Page(title="?")))
    assert "请再核对一遍" not in _words(cabinet)


def test_the_same_page_again_as_another_page_is_made_anew(cabinet: Cabinet) -> None:
    cabinet.sample("identify")
    first = _page_item(cabinet)
    cabinet.sample("identify")
    assert _page_item(cabinet) is not first


def test_the_window_of_another_size_shows_the_same_page_to_scale(cabinet: Cabinet) -> None:
    cabinet.window.resize(540, 960)
    settle()
    try:
        cabinet.sample("review")
        ground = stage(cabinet.window)
        assert (round(ground.width()), round(ground.height())) == (1080, 1920)
        cabinet.touch("main")
        assert cabinet.sent() == [("proceed", "", "")]
    finally:
        cabinet.window.resize(1080, 1920)
        settle()


def test_a_large_dense_panel_shows_more_instead_of_larger_things(cabinet: Cabinet) -> None:
    theme = cabinet.screen.session.theme
    theme.setPanel(2160, 3840)
    try:
        assert theme.property("scale") == 2.0
        theme.set_diagonal(32)
        assert 1.3 < theme.property("scale") < 1.4
    finally:
        theme.set_diagonal(0)
        theme.setPanel(1080, 1920)


def test_the_page_map_is_what_the_page_says(cabinet: Cabinet) -> None:
    cabinet.sample("form")
    expression = QQmlExpression(
        cabinet.screen.engine.rootContext(), _page_item(cabinet), "page.rows[2].keypad + page.ownerTag"
    )
    assert expression.evaluate()[0] == "money办税员"


def _opacities(cabinet: Cabinet) -> list[float]:
    """What the place of the pages, and all it lies in, will be drawn with: filled as it changes."""
    seen: list[float] = []
    item = next(i for i, _ in visible(stage(cabinet.window)) if i.objectName() == "page")
    while item is not None:
        item.opacityChanged.connect(lambda one=item: seen.append(one.opacity()))
        item = item.parentItem()
    return seen


def test_a_page_comes_in_within_200_ms_and_then_stands_where_it_belongs(
    qapp: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIOSK_REDUCED_MOTION", "0")
    moving = Cabinet("portrait")
    try:
        moving.sample("home")
        moving.sample("review")
        moving.sample("attract")
        seen = _opacities(moving)
        moving.sample("form")
        assert min(seen) < 1
        assert moving.screen.session.sizes.property("pageMs") == 200
        settle(0.35)
        place = next(
            i for i, shown in visible(stage(moving.window)) if i.objectName() == "page" and shown == 1
        )
        assert place.mapToScene(place.boundingRect().topLeft()).x() == 48
        assert audit(moving.window) == []
        assert moving.warnings == []
    finally:
        moving.close()


def test_nothing_moves_in_elder_mode(qapp: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIOSK_REDUCED_MOTION", "0")
    moving = Cabinet("portrait")
    try:
        moving.sample("identify", mode="elder")
        first = moving.window.grabWindow()
        settle(0.3)
        assert moving.window.grabWindow() == first
    finally:
        moving.close()
