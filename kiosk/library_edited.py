"""What the bureau's officers wrote since the library was shipped, put into the library as it is read on a day.

At terminals, which fetch it (``kiosk.library_fetched``), and at the centre, where officers look into the library.
"""

from __future__ import annotations

import hashlib
import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any, Final

from pydantic import ValidationError

from config.library import Library
from config.library.models import Answer, LawText
from sync.models import LibraryAnswer, LibraryEdited, LibraryNotice

log = logging.getLogger("kiosk.library")
ONE_DAY: Final = timedelta(days=1)
SHIPPED: Final = 0
"""In place of a version's number: the answer as it was shipped."""
LONGEST_NAME: Final = 45
"""Of an answer's name, in the name of a version that is not the current one."""


def stamp(edited: LibraryEdited | None, day: date) -> str:
    """What the library of this day is made of, besides what was shipped; empty: nothing else."""
    if edited is None or not (edited.notices or edited.answers):
        return ""
    begun = [one.number for one in edited.answers if one.since <= day]
    return hashlib.sha256(f"{edited.version}:{begun}".encode()).hexdigest()


def applied(library: Library, edited: LibraryEdited, day: date) -> Library:
    """The library with notices among its texts, and answers as they are to be read.

    The version that counts on ``day`` has the answer's name; the others are found by who asks about their days.
    What cites a text that this terminal has not, or is no entry of a library of this release, is left as it was.
    """
    texts = dict(library.texts)
    for notice in edited.notices:
        try:
            text = _notice(notice)
        except ValidationError:
            log.warning("notice %s is none that this terminal could show", notice.number)
            continue
        texts[text.id] = text
    answers = dict(library.answers)
    by_name: dict[str, list[LibraryAnswer]] = defaultdict(list)
    for one in edited.answers:
        if all(_cited(texts, source.text, source.clause) for source in one.sources):
            by_name[one.name].append(one)
        else:
            log.warning("answer %s cites what this terminal has not", one.number)
    for name, versions in by_name.items():
        try:
            made = _versions(name, answers.get(name), versions, texts, day)
        except ValidationError:
            log.warning("a version of answer %s is none that this terminal could show", name)
            continue
        answers.pop(name, None)
        answers.update(made)
    return Library(texts, answers)


def change(edited: LibraryEdited | None, day: date) -> Callable[[Library], Library] | None:
    """What is done to the shipped library (``kiosk.consultation.opened``); None: nothing."""
    return None if edited is None else partial(applied, edited=edited, day=day)


def _versions(
    name: str, base: Answer | None, versions: Sequence[LibraryAnswer], texts: Mapping[str, LawText], day: date
) -> dict[str, Answer]:
    """Each from its first day to the last before the next one's; what never counted is left out."""
    in_order = sorted(versions, key=lambda one: (one.since, one.number))
    all_of = [] if base is None else [(SHIPPED, base)]
    all_of += [(one.number, _answer(one, base, texts)) for one in in_order]
    counted: list[tuple[int, Answer]] = []
    for at, (number, answer) in enumerate(all_of):
        following = [later.since - ONE_DAY for _, later in all_of[at + 1 : at + 2]]
        last = min([*following, *([answer.until] if answer.until else [])], default=None)
        if last is None or answer.since <= last:
            counted.append((number, answer.model_copy(update={"until": last})))
    begun = [number for number, answer in counted if answer.since <= day]
    current = begun[-1] if begun else counted[0][0] if counted else SHIPPED
    named = {}
    for number, answer in counted:
        called = name if number == current else f"{name[:LONGEST_NAME].rstrip('-')}-v{number}"
        named[called] = answer.model_copy(update={"id": called})
    return named


def _answer(one: LibraryAnswer, base: Answer | None, texts: Mapping[str, LawText]) -> Answer:
    topics = dict.fromkeys(topic for source in one.sources for topic in texts[source.text].topics)
    return Answer.model_validate(
        {
            "id": one.name,
            "asked": [one.question],
            "also": one.also,
            "answer": one.answer,
            "sources": [source.model_dump() for source in one.sources],
            "topics": list(topics),
            "service": one.service,
            "more": base.more if base is not None else (),
            "since": one.since,
            "until": one.until,
        }
    )


def _notice(one: LibraryNotice) -> LawText:
    clause: dict[str, Any] = {"at": 1, "heading": one.title, "text": one.text}
    return LawText.model_validate(
        {
            "format": 1,
            "id": f"bureau-notice-{one.number}",
            "kind": "notice",
            "title": one.title,
            "issuer": one.issuer,
            "published": one.published,
            "effective": one.since,
            "until": one.until,
            "topics": ["halls-and-terminals"],
            "about": one.text,
            "unit": "section",
            "clauses": [clause],
        }
    )


def _cited(texts: Mapping[str, LawText], name: str, clause: int) -> bool:
    return name in texts and texts[name].clause(clause) is not None
