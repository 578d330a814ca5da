"""Maps as QML reads them: JavaScript values, made once.

A property of a Python map is made into a map of Qt anew at every reading, and a page reads hundreds of times: with all
texts in ``Words.t`` that took more of a page turn than everything else together.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject
from PySide6.QtQml import QJSValue, qmlEngine

_T = TypeVar("_T")


class Scripted(Generic[_T]):
    """A value of plain maps, lists and scalars; ``value`` for Python, ``script`` for the engine of ``owner``."""

    def __init__(self, owner: QObject, value: _T) -> None:
        self._owner = owner
        self._script: QJSValue | None = None
        self._value = value

    @property
    def value(self) -> _T:
        """As Python has it."""
        return self._value

    @value.setter
    def value(self, value: _T) -> None:
        self._value, self._script = value, None

    @property
    def script(self) -> QJSValue:
        """As QML has it; undefined where the owner belongs to no engine."""
        if self._script is None:
            engine = qmlEngine(self._owner)
            if engine is None:
                return QJSValue()
            text = json.dumps(_without_none(self._value), ensure_ascii=False)
            parse: Any = engine.evaluate("JSON.parse")  # the stubs say a tuple
            self._script = parse.call([QJSValue(text)])
        return self._script


def _without_none(value: object) -> Any:
    """A member that is None is left out, so that it is ``undefined``: no QML property takes ``null`` for a text."""
    if isinstance(value, Mapping):
        return {key: _without_none(item) for key, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [_without_none(item) for item in value]
    return value
