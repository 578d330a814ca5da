"""What the screen of the maintenance pages shows: one page, in one language, and what is said on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from config.catalogue import Catalogue
from config.texts import Texts
from kiosk.staff.desk import Desk
from kiosk.staff.pages import StaffPages
from kiosk.staff.views import StaffView

Page = Callable[[], StaffView]
"""Writes the page that is open from what is known now."""


@dataclass(frozen=True, slots=True)
class Place:
    """What names this terminal to its staff."""

    terminal: str
    hall: str
    version: str


class Front:
    """``page`` is None while the public has the screen. Draws only what differs from what is drawn."""

    def __init__(
        self,
        desk: Desk,
        catalogue: Catalogue,
        words: Mapping[str, Texts],
        lang: str,
        place: Place,
        staff: Callable[[], str],
        busy: Callable[[], bool],
    ) -> None:
        self._desk, self._words, self._place, self._staff, self._busy = desk, words, place, staff, busy
        self._written = {tag: StaffPages(texts, catalogue) for tag, texts in words.items()}
        self._home_lang, self.lang = lang, lang
        self._said: tuple[str, str] = ("", "ok")
        self._shown: StaffView | None = None
        self.page: Page | None = None

    @property
    def pages(self) -> StaffPages:
        """Writes pages in the language that is chosen."""
        return self._written[self.lang]

    @property
    def said(self) -> tuple[str, str]:
        """The message that stands on the page, and its tone."""
        return self._said

    def turn_language(self) -> None:
        """The next one."""
        tags = list(self._words)
        self.lang = tags[(tags.index(self.lang) + 1) % len(tags)]

    def leave(self) -> None:
        """Give the screen back to the public."""
        self.page, self.lang = None, self._home_lang

    # --- saying ----------------------------------------------------------------------------------------

    def text(self, text_id: str, **values: object) -> str:
        """A text in the language that is chosen."""
        return self._words[self.lang].get(text_id, **values)

    def hush(self) -> None:
        """What was said is answered by a touch."""
        self._said = ("", "ok")

    def say(self, text_id: str, tone: str = "ok", **values: object) -> None:
        """Let this stand on the page until the next touch."""
        self._said = (self.text(text_id, **values), tone)

    def say_trouble(self, code: str) -> None:
        """A device refused: tell the code and what it means."""
        self.say("bench.refused", "bad", why=self.pages.trouble(code))

    # --- drawing ---------------------------------------------------------------------------------------

    def draw(self) -> None:
        """Tell the desk when the page differs from the one that is drawn."""
        view = self._dressed(self.page()) if self.page is not None else None
        if view != self._shown:
            self._shown = view
            self._desk.show(view)

    def _dressed(self, view: StaffView) -> StaffView:
        """The page with what stands on every page."""
        message, tone = self._said
        place = self._place
        where = self.text("bench.where", hall=place.hall, terminal=place.terminal, version=place.version)
        return replace(
            view,
            staff=self._staff(),
            where=where,
            lang=self.lang,
            message=message,
            message_tone=tone,
            busy=self._busy(),
        )
