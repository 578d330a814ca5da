"""What the library says to somebody's words, as plain data in each language for the pages and the sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from kiosk.domain.consult.ask import Answered, Consultation
from kiosk.domain.consult.documents import Document, Source
from kiosk.domain.consult.search import Found
from kiosk.flow.effects import LookUp

MOST_FOUND: Final = 12
"""Of a search: three pages, of which hardly anybody reads the third."""


def told(library: Consultation, wanted: LookUp) -> Mapping[str, Any]:
    """``state``: answered, unsure (and ``why``), found, none; ``entries``: the best first; ``as_of``: how new it is.

    ``among``: which of the texts that were given along are found, by their names, the best first.
    """
    day = date.fromisoformat(wanted.day)
    newest = library.last_published(date.fromisoformat(wanted.today))
    common = {
        "as_of": newest.isoformat() if newest else "",
        "day": wanted.day,
        "among": library.search.among(library.search.understood(wanted.words, wanted.lang), wanted.among),
    }
    if wanted.search:
        asked = library.search.understood(wanted.words, wanted.lang)
        found = library.search.find(asked, day, MOST_FOUND)
        entries = _entries(library, found, wanted.lang, day)
        return {**common, "state": "found" if found else "none", "entries": entries, "read_as": asked.read_as}
    answer = library.ask(wanted.words, wanted.lang, day)
    if isinstance(answer, Answered):
        entries = _entries(library, answer.best, wanted.lang, day)
        return {**common, "state": "answered", "entries": entries, "read_as": answer.read_as}
    beyond = answer.beyond
    return {
        **common,
        "state": "unsure",
        "why": str(beyond.why),
        "where": dict(beyond.where),
        "service": beyond.service,
        "entries": _entries(library, answer.near, wanted.lang, day),
    }


def _entries(
    library: Consultation, found: Sequence[Found], lang: str, day: date
) -> tuple[Mapping[str, Any], ...]:
    return tuple(_entry(library, one, lang, day) for one in found)


def _entry(library: Consultation, one: Found, lang: str, day: date) -> Mapping[str, Any]:
    document, first = one.document, one.document.sources[0]
    answer = document.answer
    services = [answer.service] if answer is not None else list(first.text.services[:1])
    follow = library.follow_ups(answer, day) if answer is not None else ()
    return {
        "id": str(one.number),
        "kind": str(first.text.kind) if answer is None else "answer",
        "title": dict(first.clause.heading if answer is None else answer.asked[0]),
        "text": dict(first.clause.text if answer is None else answer.answer),
        "snippet": {lang: one.snippet},
        "sources": tuple(_source(source) for source in document.sources),
        **_days(document),
        "service": next(filter(None, services), None),
        "more": tuple(dict(each.asked[0]) for each in follow),
    }


def _source(source: Source) -> Mapping[str, Any]:
    text = source.text
    return {
        "title": dict(text.title),
        "number": text.number,
        "issuer": dict(text.issuer),
        "unit": text.unit,
        "at": source.clause.at,
        "effective": text.effective.isoformat(),
        "until": text.until.isoformat() if text.until else "",
    }


def _days(document: Document) -> Mapping[str, str]:
    return {
        "since": document.since.isoformat(),
        "until": document.until.isoformat() if document.until else "",
    }
