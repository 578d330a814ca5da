"""Reads title and instruction of a page aloud, where the machine has a voice. Never a name, a number or an amount."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import Property, QLocale, QObject, Signal, Slot
from PySide6.QtQml import QmlElement, QmlSingleton

QML_IMPORT_NAME = "Kiosk"
QML_IMPORT_MAJOR_VERSION = 1


class Voice(Protocol):
    """Something that can speak."""

    def speaks(self, lang: str) -> bool:
        """Whether it has that language (``zh-CN``)."""
        ...

    def say(self, text: str, lang: str) -> None:
        """Say it now, stopping what is being said."""
        ...

    def stop(self) -> None:
        """Be silent."""
        ...


class QtVoice:
    """The system's speech dispatcher through Qt."""

    def __init__(self, engine: str) -> None:
        from PySide6.QtTextToSpeech import QTextToSpeech

        self._engine = QTextToSpeech(engine)
        broken = self._engine.state() == QTextToSpeech.State.Error
        locales = [] if broken else self._engine.availableLocales()
        self._languages = {locale.language() for locale in locales}

    @property
    def works(self) -> bool:
        """Whether it came up with a language at all; a plug-in may be listed and not load."""
        return bool(self._languages)

    def speaks(self, lang: str) -> bool:
        """Whether it has that language."""
        return QLocale(lang.replace("-", "_")).language() in self._languages

    def say(self, text: str, lang: str) -> None:
        """Say it in the language's voice."""
        self._engine.stop()
        self._engine.setLocale(QLocale(lang.replace("-", "_")))
        self._engine.say(text)

    def stop(self) -> None:
        """Be silent."""
        self._engine.stop()


def system_voice() -> Voice | None:
    """The system's voice, or None where there is none; then no key offers to read aloud."""
    from PySide6.QtTextToSpeech import QTextToSpeech

    for name in QTextToSpeech.availableEngines():
        if name != "mock" and (voice := QtVoice(name)).works:
            return voice
    return None


@QmlElement
@QmlSingleton
class Speech(QObject):
    """One for each engine; lives in the Qt thread."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._voice: Voice | None = None
        self._text = self._lang = ""

    @Property(bool, notify=changed)
    def available(self) -> bool:
        """Whether there is a voice for the language that is shown."""
        return self._voice is not None and self._voice.speaks(self._lang)

    @Slot()
    def read(self) -> None:
        """Read the page aloud (once more)."""
        if self._voice is not None:
            self._voice.say(self._text, self._lang)

    def use(self, voice: Voice | None) -> None:
        """Speak with this voice."""
        self._voice = voice
        self.changed.emit()

    def follow(self, lines: tuple[str, ...], lang: str) -> None:
        """What ``read`` reads from now on; what is being said stops when it is another text."""
        text = "\n".join(line for line in lines if line)
        if text != self._text and self._voice is not None:
            self._voice.stop()
        other = lang != self._lang
        self._text, self._lang = text, lang
        if other:
            self.changed.emit()
