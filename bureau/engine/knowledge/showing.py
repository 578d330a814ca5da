"""What every terminal gets of notices and answers, and which notices stand on a day."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Final

from bureau.engine.subjects import today
from bureau.ports.core import Core
from bureau.ports.knowledge import KnowledgeEntry
from bureau.texts import say
from config.clock import CHINA
from config.library import Library
from config.library.models import Answer
from sync.models import LibraryAnswer, LibraryEdited, LibraryNotice, LibrarySource

SHIPPED: Final = 0
"""In place of a number: an answer as the release has it."""


def edited(core: Core) -> LibraryEdited:
    """All that is published: notices until their last day, and every version of an answer, by number.

    Also what begins later: a terminal without the network begins it on its day.
    """
    day = today(core)
    published = [one for one in reversed(core.knowledge.entries()) if one.state == "published"]
    notices = [_notice(one) for one in published if one.kind == "notice" and _last(one) >= day]
    answers = [_answer(one) for one in published if one.kind == "answer"]
    content = [one.model_dump(mode="json") for one in (*notices, *answers)]
    version = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    return LibraryEdited(as_of=core.now, version=version, notices=notices, answers=answers)


def standing(core: Core) -> Iterator[tuple[KnowledgeEntry, datetime]]:
    """Notices that stand today, each with the moment since which it does; the latest proposed first."""
    day = today(core)
    for one in core.knowledge.entries():
        if one.kind == "notice" and one.state == "published" and one.since <= day <= _last(one):
            assert one.decided_at is not None, "published by somebody"
            yield one, max(one.decided_at, datetime.combine(one.since, time(), CHINA))


def _last(notice: KnowledgeEntry) -> date:
    assert notice.until is not None, "a notice has a last day"
    return notice.until


def _notice(one: KnowledgeEntry) -> LibraryNotice:
    assert one.decided_at is not None, "published by somebody"
    return LibraryNotice(
        number=one.number,
        title=one.title,
        text=one.text,
        issuer=say("bureau"),
        published=one.decided_at.astimezone(CHINA).date(),
        since=one.since,
        until=_last(one),
    )


def _answer(one: KnowledgeEntry) -> LibraryAnswer:
    return LibraryAnswer(
        number=one.number,
        name=one.name,
        question=one.title,
        also={lang: list(said) for lang, said in one.also.items()},
        answer=one.text,
        sources=list(one.sources),
        service=one.service or None,
        since=one.since,
        until=one.until,
    )


def shipped(library: Library) -> list[KnowledgeEntry]:
    """Every answer of the release, by name, as an entry without a number."""
    return [_shipped(answer) for _, answer in sorted(library.answers.items())]


def answered(core: Core, name: str, library: Library) -> KnowledgeEntry | None:
    """How the question of that name is answered today: the version that began last, else what the release has."""
    day = today(core)
    begun = [
        (one.since, one.number, one)
        for one in core.knowledge.entries()
        if one.name == name and one.state == "published" and one.since <= day
    ]
    if begun:
        return max(begun, key=lambda each: each[:2])[2]
    answer = library.answers.get(name)
    return None if answer is None else _shipped(answer)


def _shipped(answer: Answer) -> KnowledgeEntry:
    """All ways of asking but the first stand among ``also``."""
    others = answer.asked[1:]
    ways = {
        "zh-CN": [*(said["zh-CN"] for said in others), *answer.also.get("zh-CN", ())],
        "en-US": [*(said["en-US"] for said in others), *answer.also.get("en-US", ())],
    }
    return KnowledgeEntry(
        number=SHIPPED,
        kind="answer",
        title=answer.asked[0],
        text=answer.answer,
        since=answer.since,
        until=answer.until,
        state="published",
        proposed_by="",
        proposed_at=datetime.combine(answer.since, time(), CHINA),
        name=answer.id,
        also=ways,
        sources=tuple(LibrarySource(text=one.text, clause=one.clause) for one in answer.sources),
        service=answer.service or "",
    )
