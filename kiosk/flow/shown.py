"""What an officer may see of the screen: the words of the page, and of what is the person's that it is there.

No picture leaves the terminal. What a page writes of itself (title, labels, options of the file, what is wrong) is
told; what stands at a label, in a list or on a sheet is the person's and is told as dots, so that the officer sees
which row is filled and which is not. Numbers of papers and phones are taken out of the words besides (``conceal``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from kiosk.domain.concealing import conceal
from kiosk.flow.consult_pages import ConsultPage
from kiosk.flow.list_pages import ListPage
from kiosk.flow.pages import (
    Choice,
    ChoosePage,
    FormPage,
    HomePage,
    MessagePage,
    Page,
    RatePage,
    ReaderPage,
    ReviewPage,
    Screen,
    ServicesPage,
)
from kiosk.flow.talk_page import TalkPage

DOTS: Final = "•••"
"""In place of what is the person's."""
MOST_ROWS: Final = 60
LONGEST: Final = 200
Row = tuple[str, str, str]
"""Label, what stands there, and a mark (``sync.models.RowShown``)."""


def shown(screen: Screen) -> dict[str, Any]:
    """The screen as ``sync.models.ScreenShown`` has it."""
    page, lang = screen.page, screen.lang
    now = next((step.label for step in screen.steps if step.state == "now"), "")
    rows = [*_rows(page), *_keys(page)][:MOST_ROWS]
    return {
        "service": _cut(screen.service, lang),
        "step": _cut(now, lang),
        "title": _cut("" if isinstance(page, MessagePage) else page.title, lang),
        "lead": _cut(page.lead, lang) if isinstance(page, PUBLIC) else "",
        "rows": [
            {"label": _cut(label, lang), "value": _cut(value, lang), "mark": mark}
            for label, value, mark in rows
        ],
    }


PUBLIC: Final = (HomePage, ServicesPage, FormPage, ChoosePage, ReaderPage, RatePage)
"""Pages whose lead is the file's, and says nothing of the person."""


def _rows(page: Page) -> Iterator[Row]:
    match page:
        case HomePage():
            yield from _choices((*page.large, *page.tiles, *((page.wide,) if page.wide else ())))
        case ServicesPage():
            yield from _choices(page.services)
        case FormPage():
            for row in page.rows:
                yield row.label, DOTS if row.value else "", "wrong" if row.error else ""
        case ReviewPage():
            if page.total_label:
                yield page.total_label, DOTS, ""
            for section in page.sections:
                yield from ((each.label, DOTS if each.value else "", "") for each in section.rows)
        case ListPage():
            yield from (("", DOTS, "") for _ in page.rows)
        case ConsultPage():  # the library's, and nothing of the person's
            yield from (("", words, "") for words in page.paragraphs)
            yield from ((label, value, "") for label, value in page.facts)
            for group in page.groups:
                yield from _choices(group.choices)
        case ChoosePage():  # options may be enterprises, accounts or children
            for option in page.options:
                yield "", DOTS, "chosen" if option.id in page.selected else "" if option.enabled else "closed"
        case TalkPage() | RatePage() | MessagePage():
            pass
        case _:
            pass


def _choices(several: tuple[Choice, ...]) -> Iterator[Row]:
    for one in several:
        yield one.title, "", "button" if one.enabled else "closed"


def _keys(page: Page) -> Iterator[Row]:
    """The buttons that stand below every page."""
    if page.action:
        yield page.action, "", "button" if page.action_enabled else "closed"
    if page.second is not None:
        yield page.second.title, "", "button"


def _cut(text: str, lang: str) -> str:
    return conceal(text, lang).text.replace("\n", " ")[:LONGEST]
