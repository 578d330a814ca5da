"""Pieces of a page that are plain HTML: headings, tables, lists of facts. Every word that is not ours is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal

from markupsafe import Markup, escape
from nicegui import ui

HERE: Final = Markup(' aria-current="page"')
"""Of a link to the page that is shown."""
Tone = Literal["good", "warn", "bad", "plain"]

_ICONS: Final = {
    "today": '<circle cx="24" cy="24" r="19"/><path class="a" d="M24 12v12l8 5"/>',
    "folder": '<path d="M5 11h14l4 5h20v24H5z"/><path class="a" d="M14 27h20"/>',
    "badge": '<rect x="9" y="9" width="30" height="34" rx="3"/><circle cx="24" cy="22" r="5"/>'
    '<path d="M15 36c2-6 16-6 18 0"/><path class="a" d="M19 5h10v7H19z"/>',
    "shield": '<path d="M24 4 41 10v14c0 10-7 16-17 20C14 40 7 34 7 24V10z"/><path class="a" d="m16 24 6 6 10-12"/>',
    "speech": '<path d="M6 9h36v24H22l-10 9v-9H6z"/><path class="a" d="M15 18h18M15 25h11"/>',
    "faces": '<circle cx="24" cy="24" r="19"/><circle class="a" cx="17" cy="20" r="1.5"/>'
    '<circle class="a" cx="31" cy="20" r="1.5"/><path d="M15 29c4 7 14 7 18 0"/>',
    "lock": '<rect x="9" y="21" width="30" height="22" rx="3"/><path d="M16 21v-6a8 8 0 0 1 16 0v6"/>'
    '<path class="a" d="M24 29v7"/>',
    "people": '<circle cx="17" cy="17" r="7"/><path d="M5 40c1-9 5-13 12-13s11 4 12 13"/>'
    '<path class="a" d="M31 12a7 7 0 0 1 0 12M34 28c5 1 8 5 9 12"/>',
    "cap": '<path d="M4 18 24 9l20 9-20 9z"/><path d="M12 23v11c6 6 18 6 24 0V23"/><path class="a" d="M44 18v13"/>',
    "coins": '<circle cx="24" cy="24" r="19"/><path d="m16 14 8 9 8-9M24 23v12M17 25h14"/>'
    '<path class="a" d="M17 31h14"/>',
    "chart": '<path d="M6 6v36h36"/><path d="M14 34V24M23 34V15"/><path class="a" d="M32 34V20M40 34V9"/>',
    "warning": '<path d="M24 5 45 42H3z"/><path class="a" d="M24 18v11M24 35v1"/>',
    "phone": '<rect x="13" y="4" width="22" height="40" rx="4"/><path class="a" d="M21 37h6"/>',
    "ticks": '<rect x="8" y="5" width="32" height="38" rx="3"/><path d="M23 16h10M23 28h10M23 36h6"/>'
    '<path class="a" d="m13 15 3 3 5-6M13 28l3 3 5-6"/>',
    "headset": '<path d="M8 28v-5a16 16 0 0 1 32 0v5"/><rect x="5" y="26" width="8" height="12" rx="3"/>'
    '<rect x="35" y="26" width="8" height="12" rx="3"/><path class="a" d="M39 38c0 4-4 6-11 6"/>',
    "call": '<path d="M14 6c-5 2-8 6-7 12 3 12 11 20 23 23 6 1 10-2 12-7l-9-6-5 4c-5-2-8-5-10-10l4-5z"/>'
    '<path class="a" d="M30 6v10h10M40 6 30 16"/>',
    "book": '<path d="M24 12C19 8 12 7 5 8v30c7-1 14 0 19 4 5-4 12-5 19-4V8c-7-1-14 0-19 4z"/>'
    '<path class="a" d="M24 12v30"/>',
    "table": '<path d="M6 9h36v30H6zM6 19h36M6 29h36"/><path class="a" d="M19 9v30"/>',
    "gift": '<path d="M6 15h36v9H6zM9 24h30v19H9z"/><path class="a" d="M24 15v28"/>'
    '<path d="M24 15c-4-8-12-9-13-4-1 4 6 4 13 4s14 0 13-4c-1-5-9-4-13 4z"/>',
    "walk": '<path d="M24 44s15-14 15-25a15 15 0 0 0-30 0c0 11 15 25 15 25z"/>'
    '<path class="a" d="m17 19 5 5 9-9"/>',
    "levels": '<path d="M17 6h14v11H17zM5 31h14v11H5zM29 31h14v11H29z"/><path class="a" d="M24 17v7M12 31v-7h24v7"/>',
    "stack": '<path d="M8 8h32v10H8zM8 18h32v10H8zM8 28h32v12H8z"/><path class="a" d="M20 13h8M20 23h8M20 34h8"/>',
    "menu": '<path d="M8 14h32M8 24h32M8 34h32"/>',
}
"""Drawings of the visual target: view box 48, round ends, one detail in another colour."""


def icon(name: str) -> Markup:
    """A drawing beside words that say the same."""
    return Markup(f'<svg class="icon" viewBox="0 0 48 48" aria-hidden="true">{_ICONS[name]}</svg>')


def show(*parts: object) -> ui.html:
    """Put markup on the page; what is no ``Markup`` is escaped."""
    return ui.html(str(Markup("").join(escape(part) for part in parts)), sanitize=False)


def badge(text: str, tone: Tone = "plain") -> Markup:
    """A word on a tinted ground; the word says what the colour says."""
    return Markup('<span class="badge {}">{}</span>').format(tone, text)


def link(text: str, address: str) -> Markup:
    """A link within the console."""
    return Markup('<a href="{}">{}</a>').format(address, text)


def lines(several: Iterable[str]) -> Markup:
    """Texts below each other in one cell."""
    return Markup("<span>{}</span>").format(Markup("<br>").join(several))


def table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[object]], empty: str) -> Markup:
    """A table with its caption for screen readers; on a phone each row becomes a card with the columns' names."""
    body = Markup("").join(_row(columns, row) for row in rows)
    if not body:
        return Markup('<p class="empty">{}</p>').format(empty)
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(name) for name in columns)
    return Markup(
        '<table class="rows"><caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table>'
    ).format(caption, head, body)


def _row(columns: Sequence[str], row: Sequence[object]) -> Markup:
    cells = (
        Markup('<td data-label="{}">{}</td>').format(name, cell)
        for name, cell in zip(columns, row, strict=True)
    )
    return Markup("<tr>{}</tr>").format(Markup("").join(cells))


def facts(pairs: Iterable[tuple[str, object]]) -> Markup:
    """Names and values, one pair a line."""
    lines = Markup("").join(
        Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(name, value) for name, value in pairs
    )
    return Markup('<dl class="facts">{}</dl>').format(lines)


def timeline(entries: Iterable[tuple[str, str]]) -> Markup:
    """What happened, the first on top: when, and what."""
    lines = Markup("").join(
        Markup("<li><time>{}</time><span>{}</span></li>").format(when, what) for when, what in entries
    )
    return Markup('<ol class="timeline">{}</ol>').format(lines)


def tabs(label: str, several: Iterable[tuple[str, str, bool]]) -> Markup:
    """Parts of a list to choose from: address, name, and whether it is the one that is shown."""
    links = Markup("").join(
        Markup('<a href="{}"{}>{}</a>').format(address, HERE if here else "", name)
        for address, name, here in several
    )
    return Markup('<nav class="tabs" aria-label="{}">{}</nav>').format(label, links)


def search(
    path: str, fields: Iterable[tuple[str, str, str]], button: str, kept: Mapping[str, str] | None = None
) -> Markup:
    """A form that looks for something: of each field its name in the address, its words and what stands in it.

    ``kept``: what else stays in the address.
    """
    hidden = Markup("").join(
        Markup('<input type="hidden" name="{}" value="{}">').format(*each) for each in (kept or {}).items()
    )
    drawn = Markup("").join(
        Markup('<label>{}<input name="{}" value="{}"></label>').format(label, name, value)
        for name, label, value in fields
    )
    return Markup(
        '<form class="search card" role="search" action="{}">{}{}<button class="act quiet">{}</button></form>'
    ).format(path, hidden, drawn, button)


def pager(label: str, told: str, before: Markup | str, following: Markup | str) -> Markup:
    """Which page of a list is shown, between the links to those beside it; empty: there is none."""
    return Markup('<nav class="pager" aria-label="{}">{}<span>{}</span>{}</nav>').format(
        label, before, told, following
    )


def number(value: str, told: str, tone: Tone = "plain") -> Markup:
    """A figure and what it counts."""
    return Markup('<div class="figure {}"><span>{}</span><b>{}</b></div>').format(tone, told, value)


def preview(lang: str, title: str, lead: str, text: str, pairs: Iterable[tuple[str, str]]) -> Markup:
    """What a terminal shows, in its language: a title, a line below it, the text, and facts."""
    below = Markup('<p class="lead">{}</p>').format(lead) if lead else ""
    named = list(pairs)
    return Markup('<div class="terminal" lang="{}"><h3>{}</h3>{}<p>{}</p>{}</div>').format(
        lang, title, below, text, facts(named) if named else ""
    )
