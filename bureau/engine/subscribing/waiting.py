"""What somebody who follows topics was told by message and no terminal has shown yet: notices of a sign-in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from bureau.engine.subjects import today
from bureau.engine.subscribing.topics import subscriptions
from bureau.errors import CoreLacks
from bureau.ports.core import Core
from bureau.ports.registration import Person
from bureau.ports.subscriptions import Told
from bureau.texts import LANGUAGES
from sync.models import Notice

KIND: Final = "subscription"
PHONE: Final = "phone:"
"""Before the number, in the name of whoever subscribed by phone (``bureau.engine.queue.visitors``)."""


def waiting(core: Core, names: Iterable[str]) -> list[Notice]:
    """The notices of whoever subscribed under one of these names, the latest first.

    A core system of another make may know of no subscriptions: nobody's sign-in depends on them.
    """
    since = core.now - timedelta(days=subscriptions().shown_days)
    try:
        return [_notice(one) for one in core.subscriptions.unseen(names, since, today(core))]
    except CoreLacks:
        return []


def names_of(person: Person) -> list[str]:
    """Under which names somebody on file may follow something: by their document, and by their phone."""
    phone = [f"{PHONE}{person.mobile}"] if person.mobile else []
    return [f"{person.key.kind.value}:{person.key.number}", *phone]


def shown_to_phone(core: Core, mobile: str) -> list[Notice]:
    """The notices of whoever has just proven this phone; they are shown now, and not again."""
    names = [f"{PHONE}{mobile}"]
    found = waiting(core, names)
    if found:
        core.subscriptions.seen(names)
    return found


def _notice(told: Told) -> Notice:
    topic = subscriptions().topic(told.topic)
    return Notice(
        id=f"{told.topic}/{told.item}",
        kind=KIND,
        title=topic.title if topic is not None else dict.fromkeys(LANGUAGES, told.topic),
        text=told.text,
        created=told.at,
        deadline=told.until,
    )
