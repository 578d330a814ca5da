"""The static words of the frame (access bar, questions, keypads) in the visitor's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QJSValue, QmlElement, QmlSingleton

from config.texts import SOURCE, Texts, languages
from ui.bridge.script import Scripted
from ui.bridge.types import MAP

QML_IMPORT_NAME = "Kiosk"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
@QmlSingleton
class Words(QObject):
    """One for each engine; lives in the Qt thread. QML binds to ``t["access.help"]``."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._texts = {lang: Texts(lang, strict=False) for lang in languages()}
        self._all = {lang: Scripted(self, texts.all()) for lang, texts in self._texts.items()}
        self._named = {
            lang: Scripted(self, {"tag": lang, "name": texts.get("language.name")})
            for lang, texts in self._texts.items()
        }
        self._languages = Scripted(self, [named.value for named in self._named.values()])
        self._lang = SOURCE

    @Property(str, notify=changed)
    def lang(self) -> str:
        """The tag of the language that is shown, such as ``zh-CN``."""
        return self._lang

    @Property(QJSValue, notify=changed)
    def t(self) -> QJSValue:
        """All texts by id; ids that no file has are caught by the tests."""
        return self._all[self._lang].script

    @Property(QJSValue, constant=True)
    def languages(self) -> QJSValue:
        """Every language as ``tag`` and its own ``name``."""
        return self._languages.script

    @Property(QJSValue, notify=changed)
    def other(self) -> QJSValue:
        """The next language as ``tag`` and its own ``name``: what the language key switches to."""
        return self._named[self._next()].script

    @Property(QJSValue, notify=changed)
    def otherT(self) -> QJSValue:
        """The texts of the next language, for the few lines that are shown in two."""
        return self._all[self._next()].script

    @Slot(str, MAP, result=str)
    def fill(self, text: str, values: Mapping[str, Any]) -> str:
        """``text`` with its ``{named}`` values; whole numbers lose the point JavaScript gives them."""
        plain = {k: int(v) if isinstance(v, float) and v.is_integer() else v for k, v in values.items()}
        return text.format_map(plain)

    def _next(self) -> str:
        tags = list(self._texts)
        return tags[(tags.index(self._lang) + 1) % len(tags)]

    def get(self, text_id: str, **values: object) -> str:
        """One text of the language that is shown."""
        return self._texts[self._lang].get(text_id, **values)

    def set_lang(self, lang: str) -> None:
        """Switch; a language without files stays at the source."""
        known = lang if lang in self._texts else SOURCE
        if known != self._lang:
            self._lang = known
            self.changed.emit()
