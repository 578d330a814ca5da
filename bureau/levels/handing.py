"""What is published here for those below: notices and answers, also those that came from further above."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Final

from bureau.engine.subjects import today
from bureau.levels.wire import Handed, HandedEntry
from bureau.ports.core import Core
from bureau.ports.knowledge import KnowledgeEntry

REMEMBERED: Final = timedelta(days=366)
"""So long it is told that something was withdrawn: a centre that was away for longer looks by hand."""


def handed(core: Core, version: str) -> Handed:
    """All that counts or will, and what was withdrawn within a year; nothing where it is still ``version``."""
    day = today(core)
    entries = [
        _told(one)
        for one in reversed(core.knowledge.entries())
        if (one.until is None or one.until >= day) and _matters(one, core)
    ]
    content = [one.model_dump(mode="json") for one in entries]
    now = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    return Handed(version=now, entries=None if now == version else entries)


def _matters(one: KnowledgeEntry, core: Core) -> bool:
    if one.state == "published":
        return True
    gone = one.withdrawn_at
    return one.state == "withdrawn" and gone is not None and core.now - gone < REMEMBERED


def _told(one: KnowledgeEntry) -> HandedEntry:
    assert one.decided_at is not None, "published by somebody"
    return HandedEntry(
        number=one.number,
        kind=one.kind,
        title=one.title,
        text=one.text,
        since=one.since,
        until=one.until,
        name=one.name,
        also={lang: list(said) for lang, said in one.also.items()},
        sources=list(one.sources),
        service=one.service,
        state="withdrawn" if one.state == "withdrawn" else "published",
        decided_at=one.decided_at,
        reason=one.reason,
    )
