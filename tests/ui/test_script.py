"""Maps as QML reads them: converted once, plain JavaScript, and nothing that no property takes."""

from __future__ import annotations

from PySide6.QtQml import QQmlEngine

from ui.bridge.flow import Flow
from ui.bridge.script import Scripted
from ui.bridge.session import singleton


def test_a_value_is_made_once_and_anew_only_when_another_is_set(qapp: object) -> None:
    engine = QQmlEngine()
    held = Scripted(singleton(engine, Flow), {"title": "办税"})
    first = held.script
    assert held.script is first
    held.value = {"title": "领票"}
    assert first.property("title").toString() == "办税"
    assert held.script.property("title").toString() == "领票"


def test_lists_are_lists_numbers_numbers_and_none_is_not_there(qapp: object) -> None:
    engine = QQmlEngine()
    rows = [{"id": "a", "note": None}, {"id": "b", "count": 3, "on": True}]
    found = Scripted(singleton(engine, Flow), {"rows": rows, "second": None}).script
    assert found.property("rows").isArray() and found.property("rows").property("length").toInt() == 2
    assert found.property("second").isUndefined()
    assert found.property("rows").property(0).property("note").isUndefined()
    assert found.property("rows").property(1).toVariant() == {"id": "b", "count": 3, "on": True}


def test_an_owner_without_engine_has_nothing_to_show(qapp: object) -> None:
    assert Scripted(Flow(), {"title": "办税"}).script.isUndefined()
