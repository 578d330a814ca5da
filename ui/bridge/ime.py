"""The text keypad: what a key does while a word is being spelled, and the words to choose from."""

from __future__ import annotations

import atexit
import logging
import shutil
import tempfile
import threading
from functools import cache
from pathlib import Path

from PySide6.QtCore import Property, QObject, Qt, Signal, Slot
from PySide6.QtQml import QmlElement, QmlSingleton

from ui.bridge.types import LIST
from ui.ime.errors import NoInputMethod
from ui.ime.rime import Composing, Method, Rime
from ui.ime.words import common_first, pages

QML_IMPORT_NAME = "Kiosk"
QML_IMPORT_MAJOR_VERSION = 1

LETTERS, SIGNS = "letters", "signs"
"""Methods that spell nothing: each key is what it says."""
METHODS = (*Method, LETTERS, SIGNS)
BACK, SPACE, SHIFT = "back", "space", "shift"
_log = logging.getLogger("kiosk.ui")
_making = threading.Lock()


def engine() -> Rime | None:
    """The process's one engine, made on first use; None on a machine without it, which the log explains."""
    with _making:
        return _made()


@cache
def _made() -> Rime | None:
    folder = Path(tempfile.mkdtemp(prefix="kiosk-ime-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    try:
        return Rime(folder)
    except NoInputMethod as error:
        _log.error("%s", error)
        return None


@QmlElement
@QmlSingleton
class Ime(QObject):
    """One for each engine; lives in the Qt thread. Keeps a word only while it is being spelled."""

    changed = Signal()
    typed = Signal(str)  # a word is whole, or a key says what it means: to the row
    _loaded = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._composings: dict[Method, Composing] = {}
        self._loading: threading.Thread | None = None
        self._method = LETTERS
        self._upper = False
        self._columns, self._lines = 8, 2
        self._page = 0
        self._pages: list[list[dict[str, object]]] = []
        self._spelled = ""
        self._loaded.connect(self._take, Qt.ConnectionType.QueuedConnection)

    # -- what is shown

    @Property(bool, notify=changed)
    def ready(self) -> bool:
        """Whether Chinese can be typed."""
        return bool(self._composings)

    @Property(str, notify=changed)
    def method(self) -> str:
        """``pinyin``, ``stroke``, ``letters`` or ``signs``."""
        return self._method

    @Property(bool, notify=changed)
    def upper(self) -> bool:
        """Whether the next letter is a capital."""
        return self._upper

    @Property(str, notify=changed)
    def spelled(self) -> str:
        """What is being spelled; empty when nothing is."""
        return self._spelled

    @Property(LIST, notify=changed)
    def cells(self) -> list[dict[str, object]]:
        """The words of this page: ``text``, ``index``, ``column``, ``line``, ``span``."""
        return self._pages[self._page] if self._pages else []

    @Property(bool, notify=changed)
    def canTurn(self) -> bool:
        """Whether there are words on another page."""
        return len(self._pages) > 1

    # -- what a person does

    @Slot(str)
    def begin(self, lang: str) -> None:
        """The keypad opens, with the method of that language."""
        self.load()
        self.forget()
        self.use(Method.PINYIN if lang.startswith("zh") else LETTERS)

    @Slot(str)
    def use(self, method: str) -> None:
        """Another method; what was being spelled is dropped."""
        if method in METHODS:
            self._clear()
            self._method, self._upper = method, False
            self._show()

    @Slot(str)
    def press(self, key: str) -> None:
        """A key: a letter or stroke of the word, ``back``, ``space``, ``shift``, or what it says."""
        composing = self._composing
        if key == SHIFT:
            self._upper = not self._upper
        elif composing is None or len(key) != 1:
            self._plain(composing, key)
        else:
            composing.spell(key)
            self._page = 0
        self._show()

    @Slot(int)
    def choose(self, index: int) -> None:
        """A word of the strip."""
        if self._composing is not None:
            self._page = 0
            if text := self._composing.choose(index):
                self.typed.emit(text)
            self._show()

    @Slot()
    def turn(self) -> None:
        """The next page of words; after the last the first."""
        if self._pages:
            self._page = (self._page + 1) % len(self._pages)
            self.changed.emit()

    @Slot(int, int)
    def lay(self, columns: int, lines: int) -> None:
        """How many cells fit beside and above each other."""
        if columns > 0 and lines > 0 and (columns, lines) != (self._columns, self._lines):
            self._columns, self._lines = columns, lines
            self._show()

    @Slot()
    def forget(self) -> None:
        """Drop what was being spelled."""
        self._clear()
        self._show()

    # -- what Python does

    def load(self) -> None:
        """Bring the engine up in the background, if it is not; a second or two."""
        if self._loading is None:
            self._loading = threading.Thread(target=self._load, name="ime", daemon=True)
            self._loading.start()

    def _load(self) -> None:
        self._loaded.emit(engine())

    def _take(self, rime: Rime | None) -> None:
        if rime is not None:
            self._composings = {method: Composing(rime, method) for method in Method}
            self.changed.emit()

    @property
    def _composing(self) -> Composing | None:
        return next((self._composings[m] for m in self._composings if m == self._method), None)

    def _plain(self, composing: Composing | None, key: str) -> None:
        """A key that spells nothing: on what is being spelled, else for the row."""
        if self._spelled and composing is not None and key == BACK:
            composing.back()
        elif self._spelled and key == SPACE:
            self._choose_first()
        else:
            self.typed.emit(self._meant(key))
            self._upper = False

    def _choose_first(self) -> None:
        first = next(iter(self.property("cells")), None)
        if first is not None:
            self.choose(int(str(first["index"])))

    def _meant(self, key: str) -> str:
        if key == SPACE:
            return " "
        return key.upper() if self._upper and len(key) == 1 else key

    def _clear(self) -> None:
        for composing in self._composings.values():
            composing.clear()

    def _show(self) -> None:
        composing = self._composing
        self._spelled = composing.spelled if composing else ""
        words = composing.words if composing and self._spelled else []
        order = common_first(words) if self._method == Method.STROKE else range(len(words))
        found = pages([(place, words[place]) for place in order], self._columns, self._lines)
        self._pages = [
            [
                {"index": c.index, "text": c.text, "column": c.column, "line": c.line, "span": c.span}
                for c in page
            ]
            for page in found
        ]
        self._page = min(self._page, max(0, len(self._pages) - 1))
        self.changed.emit()
