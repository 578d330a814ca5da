"""The audit finds each kind of fault when it is there, and nothing when it is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtQml import QQmlApplicationEngine
from PySide6.QtQuick import QQuickWindow

from ui.audit import audit
from ui.gallery import settle

WINDOW = """
import QtQuick
import QtQuick.Templates as T
Window { width: 600; height: 400; visible: true; color: "#F5F0E6"
  Item { objectName: "stage"; property bool elder: %s; width: 600; height: 400
    component Words: Text { property int align: horizontalAlignment
      font.pixelSize: 28; font.family: "Noto Sans CJK SC"; color: "#17202C" }
    component Key: T.AbstractButton { width: 200; height: 80; contentItem: Words { text: parent.text } }
    %s
  } }
"""

Shown = Callable[..., list[str]]


@pytest.fixture
def shown(qapp: QGuiApplication) -> Iterator[Shown]:
    engines = []

    def show(inner: str, elder: bool = False) -> list[str]:
        engine = QQmlApplicationEngine()
        engines.append(engine)
        engine.loadData((WINDOW % ("true" if elder else "false", inner)).encode())
        window = engine.rootObjects()[0]
        assert isinstance(window, QQuickWindow)
        settle()
        return sorted({finding.kind for finding in audit(window)})

    yield show
    for engine in engines:
        engine.deleteLater()
    settle()


def test_a_sound_page_has_no_finding(shown: Shown) -> None:
    inner = 'Words { text: "好"; x: 20; y: 20 } Key { objectName: "main"; text: "继续"; x: 20; y: 200 }'
    assert shown(inner) == []


@pytest.mark.parametrize(
    ("inner", "kind"),
    [
        ('Words { text: "a very long line of words"; width: 90; elide: Text.ElideRight }', "clipped"),
        ('Words { text: "averylongword"; width: 60 }', "clipped"),
        ('Item { clip: true; width: 30; height: 60; Words { text: "clipped here" } }', "clipped"),
        ('Words { text: "31990026100250000023"; width: 150; wrapMode: Text.WrapAnywhere }', "torn"),
        ('Words { text: "a certificate"; width: 120; wrapMode: Text.Wrap }', "torn"),
        ('Words { text: "one thing" } Words { text: "another"; x: 30; y: 4 }', "overlap"),
        ('Words { text: "one thing" } Key { objectName: "k"; text: "on it" }', "overlap"),
        ('Key { objectName: "a"; text: "甲" } Key { objectName: "b"; text: "乙"; x: 190; y: 50 }', "overlap"),
        ('Key { objectName: "small"; text: "x"; height: 60 }', "target"),
        ('Key { text: "无名" }', "nameless"),
        ('Key { objectName: "mute" }', "nameless"),
        ('Words { text: "faint"; color: "#C8C0B0" }', "contrast"),
        ('Words { text: "faded"; opacity: 0.3 }', "contrast"),
        ('Words { text: "same"; color: "#F5F0E6" }', "contrast"),
        ('Words { text: "⟦form.title⟧" }', "untranslated"),
        ('Words { text: "access.help" }', "untranslated"),
        ('Words { text: "undefined" }', "untranslated"),
        ('Words { text: "第 {now} 步" }', "untranslated"),
        ('Words { text: "outside"; x: 560 }', "outside"),
        ('Key { objectName: "out"; text: "x"; y: 350 }', "outside"),
    ],
)
def test_a_fault_is_found(shown: Shown, inner: str, kind: str) -> None:
    assert kind in shown(inner)


def test_elder_mode_wants_larger_targets(shown: Shown) -> None:
    key = 'Key { objectName: "k"; text: "x" }'
    assert shown(key) == []
    assert shown(key, elder=True) == ["target"]


def test_what_cannot_be_seen_is_not_looked_at(shown: Shown) -> None:
    assert (
        shown('Words { text: "access.help"; visible: false } Words { text: "undefined"; opacity: 0 }') == []
    )


def test_under_a_question_the_page_is_not_looked_at(shown: Shown) -> None:
    overlay = 'Item { objectName: "overlay:idle"; anchors.fill: parent; Words { text: "还在吗？" } }'
    assert shown('Words { text: "access.help"; y: 100 }' + overlay) == []


def test_amounts_and_addresses_are_no_lost_keys(shown: Shown) -> None:
    assert (
        shown('Words { text: "34000." } Words { text: "YC26 1012"; y: 80 } Words { text: "A-07"; y: 160 }')
        == []
    )
