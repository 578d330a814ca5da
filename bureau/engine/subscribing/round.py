"""The round of subscriptions: whoever follows a topic is told what is new of it, by message and at the next sign-in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from bureau.engine.knowledge import showing
from bureau.engine.reminding.plan import plan
from bureau.engine.subscribing.finding import Item, Sources, items
from bureau.engine.subscribing.topics import Topic, subscriptions
from bureau.errors import CoreLacks
from bureau.ports.core import Core
from bureau.ports.subscriptions import Told
from bureau.ports.system import System
from bureau.texts import joined, say
from config.clock import CHINA
from sync.models import Texts

PAGE: Final = 200
"""Names that are looked at in one transaction that only reads."""


class SubscriptionRound:
    """Goes round once a day and after each notice, in the hours in which phones may ring.

    A restart goes again and tells nobody twice.
    """

    def __init__(self, system: System, sources: Sources) -> None:
        self._system, self._sources = system, sources
        self._went: tuple[date, frozenset[int]] | None = None

    def run_once(self) -> int:
        """How many things were told; what is old is forgotten."""
        with self._system.read() as work:
            core = work.core
            now = core.now.astimezone(CHINA)
            try:
                notices = frozenset(one.number for one, _ in showing.standing(core))
            except CoreLacks:  # a core system of another make may have none
                return 0
        hours, turn = plan().hours, (now.date(), notices)
        if turn == self._went or not hours.first <= now.hour < hours.last:
            return 0
        with self._system.write() as work:
            work.core.subscriptions.forget(work.core.now - timedelta(days=subscriptions().kept_days))
        told = sum(self._tell(name) for name in self._with_something())
        self._went = turn
        return told

    def _with_something(self) -> Iterator[str]:
        """Names of those to whom something is to be said; nothing is locked while looking."""
        after = ""
        while True:
            with self._system.read() as work:
                page = work.core.subscriptions.subscribers(after, PAGE)
                found = [name for name in page if news(work.core, name, self._sources)]
            yield from found
            if len(page) < PAGE:
                return
            after = page[-1]

    def _tell(self, visitor: str) -> int:
        with self._system.write() as work:
            core = work.core
            core.subscriptions.lock(visitor)
            found = news(core, visitor, self._sources)
            for topic, mobile, new in found:
                for item in new:
                    core.subscriptions.tell(
                        Told(visitor, topic.id, item.name, item.text, core.now, item.until)
                    )
                if mobile:
                    core.phones.tell(mobile, _message(topic, new)["zh-CN"])
            return sum(len(new) for _, _, new in found)


def news(core: Core, visitor: str, sources: Sources) -> list[tuple[Topic, str, list[Item]]]:
    """What is to be said to somebody now, by topic and phone."""
    followed = [one for one in core.subscriptions.of_person([visitor]) if one.active]
    if not followed:
        return []
    known: dict[str, set[str]] = defaultdict(set)
    for one in core.subscriptions.told(visitor):
        known[one.topic].add(one.item)
    found: list[tuple[Topic, str, list[Item]]] = []
    for subscription in followed:
        topic = subscriptions().topic(subscription.topic)
        if topic is None:  # of an earlier release
            continue
        new = [i for i in items(core, topic, subscription.since, sources) if i.name not in known[topic.id]]
        if new:
            found.append((topic, subscription.mobile, new))
    return found


def _message(topic: Topic, new: Sequence[Item]) -> Texts:
    """One message for all of a topic, with how many more there are."""
    named = new[: subscriptions().one_message]
    said = joined([item.text for item in named], "semicolon")
    more = len(new) - len(named)
    return say(
        "subscription.sms.more" if more else "subscription.sms.new",
        topic=topic.title,
        said=said,
        more=str(more),
    )
